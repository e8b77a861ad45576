"""The table of cases on both stores: the rows due, or on the embedded store a refusal in one line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from kg.errors import QueryError
from kg.stores.neo4j import Neo4jStore
from tests.conftest import Server
from tests.cypher.cases import GRAPHS, Case, cases, flat_rows, loaded
from tests.cypher.judge import LIMITS, Apart

# How much is still wrong or refused: to be lowered, never raised.
MOST_WRONG = 0
MOST_REFUSED = 4


@pytest.fixture(scope="module", params=list(GRAPHS))
def graph(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def judged(table: list[Case], apart: Apart) -> tuple[list[str], list[str]]:
    """Those of `table` with other rows on the embedded store, and those it refuses."""
    wrong, refused = [], []
    for case in table:
        try:
            rows = apart.read(case.statement, case.parameters)
        except QueryError as error:
            refused.append(f"{case.statement}: {error}")
            continue
        except RuntimeError as error:
            wrong.append(f"{case.statement}: {error}")
            continue
        if how := case.differs(list(rows.columns), flat_rows(rows)):
            given = f"{rows.columns} {rows.rows[:5]}, due {case.columns} {case.rows[:5]}"
            wrong.append(f"{case.statement} {case.parameters}: {how}: {given}")
    return wrong, refused


@contextlib.contextmanager
def _apart(graph: str) -> Iterator[Apart]:
    with loaded(graph, None) as (folder, _):
        apart = Apart(folder)
        yield apart
        apart.close()


def test_the_embedded_store_gives_the_rows_due(graph: str) -> None:
    with _apart(graph) as apart:
        wrong, refused = judged([case for case in cases() if case.graph == graph], apart)
    assert len(wrong) <= MOST_WRONG, "\n".join(wrong)
    assert [line for line in refused if "\n" in line] == []
    assert len(refused) <= MOST_REFUSED, "\n".join(refused)


def test_neo4j_gives_the_rows_of_the_table(graph: str, neo4j_server: Server) -> None:
    store = Neo4jStore(neo4j_server["uri"], neo4j_server["password"])
    store.replace(GRAPHS[graph]())
    wrong = []
    for case in cases():
        if case.graph == graph:
            rows = store.read(case.statement, case.parameters, LIMITS)
            if how := case.differs(list(rows.columns), flat_rows(rows)):
                wrong.append(f"{case.statement}: {how}: {rows.rows[:5]}, due {case.rows[:5]}")
    store.close()
    assert wrong == []
