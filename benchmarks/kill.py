"""Kill builds, adds and loads at random moments, and see that nothing is lost.

    python -m benchmarks.kill [--times 50] [--seed 1] [--store neo4j://user@host:7687]

Each time one command is started and killed with SIGKILL after a random part of the time that it takes undisturbed, half
the times with its workers, half alone. Then: the graph opens and is the old or the new one; the same command completes
(after a removal, `kg build` does); the export is byte-equal to that of an undisturbed run; nothing is left over in the
folder; no worker is left running. Prints a line for each kind, and stops where this does not hold. The moments come
from the seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from kg.export import as_jsonl
from kg.stores import open_store

RUN: list[str] = []
# Enough for two workers to be started, and for several batches each.
_PAPERS = 240
KINDS = ("build", "add", "load", "remove")


def exported(where: str) -> str:
    """All of a graph as text: byte-equal for equal graphs."""
    store = open_store(where)
    try:
        return "\n".join(as_jsonl(store))
    finally:
        store.close()


def write_feeds(folder: Path) -> tuple[Path, Path]:
    """Two feeds made of the bundled one: `_PAPERS` numbered papers, the second with as many others."""
    lines = resources.files("kg").joinpath("sample/sample.jsonl").read_text(encoding="utf-8").splitlines()
    sample = [json.loads(line) for line in lines]
    paths = []
    for part in range(2):
        records = []
        for number in range(part * _PAPERS, (part + 1) * _PAPERS):
            record = sample[number % len(sample)]
            records.append({"title": f"{record['title']} {number}", "abstract": record["abstract"]})
        paths.append(folder / f"feed{part}.jsonl")
        paths[-1].write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return paths[0], paths[1]


@dataclass
class Trial:
    """A kind of command: how a folder is made ready for it, what it is called with, and what it leaves undisturbed."""

    kind: str
    ready: Callable[[Path], None]
    arguments: list[str]
    before: str | None
    after: str
    seconds: float


class Killer:
    """Makes the trials and runs them in `work`."""

    def __init__(self, work: Path) -> None:
        self.work = work
        first, second = write_feeds(work)
        self.one, self.two, self.bare = work / "one", work / "two", work / "bare"
        self._undisturbed(["build", str(first)], self.one)
        shutil.copytree(self.one, self.two)
        self._undisturbed(["build", str(second)], self.two)
        # A folder whose database is gone: what is left for a build to do is to load.
        shutil.copytree(self.two, self.bare)
        (self.bare / "graph.lbug").unlink()
        small, large = exported(str(self.one)), exported(str(self.two))
        plans = {
            "build": (lambda _: None, ["build", str(first)], None, small),
            "add": (lambda graph: shutil.copytree(self.one, graph), ["build", str(second)], small, large),
            "load": (lambda graph: shutil.copytree(self.bare, graph), ["build"], None, large),
            "remove": (
                lambda graph: shutil.copytree(self.two, graph),
                ["remove", "--feed", second.name.partition(".")[0]],
                large,
                small,
            ),
        }
        self.trials: dict[str, Trial] = {}
        for kind, (ready, arguments, before, after) in plans.items():
            self.trials[kind] = self._timed(Trial(kind, ready, arguments, before, after, 0.0))

    def _timed(self, trial: Trial) -> Trial:
        graph = self.work / f"timed-{trial.kind}"
        trial.ready(graph)
        started = time.perf_counter()
        self._undisturbed(trial.arguments, graph)
        trial.seconds = time.perf_counter() - started
        assert exported(str(graph)) == trial.after
        shutil.rmtree(graph)
        return trial

    def _command(self, arguments: list[str], graph: Path) -> list[str]:
        options = ["--graph", str(graph)]
        if arguments[0] == "build":
            options += ["--extractor", "rules", "--workers", "2"]
        return [sys.executable, "-m", "kg", *arguments, *options]

    def _undisturbed(self, arguments: list[str], graph: Path) -> None:
        done = subprocess.run(self._command(arguments, graph), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def kill(self, kind: str, chance: random.Random, number: int) -> str:
        """Kill one command of `kind`; returns how far it had come. Raises `AssertionError` where something is lost."""
        trial = self.trials[kind]
        graph = self.work / f"killed-{number}"
        trial.ready(graph)
        process = subprocess.Popen(
            self._command(trial.arguments, graph),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0, trial.seconds))
        ended = process.poll() is not None
        if chance.random() < 0.5:
            os.killpg(process.pid, signal.SIGKILL) if not ended else None
        else:
            process.kill()
        process.wait()
        _gone(process.pid)
        parts = sorted(path.name for path in (graph / "ledger").glob("*.parquet")) if graph.exists() else []
        far = "ended" if ended else f"{len(parts)} parts"
        if (graph / "graph.lbug").exists():
            assert exported(str(graph)) in (trial.before, trial.after), f"{kind}: the graph is neither old nor new"
        else:
            assert trial.before is None, f"{kind}: the old graph is gone"
        if kind == "remove":  # it holds from the moment the ledger has it: then there is nothing to remove any more
            self._undisturbed(["build"], graph)
        if kind != "remove" or exported(str(graph)) != trial.after:
            self._undisturbed(trial.arguments, graph)
        assert exported(str(graph)) == trial.after, f"{kind}: not what an undisturbed run gives"
        left = [path.name for path in graph.rglob("*") if "unfinished" in path.name or path.name.startswith(".loading")]
        assert not left, f"{kind}: left over: {left}"
        shutil.rmtree(graph)
        return far


def kill_server_load(one: Path, two: Path, store: str, chance: random.Random) -> None:
    """Kill `kg load` of the graph folder `two` into a server that holds `one`; the next load makes it whole.

    Raises `AssertionError` where the server's graph is then not the folder's.
    """
    load = [sys.executable, "-m", "kg", "load", "--store", store, "--graph"]
    subprocess.run([*load, str(two)], capture_output=True, check=True)
    started = time.perf_counter()
    subprocess.run([*load, str(one)], capture_output=True, check=True)
    seconds = time.perf_counter() - started
    assert exported(store) == exported(str(one))
    process = subprocess.Popen([*load, str(two)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(seconds / 4, seconds))
    process.kill()
    process.wait()
    exported(store)
    subprocess.run([*load, str(two)], capture_output=True, check=True)
    assert exported(store) == exported(str(two)), "the server's graph is not the folder's"


def _gone(session: int, seconds: float = 20) -> None:
    """Wait until no process of the session is left; workers notice that their parent is dead."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(session, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.05)
    raise AssertionError("worker processes outlive the command that was killed")


def main() -> None:
    """Kill so many times and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", default="")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    seen: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as work:
        killer = Killer(Path(work))
        kinds = [*KINDS, "server load"] if options.store else list(KINDS)
        for number in range(options.times):
            kind = kinds[number % len(kinds)]
            if kind == "server load":
                kill_server_load(killer.one, killer.two, options.store, chance)
                seen.setdefault(kind, Counter())["killed"] += 1
            else:
                seen.setdefault(kind, Counter())[killer.kill(kind, chance, number)] += 1
    print(f"{options.times} times killed, seed {options.seed}: every graph opened and was made whole by the next run")
    for kind, far in seen.items():
        print(f"{kind:12} {sum(far.values()):3}  " + ", ".join(f"{state}: {n}" for state, n in sorted(far.items())))


if __name__ == "__main__":
    main()
