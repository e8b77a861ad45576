"""Near-duplicates that are not certain: left apart, and listed for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kg.records import Extraction, Thing
from kg.resolve.curation import Curation
from kg.resolve.decide import Unit
from kg.resolve.names import assemble, group_names, sorted_papers
from kg.resolve.normalise import digits, normalise
from kg.resolve.score import THRESHOLDS, Reason, reason, total

_NEAR = {"Model": "model", "Method": "model", "Dataset": "data", "Benchmark": "data"}
_MIN_LETTERS = 5  # below this, one letter of difference is another name


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two things that may be one, why, and the line of the curation file that would join them."""

    one: Thing
    other: Thing
    score: float
    reasons: tuple[Reason, ...]

    @property
    def line(self) -> str:
        """What to add to `same` in the curation file."""
        return f'["{self.one.name}", "{self.other.name}"]'


def review(extractions: Iterable[tuple[str, Extraction]], curation: Curation | None = None) -> list[Doubt]:
    """The doubtful pairs, most papers first. Likeness of spelling lists a pair here; it never joins one."""
    found = sorted_papers(extractions)
    curation = curation or Curation()
    grouped = group_names(found, curation)
    settled = {frozenset(pair) for pair in grouped.units.apart()}
    doubts = [
        doubt
        for one, other in candidates(assemble(found, grouped, curation).things)
        if not _is_settled(grouped.units.home(one.name), grouped.units.home(other.name), settled)
        and (doubt := _doubt(one, other))
    ]
    return sorted(doubts, key=lambda d: (-min(d.one.papers, d.other.papers), -d.score, d.one.id, d.other.id))


def candidates(things: Iterable[Thing]) -> Iterator[tuple[Thing, Thing]]:
    """Pairs within a window of alphabetical order, of the keys read forwards and backwards: linear in the things."""
    blocks: dict[str, list[tuple[str, Thing]]] = {}
    for thing in things:
        blocks.setdefault(_NEAR.get(thing.type, thing.type), []).append((normalise(thing.name), thing))
    for block in blocks.values():
        seen: set[tuple[str, str]] = set()
        for step in (1, -1):
            ordered = sorted(block, key=lambda pair: (pair[0][::step], pair[1].id))
            for place, (_, one) in enumerate(ordered):
                for _, other in ordered[place + 1 : place + 1 + THRESHOLDS.window]:
                    first, second = sorted((one, other), key=lambda thing: thing.id)
                    if (first.id, second.id) not in seen:
                        seen.add((first.id, second.id))
                        yield first, second


def likeness(one: str, other: str) -> list[Reason]:
    """What speaks for two names being one by spelling, and against it."""
    first, second = normalise(one), normalise(other)
    ratio = fuzz.ratio(first, second)
    reasons: list[Reason] = []
    if ratio >= THRESHOLDS.review and min(len(first), len(second)) >= _MIN_LETTERS:
        reasons.append(reason("near spelling", f"“{one}” and “{other}” are {ratio:.0f} % alike"))
    if digits(first) != digits(second):
        reasons.append(reason("versions differ", f"“{one}” and “{other}” differ in a number"))
    return reasons


def _is_settled(one: Unit, other: Unit, apart: set[frozenset[Unit]]) -> bool:
    """Whether a person keeps the two apart, or the table of known names has both."""
    return one[0] == other[0] == "known" or frozenset((one, other)) in apart


def _doubt(one: Thing, other: Thing) -> Doubt | None:
    reasons: Sequence[Reason] = likeness(one.name, other.name)
    score = total(reasons)
    return Doubt(one, other, score, tuple(reasons)) if score > 0 else None
