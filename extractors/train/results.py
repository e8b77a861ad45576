"""The logistic models of result claims, fitted on annotated papers with their annotated entities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.acronyms import find_acronyms
from extractors.entities import group_mentions
from extractors.links import find_links
from extractors.results import (
    Features,
    Reading,
    link_candidates,
    link_features,
    score_features,
)
from extractors.sentences import split_sentences
from extractors.spans import Candidate, same_key
from extractors.train.data import Paper, find_spans
from kg.records import ENTITY_TYPES, ROLES

PARTS = ("metric", "model", "dataset", "task")


def fit_results(papers: Sequence[Paper]) -> dict[str, dict[str, float]]:
    """Weights for `score` and for each part, without the thresholds."""
    rows: dict[str, tuple[list[Features], list[bool]]] = {name: ([], []) for name in ("score", *PARTS)}
    for paper in papers:
        reading = read_annotated(paper)
        left = [dict(result) for result in paper.results]
        for number in reading.numbers:
            claim = next((r for r in left if value_of(r["value"]) == value_of(number.text)), None)
            add(rows["score"], score_features(reading, number), claim is not None)
            if claim is None:
                continue
            left.remove(claim)
            for part in PARTS:
                if not claim[part]:
                    continue
                for sentence, token in link_candidates(reading, number, part):
                    entity = reading.entities[reading.tokens[sentence][token].entity]
                    right = any(agree(claim[part], name) for name in (entity.name, *entity.surfaces))
                    add(rows[part], link_features(reading, number, part, sentence, token), right)
    return {name: _fit(*pair) for name, pair in rows.items()}


def add(rows: tuple[list[Features], list[bool]], features: Features, right: bool) -> None:
    """Append an example."""
    rows[0].append(features)
    rows[1].append(right)


def read_annotated(paper: Paper) -> Reading:
    """The paper with its annotated entities as the extractor would see them."""
    candidates = [
        Candidate(
            start,
            end,
            kind,  # type: ignore[arg-type]
            tuple(float(kind == other) for other in ENTITY_TYPES),
            tuple(float(role == other) for other in ROLES),
        )
        for start, end, kind, role in find_spans(paper.text, paper.entities)
    ]
    links = [(link.start, link.end) for link in find_links(paper.text)]
    entities = group_mentions(paper.text, candidates, find_acronyms(paper.text), links)
    return Reading(paper.text, entities, split_sentences(paper.text, links), links)


def value_of(text: str) -> float | None:
    """The first number in `text`."""
    match = re.search(r"\d[\d,]*\.?\d*", text)
    return float(match.group().replace(",", "").rstrip(".")) if match else None


def agree(wanted: str, given: str) -> bool:
    """Whether one name is inside the other."""
    a, b = same_key(wanted), same_key(given)
    return a in b or b in a


def _fit(features: list[Features], right: list[bool]) -> dict[str, float]:
    vectoriser = DictVectorizer()
    table: Any = vectoriser.fit_transform([dict.fromkeys(row, 1.0) for row in features])
    model = LogisticRegression(C=0.3, max_iter=2000, fit_intercept=False).fit(table, right)
    names = vectoriser.get_feature_names_out()
    return {
        str(name): round(float(weight), 3)
        for name, weight in sorted(zip(names, model.coef_[0], strict=True))
        if abs(weight) >= 0.02
    }
