"""Records of the arXiv OAI-PMH interface, in its forms `arXiv`, `arXivRaw` and `oai_dc`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.errors import SourceError
from kg.read.days import day_of
from kg.read.fields import folded, make_paper
from kg.read.people import names_of, of_parts, person
from kg.read.source import TOO_LONG, Source
from kg.read.xml_records import all_text, child_text, xml_records
from kg.records import Entry, Paper, SetAside

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_FULL = "{http://arxiv.org/OAI/arXiv/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"


def is_arxiv_oai(head: str) -> bool:
    """Whether the text begins like the answer of an OAI-PMH server."""
    return head.lstrip().startswith("<") and "www.openarchives.org/OAI/2.0" in head


def read_arxiv_oai(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each `<record>` in order. Raises `SourceError` with the reason that the server gives."""
    rank = 0
    for number, element, too_long in xml_records(source, f"{_OAI}record"):
        if not number:
            if refusal := child_text(element, f"{_OAI}error"):
                raise SourceError(f"{source.name}: is no list of records; the server said: {refusal}")
            continue
        try:
            if too_long:
                raise ValueError(f"record {TOO_LONG}")
            paper = _paper(element, source.feed.name)
        except ValueError as error:
            yield source.aside(f"record {number}", str(error), all_text(element))
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def _paper(record: Any, source: str) -> Paper:
    header = record.find(f"{_OAI}header")
    if header is not None and header.get("status") == "deleted":
        raise ValueError("deleted at the source")
    identifier = child_text(header, f"{_OAI}identifier") if header is not None else ""
    for form, paper in ((f"{_FULL}arXiv", _full), (f"{_RAW}arXivRaw", _raw)):
        if (found := next(record.iter(form), None)) is not None:
            return paper(found, identifier, source)
    return _dublin(record, identifier, source)


def _full(record: Any, identifier: str, source: str) -> Paper:
    names = (
        tuple(child_text(author, f"{_FULL}{part}") for part in ("forenames", "keyname", "suffix"))
        for author in record.iter(f"{_FULL}author")
    )
    return make_paper(
        child_text(record, f"{_FULL}title"),
        child_text(record, f"{_FULL}abstract"),
        ids=(child_text(record, f"{_FULL}id"), identifier, child_text(record, f"{_FULL}doi")),
        dates=(child_text(record, f"{_FULL}created"),),
        source=source,
        authors=tuple(of_parts(*name) for name in names),
        comment=child_text(record, f"{_FULL}comments"),
    )


def _raw(record: Any, identifier: str, source: str) -> Paper:
    versions = record.findall(f"{_RAW}version")
    # Of a withdrawn version there is no source: type I, and no bytes.
    last = versions[-1] if versions else None
    kind, size = ("", "") if last is None else (child_text(last, f"{_RAW}{tag}") for tag in ("source_type", "size"))
    return make_paper(
        child_text(record, f"{_RAW}title"),
        child_text(record, f"{_RAW}abstract"),
        ids=(child_text(record, f"{_RAW}id"), identifier, child_text(record, f"{_RAW}doi")),
        dates=tuple(child_text(version, f"{_RAW}date") for version in versions[:1]),
        source=source,
        authors=names_of(child_text(record, f"{_RAW}authors"), natural=True),
        withdrawn="I" in kind or size in ("0kb", "0"),
        comment=child_text(record, f"{_RAW}comments"),
    )


def _dublin(record: Any, identifier: str, source: str) -> Paper:
    values = {
        name: [folded(element.text or "") for element in record.iter(f"{_DUBLIN}{name}")]
        for name in ("title", "description", "creator", "identifier", "date")
    }
    # The first description is the abstract, the others are comments; the first day is that of the first version.
    return make_paper(
        next(iter(values["title"]), ""),
        next(iter(values["description"]), ""),
        ids=(identifier, *values["identifier"]),
        published=min(filter(None, map(day_of, values["date"])), default=None),
        source=source,
        authors=tuple(map(person, values["creator"])),
        comment=" ".join(text for text in values["description"][1:] if text.startswith("Comment")).removeprefix(
            "Comment:"
        ),
    )
