"""The labels of the tagger, and the best sequence of them under the rule that a name begins before it goes on."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from kg.records import ENTITY_TYPES, EntityType

# O, then B- and I- for each type, in the order of `ENTITY_TYPES`.
LABELS: tuple[str, ...] = ("O", *(f"{place}-{kind}" for kind in ENTITY_TYPES for place in "BI"))
Floats = npt.NDArray[np.float32]

_NEVER = -1e4


def _transitions() -> Floats:
    """Scores (from, to): an I- label only follows a label of its own type."""
    scores = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for column, label in enumerate(LABELS):
        if label.startswith("I-"):
            for row, before in enumerate(LABELS):
                if before[2:] != label[2:]:
                    scores[row, column] = _NEVER
    return scores


_TRANSITIONS = _transitions()
_START = np.array([_NEVER if label.startswith("I-") else 0.0 for label in LABELS], np.float32)


def best_labels(scores: Floats) -> list[int]:
    """Indexes into `LABELS` of the best valid sequence for log probabilities (words, labels), by Viterbi (1967)."""
    if not len(scores):
        return []
    best: list[int] = scores.argmax(1).tolist()
    if all(_TRANSITIONS[before, label] == 0 for before, label in itertools.pairwise([0, *best])):
        return best  # nothing but validity costs anything, so the best label of each word is the best sequence
    total = scores[0] + _START
    back = np.zeros((len(scores), len(LABELS)), np.int64)
    columns = np.arange(len(LABELS))
    for row in range(1, len(scores)):
        paths = total[:, None] + _TRANSITIONS
        back[row] = paths.argmax(0)
        total = paths[back[row], columns] + scores[row]
    sequence = [int(total.argmax())]
    for row in range(len(scores) - 1, 0, -1):
        sequence.append(int(back[row, sequence[-1]]))
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
