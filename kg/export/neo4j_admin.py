"""What `neo4j-admin database import full` takes: CSV files, a script with the command, and what to do after it.

The tool's CSV is not everybody's: an empty field is null and a quoted empty one is the empty text, but for a list both
are null. So a list without elements, and one that holds only the empty text, go in as lists of a mark that no text of
the graph holds, and `finish.cypher` puts the right lists in their place. It makes the constraints as well.
"""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.export import ALL_ROWS, nodes_of, relationships_of
from kg.schema import NODES, RELATIONSHIPS, PropertyType
from kg.stores.base import Store

Marks = tuple[str, str, str]
SCRIPT, FINISH = "import.sh", "finish.cypher"
_TYPES: dict[PropertyType, str] = {
    "STRING": "string",
    "STRINGS": "string[]",
    "INT": "long",
    "DOUBLE": "double",
    "BOOL": "boolean",
    "DATE": "date",
}
_SCRIPT = """\
#!/bin/sh
# Stop the server, run this as its user, start it, then: cypher-shell -f finish.cypher
set -e
cd "$(dirname "$0")"
{command} "$@"
"""
# The tool reads a value into a buffer of this size unless told otherwise.
_BUFFER_BYTES = 4 << 20


def write_import(store: Store, folder: Path, database: str = "neo4j") -> str:
    """Write all of `store` into `folder`, which is made; returns the command that imports it into a new `database`.

    Raises `StoreError` where the folder cannot be written.
    """
    marks = _unused(store)
    options: list[str] = []
    finish = [
        f"CREATE CONSTRAINT kg_{kind.label.lower()}_id IF NOT EXISTS FOR (n:`{kind.label}`) REQUIRE n.id IS UNIQUE;"
        for kind in NODES
    ]
    longest = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in NODES:
            name = f"{kind.label}.csv"
            own = [part for part in kind.properties if part[0] != "id"]
            rows = ([node.id, *(node.properties.get(key) for key, _ in own)] for node in nodes_of(store, kind))
            longest = max(longest, _write(folder / name, [f"id:ID({kind.label})", *_head(own)], rows, marks))
            options.append(f"--nodes={kind.label}={name}")
            finish += _put_lists(f"MATCH (n:`{kind.label}`)", own, marks)
        for relation in RELATIONSHIPS:
            for source, target in relation.pairs:
                name = f"{source}-{relation.name}-{target}.csv"
                head = [f":START_ID({source})", f":END_ID({target})", *_head(relation.properties)]
                rows = ([fact.start, fact.end, *fact.properties.values()]
                        for fact in relationships_of(store, relation, source, target))  # fmt: skip
                longest = max(longest, _write(folder / name, head, rows, marks))
                options.append(f"--relationships={relation.name}={name}")
            finish += _put_lists(f"MATCH ()-[n:`{relation.name}`]->()", relation.properties, marks)
        command = [
            f"neo4j-admin database import full {shlex.quote(database)} --multiline-fields=true",
            f"--array-delimiter=U+{ord(marks[0]):04X}",
            *([f"--read-buffer-size={2 * longest}"] if longest > _BUFFER_BYTES // 2 else []),
            *options,
        ]
        script = folder / SCRIPT
        script.write_text(_SCRIPT.format(command=" \\\n  ".join(command)), encoding="utf-8")
        script.chmod(0o755)
        (folder / FINISH).write_text("\n".join(finish) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written ({error.strerror or error}); choose another -o") from None
    return f"sh {shlex.quote(str(script))}"


def _head(properties: Sequence[tuple[str, PropertyType]]) -> list[str]:
    return [f"{name}:{_TYPES[kind]}" for name, kind in properties]


def _put_lists(match: str, properties: Sequence[tuple[str, PropertyType]], marks: Marks) -> list[str]:
    """The statements that put the lists in whose place the marks went in; the marks as escapes, to be seen."""
    return [
        f"{match} WHERE n.`{name}` = ['\\u{ord(mark):04x}'] "
        f"CALL {{ WITH n SET n.`{name}` = {value} }} IN TRANSACTIONS OF 10000 ROWS;"
        for name, kind in properties
        if kind == "STRINGS"
        for mark, value in zip(marks[1:], ("[]", "['']"), strict=True)
    ]


def _unused(store: Store) -> Marks:
    """Three characters that are in no list of the graph: one parts the elements of lists, two stand for lists."""
    used: set[str] = set()
    patterns = [(f"(n:`{kind.label}`)", kind.properties) for kind in NODES]
    patterns += [(f"()-[n:`{kind.name}`]->()", kind.properties) for kind in RELATIONSHIPS]
    for pattern, properties in patterns:
        for name in (name for name, kind in properties if kind == "STRINGS"):
            for (value,) in store.read(f"MATCH {pattern} RETURN n.`{name}`", limits=ALL_ROWS).rows:
                used.update(*(value or ()))
    candidates = (0x1F, 0x1E, 0x1D, 0x1C, *range(1, 9), *range(0xE000, 0xF8FF))
    free = (chr(code) for code in candidates if chr(code) not in used)
    return next(free), next(free), next(free)


def _write(file: Path, head: list[str], rows: Iterator[list[Any]], marks: Marks) -> int:
    """Write one CSV file; returns the bytes of its longest field."""
    longest = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(head) + "\n")
        for row in rows:
            cells = [_cell(value, marks) for value in row]
            longest = max(longest, *(len(cell.encode()) for cell in cells))
            out.write(",".join(cells) + "\n")
    return longest


def _cell(value: Any, marks: Marks) -> str:
    delimiter, empty, blank = marks
    if value is None:
        return ""
    if isinstance(value, list):
        value = empty if not value else blank if value == [""] else delimiter.join(value)
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)
