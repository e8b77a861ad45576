"""Sentences of a title and abstract, by rules: the title is one, and URLs and abbreviations do not end one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import SENTENCES, masked_in, text_of

# A stop that may end a sentence: with closing marks after it, then space, then what can begin a sentence.
_STOP = re.compile(r"[.!?]+[\"'”’)\]}]*\s+(?=[\"'“‘(\[{$\\]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|etc|vs|cf|resp|w\.r\.t|approx|Figs?|Eqs?|Sec|Tab|No|Dr|Prof|St|a\.k\.a|aka)|\b[A-Z])\.$"
)


def split_sentences(text: str, masked: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Offsets (start, end) of the sentences of `text`, in order; outer white space is left out.

    No sentence ends inside one of the `masked` stretches (links), nor at a stop that belongs to an abbreviation.
    """
    cuts = {0, len(text), *(match.end() for match in re.finditer(r"\n\s*", text))}
    for match in _STOP.finditer(text):
        stop = match.start() + 1
        if any(start <= match.start() < end for start, end in masked):
            continue
        if text[match.start()] == "." and _ABBREVIATION.search(text, max(0, stop - 12), stop):
            continue
        cuts.add(match.end())
    edges = sorted(cuts)
    sentences = []
    for first, last in itertools.pairwise(edges):
        piece = text[first:last]
        if piece.strip():
            start = first + len(piece) - len(piece.lstrip())
            sentences.append((start, first + len(piece.rstrip())))
    return sentences


@Language.component("kg_sentences")
def sentences(doc: Doc) -> Doc:
    """Store the sentences' offsets; runs after the links."""
    doc.user_data[SENTENCES] = split_sentences(text_of(doc), masked_in(doc))
    return doc
