"""The stores under test, each a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from tests.conftest import Server, running_or_skipped

__all__ = ["Server", "running_or_skipped"]


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
