"""Which part of a stored graph to draw: all of it, what is around a name, or what a query answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kg.errors import UsageError
from kg.export import nodes, relationships
from kg.records import Node, Relationship
from kg.schema import THING_LABELS
from kg.stores.base import Limits, Rows, Store

Part = tuple[list[Node], list[Relationship]]
_LIMITS = Limits(seconds=60, rows=None)


def whole(store: Store) -> Part:
    """All nodes and relationships."""
    return list(nodes(store)), list(relationships(store))


def around(store: Store, name: str, *, most: int = 300) -> Part:
    """The thing or paper called `name` (or an alias, in any case), its papers, and the `most` papers' other things.

    Raises `UsageError` where nothing has that name.
    """
    centres = _named(store, name)
    if not centres:
        raise UsageError(
            f"nothing in the graph is called {name!r}; `kg query find --name {name!r}` looks for parts of it"
        )
    papers = _neighbours(store, [node.id for node in centres])[:most]
    return _between(store, [*centres, *papers, *_neighbours(store, [node.id for node in papers])])


def from_rows(store: Store, answer: Rows) -> Part:
    """The nodes of an answer and what joins them: its nodes and relationships, and the nodes its text cells are ids of.

    Raises `UsageError` where it holds none.
    """
    cells = [cell for row in answer.rows for value in row for cell in _inner(value)]
    found = [cell for cell in cells if isinstance(cell, Node)]
    found += _by_id(store, sorted(set(cell_ids(answer)) - {node.id for node in found}))
    if not found:
        raise UsageError("the answer holds no nodes to draw; return nodes, relationships, or ids (`RETURN n.id`)")
    return _between(store, found)


def cell_ids(answer: Rows) -> list[str]:
    """The ids of the nodes and of the ends of relationships in an answer, and its texts that could be ids; in order."""
    found: dict[str, None] = {}
    for cell in (cell for row in answer.rows for value in row for cell in _inner(value)):
        if isinstance(cell, Node):
            found[cell.id] = None
        elif isinstance(cell, Relationship):
            found.update(dict.fromkeys((cell.start, cell.end)))
        elif isinstance(cell, str) and len(cell) < 500:
            found[cell] = None
    return list(found)


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _inner(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _inner(item)
    else:
        yield value


def _unique(found: Iterable[Node]) -> list[Node]:
    return list({node.id: node for node in found}.values())


def _by_id(store: Store, ids: list[str]) -> list[Node]:
    return [
        row[0] for row in store.read("MATCH (n) WHERE n.id IN $ids RETURN n ORDER BY n.id", {"ids": ids}, _LIMITS).rows
    ]


def _named(store: Store, name: str) -> list[Node]:
    things = "|".join(THING_LABELS)
    query = (
        f"WITH toLower($name) AS wanted MATCH (n:{things}|Paper|Repository) WITH n, wanted "
        "WHERE toLower(n.name) = wanted OR any(alias IN n.aliases WHERE toLower(alias) = wanted) RETURN n ORDER BY n.id"
    )
    return [row[0] for row in store.read(query, {"name": name}, _LIMITS).rows]


def _neighbours(store: Store, ids: list[str]) -> list[Node]:
    query = "MATCH (a)--(n) WHERE a.id IN $ids RETURN DISTINCT n ORDER BY n.id"
    return [row[0] for row in store.read(query, {"ids": ids}, _LIMITS).rows]


def _between(store: Store, found: Iterable[Node]) -> Part:
    """`found`, each once, and every relationship that joins two of them."""
    chosen = _unique(found)
    query = "MATCH (a)-[r]->(b) WHERE a.id IN $ids AND b.id IN $ids RETURN r"
    joined = [row[0] for row in store.read(query, {"ids": [node.id for node in chosen]}, _LIMITS).rows]
    return chosen, sorted(joined, key=lambda r: (r.type, r.start, r.end))
