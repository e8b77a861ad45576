"""The tests of the guard use the real server of the stores' tests."""

from tests.stores.conftest import database, neo4j_server

__all__ = ["database", "neo4j_server"]
