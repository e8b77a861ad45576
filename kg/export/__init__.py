"""A stored graph as files that other programs read; sorted, so that equal graphs give equal bytes.

Formats: `jsonl` (a node or relationship a line), `csv` (a folder, one file a label and a type), `graphml` and `gexf`
(NetworkX), `neo4j-admin` (a folder for Neo4j's own import tool).
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx

from kg.errors import StoreError, UsageError
from kg.records import Node, Relationship
from kg.schema import NODES, RELATIONSHIPS, NodeType, RelationshipType
from kg.stores.base import Limits, Store

ALL_ROWS = Limits(seconds=600, rows=None)
# What XML 1.0 cannot hold at all, escaped or not.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), " ")


def nodes(store: Store) -> Iterator[Node]:
    """All nodes: labels in the order of the schema, then by id."""
    for kind in NODES:
        yield from nodes_of(store, kind)


def nodes_of(store: Store, kind: NodeType) -> Iterator[Node]:
    """The nodes of one label, by id."""
    for (node,) in store.read(f"MATCH (n:{kind.label}) RETURN n ORDER BY n.id", limits=ALL_ROWS).rows:
        yield node


def relationships(store: Store) -> Iterator[Relationship]:
    """All relationships: types in the order of the schema, then by the ids of their ends."""
    for kind in RELATIONSHIPS:
        for source, target in kind.pairs:
            yield from relationships_of(store, kind, source, target)


def relationships_of(store: Store, kind: RelationshipType, source: str, target: str) -> Iterator[Relationship]:
    """The relationships of one type from one label to another, by the ids of their ends."""
    names = [name for name, _ in kind.properties]
    own = "".join(f", r.`{name}`" for name in names)
    pattern = f"(a:{source})-[r:{kind.name}]->(b:{target})"
    query = f"MATCH {pattern} RETURN a.id AS source, b.id AS target{own} ORDER BY source, target"
    for start, end, *values in store.read(query, limits=ALL_ROWS).rows:
        yield Relationship(kind.name, start, end, dict(zip(names, values, strict=True)))


def as_jsonl(store: Store) -> Iterator[str]:
    """A line for each node, then one for each relationship."""
    for node in nodes(store):
        yield _json({"label": node.label, **node.properties})
    for relationship in relationships(store):
        yield _json(
            {"type": relationship.type, "from": relationship.start, "to": relationship.end, **relationship.properties}
        )


def write_csv(store: Store, folder: Path) -> None:
    """A file for each label and each type, in `folder`, which is made; lists are JSON."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for node in nodes(store):
        tables.setdefault(node.label, []).append(node.properties)
    for relationship in relationships(store):
        ends = {"from": relationship.start, "to": relationship.end}
        tables.setdefault(relationship.type, []).append(ends | relationship.properties)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
            (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error}); choose another -o") from None


def as_networkx(store: Store) -> nx.MultiDiGraph:
    """The graph for NetworkX: lists and dates as text and no nulls, as its file formats want it."""
    graph = nx.MultiDiGraph()
    for node in nodes(store):
        graph.add_node(node.id, label=node.label, **_xml_safe(node.properties, skip=("id", "label")))
    for relationship in relationships(store):
        own = _xml_safe(relationship.properties)
        # GEXF reads `start` and `end` as the time in which an edge exists.
        own = {{"start": "from_char", "end": "to_char"}.get(name, name): value for name, value in own.items()}
        graph.add_edge(relationship.start, relationship.end, key=relationship.type, type=relationship.type, **own)
    return graph


def as_graphml(store: Store) -> Iterator[str]:
    """GraphML, line by line."""
    yield from nx.generate_graphml(as_networkx(store))


def as_gexf(store: Store) -> Iterator[str]:
    """GEXF 1.2, line by line, without the day it was made on."""
    for line in nx.generate_gexf(as_networkx(store)):
        if "<meta " not in line and "</meta>" not in line and "<creator>" not in line:
            yield line


TEXT_FORMATS: dict[str, Callable[[Store], Iterator[str]]] = {"jsonl": as_jsonl, "graphml": as_graphml, "gexf": as_gexf}
FOLDER_FORMATS = ("csv", "neo4j-admin")
FORMATS = (*TEXT_FORMATS, *FOLDER_FORMATS)


def text_lines(store: Store, form: str) -> Iterator[str]:
    """The lines of a text format. Raises `UsageError` for one that is unknown or needs a folder."""
    if form not in TEXT_FORMATS:
        folder = form in FOLDER_FORMATS
        hint = f"{form} is a folder of files: add -o FOLDER" if folder else f"formats: {', '.join(FORMATS)}"
        raise UsageError(f"cannot export {form!r} as text; {hint}")
    return TEXT_FORMATS[form](store)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=datetime.date.isoformat)


def _cell(value: Any) -> Any:
    return _json(value) if isinstance(value, list) else value


def _xml_safe(properties: dict[str, Any], skip: tuple[str, ...] = ()) -> dict[str, Any]:
    safe: dict[str, Any] = {}
    for name, value in properties.items():
        if value is None or name in skip:
            continue
        text = _cell(value) if isinstance(value, list) else value
        text = text.isoformat() if isinstance(text, datetime.date) else text
        safe[name] = text.translate(_NOT_XML) if isinstance(text, str) else text
    return safe
