"""Questions to a graph folder: why two names are one node, and which near-duplicates were left apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import extractors
from kg.errors import StoreError
from kg.extract import confident
from kg.ledger import Ledger
from kg.records import Extraction, Paper
from kg.resolve import Curation, Doubt, Explanation, join_papers, read_curation, review, why
from kg.resolve.curation import FILE


def why_in_graph(
    graph: Path, one: str, other: str, *, extractor: str = extractors.DEFAULT, min_confidence: float = 0.0
) -> Explanation:
    """Why `one` and `other` are one node of the graph in the folder `graph`, or are not."""
    papers, found, curation = _inputs(graph, extractor, min_confidence)
    return why(found.items(), papers, one, other, curation)


def review_graph(graph: Path, *, extractor: str = extractors.DEFAULT, min_confidence: float = 0.0) -> list[Doubt]:
    """The pairs of nodes of the graph in the folder `graph` that a person should look at, most papers first."""
    _, found, curation = _inputs(graph, extractor, min_confidence)
    return review(found.items(), curation)


def _inputs(
    graph: Path, extractor: str, min_confidence: float
) -> tuple[Mapping[str, Paper], Mapping[str, Extraction], Curation]:
    ledger = Ledger(graph / "ledger")
    papers, _ = join_papers(ledger.entries())
    found = ledger.extractions(extractors.version(extractor))
    read = {paper.id: found[paper.content_hash] for paper in papers if paper.content_hash in found}
    if not read:
        raise StoreError(f"{graph}: has no papers read by the extractor “{extractor}”; run kg build with it first")
    known = {paper.id: paper for paper in papers}
    of_paper = {paper_id: confident(extraction, min_confidence) for paper_id, extraction in read.items()}
    return known, of_paper, read_curation(graph / FILE)
