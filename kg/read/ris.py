"""RIS references with abstracts; rispy parses them, one at a time, so that memory holds one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import rispy

from kg.read.fields import date_or_period, folded, make_paper
from kg.read.source import MAX_RECORD, TOO_LONG, Source, entries_of
from kg.records import Entry, Paper, SetAside

_TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: |$)")


def is_ris(head: str) -> bool:
    """Whether the text begins with a reference's type, `TY  - `."""
    return head.lstrip("\ufeff \r\n").startswith("TY  -")


def read_ris(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each reference in order."""
    yield from entries_of(source, _references(source), lambda text: _paper(text, source.feed.name))


def _references(source: Source) -> Iterator[tuple[int, str, str]]:
    """Line, text and what is wrong of each reference, also of one whose end is missing."""
    start, size, broken = 0, 0, ""
    lines: list[str] = []
    for line in source.lines():
        tag = match.group(1) if (match := _TAG.match(line.text)) else ""
        if lines and tag == "TY":
            yield start, "\n".join(lines), broken
            size, broken, lines = 0, "", []
        if not lines and not line.text.strip() and not line.broken:
            continue
        start = start if lines else line.number
        broken = broken or line.broken
        size += len(line.text)
        if size > MAX_RECORD:
            broken = f"reference {TOO_LONG}"
        else:
            lines.append(line.text)
        if tag == "ER":
            yield start, "\n".join(lines), broken
            size, broken, lines = 0, "", []
    if lines:
        yield start, "\n".join(lines), broken


def _paper(text: str, source: str) -> Paper:
    ended = text if re.search(r"^ER  -", text, re.MULTILINE) else f"{text}\nER  - "
    try:
        (reference,) = rispy.loads(ended)
    except (ValueError, OSError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"not a RIS reference ({folded(str(error)) or type(error).__name__})") from None
    urls = _list(reference, "urls") + _list(reference, "url")
    return make_paper(
        folded(_first(reference, "title", "primary_title")),
        folded(_first(reference, "abstract", "notes_abstract")),
        ids=(*(_list(reference, "doi")), *urls),
        published=date_or_period(_first(reference, "date"))
        or date_or_period(_first(reference, "year", "publication_year")),
        url=next(iter(urls), ""),
        source=source,
        authors=tuple(map(_turned, _list(reference, "authors") or _list(reference, "first_authors"))),
    )


def _list(reference: dict[str, Any], key: str) -> list[str]:
    value = reference.get(key)
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _first(reference: dict[str, Any], *keys: str) -> str:
    return next((value for key in keys for value in _list(reference, key) if value), "")


def _turned(name: str) -> str:
    """`Keller, M. M., Jr` as `M. M. Keller Jr`."""
    last, _, rest = (part.strip() for part in name.partition(","))
    first, _, after = (part.strip() for part in rest.partition(","))
    return folded(f"{first} {last} {after}")
