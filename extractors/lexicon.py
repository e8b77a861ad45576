"""What the annotated papers say about a name: in how many it stands, and in how many it is annotated as which type.

The tagger reads one text; the lexicon knows the corpus. It drops candidates that annotators nearly always pass over,
pulls the type of known names towards the one they nearly always have, and adds sure names that the tagger missed.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from extractors.spans import Candidate, bare, same_key, singular
from kg.records import ENTITY_TYPES

# Chosen on the development part.
_TYPE_POWER = 2.0
_DROP_BELOW, _DROP_PAPERS = 0.2, 4
_ADD_FROM, _ADD_PAPERS = 0.6, 2
_WORDS = 6
_WORD = re.compile(r"[^\s()\[\]{},;:!?\"“”]+")
_BREAK = re.compile(r"[.,;:!?()\n]\s")
_REST = re.compile(r"(?:-[A-Z0-9][\w.]*)+")
_EDGE_START, _EDGE_END = frozenset("$\\τλπμαβγδε"), frozenset("+*$})")


class Lexicon:
    """Key of a name -> (papers it stands in, then the papers in which it is annotated as each of `ENTITY_TYPES`)."""

    def __init__(self, known: Mapping[str, Sequence[int]]) -> None:
        self.known = known
        self.sure = {
            key: counts for key, counts in known.items() if sum(counts[1:]) >= max(_ADD_PAPERS, _ADD_FROM * counts[0])
        }
        # All that a sure name may begin with: most words of a text begin none, and need no look at what follows.
        self.openings = frozenset(
            name[:length] for key in self.sure for name in [f"{key}s"] for length in range(len(name) + 1)
        )


def word_runs(text: str, openings: Container[str] | None = None) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of every run of up to six words inside a clause; with `openings`, of those that begin so."""
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum() and text[end - 1] not in "+*":
            end -= 1
        if start < end:
            words.append((start, end))
    # A key is put together from its words' parts: to make each from the text again took half of all the time here.
    parts = [bare(text[start:end]) for start, end in words]
    for first, (start, end) in enumerate(words):
        key = parts[first]
        if openings is not None and key not in openings:
            continue
        yield singular(key) or text[start:end], start, end
        for last in range(first + 1, min(first + _WORDS, len(words))):
            if _BREAK.search(text[end : words[last][0]] + " "):
                break
            end = words[last][1]
            key += parts[last]
            if openings is not None and key not in openings:
                break
            yield singular(key) or text[start:end], start, end


def apply_lexicon(text: str, candidates: Iterable[Candidate], lexicon: Lexicon) -> list[Candidate]:
    """The candidates with their edges trimmed, pruned, retyped, and with sure names added; in order, disjoint."""
    kept: list[Candidate] = []
    title_end = text.find("\n")
    taken = np.zeros(len(text) + 1, bool)
    for candidate in candidates:
        start, end = candidate.start, candidate.end
        if start < title_end < end:  # no name goes on from the title into the abstract
            start, end = (start, title_end) if title_end - start > end - title_end else (title_end, end)
        start, end = _trim(text, start, end)
        if start >= end:
            continue
        masses = np.array(candidate.masses)
        known = lexicon.known.get(same_key(text[start:end]))
        if known is not None:
            annotated = np.array(known[1:], float)
            if known[0] >= _DROP_PAPERS and annotated.sum() < _DROP_BELOW * known[0]:
                continue
            if annotated.any():
                mass = masses.sum()
                masses = masses * ((annotated + 0.5) / (annotated.sum() + 3)) ** _TYPE_POWER
                masses = masses * mass / masses.sum()
        kept.append(_typed(start, end, masses, candidate.roles))
        taken[start:end] = True
    for start, end, known in _sure(text, lexicon):
        if not taken[start:end].any():
            taken[start:end] = True
            masses = np.array(known[1:], float) / known[0]
            kept.append(_typed(start, end, masses, ()))
    return sorted(kept)


def _sure(text: str, lexicon: Lexicon) -> list[tuple[int, int, Sequence[int]]]:
    """Places of names that nearly all annotated papers list, longest first."""
    found = []
    for key, start, end in word_runs(text, lexicon.openings):
        known = lexicon.sure.get(key)
        if known is not None and _may_be(text[start:end], known):
            found.append((start, end, known))
    return sorted(found, key=lambda item: (item[0] - item[1], item[0]))


def _may_be(surface: str, known: Sequence[int]) -> bool:
    """Whether a sure name may be written so: one lower-case word is the ordinary word ("a clip"), save for tasks."""
    if " " in surface or "-" in surface or any(c.isupper() or c.isdigit() for c in surface):
        return True
    return ENTITY_TYPES[int(np.argmax(known[1:]))] in ("Task", "Metric")


def _typed(start: int, end: int, masses: npt.NDArray[np.float64], roles: Sequence[float]) -> Candidate:
    kind = ENTITY_TYPES[int(masses.argmax())]
    return Candidate(start, end, kind, tuple(round(float(mass), 4) for mass in masses), tuple(roles))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without punctuation at the edges, with all parts of a hyphenated name; (0, 0) where no name is left."""
    while start < end and not text[start].isalnum() and text[start] not in _EDGE_START:
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in _EDGE_END:
        end -= 1
    if text[end - 1 : end] == ")" and "(" not in text[start:end]:
        end -= 1
    # A name goes on over hyphens to what looks like a part of it: "FooBar-Bench", but not "CLIP-based".
    if start < end and (rest := _REST.match(text, end)):
        end = rest.end() - (text[rest.end() - 1] == ".")
    return (start, end) if any(c.isalnum() for c in text[start:end]) else (0, 0)
