"""One text at a time: what scripts, notebooks and spaCy users call."""

from __future__ import annotations

import functools

from spacy.language import Language

import extractors
from kg.records import Extraction


@functools.lru_cache(maxsize=2)
def nlp(extractor: str = extractors.DEFAULT) -> Language:
    """The spaCy pipeline, loaded once; give it title, line break, abstract.

    A `Doc` of it holds names in `doc.ents` and `doc.spans["kg"]`, and all that was read in `doc._.kg`, an
    `Extraction`. Use `nlp().pipe(texts)` for many texts. Raises `UsageError` for an unknown `extractor`.
    """
    return extractors.load(extractor)


def extract(title: str, abstract: str = "", *, extractor: str = extractors.DEFAULT) -> Extraction:
    """What one text says: `entities`, `results`, `links`; offsets count into title, line break, abstract."""
    return extractors.extraction(nlp(extractor)(f"{title}\n{abstract}"))
