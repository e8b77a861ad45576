"""Short forms and what they stand for: "Low-Rank Adaptation (LoRA)", "LoRA (Low-Rank Adaptation)".

The match of letters follows Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (2003): walk both strings from the right; the short form's first letter must begin a word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ACRONYMS, text_of

_PARENTHESIS = re.compile(r"\(([^()\n]{2,100})\)")
_WORD = re.compile(r"[\w\-‐‑–+&/\\{}$^.@]*\w[\w\-‐‑–+&/\\{}$^@]*")
_SHORT_FORM = re.compile(r"^[\w][\w\-+.&/$^{}\\@]{1,19}$")
# "HiT, short for Hierarchical Transformer"; "a Hierarchical Transformer, dubbed HiT".
_NAME = r"[A-Za-z][\w\-+]{1,19}"
_STANDS_FOR = re.compile(
    rf"(?<![\w\-])({_NAME})(?:,? (?:is )?(?:short for|an? (?:abbreviation|acronym) (?:for|of))"
    r"|,? (?:which )?stands for) (?:the )?([^,.;:()\n]{4,100})"
)
_CALLED = re.compile(
    rf",? (?:dubbed|termed|called|named|coined|namely|abbreviated (?:as|to)|(?:which )?we (?:call|term|name|dub)"
    rf"|(?:herein(?:after)? )?referred to as|denoted as|known as) (?:the )?({_NAME})(?![\w\-])"
)
_FILLERS = frozenset(
    word
    for line in (
        "a an and as at by for from in into of on or the to via with",
        "using our we this that is are called",
    )
    for word in line.split()
)


# The share of a short form's capitals that begin words of its long form.
_SPELLED = 0.6


class Acronym(NamedTuple):
    """A pair found in one text; all four numbers are character offsets."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


def find_acronyms(text: str) -> list[Acronym]:
    """All definitions in `text`, in order."""
    found = []
    for match in _PARENTHESIS.finditer(text):
        inside, start = match.group(1), match.start(1)
        head = re.split(r"[,;:]| or | see ", inside)[0].strip()
        offset = start + inside.find(head)
        if _is_short_form(head):
            if pair := _before(text, match.start(), head, offset):
                found.append(pair)
        elif before := re.search(r"([\w\-+.]{2,20})\s*$", text[max(0, match.start() - 24) : match.start()]):
            short_start = max(0, match.start() - 24) + before.start(1)
            short = before.group(1)
            if (
                _is_short_form(short)
                and (begin := best_long_form(short, head)) is not None
                and begin < 5
                and spells(short, head[begin:])
            ):
                found.append(Acronym(short_start, short_start + len(short), offset + begin, offset + len(head)))
    return sorted({*found, *_told(text)}, key=lambda pair: (min(pair[0], pair[2]), pair))


def _told(text: str) -> Iterator[Acronym]:
    """Definitions in words."""
    for match in _STANDS_FOR.finditer(text):
        words = list(_WORD.finditer(match[2]))
        # The long form ends with the word that has the short form's last letter.
        for last in words:
            long = match[2][: last.end()]
            if _is_short_form(match[1]) and _spells(match[1], long):
                yield Acronym(match.start(1), match.end(1), match.start(2), match.start(2) + len(long))
                break
    for match in _CALLED.finditer(text):
        pair = _before(text, match.start(), match[1], match.start(1)) if _is_short_form(match[1]) else None
        if pair and _spells(match[1], text[pair.long_start : pair.long_end]):
            yield pair


def _spells(short: str, long: str) -> bool:
    """Whether `short` is spelled by all words of `long`: stricter than where parentheses say that it is one.

    Each longer word gives its first letter, in order; and `long` is a name, or each capital of `short` begins a word.
    """
    words = [word for word in long.split() if word.lower() not in _FILLERS]
    if len(words) < 2 or best_long_form(short, long) != 0:
        return False
    letters = iter(_letters(short))
    if not all(word[0].lower() in letters for word in words):
        return False
    initials = {part[0].lower() for part in re.split(r"[\s\-]+", long) if part}
    named = sum(word[0].isupper() for word in words) > 1
    return named or all(c.lower() in initials for c in short if c.isupper())


def _is_short_form(text: str) -> bool:
    """2 to 20 characters in one word, with a capital letter (or all digits and letters of a name such as `mAP`)."""
    if not _SHORT_FORM.match(text) or text.isdigit() or re.fullmatch(r"(?:19|20)\d\d[a-z]?", text):
        return False
    return any(c.isupper() for c in text)


