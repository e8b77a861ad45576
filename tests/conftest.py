"""What many tests share: a small feed in our own words and its graph, the command line, a Neo4j server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import neo4j
import pytest

from kg.pipeline import build
from kg.stores import Store, open_store
from tests.support.neo4j_server import UnavailableError, running

Server = dict[str, Any]

SHARED = Path(__file__).parent.parent.parent / "shared"

PAPERS = [
    {
        "title": "TinyCLIP-Net: Small Models that See and Read",
        "abstract": "We introduce TinyCLIP-Net, a small successor of CLIP for image classification. TinyCLIP-Net "
        "is pre-trained on LAION-400M and evaluated on ImageNet, where it reaches 71.2% top-1 accuracy and outperforms "
        "ResNet-50. Code is available at https://github.com/Example-Lab/tinyclip-net.git.",
        "arxiv_id": "2401.00001",
        "authors": ["Ada Example", "Bo Sample"],
        "date": "2024-01-02",
    },
    {
        "title": "Segmenting with Words",
        "abstract": "Vision Retention Networks (ViR) handle semantic segmentation. We evaluate ViR on ADE20K and "
        "compare it with CLIP. Project page: https://example.github.io/vir.",
        "doi": "10.1234/ABC.5",
        "date": "2024-02-03",
    },
    {
        "title": "A Study without an Identifier",
        "abstract": "This paper studies how CLIP behaves on ImageNet under distribution shift, e.g. for zero-shot "
        "classification. We find that accuracy drops.",
    },
]


def pytest_configure() -> None:
    """Ctrl-C works in the tests and in what they start, also where they run in the background of a shell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the server are marked `neo4j`, those that use the browser `browser`."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if fixtures & {"neo4j_server", "server_store", "database"} or "neo4j" in map(str, parameters.values()):
            item.add_marker(pytest.mark.neo4j)
        if fixtures & {"browser", "opened", "browsing"}:
            item.add_marker(pytest.mark.browser)


def as_jsonl(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def absent(reason: str) -> NoReturn:
    """Skip the test that needs what this machine has not; where all must be there, as in `.ci/run`, fail it."""
    if os.environ.get("KG_TEST_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Server]:
    """A running server as neo4j_server.py describes it; what its database holds does not survive the tests."""
    if file := os.environ.get("KG_TEST_NEO4J"):
        yield json.loads(Path(file).read_text())
        return
    with running_or_skipped() as server:
        yield server


class running_or_skipped:  # noqa: N801 - used like the function it wraps
    """`running`, but the test is skipped, with the reason, where this machine cannot run the server."""

    def __init__(self, where: Path | None = None) -> None:
        self._context = running(where)

    def __enter__(self) -> Server:
        try:
            return self._context.__enter__()
        except UnavailableError as error:
            absent(str(error))

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)


@pytest.fixture
def database(neo4j_server: Server) -> Iterator[neo4j.Session]:
    """The driver's own view of the server, emptied: what other hands than ours do and see."""
    with (
        neo4j.GraphDatabase.driver(
            neo4j_server["uri"], auth=(neo4j_server["user"], neo4j_server["password"])
        ) as driver,
        driver.session() as session,
    ):
        session.run("MATCH (n) DETACH DELETE n").consume()
        for (name,) in session.run("SHOW CONSTRAINTS YIELD name").values():
            session.run(f"DROP CONSTRAINT `{name}`").consume()
        yield session


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """Three papers as JSONL."""
    path = tmp_path / "three.jsonl"
    path.write_text(as_jsonl(PAPERS))
    return path


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a graph of the three papers; read only."""
    folder = tmp_path_factory.mktemp("graph")
    (folder / "three.jsonl").write_text(as_jsonl(PAPERS))
    build([str(folder / "three.jsonl")], folder / "g")
    return folder / "g"


@pytest.fixture(scope="session")
def sample_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the graph of the bundled sample feed; read only."""
    folder = tmp_path_factory.mktemp("sample") / "g"
    build([str(Path(__file__).parent.parent / "kg" / "sample" / "sample.jsonl")], folder)
    return folder


@pytest.fixture
def store(graph: Path) -> Iterator[Store]:
    """The store of the three papers."""
    opened = open_store(str(graph))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real feeds and annotated abstracts, where this checkout has one beside it."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder {SHARED.name}/ with real feeds beside this checkout")
    return SHARED


@pytest.fixture
def kg(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in an empty folder, 80 columns wide; the result has returncode, stdout, stderr."""

    def run(*args: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "kg", *args],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80", "TERM": "dumb", "PYTHONUTF8": "1"},
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
