"""Why two names may be one thing: a score is a list of reasons, and the weights and thresholds are data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from kg.resolve.normalise import digits

# What a reason adds to a score. A veto outweighs everything but a person's word.
WEIGHTS: dict[str, float] = {
    "curated same": 100.0,
    "as without curation": 1.0,
    "known alias": 1.0,
    "usual long form": 1.0,
    "metric and score": 1.0,
    "definition": 0.4,
    "same short form": 0.5,
    "close long forms": 0.5,
    "letters in order": 0.3,
    "near spelling": 0.6,
    "versions differ": -10.0,
    "curated different": -1000.0,
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where decisions turn.

    `join` is the score from which two names are one thing; `review` the likeness of spelling (of 100) from which a
    person is asked; `close` the likeness of two long forms of one short form; `window` how many neighbours in
    alphabetical order a name is held against for review.
    """

    join: float = 1.0
    review: float = 88.0
    close: float = 94.0
    window: int = 6


THRESHOLDS = Thresholds()
_LONG = 8  # letters of a long form of which a part may be taken for it


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """One reason for or against; `detail` says it in words, `weight` is what it adds to the score."""

    kind: str
    detail: str
    weight: float


def reason(kind: str, detail: str, times: int = 1) -> Reason:
    """A reason of a kind in `WEIGHTS`, counted `times`."""
    return Reason(kind, detail, WEIGHTS[kind] * times)


def total(reasons: Iterable[Reason]) -> float:
    """The score of a pair."""
    return sum(r.weight for r in reasons)


def close(short: str, one: str, other: str) -> bool:
    """Whether two long forms (keys) of `short` are spellings of one: never asked of names alone."""
    if one == other:
        return True
    if digits(one) != digits(other):
        return False
    shorter, longer = sorted((one, other), key=len)
    # The longer has words behind ("… for"), or the shorter lacks its first ("(Proximal) Policy Optimization").
    cut = longer.startswith(shorter) or (longer.endswith(shorter) and not in_order(short, shorter))
    if cut and len(shorter) >= _LONG and in_order(short, longer):
        return True
    return fuzz.ratio(one, other) >= THRESHOLDS.close and one[:1] == other[:1]


def definition_reasons(short: str, long: str, papers: int, best: str) -> tuple[Reason, ...]:
    """Why the short form `short` is what `long` stands for; `best` is the short form that most papers give it."""
    if short == best and in_order(short, long):
        return (reason("usual long form", f"“{long}” is defined as “{short}” in {papers} papers"),)
    reasons = [reason("definition", f"“{long}” is defined as “{short}” in {papers} papers", min(papers, 3))]
    if digits(short) != digits(best):
        reasons.append(reason("versions differ", f"“{short}” and “{best}” are different versions"))
    if in_order(short, long):
        reasons.append(reason("letters in order", f"the letters of “{short}” stand in order in “{long}”"))
    return tuple(reasons)


def in_order(short: str, long: str) -> bool:
    """Whether `short` may abbreviate `long`: the first letters are one, and the others follow in order."""
    rest = iter(long)
    return short[:1] == long[:1] and all(c in rest for c in short)
