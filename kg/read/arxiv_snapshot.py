"""The arXiv metadata snapshot: JSON Lines of the OAI records, `authors_parsed`, `versions` and all."""

from __future__ import annotations

from kg.read.fields import folded, make_paper
from kg.read.people import names_of
from kg.read.shape import Record, Shape, objects, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return "authors_parsed" in record or ("update_date" in record and "categories" in record)


def _paper(record: Record, source: str) -> Paper:
    return make_paper(
        folded(text(record, "title")),
        folded(text(record, "abstract")),
        ids=texts(record, "id", "doi"),
        dates=_days(record),
        source=source,
        authors=names_of(record.get("authors_parsed")) or names_of(record.get("authors"), natural=True),
        comment=text(record, "comments"),
    )


def _days(record: Record) -> tuple[str, ...]:
    """The day of the first version; `update_date` is that of the last change, which may be years later."""
    return tuple(text(version, "created") for version in objects(record, "versions")[:1])


ARXIV_SNAPSHOT = Shape(_fits, _paper)
