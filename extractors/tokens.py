"""A tokenizer in linear time for text of any kind.

spaCy's own takes marks off the ends of what stands between two spaces one by one and copies the rest each time: twenty
thousand dollar signs in a row take minutes. Texts with so long a stretch are cut by a pattern instead; nothing of ours
depends on where tokens end, all findings are character offsets.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from extractors.clean import clean
from extractors.spans import CLEAN

_LONG = re.compile(r"\S{300}")
_PIECE = re.compile(r"(\w{1,100}|[^\w\s]|\s)( ?)")


class BoundedTokenizer:
    """spaCy's tokenizer, but for texts with stretches of 300 characters and more without a space."""

    def __init__(self, nlp: Language) -> None:
        self._usual = nlp.tokenizer
        self._vocab = nlp.vocab

    def __call__(self, text: str) -> Doc:
        """Tokenise `text`; the tokens put together are the text again."""
        doc = self._usual(text) if not _LONG.search(text) else self._cut(text)
        doc.user_data[CLEAN] = clean(text)
        return doc

    def _cut(self, text: str) -> Doc:
        pieces = [match.groups() for match in _PIECE.finditer(text)]
        return Doc(self._vocab, words=[word for word, _ in pieces], spaces=[bool(space) for _, space in pieces])
