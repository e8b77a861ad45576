"""The labels of the tagger, and the best sequence of them under the rule that a name begins before it goes on."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt

from kg.records import ENTITY_TYPES, EntityType

# O, then B- and I- for each type, in the order of `ENTITY_TYPES`.
LABELS: tuple[str, ...] = ("O", *(f"{place}-{kind}" for kind in ENTITY_TYPES for place in "BI"))
Floats = npt.NDArray[np.float32]


def best_labels(scores: Floats) -> list[int]:
    """Indexes into `LABELS` of the best valid sequence for log probabilities (words, labels), by Viterbi (1967)."""
    if not len(scores):
        return []
    best: list[int] = scores.argmax(1).tolist()
    if all(label % 2 or not label or label in (before, before + 1) for before, label in itertools.pairwise([0, *best])):
        return best  # nothing but validity costs anything, so the best label of each word is the best sequence
    rows = scores.tolist()
    total = [-math.inf if label and label % 2 == 0 else score for label, score in enumerate(rows[0])]
    back: list[list[int]] = []
    for row in rows[1:]:
        # O and B- labels follow any label, so the best one; an I- label follows its own B- or I-.
        surest = total.index(max(total))
        before = [surest] * len(LABELS)
        for inner in range(2, len(LABELS), 2):
            before[inner] = inner - 1 if total[inner - 1] >= total[inner] else inner
        total = [total[label] + score for label, score in zip(before, row, strict=True)]
        back.append(before)
    sequence = [total.index(max(total))]
    for before in reversed(back):
        sequence.append(before[sequence[-1]])
    return sequence[::-1]


def label_runs(sequence: list[int]) -> list[tuple[int, int, EntityType]]:
    """(first word, word after the last, type) of each name in a valid sequence of labels."""
    runs: list[tuple[int, int, EntityType]] = []
    first = 0
    while first < len(sequence):
        label = sequence[first]
        last = first + 1
        if label % 2:  # a B- label; its I- label is the next one
            while last < len(sequence) and sequence[last] == label + 1:
                last += 1
            runs.append((first, last, ENTITY_TYPES[(label - 1) // 2]))
        first = last
    return runs
