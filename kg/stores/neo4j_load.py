"""How a graph gets into a Neo4j database: constraints, batches of upserts, then removal of what is no longer in it.

Every step may be done again without harm, so that a failed transaction is retried and a load that was killed is mended
by the next one. Labels and types come from `kg.schema`; all else goes in as parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import neo4j

from kg.errors import StoreError
from kg.schema import NODES, RELATIONSHIPS
from kg.stores.base import GraphRowsLike, LoadProgress, storable

Row = dict[str, Any]
# Name and statement. `IF NOT EXISTS` also leaves alone a constraint of the same kind with another name.
CONSTRAINTS = tuple(
    (
        f"kg_{node.label.lower()}_id",
        f"CREATE CONSTRAINT kg_{node.label.lower()}_id IF NOT EXISTS FOR (n:`{node.label}`) REQUIRE n.id IS UNIQUE",
    )
    for node in NODES
)
_LABELS = frozenset(node.label for node in NODES)
# A transaction holds so many rows at most, or so many characters: the server keeps it in memory until it commits.
_BATCH_ROWS = 5000
_BATCH_CHARACTERS = 4_000_000
_INDEX_SECONDS = 300
# The server's index takes a key of 8,167 bytes at most, with what it adds.
_ID_BYTES = 8000


def load(session: neo4j.Session, rows: GraphRowsLike, progress: LoadProgress) -> None:
    """Make the database hold exactly `rows`. Raises `StoreError` before anything is written where that cannot be."""
    nodes, relationships = rows.nodes, rows.relationships
    ids = {label: {storable(row["id"]) for row in part} for label, part in nodes.items()}
    _check(ids, relationships)
    for _, statement in CONSTRAINTS:
        session.execute_write(_run, statement)
    session.run("CALL db.awaitIndexes($seconds)", {"seconds": _INDEX_SECONDS}).consume()

    total = sum(map(len, (*nodes.values(), *relationships.values())))
    done = 0
    for node in NODES:
        own = [name for name, _ in node.properties]
        for batch in _batches(nodes.get(node.label, []), ("id",), own):
            statement = f"UNWIND $rows AS row MERGE (n:`{node.label}` {{id: row.id}}) SET n = row.own"
            session.execute_write(_run, statement, rows=batch)
            done += len(batch)
            progress(done, total)
    for kind in RELATIONSHIPS:
        own = [name for name, _ in kind.properties]
        for source, target in kind.pairs:
            part = relationships.get((kind.name, source, target), [])
            for batch in _batches(part, ("from", "to"), own):
                statement = (
                    f"UNWIND $rows AS row MATCH (a:`{source}` {{id: row.from}}) MATCH (b:`{target}` {{id: row.to}}) "
                    f"MERGE (a)-[r:`{kind.name}`]->(b) SET r = row.own"
                )
                session.execute_write(_run, statement, rows=batch)
                done += len(batch)
                progress(done, total)
    for kind in RELATIONSHIPS:
        keep = {
            (source, storable(row["from"]), target, storable(row["to"]))
            for source, target in kind.pairs
            for row in relationships.get((kind.name, source, target), [])
        }
        stale = session.execute_read(_stale_relationships, kind.name, keep)
        _remove(session, f"MATCH ()-[r:`{kind.name}`]->() WHERE elementId(r) = i DELETE r", stale)
    for label in _LABELS:
        stale = session.execute_read(_stale_nodes, label, ids.get(label, set()))
        _remove(session, f"MATCH (n:`{label}`) WHERE elementId(n) = i DETACH DELETE n", stale)


def _check(ids: dict[str, set[str]], relationships: dict[tuple[str, str, str], list[Row]]) -> None:
    """Raise `StoreError` for what the server would refuse half-way, or drop without a word."""
    for label, own in ids.items():
        for key in own:
            if len(key) > _ID_BYTES or len(key.encode()) > _ID_BYTES:
                raise StoreError(
                    f"{label} {key[:60]}…: Neo4j takes ids of {_ID_BYTES:,} bytes at most and this one has "
                    f"{len(key.encode()):,}; leave it out of the feed"
                )
    for (name, source, target), part in relationships.items():
        for row in part:
            for label, key in ((source, storable(row["from"])), (target, storable(row["to"]))):
                if key not in ids.get(label, ()):
                    raise StoreError(f"{name} from {row['from']} to {row['to']}: the graph has no {label} {key}")


def _run(transaction: neo4j.ManagedTransaction, /, statement: str, **parameters: Any) -> None:
    transaction.run(statement, parameters).consume()


def _batches(rows: Iterable[Row], keys: Iterable[str], names: Iterable[str]) -> Iterator[list[Row]]:
    """Parts of `rows` for one transaction each: the keys, and as `own` those of the properties that are not null."""
    batch: list[Row] = []
    characters = 0
    for row in rows:
        own = {name: storable(row[name]) for name in names if row.get(name) is not None}
        batch.append({**{key: storable(row[key]) for key in keys}, "own": own})
        characters += sum(len(value) for value in own.values() if isinstance(value, str))
        if len(batch) == _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _stale_nodes(transaction: neo4j.ManagedTransaction, label: str, keep: set[str]) -> list[str]:
    """The server's ids of nodes with `label` that are not among `keep`."""
    result = transaction.run(f"MATCH (n:`{label}`) RETURN n.id, elementId(n)")
    return [element for key, element in result if not isinstance(key, str) or key not in keep]


def _stale_relationships(
    transaction: neo4j.ManagedTransaction, name: str, keep: set[tuple[str, str, str, str]]
) -> list[str]:
    """The server's ids of relationships of type `name` between nodes of ours that are not among `keep`, or twice."""
    stale: list[str] = []
    seen: set[tuple[str, str, str, str]] = set()
    query = f"MATCH (a)-[r:`{name}`]->(b) RETURN labels(a), a.id, labels(b), b.id, elementId(r)"
    for from_labels, start, to_labels, end, element in transaction.run(query):
        ends = [(one, other) for one in _LABELS.intersection(from_labels) for other in _LABELS.intersection(to_labels)]
        keys = [(one, str(start), other, str(end)) for one, other in ends]
        wanted = next((key for key in keys if key in keep and key not in seen), None)
        if wanted:
            seen.add(wanted)
        elif keys:
            stale.append(element)
    return stale


def _remove(session: neo4j.Session, match: str, elements: list[str]) -> None:
    for first in range(0, len(elements), _BATCH_ROWS):
        session.execute_write(_run, f"UNWIND $elements AS i {match}", elements=elements[first : first + _BATCH_ROWS])
