"""A name as a text has it: with the generic noun behind it, which the mention leaves out."""

from __future__ import annotations

import re

from extractors.clean import clean
from kg.records import EntityType

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


def as_written(text: str, start: int, end: int, kind: EntityType) -> list[str]:
    """Longer spellings of the name at `start` to `end`: "ImageNet dataset"; none where it is bare, or holds mark-up."""
    tails = _TAILS.get(kind)  # a type that a plug-in adds has none
    tail = tails.match(text, end) if tails else None
    if tail is None:
        return []
    longer = text[start : tail.end()]
    return [] if clean(longer).starts else [longer]
