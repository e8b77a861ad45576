"""Which column, or key, of a table or object holds which field: as the user says, else by the usual names."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kg.errors import SourceError, UsageError
from kg.read.fields import make_paper
from kg.read.people import names_of
from kg.read.source import Source
from kg.records import Paper

# Field -> the names that sources use for it, in the order of trust, without case, accents and punctuation.
_USUAL = {
    "title": "title papertitle articletitle documenttitle primarytitle titles titel titre titulo titolo displayname",
    "abstract": "abstract abstracttext abstractnote paperabstract summary summaries zusammenfassung kurzfassung resume"
    " resumen riassunto description abstractn",
    "arxiv_id": "arxivid arxiv eprint archiveid extra",
    "doi": "doi itemdoi",
    "id": "id paperid identifier entryid uid",
    "url": "url link pdfurl paperurl pdflink urlabs primarylocationlandingpageurl externalurl sourcelinkout doilink urlpdf",
    "authors": "authorfullnames authorsfullnames authors author creators creator authornames authorslist authorstring autoren"
    " auteurs autores authorshipsauthordisplayname",
    "date": "date published publicationdate publisheddate publishdate publishedat publishedon firstpublicationdate datepublished"
    " publicationdateonline onlinedate publishedonline onlinepublicationdate submitteddate submitteddatetime submitted created"
    " createdat issued coverdate releasedate firstposted dateaddedtoxplore datum",
    "year": "year publicationyear pubyear publishedyear jahr annee ano anno",
    "withdrawn": "withdrawn isretracted retracted iswithdrawn",
    "comment": "comment comments arxivcomment note",
}
# Web of Science's tab-separated export, which has its tags for names.
_TAGS = {"title": "TI", "abstract": "AB", "doi": "DI", "authors": "AF AU", "date": "PD", "year": "PY"}
# Columns that give way to others of the same field where they are empty, or tell what those do not.
_ALL_OF = ("arxiv_id", "url", "authors", "date", "abstract")
FIELDS = tuple(_USUAL)
_AMONG_WORDS = re.compile(r"\barxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)


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
            f"{source.name}: no column looks like the {' or the '.join(missing)}: name it with "
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
    return {field: found[0] for field, found in _candidates(names).items()}


@functools.lru_cache(maxsize=256)
def _candidates(names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Field -> all of `names` that usually hold it, the most trusted first."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    if "PT" in names and "AU" in names:
        return {
            field: here for field, tags in _TAGS.items() if (here := tuple(tag for tag in tags.split() if tag in names))
        }
    found: dict[str, tuple[str, ...]] = {}
    for field, usual in _USUAL.items():
        own = [field] if field in names else []
        if of_field := tuple(dict.fromkeys((*own, *(plain[name] for name in usual.split() if name in plain)))):
            found[field] = of_field
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower())


def paper_of(record: Mapping[str, Any], columns: Mapping[str, str], source: str) -> Paper:
    """The paper of a row or an object. Raises `ValueError` with the reason where there is none."""
    for field in ("title", "abstract"):
        if not isinstance(record.get(columns.get(field, field), ""), str):
            raise ValueError(f"{field} is not text")
    plan = _plan(tuple(record) if len(record) < 200 else (), tuple(columns.items()))
    found = {
        field: [value for name in names if (value := record.get(name)) not in (None, "")]
        for field, names in plan.items()
    }
    links = [link for value in found.get("url", ()) if (link := _text(value))]
    return make_paper(
        _text(record.get(columns.get("title", "title"))),
        next((value for value in found.get("abstract", ()) if isinstance(value, str)), ""),
        ids=(
            *map(_arxiv_of, found.get("arxiv_id", ())),
            *(_text(value) for field in ("doi", "id") for value in found.get(field, ())),
            *links,
        ),
        dates=(*found.get("date", ()), *found.get("year", ())),
        url=links[0] if links else "",
        source=source,
        authors=next(filter(None, map(names_of, found.get("authors", ()))), ()),
        withdrawn=next(iter(found.get("withdrawn", ())), None),
        comment=" ".join(filter(None, map(_text, found.get("comment", ())))),
    )


@functools.lru_cache(maxsize=256)
def _plan(names: tuple[str, ...], columns: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """Field -> the columns that are looked into, in their order.

    It is the chosen one alone, unless others of `names` usually hold the same: they tell what it does not.
    """
    more = _candidates(names) if sum(map(len, names)) < 10_000 else {}
    return {
        field: tuple(dict.fromkeys((chosen, *more[field])))
        if field in _ALL_OF and chosen in more.get(field, ())
        else (chosen,)
        for field, chosen in columns
    }


def _arxiv_of(value: Any) -> str:
    """A column for anything, as Zotero's `Extra`, may hold the id among words."""
    text = _text(value)
    found = _AMONG_WORDS.search(text) if len(text) > 20 else None
    return found.group(1) if found else text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else ""
