"""A part of a graph on disk, for the forms that put together what the graph keeps apart."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from kg.export.part import Part
from kg.export.text import as_json
from kg.records import Node, Relationship


class Spool:
    """Nodes by id, and relationships by either end, in an SQLite file. Days come back as texts."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def fill(self, part: Part, types: Collection[str] | None = None, labels: Collection[str] | None = None) -> None:
        """Read the nodes of `labels` and the relationships of `types` (`None`: all) of `part`."""
        base = self._base
        base.execute("CREATE TABLE nodes (id TEXT PRIMARY KEY, label TEXT, name TEXT, own TEXT)")
        base.execute("CREATE TABLE facts (type TEXT, source TEXT, target TEXT, own TEXT)")
        base.execute("CREATE TABLE sorted (key TEXT, own TEXT)")
        for kind in part.kinds():
            if labels is None or kind.label in labels:
                rows = (
                    (node.id, node.label, node.properties.get("name"), as_json(node.properties))
                    for node in part.nodes_of(kind)
                )
                base.executemany("INSERT INTO nodes VALUES (?, ?, ?, ?)", rows)
        for relation, source, target in part.pairs():
            if types is None or relation.name in types:
                facts = (
                    (fact.type, fact.start, fact.end, as_json(fact.properties))
                    for fact in part.relationships_of(relation, source, target)
                )
                base.executemany("INSERT INTO facts VALUES (?, ?, ?, ?)", facts)
        base.execute("CREATE INDEX by_source ON facts (source)")
        base.execute("CREATE INDEX by_target ON facts (target)")

    def node(self, key: str) -> Node | None:
        """The node with this id."""
        row = self._base.execute("SELECT label, own FROM nodes WHERE id = ?", (key,)).fetchone()
        return None if row is None else Node(row[0], json.loads(row[1]))

    def head(self, key: str) -> Node | None:
        """The node with this id, with no more than its id and its name."""
        row = self._base.execute("SELECT label, name FROM nodes WHERE id = ?", (key,)).fetchone()
        return None if row is None else Node(row[0], {"id": key, "name": row[1]})

    def facts_from(self, key: str) -> Iterator[Relationship]:
        """The relationships that start at a node, in the order they were read."""
        rows = self._base.execute("SELECT type, source, target, own FROM facts WHERE source = ? ORDER BY rowid", (key,))
        return (Relationship(kind, start, end, json.loads(own)) for kind, start, end, own in rows)

    def facts_to(self, key: str) -> Iterator[Relationship]:
        """The relationships that end at a node, in the order they were read."""
        rows = self._base.execute("SELECT type, source, target, own FROM facts WHERE target = ? ORDER BY rowid", (key,))
        return (Relationship(kind, start, end, json.loads(own)) for kind, start, end, own in rows)

    def nodes(self, label: str) -> Iterator[Node]:
        """The nodes of a label, by id."""
        rows = self._base.execute("SELECT label, own FROM nodes WHERE label = ? ORDER BY id", (label,))
        return (Node(found, json.loads(own)) for found, own in rows)

    def in_order(self, items: Iterator[tuple[list[Any], Any]]) -> Iterator[tuple[list[Any], Any]]:
        """`items`, pairs of a list of texts and of what JSON can hold, by the list; equal lists stay in order."""
        self._base.execute("DELETE FROM sorted")
        rows = ((json.dumps(key), as_json(own)) for key, own in items)
        self._base.executemany("INSERT INTO sorted VALUES (?, ?)", rows)
        for key, own in self._base.execute("SELECT key, own FROM sorted ORDER BY key, rowid"):
            yield json.loads(key), json.loads(own)


@contextmanager
def spooled(part: Part, types: Collection[str] | None = None, labels: Collection[str] | None = None) -> Iterator[Spool]:
    """A spool of `part`; its file is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="kg-export-") as folder,
        closing(sqlite3.connect(Path(folder) / "spool.sqlite")) as base,
    ):
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        spool = Spool(base)
        spool.fill(part, types, labels)
        yield spool
