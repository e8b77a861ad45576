"""Definitions of short forms, both ways round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acronyms import best_long_form, find_acronyms


def pairs(text: str) -> list[tuple[str, str]]:
    return [(text[a.short_start : a.short_end], text[a.long_start : a.long_end]) for a in find_acronyms(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use Low-Rank Adaptation (LoRA) here.", [("LoRA", "Low-Rank Adaptation")]),
        ("Vision Retention Networks (ViR) are", [("ViR", "Vision Retention Networks")]),
        ("We train Vision Transformers (ViTs) on", [("ViTs", "Vision Transformers")]),
        ("the mean Intersection over Union (mIoU) is", [("mIoU", "mean Intersection over Union")]),
        ("LoRA (Low-Rank Adaptation) is", [("LoRA", "Low-Rank Adaptation")]),
        ("Direct Preference Optimization (DPO; Rafailov) is", [("DPO", "Direct Preference Optimization")]),
        ("three results (see Table 2) and (2024) and (a) here", []),
        ("on a benchmark (ImageNet) we", []),
        ("First. Optimization of a thing ends. (FO) is", []),
    ],
)
def test_definitions(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_the_first_letter_begins_a_word() -> None:
    assert best_long_form("ab", "cab") is None
    assert best_long_form("ab", "the abc b") == 4


@given(st.text(alphabet="aAbB ()-.,\n{}é", max_size=200))
def test_offsets_are_inside_and_short_before_or_after_long(text: str) -> None:
    for a in find_acronyms(text):
        assert 0 <= a.short_start < a.short_end <= len(text)
        assert 0 <= a.long_start < a.long_end <= len(text)
        assert a.short_end <= a.long_start or a.long_end <= a.short_start
