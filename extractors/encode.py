"""Texts become what the encoder reads: word pieces, and for each the shape of the word it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.shape import FEATURE_SIZES, case_class, shape_features

Ints = npt.NDArray[np.int64]
_FIRST = np.cumsum((0, *FEATURE_SIZES[:-1]))


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
    word_ids = np.array([-1 if word is None else word for word in pieces.word_ids], np.int64)
    inside = np.flatnonzero(word_ids >= 0)
    features = np.zeros((len(ids), len(FEATURE_SIZES)), np.int64)
    word_of_piece = np.full(len(ids), -1, np.int64)
    if not len(inside):
        return Encoded(ids, features, word_of_piece, np.zeros((0, 2), np.int64))
    spans = np.array(pieces.offsets, np.int64)[inside]
    begins = np.diff(word_ids[inside], prepend=-1) != 0
    word_of_piece[inside] = np.cumsum(begins) - 1
    words = np.stack([spans[begins, 0], spans[np.roll(begins, -1), 1]], 1)
    of_word = shape_features(text, frequencies)[words[:, 0]]
    of_word[:, 0] = [case_class(text[start:end]) for start, end in words.tolist()]
    features[inside] = of_word[word_of_piece[inside]]
    return Encoded(ids, features, word_of_piece, words)


def counts(features: Ints) -> npt.NDArray[np.float32]:
    """Features (n, 8) as the network reads them: ones and zeros (n, 70), a column for each value of each feature."""
    columns = np.zeros((len(features), sum(FEATURE_SIZES)), np.float32)
    columns[np.arange(len(features))[:, None], features + _FIRST] = 1
    return columns
