"""Annotated abstracts become training examples: a label and a role for every word piece."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from extractors.encode import Encoded, Ints, encode
from extractors.labels import LABELS
from extractors.shape import PUNCTUATION
from kg.errors import UsageError
from kg.records import ROLES

IGNORE = -100
# Annotations by reading, by id. The texts are in the unlabelled feed, or, of those with a `set`, in another folder.
ANNOTATIONS = Path(__file__).parent / "annotations.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Paper:
    """An annotated paper: `text` is title, line break, abstract."""

    id: str
    text: str
    entities: list[dict[str, Any]]
    results: list[dict[str, str]]
    set: str = ""  # which draw of abstracts it is of, where there are several


@dataclass(frozen=True, slots=True)
class Example:
    """An encoded paper with a label and a role for each piece (`IGNORE` where there is none)."""

    encoded: Encoded
    labels: Ints
    roles: Ints


def read_gold(folder: Path) -> list[Paper]:
    """The papers of all `*.jsonl` with a `*.docs.jsonl` beside them, in the order of the files' names."""
    papers = []
    for documents in sorted(folder.glob("*.docs.jsonl")):
        texts = {d["id"]: f"{d['title']}\n{d['abstract']}" for d in map(json.loads, documents.open(encoding="utf-8"))}
        gold = documents.with_name(documents.name.replace(".docs", ""))
        papers += [
            Paper(g["id"], texts[g["id"]], g["entities"], g["results"])
            for g in map(json.loads, gold.open(encoding="utf-8"))
        ]
    return papers


def read_extra(feed: Path, folder: Path | None, skip: Iterable[Paper]) -> list[Paper]:
    """The papers of `ANNOTATIONS`, but for those in `skip` and those whose text is not given.

    The texts are in `feed` (gzipped JSONL); those of papers with a `set` in the `*.docs.jsonl` of `folder`.
    """
    with gzip.open(feed, "rt", encoding="utf-8") as file:
        of_feed = {f"arxiv-{d['arxiv_id']}": f"{d['title']}\n{d['abstract']}" for d in map(json.loads, file)}
    of_folder = {
        d["id"]: f"{d['title']}\n{d['abstract']}"
        for documents in sorted(folder.glob("*.docs.jsonl") if folder else ())
        for d in map(json.loads, documents.open(encoding="utf-8"))
    }
    known = {paper.id for paper in skip} | {paper.text[:80] for paper in skip}
    if not ANNOTATIONS.exists():
        raise UsageError("the annotations are not in the installed package: train from a checkout of the repository")
    with gzip.open(ANNOTATIONS, "rt", encoding="utf-8") as file:
        annotated = [json.loads(line) for line in file]
    papers = []
    for a in annotated:
        text = (of_folder if a.get("set") else of_feed).get(a["id"])
        if text is not None and a["id"] not in known and text[:80] not in known:
            known.add(text[:80])  # one paper may stand in two venues
            papers.append(Paper(a["id"], text, a["entities"], a["results"], a.get("set", "")))
    return papers


def hold_back(papers: Sequence[Paper], share: float = 0.06, seed: int = 14) -> dict[str, list[Paper]]:
    """Of the papers with a `set` a `share` to develop on and one to test on ("dev", "test"); all others "train".

    The sets are of three kinds by their first digit (s0 to s3: conferences and arXiv; s4: rich in numbers; s5: arXiv
    at random); each is drawn from apart.
    """
    shuffled = sorted((paper for paper in papers if paper.set), key=lambda paper: paper.id)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a split, not a secret
    parts: dict[str, list[Paper]] = {"test": [], "dev": [], "train": []}
    for kinds in ("0123", "4", "5"):
        own = [paper for paper in shuffled if paper.set[1] in kinds]
        count = round(share * len(own))
        parts["test"] += own[:count]
        parts["dev"] += own[count : 2 * count]
    held = {paper.id for part in parts.values() for paper in part}
    parts["train"] = [paper for paper in papers if paper.id not in held]
    return parts


