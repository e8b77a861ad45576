"""Where sentences end."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Title\nOne is. Two is.", ["A Title", "One is.", "Two is."]),
        ("We beat e.g. BERT and i.e. ViT. Good.", ["We beat e.g. BERT and i.e. ViT.", "Good."]),
        ("See Smith et al. Then go.", ["See Smith et al. Then go."]),
        ("It has 3.5 B of 7. Next one.", ["It has 3.5 B of 7.", "Next one."]),
        ('He said "stop." Then left.', ['He said "stop."', "Then left."]),
        ("Is it? Yes! (Really.) Good.", ["Is it?", "Yes!", "(Really.)", "Good."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_no_sentence_ends_inside_a_link() -> None:
    text = "At https://x.org/a. B is c. End."
    assert len(split_sentences(text, [(3, 21)])) == len(split_sentences(text)) - 1


@given(st.text(alphabet='aA.!? \n")', max_size=100))
def test_sentences_are_disjoint_and_hold_all_that_is_not_space(text: str) -> None:
    sentences = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(sentences))
    assert "".join("".join(text[s:e].split()) for s, e in sentences) == "".join(text.split())
