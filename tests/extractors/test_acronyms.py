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


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("HiTMer, short for Hierarchical Token Merger, is", "HiTMer", "Hierarchical Token Merger"),
        (
            "CLIP stands for Contrastive Language-Image Pre-training and",
            "CLIP",
            "Contrastive Language-Image Pre-training",
        ),
        ("Sparse Routed Attention Network, dubbed SpaRTAN, is", "SpaRTAN", "Sparse Routed Attention Network"),
        ("Hyperbolic Residual Predictor, which we call HRP.", "HRP", "Hyperbolic Residual Predictor"),
        ("masked token pruning, abbreviated as MTP, is", "MTP", "masked token pruning"),
    ],
)
def test_definitions_in_words(text: str, short: str, long: str) -> None:
    assert [(text[a:b], text[c:d]) for a, b, c, d in find_acronyms(text)] == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "We propose a new framework, dubbed Foo, that",
        "a segmentation model called SAM is",
        "large language models called GPT are",
        "BERT is short for what it does",
    ],
)
def test_words_that_define_nothing(text: str) -> None:
    assert find_acronyms(text) == []
