"""A tokenizer in linear time for text of any kind.

All findings are character offsets, so that nothing hangs on where tokens end. spaCy's own rules for English take ten
times as long as this pattern, and minutes for twenty thousand dollar signs in a row.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from extractors.clean import clean
from extractors.spans import CLEAN

_PIECE = re.compile(r"(\w{1,100}|[^\w\s]|\s)( ?)")


class BoundedTokenizer:
    """Words, and marks and spaces one by one; no token is longer than a hundred characters."""

    def __init__(self, nlp: Language) -> None:
        self._vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise `text`; the tokens put together are the text again."""
        pieces = _PIECE.findall(text)
        doc = Doc(self._vocab, words=[word for word, _ in pieces], spaces=[bool(space) for _, space in pieces])
        doc.user_data[CLEAN] = clean(text)
        return doc
