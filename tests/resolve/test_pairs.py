"""Pairwise precision and recall on labelled pairs, and the verdict on each of them frozen."""

from __future__ import annotations

import csv

import pytest

from tests.resolve.pairs import RESULTS, read_pairs, result_rows, scores


@pytest.mark.parametrize("part", ["development", "test"])
def test_pairs_are_joined_with_precision_and_recall(part: str) -> None:
    precision, recall = scores(pair for pair in read_pairs() if pair.part == part)
    assert precision >= 97
    assert recall >= 90


def test_no_verdict_changed_unseen() -> None:
    """`python -m tests.resolve.pairs` writes the file anew; the diff shows which names a change moved."""
    with RESULTS.open(newline="") as file:
        assert list(csv.reader(file)) == list(result_rows())


def test_a_name_is_in_one_part_only() -> None:
    parts: dict[str, set[str]] = {}
    for pair in read_pairs():
        for name in (pair.one, pair.other):
            parts.setdefault(name.partition(" = ")[0].casefold(), set()).add(pair.part)
    assert [name for name, of_name in parts.items() if len(of_name) > 1] == []
