"""The logistic models of result claims, fitted on annotated papers: `python -m extractors.train.results --help`.

Each paper is read twice: with the names that the pipeline finds, as it will be used, and with the annotated ones. The
model of whole claims is fitted on what the others say of papers that they did not see.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extractors.acronyms import find_acronyms
from extractors.entities import group_mentions
from extractors.links import find_links
from extractors.numbers import value_of
from extractors.results import (
    Features,
    Guess,
    Reading,
    claim_features,
    find_results,
    guesses,
    link_candidates,
    link_features,
    score_features,
)
from extractors.sentences import split_sentences
from extractors.spans import ENTITIES, LINKS, SENTENCES, Candidate, same_key
from extractors.train.data import Paper, find_spans, read_extra, read_gold, split
from kg.records import ENTITY_TYPES, ROLES, Entity, ResultClaim

PARTS = ("metric", "model", "dataset", "task")
# From which probability a part is given, and from which joint one a claim is made; see the model card.
LEAST = {"score": 0.2, "claim": 0.55, "metric": 0.25, "model": 0.25, "dataset": 0.45, "task": 0.4}
SEED = 11
_GENERIC = re.compile(
    r"\b(?:method|approach|model|framework|system|proposed|ours?|pipeline|network|architecture)s?\b", re.I
)
Tables = dict[str, dict[str, float]]


def fit_results(papers: Sequence[Paper], readings: Mapping[str, Sequence[Reading]] | None = None) -> Tables:
    """Weights for `score`, each part and `claim`, with the thresholds; `readings` are those of each paper by its id."""
    readings = readings or {paper.id: [read_annotated(paper)] for paper in papers}
    shuffled = sorted(papers, key=lambda paper: paper.id)
    random.Random(SEED).shuffle(shuffled)  # noqa: S311 - a split, not a secret
    halves = shuffled[::2], shuffled[1::2]
    rows: tuple[list[dict[str, float]], list[bool]] = ([], [])
    for unseen, seen in (halves, halves[::-1]):
        tables = _fit_parts(seen, readings)
        for paper in unseen:
            reading = readings[paper.id][0]
            for guess, right in judged(paper, reading, guesses(reading, tables, LEAST["score"])):
                rows[0].append(claim_features(reading, guess, LEAST))
                rows[1].append(right)
    return {**_fit_parts(papers, readings), "claim": _fit(*rows, 0.3), "least": LEAST}


def _fit_parts(papers: Sequence[Paper], readings: Mapping[str, Sequence[Reading]]) -> Tables:
    rows: dict[str, tuple[list[dict[str, float]], list[bool]]] = {name: ([], []) for name in ("score", *PARTS)}
    for paper in papers:
        for reading in readings[paper.id]:
            _add_rows(rows, paper, reading)
    return {name: _fit(*pair, 0.3) for name, pair in rows.items()}


def _add_rows(rows: dict[str, tuple[list[dict[str, float]], list[bool]]], paper: Paper, reading: Reading) -> None:
    left = [dict(result) for result in paper.results]
    for number in reading.numbers:
        if number.kind:
            continue
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
                add(
                    rows[part],
                    link_features(reading, number, part, sentence, token),
                    is_part(claim[part], entity, part),
                )


def is_part(wanted: str, entity: Entity, part: str) -> bool:
    """Whether `entity` is what the annotation calls `wanted`; "our method" is any description of a method."""
    if any(agree(wanted, name) for name in (entity.name, *entity.surfaces) if name):
        return True
    return part == "model" and str(entity.type) == "Own" and bool(_GENERIC.search(wanted))


def judged(paper: Paper, reading: Reading, found: Sequence[Guess]) -> list[tuple[Guess, bool]]:
    """Each guess with whether an annotated result has its value and all parts that it would name."""
    left = list(paper.results)
    pairs = []
    for guess in found:
        names = {}
        for part in ("metric", "model", "dataset"):
            place = guess.place.get(part)
            chosen = place is not None and guess.best[part] >= LEAST[part]
            names[part] = reading.entities[reading.tokens[place[0]][place[1]].entity] if place and chosen else None
        right = None
        for result in left:
            if value_of(result["value"]) == value_of(guess.number.text) and all(
                _fits(result[part], entity, part) for part, entity in names.items()
            ):
                right = result
                break
        if right is not None:
            left.remove(right)
        pairs.append((guess, right is not None))
    return pairs


def _fits(wanted: str, entity: Entity | None, part: str) -> bool:
    if entity is None:
        return not wanted or part == "dataset"  # what is left open is not wrong
    return (
        not wanted
        or is_part(wanted, entity, part)
        or (part == "metric" and _initials(wanted) == entity.name.casefold())
    )


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name.casefold()) if word)


def add(rows: tuple[list[dict[str, float]], list[bool]], features: Features, right: bool) -> None:
    """Append an example."""
    rows[0].append(dict.fromkeys(features, 1.0))
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


def read_found(papers: Sequence[Paper]) -> dict[str, Reading]:
    """Paper id -> the paper with the names that the shipped pipeline finds in it."""
    import extractors

    nlp = extractors.load()
    nlp.remove_pipe("kg_results")
    found = {}
    for paper, doc in zip(papers, nlp.pipe(paper.text for paper in papers), strict=True):
        data = doc.user_data
        links = [(link.start, link.end) for link in data[LINKS]]
        found[paper.id] = Reading(paper.text, data[ENTITIES], data[SENTENCES], links)
    return found


def both_readings(papers: Sequence[Paper]) -> dict[str, list[Reading]]:
    """Paper id -> its reading with the names found, and that with the annotated ones."""
    return {
        key: [reading, read_annotated(p)] for p, (key, reading) in zip(papers, read_found(papers).items(), strict=True)
    }


def agree(wanted: str, given: str) -> bool:
    """Whether one name is inside the other."""
    a, b = same_key(wanted), same_key(given)
    return bool(given) and (a in b or b in a)


def _fit(features: list[dict[str, float]], right: list[bool], strength: float) -> dict[str, float]:
    vectoriser = DictVectorizer()
    table: Any = vectoriser.fit_transform(features)
    model = LogisticRegression(C=strength, max_iter=2000, fit_intercept=False).fit(table, right)
    names = vectoriser.get_feature_names_out()
    return {
        str(name): round(float(weight), 3)
        for name, weight in sorted(zip(names, model.coef_[0], strict=True))
        if abs(weight) >= 0.02
    }


def cross_validate(papers: Sequence[Paper], readings: Mapping[str, Sequence[Reading]]) -> list[list[ResultClaim]]:
    """The claims of each paper, threefold, from a claim's confidence of 0.2, with the names that the pipeline finds."""
    ids = sorted(paper.id for paper in papers)
    random.Random(7).shuffle(ids)  # noqa: S311 - a split, not a secret
    fold = {key: index % 3 for index, key in enumerate(ids)}
    claims: dict[str, list[ResultClaim]] = {}
    for held in range(3):
        tables = fit_results([p for p in papers if fold[p.id] != held], readings)
        tables["least"] = {**LEAST, "claim": 0.2}
        claims |= {p.id: find_results(readings[p.id][0], tables) for p in papers if fold[p.id] == held}
    return [claims[paper.id] for paper in papers]


