"""A query in a process of its own, killed when its time is up.

The engine looks at its time limit only while it runs a plan: planning and folding constants go on for as long as they
like (`RETURN size(range(1, 200000000))` took 20 s and 2 GB under a limit of 1 s).
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.errors import KgError, QueryError
from kg.stores.base import Limits, Rows

# Starting the process and opening the database are not the query's time.
_START_SECONDS = 10.0


def read_apart(folder: Path, cypher: str, parameters: Mapping[str, Any], limits: Limits) -> Rows:
    """Run one statement on the embedded store in `folder`; raises `QueryError` at the latest at the time limit.

    Raises what the store raises.
    """
    context = multiprocessing.get_context("spawn")  # a fork would copy the engine's threads half-way
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, folder, cypher, dict(parameters), limits), daemon=True)
    process.start()
    theirs.close()
    try:
        ready = ours.poll(_START_SECONDS) and ours.recv() == "started"
        if not ready or not ours.poll(limits.seconds + 0.5):
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


def _answer(pipe: Connection, folder: Path, cypher: str, parameters: dict[str, Any], limits: Limits) -> None:
    """What the process does: say that it is ready, run the query, send the rows or the error."""
    from kg.stores.ladybug import LadybugStore

    store = LadybugStore(folder)
    try:
        store.open()
        pipe.send("started")
        pipe.send(store.read(cypher, parameters, limits))
    except KgError as error:
        if not store.is_open:
            pipe.send("started")
        pipe.send(error)
