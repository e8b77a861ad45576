"""A user's own query is stopped at its limit, whatever it does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest

from kg.errors import KgError, QueryError, StoreError
from kg.stores import Limits
from kg.stores.ladybug import LadybugStore


def test_rows_come_back_as_from_read(graph: Path) -> None:
    store = LadybugStore(graph)
    query = "MATCH (p:Paper)-[r]->(m:Model) RETURN p, r, m.name AS name ORDER BY p.id, name LIMIT $n"
    assert store.ask(query, {"n": 3}) == store.read(query, {"n": 3})
    store.close()


# The planner takes minutes for so many relationships at once, and looks at no time limit.
PLANNED_LONG = "MATCH (a0)" + "".join(f"--(a{i})" for i in range(1, 15)) + " RETURN count(*)"


def test_what_the_engine_does_not_stop_is_killed(graph: Path) -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.3 s"):
        LadybugStore(graph).ask(PLANNED_LONG, limits=Limits(seconds=0.3))
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    "query",
    ["RETURN size(range(1, 400000000))", "UNWIND range(1, 1000000000) AS x WITH x ORDER BY x RETURN collect(x)"],
)
def test_what_takes_too_much_memory_is_stopped(graph: Path, query: str) -> None:
    with pytest.raises(QueryError, match=r"stopped at its memory limit|a range that is too long"):
        LadybugStore(graph).ask(query)


def test_an_answer_may_hold_so_many_bytes(graph: Path) -> None:
    query = "UNWIND range(1, $n) AS x RETURN collect('0123456789012345678901234567890123456789' + string(x))"
    store = LadybugStore(graph)
    assert len(store.ask(query, {"n": 100_000}).rows[0][0]) == 100_000
    with pytest.raises(QueryError, match="more than 64 MiB"):
        store.ask(query, {"n": 1_500_000})


def test_ctrl_c_ends_the_process_and_reaches_the_caller(graph: Path) -> None:
    timer = threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        LadybugStore(graph).ask(PLANNED_LONG, limits=Limits(seconds=300))
    timer.join()
    assert multiprocessing.active_children() == []


def test_errors_come_back_as_they_are(graph: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nosuch"):
        LadybugStore(graph).ask("MATCH (p:Paper) RETURN p.nosuch")
    with pytest.raises(StoreError, match="holds no graph"):
        LadybugStore(tmp_path).ask("RETURN 1")


def test_writing_is_refused_by_the_engine_as_well(graph: Path) -> None:
    with pytest.raises(KgError):
        LadybugStore(graph).ask("CREATE (p:Paper {id: 'x'})")
