"""CSL-JSON, and the answers of Crossref, whose works are nearly that: title in a list, abstract in JATS."""

from __future__ import annotations

import re
from typing import Any

from kg.read.fields import make_paper
from kg.read.markup import plain
from kg.read.people import names_of
from kg.read.shape import Record, Shape, nested, objects, text, texts
from kg.records import Paper

_ARXIV = re.compile(r"\barxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)
# What Crossref calls a change that takes a paper back.
_BACK = {"retraction", "withdrawal", "removal", "partial_retraction"} - {"partial_retraction"}


def _fits_crossref(record: Record) -> bool:
    return "DOI" in record and isinstance(record.get("title", []), list)


def _fits_csl(record: Record) -> bool:
    """Keys that only CSL has so: a date in parts, names in parts, identifiers in capitals."""
    return "type" in record and (
        "date-parts" in nested(record, "issued")
        or bool({"container-title", "citation-key", "citation-label", "DOI"} & record.keys())
        or any("family" in name or "literal" in name for name in objects(record, "author"))
    )


def _crossref(record: Record, source: str) -> Paper:
    title, subtitle = _listed(record, "title"), _listed(record, "subtitle")
    changed = {str(change.get("type", "")).lower().replace("-", "_") for change in objects(record, "updated-by")}
    return make_paper(
        plain(f"{title}: {subtitle}" if title and subtitle and subtitle.lower() not in title.lower() else title),
        plain(text(record, "abstract")),
        ids=texts(record, "DOI"),
        dates=(_earliest(record), record.get("issued"), record.get("created")),
        url=text(record, "URL"),
        source=source,
        authors=names_of(record.get("author")),
        withdrawn=bool(changed & _BACK) or None,
    )


def _csl(record: Record, source: str) -> Paper:
    found = (
        _ARXIV.search(value) for value in texts(record, "number", "note", "archive_location", "publisher", "genre")
    )
    note = text(record, "note")
    return make_paper(
        plain(_listed(record, "title")),
        plain(text(record, "abstract")),
        ids=(*(match.group(1) for match in found if match), *texts(record, "arxiv", "DOI", "URL")),
        dates=(record.get("issued"), record.get("submitted"), record.get("original-date")),
        url=text(record, "URL"),
        source=source,
        authors=names_of(record.get("author")),
        comment=note,
    )


def _listed(record: Record, key: str) -> str:
    """The first of a list, or the value itself."""
    value = record.get(key)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str) and item.strip()), "")
    return value if isinstance(value, str) else ""


def _earliest(record: Record) -> Any:
    """The earliest day on which it was published, as a whole day where there is one."""
    dates: list[list[Any]] = []
    for key in ("published", "published-online", "published-print", "posted", "issued"):
        parts = nested(record, key).get("date-parts")
        if (
            isinstance(parts, list)
            and parts
            and isinstance(parts[0], list)
            and all(isinstance(p, int) for p in parts[0])
        ):
            dates.append(parts[0])
    dates = [parts for parts in dates if parts]
    # `[2024, 3]` is less than `[2024, 3, 5]` and says less.
    return min(dates, key=lambda parts: ([*parts, 12, 31])[:3] if len(parts) < 3 else parts[:3], default=None)


CROSSREF = Shape(_fits_crossref, _crossref)
CSL = Shape(_fits_csl, _csl)
