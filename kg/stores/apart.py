"""A query in a process of its own: killed when its time is up, and kept from memory, files and network by the system.

The embedded engine looks at its time limit only while it runs a plan: planning and folding constants go on as long as
they like (`RETURN size(range(1, 200000000))` took 20 s and 2 GB under a limit of 1 s), and its read-only mode reads and
writes any file (`LOAD FROM`, `COPY TO`). A Neo4j server looks at its limit between rows only (a `reduce` over a long
range took 157 s under a limit of 5 s), and one cell it sends can be larger than our memory. The limits of a process
hold whatever the engine does.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from kg.errors import KgError, QueryError, unexpected
from kg.stores.base import TOO_MUCH_MEMORY, Limits, Rows, Store
from kg.stores.start import without_main

# Starting the process and opening the store are not the query's time.
_START_SECONDS = 60.0
# What a query may take beyond what the opened store holds, and what an answer may hold.
MEMORY_BYTES = 1 << 30
ANSWER_BYTES = 64 << 20
_LONGEST = 1e6  # seconds; a time limit beyond is none


def read_apart(make: Callable[[], Store], cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Rows:
    """Run one statement on the store that `make` (which can be pickled) opens, in a process of its own.

    Raises what the store raises, and `QueryError` at the time limit at the latest, at `MEMORY_BYTES`, or for an answer
    of more than `ANSWER_BYTES`.
    """
    context = multiprocessing.get_context("spawn")  # a fork would copy the engine's threads half-way
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, make, cypher, dict(parameters), limits), daemon=True)
    with without_main():
        process.start()
    theirs.close()
    try:
        if not ours.poll(_START_SECONDS):
            raise QueryError("the store could not be opened in time; try again")
        ready = ours.recv()
        if ready != "ready":
            raise ready
        if not ours.poll(limits.seconds + 0.5):
            raise QueryError(f"stopped after {limits.seconds:g} s; ask for less, or raise the time limit")
        answer = ours.recv()
    except EOFError:
        raise QueryError("the query ended the engine; ask for less") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(answer, KgError):
        raise answer
    rows: Rows = answer
    return rows


def _answer(
    pipe: Connection, make: Callable[[], Store], cypher: str, parameters: dict[str, Any], limits: Limits
) -> None:
    """What the process does: say that it is ready, run the query, send the rows or the error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    _end_with_parent()
    try:
        store = make()
        # Whatever is loaded late is loaded now.
        store.answer("RETURN 1 AS one, date('2024-01-31') AS day, {a: 'x'} AS map")
        store.answer("MATCH (f:Feed)-[l:LISTS]->(p:Paper) RETURN f, l, p.published LIMIT 1")
    except KgError as error:
        pipe.send(error)
        return
    _confine(store.capabilities.embedded, limits.seconds)
    pipe.send("ready")
    pipe.send_bytes(_pickled(store, cypher, parameters, limits))


def _pickled(store: Store, cypher: str, parameters: dict[str, Any], limits: Limits) -> bytes:
    """The rows or the error as bytes; whatever goes wrong is one error in one line."""
    problem: KgError
    try:
        answer = pickle.dumps(store.answer(cypher, parameters, limits), pickle.HIGHEST_PROTOCOL)
        if len(answer) <= ANSWER_BYTES:
            return answer
        problem = QueryError(f"the answer has more than {ANSWER_BYTES >> 20} MiB; ask for less")
    except KgError as error:
        problem = error.with_traceback(None)
    except MemoryError:
        problem = QueryError(TOO_MUCH_MEMORY)
    except Exception as error:
        problem = unexpected(error)
    # Only here are the rows let go of, which a full memory needs.
    return pickle.dumps(problem)


def _end_with_parent() -> None:
    """End this process when the one that started it ends, however that ends."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _confine(sealed: bool, seconds: float = 3600.0) -> None:
    """From here on this process has so much memory and time only; `sealed`, it opens no file and no connection.

    The parent keeps to `seconds` by the clock; should it be held up, the system ends this process by its time of
    processor, which all its threads spend together.
    """
    if sys.platform == "win32":
        return
    import resource

    # A library that dies writes its last words here; the user gets one line from us.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if sys.platform == "linux":
        # Counted are the pages that can be written. The engine has reserved terabytes for its file, hence the growth.
        most = _writable_bytes() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    processor = spent.ru_utime + spent.ru_stime + (min(seconds, _LONGEST) + 1) * (os.cpu_count() or 1)
    with contextlib.suppress(ValueError, OSError):  # the system allows less already
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(processor) + 1, math.ceil(processor) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sealed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # what is open stays so


def _writable_bytes() -> int:
    """What Linux counts against `RLIMIT_DATA`."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
