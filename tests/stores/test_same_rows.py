"""Every named query gives the same rows, in the same order, on the embedded store and on a real Neo4j."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from kg.query import NamedQuery, named_queries, run_query
from kg.stores import Limits, Store
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from tests.stores.fixed_graph import fixed_graph

QUERIES = named_queries()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, neo4j_server: dict[str, str]) -> Iterator[tuple[Store, Store]]:
    """The fixed graph in both stores."""
    stores: tuple[Store, Store] = (
        LadybugStore(tmp_path_factory.mktemp("same") / "graph"),
        Neo4jStore(neo4j_server["uri"], neo4j_server["password"]),
    )
    for store in stores:
        store.replace(fixed_graph())
    yield stores
    for store in stores:
        store.close()


def parameter_sets(query: NamedQuery) -> list[dict[str, str]]:
    """The example's parameters, and none at all where all have a default."""
    words = shlex.split(query.example)[3:]
    sets = [dict(zip((word.lstrip("-") for word in words[::2]), words[1::2], strict=True))]
    return sets if any(p.default is None for p in query.parameters) or not sets[0] else [*sets, {}]


@pytest.mark.parametrize("name", QUERIES)
def test_both_stores_give_the_same_rows(both: tuple[Store, Store], name: str) -> None:
    query = QUERIES[name]
    found = 0
    for given in parameter_sets(query):
        embedded, server = (run_query(store, query, given, Limits(rows=None)) for store in both)
        assert embedded.columns == server.columns == query.columns
        assert sorted(map(repr, embedded.rows)) == sorted(map(repr, server.rows)), f"other rows with {given}"
        assert embedded.rows == server.rows, f"another order with {given}: ORDER BY must leave no ties"
        found += len(embedded.rows)
    assert found, "finds nothing in the fixed graph: add what it looks for to fixed_graph.py"
