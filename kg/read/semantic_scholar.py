"""Papers of Semantic Scholar: objects of its API, alone or in a page, and lines of its bulk files."""

from __future__ import annotations

from kg.read.fields import folded, make_paper
from kg.read.people import person
from kg.read.shape import Record, Shape, nested, objects, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return any(key in record for key in ("paperId", "corpusId", "corpusid", "externalIds", "externalids"))


def _paper(record: Record, source: str) -> Paper:
    ids = {**nested(record, "externalids"), **nested(record, "externalIds")}
    abstract = text(record, "abstract")
    if not abstract and text(nested(record, "tldr"), "text"):
        raise ValueError("no abstract (a tldr is a machine's summary, not the paper's words)")
    return make_paper(
        folded(text(record, "title")),
        folded(abstract),
        ids=texts(ids, "ArXiv", "DOI"),
        dates=(text(record, "publicationDate", "publicationdate"), record.get("year")),
        url="" if texts(ids, "ArXiv") else text(record, "url"),
        source=source,
        authors=tuple(person(text(author, "name"), natural=True) for author in objects(record, "authors")),
    )


SEMANTIC_SCHOLAR = Shape(_fits, _paper)
