"""What is chosen on the development part: the bias of the tagger, the calibration, the threshold of results."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from sklearn.linear_model import LogisticRegression

from extractors.train.data import Paper
from kg.evaluate import Item, Score, evaluate
from kg.records import Entity, Extraction

Extract = Callable[[Paper], Extraction]
TYPED, LOOSE = "the four, typed", "the four, Model = Method, Dataset = Benchmark"


def as_item(paper: Paper, extraction: Extraction) -> Item:
    """An extraction in the form that `kg.evaluate` scores."""
    return {
        "title": paper.id,
        "entities": [
            {"name": e.name, "type": e.type, "role": e.role, "surfaces": list(e.surfaces)} for e in extraction.entities
        ],
        "results": [
            {"model": r.model, "dataset": r.dataset, "metric": r.metric, "value": r.value} for r in extraction.results
        ],
        "links": [{"url": link.url, "kind": link.kind} for link in extraction.links],
    }


def score(papers: Sequence[Paper], extractions: Sequence[Extraction]) -> dict[str, Score]:
    """Scores of `extractions` against the annotations of `papers` (links are not annotated here)."""
    gold = {
        "".join(c for c in paper.id.casefold() if c.isalnum()): {"entities": paper.entities, "results": paper.results}
        for paper in papers
    }
    return evaluate(gold, [as_item(paper, found) for paper, found in zip(papers, extractions, strict=True)])


def right_facts(paper: Paper, entities: Sequence[Entity]) -> list[bool]:
    """For each entity whether an annotated one has its name, its type and its role."""
    from extractors.spans import same_key

    wanted = {
        (same_key(surface), e["type"], e["role"]) for e in paper.entities for surface in [e["name"], *e["surfaces"]]
    }
    return [any((same_key(s), e.type, e.role) in wanted for s in e.surfaces) for e in entities]


def fit_calibration(confidences: Sequence[float], right: Sequence[bool]) -> list[float]:
    """Slope and offset of Platt's scaling (1999) of the log odds of raw confidences."""
    odds = [[math.log(min(max(c, 1e-4), 1 - 1e-4) / (1 - min(max(c, 1e-4), 1 - 1e-4)))] for c in confidences]
    model: Any = LogisticRegression(C=10.0).fit(odds, list(right))
    return [round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)]


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[str, int, float, float]]:
    """Rows (range of confidence, facts, mean confidence, share that is right)."""
    rows = []
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = [(c, r) for c, r in zip(confidences, right, strict=True) if low <= c < high]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            rows.append(
                (f"{low:.1f} to {min(high, 1):.1f}", len(inside), mean, sum(r for _, r in inside) / len(inside))
            )
    return rows
