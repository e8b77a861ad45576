"""Texts that are no texts: read whole, and without taking for ever."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractors.tokens import BoundedTokenizer

TOKENIZER = BoundedTokenizer(spacy.blank("en"))


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["$", "(", "a", "é", "\u200b", "́"]))
def test_tokens_put_together_are_the_text(before: str, after: str, filler: str) -> None:
    text = before + filler * 300 + after
    assert TOKENIZER(text).text == text


@pytest.mark.parametrize("mark", ["$", "(", "{", "a.", "'"])
def test_a_long_stretch_becomes_short_tokens_at_once(mark: str) -> None:
    # A hundred thousand: in quadratic time this would run for hours.
    assert max(map(len, TOKENIZER("Title\n" + mark * 100_000))) <= 100


def test_words_and_marks_are_tokens() -> None:
    text = "We don't train on ImageNet-1k  (e.g.)."
    assert [token.text for token in TOKENIZER(text)] == (
        ["We", "don", "'", "t", "train", "on", "ImageNet", "-", "1k", " ", "(", "e", ".", "g", ".", ")", "."]
    )
