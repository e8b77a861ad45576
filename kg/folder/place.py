"""The graph folder as a place: one build at a time, what a dead one left is cleared."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

import kg
from kg.errors import StoreError
from kg.folder.ledger import Ledger
from kg.stores.files import write_whole

CURATION = "curation.toml"  # what a person decided
_LOCK = ".lock"
# What steps leave in the folder when they are killed; see `kg.stores.ladybug` and `kg.extraction.cluster`.
_LEFTOVERS = (".loading-*", ".shards-*", "*.unfinished")


@contextlib.contextmanager
def locked(graph: Path) -> Iterator[None]:
    """Hold the graph folder for one build; made where it is not there, and not left behind empty.

    Raises `StoreError` where it is held, or cannot be written, at once or inside.
    """
    lock = FileLock(graph / _LOCK, timeout=0)
    made = not graph.exists()
    try:
        graph.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise StoreError(f"{graph}: another build is writing to it; wait until it is done") from None
    except (FileExistsError, NotADirectoryError):
        raise StoreError(f"{graph}: is not a folder; choose another --graph") from None
    except (OSError, NotImplementedError) as error:
        raise StoreError(f"{graph}: cannot be written ({_reason(error)}); choose another --graph") from None
    try:
        _clear(graph)
        yield
    except OSError as error:
        raise StoreError(
            f"{graph}: cannot be written ({_reason(error)}); make room or choose another --graph. What was read and "
            "extracted before is kept"
        ) from None
    finally:
        if made and {path.name for path in graph.iterdir()} == {_LOCK}:
            shutil.rmtree(graph, ignore_errors=True)
        lock.release()


def _clear(graph: Path) -> None:
    """Delete what a build that died has left."""
    for pattern in _LEFTOVERS:
        for path in graph.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    Ledger(graph / "ledger").tidy()


def inputs(graph: Path, *settings: object) -> str:
    """A hash of all that the graph is made from: the ledger, the curation file, `settings`, and the code that makes it.

    While it is the same the graph is the same, so that a feed added again costs no more than to read it.
    """
    package = Path(kg.__file__).parent
    code = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".jsonl"))
    state = hashlib.sha256(repr(settings).encode())
    for path in (*code, graph / CURATION, *Ledger(graph / "ledger").parts()):
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            state.update(f"\n{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}".encode())
    return state.hexdigest()


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return os.strerror(number) if number else " ".join(str(error).split())


class Loaded:
    """What the graph that is in place was made from, and how much is in it; written last, so that it is never wrong."""

    def __init__(self, graph: Path) -> None:
        self._path = graph / "loaded"
        self.inputs = ""
        self.nodes: dict[str, int] = {}
        self.relationships: dict[str, int] = {}
        with contextlib.suppress(OSError, ValueError, TypeError):
            self.inputs, self.nodes, self.relationships = json.loads(self._path.read_text(encoding="utf-8"))

    def forget(self) -> None:
        """Before the graph is replaced."""
        self._path.unlink(missing_ok=True)

    def remember(self, inputs: str, nodes: dict[str, int], relationships: dict[str, int]) -> None:
        """After the graph was replaced."""
        write_whole(self._path, json.dumps([inputs, nodes, relationships]))
