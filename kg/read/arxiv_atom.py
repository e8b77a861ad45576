"""The Atom feed that the arXiv API answers with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from kg.errors import SourceError
from kg.read.fields import date, make_paper
from kg.read.source import Source
from kg.records import Entry, SetAside

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def is_arxiv_atom(head: str) -> bool:
    """Whether the text begins like an Atom feed."""
    return head.lstrip().startswith("<") and "<feed" in head and "www.w3.org/2005/Atom" in head


def read_arxiv_atom(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each `<entry>`; memory holds one at a time."""
    rank = number = 0
    root: Any = None
    try:
        for event, element in iterparse(source.stream, events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            if event == "start" or element.tag != f"{_ATOM}entry":
                continue
            number += 1
            try:
                paper = make_paper(
                    _text(element, f"{_ATOM}title"),
                    _text(element, f"{_ATOM}summary"),
                    ids=(_text(element, f"{_ATOM}id"), _text(element, f"{_ARXIV}doi")),
                    published=date(_text(element, f"{_ATOM}published")),
                    source=source.feed.name,
                    authors=tuple(_text(author, f"{_ATOM}name") for author in element.iter(f"{_ATOM}author")),
                )
            except ValueError as error:
                raw = " ".join("".join(element.itertext()).split())
                yield SetAside(source.name, f"entry {number}", str(error), raw[:10_000])
            else:
                rank += 1
                yield Entry(paper, source.feed, rank)
            root.clear()
    except (ParseError, DefusedXmlException) as error:
        raise SourceError(f"{source.name}: is not well-formed Atom XML ({error}); fetch it again") from None


def _text(element: Any, tag: str) -> str:
    """The text of a child, its line breaks and indents folded: they are the XML's, not the abstract's."""
    return " ".join((element.findtext(tag) or "").split())
