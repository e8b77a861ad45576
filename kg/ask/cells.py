"""Answers as the page reads them: cells of rows, names of nodes, sentences. All text goes through `payload`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from kg.ask.search import Entry, Index
from kg.ask.words import clean, marked, plain
from kg.records import Node, Relationship
from kg.stores import Rows

_CELL_LENGTH = 2_000
_LISTED = 200  # values of a list that are shown


def named(entry: Entry) -> dict[str, Any]:
    """A node as a list shows it."""
    found: dict[str, Any] = {"id": entry.id, "label": entry.label, "name": clean(entry.name, 300) or "(no name)"}
    if entry.weight:
        found["papers"] = entry.weight
    if entry.day:
        found["day"] = entry.day.isoformat()
    return found


def reference(index: Index, key: str) -> dict[str, Any] | None:
    """The node `key` as a list shows it; None where it has no name to look for."""
    entry = index.get(key)
    return named(entry) if entry else None


def quote(evidence: object, surfaces: Sequence[str]) -> dict[str, Any] | None:
    """A sentence with the place of its mention, counted in UTF-16 units; None where none is kept."""
    return marked(str(evidence), [str(one) for one in surfaces if one]) if evidence else None


# Columns whose texts are no names, though a node may be called the same.
NO_NAMES = frozenset(("type", "role", "unit", "evidence", "year", "why", "reason", "label"))


def table(answer: Rows, index: Index) -> dict[str, Any]:
    """Columns, rows of cells, and whether rows were left out.

    A cell is a number, a text, None, or an object: `{"node": …}`, `{"relationship": type, "from": …, "to": …}`,
    `{"list": […]}`, `{"map": […]}`. A text that is the id or the whole name of a node of the graph is its node.
    """
    names = [column.lower() not in NO_NAMES for column in answer.columns]
    return {
        "columns": [clean(column, 200) for column in answer.columns],
        "rows": [[_cell(value, index, own) for value, own in zip(row, names, strict=True)] for row in answer.rows],
        "cut": answer.cut,
    }


def _cell(value: Any, index: Index, name: bool) -> Any:
    if isinstance(value, Node):
        called = next((text for key in ("name", "title", "id") if (text := value.properties.get(key))), "(no name)")
        return {"node": {"id": value.id, "label": value.label, "name": clean(str(called), 300)}}
    if isinstance(value, Relationship):
        return {"relationship": clean(value.type, 60), "from": value.start, "to": value.end}
    if isinstance(value, list | tuple):
        return {"list": [_cell(item, index, name) for item in value[:_LISTED]], "more": max(len(value) - _LISTED, 0)}
    if isinstance(value, dict):
        return {
            "map": [[clean(str(key), 200), _cell(item, index, name)] for key, item in list(value.items())[:_LISTED]]
        }
    if isinstance(value, str):
        if entry := index.get(value):
            return {"node": {**named(entry), "name": clean(value, 300)}}  # an id stays what it is
        entry = index.called(value) if name else None
        return {"node": named(entry)} if entry else clean(value, _CELL_LENGTH)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return plain(value)


def drawn(answer: Rows, index: Index) -> list[str]:
    """The ids of the nodes that a picture of an answer holds: its nodes, and those whose id or whole name stands in it.

    Texts that are neither stay among them: the id of a node that has no name to look for is such a text.
    """
    columns = [place for place, name in enumerate(answer.columns) if name.lower() not in NO_NAMES]
    named = Rows(answer.columns, tuple(tuple(row[place] for place in columns) for row in answer.rows))
    found = []
    for text in cell_ids(named):
        entry = None if index.get(text) else index.called(text)
        found.append(entry.id if entry else text)
    return found


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
