"""The text dump of a Hugging Face Papers page: page furniture, then title / blank / abstract in turn.

A dump has no marks for what a paragraph is. What tells is that an abstract is long and a title is the paragraph right
before it, so a stray line of furniture, or a title whose abstract is missing, does not shift the papers after it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.read.fields import make_paper
from kg.read.source import KEPT, MAX_RECORD, TOO_LONG, Source
from kg.records import Entry, Feed, SetAside

# Of the dumps at hand the shortest abstract has 300 characters and the longest title 150; between the two, a full
# stop at the end tells.
_LONG = 260
_SHORT = 80
# What a line costs in memory beside its characters.
_LINE = 60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(rf"^({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}})(?:,? (\d{{4}}))?$", re.IGNORECASE)
_FURNITURE = re.compile(
    r"^(?:new|subscribe|upvote.*|submitted by.*|by\s?ak and the research community|get trending papers.*|"
    r"[\W\d]*(?:\d+ authors?|\d+ comments?|\d+)?|view arxiv page|view pdf|github.*|add to collection|"
    r"daily papers|trending papers|papers|published on .*|authors?:?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: int
    text: str
    broken: str = ""  # why it could not be read

    @property
    def is_abstract(self) -> bool:
        if len(self.text) > _LONG or len(self.text) < _SHORT:
            return len(self.text) > _LONG
        return self.text[-1] == "." or (self.text[-1] in "!?" and ". " in self.text)

    @property
    def is_furniture(self) -> bool:
        return bool(_DAY.match(self.text) or _FURNITURE.match(self.text))


def is_hf_text(head: str) -> bool:
    """Whether the text is plain paragraphs (no XML, JSON or table of another kind)."""
    return not head.lstrip().startswith(("<", "{", "[", "@", "%PDF"))


def read_hf_text(source: Source) -> Iterator[Entry | SetAside]:
    """Yield the papers of a dump in their order."""
    feed = source.feed
    rank = 0
    waiting: list[_Paragraph] = []  # short paragraphs since the last abstract; the last of them is the title
    for paragraph in _paragraphs(source):
        if not paragraph.is_abstract and not paragraph.broken:
            if not rank and feed.published is None and (day := _dated(paragraph.text)):
                feed = Feed(feed.name, day)
            waiting.append(paragraph)
            continue
        title = waiting.pop() if waiting else None
        # All that stands before the first title is the page's own text, whatever it says.
        yield from _orphans(source, waiting if rank else [])
        waiting = []
        try:
            if broken := paragraph.broken or (title.broken if title else ""):
                raise ValueError(broken)
            if title is None or title.is_furniture:
                raise ValueError("an abstract without a title before it")
            paper = make_paper(title.text, paragraph.text, source=feed.name)
        except ValueError as error:
            raw = "\n\n".join(p.text for p in (title, paragraph) if p)
            yield source.aside(f"line {paragraph.line}", str(error), raw)
        else:
            rank += 1
            yield Entry(paper, feed, rank)
    yield from _orphans(source, waiting)


def _orphans(source: Source, paragraphs: list[_Paragraph]) -> Iterator[SetAside]:
    for paragraph in paragraphs:
        if not paragraph.is_furniture:
            yield source.aside(f"line {paragraph.line}", "a title without an abstract", paragraph.text)


def _paragraphs(source: Source) -> Iterator[_Paragraph]:
    start, size = 0, 0
    lines: list[str] = []
    for line in source.lines():
        text = line.text.strip()
        size += len(text) + _LINE
        if line.broken:
            yield _Paragraph(start or line.number, " ".join((*lines, text))[:KEPT], line.broken)
            start, size, lines = 0, 0, []
        elif text:
            start = start or line.number
            if size <= MAX_RECORD:
                lines.append(text)
        else:
            if lines:
                yield _paragraph(start, size, lines)
            start, size, lines = 0, 0, []
    if lines:
        yield _paragraph(start, size, lines)


def _paragraph(start: int, size: int, lines: list[str]) -> _Paragraph:
    if size > MAX_RECORD:
        return _Paragraph(start, " ".join(lines[:KEPT])[:KEPT], f"paragraph {TOO_LONG}")
    return _Paragraph(start, " ".join(lines))


def _dated(text: str) -> datetime.date | None:
    """The day a line gives, where it gives the year as well: without one the day is not known."""
    match = _DAY.match(text)
    if not match or not match.group(3):
        return None
    month = _MONTHS.index(match.group(1).lower()[:3]) + 1
    try:
        return datetime.date(int(match.group(3)), month, int(match.group(2)))
    except ValueError:
        return None
