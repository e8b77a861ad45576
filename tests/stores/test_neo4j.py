"""What is particular to the server: addresses, failures that say what to do, loads cut short, other people's nodes."""

from __future__ import annotations

import os
import signal
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from kg.errors import StoreError, UsageError
from kg.export import as_jsonl
from kg.stores import open_store
from kg.stores.neo4j import Neo4jStore, version_problem
from kg.tables import GraphRows
from tests.neo4j_server import start, stop
from tests.stores.conftest import Server, running_or_skipped
from tests.stores.fixed_graph import fixed_graph


@pytest.mark.parametrize(
    ("where", "address"),
    [
        ("bolt://localhost", "bolt://localhost"),
        ("neo4j://ada@example.org:17687/papers", "neo4j://example.org:17687"),
        ("neo4j+s://a%40b@example.org/", "neo4j+s://example.org"),
        ("bolt+s://[::1]:7687?x=y", "bolt+s://[::1]:7687?x=y"),
    ],
)
def test_an_address_is_taken_apart(where: str, address: str) -> None:
    store = open_store(where)
    assert isinstance(store, Neo4jStore)
    assert store.address == address
    store.close()


@pytest.mark.parametrize(
    "where",
    ["bolt://", "neo4j://ada@", "bolt://h:x", "bolt://h:0", "bolt://h:99999", "bolt://h/a/b", "ftp://h", "bolt://[x"],
)
def test_a_malformed_address_is_wrong_use(where: str) -> None:
    with pytest.raises(UsageError):
        open_store(where)