def split(papers: Sequence[Paper], seed: int = 13) -> dict[str, list[Paper]]:
    """About half of `papers` to train on, a quarter to develop on, a quarter to test on, by a seeded shuffle of ids.

    Papers of the text dumps and of arXiv are shuffled apart, so that each part has both.
    """
    shuffled = sorted(papers, key=lambda paper: paper.id)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a split, not a secret
    parts: dict[str, list[Paper]] = {"test": [], "dev": [], "train": []}
    for of_arxiv in (False, True):
        own = [paper for paper in shuffled if paper.id.startswith("arxiv") == of_arxiv]
        first, second = len(own) // 4, len(own) // 2
        if of_arxiv:  # a little more of what there is less of
            first, second = round(len(own) * 24 / 90), round(len(own) * 48 / 90)
        parts["test"] += own[:first]
        parts["dev"] += own[first:second]
        parts["train"] += own[second:]
    return parts


def word_frequencies(feed: Path) -> dict[str, int]:
    """Word -> log2 of how many abstracts of `feed` have it, for those in four or more."""
    counts: Counter[str] = Counter()
    with gzip.open(feed, "rt", encoding="utf-8") as file:
        for record in map(json.loads, file):
            words = f"{record['title']} {record['abstract']}".split()
            counts.update({word.strip(PUNCTUATION).lower() for word in words})
    return {word: int(log2(count)) for word, count in sorted(counts.items()) if count >= 4 and word}


def find_spans(text: str, entities: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, str, str]]:
    """(start, end, type, role) wherever a surface stands in `text` as a word of its own, longest surface first."""
    surfaces = {(s, e["type"], e["role"]) for e in entities for s in e["surfaces"] if s}
    taken = np.zeros(len(text) + 1, bool)
    spans = []
    for surface, kind, role in sorted(surfaces, key=lambda item: (-len(item[0]), item)):
        for match in re.finditer(rf"(?<!\w){re.escape(surface)}(?!(?!s\b)\w)", text):
            if not taken[match.start() : match.end()].any():
                taken[match.start() : match.end()] = True
                spans.append((match.start(), match.end(), kind, role))
    return sorted(spans)


def make_example(tokenizer: Any, paper: Paper, frequencies: Mapping[str, int]) -> Example:
    """Encode a paper; a word belongs to a name when they share a character."""
    encoded = encode(tokenizer, paper.text, frequencies)
    labels = np.zeros(len(encoded.words), np.int64)
    roles = np.full(len(encoded.words), IGNORE, np.int64)
    for start, end, kind, role in find_spans(paper.text, paper.entities):
        inside = np.flatnonzero((encoded.words[:, 0] < end) & (encoded.words[:, 1] > start))
        labels[inside] = LABELS.index(f"I-{kind}")
        labels[inside[:1]] = LABELS.index(f"B-{kind}")
        roles[inside] = ROLES.index(role)  # type: ignore[arg-type]
    of_piece = encoded.word_of_piece
    outside = of_piece < 0
    if not len(encoded.words):
        nothing = np.full(len(of_piece), IGNORE, np.int64)
        return Example(encoded, nothing, nothing)
    return Example(
        encoded,
        np.where(outside, IGNORE, labels[of_piece]),
        np.where(outside, IGNORE, roles[of_piece]),
    )


def read_unlabelled(
    tokenizer: Any, feed: Path, skip: Iterable[Paper], frequencies: Mapping[str, int], count: int, seed: int = 5
) -> list[Example]:
    """`count` abstracts of `feed` (gzipped JSONL) drawn at random, none of `skip`, without labels."""
    known = {paper.text[:60] for paper in skip}
    with gzip.open(feed, "rt", encoding="utf-8") as file:
        texts = [f"{d['title']}\n{d['abstract']}" for d in map(json.loads, file)]
    texts = [text for text in texts if text[:60] not in known]
    random.Random(seed).shuffle(texts)  # noqa: S311 - a draw, not a secret
    encoded = [encode(tokenizer, text, frequencies) for text in texts[:count]]
    return [Example(e, *(np.full(len(e.ids), IGNORE, np.int64) for _ in range(2))) for e in encoded]
