"""What a question gives: rows, and their form as text for a terminal or another program. Nothing here prints."""

from __future__ import annotations

import csv
import datetime
import html
import importlib
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.records import Node, Relationship

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

SHOWN = 200  # rows of an answer that a notebook shows
OUTPUT_FORMATS = ("table", "json", "jsonl", "csv")


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: a sequence of rows, each a mapping from column to cell.

    Cells are None, bool, int, float, str, date, list, dict, `kg.records.Node` or `Relationship`; `rows` has them as
    tuples. `cut` says that the query had more rows than the limit allows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return dict(zip(self.columns, self.rows[index], strict=True))

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dicts of plain values: nodes and relationships become dicts too, dates stay dates."""
        return [{name: _flat(cell) for name, cell in row.items()} for row in self]

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table.

        Raises `UsageError` where two columns have one name, or a column holds values of different types.
        """
        import pyarrow as pa

        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice:
            raise UsageError(f"two columns are called {twice[0]!r}; give each its own name with AS")
        columns = {}
        for place, name in enumerate(self.columns):
            try:
                columns[name] = pa.array([_flat(row[place]) for row in self.rows])
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                raise UsageError(
                    f"the column {name!r} holds values of different types; return one type, such as toString({name})"
                ) from None
        return pa.table(columns)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame. Raises `UsageError` where pandas is not installed; else like `to_arrow`."""
        _needed("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """The rows as a Polars DataFrame. Raises `UsageError` where Polars is not installed; else like `to_arrow`."""
        frames: Any = _needed("polars")
        found: pl.DataFrame = frames.from_arrow(self.to_arrow())
        return found

    def __repr__(self) -> str:
        more = ", and more that the limit cut off" if self.cut else ""
        return f"<Rows: {counted(len(self), 'row')} of {', '.join(self.columns)}{more}>"

    def _repr_html_(self) -> str:
        """The rows as a table, for a notebook; at most `SHOWN` of them."""
        head = "".join(f"<th>{_markup(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_markup(cell_text(cell))}</td>' for cell in row)}</tr>" for row in self.rows[:SHOWN]
        )
        left = len(self) - SHOWN
        note = f"<p>{counted(left, 'more row')} not shown</p>" if left > 0 else ""
        note += "<p>The limit cut off further rows.</p>" if self.cut else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 paper`, `2 papers`, `1,024 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _needed(package: str) -> ModuleType:
    """The module of an optional package. Raises `UsageError` where it is not installed."""
    try:
        return importlib.import_module(package)
    except ImportError:
        raise UsageError(f"{package} is not installed; install it with: pip install 'paper-kg[{package}]'") from None


def _flat(value: Any) -> Any:
    """A cell that a data frame can hold; dates stay dates."""
    return value if isinstance(value, datetime.date) else plain(value)


def _markup(text: str) -> str:
    """Text of a cell as markup: no text of a feed becomes an element, nor drives the reading direction."""
    return html.escape(printable(text))


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
