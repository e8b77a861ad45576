"""Reported numbers: a value, the metric it is given in, and what it was measured of and on.

Every number of the abstract is a candidate. A logistic model says from the words and names around it whether it is an
absolute score (not a difference, a count, a size); others say which metric, model, dataset and task near it belong to
it. The weights are in `weights/results.json.gz`; without them (the rule pipeline) nothing is claimed.
"""

from __future__ import annotations

import functools
import gzip
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, LINKS, RESULTS, SENTENCES, text_of
from kg.records import Entity, EntityType, ResultClaim

_NUMBER = re.compile(r"(?<![\w.,@^_-])\d+(?:,\d{3})*(?:\.\d+)?(?!\w*@)")
_UNIT = re.compile(
    r"\s?(?:\$?\\?%|(?:dB|mm|cm|ms|s|fps|FPS|GB|MB|pp|points?|x|×|times|hours?|days?|K|M|B|k)\b|\$\\times)"
)
# What makes a number a difference whatever else is said: "3.2% higher", "by 2.1 points".
_DIFFERENCE_AFTER = re.compile(
    r"\s*(?:\(?(?:absolute|relative)\)?\s*)?(?:improvement|gain|increase|decrease|reduction|boost|drop|higher|lower|better"
    r"|worse|faster|slower|more|fewer|less)\b",
    re.IGNORECASE,
)
_DIFFERENCE_BEFORE = re.compile(r"(?:\bby(?: an?)?(?: average| mean| margin)?(?: of| up to| about| over)?|[+±])\s*\$?$")
_TOKEN = re.compile(r"<\w+>|[A-Za-z]+|[^\sA-Za-z]")
_PARTS: dict[str, tuple[EntityType, ...]] = {
    "metric": ("Metric",),
    "model": ("Model", "Method"),
    "dataset": ("Dataset", "Benchmark"),
    "task": ("Task",),
}
Features = list[str]
Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a sentence in which names and numbers stand as one: `<Model>`, `<number>`."""

    text: str
    start: int
    end: int
    entity: int = -1  # index of the entity it is a mention of
    number: int = -1  # index of the number it is


@dataclass(frozen=True, slots=True)
class Number:
    """A candidate: offsets of the number, its text with the unit, and its place among the tokens of its sentence."""

    start: int
    end: int
    text: str
    unit: str
    sentence: int
    token: int
    difference: bool


class Reading:
    """An abstract prepared for features: sentences as tokens, the numbers in them."""

    def __init__(
        self,
        text: str,
        entities: Sequence[Entity],
        sentences: Sequence[tuple[int, int]],
        masked: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.entities = entities
        self.tokens: list[list[Token]] = []
        self.numbers: list[Number] = []
        marks = sorted((m.start, m.end, i) for i, e in enumerate(entities) for m in e.mentions)
        if not any(character.isdigit() for character in text):
            return  # no number, no claim
        for index, (first, last) in enumerate(sentences):
            inside = [mark for mark in marks if first <= mark[0] < last]
            self.tokens.append(list(self._tokenise(text, first, last, inside, masked, index)))

    def _tokenise(
        self,
        text: str,
        first: int,
        last: int,
        marks: Sequence[tuple[int, int, int]],
        masked: Sequence[tuple[int, int]],
        sentence: int,
    ) -> Iterator[Token]:
        position, count = first, 0
        for start, end, entity in (*marks, (last, last, -1)):
            while position < start:
                number = _NUMBER.match(text, position)
                if number and number.end() <= start and not any(a <= position < b for a, b in masked):
                    unit = _UNIT.match(text, number.end(), last)
                    stop = unit.end() if unit and unit.end() <= start else number.end()
                    difference = _DIFFERENCE_AFTER.match(text, stop, last) or _DIFFERENCE_BEFORE.search(
                        text, max(first, position - 30), position
                    )
                    value = re.sub(r"[\\$\s]", "", text[number.start() : stop])
                    self.numbers.append(
                        Number(
                            number.start(), stop, value, value.lstrip("0123456789.,"), sentence, count, bool(difference)
                        )
                    )
                    yield Token("<number>", number.start(), stop, number=len(self.numbers) - 1)
                    position, count = stop, count + 1
                elif (token := _TOKEN.match(text, position)) and token.end() <= start:
                    yield Token(token.group().lower(), token.start(), token.end())
                    position, count = token.end(), count + 1
                else:
                    position += 1
            if entity >= 0 and position <= start:
                yield Token(f"<{self.entities[entity].type}>", start, end, entity=entity)
                position, count = end, count + 1


def score_features(reading: Reading, number: Number) -> Features:
    """What tells whether `number` is an absolute score."""
    tokens, at = reading.tokens[number.sentence], number.token
    value = float(re.match(r"[\d.,]+", number.text).group().replace(",", "").rstrip(".") or 0)  # type: ignore[union-attr]
    size = "0-1" if value <= 1 else "1-100" if value <= 100 else "more"
    kind = f"{number.unit or 'plain'}:{'.' in number.text}:{size}"
    before = [token.text for token in tokens[max(0, at - 6) : at]]
    after = [token.text for token in tokens[at + 1 : at + 6]]
    kinds = {token.text for token in tokens if token.entity >= 0}
    distance = min((abs(i - at) for i, token in enumerate(tokens) if token.text == "<Metric>"), default=99)
    return [
        "bias",
        f"kind={kind}",
        f"unit={number.unit or 'plain'}",
        *(f"before={word}" for word in before),
        *(f"after={word}" for word in after),
        *(f"before{i}={word}" for i, word in enumerate(reversed(before[-3:]), 1)),
        *(f"after{i}={word}" for i, word in enumerate(after[:3], 1)),
        f"before2={' '.join(before[-2:])}",
        f"after2={' '.join(after[:2])}",
        f"around={before[-1] if before else '^'} {after[0] if after else '$'}",
        *(f"has={kind}" for kind in sorted(kinds)),
        f"metric={_bucket(distance)}",
        f"numbers={min(4, sum(token.number >= 0 for token in tokens))}",
        f"title={number.sentence == 0}",
        f"verb={sorted(_VERBS & {token.text for token in tokens})[:1]}",
    ]


_OURS = frozenset(("our", "we", "ours", "proposed"))
_VERBS = frozenset(
    (
        *("achieves", "achieving", "achieve", "reaches", "reaching", "attains", "obtains", "yields", "scores"),
        *("improves", "reduces", "outperforms"),
    )
)


def link_features(reading: Reading, number: Number, part: str, sentence: int, token: int) -> Features:
    """What tells whether the mention at `token` of `sentence` is the `part` of the claim that `number` makes."""
    tokens = reading.tokens[sentence]
    mention = tokens[token]
    entity = reading.entities[mention.entity]
    here = reading.tokens[number.sentence]
    wanted = {f"<{kind}>" for kind in _PARTS[part]}
    near = sum(t.text in wanted for t in here)
    ours = any(t.text in _OURS for t in here)
    common = [
        "bias",
        f"role={entity.role}",
        f"type={entity.type}",
        f"mentions={min(3, len(entity.mentions))}",
        f"near={min(3, near)}:role={entity.role}",
        f"ours={ours}:role={entity.role}",
        f"ours={ours}:same sentence={sentence == number.sentence}:role={entity.role}",
    ]
    if sentence != number.sentence:
        away = max(-3, min(1, sentence - number.sentence))
        return [
            *common,
            f"away={away}",
            f"far:{entity.role}:{sentence == 0}",
            f"away={away}:role={entity.role}:near={near > 0}",
        ]
    at = number.token
    step = 1 if token > at else -1
    between = tokens[min(at, token) + 1 : max(at, token)]
    side = "after" if step > 0 else "before"
    same = sum(t.text in wanted for t in between)
    first = not any(t.text in wanted for t in tokens[:token])
    others = sum(t.number >= 0 for t in between)
    words = [t.text for t in between]
    return [
        *common,
        f"{side}:{_bucket(len(between))}",
        f"{side}:first={first}:role={entity.role}",
        f"{side}:first={first}:ours={ours}",
        f"lead2={' '.join(t.text for t in tokens[max(0, token - 2) : token])}",
        f"{side}:same={min(3, same)}",
        f"{side}:numbers={min(3, others)}",
        f"{side}:same={min(2, same)}:numbers={min(2, others)}",
        *(f"{side}:word={word}" for word in words[:8]),
        *([f"{side}:all={' '.join(words)}"] if len(words) <= 4 else []),
        f"lead={tokens[token - 1].text if token else '^'}",
        f"follow={tokens[token + 1].text if token + 1 < len(tokens) else '$'}",
        f"{side}:comma={',' in words}:semi={';' in words}",
    ]


def link_candidates(reading: Reading, number: Number, part: str) -> list[tuple[int, int]]:
    """(sentence, token) of the mentions that may be the `part`: of its sentence, the two before it, and the title.

    For a model also the things the paper introduces, wherever they stand first.
    """
    wanted = {f"<{kind}>" for kind in _PARTS[part]}
    near = sorted({number.sentence, number.sentence - 1, number.sentence - 2, 0} & set(range(len(reading.tokens))))
    places = [(s, i) for s in near for i, token in enumerate(reading.tokens[s]) if token.text in wanted]
    if part == "model":
        seen = {reading.tokens[s][i].entity for s, i in places}
        for s, tokens in enumerate(reading.tokens):
            for i, token in enumerate(tokens):
                if (
                    token.text in wanted
                    and token.entity not in seen
                    and reading.entities[token.entity].role == "introduces"
                ):
                    seen.add(token.entity)
                    places.append((s, i))
    return places


def _bucket(distance: int) -> str:
    return str(distance) if distance <= 3 else "4-6" if distance <= 6 else "7-12" if distance <= 12 else "far"


def probability(weights: Mapping[str, float], features: Features) -> float:
    """The logistic model's probability."""
    total = sum(weights.get(feature, 0.0) for feature in features)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def find_results(reading: Reading, weights: Weights) -> list[ResultClaim]:
    """The claims, in order; `weights` has a table for `score`, for each part, and the thresholds in `least`."""
    claims = []
    for number in reading.numbers:
        sure = probability(weights["score"], score_features(reading, number))
        if number.difference or sure < weights["least"]["score"]:
            continue
        names: dict[str, str] = {}
        start, end = number.start, number.end
        for part in _PARTS:
            best, place = 0.0, None
            for sentence, token in link_candidates(reading, number, part):
                chance = probability(weights[part], link_features(reading, number, part, sentence, token))
                if chance > best:
                    best, place = chance, (sentence, token)
            names[part] = ""
            if place is not None and best >= weights["least"][part]:
                mention = reading.tokens[place[0]][place[1]]
                names[part] = reading.entities[mention.entity].name
                if place[0] == number.sentence and part != "task":
                    start, end = min(start, mention.start), max(end, mention.end)
        claims.append(ResultClaim(**names, value=number.text, start=start, end=end, confidence=round(sure, 4)))
    return claims


@functools.cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    data = resources.files("extractors").joinpath("weights", "results.json.gz").read_bytes()
    weights: Weights = json.loads(gzip.decompress(data))
    return weights


@Language.component("kg_results")
def results(doc: Doc) -> Doc:
    """Store the claims; runs last, after the roles."""
    data = doc.user_data
    masked = [(link.start, link.end) for link in data.get(LINKS, [])]
    reading = Reading(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []), masked)
    data[RESULTS] = find_results(reading, shipped_weights())
    return doc
