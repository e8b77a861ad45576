"""The Atom feed that the arXiv API answers with, and the daily RSS and Atom feeds of rss.arxiv.org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.read.fields import make_paper
from kg.read.foreign import root_of
from kg.read.markup import plain
from kg.read.people import names_of, person
from kg.read.source import TOO_LONG, Source
from kg.read.xml_records import all_text, child_text, xml_records
from kg.records import Entry, Paper, SetAside

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
# What the daily feeds put before the abstract, and what older ones put after the title.
_ANNOUNCED = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*[\w-]+\s*(?:Abstract:\s*)?", re.IGNORECASE)
_OLD_TITLE = re.compile(r"\s*\(arXiv:(\S+?)(?:v\d+)?\s+\[[^\]]*\](?:\s+\w+)*\)\s*$")


def is_arxiv_atom(head: str) -> bool:
    """Whether the text begins like an Atom feed."""
    return head.lstrip("\ufeff \t\r\n").startswith("<") and "<feed" in head and "www.w3.org/2005/Atom" in head


def is_rss(head: str) -> bool:
    """Whether the text begins like an RSS feed."""
    return root_of(head) == "rss" or (root_of(head) == "RDF" and "purl.org/rss/1.0" in head)


def read_arxiv_atom(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each `<entry>` in order."""
    yield from _read(source, f"{_ATOM}entry", "entry", _entry)


def read_rss(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each `<item>` in order."""
    tag = (
        "{http://purl.org/rss/1.0/}item"
        if 'purl.org/rss/1.0/"' in source.head and "<rss" not in source.head
        else "item"
    )
    yield from _read(source, tag, "item", _item)


def _read(source: Source, tag: str, name: str, paper_of: Any) -> Iterator[Entry | SetAside]:
    rank = 0
    for number, element, too_long in xml_records(source, tag):
        if not number:
            continue
        try:
            if too_long:
                raise ValueError(f"{name} {TOO_LONG}")
            paper = paper_of(element, source.feed.name)
        except ValueError as error:
            yield source.aside(f"{name} {number}", str(error), all_text(element))
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def _entry(entry: Any, source: str) -> Paper:
    identifier, summary = child_text(entry, f"{_ATOM}id"), child_text(entry, f"{_ATOM}summary")
    if "arxiv.org/api/errors" in identifier:
        raise ValueError(f"the source answered with an error: {summary or child_text(entry, f'{_ATOM}title')}")
    names = [child_text(author, f"{_ATOM}name") for author in entry.iter(f"{_ATOM}author")]
    return make_paper(
        child_text(entry, f"{_ATOM}title"),
        _ANNOUNCED.sub("", summary),
        ids=(identifier, *(_links(entry, f"{_ATOM}link")), child_text(entry, f"{_ARXIV}doi")),
        dates=(child_text(entry, f"{_ATOM}published"), child_text(entry, f"{_ATOM}updated")),
        source=source,
        authors=tuple(person(name, natural=True) for name in names) or _creators(entry),
        comment=child_text(entry, f"{_ARXIV}comment"),
    )


def _item(item: Any, source: str) -> Paper:
    title = _child(item, "title")
    old = _OLD_TITLE.search(title)
    return make_paper(
        _OLD_TITLE.sub("", title),
        plain(_ANNOUNCED.sub("", _child(item, "description"))),
        ids=(_child(item, "guid"), _child(item, "link"), old.group(1) if old else ""),
        dates=(_child(item, "pubDate"), child_text(item, f"{_DUBLIN}date")),
        source=source,
        authors=_creators(item),
        comment=child_text(item, f"{_ARXIV}comment"),
    )


def _child(item: Any, tag: str) -> str:
    return child_text(item, tag) or child_text(item, f"{{http://purl.org/rss/1.0/}}{tag}")


def _links(entry: Any, tag: str) -> tuple[str, ...]:
    return tuple(link.get("href", "") for link in entry.findall(tag) if link.get("rel", "alternate") == "alternate")


def _creators(element: Any) -> tuple[str, ...]:
    creators = [plain(creator.text or "") for creator in element.findall(f"{_DUBLIN}creator")]
    if len(creators) == 1:
        return names_of(creators[0], natural=True)
    return tuple(map(person, creators))
