"""JSON: an object a paper, line by line, in one array, or in the pages of an API.

Our own form has `title`, `abstract` and optional `arxiv_id`, `doi`, `id`, `url`, `authors`, `date`, and `listed` (the
day of the feed); other names for these can be given. The forms of other sources are told by their own keys, object by
object: a new one is a file with a `Shape` and a line in `SHAPES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.read.arxiv_snapshot import ARXIV_SNAPSHOT
from kg.read.columns import columns_of, paper_of
from kg.read.csl import CROSSREF, CSL
from kg.read.days import day_of
from kg.read.hf_daily import HF_DAILY
from kg.read.json_items import json_items
from kg.read.openalex import OPENALEX
from kg.read.other_apis import DATACITE, EUROPE_PMC, OPENREVIEW, ZOTERO
from kg.read.semantic_scholar import SEMANTIC_SCHOLAR
from kg.read.shape import Record, Shape
from kg.read.source import Source
from kg.records import Entry, Feed, Paper, SetAside


def _own(record: Record, source: str) -> Paper:
    return paper_of(record, columns_of({}, record), source)


OWN = Shape(fits=lambda _: True, paper=_own, listed=lambda record: record.get("listed"))
# The first that fits is taken; our own form is what has none of the others' marks.
SHAPES: dict[str, Shape] = {
    "hf-daily": HF_DAILY,
    "arxiv-snapshot": ARXIV_SNAPSHOT,
    "openalex": OPENALEX,
    "openreview": OPENREVIEW,
    "datacite": DATACITE,
    "zotero": ZOTERO,
    "crossref": CROSSREF,
    "csl-json": CSL,
    "europe-pmc": EUROPE_PMC,
    "semantic-scholar": SEMANTIC_SCHOLAR,
    "jsonl": OWN,
}


# Each form but our own has one of these keys; most objects have none, and are not asked further.
_MARKS = frozenset(
    [
        "paper",
        "authors_parsed",
        "update_date",
        "abstract_inverted_index",
        "authorships",
        "content",
        "attributes",
        "abstractNote",
        "data",
        "itemType",
        "DOI",
        "type",
        "abstractText",
        "authorString",
        "paperId",
        "corpusId",
        "corpusid",
        "externalIds",
        "externalids",
    ]
)


def _form(record: Record) -> Shape:
    if _MARKS.isdisjoint(record):
        return OWN
    return next(shape for shape in SHAPES.values() if shape.fits(record))


def is_jsonl(head: str) -> bool:
    """Whether the text begins like a JSON object, or an array of them."""
    stripped = head.lstrip()
    return stripped.startswith("{") or (
        stripped.startswith("[") and stripped[1:].lstrip().startswith(("{", "]")) and not stripped.startswith("{\\rtf")
    )


def read_jsonl(source: Source, shape: Shape | None = None) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each object in order; what is no such record is set aside with the reason.

    All objects are of the form `shape`, or else of the first of `SHAPES` that fits.
    """
    feed, rank = source.feed, 0
    for item in json_items(source):
        try:
            if item.broken:
                raise ValueError(item.broken)
            if not isinstance(item.value, dict):
                raise ValueError("not a JSON object")
            if source.columns:
                paper = paper_of(item.value, columns_of(source.columns, item.value), feed.name)
            else:
                form = shape or _form(item.value)
                paper = form.paper(item.value, feed.name)
                if not rank and isinstance(day := form.listed(item.value), str):
                    feed = Feed(feed.name, day_of(day))
        except ValueError as error:
            yield source.aside(item.position, str(error), item.raw)
        else:
            rank += 1
            yield Entry(paper, feed, rank)