@pytest.mark.parametrize("scheme", ["neo4j", "http"])
def test_a_password_in_an_address_is_refused_and_not_repeated(scheme: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_store(f"{scheme}://ada:secret@example.org")
    assert "secret" not in str(caught.value)


def refusal(store: Neo4jStore) -> str:
    """The error of a first read: one line, which names the address."""
    with pytest.raises(StoreError) as caught:
        store.read("RETURN 1")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{store.address}: ")
    return str(caught.value)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_nothing_there(scheme: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, and nobody listens
        assert "is Neo4j running there" in refusal(Neo4jStore(f"{scheme}://127.0.0.1:{closed.getsockname()[1]}", "x"))


def test_another_kind_of_server_is_there() -> None:
    with _answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert "is this its Bolt port" in refusal(Neo4jStore(f"bolt://127.0.0.1:{port}", "x"))


def test_a_server_that_speaks_no_version_of_ours() -> None:
    with _answering(b"\0\0\0\0") as port:
        assert "no answer over Bolt" in refusal(Neo4jStore(f"bolt://127.0.0.1:{port}", "x"))


def test_a_server_that_is_too_old() -> None:
    def message(tag: int, fields: dict[str, str]) -> bytes:
        packed = b"".join(bytes([0x80 + len(text)]) + text.encode() for pair in fields.items() for text in pair)
        body = bytes([0xB1, tag, 0xA0 + len(fields)]) + packed
        return struct.pack(">H", len(body)) + body + b"\0\0"

    hello = message(0x70, {"server": "Neo4j/4.4.38", "connection_id": "1"})
    done = message(0x70, {})
    with _answering(b"\0\0\4\4", hello, done + done) as port:  # RUN and PULL come together
        assert "is Neo4j 4.4.38; version 5 or later is needed" in refusal(Neo4jStore(f"bolt://127.0.0.1:{port}", "x"))


@pytest.mark.parametrize(
    ("agent", "sound"),
    [
        ("Neo4j/5.26.16", True),
        ("Neo4j/2025.06.2", True),
        ("Neo4j/4.4.38", False),
        ("Neo4j/3.5", False),
        ("Other/1", True),
    ],
)
def test_versions(agent: str, sound: bool) -> None:
    assert (version_problem(agent) == "") == sound


def test_a_wrong_password(neo4j_server: Server) -> None:
    said = refusal(Neo4jStore(neo4j_server["uri"], "not-the-word"))
    assert "correct KG_NEO4J_PASSWORD" in said
    assert "not-the-word" not in said


def test_no_password(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_NEO4J_PASSWORD", raising=False)
    assert "put it into the environment variable KG_NEO4J_PASSWORD" in refusal(Neo4jStore(neo4j_server["uri"]))


def test_the_password_comes_from_the_environment(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_NEO4J_PASSWORD", neo4j_server["password"])
    for where in (neo4j_server["uri"], neo4j_server["uri"].replace("bolt://", "neo4j://neo4j@") + "/neo4j"):
        store = open_store(where)
        assert store.read("RETURN 1 AS one").rows == ((1,),)
        store.close()


def test_a_database_that_is_not_there(neo4j_server: Server) -> None:
    store = Neo4jStore(neo4j_server["uri"] + "/elsewhere", neo4j_server["password"])
    assert "has no database elsewhere" in refusal(store)


def test_other_peoples_nodes_and_relationships_stay(server_store: Neo4jStore, database: neo4j.Session) -> None:
    server_store.replace(fixed_graph())
    database.run(
        "MATCH (p:Paper {id: 'arxiv:1'}), (q:Paper {id: 'arxiv:2'}) "
        "CREATE (t:Team {id: 'ours'})-[:READ]->(p), (t)-[:USES]->(p), (p)-[:DISCUSSED_WITH]->(q)"
    ).consume()
    server_store.replace(fixed_graph())
    assert database.run("MATCH (t:Team) RETURN count(t)").single(strict=True)[0] == 1
    for kind in ("READ", "DISCUSSED_WITH"):
        assert database.run(f"MATCH ()-[r:{kind}]->() RETURN count(r)").single(strict=True)[0] == 1
    assert database.run("MATCH (:Team)-[r:USES]->() RETURN count(r)").single(strict=True)[0] == 1


def test_what_others_did_to_our_part_is_undone(server_store: Neo4jStore, database: neo4j.Session) -> None:
    server_store.replace(fixed_graph())
    before = list(as_jsonl(server_store))
    for damage in (
        "MATCH (p:Paper {id: 'arxiv:1'})-[r:USES]->(m) CREATE (p)-[:USES {evidence: 'twice'}]->(m)",
        "MATCH (p:Paper {id: 'arxiv:1'}), (m:Model {id: 'model:clip'}) CREATE (m)-[:USES]->(p)",
        "MATCH (m:Model {id: 'model:clip'}) SET m.name = 'Clop', m.colour = 'red'",
        "CREATE (:Paper {title: 'no id'}), (:Paper {id: 7}), (:Paper {id: ['a']}), (:Model {id: 'stray'})",
        "MATCH (m:Model {id: 'model:llama'}) DETACH DELETE m",
    ):
        database.run(damage).consume()
    server_store.replace(fixed_graph())
    assert list(as_jsonl(server_store)) == before
    assert database.run("MATCH (n) RETURN count(n)").single(strict=True)[0] == sum(
        map(len, fixed_graph().nodes.values())
    )
    counted = database.run("MATCH ()-[r]->() RETURN count(r)").single(strict=True)[0]
    assert counted == sum(map(len, fixed_graph().relationships.values()))
    assert database.run("MATCH (m:Model {id: 'model:clip'}) RETURN m.colour").single(strict=True)[0] is None


def test_ids_are_unique_from_the_first_load_on(server_store: Neo4jStore, database: neo4j.Session) -> None:
    server_store.replace(GraphRows())
    found = database.run("SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties").values()
    assert sorted(found) == sorted(["UNIQUENESS", [label], ["id"]] for label in fixed_graph().nodes)


def test_doubled_ids_of_other_hands_are_named(server_store: Neo4jStore, database: neo4j.Session) -> None:
    database.run("CREATE (:Model {id: 'x'}), (:Model {id: 'x'})").consume()
    with pytest.raises(StoreError, match="`Model`"):
        server_store.replace(fixed_graph())


def test_an_id_too_long_for_the_index_is_named_before_anything_is_written(server_store: Neo4jStore) -> None:
    url = "https://example.org/" + "é" * 4500
    graph = GraphRows({"Page": [{"id": url, "name": "x", "kind": "other", "url": url}]}, {})
    with pytest.raises(StoreError, match=r"Page https://example\.org/é+…: .* this one has 9,020"):
        server_store.replace(graph)
    assert not server_store.exists()


def test_a_load_in_more_than_one_batch(server_store: Neo4jStore) -> None:
    # One more than a transaction takes by rows, then some that are cut by their length.
    rows = [{"id": f"{i:05}", "name": "n", "kind": "other", "url": "u"} for i in range(5001)]
    rows += [{"id": f"long{i}", "name": "n" * 1_500_000, "kind": "other", "url": "u"} for i in range(4)]
    seen: list[tuple[int, int]] = []
    server_store.replace(GraphRows({"Page": rows}, {}), lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == [5000, 5004, 5005]
    server_store.replace(GraphRows({"Page": rows[:1]}, {}))
    assert server_store.read("MATCH (n:Page) RETURN n.id").rows == (("00000",),)


def test_a_server_gone_in_mid_load_is_one_line_and_the_next_load_mends(tmp_path: Path) -> None:
    home, file, graph = tmp_path / "home", tmp_path / "server.json", fixed_graph()
    with running_or_skipped(home) as server:
        store = Neo4jStore(server["uri"], server["password"])
        store.replace(GraphRows())

        def kill(done: int, total: int) -> None:
            if done > total // 2:
                os.killpg(server["pid"], signal.SIGKILL)

        with pytest.raises(StoreError) as caught:
            store.replace(graph, kill)
        assert "\n" not in str(caught.value)
        assert "went away after" in str(caught.value)
        assert "load again" in str(caught.value)
        store.close()
    try:
        again = start(file, home)
        store = Neo4jStore(again["uri"], again["password"])
        assert 0 < store.read("MATCH (n) RETURN count(n)").rows[0][0] <= sum(map(len, graph.nodes.values()))
        store.replace(graph)
        assert len(list(as_jsonl(store))) == sum(map(len, (*graph.nodes.values(), *graph.relationships.values())))
        store.close()
    finally:
        stop(file)


class _answering:  # noqa: N801 - used like a function
    """A port on which a server says each of `answers` in turn, whatever it is asked, to each who connects."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = answers
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> int:
        self._thread.start()
        return int(self._server.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        for connection in self._connections():
            with connection:
                for answer in self._answers:
                    if not connection.recv(65536):
                        break
                    connection.sendall(answer)

    def _connections(self) -> Iterator[socket.socket]:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed
                return
            connection.settimeout(10)
            yield connection
