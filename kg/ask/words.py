"""Text of a feed made safe to show, and the words in which types and relationships are shown.

Text from a feed is hostile: `clean` takes out what is not text (control characters, marks that turn the direction of
reading), `safe_url` every address that is not http or https.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from kg.schema import THING_LABELS

NAME_LENGTH, TEXT_LENGTH, EVIDENCE_LENGTH = 300, 20_000, 2_000  # characters
# Control characters but tab and line feed, and the marks that turn the direction of the text around them.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS_NOISE = re.compile(r"[\s\\<>\"'`\x00-\x1f\x7f]")
_FORMER_ID = re.compile(rf"(?:{'|'.join(label.lower() for label in THING_LABELS)}):[a-z0-9.\-]+")

# What a type is drawn as, beside its colour (which the style sheet gives): the eye needs more than colour.
SHAPES: Mapping[str, str] = {
    "Paper": "square",
    "Repository": "triangle",
    "Page": "triangle",
    "Result": "diamond",
    "Feed": "hexagon",
    "Author": "hexagon",
}

# How a relationship reads from its start and from its end: the headings of a node's neighbours.
PHRASES: Mapping[str, tuple[str, str]] = {
    "INTRODUCES": ("Introduces", "Introduced in"),
    "TRAINS_ON": ("Trains on", "Used for training in"),
    "EVALUATES_ON": ("Evaluates on", "Used for evaluation in"),
    "COMPARES_TO": ("Compares to", "Baseline in"),
    "USES": ("Uses", "Used in"),
    "MENTIONS": ("Mentions", "Mentioned in"),
    "HAS_CODE": ("Has code at", "Code of"),
    "LINKS_TO": ("Links to", "Linked from"),
    "REPORTS": ("Reports", "Reported by"),
    "OF_MODEL": ("Is a result of", "Its results"),
    "ON_DATASET": ("Was measured on", "Results measured on it"),
    "FOR_TASK": ("Was measured for", "Results measured for it"),
    "IN_METRIC": ("Is given in", "Results given in it"),
    "VARIANT_OF": ("Is a variant of", "Its variants"),
    "BASED_ON": ("Is based on", "Basis of"),
    "LISTS": ("Lists", "Listed in"),
    "WROTE": ("Wrote", "Written by"),
}


def clean(text: str, length: int = TEXT_LENGTH) -> str:
    """`text` without what is not text, cut at `length` characters with an ellipsis that shows the cut."""
    text = _NOT_TEXT.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    text = _SURROGATE.sub("\ufffd", text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def safe_url(url: object) -> str:
    """`url` if a click on it can only open a web page, else the empty string."""
    if not isinstance(url, str) or len(url) > EVIDENCE_LENGTH or _ADDRESS_NOISE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return clean(url) if parts.scheme in ("http", "https") and parts.hostname else ""


def mark(
    evidence: str, start: object, end: object, text: str | None, surfaces: Sequence[str]
) -> tuple[int, int] | None:
    """Where in `evidence` the mention stands, in characters; None where it cannot be found.

    `start` and `end` count into the paper's `text`, and so does the sentence: its place there gives the offset. Without
    the paper, or where the offsets do not fit, the first of `surfaces` found in the sentence is taken, longest first.
    """
    wanted = [surface for surface in surfaces if surface]
    if text is not None and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
        # A sentence can stand twice in a text: the mention lies in one of its places only.
        place = text.find(evidence, max(0, end - len(evidence)))
        if evidence and 0 <= place <= start:
            return start - place, end - place
        wanted.insert(0, text[start:end])
        return _search(evidence, wanted[:1]) or _search(evidence, wanted[1:])
    return _search(evidence, wanted)


def _search(evidence: str, wanted: Sequence[str]) -> tuple[int, int] | None:
    """The first place of the longest wanted string in `evidence`: as a whole word if possible, in any case at last."""
    longest = sorted(wanted, key=lambda surface: (-len(surface), surface))
    for pattern, flags in ((r"(?<!\w){}(?!\w)", 0), ("{}", 0), ("{}", re.IGNORECASE)):
        for surface in longest:
            found = re.search(pattern.format(re.escape(surface)), evidence, flags)
            if found:
                return found.span()
    return None


def spellings(aliases: Sequence[Any]) -> list[Any]:
    """The aliases without the ids that the thing had before: those are for queries, not for readers."""
    return [alias for alias in aliases if not _FORMER_ID.fullmatch(str(alias))]


def plain(value: object) -> Any:
    """A value JSON has: dates as ISO text, text cleaned, numbers that are none as None."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value if item is not None]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return clean(str(value))


def marked_at(evidence: str, place: tuple[int, int] | None) -> dict[str, Any]:
    """The cleaned sentence with the offsets of the mention in it; a very long one is cut around the mention."""
    if place is None:
        return {"evidence": clean(evidence, EVIDENCE_LENGTH)}
    before, mention, after = evidence[: place[0]], evidence[place[0] : place[1]], evidence[place[1] :]
    before, mention, after = clean(before, len(before)), clean(mention, NAME_LENGTH), clean(after, len(after))
    half = EVIDENCE_LENGTH // 2
    if len(before) > half:
        before = "…" + before[-half:]
    if len(after) > half:
        after = after[:half] + "…"
    start = _units(before)
    return {"evidence": before + mention + after, "start": start, "end": start + _units(mention)}


def marked(evidence: str, surfaces: Sequence[str]) -> dict[str, Any]:
    """A sentence with the place of the mention in it, found by the strings that name the thing there."""
    return marked_at(evidence, mark(evidence, None, None, None, surfaces))


def _units(text: str) -> int:
    """The length of `text` as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2