def counted(
    papers: Sequence[Paper], claims: Sequence[Sequence[ResultClaim]], parts: Sequence[str]
) -> tuple[int, int, int]:
    """Found, wrong and missed results, by value and `parts`; a part that the annotation leaves open agrees with any."""
    found = wrong = missed = 0
    for paper, given in zip(papers, claims, strict=True):
        used: set[int] = set()
        for wanted in paper.results:
            for index, claim in enumerate(given):
                if (
                    index not in used
                    and value_of(wanted["value"]) == value_of(claim.value)
                    and all(not wanted[p] or agree(wanted[p], getattr(claim, p)) for p in parts)
                ):
                    used.add(index)
                    break
        found, wrong, missed = (
            found + len(used),
            wrong + len(given) - len(used),
            missed + len(paper.results) - len(used),
        )
    return found, wrong, missed


def trade(papers: Sequence[Paper], claims: Sequence[Sequence[ResultClaim]]) -> None:
    """Print precision and recall by the confidence from which it is claimed."""
    print("claimed from  claims  number P/R  with metric and model  with dataset too  those with a dataset")
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        chosen = [[c for c in given if c.confidence >= least] for given in claims]
        with_data = [[c for c in given if c.dataset] for given in chosen]
        cells = []
        for parts in ((), ("metric", "model"), ("metric", "model", "dataset")):
            a, b, c = counted(papers, chosen, parts)
            cells.append(f"{100 * a / max(1, a + b):5.1f} / {100 * a / max(1, a + c):4.1f}")
        a, b, _ = counted(papers, with_data, ("metric", "model", "dataset"))
        print(
            f"{least}  {sum(map(len, chosen)):5}  {'  '.join(cells)}  {a + b:5} {100 * a / max(1, a + b):5.1f}",
            flush=True,
        )


def main() -> None:
    """Fit the models on all papers but gold's dev and test parts, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m extractors.train.results", description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="folder with *.jsonl and *.docs.jsonl")
    parser.add_argument("--feed", type=Path, required=True, help="the unlabelled feed, gzipped JSON Lines")
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="more folders like --gold, to train on")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / "weights" / "results.json.gz")
    parser.add_argument("--check", action="store_true", help="print the trade by threefold cross-validation first")
    options = parser.parse_args()
    gold = read_gold(options.gold)
    more = [paper for folder in options.more for paper in read_gold(folder)]
    everything = [*split(gold)["train"], *read_extra(options.feed, [*gold, *more]), *more]
    readings = both_readings(everything)
    if options.check:
        trade(everything, cross_validate(everything, readings))
    text = json.dumps(fit_results(everything, readings), ensure_ascii=False, separators=(",", ":"))
    options.output.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
