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

from kg.export.part import ALL_ROWS, Part
from kg.schema import PropertyType

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


def write_import(part: Part, folder: Path, final: Path, database: str = "neo4j") -> tuple[str, ...]:
    """Write `part` into `folder`, which ends up as `final`; returns how it is imported into a new `database`."""
    marks = _unused(part)
    options: list[str] = []
    finish = [
        f"CREATE CONSTRAINT kg_{kind.label.lower()}_id IF NOT EXISTS FOR (n:`{kind.label}`) REQUIRE n.id IS UNIQUE;"
        for kind in part.kinds()
    ]
    longest = 0
    for kind in part.kinds():
        name = f"{kind.label}.csv"
        own = [column for column in part.properties(kind) if column[0] != "id"]
        rows = ([node.id, *(node.properties.get(key) for key, _ in own)] for node in part.nodes_of(kind))
        longest = max(longest, _write(folder / name, [f"id:ID({kind.label})", *_head(own)], rows, marks))
        options.append(f"--nodes={kind.label}={name}")
        finish += _put_lists(f"MATCH (n:`{kind.label}`)", own, marks)
    for relation, source, target in part.pairs():
        name = f"{source}-{relation.name}-{target}.csv"
        head = [f":START_ID({source})", f":END_ID({target})", *_head(relation.properties)]
        rows = ([fact.start, fact.end, *fact.properties.values()]
                for fact in part.relationships_of(relation, source, target))  # fmt: skip
        longest = max(longest, _write(folder / name, head, rows, marks))
        options.append(f"--relationships={relation.name}={name}")
    for relation in part.relationship_kinds():
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
    return (
        "Stop the server, run this as its user, and start it again:",
        f"  sh {shlex.quote(str(final / SCRIPT))}",
        "Then, for the constraints and empty lists:",
        f"  cypher-shell -f {shlex.quote(str(final / FINISH))}",
    )


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


def _unused(part: Part) -> Marks:
    """Three characters that are in no list of the graph: one parts the elements of lists, two stand for lists."""
    used: set[str] = set()
    for kind in part.kinds():
        _look(used, f"(n:`{kind.label}`)", kind.properties, part)
    for relation in part.relationship_kinds():
        _look(used, f"()-[n:`{relation.name}`]->()", relation.properties, part)
    candidates = (0x1F, 0x1E, 0x1D, 0x1C, *range(1, 9), *range(0xE000, 0xF8FF))
    free = (chr(code) for code in candidates if chr(code) not in used)
    return next(free), next(free), next(free)


def _look(used: set[str], pattern: str, properties: Sequence[tuple[str, PropertyType]], part: Part) -> None:
    """Add the signs in the lists of one label or type to `used`: the store tells those, not all of the lists."""
    for name in (name for name, kind in properties if kind == "STRINGS"):
        statement = f"MATCH {pattern} UNWIND n.`{name}` AS item RETURN DISTINCT item"
        for (value,) in part.store.read(statement, {}, ALL_ROWS).rows:
            used.update(value or "")


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
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)
