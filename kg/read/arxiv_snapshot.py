"""The arXiv metadata snapshot: JSON Lines of the OAI records, `authors_parsed`, `versions` and all."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
from typing import Any

from kg.read.fields import folded, make_paper
from kg.read.latex import decode_accents
from kg.read.shape import Record, Shape, objects, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return "authors_parsed" in record or ("update_date" in record and "categories" in record)


def _paper(record: Record, source: str) -> Paper:
    return make_paper(
        folded(text(record, "title")),
        folded(text(record, "abstract")),
        ids=texts(record, "id", "doi"),
        published=_first_version(record),
        source=source,
        authors=tuple(map(_name, record.get("authors_parsed") or ())),
    )


def _first_version(record: Record) -> datetime.date | None:
    """The day of the first version; `update_date` is that of the last change, which may be years later."""
    for version in objects(record, "versions")[:1]:
        with contextlib.suppress(ValueError):
            return email.utils.parsedate_to_datetime(text(version, "created")).date()
    return None


def _name(parts: Any) -> str:
    """`["Keller", "M. M.", "Jr"]` as it is read: first names, last name, what follows."""
    if not isinstance(parts, list):
        return ""
    last, first, *after = (*(part if isinstance(part, str) else "" for part in parts[:3]), "", "")[:3]
    return decode_accents(folded(" ".join((first, last, *after))))


ARXIV_SNAPSHOT = Shape(_fits, _paper)
