"""BibTeX and BibLaTeX entries with abstracts; bibtexparser parses them, one at a time, so that memory holds one."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import MergeNameParts, MonthIntMiddleware, SeparateCoAuthors, SplitNameParts

from kg.read.fields import MAX_TEXT, date_or_period, folded, make_paper
from kg.read.latex import decode
from kg.read.source import MAX_RECORD, TOO_LONG, Source, entries_of
from kg.records import Entry, Paper, SetAside

_START = re.compile(r"\s*@\s*(\w+)\s*[{(]")
# What an entry begins with, also where the one before it was not closed.
_ENTRY = re.compile(r"@\s*\w+\s*[{(]\s*[^\s,={}()]+\s*,\s*$")
_BETWEEN = re.compile(r"(?<=\})\s*(?=@\s*\w+\s*[{(]\s*[^\s,={}()]+\s*,)")
_HEAD = re.compile(r"^\s*@\s*\w+\s*[{(]\s*[^\s,={}()]+\s*,", re.MULTILINE)
_FIELD = re.compile(r"\b(?:title|abstract|author)\s*=", re.IGNORECASE)
_ARXIV = re.compile(r"\barxiv:\s*([\w./-]+)", re.IGNORECASE)
_NO_PAPERS = {"comment", "preamble", "string"}


def is_bibtex(head: str) -> bool:
    """Whether the text has an entry with a key and one of the fields that every entry has."""
    return bool(_HEAD.search(head) and _FIELD.search(head)) and not head.lstrip().startswith(("<", "{", "["))


def read_bibtex(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each entry in order; comments and preambles are passed over."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what fails is set aside, not logged
    strings: dict[str, str] = {}

    def entries() -> Iterator[tuple[int, str, str]]:
        for line, text, broken in _blocks(source):
            kind = _START.match(text)
            if kind and kind.group(1).lower() == "string":
                strings[text[kind.end() :].partition("=")[0].strip()] = text
            if kind and kind.group(1).lower() not in _NO_PAPERS:
                yield line, text, broken

    def paper_of(text: str) -> Paper:
        return _paper(text, [definition for name, definition in strings.items() if name in text], source.feed.name)

    yield from entries_of(source, entries(), paper_of)


def _blocks(source: Source) -> Iterator[tuple[int, str, str]]:
    """Line, text and what is wrong of each `@…{…}`; what stands between them is a comment by BibTeX's rules."""
    start, size, depth, broken = 0, 0, 0, ""
    lines: list[str] = []
    for line in source.lines():
        if (depth <= 0 and _START.match(line.text)) or _ENTRY.match(line.text):
            yield from _apart(start, "\n".join(lines), broken)
            start, size, depth, broken, lines = line.number, 0, 0, "", []
        if not start:
            continue
        broken = broken or line.broken
        size += len(line.text)
        if size > MAX_RECORD:
            broken = f"entry {TOO_LONG}"
        else:
            lines.append(line.text)
        depth += line.text.count("{") - line.text.count("}")
        if depth <= 0 and "{" in lines[0]:  # what follows up to the next entry is a comment
            yield from _apart(start, "\n".join(lines), broken)
            start, size, depth, broken, lines = 0, 0, 0, "", []
    yield from _apart(start, "\n".join(lines), broken)


def _apart(line: int, text: str, broken: str) -> Iterator[tuple[int, str, str]]:
    """The entries of a block, where several share a line."""
    if text and broken:
        yield line, text, broken
        return
    for part in _BETWEEN.split(text) if text else ():
        yield line, part, ""
        line += part.count("\n")


def _paper(text: str, strings: list[str], source: str) -> Paper:
    """The paper of one entry's text."""
    people = [SeparateCoAuthors(), SplitNameParts(), MergeNameParts("first")]
    library = parse_string("\n".join((*strings, text)), append_middleware=[*people, MonthIntMiddleware()])
    if not library.entries:
        reasons = [getattr(block.error, "abort_reason", "") or str(block.error) for block in library.failed_blocks]
        reasons = reasons or ["it has no fields"]
        raise ValueError(f"not a BibTeX entry ({folded(reasons[-1])})")
    entry = library.entries[-1]
    values = {field.key.lower(): field.value for field in entry.fields}
    fields = {key: _plain(value) for key, value in values.items() if isinstance(value, str)}
    raw = {key: value.strip() for key, value in values.items() if isinstance(value, str)}
    month = values.get("month", "")
    period = f"{fields.get('year', '')}-{month}" if str(month).isdigit() else fields.get("year", "")
    named = _ARXIV.search(fields.get("journal", "") or fields.get("note", ""))
    people_of = values.get("author")
    return make_paper(
        fields.get("title", ""),
        fields.get("abstract", ""),
        ids=(raw.get("eprint", ""), named.group(1) if named else "", raw.get("doi", ""), raw.get("url", "")),
        published=date_or_period(fields.get("date")) or date_or_period(period),
        url=raw.get("url", ""),
        source=source,
        authors=tuple(folded(decode(str(name))) for name in people_of) if isinstance(people_of, list) else (),
    )


def _plain(value: str) -> str:
    return folded(decode(value)) if len(value) <= MAX_TEXT else value  # which is no abstract
