"""A name as a text has it: with the mark-up around it and the generic noun behind it, which the mention leaves out."""

from __future__ import annotations

import re

from kg.resolve.normalise import TAIL_WORDS, normalise

_BEFORE = re.compile(r"(?:\$?\\[a-zA-Z]+\{|\{\\[a-z]+\s)$")
_AFTER = re.compile(r"\}\$?")
_TAIL = re.compile(rf"[\s-](?:{TAIL_WORDS})(?![\w-])")
_LONGEST_COMMAND = 16


def as_written(text: str, start: int, end: int) -> list[str]:
    """Longer spellings of the name at `start` to `end`: `\\textsc{Ofa}`, "ImageNet dataset"; none where it is bare."""
    found = []
    before = _BEFORE.search(text, max(0, start - _LONGEST_COMMAND), start)
    after = _AFTER.match(text, end)
    if before and after:
        found.append(text[before.start() : after.end()])
    if tail := _TAIL.match(text, end):
        found.append(text[start : tail.end()])
    key = normalise(text[start:end])
    return [spelling for spelling in found if normalise(spelling) == key]
