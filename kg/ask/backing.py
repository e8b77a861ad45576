"""What the explorer asks: a few connections to one store, and the names of its nodes in memory."""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from kg.ask.search import Index, read_entries
from kg.errors import KgError, StoreError, UsageError
from kg.records import Node
from kg.schema import NODES
from kg.stores import Limits, Rows, Store, open_store

CONNECTIONS = 3  # questions answered at the same time; others wait for their turn
ASKED = 2  # of these, at most so many are statements that users wrote
WAIT_SECONDS = 20.0
KEPT = 32_000_000  # characters of answers that are kept for the next time
_LOOK_SECONDS = 2.0  # how often the graph folder is looked at for a new build
_PATIENCE_SECONDS = 0.2  # how long a question waits for a new build that is being read


class Kept:
    """Texts that took a while to make, the oldest forgotten when they are more than `KEPT` characters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[str, str] = {}
        self._making: dict[str, Future[str]] = {}
        self._size = 0

    def get(self, key: str, make: Callable[[], str]) -> str:
        """The text called `key`, made now where it is not kept. Who asks while it is being made waits for it."""
        with self._lock:
            if key in self._texts:
                return self._texts[key]
            making = self._making.get(key)
            mine = making is None
            if making is None:
                making = self._making[key] = Future()
        if not mine:
            return making.result()
        try:
            making.set_result(make())
        except BaseException as error:
            making.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]
                if not making.exception():
                    self._keep(key, making.result())
        return making.result()

    def _keep(self, key: str, text: str) -> None:
        if len(text) <= KEPT:
            self._texts[key] = text
            self._size += len(text)
        while self._size > KEPT:
            self._size -= len(self._texts.pop(next(iter(self._texts))))


class Backing:
    """The store at `where`, asked by several threads. Raises `StoreError` where there is no graph to read.

    `user` and `password_env` are as in `open_store`.
    """

    def __init__(self, where: str, user: str = "", password_env: str = "") -> None:
        self.where = where
        self._open_one = functools.partial(open_store, where, user, password_env)
        self._lock = threading.Lock()
        self._turning: threading.Thread | None = None
        self._asking = threading.BoundedSemaphore(ASKED)
        self._looked = time.monotonic()
        self._file = None if "://" in where else Path(where)
        self._open()

    def _open(self) -> None:
        """Turn to the graph that is there now, once it is read."""
        stamp = self._read_stamp()
        first = self._open_one()
        if not first.exists():
            raise StoreError(f"{self.where}: holds no graph yet; make one with `kg build FEED --graph {self.where}`")
        with _no_collection():
            index = Index(read_entries(first))
        # The last one used is the next one used: the others open only when two questions meet.
        idle: queue.Queue[Store] = queue.LifoQueue()
        for store in (*(self._open_one() for _ in range(CONNECTIONS - 1)), first):
            idle.put(store)
        self.capabilities = first.capabilities
        # What is kept is of one graph: a new one begins anew.
        self._stamp, self._idle, self.index, self.kept = stamp, idle, index, Kept()

    def _read_stamp(self) -> tuple[int, ...]:
        """What changes when a new graph is swapped in; nothing for a server."""
        try:
            files = sorted(self._file.glob("[!.]*")) if self._file else []
            found = [file.stat() for file in files if file.is_file()]
        except OSError:  # a file went away in between
            return ()
        return tuple(number for one in found for number in (one.st_ino, one.st_mtime_ns, one.st_size))

    def refresh(self) -> None:
        """Turn to the new graph, if one was built since.

        A large one takes a while to read: who asks then is answered from the old one, after `_PATIENCE_SECONDS`.
        Questions that are being answered end on the old one.
        """
        with self._lock:
            if self._file is None or (time.monotonic() - self._looked < _LOOK_SECONDS and not self._turning):
                return
            self._looked = time.monotonic()
            turning = self._turning
            if turning is None:
                stamp = self._read_stamp()
                if not stamp or stamp == self._stamp:
                    return
                turning = self._turning = threading.Thread(target=self._turn)
                turning.start()
        turning.join(_PATIENCE_SECONDS)

    def _turn(self) -> None:
        old = self._idle
        try:
            self._open()
            _close_all(old)
        except KgError as error:  # it is being replaced again, say: the next look finds out
            logging.getLogger(__name__).warning("the new graph is not shown yet: %s", error)
        finally:
            self._turning = None

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        """A connection that no other thread uses meanwhile."""
        idle = self._idle
        try:
            store = idle.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise StoreError("the graph is busy with other questions; ask again in a moment") from None
        try:
            yield store
        finally:
            if idle is self._idle:
                idle.put(store)
            else:  # a new graph came in between
                store.close()

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, seconds: float = 20) -> list[Any]:
        """All rows of one of our own statements."""
        with self.store() as store:
            return list(store.read(cypher, parameters, Limits(seconds, None)).rows)

    def ask(self, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Rows:
        """The answer to a statement that a user wrote and `kg.cypher.check` let pass."""
        if not self._asking.acquire(timeout=WAIT_SECONDS):
            raise StoreError("the graph is busy with other statements; ask again in a moment")
        try:
            with self.store() as store:
                return store.ask(cypher, parameters, limits)
        finally:
            self._asking.release()

    def nodes(self, keys: Sequence[str]) -> list[Node]:
        """The nodes with these ids, in the order given; ids that the graph has not are left out."""
        groups: dict[str, list[str]] = {}
        unknown: list[str] = []
        for key in dict.fromkeys(keys):
            entry = self.index.get(key)
            if entry:
                groups.setdefault(entry.label, []).append(key)
            else:
                unknown.append(key)
        for node in NODES if unknown else ():
            if node.label in ("Result", "Page"):
                groups.setdefault(node.label, []).extend(unknown)
        found: dict[str, Node] = {}
        for label, ids in groups.items():
            # One look into the index for each; `IN` would go through all nodes of the label.
            query = f"UNWIND $ids AS key MATCH (n:{label}) WHERE n.id = key RETURN n"
            for (one,) in self.read(query, {"ids": ids}):
                found[one.id] = one
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def node(self, key: str) -> Node:
        """The node with this id. Raises `UsageError` where there is none."""
        found = self.nodes([key])
        if not found:
            raise UsageError(f"no node has the id {key[:200]!r}; look for it by name")
        return found[0]

    def close(self) -> None:
        """Close all connections."""
        _close_all(self._idle)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """No search for garbage while a million lasting objects are made, nor among them from then on."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was:
            gc.enable()


def _close_all(idle: queue.Queue[Store]) -> None:
    while True:
        try:
            idle.get_nowait().close()
        except queue.Empty:
            return
