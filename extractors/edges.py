"""The end of a name: what belongs to it and is often left outside, because without it it is another name.

A version ("SQuAD v1.1", "GenEval 2"), a year ("IWSLT'14"), a sign ("LoRA+", "QuIP#"), a subscript in LaTeX
("BERT$_{base}$"), what a checkpoint is tuned for ("Gemma 2 9B IT").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.language import is_english
from extractors.spans import ACRONYMS, MENTIONS, Candidate, text_of
from extractors.whole import whole

# What may follow a name's own number; after "2 models" or "3 times" the number is a count.
_GOES_ON = (
    r"(?=[,;:)\]]|\.(?!\d)|\n|\Z|\s(?:and|or|with|on|in|to|for|against|as|by|from|of|at|is|are|was|were|has|have|does"
    r"|show|shows|using|under|over|across|without|via|that|which|dataset|benchmark|model)\b)"
)
_SIGN = re.compile(r"\+{1,2}(?![\w+])|#(?!\w)")
_SUBSCRIPT = re.compile(r"\$?_(?:\{(?:\\[a-z]+\{)?\w{1,8}\}{1,2}|\w(?=\$))\$?(?!\w)")
_BRACE = re.compile(r"\}\$?")
_DECIMALS = re.compile(r"(?:\.\d+)+(?![\w%])")
_VERSION = re.compile(rf"(?:[\s\-]?v\d+(?:\.\d+)*|[\s\-]\d\.\d)(?![\w%.]*[\w%])|\s[2-9]{_GOES_ON}")
_YEAR = re.compile(rf"['’]\d\d(?!\w)|[\s\-](?:19|20)\d\d{_GOES_ON}")
_TUNED = re.compile(r"(?:[\s\-](?:IT|Instruct|Chat|Base)|-(?:it|instruct|chat|base))(?![\w\-])")
_EDITION = re.compile(r"[\s\-](?:Plus|Pro|Lite|Verified|Hard|Extra Hard)(?![\w\-])")
_PREFIXES = frozenset(
    (
        "co",
        "cross",
        "few",
        "inter",
        "intra",
        "multi",
        "non",
        "one",
        "post",
        "pre",
        "self",
        "semi",
        "sub",
        "super",
        "zero",
    )
)
_SIZED = re.compile(r"\d[BMbm]$")


def widen(text: str, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """The candidates, in order of start and disjoint, each with the end that is its own."""
    ordered = sorted(c for c in candidates if not _is_prefix(text, c.start, c.end))
    for place, candidate in enumerate(ordered):
        limit = ordered[place + 1].start if place + 1 < len(ordered) else len(text)
        end = candidate.end
        while (further := _further(text, candidate, end)) and further <= limit:
            end = further
        yield candidate._replace(end=end)


def _is_prefix(text: str, start: int, end: int) -> bool:
    """Whether the name is no more than the first part of a hyphenated word: "multi" of "multi-task"."""
    return text[start:end].lower() in _PREFIXES and text[end : end + 1] == "-"


def _further(text: str, candidate: Candidate, end: int) -> int | None:
    """Where the name ends if it goes on at `end`; None where it does not."""
    name = text[candidate.start : end]
    patterns = [_SIGN, _SUBSCRIPT]
    if name.count("{") > name.count("}"):
        patterns.append(_BRACE)
    if name[-1:].isdigit():
        patterns.append(_DECIMALS)
    elif candidate.type in ("Model", "Dataset", "Benchmark") and any(c.isupper() for c in name):
        patterns.append(_VERSION)
    if candidate.type in ("Dataset", "Benchmark") and not name[-1:].isdigit():
        patterns.append(_YEAR)
    if candidate.type == "Benchmark":
        patterns.append(_EDITION)
    if candidate.type == "Model" and _SIZED.search(name):
        patterns.append(_TUNED)
    return next((match.end() for pattern in patterns if (match := pattern.match(text, end))), None)


@Language.component("kg_edges")
def edges(doc: Doc) -> Doc:
    """Mend the ends of the mentions; a text that is not English has none; runs after the names and the acronyms."""
    data, text = doc.user_data, text_of(doc)
    if not is_english(text):  # the links are read all the same
        data[MENTIONS] = []
        return doc
    data[MENTIONS] = whole(text, widen(text, data.get(MENTIONS, [])), data.get(ACRONYMS, []))
    return doc
