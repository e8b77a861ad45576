"""A user's own query is stopped at its limit, whatever it does."""

from __future__ import annotations

import multiprocessing
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


@pytest.mark.parametrize(
    "query", ["RETURN size(range(1, 400000000))", "UNWIND range(1, 100000000) AS x RETURN sum(x * x)"]
)
def test_what_the_engine_does_not_stop_is_killed(graph: Path, query: str) -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.3 s"):
        LadybugStore(graph).ask(query, limits=Limits(seconds=0.3))
    assert multiprocessing.active_children() == []


def test_errors_come_back_as_they_are(graph: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nosuch"):
        LadybugStore(graph).ask("MATCH (p:Paper) RETURN p.nosuch")
    with pytest.raises(StoreError, match="holds no graph"):
        LadybugStore(tmp_path).ask("RETURN 1")


def test_writing_is_refused_by_the_engine_as_well(graph: Path) -> None:
    with pytest.raises(KgError):
        LadybugStore(graph).ask("CREATE (p:Paper {id: 'x'})")
