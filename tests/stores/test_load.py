"""A graph folder, loaded into a real server by the command line, answers there as it does at home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kg.stores.neo4j import PASSWORD_VARIABLE, Neo4jStore
from tests.stores.conftest import Server


def test_load_and_ask(graph: Path, neo4j_server: Server, server_store: Neo4jStore) -> None:
    environment = {**os.environ, PASSWORD_VARIABLE: neo4j_server["password"], "COLUMNS": "80"}

    def kg(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg", *args]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    for _ in range(2):
        done = kg("load", "--store", neo4j_server["uri"], "--graph", str(graph))
        assert done.returncode == 0, done.stderr
    assert server_store.read("MATCH (p:Paper) RETURN count(p)").rows == ((3,),)
    question = ("query", "papers/naming", "--name", "clip", "--format", "json")
    at_home, there = kg(*question, "--graph", str(graph)), kg(*question, "--store", neo4j_server["uri"])
    assert at_home.stdout == there.stdout
    assert "CLIP" in at_home.stdout
    assert kg("export", "--graph", str(graph)).stdout == kg("export", "--store", neo4j_server["uri"]).stdout


def test_an_empty_folder_has_nothing_to_load(tmp_path: Path, neo4j_server: Server) -> None:
    command = [sys.executable, "-m", "kg", "load", "--store", neo4j_server["uri"], "--graph", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "kg build" in done.stderr
    assert done.stderr.count("\n") == 1
