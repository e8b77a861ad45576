"""What a word looks like and how common it is: what an uncased encoder cannot see.

`shape_features` gives eight small numbers for every character; the tagger reads those at the start of each word.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

# How many values each of the eight features can take: case of the word piece's word, case of the whole chunk between
# spaces, start of a sentence, how often the chunk occurs in the text, place in the title, how common the word is in
# the field, whether the text also has it in lower case, inside a parenthesis.
FEATURE_SIZES = (16, 20, 4, 4, 6, 12, 4, 4)
PUNCTUATION = ".,;:!?()[]{}\"'`*$“”‘’"


@functools.lru_cache(maxsize=100_000)
def case_class(word: str) -> int:
    """1 no letter or digit, 2 digits, 3-4 letters with digits, 5 lower case, ... 12 capitals inside."""
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 2 if any(c.isalnum() for c in word) else 1
    if any(c.isdigit() for c in word):
        return 3 if word.islower() else 4
    if word.islower():
        return 5
    if len(letters) == 1:
        return 6
    if word.isupper():
        return 7 if len(letters) <= 5 else 8
    if word[0].isupper() and word[1:].islower():
        return 9
    if word[-1] == "s" and word[:-1].isupper():
        return 10
    return 11 if word[0].islower() else 12


@functools.lru_cache(maxsize=100_000)
def chunk_class(chunk: str) -> int:
    """`case_class`, or 13 to 16 for hyphenated chunks by their parts."""
    if "-" not in chunk.strip("-"):
        return case_class(chunk)
    classes = {case_class(part) for part in chunk.split("-") if part}
    if classes <= {5}:
        return 13
    if classes & {3, 4, 7, 8, 10, 11, 12}:
        return 14
    return 15 if 9 in classes else 16


def shape_features(text: str, frequencies: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """Features of each character, shape (len(text) + 1, 8); `frequencies` has log2 of document counts by word."""
    features = np.zeros((len(text) + 1, len(FEATURE_SIZES)), np.int64)
    title_end = text.find("\n") if "\n" in text else len(text)
    colon = text.find(":", 0, title_end)
    chunks = [(match.start(), match.end(), match.group()) for match in re.finditer(r"\S+", text)]
    stripped = [chunk.strip(PUNCTUATION) for _, _, chunk in chunks]
    counts = Counter(word.lower() for word in stripped)
    in_lower_case = {word for word in stripped if word == word.lower()}
    rows = []
    begins = True
    for (start, end, chunk), word in zip(chunks, stripped, strict=True):
        key = word.lower()
        common = frequencies.get(key)
        rows.append(
            (
                chunk_class(word) if word else 1,
                1 if begins else 2,
                min(counts[key], 3),
                3 if start >= title_end else 1 if start < colon else 2,
                0 if common is None else min(common - 1, 11),
                1 if key in in_lower_case else 2,
            )
        )
        begins = chunk[-1] in ".!?" or text[end : end + 1] == "\n"
    if chunks:
        features[: len(text), 1:7][[not character.isspace() for character in text]] = np.repeat(
            np.array(rows), [end - start for start, end, _ in chunks], 0
        )
    features[: len(text), 7] = 1
    for match in re.finditer(r"\([^)]*\)?", text):
        features[match.start() : match.end(), 7] = 2
    return features
