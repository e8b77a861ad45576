"""Forms of rows: CSV, Parquet, SQLite; a table for each label of nodes and for each type of relationships."""

from __future__ import annotations

import csv
import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.export.part import PAGE, Part
from kg.export.text import as_json, clean, harmless, plain
from kg.schema import NodeType, PropertyType, RelationshipType

Columns = Sequence[tuple[str, PropertyType]]
_ARROW: dict[PropertyType, pa.DataType] = {
    "STRING": pa.string(),
    "STRINGS": pa.list_(pa.string()),
    "INT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOL": pa.bool_(),
    "DATE": pa.date32(),
}
_SQL: dict[PropertyType, str] = {"INT": "INTEGER", "DOUBLE": "REAL", "BOOL": "INTEGER"}
_ENDS: Columns = (("source", "STRING"), ("source_type", "STRING"), ("target", "STRING"), ("target_type", "STRING"))


def node_rows(part: Part, kind: NodeType) -> Iterator[list[Any]]:
    """The rows of a label: the values of `part.properties(kind)`."""
    return (list(node.properties.values()) for node in part.nodes_of(kind))


def relationship_rows(part: Part, kind: RelationshipType) -> Iterator[list[Any]]:
    """The rows of a type: start, its label, end, its label, the values of the type's properties."""
    for relation, source, target in part.pairs():
        if relation.name == kind.name:
            for fact in part.relationships_of(relation, source, target):
                yield [fact.start, source, fact.end, target, *fact.properties.values()]


def write_csv(part: Part, folder: Path) -> None:
    """A CSV file for each label and type that has rows; lists are JSON, texts that look like formulas are harmless."""
    for kind in part.kinds():
        _write_csv(folder / f"{kind.label}.csv", [name for name, _ in part.properties(kind)], node_rows(part, kind))
    for relation in part.relationship_kinds():
        rows = ([row[0], row[2], *row[4:]] for row in relationship_rows(part, relation))
        _write_csv(folder / f"{relation.name}.csv", ["from", "to", *(name for name, _ in relation.properties)], rows)


def _write_csv(file: Path, head: list[str], rows: Iterator[list[Any]]) -> None:
    first = next(rows, None)
    if first is None:
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(head)
        for row in itertools.chain([first], rows):
            writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return harmless(plain(value))
    return plain(value) if isinstance(value, bool) else value


def write_parquet(part: Part, folder: Path) -> None:
    """`nodes/LABEL.parquet` and `edges/TYPE.parquet`, one of each label and type, without rows too."""
    for kind in part.kinds():
        _write_parquet(folder / "nodes" / f"{kind.label}.parquet", part.properties(kind), node_rows(part, kind))
    for relation in part.relationship_kinds():
        columns = [*_ENDS, *relation.properties]
        _write_parquet(folder / "edges" / f"{relation.name}.parquet", columns, relationship_rows(part, relation))


def _write_parquet(file: Path, columns: Columns, rows: Iterator[list[Any]]) -> None:
    file.parent.mkdir(exist_ok=True)
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in columns])
    with pq.ParquetWriter(file, schema) as writer:
        while batch := list(itertools.islice(rows, PAGE)):
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def write_sqlite(part: Part, file: Path) -> None:
    """An SQLite database: `nodes` with every node, a table for each label and type, full-text indexes of the nodes.

    An id of a table of a label is one of `nodes`; the ends of a relationship are ids of the label's table, or of
    `nodes` where the type joins several labels. Lists are JSON.
    """
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("CREATE TABLE nodes (id TEXT PRIMARY KEY NOT NULL, type TEXT NOT NULL, name TEXT)")
        taken = {"nodes", "nodes_fts"}
        for kind in part.kinds():
            table, columns = _free(kind.label, taken), part.properties(kind)
            own = ", ".join(f"{_quoted(name)} {_SQL.get(form, 'TEXT')}" for name, form in columns[1:])
            base.execute(f"CREATE TABLE {table} (id TEXT PRIMARY KEY NOT NULL REFERENCES nodes(id), {own})")
            fill = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of the schema
            for node in part.nodes_of(kind):
                base.execute(
                    "INSERT INTO nodes VALUES (?, ?, ?)", (node.id, kind.label, _cell(node.properties["name"]))
                )
                base.execute(fill, [_cell(value) for value in node.properties.values()])
            _index_text(
                base, table, [name for name, form in columns if form[:6] == "STRING" and name not in ("id", "url")]
            )
        _index_text(base, '"nodes"', ["name"])
        labels: dict[str, list[set[str]]] = {}
        for relation, source, target in part.pairs():
            ends = labels.setdefault(relation.name, [set(), set()])
            ends[0].add(source)
            ends[1].add(target)
        for relation in part.relationship_kinds():
            table = _free(relation.name, taken)
            at = [_quoted(min(ends)) if len(ends) == 1 else "nodes" for ends in labels[relation.name]]
            own = "".join(f", {_quoted(name)} {_SQL.get(form, 'TEXT')}" for name, form in relation.properties)
            base.execute(
                f"CREATE TABLE {table} (source TEXT NOT NULL REFERENCES {at[0]}(id), "
                f"target TEXT NOT NULL REFERENCES {at[1]}(id){own})"
            )
            fill = f"INSERT INTO {table} VALUES ({', '.join('?' * (2 + len(relation.properties)))})"  # noqa: S608
            rows = ([row[0], row[2], *row[4:]] for row in relationship_rows(part, relation))
            base.executemany(fill, ([_cell(value) for value in row] for row in rows))
            for end in ("source", "target"):
                base.execute(f"CREATE INDEX {_quoted(f'{relation.name}_{end}')} ON {table}({end})")
        base.commit()


def _index_text(base: sqlite3.Connection, table: str, names: Sequence[str]) -> None:
    """The full-text index of a table, in the form that datasette finds by itself."""
    index = _quoted(f"{table.strip(chr(34))}_fts")
    columns = ", ".join(map(_quoted, names))
    base.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content={table})")
    base.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608 - names of the schema


def _free(name: str, taken: set[str]) -> str:
    """`name` as the quoted name of a table that is not there; SQLite takes `Uses` for `USES`."""
    while name.lower() in taken:
        name += "_"
    taken.add(name.lower())
    return _quoted(name)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return clean(as_json(value))
    return value if value is None or isinstance(value, int | float) else plain(value)
