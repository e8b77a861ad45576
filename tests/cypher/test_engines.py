"""The hostile corpus against both real engines: by the way of `kg cypher`, and past the guard, to see what is left."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import neo4j
import pytest

from kg.ask.named import run_cypher
from kg.cypher import check, from_schema
from kg.errors import KgError, QueryError
from kg.export import as_jsonl
from kg.stores import Limits, Store
from kg.stores.apart import MEMORY_BYTES, _confine
from kg.stores.ladybug import DATABASE, LadybugStore
from kg.stores.neo4j import PASSWORD_VARIABLE, Neo4jStore
from tests.conftest import Server
from tests.cypher.test_guard import HARMLESS, HOSTILE, VALUES
from tests.stores.fixed_graph import fixed_graph

QUICK = Limits(seconds=1.0, rows=100)
# Allowed by the guard, and more than an engine should be asked for: what the limits are for.
COSTLY = [
    "UNWIND range(1, 1000000000000) AS x RETURN sum(x)",
    "UNWIND range(1, 1000000000) AS x RETURN collect(x)",
    "UNWIND range(1, 1000000000) AS x WITH x ORDER BY x DESC LIMIT 1000000000 RETURN count(*)",
    "MATCH (a), (b), (c), (d), (e) RETURN collect([a, b, c, d, e])",
    "MATCH p = (a)-[*1..8]-(b), q = (c)-[*1..8]-(d) RETURN collect(p), collect(q)",
]


def tree(folder: Path) -> dict[str, str]:
    """All files under `folder` with the hash of what they hold."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder with the fixed graph."""
    made = tmp_path_factory.mktemp("hostile") / "graph"
    store = LadybugStore(made)
    store.replace(fixed_graph())
    store.close()
    return made


@pytest.fixture(scope="module", params=["ladybug", "neo4j"])
def store(request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """The fixed graph in each kind of store in turn."""
    made: Store = LadybugStore(folder)
    if request.param == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        made = Neo4jStore(server["uri"], server["password"])
        made.replace(fixed_graph())
    yield made
    made.close()


def test_no_hostile_query_reaches_an_engine(store: Store, folder: Path) -> None:
    files, graph = tree(folder), list(as_jsonl(store))
    for query in HOSTILE:
        if store.capabilities.embedded and from_schema(query) is not None:
            continue  # CALL db.labels(): answered by the schema alone, and no engine is asked
        with pytest.raises(QueryError, match=r"^query, line"):
            run_cypher(store, query, VALUES, QUICK)
    assert tree(folder) == files
    assert list(as_jsonl(store)) == graph


@pytest.mark.parametrize("query", COSTLY)
def test_what_takes_time_or_memory_without_end_is_stopped_in_one_line(store: Store, query: str) -> None:
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(QueryError) as caught:
        run_cypher(store, query, {}, QUICK)
    assert "\n" not in str(caught.value)
    # Not a measurement: without a limit these go on for hours. Starting the process is not the query's time.
    assert time.monotonic() - began < 60
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < 3 * MEMORY_BYTES or most == before * 1024
    assert run_cypher(store, "MATCH (n:Paper) RETURN count(n)", {}).rows == ((11,),)


def test_a_huge_answer_is_refused(store: Store) -> None:
    query = f"UNWIND range(1, 80000) AS x RETURN x, '{'0123456789' * 90}' AS text"
    with pytest.raises(QueryError, match=r"more than 64 MiB|memory limit"):
        run_cypher(store, query, {}, Limits(seconds=60, rows=None))


def test_harmless_queries_run_on_the_engine(store: Store) -> None:
    failed = {}
    for query in [*HARMLESS["portable"], *HARMLESS["embedded" if store.capabilities.embedded else "neo4j"]]:
        used = {name: value for name, value in VALUES.items() if f"${name}" in query}
        try:
            store.read(check(query, used), used, Limits(seconds=60))
        except QueryError as error:
            failed[query] = error
    assert failed == {}


SECRET = "the secret of this machine"  # noqa: S105


def _bare(pipe: Connection, folder: Path, queries: list[str]) -> None:
    """In a process of its own: what the engine answers to each of `queries`, with no guard before it."""
    store = LadybugStore(folder)
    store.read("RETURN 1 AS one, date('2024-01-31') AS day, {a: 'x'} AS map")
    _confine(sealed=True)
    for query in queries:
        try:
            pipe.send(
                str(store.read(query, {name: VALUES[name] for name in VALUES if f"${name}" in query}, QUICK).rows)
            )
        except KgError as error:
            pipe.send(error)


def test_past_the_guard_the_process_still_writes_and_reads_no_file(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET + "\n")
    out = tmp_path / "out"
    queries = [
        f"LOAD FROM '{secret}' (file_format='csv', header=false) RETURN *",
        f"COPY Paper FROM '{secret}'",
        f"COPY (MATCH (n) RETURN n.id) TO '{out}.csv'",
        f"COPY (MATCH (n) RETURN n.id) TO '{out}.parquet'",
        f"EXPORT DATABASE '{out}'",
        f"ATTACH '{out}.lbug' AS other (dbtype lbug)",
        f"IMPORT DATABASE '{tmp_path}'",
        "INSTALL httpfs",
        "CREATE (:Paper {id: 'x'})",
        "MATCH (p:Paper) DETACH DELETE p",
        "DROP TABLE Paper",
        "CREATE NODE TABLE Evil(id STRING PRIMARY KEY)",
        "RETURN 1; CREATE (:Paper {id: 'x'})",
    ]
    files, before = tree(folder), tree(tmp_path)
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_bare, args=(theirs, folder, queries), daemon=True)
    process.start()
    theirs.close()
    answers = []
    for query in queries:
        assert ours.poll(60), query
        answers.append(ours.recv())
    process.join()
    for query, answer in zip(queries, answers, strict=True):
        assert isinstance(answer, KgError), (query, answer)
        assert SECRET not in str(answer)
    assert tree(folder) == files
    assert tree(tmp_path) == before


