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

from extractors.spans import ENTITIES, RESULTS, SENTENCES, masked_in, text_of
from kg.records import Entity, EntityType, ResultClaim

_NUMBER = re.compile(r"(?<![\w.,@^_-])\d+(?:,\d{3})*(?:\.\d+)?(?!\w*@)")
_UNIT = re.compile(
    r"\s?(?:\$?\\?%|(?:dB|mm|cm|ms|s|fps|FPS|GB|MB|pp|points?|x|×|times|hours?|days?|K|M|B|k)\b|\$\\times)"
)
# What makes a number a difference or a share whatever else is said: "3.2% higher", "by 2.1 points", "improves 2.3%",
# "a gain of 0.14", "± 0.3", "98% of the performance of its teacher".
_CHANGE = r"(?:improv|increas|decreas|reduc|boost|gain|drop|declin|rais|lower|cut|sav|degrad)\w*"
_DIFFERENCE_AFTER = re.compile(
    r"\s*(?:\(?(?:absolute|relative)\)?\s*)?(?:improvements?|gains?|increases?|decreases?|reductions?|boosts?|drops?"
    r"|higher|lower|better|worse|faster|slower|more|fewer|less|of the (?:performance|accuracy|quality|gain))\b",
    re.IGNORECASE,
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:\bby(?: an?)?(?: average| mean| margin)?(?: of| up to| about| over)?|[+±]|\\pm\$?|"
    rf"\b{_CHANGE}(?: of| by| up to| ranging from| exceeding| over| around| about| an average of| an absolute)*)"
    r"\s*\$?$",
    re.IGNORECASE,
)
# How often a claim whose metric no mention gives is right, found by cross-validation.
_NO_METRIC = 0.3
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
                        text, max(first, position - 40), position
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
    between = tokens[min(at, token) + 1 : max(at, token)]
    side = "after" if token > at else "before"
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
        *_layout_features(tokens, number, token, wanted, entity.role),
    ]


# Words that begin another comparison: a number behind one of them is seldom of what stands before it.
_TURNS = frozenset(
    (
        ";",
        "while",
        "whereas",
        "but",
        "versus",
        "vs",
        "compared",
        "outperforming",
        "surpassing",
        "exceeding",
        "than",
        "over",
    )
)
_LIST_JOINTS = frozenset((",", "and", "or", "&", "/", "|", "$", "\\", "%", "respectively"))


def _layout_features(tokens: Sequence[Token], number: Number, token: int, wanted: set[str], role: str) -> Features:
    """How number and mention are laid out in their sentence: brackets, nearest of its kind, lists in step."""
    at = number.token
    places = [i for i, t in enumerate(tokens) if t.text in wanted]
    before, after = [i for i in places if i < at], [i for i in places if i > at]
    side = "after" if token > at else "before"
    nearest = token == (before[-1] if side == "before" and before else after[0] if after else -1)
    gap = _bucket(abs(token - at) - 1)
    other = (after[0] - at if side == "before" else at - before[-1]) if (after if side == "before" else before) else 99
    closer = other < abs(token - at)
    between = [t.text for t in tokens[min(at, token) + 1 : max(at, token)]]
    turn = next((word for word in between if word in _TURNS), "-")
    inside = _bracket(tokens, at)
    if inside is None:
        bracket = "none" if _bracket(tokens, token) is None else "mention"
    elif inside[0] < token < inside[1]:
        bracket = "both"
    else:
        bracket = "host" if token == inside[0] - 1 else "near" if nearest else "out"
    lead = tokens[at - 1].text if at else "^"
    follow = tokens[at + 1].text if at + 1 < len(tokens) else "$"
    return [
        f"{side}:nearest={nearest}:gap={gap}",
        f"{side}:nearest={nearest}:closer={closer}",
        f"{side}:nearest={nearest}:role={role}",
        f"{side}:turn={turn}",
        f"{side}:turn={turn}:role={role}",
        f"{side}:bracket={bracket}",
        f"{side}:bracket={bracket}:nearest={nearest}",
        f"{side}:number lead={lead}:nearest={nearest}",
        f"{side}:number lead={lead}:role={role}",
        f"{side}:number follow={follow}:nearest={nearest}",
        f"in step={_in_step(tokens, at, token, wanted)}",
    ]


def _bracket(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Places of the innermost round brackets around `at`; None where it stands in none."""
    depth, start = 0, None
    for i in range(at - 1, -1, -1):
        depth += (tokens[i].text == ")") - (tokens[i].text == "(")
        if depth < 0:
            start = i
            break
    if start is None:
        return None
    end = next((i for i in range(at + 1, len(tokens)) if tokens[i].text == ")"), len(tokens))
    return start, end


def _in_step(tokens: Sequence[Token], at: int, token: int, wanted: set[str]) -> str:
    """Whether number and mention have one place in two lists of one length: "A and B reach 1 and 2"."""
    numbers = _list_around(tokens, at, {"<number>"})
    mentions = _list_around(tokens, token, wanted)
    if len(numbers) < 2 or len(numbers) != len(mentions):
        return "no lists"
    return str(numbers.index(at) == mentions.index(token))


def _list_around(tokens: Sequence[Token], at: int, kinds: set[str]) -> list[int]:
    """Places of the tokens of `kinds` that stand in one list with the one at `at`."""
    found = [at]
    for step in (-1, 1):
        i, gap = at + step, 0
        while 0 <= i < len(tokens) and gap <= 3:
            if tokens[i].text in kinds:
                found.append(i)
                gap = 0
            elif tokens[i].text in _LIST_JOINTS:
                gap += 1
            else:
                break
            i += step
    return sorted(found)


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
    """The claims, in order; `weights` has a table for `score`, for each part, and the thresholds in `least`.

    The confidence of a claim is the chance that number, metric and model are all right; it is claimed from
    `least["claim"]`. A claim without a model that is sure is none: a reader could not tell whose number it is.
    """
    claims = []
    least = weights["least"]
    for number in reading.numbers:
        chance = 0.0 if number.difference else probability(weights["score"], score_features(reading, number))
        if chance < least["claim"]:  # the rest can only lower it
            continue
        names = dict.fromkeys(_PARTS, "")
        start, end = number.start, number.end
        for part in _PARTS:
            best, place = _surest(reading, number, part, weights[part])
            if place is not None and best >= least[part]:
                mention = reading.tokens[place[0]][place[1]]
                names[part] = reading.entities[mention.entity].name
                if place[0] == number.sentence and part != "task":
                    start, end = min(start, mention.start), max(end, mention.end)
            if part == "model":
                chance *= best
            elif part == "metric":
                chance *= best if names[part] else _NO_METRIC
        if chance >= least["claim"] and names["model"]:
            claims.append(ResultClaim(**names, value=number.text, start=start, end=end, confidence=round(chance, 4)))
    return claims


def _surest(
    reading: Reading, number: Number, part: str, weights: Mapping[str, float]
) -> tuple[float, tuple[int, int] | None]:
    """The most probable mention of a `part`, as probability and (sentence, token)."""
    best: tuple[float, tuple[int, int] | None] = (0.0, None)
    for sentence, token in link_candidates(reading, number, part):
        chance = probability(weights, link_features(reading, number, part, sentence, token))
        if chance > best[0]:
            best = (chance, (sentence, token))
    return best


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
    reading = Reading(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []), masked_in(doc))
    data[RESULTS] = find_results(reading, shipped_weights())
    return doc