def _before(text: str, parenthesis: int, short: str, short_start: int) -> Acronym | None:
    """The long form that ends right before the parenthesis, in the same sentence."""
    letters = sum(c.isalnum() for c in short)
    window_start = max(0, parenthesis - 150)
    window = text[window_start:parenthesis]
    cut = max(window.rfind("\n"), window.rfind(". "), window.rfind("("), window.rfind(")"), window.rfind("; "))
    words = list(_WORD.finditer(window, cut + 1))
    words = words[-min(letters + 5, letters * 2) :]
    if not words:
        return None
    long_text = window[words[0].start() :].rstrip(" \t~'\"”’}")
    # A plural short form stands for a plural long form: "Vision Transformers (ViTs)".
    begin = best_long_form(short, long_text)
    if begin is None and short.endswith("s") and len(short) > 2:
        begin = best_long_form(short[:-1], long_text)
    if begin is None:
        return None
    start = window_start + words[0].start() + begin
    end = window_start + words[0].start() + len(long_text)
    long_form = text[start:end]
    if len(long_form) <= len(short) or short in long_form.split() or "," in long_form or not spells(short, long_form):
        return None
    return Acronym(short_start, short_start + len(short), start, end)


def best_long_form(short: str, long_text: str) -> int | None:
    """Index in `long_text` where the words begin that `short` abbreviates, or None (Schwartz and Hearst, figure 1)."""
    i = len(long_text) - 1
    letters = [c.lower() for c in short if c.isalnum()]
    for position in range(len(letters) - 1, -1, -1):
        letter = letters[position]
        while i >= 0 and (long_text[i].lower() != letter or (position == 0 and i > 0 and long_text[i - 1].isalnum())):
            i -= 1
        if i < 0:
            return None
        i -= 1
    begin = i + 1
    # The first letter may begin the second half of a hyphenated word; the name is the whole word.
    while begin > 0 and not long_text[begin - 1].isspace() and long_text[begin - 1] not in "(\"'“‘{":
        begin -= 1
    first = re.match(r"[\w-]+", long_text[begin:])
    if first is None or first.group().lower() in _FILLERS:
        return None
    return begin


def spells(short: str, long: str) -> bool:
    """Whether most capitals and digits of `short` begin words of `long` (or stand there as capitals), in their order.

    "U-Net" is not "universal applicability across diverse architectures", though its letters are all in there. Of 2,309
    annotated pairs 98.6% pass. True where `short` has no capital.
    """
    if short.endswith("s") and short[:-1].isupper():
        short = short[:-1]
    wanted = [c.lower() for c in short if c.isupper() or c.isdigit()]
    begins = [
        c.lower()
        for before, c in itertools.pairwise(f" {long}")
        if c.isalnum() and (not before.isalnum() or c.isupper() or (c.isdigit() and not before.isdigit()))
    ]
    # The longest common subsequence.
    best = [0] * (len(begins) + 1)
    for letter in wanted:
        before = 0
        for place, begin in enumerate(begins, 1):
            before, best[place] = best[place], max(best[place], best[place - 1], before + (begin == letter))
    return best[-1] >= _SPELLED * len(wanted)


def abbreviates(short: str, long: str) -> bool:
    """Whether most letters of `short` stand in `long` in their order: for two names of which one is in parentheses."""
    letters = _letters(short)
    position = hits = 0
    for letter in letters:
        found = long.lower().find(letter, position)
        if found >= 0:
            position, hits = found + 1, hits + 1
    return 2 <= len(letters) <= 12 and hits >= max(2, 0.75 * len(letters)) and spells(short, long)


def initial_letters(short: str) -> str:
    """The letters of `short` in lower case, where it is a word of capitals (2 to 8) and may be initials; else ""."""
    letters = _letters(short)
    if not 2 <= len(letters) <= 8 or not letters[1:].isalnum() or sum(c.isupper() for c in short) < len(letters) - 1:
        return ""
    return letters


def initials_of(long: str) -> set[str]:
    """The initials of a name of several words, in lower case: of all its words, and without articles and the like."""
    words = [word for word in re.split(r"[\s\-/]+", long) if word]
    if len(words) < 2:
        return set()
    return {"".join(w[0] for w in some).lower() for some in (words, [w for w in words if w.lower() not in _FILLERS])}


def _letters(short: str) -> str:
    """The letters and digits of a short form in lower case, without a plural s."""
    letters = re.sub(r"[^A-Za-z0-9]", "", short)
    return (letters[:-1] if letters.endswith("s") and letters[:-1].isupper() else letters).lower()


@Language.component("kg_acronyms")
def acronyms(doc: Doc) -> Doc:
    """Store the definitions found in the text."""
    doc.user_data[ACRONYMS] = find_acronyms(text_of(doc))
    return doc
