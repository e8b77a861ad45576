"""One text at a time: what scripts, notebooks and spaCy users call."""

from __future__ import annotations

import functools

import spacy
from spacy.language import Language

import extractors
from kg.records import Extraction


@functools.lru_cache(maxsize=2)
def nlp(extractor: str = extractors.DEFAULT) -> Language:
    """A spaCy pipeline, loaded once; give it title, line break, abstract.

    A `Doc` of it holds names in `doc.ents` and `doc.spans["kg"]`, and all that was read in `doc._.kg`, an
    `Extraction`. Use `nlp().pipe(texts)` for many texts, and `nlp().to_disk(folder)` to keep the pipeline: it holds the
    component `paper_kg`, which any pipeline can have. Raises `UsageError` for an unknown `extractor`.
    """
    pipeline = spacy.blank("en")
    pipeline.max_length = 100_000_000  # the limit is there for parsers
    pipeline.add_pipe("paper_kg", config={"extractor": extractor})
    return pipeline


@functools.lru_cache(maxsize=2)
def _reader(extractor: str) -> Language:
    return extractors.load(extractor)


def extract(title: str, abstract: str = "", *, extractor: str = extractors.DEFAULT) -> Extraction:
    """What one text says: `entities`, `results`, `links`; offsets count into title, line break, abstract."""
    return extractors.extraction(_reader(extractor)(f"{title}\n{abstract}"))
