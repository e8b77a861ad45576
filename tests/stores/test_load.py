"""A graph folder, loaded into a real server by the command line, answers there as it does at home."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

from kg.export import as_jsonl
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import PASSWORD_VARIABLE, Neo4jStore
from kg.tables import GraphRows
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


def test_build_into_a_server_with_a_user_and_a_variable_of_ones_own(
    feed: Path, tmp_path: Path, neo4j_server: Server, server_store: Neo4jStore
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_NEO4J")}
    environment |= {"THEIR_WORD": neo4j_server["password"], "COLUMNS": "80"}
    at = ("--store", neo4j_server["uri"], "--user", "neo4j", "--password-env", "THEIR_WORD")

    def kg(*args: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg", *args]
        return subprocess.run(
            command, env=environment | more, capture_output=True, text=True, check=False, cwd=tmp_path
        )

    built = kg("build", str(feed), "--graph", "g", "--extractor", "rules", *at)
    assert (built.returncode, built.stderr) == (0, "")
    assert "server" in built.stdout.splitlines()[-1]
    assert kg("export", "--graph", "g").stdout == kg("export", *at).stdout != ""
    for command in (
        ("query", "papers/naming", "--name", "clip"),
        ("cypher", "MATCH (p:Paper) RETURN count(p)"),
        ("info",),
        ("view", "-o", "page.html"),
        ("load", "--graph", "g"),
    ):
        done = kg(*command, *at)
        assert (done.returncode, done.stderr) == (0, ""), command
    assert server_store.read("MATCH (p:Paper) RETURN count(p)").rows == ((3,),)
    # The variables that are looked at by themselves, and what is said where there is none.
    own = {"KG_NEO4J_USER": "neo4j", "KG_NEO4J_PASSWORD": neo4j_server["password"]}
    assert kg("info", "--store", neo4j_server["uri"], **own).returncode == 0
    wrong = kg("info", "--store", neo4j_server["uri"], **own | {"KG_NEO4J_USER": "nobody"})
    assert "refused user nobody" in wrong.stderr
    for args, said in (
        (("--store", neo4j_server["uri"], "--password-env", "NOT_SET"), "no such variable"),
        (("--graph", "g", "--user", "neo4j"), "--store neo4j://host:port"),
    ):
        done = kg("info", *args)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr
    # A server that is not there is found out before the feed is read.
    gone = kg("build", str(feed), "--graph", "other", "--store", "bolt://127.0.0.1:1", "--password-env", "THEIR_WORD")
    assert gone.returncode == 1
    assert "is Neo4j running there" in gone.stderr
    assert not (tmp_path / "other").exists()


def test_a_load_that_is_killed_is_mended_by_the_next(
    tmp_path: Path, neo4j_server: Server, server_store: Neo4jStore
) -> None:
    pages = [{"id": f"{i:06}", "name": "n" * 50, "kind": "other", "url": "u"} for i in range(6000)]
    papers = [{"id": f"arxiv:{i}", "name": "p", "title": "p"} for i in range(10)]
    links = [{"from": f"arxiv:{i % 10}", "to": page["id"], "evidence": "e"} for i, page in enumerate(pages)]
    graph = GraphRows({"Page": pages, "Paper": papers}, {("LINKS_TO", "Paper", "Page"): links})
    server_store.replace(GraphRows({"Page": [{"id": "stale", "name": "s", "kind": "other", "url": "u"}]}, {}))
    # Killed among the nodes, then among the relationships: they come in batches of 5,000 and of what is left.
    for batches in (2, 4):
        process = get_context("spawn").Process(
            target=_load_and_die, args=(neo4j_server["uri"], neo4j_server["password"], graph, batches)
        )
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert server_store.read("MATCH (n) RETURN count(n)").rows[0][0] > 5000
    assert server_store.read("MATCH ()-[r]->() RETURN count(r)").rows[0][0] < 6000
    server_store.replace(graph)
    embedded = LadybugStore(tmp_path / "graph")
    embedded.replace(graph)
    assert list(as_jsonl(server_store)) == list(as_jsonl(embedded))
    embedded.close()


def _load_and_die(uri: str, password: str, graph: GraphRows, batches: int) -> None:
    """Load, and be killed after so many batches: no chance to tidy up."""
    seen = 0

    def tick(*_: int) -> None:
        nonlocal seen
        seen += 1
        if seen == batches:
            os.kill(os.getpid(), signal.SIGKILL)

    Neo4jStore(uri, password).replace(graph, tick)


def test_an_empty_folder_has_nothing_to_load(tmp_path: Path, neo4j_server: Server) -> None:
    command = [sys.executable, "-m", "kg", "load", "--store", neo4j_server["uri"], "--graph", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "kg build" in done.stderr
    assert done.stderr.count("\n") == 1
