"""Texts become what the encoder reads: word pieces, and for each the shape of the word it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.shape import FEATURE_SIZES, case_class, shape_features

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text of `n` word pieces and `w` words.

    `ids` (n,), `features` (n, 8), `word_of_piece` (n,) with -1 for the marks at both ends, `words` (w, 2) with the
    character offsets of each word.
    """

    ids: Ints
    features: Ints
    word_of_piece: Ints
    words: Ints


def encode(tokenizer: Any, text: str, frequencies: Mapping[str, int]) -> Encoded:
    """Encode `text` with a Hugging Face tokenizer that neither truncates nor pads."""
    pieces = tokenizer.encode(text)
    ids = np.array(pieces.ids, np.int64)
    word_of_piece = np.full(len(ids), -1, np.int64)
    words: list[list[int]] = []
    last = None
    for index, (word, (start, end)) in enumerate(zip(pieces.word_ids, pieces.offsets, strict=True)):
        if word is None:
            continue
        if word == last:
            words[-1][1] = end
        else:
            words.append([start, end])
            last = word
        word_of_piece[index] = len(words) - 1
    by_character = shape_features(text, frequencies)
    features = np.zeros((len(ids), len(FEATURE_SIZES)), np.int64)
    offsets = np.array(words, np.int64).reshape(-1, 2)
    inside = word_of_piece >= 0
    if len(words):
        of_word = by_character[offsets[:, 0]]
        of_word[:, 0] = [case_class(text[start:end]) for start, end in words]
        features[inside] = of_word[word_of_piece[inside]]
    return Encoded(ids, features, word_of_piece, offsets)
