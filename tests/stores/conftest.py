"""The stores under test, each a real engine, and the Neo4j server that all tests of a run share."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from tests.conftest import absent
from tests.neo4j_server import UnavailableError, running

Server = dict[str, Any]


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Server]:
    """A running server as neo4j_server.py describes it; what its database holds does not survive the tests."""
    if file := os.environ.get("KG_TEST_NEO4J"):
        yield json.loads(Path(file).read_text())
        return
    with running_or_skipped() as server:
        yield server


class running_or_skipped:  # noqa: N801 - used like the function it wraps
    """`running`, but the test is skipped, with the reason, where this machine cannot run the server."""

    def __init__(self, where: Path | None = None) -> None:
        self._context = running(where)

    def __enter__(self) -> Server:
        try:
            return self._context.__enter__()
        except UnavailableError as error:
            absent(str(error))

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)


@pytest.fixture
def database(neo4j_server: Server) -> Iterator[neo4j.Session]:
    """The driver's own view of the server, emptied: what other hands than ours do and see."""
    with (
        neo4j.GraphDatabase.driver(
            neo4j_server["uri"], auth=(neo4j_server["user"], neo4j_server["password"])
        ) as driver,
        driver.session() as session,
    ):
        session.run("MATCH (n) DETACH DELETE n").consume()
        for (name,) in session.run("SHOW CONSTRAINTS YIELD name").values():
            session.run(f"DROP CONSTRAINT `{name}`").consume()
        yield session


@pytest.fixture
def server_store(neo4j_server: Server, database: neo4j.Session) -> Iterator[Neo4jStore]:  # noqa: ARG001 - empties it
    """The server's store, empty."""
    opened = Neo4jStore(neo4j_server["uri"], neo4j_server["password"])
    yield opened
    opened.close()


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store in turn, empty."""
    if request.param == "neo4j":
        yield request.getfixturevalue("server_store")
        return
    opened = LadybugStore(tmp_path / "graph")
    yield opened
    opened.close()
