"""Which column, or key, of a table or object holds which field: as the user says, else by the usual names."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kg.errors import SourceError, UsageError
from kg.read.fields import clean_text, date_or_period, make_paper
from kg.read.source import Source
from kg.records import Paper

# Field -> the names that sources use for it, in the order of trust, without case, accents and punctuation.
_USUAL = {
    "title": "title papertitle articletitle documenttitle primarytitle titles titel titre titulo titolo",
    "abstract": "abstract abstracttext abstractnote paperabstract summary summaries zusammenfassung kurzfassung resume"
    " resumen riassunto description",
    "arxiv_id": "arxivid arxiv eprint",
    "doi": "doi",
    "id": "id paperid identifier entryid",
    "url": "url link pdfurl paperurl pdflink",
    "authors": "authors author creators authornames autoren auteurs autores",
    "date": "date published publicationdate publisheddate publishdate submitteddate submitted created datum",
    "year": "year publicationyear pubyear jahr annee",
}
FIELDS = tuple(_USUAL)


def columns_of(given: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Field -> the one of `names` that holds it: as `given`, and the others by their usual names."""
    usual = _guessed(tuple(names)) if sum(map(len, names)) < 10_000 else {}  # what a cache may keep
    return usual | {field: name for field, name in given.items() if name in names}


def table_columns(source: Source, names: Sequence[str]) -> dict[str, str]:
    """As `columns_of`, for a table whose columns are `names`.

    Raises `UsageError` where one that was asked for is not there, `SourceError` where title or abstract is not found.
    """
    for name in source.columns.values():
        if name not in names:
            raise UsageError(f"{source.name}: has no column {name!r}; there are: {', '.join(names)}")
    columns = columns_of(source.columns, names)
    if missing := sorted({"title", "abstract"} - columns.keys()):
        raise SourceError(
            f"{source.name}: no column looks like the {' or the '.join(missing)}; name it with "
            f"--map {missing[0]}=COLUMN, one of: {', '.join(names)}"
        )
    return columns


def parse_columns(pairs: Collection[str]) -> dict[str, str]:
    """`FIELD=COLUMN` pairs as a mapping. Raises `UsageError` for a field that there is none of."""
    columns = {}
    for pair in pairs:
        field, equals, name = pair.partition("=")
        if not equals or not name or field not in FIELDS:
            raise UsageError(f"--map {pair!r}: write it as FIELD=COLUMN, FIELD one of {', '.join(FIELDS)}")
        columns[field] = name
    return columns


@functools.lru_cache(maxsize=256)
def _guessed(names: tuple[str, ...]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    guessed = {}
    for field, usual in _USUAL.items():
        if field in names:
            guessed[field] = field
        elif found := next((plain[name] for name in usual.split() if name in plain), None):
            guessed[field] = found
    return guessed


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower())


def paper_of(record: Mapping[str, Any], columns: Mapping[str, str], source: str) -> Paper:
    """The paper of a row or an object. Raises `ValueError` with the reason where there is none."""
    for field in ("title", "abstract"):
        if not isinstance(record.get(columns.get(field, field), ""), str):
            raise ValueError(f"{field} is not text")
    text = {field: _text(record.get(name)) for field, name in columns.items()}
    return make_paper(
        text.get("title", ""),
        text.get("abstract", ""),
        ids=tuple(text.get(field, "") for field in ("arxiv_id", "doi", "id")),
        published=date_or_period(text.get("date")) or date_or_period(text.get("year")),
        url=text.get("url", ""),
        source=source,
        authors=names_of(record.get(columns.get("authors", "authors"))),
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else ""


def names_of(value: Any) -> tuple[str, ...]:
    """Names from a list of names, a list of objects with a `name`, or one string with semicolons, commas or "and"."""
    if isinstance(value, str):
        value = re.split(r";" if ";" in value else r",\s*(?:and\s+)?|\s+and\s+", value)
    if not isinstance(value, list):
        return ()
    names = (item.get("name") if isinstance(item, dict) else item for item in value)
    return tuple(clean_text(name) for name in names if isinstance(name, str) and clean_text(name))
