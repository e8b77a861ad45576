"""Hard name pairs through `kg build` and `kg cypher`, with the verdict on each frozen."""

from __future__ import annotations

import csv

import pytest

from tests.resolve.built import PAIRS, RESULTS, forms, measure, scores
from tests.resolve.pairs import Pair, read_pairs


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Pair, str]]:
    """What became of each pair."""
    return list(measure(tmp_path_factory.mktemp("pairs")))


@pytest.mark.parametrize("part", ["development", "test"])
def test_pairs_are_joined_with_precision_and_recall(results: list[tuple[Pair, str]], part: str) -> None:
    precision, recall, _ = scores(row for row in results if row[0].part == part)
    assert precision >= 97
    assert recall >= 90


def test_no_verdict_changed_unseen(results: list[tuple[Pair, str]]) -> None:
    """`python -m tests.resolve.built` writes the file anew; the diff shows which names a change moved."""
    with RESULTS.open(newline="") as file:
        frozen = list(csv.reader(file))[1:]
    assert frozen == [[pair.one, pair.other, pair.verdict, found] for pair, found in results]


def test_a_name_is_in_one_part_only() -> None:
    parts: dict[str, set[str]] = {}
    for pair in read_pairs(PAIRS):
        for text, _ in pair.sides:
            parts.setdefault(forms(text)[0].casefold(), set()).add(pair.part)
    assert [name for name, of_name in parts.items() if len(of_name) > 1] == []
