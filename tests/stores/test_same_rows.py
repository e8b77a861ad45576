"""Every named query gives the rows of its golden file, in the same order, on the embedded store and on a real Neo4j."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from kg.ask.named import named_queries
from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from tests.queries import golden
from tests.stores.fixed_graph import fixed_graph

QUERIES = named_queries()


@pytest.fixture(scope="module", params=["ladybug", "neo4j"])
def fixed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The fixed graph in each kind of store in turn."""
    store: Store
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        store = Neo4jStore(server["uri"], server["password"])
    else:
        store = LadybugStore(tmp_path_factory.mktemp("fixed") / "graph")
    store.replace(fixed_graph())
    yield store
    store.close()


@pytest.mark.parametrize("name", QUERIES)
def test_a_store_gives_the_golden_rows(fixed: Store, name: str) -> None:
    query = QUERIES[name]
    expected = json.loads(golden.path(query).read_text(encoding="utf-8"))
    # By way of JSON, so that both sides are made of the same types.
    found = json.loads(golden.text(golden.answers(fixed, query)))
    for own, kept in zip(found["answers"], expected["answers"], strict=True):
        assert own["given"] == kept["given"], f"the parameters changed: run {golden.COMMAND}"
        assert own["columns"] == kept["columns"] == list(query.columns)
        assert sorted(map(repr, own["rows"])) == sorted(map(repr, kept["rows"])), f"other rows with {own['given']}"
        assert own["rows"] == kept["rows"], f"another order with {own['given']}: ORDER BY must leave no ties"
