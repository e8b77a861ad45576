"""`kg load` into a real server, killed at random moments: the server answers, and the next load makes it whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kill import kill_server_load, write_feeds
from kg.pipeline import build
from kg.stores.neo4j import PASSWORD_VARIABLE, Neo4jStore
from tests.stores.conftest import Server


def test_a_killed_load_is_made_whole_by_the_next(
    tmp_path: Path,
    neo4j_server: Server,
    server_store: Neo4jStore,  # noqa: ARG001 - empties the server
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, neo4j_server["password"])
    first, second = write_feeds(tmp_path)
    build([str(first)], tmp_path / "one", extractor="rules")
    build([str(second)], tmp_path / "two", extractor="rules")
    for seed in range(2):
        kill_server_load(tmp_path / "one", tmp_path / "two", neo4j_server["uri"], random.Random(seed))
