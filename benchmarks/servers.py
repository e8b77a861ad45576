"""A Neo4j server for a benchmark: loaded by Neo4j's own import tool from a graph's export."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from kg.export import export
from kg.stores import Store
from kg.stores.neo4j import Neo4jStore
from tests import neo4j_server
from tests.support.neo4j_import import run_finish, run_import

HEAP = "2g"


@contextlib.contextmanager
def imported_server(here: Store, folder: Path) -> Iterator[tuple[Store, dict[str, float]]]:
    """A server with what `here` holds, and the seconds for writing the files, the import tool and the finish."""
    os.environ["KG_TEST_NEO4J_HEAP"] = HEAP
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    export(here, "neo4j-admin", folder / "out")
    seconds["export for the import tool"] = time.perf_counter() - started
    started = time.perf_counter()
    done = run_import(folder / "out", folder / "home")
    seconds["Neo4j's import tool"] = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    with neo4j_server.running(folder / "home") as server:
        started = time.perf_counter()
        run_finish(folder / "out", server)
        seconds["constraints and lists after it"] = time.perf_counter() - started
        with contextlib.closing(Neo4jStore(server["uri"], server["password"])) as store:
            yield store, seconds
