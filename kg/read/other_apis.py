"""JSON of further sources: Zotero, OpenReview, Europe PMC, DataCite."""

from __future__ import annotations

import re
from typing import Any

from kg.read.fields import make_paper
from kg.read.markup import plain
from kg.read.people import names_of
from kg.read.shape import Record, Shape, nested, objects, text, texts
from kg.records import Paper

_ARXIV = re.compile(r"\barxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.IGNORECASE)


def _zotero(record: Record, source: str) -> Paper:
    item = nested(record, "data") or record
    authors = [
        who
        for who in objects(item, "creators")
        if who.get("creatorType", "author") in ("author", "contributor", "inventor")
    ]
    found = _ARXIV.search(text(item, "extra"))
    return make_paper(
        plain(text(item, "title")),
        plain(text(item, "abstractNote")),
        ids=(*texts(item, "archiveID"), found.group(1) if found else "", *texts(item, "DOI", "url")),
        dates=(item.get("date"),),
        url=text(item, "url"),
        source=source,
        authors=names_of(authors),
        comment=text(item, "extra"),
    )


def _value(content: Record, key: str) -> Any:
    """A field of OpenReview, which its newer API wraps in `{"value": …}`."""
    value = content.get(key)
    return value.get("value") if isinstance(value, dict) else value


def _openreview(record: Record, source: str) -> Paper:
    content = nested(record, "content")
    title, abstract, venue = (_value(content, key) for key in ("title", "abstract", "venue"))
    return make_paper(
        plain(title if isinstance(title, str) else ""),
        plain(abstract if isinstance(abstract, str) else ""),
        ids=texts(nested(record, "externalIds"), "arxiv"),
        dates=(record.get("pdate"), record.get("cdate"), record.get("tcdate")),
        url=f"https://openreview.net/forum?id={forum}" if (forum := text(record, "forum", "id")) else "",
        source=source,
        authors=names_of(_value(content, "authors")),
        withdrawn="withdrawn" in str(venue).lower() or None,
    )


def _europe_pmc(record: Record, source: str) -> Paper:
    listed = nested(record, "authorList").get("author")
    kinds = nested(record, "pubTypeList").get("pubType")
    return make_paper(
        plain(text(record, "title")),
        plain(text(record, "abstractText")),
        ids=texts(record, "doi"),
        dates=(record.get("firstPublicationDate"), record.get("pubYear")),
        source=source,
        authors=_europe_pmc_names(listed) or names_of(record.get("authorString")),
        withdrawn=(isinstance(kinds, list) and "retracted publication" in {str(kind).lower() for kind in kinds})
        or None,
    )


def _europe_pmc_names(listed: Any) -> tuple[str, ...]:
    return names_of(
        [{**who, "name": who.get("collectiveName"), "fullName": None} for who in listed if isinstance(who, dict)]
        if isinstance(listed, list)
        else None
    )


def _datacite(record: Record, source: str) -> Paper:
    attributes = nested(record, "attributes")
    descriptions = objects(attributes, "descriptions")
    abstracts = [d for d in descriptions if str(d.get("descriptionType", "Abstract")).lower() == "abstract"]
    days = {str(day.get("dateType")): day.get("date") for day in reversed(objects(attributes, "dates"))}
    return make_paper(
        plain(next((text(title, "title") for title in objects(attributes, "titles")), "")),
        plain(next((text(abstract, "description") for abstract in abstracts), "")),
        ids=texts(attributes, "doi"),
        dates=(days.get("Submitted"), days.get("Issued"), days.get("Available"), attributes.get("publicationYear")),
        url=text(attributes, "url"),
        source=source,
        authors=names_of(attributes.get("creators")),
    )


ZOTERO = Shape(lambda record: "abstractNote" in record or "abstractNote" in nested(record, "data") or (
    "itemType" in record and "creators" in record) or "itemType" in nested(record, "data"), _zotero)  # fmt: skip
OPENREVIEW = Shape(lambda record: bool({"title", "abstract"} & nested(record, "content").keys()), _openreview)
EUROPE_PMC = Shape(
    lambda record: ("abstractText" in record and "title" in record) or "authorString" in record, _europe_pmc
)
DATACITE = Shape(lambda record: "titles" in nested(record, "attributes"), _datacite)
