"""The labelled name pairs, and what resolution makes of them. `python -m tests.resolve.pairs` freezes the results.

A side of a pair is a name, or "short form = long form" as a paper that defines it has it; `type` holds for both sides,
or is "Model|Metric" for one type a side. Each pair is resolved alone: two papers with one name each. All pairs that
share a name are in one part, and rules are tuned on the development part only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

from kg.records import Entity, EntityType, Extraction, Mention
from kg.resolve import resolve_names

PAIRS = Path(__file__).with_name("pairs.csv")
RESULTS = Path(__file__).with_name("pairs_results.csv")


class Pair(NamedTuple):
    """A labelled pair; `type` holds for both sides, or is "Model|Metric" for one type a side."""

    one: str
    other: str
    verdict: str
    type: str
    part: str
    why: str

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(text, type) of each side."""
        kinds = self.type.split("|")
        return (self.one, kinds[0]), (self.other, kinds[-1])


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    with path.open(newline="") as file:
        return [Pair(**row) for row in csv.DictReader(file)]


def resolved(pair: Pair) -> str:
    """What resolution makes of the pair: "same" or "different"."""
    one, other = pair.sides
    papers = [("p1", _paper(*one)), ("p2", _paper(*other))]
    of_paper = resolve_names(papers).of_paper
    return "same" if of_paper["p1"] == of_paper["p2"] else "different"


def scores(pairs: Iterable[Pair]) -> tuple[float, float]:
    """Precision and recall, in percent, of the pairs that resolution joins."""
    found = [(pair.verdict, resolved(pair)) for pair in pairs]
    right = found.count(("same", "same"))
    joined = right + found.count(("different", "same"))
    wanted = right + found.count(("same", "different"))
    return 100 * right / joined, 100 * right / wanted


def result_rows() -> Iterator[list[str]]:
    yield ["one", "other", "verdict", "resolved"]
    for pair in read_pairs():
        yield [pair.one, pair.other, pair.verdict, resolved(pair)]


def _paper(side: str, kind: str) -> Extraction:
    surfaces = tuple(side.split(" = "))
    mentions = tuple(Mention(0, len(surface), surface, 1.0) for surface in surfaces)
    return Extraction((Entity(surfaces[0], cast(EntityType, kind), "uses", surfaces, mentions, 1.0),), (), (), ())


if __name__ == "__main__":
    with RESULTS.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(result_rows())
