"""Questions to a graph folder: why two names are one node, which were left apart, which texts one paper came with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import extractors
from kg.errors import StoreError
from kg.extraction import confident
from kg.folder.ledger import Ledger
from kg.folder.place import CURATION
from kg.records import Entry, Extraction, Paper
from kg.resolve import Curation, Doubt, Explanation, SecondText, join_papers, read_curation, review, why
from kg.stores import Rows


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


def texts_in_graph(graph: Path) -> Rows:
    """The papers of the graph folder `graph` that came with several texts: each text once, with what became of it.

    Columns: paper, which ("holds", "older text", "another paper"), feed, number, title, abstract. Raises `StoreError`
    where there is no graph.
    """
    ledger = Ledger(graph / "ledger")
    if not ledger.parts():
        raise StoreError(f"{graph}: holds no graph yet; make one with `kg build FEED --graph {graph}`")
    # (paper id, text) -> the entry that has it, and whether it is another paper's.
    texts: dict[tuple[str, str], tuple[Entry, bool]] = {}

    def notice(second: SecondText) -> None:
        texts.setdefault((second.paper_id, second.before.paper.text), (second.before, False))
        texts[second.paper_id, second.entry.paper.text] = second.entry, second.another

    papers, _ = join_papers(ledger.entries(), notice)
    holds = {(paper.id, paper.text) for paper in papers}
    rows = []
    for (paper_id, text), (entry, another) in sorted(texts.items(), key=lambda item: item[0][0]):
        which = "another paper" if another else "holds" if (paper_id, text) in holds else "older text"
        rows.append((paper_id, which, entry.feed.name, entry.rank, entry.paper.title, entry.paper.abstract))
    return Rows(("paper", "which", "feed", "number", "title", "abstract"), tuple(rows))


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
    return known, of_paper, read_curation(graph / CURATION)
