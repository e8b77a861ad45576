"""What of a stored graph goes out: all of it, or what the filters leave; read in pages, so that memory stays small.

The order is the same for equal graphs: labels and types as in the schema, then by id.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kg.ask.named import find_query, run_query
from kg.errors import UsageError
from kg.records import Node, Relationship
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS, NodeType, PropertyType, RelationshipType
from kg.stores import Limits, Store

ALL_ROWS = Limits(seconds=600, rows=None)
# Rows read at once. The store sorts all rows for each page: fewer pages are quicker, smaller ones need less memory.
PAGE = 20_000
# The embedded engine keeps what it has read, up to a gigabyte. Closed after so many rows, it gives that back.
_KEPT = 20_000
# Ids that are handed to the store; with more of them it is quicker to read all rows and to leave out here.
_FEW = 500
Pair = tuple[RelationshipType, str, str]


class Part:
    """The nodes and relationships that an export holds.

    `papers` are the ids of the papers that stay (`None`: all), `types` the labels (none: all). Facts less sure than
    `min_confidence` go, and so does a node other than a paper that nothing joins to a paper any more.
    `counted` says how many of each label and type were read last.
    """

    def __init__(
        self,
        store: Store,
        *,
        papers: Collection[str] | None = None,
        feed: str = "",
        types: Collection[str] = (),
        min_confidence: float = 0.0,
        abstracts: bool = True,
    ) -> None:
        self.store = store
        self.counted: Counter[str] = Counter()
        self._papers = None if papers is None else frozenset(papers)
        self._few = sorted(self._papers) if self._papers is not None and len(self._papers) <= _FEW else None
        self._feed = feed
        self._types = frozenset(types)
        self._least = min_confidence
        self._abstracts = abstracts
        self._joined: set[str] | None = None
        self._read = 0

    def kinds(self) -> Iterator[NodeType]:
        """The labels that stay."""
        return (kind for kind in NODES if not self._types or kind.label in self._types)

    def pairs(self) -> Iterator[Pair]:
        """The types of relationships that stay, with the labels they join."""
        stay = {kind.label for kind in self.kinds()}
        for kind in RELATIONSHIPS:
            for source, target in kind.pairs:
                if source in stay and target in stay:
                    yield kind, source, target

    def relationship_kinds(self) -> Iterator[RelationshipType]:
        """The types of relationships that stay, each once."""
        stay = {kind.name for kind, _, _ in self.pairs()}
        return (kind for kind in RELATIONSHIPS if kind.name in stay)

    def properties(self, kind: NodeType) -> Sequence[tuple[str, PropertyType]]:
        """The properties of a label that go out, `id` first."""
        return [part for part in kind.properties if self._abstracts or part[0] != "abstract"]

    def nodes(self) -> Iterator[Node]:
        """All nodes that stay."""
        for kind in self.kinds():
            yield from self.nodes_of(kind)

    def nodes_of(self, kind: NodeType) -> Iterator[Node]:
        """The nodes of one label, by id."""
        names = [name for name, _ in self.properties(kind)]
        count = 0
        for values in self._pages(kind, names):
            if self._stays(kind.label, values[0]):
                count += 1
                yield Node(kind.label, dict(zip(names, values, strict=True)))
        self.counted[kind.label] = count

    def relationships(self) -> Iterator[Relationship]:
        """All relationships that stay."""
        for kind, source, target in self.pairs():
            yield from self.relationships_of(kind, source, target)

    def relationships_of(self, kind: RelationshipType, source: str, target: str) -> Iterator[Relationship]:
        """The relationships of one type from one label to another, by the ids of their ends."""
        names = [name for name, _ in kind.properties]
        count = 0
        for start, end, *values in self._between(kind, source, target, names):
            own = dict(zip(names, values, strict=True))
            if self._sure(own.get("confidence")) and self._stays(source, start) and self._stays(target, end):
                count += 1
                yield Relationship(kind.name, start, end, own)
        self.counted[f"{source}-{kind.name}-{target}"] = count

    def _sure(self, confidence: Any) -> bool:
        return confidence is None or confidence >= self._least

    def _stays(self, label: str, key: str) -> bool:
        if label == "Paper":
            return self._papers is None or key in self._papers
        if label == "Feed" and self._feed:
            return key == self._feed
        if self._papers is None and not self._least:
            return True
        if self._joined is None:
            self._joined = self._join()
        return key in self._joined

    def _join(self) -> set[str]:
        """The ids of the nodes that a relationship joins to a paper that stays, or to a result of one."""
        joined: set[str] = set()
        for whole in (False, True):  # the papers' own facts first, then what their results are of
            for kind in RELATIONSHIPS:
                sure = ["confidence"] if any(name == "confidence" for name, _ in kind.properties) else []
                for source, target in kind.pairs:
                    if whole != ("Paper" not in (source, target)) or (whole and source != "Result"):
                        continue
                    for start, end, *values in self._between(kind, source, target, sure):
                        paper, other = (end, start) if target == "Paper" else (start, end)
                        known = paper in joined if whole else self._papers is None or paper in self._papers
                        if known and all(map(self._sure, values)):
                            joined.add(other)
        return joined

    def _rows(self, statement: str, given: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
        """The rows of one statement."""
        rows = self.store.read(statement, given, ALL_ROWS).rows
        self._read += len(rows)
        if self._read >= _KEPT and self.store.capabilities.embedded:
            self.store.close()  # it opens again when it is read
            self._read = 0
        return rows

    def _pages(self, kind: NodeType, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The values of `names` (the first is `id`) of all nodes of a label that may stay, by id."""
        columns = ", ".join(f"n.`{name}` AS c{number}" for number, name in enumerate(names))
        few = self._few if kind.label == "Paper" else None
        where = "n.id IN $ids AND n.id > $after" if few is not None else "n.id > $after"
        text = f"MATCH (n:`{kind.label}`) WHERE {where} RETURN {columns} ORDER BY c0 LIMIT {PAGE}"
        after = ""
        while True:
            given = {"after": after} if few is None else {"after": after, "ids": few}
            rows = self._rows(text, given)
            yield from rows
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def _between(
        self, kind: RelationshipType, source: str, target: str, names: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Start, end and the values of `names` of all relationships that may stay, by start, end and values."""
        own = "".join(f", r.`{name}` AS c{number}" for number, name in enumerate(names))
        where = "(a.id > $source OR (a.id = $source AND b.id > $target))"
        given: dict[str, Any] = {"source": "", "target": ""}
        if self._few is not None and "Paper" in (source, target):
            where += f" AND {'b' if target == 'Paper' else 'a'}.id IN $ids"
            given["ids"] = self._few
        page = PAGE
        while True:
            rows = self._rows(
                f"MATCH (a:`{source}`)-[r:`{kind.name}`]->(b:`{target}`) WHERE {where} "
                f"RETURN a.id AS source, b.id AS target{own} ORDER BY source, target LIMIT {page}",
                given,
            )
            whole = len(rows) < page
            if not whole:  # the last pair may go on: it is read again with the next page
                last = rows[-1][:2]
                rows = tuple(row for row in rows if row[:2] != last)
                if not rows:
                    page *= 2
                    continue
            yield from _in_order(rows)
            if whole:
                return
            given["source"], given["target"] = rows[-1][:2]
            page = PAGE


def _in_order(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """`rows`, which are by their first two values, and where those are equal by the rest."""
    same: list[tuple[Any, ...]] = []
    for row in rows:
        if same and same[0][:2] != row[:2]:
            yield from same if len(same) == 1 else sorted(same, key=_key)
            same = []
        same.append(row)
    yield from same if len(same) == 1 else sorted(same, key=_key)


def _key(row: tuple[Any, ...]) -> str:
    return json.dumps(row, default=str)


def chosen(
    store: Store,
    *,
    query: str = "",
    parameters: Mapping[str, str] | None = None,
    feed: str = "",
    types: Collection[str] = (),
    min_confidence: float = 0.0,
    abstracts: bool = True,
) -> Part:
    """The part of `store` that the filters leave; see `kg.export.export`. Raises `UsageError` for what is not there."""
    labels = {kind.label.lower(): kind.label for kind in NODES}
    wanted = []
    for name in types:
        if name.lower() not in labels:
            raise UsageError(f"no type {name!r}; there are: {', '.join(NODE_BY_LABEL)}")
        wanted.append(labels[name.lower()])
    if not 0 <= min_confidence <= 1:
        raise UsageError(f"the least confidence is from 0 to 1, not {min_confidence:g}")
    if parameters and not query:
        raise UsageError("parameters are for a named query; say which with --query NAME")
    papers = _of_query(store, query, parameters or {}) if query else None
    name = ""
    if feed:
        name, listed = _of_feed(store, feed)
        papers = listed if papers is None else papers & listed
    return Part(store, papers=papers, feed=name, types=wanted, min_confidence=min_confidence, abstracts=abstracts)


def _of_feed(store: Store, feed: str) -> tuple[str, set[str]]:
    """The id of the feed called `feed`, and the ids of the papers it lists."""
    found = store.read(
        "MATCH (f:Feed) WHERE f.id = $feed OR f.name = $feed RETURN f.id ORDER BY f.id", {"feed": feed}, ALL_ROWS
    )
    if not found.rows:
        known = [str(row[0]) for row in store.read("MATCH (f:Feed) RETURN f.name ORDER BY f.name", {}, ALL_ROWS).rows]
        near = difflib.get_close_matches(feed, known, 3, 0.4) or known[:3]
        raise UsageError(f"no feed is called {feed!r}; there are: {', '.join(map(repr, near)) or 'none'}")
    key = found.rows[0][0]
    rows = store.read("MATCH (f:Feed)-[:LISTS]->(p:Paper) WHERE f.id = $id RETURN p.id", {"id": key}, ALL_ROWS).rows
    return key, {row[0] for row in rows}


def _of_query(store: Store, name: str, parameters: Mapping[str, str]) -> set[str]:
    """The ids of the papers in the answer of a named query: by their ids, or else by their titles."""
    query = find_query(name)
    answer = run_query(store, query, parameters, Limits(seconds=120, rows=None))
    texts = {cell for row in answer.rows for cell in row if isinstance(cell, str)}
    papers = _papers(store, "id", {text for text in texts if ":" in text})
    if not papers:
        titles = {row[i] for i, column in enumerate(answer.columns) if "paper" in column for row in answer.rows}
        papers = _papers(store, "title", {title for title in titles if isinstance(title, str)})
    if not papers:
        why = "gives no rows" if not answer.rows else "names no papers"
        raise UsageError(
            f"the answer of {query.name} {why}; choose a query whose answer has papers, `kg query` says which"
        )
    return papers


def _papers(store: Store, key: str, values: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(values)
    for at in range(0, len(ordered), 1000):
        rows = store.read(
            f"MATCH (p:Paper) WHERE p.{key} IN $values RETURN p.id", {"values": ordered[at : at + 1000]}, ALL_ROWS
        )
        found.update(row[0] for row in rows.rows)
    return found
