"""Step 2: papers become extractions. Drives the spaCy pipeline of `extractors` in batches."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language

import extractors
from kg.records import Extraction, Paper


def extract(
    papers: Iterable[Paper], nlp: Language | None = None, *, batch_size: int = 64
) -> Iterator[tuple[Paper, Extraction]]:
    """Yield each paper with what its text says, in the order given; streaming, `batch_size` texts at a time."""
    pipeline = nlp or extractors.load()
    kept, texts = itertools.tee(papers)
    docs = pipeline.pipe((paper.text for paper in texts), batch_size=batch_size)
    for paper, doc in zip(kept, docs, strict=True):
        yield paper, extractors.extraction(doc)


def confident(extraction: Extraction, least: float) -> Extraction:
    """The extraction without the entities and results that are less sure than `least`."""
    return dataclasses.replace(
        extraction,
        entities=tuple(entity for entity in extraction.entities if entity.confidence >= least),
        results=tuple(claim for claim in extraction.results if claim.confidence >= least),
    )


def as_json(paper: Paper, extraction: Extraction) -> dict[str, Any]:
    """The object that `kg extract` prints for a paper."""
    return {
        "id": paper.id,
        "title": paper.title,
        "entities": [
            {
                "name": entity.name,
                "type": entity.type,
                "role": entity.role,
                "surfaces": list(entity.surfaces),
                "mentions": [
                    {"start": m.start, "end": m.end, "text": m.text, "confidence": m.confidence}
                    for m in entity.mentions
                ],
            }
            for entity in extraction.entities
        ],
        "results": [
            {"model": r.model, "dataset": r.dataset, "metric": r.metric, "value": r.value, "task": r.task}
            for r in extraction.results
        ],
        "links": [{"url": link.url, "kind": link.kind} for link in extraction.links],
    }
