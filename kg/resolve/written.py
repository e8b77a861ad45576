"""A name as a text has it: with the mark-up around it and the generic noun behind it, which the mention leaves out."""

from __future__ import annotations

import re

from kg.records import EntityType

_BEFORE = re.compile(r"(?:\$?\\[a-zA-Z]+\{|\{\\[a-z]+\s)$")
_AFTER = re.compile(r"\}\$?")
_DATA = r"data ?sets?|corpus|benchmarks?|suite|challenge|leaderboard"
_NOUNS: dict[EntityType, str] = {
    "Model": "models?|family|architecture|network|backbone",
    "Method": "methods?|algorithm|framework|technique|optimi[sz]er",
    "Dataset": _DATA,
    "Benchmark": _DATA,
    "Task": "tasks?",
    "Metric": "metric|scores?",
}
_TAILS = {kind: re.compile(rf"[ -](?:{nouns})(?![\w-])") for kind, nouns in _NOUNS.items()}
_LONGEST_COMMAND = 16


def as_written(text: str, start: int, end: int, kind: EntityType) -> list[str]:
    r"""Longer spellings of the name at `start` to `end`: `\textsc{Ofa}`, "ImageNet dataset"; none where it is bare."""
    found = []
    before = _BEFORE.search(text, max(0, start - _LONGEST_COMMAND), start)
    after = _AFTER.match(text, end)
    if before and after:
        found.append(text[before.start() : after.end()])
    tails = _TAILS.get(kind)  # a type that a plug-in adds has none
    if tails and (tail := tails.match(text, end)):
        found.append(text[start : tail.end()])
    return found
