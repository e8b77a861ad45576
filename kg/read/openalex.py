"""Works of OpenAlex, from a page of its API or a line of its snapshot; abstracts come as an inverted index."""

from __future__ import annotations

import itertools
from typing import Any

from kg.read.fields import folded, make_paper
from kg.read.people import person
from kg.read.shape import Record, Shape, nested, objects, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return "abstract_inverted_index" in record or ("authorships" in record and "display_name" in record)


def _paper(record: Record, source: str) -> Paper:
    places = (nested(record, "primary_location"), *objects(record, "locations"))
    links = tuple(itertools.chain.from_iterable(texts(place, "landing_page_url", "pdf_url") for place in places))
    return make_paper(
        folded(text(record, "title", "display_name")),
        abstract_of(record.get("abstract_inverted_index")),
        ids=(*links, *texts(record, "doi"), *texts(nested(record, "ids"), "doi")),
        dates=(text(record, "publication_date"), record.get("publication_year")),
        url=next(iter(links), text(record, "doi", "id")),
        source=source,
        authors=tuple(
            person(text(nested(authorship, "author"), "display_name") or text(authorship, "raw_author_name"))
            for authorship in objects(record, "authorships")
        ),
        withdrawn=record.get("is_retracted"),
    )


def abstract_of(index: Any) -> str:
    """The text of an inverted index, `{"word": [places]}`; "" where it is missing.

    Raises `ValueError` with what is wrong.
    """
    if not index:
        return ""
    if not isinstance(index, dict):
        raise ValueError("abstract_inverted_index is not an object of words and places")
    placed = [(place, word) for word, places in index.items() if isinstance(places, list) for place in places]
    if not all(isinstance(place, int) for place, _ in placed):
        raise ValueError("abstract_inverted_index has a place that is no number")
    return folded(" ".join(word for _, word in sorted(placed)))


OPENALEX = Shape(_fits, _paper)
