"""Tables as text: CSV, with commas, semicolons, tabs or bars between the columns, and their names in the first line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from kg.errors import SourceError
from kg.read.columns import columns_of, paper_of, table_columns
from kg.read.source import KEPT, Source
from kg.records import Entry, SetAside

_DELIMITERS = (",", ";", "\t", "|")
# The longest field: longer ones are a quote that is never closed.
_FIELD = 1 << 20


def is_delimited(head: str) -> bool:
    """Whether the first line holds names of columns: a title, and an abstract or others that bibliographies have."""
    known = columns_of({}, _names(head)).keys()
    return "title" in known and ("abstract" in known or len(known & {"authors", "year", "date", "doi", "url"}) > 0)


def read_delimited(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each row in order. Raises `UsageError` where a column that was asked for is not there."""
    if "\r" in source.head and "\n" not in source.head:
        raise SourceError(f"{source.name}: its lines end in a carriage return alone; save it with the usual line ends")
    names = _names(source.head)
    columns = table_columns(source, names)
    rank = 0
    for line, row, broken, raw in _rows(source, _delimiter(source.head)):
        if not any(row) and not broken:
            continue
        try:
            if broken:
                raise ValueError(broken)
            while len(row) > len(names) and not row[-1].strip():
                row = row[:-1]  # a mark at the end of each line
            if len(row) > len(names):
                raise ValueError(f"{len(row)} cells in a table of {len(names)} columns")
            paper = paper_of(dict(zip(names, row, strict=False)), columns, source.feed.name)
        except ValueError as error:
            yield source.aside(f"line {line}", str(error), raw)
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def _rows(source: Source, delimiter: str) -> Iterator[tuple[int, Sequence[str], str, str]]:
    """Line, cells, what is wrong and the text of each row but the first."""
    line, broken = 0, ""
    read: list[str] = []

    def texts() -> Iterator[str]:
        nonlocal line, broken
        for each in source.lines():
            line = line or each.number
            broken = broken or each.broken
            if sum(map(len, read)) < KEPT:
                read.append(each.text)
            # A line that was cut would leave a quote open.
            yield "" if each.broken else each.text + "\n"

    rows = csv.reader(texts(), delimiter=delimiter, strict=False)
    first = True
    while True:
        line, broken, read = 0, "", []
        # The limit is one for the whole process, and other libraries raise it: ours holds while a row is read.
        before = csv.field_size_limit(_FIELD)
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            row, broken = [], broken or f"not a row of a table ({error})"
        finally:
            csv.field_size_limit(before)
        if not first:
            yield line, row, broken, "\n".join(read)
        first = False


def _names(head: str) -> list[str]:
    return [name.strip() for name in _first_row(head, _delimiter(head))]


def _first_row(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(head.lstrip("\ufeff").splitlines(keepends=True)[:1], delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(head: str) -> str:
    """The one that makes most of the first line; with the most columns of a known kind, where several could."""
    return max(_DELIMITERS, key=lambda mark: (len(columns_of({}, _first_row(head, mark))), len(_first_row(head, mark))))
