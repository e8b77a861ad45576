"""What a question gives: rows, and their form as text for a terminal or another program. Nothing here prints."""

from __future__ import annotations

import csv
import datetime
import io
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from kg.errors import UsageError
from kg.records import Node, Relationship

OUTPUT_FORMATS = ("table", "json", "jsonl", "csv")


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer. Cells are None, bool, int, float, str, date, list, dict, `kg.records.Node` or `Relationship`.

    `cut` says that the query had more rows than the limit allows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool = False


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
