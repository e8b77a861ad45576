"""The Atom feed that the arXiv API answers with."""

from __future__ import annotations

from collections.abc import Iterator

from kg.read.fields import date, make_paper
from kg.read.source import TOO_LONG, Source
from kg.read.xml_records import all_text, child_text, xml_records
from kg.records import Entry, SetAside

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def is_arxiv_atom(head: str) -> bool:
    """Whether the text begins like an Atom feed."""
    return head.lstrip().startswith("<") and "<feed" in head and "www.w3.org/2005/Atom" in head


def read_arxiv_atom(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each `<entry>` in order."""
    rank = 0
    for number, entry, too_long in xml_records(source, f"{_ATOM}entry"):
        if not number:
            continue
        try:
            if too_long:
                raise ValueError(f"entry {TOO_LONG}")
            paper = make_paper(
                child_text(entry, f"{_ATOM}title"),
                child_text(entry, f"{_ATOM}summary"),
                ids=(child_text(entry, f"{_ATOM}id"), child_text(entry, f"{_ARXIV}doi")),
                published=date(child_text(entry, f"{_ATOM}published")),
                source=source.feed.name,
                authors=tuple(child_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author")),
            )
        except ValueError as error:
            yield source.aside(f"entry {number}", str(error), all_text(entry))
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)