def test_past_the_guard_the_server_still_writes_nothing(neo4j_server: Server, database: neo4j.Session) -> None:
    store = Neo4jStore(neo4j_server["uri"], neo4j_server["password"])
    store.replace(fixed_graph())
    before = list(as_jsonl(store))
    schema = "SHOW CONSTRAINTS YIELD name RETURN collect(name)"
    constraints = database.run(schema).single(strict=True)[0]
    writing = ("CREATE", "MERGE", "SET", "DELETE", "REMOVE", "DROP", "ALTER", "INSERT", "FOREACH", "RENAME", "GRANT")
    tried = 0
    for query in HOSTILE:
        first = query.lstrip().partition(" ")[0].upper()
        if not any(word in query.upper() for word in writing) or "http" in query or len(query) > 200:
            continue
        tried += 1
        with pytest.raises(KgError) if first in writing else _either():
            store.read(query, {}, QUICK)
    store.close()
    assert tried > 100
    again = Neo4jStore(neo4j_server["uri"], neo4j_server["password"])
    assert list(as_jsonl(again)) == before
    again.close()
    assert database.run(schema).single(strict=True)[0] == constraints
    assert database.run("MATCH (n) RETURN count(n)").single(strict=True)[0] == sum(
        map(len, fixed_graph().nodes.values())
    )


class _either:  # noqa: N801 - used like `pytest.raises`
    """Takes a refusal as well as an answer: only what is written counts."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, KgError)


@pytest.mark.parametrize("where", ["graph", "server"])
def test_the_command_refuses_and_stops_in_one_line(
    where: str, folder: Path, neo4j_server: Server, tmp_path: Path
) -> None:
    at = ["--graph", str(folder)] if where == "graph" else ["--store", neo4j_server["uri"]]
    environment = {**os.environ, PASSWORD_VARIABLE: neo4j_server["password"], "COLUMNS": "80"}
    if where == "server":
        with contextlib.closing(Neo4jStore(neo4j_server["uri"], neo4j_server["password"])) as store:
            store.replace(fixed_graph())

    def kg(*args: str) -> subprocess.CompletedProcess[Any]:
        command = [sys.executable, "-m", "kg", "cypher", *args, *at]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)

    for query in ("MATCH (n) DELETE n", "LOAD FROM '/etc/passwd' RETURN *", "CALL TIMEOUT=0", "RETURN 1; RETURN 2"):
        done = kg(query)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert done.stderr.startswith("kg: query, line 1:")
    for query in COSTLY[:2]:
        done = kg(query, "--timeout", "1")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "stopped a" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert "11" in kg("MATCH (p:Paper) RETURN count(p)").stdout
    assert (folder / DATABASE).exists()
