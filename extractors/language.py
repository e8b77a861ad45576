"""Whether a text is English: the tagger has learnt from English alone, and guesses at anything else."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ENGLISH = frozenset(
    (
        *("the", "of", "and", "to", "we", "is", "that", "with", "are", "this"),
        *("by", "our", "from", "which", "it", "be", "has"),
    )
)
# Frequent in German, French, Spanish, Italian, Portuguese or Dutch, and no words of English.
_OTHERS = frozenset(
    word
    for line in (
        "der die das und ist den von zu mit sich des ein eine nicht auf dem wird werden wir sind als auch",
        "le la les des et est un une du que pour dans nous sur qui avec par ce cette sont aux ces",
        "el los las del y una para con por se como este esta es su al lo",
        "il di che della per gli dei nel sono questo questa delle",
        "o os um uma do da dos das em com não ao na no mais",
        "het een van en dat zijn voor met niet deze wordt",
    )
    for word in line.split()
) - frozenset(("die", "des", "on", "in", "no", "do", "as", "es", "al", "la", "o", "per", "con", "van", "sur", "du"))
_FEW = 12  # words; of a shorter text nothing is said


def is_english(text: str) -> bool:
    """Whether the abstract of `text` is English; in doubt it is, as with formulas, names and few words."""
    text = text.partition("\n")[2] or text
    words = _WORD.findall(text.lower())
    if len(words) < _FEW:
        letters = sum(map(len, words))
        return letters < _FEW or 2 * len(_LATIN.findall(text)) >= letters
    letters = sum(map(len, words))
    if 2 * len(_LATIN.findall(text)) < letters:
        return False
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    return others < max(5, 0.08 * len(words)) or english >= others
