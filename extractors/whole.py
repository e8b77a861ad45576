"""Whole names: none is cut inside a word or a hyphenated compound, none keeps half a bracket or ends in "of".

The tagger marks words one by one, so that a name may begin or end where no reader would begin or end it. What is mended
here is seen from the text around the name alone; what no reader takes for a name (a processor, a conference, a number)
is left out. On 19,400 annotated names the rules for what is none take away four.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extractors.acronyms import Acronym
from extractors.spans import Candidate

_HYPHENS = "-‐‑"
# Words that neither begin nor end a name of several words.
_LOOSE = frozenset(
    word
    for line in (
        "of in on for with to and or the a an by from at as via using is are that this our we into under over",
        "than its their which while when between both among against per",
    )
    for word in line.split()
)
_PRONOUNS = frozenset(("me", "you", "us", "it", "i", "they", "them", "he", "she", "we", "one"))
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {")": "(", "]": "[", "}": "{"}
_FAR = 60  # characters that are looked through for the other half of a bracket
# After a hyphen: what goes on with the name ("LLM-as-a-judge", "NeRF-Language"), and what does not ("CLIP-based").
_JOINED = re.compile(
    rf"(?:[{_HYPHENS}](?:as|of|in|to|the|for|with|by|on|a|an|and|vs))+[{_HYPHENS}]\w+|[{_HYPHENS}](?=[A-Z0-9])\w[\w.]*(?<!\.)"
)
_LEFT = re.compile(rf"(?:\w+[{_HYPHENS}])+$")
_PREFIX = re.compile(r"(?:non|multi|pre|post|anti|low|high|pro|ex|inter|intra|cross|self|semi|sub|un)$", re.IGNORECASE)
_PROCESSOR = (
    r"(?:(?:NVIDIA|AMD|Intel|Google|Apple|Qualcomm|Huawei) )?(?:GeForce |Tesla |Quadro |Cloud )?"
    r"(?:(?:RTX|GTX)[ -]?A?\d{3,4}\w*(?: ?Ti| Super)?|[AVHBPK][ -]?(?:100|200|300|800|20|40|80)s?(?:[ -]\d+ ?GB)?"
    r"|A[3456]000|A10G|L40S|TPU(?: ?v\d\w?)?s?|[GCN]PUs?|FPGAs?|Jetson(?: \w+){0,3}|Raspberry Pi(?: \w+){0,2}"
    r"|Xeon(?: \w+){0,2}|Ascend(?: \w+){0,2}|Snapdragon(?: \w+){0,3}|Cortex-\w+)(?: GPUs?| CPUs?)?"
)
_VENUE = (
    r"(?:CVPR|ICCV|ECCV|ACCV|NeurIPS|NIPS|ICML|ICLR|ACL|EMNLP|NAACL|EACL|AACL|AAAI|IJCAI|SIGIR|ICASSP|INTERSPEECH|Interspeech"
    r"|WACV|BMVC|COLING|CoRL|ICRA|IROS|SIGGRAPH|MIDL|AISTATS|COLT|TACL|LREC|CIKM|WSDM|OpenReview|GitHub|YouTube)"
    r"(?:[ '’-]?(?:19|20)?\d\d)?"
)
_AMOUNT = r"[~≈<>≤≥+-]?\d+(?:[.,]\d+)*\s?(?:[BMKTbmkt]|GB|MB|%|x|×)?(?:[ -](?:parameters?|params?))?"
_NO_NAME = re.compile(rf"(?:{_PROCESSOR}|{_VENUE}|{_AMOUNT})")
_DEBRIS = re.compile(r"\\[A-Za-z]|[{}$`]|\*\*|</?\w+>|&#?\w+;")
_WORD = re.compile(r"\S+")


def whole(text: str, candidates: Iterable[Candidate], acronyms: Sequence[Acronym] = ()) -> list[Candidate]:
    """The candidates as whole names, in order and disjoint; those that are no names are left out."""
    kept: list[Candidate] = []
    ordered = sorted(candidates)
    for place, candidate in enumerate(ordered):
        start, end = mend(text, candidate.start, candidate.end, acronyms)
        # Nothing is widened over another name, but for what a bracket holds together.
        limit = ordered[place + 1].start if place + 1 < len(ordered) else len(text)
        if candidate.end <= limit < end:
            end = candidate.end
        if kept and start < kept[-1].end <= candidate.start and "(" not in text[start:end]:
            start = candidate.start
        while kept and start < kept[-1].end and start <= kept[-1].start and end >= kept[-1].end:
            kept.pop()  # it was only a part: "human-object interaction" of "human-object interaction (HOI) detection"
        if kept and start < kept[-1].end:
            start = kept[-1].end
            start += text[start : start + 1] in tuple(_HYPHENS)
            start, end = _trim(text, start, end) if start < end else (end, end)
            if not stands_whole(text, start, end):
                continue
        if start < end and _words(text, start, end) != (start, end):
            # Two candidates in one word ("SHA" and "Dark" of "SHA_Dark") are one name.
            start, end = _words(text, start, end)
            while kept and start < kept[-1].end:
                start, end = min(start, kept[-1].start), max(end, kept.pop().end)
        if is_name(text[start:end], candidate.type):
            kept.append(candidate._replace(start=start, end=end))
    return kept


def is_name(name: str, kind: str) -> bool:
    """Whether a reader would take `name` for the name of a `kind`: of a processor, a conference or an amount, not."""
    if not any(c.isalpha() for c in name) or _NO_NAME.fullmatch(name) or _DEBRIS.search(name):
        return False
    if any(name.count(opening) != name.count(closing) for opening, closing in _CLOSING.items()):
        return False
    if kind in ("Dataset", "Benchmark") and name == name.lower() and not any(c.isdigit() for c in name):
        return False  # of 2,700 annotated ones 16
    words = name.lower().split()
    return not all(word in _LOOSE or word in _PRONOUNS for word in words) or name.isupper()


def mend(text: str, start: int, end: int, acronyms: Sequence[Acronym] = ()) -> tuple[int, int]:
    """Where the name that stands at `start` to `end` begins and ends; equal where nothing is left."""
    start, end = _words(text, start, end)
    start, end = _compound(text, start, end)
    start, end = _brackets(text, start, end, acronyms)
    return _trim(text, start, end)


def stands_whole(text: str, start: int, end: int) -> bool:
    """Whether what stands at `start` to `end` is cut neither inside a word nor inside a compound."""
    return start < end and _compound(text, *_words(text, start, end)) == (start, end)


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widened to whole words; an underscore joins words."""
    while start > 0 and _joins(text, start - 1, start):
        start -= 1
    while 0 < end < len(text) and _joins(text, end - 1, end):
        end += 1
    return start, end


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbouring characters are of one word."""
    one, other = text[left], text[right]
    if one == ")" and other.isalnum():
        return True
    if one.isalnum() and other.isalnum():
        return one.isascii() or other.isascii() or one.isupper() == other.isupper()
    if one == "_":
        return other.isalnum() and text[left - 1 : left].isalnum()
    return other == "_" and one.isalnum() and text[right + 1 : right + 2].isalnum()


def _compound(text: str, start: int, end: int) -> tuple[int, int]:
    """Widened to the hyphenated compound, but for what only says something of the name ("CLIP-based", "non-MPEG-4")."""
    while (joined := _JOINED.match(text, end)) and text[end - 1].isalnum():
        end = joined.end()
    left = _LEFT.search(text, max(0, start - 40), start)
    if left and text[start].isalnum():
        first = left.start()
        before = text[first : start - 1]
        name = text[start:end]
        named = any(c.isupper() or c.isdigit() for c in name.split(" ", 1)[0])
        # "RGB-HSI", not "low-CFG", "Multi-AAS", "benchmarks-AMOS"; and "worst-group accuracy".
        widen = any(c.isupper() for c in before) and not _PREFIX.search(before) if named else " " in name
        if widen and (first == 0 or not text[first - 1].isalnum()):
            start = first
    return start, end


def _brackets(text: str, start: int, end: int, acronyms: Sequence[Acronym]) -> tuple[int, int]:
    """With both halves of each bracket, or none: "HOI) detection" begins with what HOI stands for."""
    open_at: list[int] = []
    for place in range(start, end):
        mark = text[place]
        if mark in _CLOSING:
            open_at.append(place)
        elif mark in _OPENING:
            if open_at and text[open_at[-1]] == _OPENING[mark]:
                open_at.pop()
                continue
            opening = text.rfind(_OPENING[mark], max(0, start - _FAR), start)
            begins = next(
                (
                    a.long_start
                    for a in acronyms
                    if a.short_end <= place and opening < a.short_start < place and a.long_end <= opening
                ),
                None,
            )
            if begins is not None and end - begins <= 3 * _FAR:
                return _brackets(text, begins, end, ())
            return (start, place) if place > start else _brackets(text, place + 1, end, acronyms)
    if not open_at:
        return start, end
    first = open_at[0]
    if (
        text[end : end + 1] == _CLOSING[text[first]]
        and len(open_at) == 1
        and not text[first - 1 : first].isspace()
        and first > start
    ):
        return _words(text, start, end + 1)  # "Acc(%)", "R(2+1)D"
    return (start, first) if first > start else _brackets(text, first + 1, end, acronyms)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the words and marks at the edges that belong to the sentence."""
    words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]
    while len(words) > 1 and _is_loose(text, *words[-1]):
        words.pop()
    while len(words) > 1 and _is_loose(text, *words[0]):
        words.pop(0)
    if not words:
        return end, end
    start, end = words[0][0], words[-1][1]
    while start < end and text[end - 1] in ".,;:!?–—-/&'\"“”‘’" and text[end - 2 : end] != "++":
        end -= 1
    while start < end and text[start] in ".,;:!?–—-/&'\"“”‘’":
        start += 1
    return start, end


def _is_loose(text: str, start: int, end: int) -> bool:
    word = text[start:end]
    return word in _LOOSE or not any(c.isalnum() or c in "+*#%" for c in word) or word in ("The", "A", "An", "Our")
