"""Answers as text for a terminal or another program. Returns what to print and prints nothing itself."""

from __future__ import annotations

import csv
import datetime
import io
import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from kg.errors import UsageError
from kg.records import Node, Relationship
from kg.stores.base import Rows

# A rule under the head and one space between columns: two characters, with the one that pads each cell.
_BOX = box.Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_GAP = 2  # characters between two columns
OUTPUT_FORMATS = ("table", "json", "jsonl", "csv")


def printable(text: str) -> str:
    """`text` without control characters: a title must not be able to drive the terminal."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(c)[0] == "C" and c != "\u200d" else c for c in text)


def plain(value: Any) -> Any:
    """A cell as JSON can hold it; nodes and relationships become objects."""
    if isinstance(value, Node):
        return {"label": value.label, **{k: plain(v) for k, v in value.properties.items()}}
    if isinstance(value, Relationship):
        ends = {"type": value.type, "from": value.start, "to": value.end}
        return {**ends, **{k: plain(v) for k, v in value.properties.items()}}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def cell_text(value: Any) -> str:
    """A cell for a table: nodes by name, relationships by type, lists with commas."""
    if value is None:
        return ""
    if isinstance(value, Node):
        return str(value.properties.get("name") or value.id)
    if isinstance(value, Relationship):
        return value.type
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(map(cell_text, value))
    return str(value) if not isinstance(value, dict) else json.dumps(plain(value), ensure_ascii=False)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], width: int = 80) -> Table:
    """A table of at most `width` characters a line: narrow columns stay whole, wide ones share the rest and wrap."""
    drawn = Table(box=_BOX, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    cells = [[Text(printable(cell_text(value))) for value in row] for row in rows]
    wanted = [max([cell_len(column), *(row[i].cell_len for row in cells)]) for i, column in enumerate(columns)]
    for index, (column, most) in enumerate(
        zip(columns, _share(wanted, width - _GAP * (len(columns) - 1)), strict=True)
    ):
        numeric = bool(rows) and all(isinstance(row[index], int | float | None) for row in rows)
        drawn.add_column(Text(printable(column)), justify="right" if numeric else "left", overflow="fold", width=most)
    for row in cells:
        drawn.add_row(*row)
    return drawn


def _share(wanted: Sequence[int], room: int) -> list[int]:
    """Widths that add up to at most `room`: the narrowest first get what they want, the others the same each."""
    widths = [0] * len(wanted)
    left = room
    for done, index in enumerate(sorted(range(len(wanted)), key=lambda i: wanted[i])):
        widths[index] = max(1, min(wanted[index], left // (len(wanted) - done)))
        left -= widths[index]
    return widths


def as_text(answer: Rows, form: str) -> str:
    """`answer` as json, jsonl or csv. Raises `UsageError` for another form."""
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([_csv_cell(value) for value in row] for row in answer.rows)
        return text.getvalue()
    objects = [dict(zip(answer.columns, map(plain, row), strict=True)) for row in answer.rows]
    if form == "json":
        return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"
    if form == "jsonl":
        return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
    raise UsageError(f"no output format {form!r}; there are: {', '.join(OUTPUT_FORMATS)}")


def _csv_cell(value: Any) -> Any:
    value = plain(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
