# ruff: noqa: E501 - patterns and lists that a line break would only hide
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

from extractors.generics import generics, phrase
from extractors.numbers import NUMBER, Figure, figure_at, value_of
from extractors.spans import CLAIM_WEIGHTS, ENTITIES, RESULTS, SENTENCES, masked_in, text_of
from kg.metrics import impossible
from kg.records import Entity, Mention, ResultClaim

_TOKEN = re.compile(r"<\w+>|[A-Za-z]+|[^\sA-Za-z]")
_PARTS: dict[str, tuple[str, ...]] = {
    "metric": ("Metric",),
    "model": ("Model", "Method", "Own", "Human", "Base"),
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
    kind: str  # empty, or why it is no score; see `extractors.numbers`


class Reading:
    """An abstract prepared for features: sentences as tokens, the numbers in them."""

    def __init__(
        self,
        text: str,
        entities: Sequence[Entity],
        sentences: Sequence[tuple[int, int]],
        masked: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.entities: list[Entity] = list(entities)
        self.named = len(self.entities)  # those after it are phrases and metrics that no mention gives
        self.text = text
        self.tokens: list[list[Token]] = []
        self.numbers: list[Number] = []
        figures: dict[int, Figure] = {}
        wanted: set[int] = set()
        for index, (first, last) in enumerate(sentences):
            for match in NUMBER.finditer(text, first, last):
                figure = figure_at(text, match.start(), first, last)
                if figure and not any(a <= figure.start < b for a, b in masked):
                    figures[figure.start] = figure
                    if not figure.kind:
                        wanted |= {0, max(0, index - 2), max(0, index - 1), index}
        if not wanted:
            return  # no number, no claim
        marks = [(m.start, m.end, i) for i, e in enumerate(entities) for m in e.mentions]
        own = _own_name(entities)
        introduced = [mark[0] for mark in marks if self.entities[mark[2]].role == "introduces"]
        taken = [(a, b) for a, b, _ in marks] + list(masked)
        for index, (first, last) in enumerate(sentences):
            if not (index in wanted or any(first <= start < last for start in introduced)):
                self.tokens.append([])  # nothing that could be part of a claim
                continue
            inside = [mark for mark in marks if first <= mark[0] < last]
            if any(first <= start < last for start in figures):
                for start, end, kind in generics(text, first, last, taken):
                    inside.append((start, end, len(self.entities)))
                    self.entities.append(_generic(text, start, end, kind, own))
            self.tokens.append(list(self._tokenise(text, first, last, sorted(inside), figures, index)))

    def _tokenise(
        self,
        text: str,
        first: int,
        last: int,
        marks: Sequence[tuple[int, int, int]],
        figures: Mapping[int, Figure],
        sentence: int,
    ) -> Iterator[Token]:
        position, count = first, 0
        for start, end, entity in (*marks, (last, last, -1)):
            while position < start:
                figure = figures.get(position)
                if figure and figure.stop <= start:
                    stop = figure.end if figure.end <= start else figure.stop
                    number = Number(figure.start, stop, figure.text, figure.unit, sentence, count, figure.kind)
                    self.numbers.append(number)
                    yield Token("<number>", number.start, stop, number=len(self.numbers) - 1)
                    position, count = stop, count + 1
                elif (token := _TOKEN.match(text, position)) and token.end() <= start:
                    yield Token(token.group().lower(), token.start(), token.end())
                    position, count = token.end(), count + 1
                else:
                    position += 1
            if entity >= 0 and position <= start:
                yield Token(f"<{self.entities[entity].type}>", start, end, entity=entity)
                position, count = end, count + 1


def _own_name(entities: Sequence[Entity]) -> str:
    """The one model or method that the paper introduces; of several the one that stands first in the title, or none."""
    own = [e for e in entities if e.role == "introduces" and e.type in ("Model", "Method")]
    titled = [e for e in own if e.mentions[0].start == 0]
    return own[0].name if len(own) == 1 else titled[0].name if titled else ""


def _generic(text: str, start: int, end: int, kind: str, own: str) -> Entity:
    surface = text[start:end]
    name = surface if kind == "Metric" else (own or phrase(surface)) if kind == "Own" else phrase(surface)
    role = {"Own": "introduces", "Base": "compares_to", "Human": "mentions"}.get(kind, "uses")
    return Entity(name, kind, role, (surface,), (Mention(start, end, surface, 0.5),), 0.5)  # type: ignore[arg-type]


def score_features(reading: Reading, number: Number) -> Features:
    """What tells whether `number` is an absolute score."""
    tokens, at = reading.tokens[number.sentence], number.token
    value = value_of(number.text) or 0.0
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
        f"hold={_holds(tokens, at)}",
        f"generic={_nearest_metric(reading, tokens, at)}",
        *(f"clause={word}" for word in sorted(_clause_words(tokens, at) & _TELLING)),
        *(f"before12={word}" for word in sorted({t.text for t in tokens[max(0, at - 14) : at]} & _TELLING)),
        f"verb={sorted(_VERBS & {token.text for token in tokens})[:1]}",
    ]


# Words that tell what a number is, wherever they stand in its clause.
_TELLING = frozenset(
    (
        *("gap", "margin", "difference", "gain", "improvement", "increase", "reduction", "drop", "from", "to", "by"),
        *("with", "using", "only", "trained", "threshold", "of", "on", "contains", "comprising", "compared", "than"),
        *(
            "achieves",
            "achieving",
            "reaches",
            "reaching",
            "obtains",
            "attains",
            "scores",
            "score",
            "accuracy",
            "faster",
        ),
        *(
            "improves",
            "improving",
            "reduces",
            "reducing",
            "lowers",
            "raises",
            "increases",
            "boosts",
            "cuts",
            "outperforms",
        ),
        *("parameters", "memory", "latency", "cost", "time", "speedup", "correlation", "average", "respectively"),
        *("rate", "only", "up", "prevalence", "cases", "patients", "users", "errors", "share", "most", "human", "vs"),
    )
)
_CLAUSE = frozenset((";", ",", "while", "whereas", "but", "and", ":"))


def _clause_words(tokens: Sequence[Token], at: int) -> set[str]:
    start, end = at, at
    while start > 0 and tokens[start - 1].text not in _CLAUSE:
        start -= 1
    while end + 1 < len(tokens) and tokens[end + 1].text not in _CLAUSE:
        end += 1
    return {t.text for t in tokens[start : end + 1]}


def _holds(tokens: Sequence[Token], at: int) -> str:
    """What stands right before the bracket around a number: "GPT-4 (86.4%)"."""
    inside = _bracket(tokens, at)
    if inside is None:
        return "none"
    host = tokens[inside[0] - 1].text if inside[0] else "^"
    return host if host.startswith("<") else "word"


def _nearest_metric(reading: Reading, tokens: Sequence[Token], at: int) -> str:
    places = [i for i, t in enumerate(tokens) if t.text == "<Metric>"]
    if not places:
        return "none"
    place = min(places, key=lambda i: abs(i - at))
    entity = reading.entities[tokens[place].entity]
    tail = entity.name.lower().rsplit(" ", 1)[-1]
    return f"{tail}:{_bucket(abs(place - at))}"


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
    titled = entity.mentions[0].start == 0
    named = mention.entity < reading.named
    common = [
        "bias",
        f"titled={titled}:role={entity.role}",
        f"named={named}:type={entity.type}",
        f"tail={entity.name.lower().rsplit(' ', 1)[-1] if part == 'metric' else ''}",
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
        f"in step={(step := _in_step(tokens, at, token, wanted))}",
        f"in step={step}:respectively={'respectively' in {t.text for t in tokens[at:]}}",
        f"{side}:change={(change := _change(tokens, at))}:role={role}",
        f"{side}:change={change}:nearest={nearest}",
        f"against={(against := _against(tokens, at))}:{side}:nearest={nearest}:role={role}",
        f"against={against}:after against={_against(tokens, token)}:{side}:nearest={nearest}",
        f"possessive={tokens[token + 1].text in _MARKS if token + 1 < len(tokens) else False}:{side}:nearest={nearest}",
        f"{side}:clauses={min(3, sum(word in _CLAUSE for word in between))}:nearest={nearest}",
        f"{side}:clauses={min(3, sum(word in _CLAUSE for word in between))}:role={role}",
        f"{side}:hold={(hold := _holds(tokens, at))}:nearest={nearest}:role={role}",
        f"{side}:hold={hold}:gap={gap}",
        f"{side}:on={tokens[token - 1].text if token else '^'}:numbers={sum(t.number >= 0 for t in tokens[min(at, token) + 1 : max(at, token)])}",
        f"{side}:count={min(4, len(places))}:nearest={nearest}:role={role}",
        f"place={places.index(token) if len(places) < 5 else 'many'}:count={min(5, len(places))}:rank={min(4, sum(t.number >= 0 for t in tokens[:at]))}:of={min(5, sum(t.number >= 0 for t in tokens))}",
    ]


_MARKS = frozenset(("'", "’"))
_AGAINST = frozenset(
    ("than", "vs", "versus", "compared", "over", "against", "surpassing", "exceeding", "outperforming", "beating")
)


def _against(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word of comparison stands up to five tokens before, with no other number between."""
    for token in reversed(tokens[max(0, at - 6) : at]):
        if token.number >= 0 or token.text == ";":
            return False
        if token.text in _AGAINST:
            return True
    return False


def _change(tokens: Sequence[Token], at: int) -> str:
    """Whether a number is the first or the second of "from A to B"; "no" where it is neither."""
    before = [t.text for t in tokens[max(0, at - 4) : at]]
    goes_on = any(t.text in ("to", "→") for t in tokens[at + 1 : at + 6])
    if "from" in before[-3:] and goes_on and any(t.number >= 0 for t in tokens[at + 1 : at + 8]):
        return "first"
    if "to" in before[-2:] and "from" in {t.text for t in tokens[max(0, at - 12) : at]}:
        return "second"
    return "no"


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


@dataclass(slots=True)
class Guess:
    """What one number is thought to claim, before anything is decided."""

    number: Number
    chance: float  # that it is a score
    best: dict[str, float]  # part -> the chance of its likeliest candidate
    second: dict[str, float]  # part -> that of the likeliest other thing
    place: dict[str, tuple[int, int]]  # part -> sentence and token of the likeliest candidate


def guesses(reading: Reading, weights: Weights, least: float = 0.1) -> list[Guess]:
    """A guess for each number that may be a score with a chance of `least` or more."""
    found = []
    for number in reading.numbers:
        if number.kind:
            continue
        chance = probability(weights["score"], score_features(reading, number))
        if chance < least:
            continue
        guess = Guess(number, chance, dict.fromkeys(_PARTS, 0.0), dict.fromkeys(_PARTS, 0.0), {})
        for part in _PARTS:
            chances: dict[str, float] = {}
            said = said_places(reading, number, part)
            for place in link_candidates(reading, number, part) if said is None else said:
                name = reading.entities[reading.tokens[place[0]][place[1]].entity].name
                one = probability(weights[part], link_features(reading, number, part, *place))
                if said is not None:
                    one = max(one, 0.9)
                if one > max(chances.values(), default=0.0):
                    guess.place[part] = place
                chances[name] = max(one, chances.get(name, 0.0))
            ordered = sorted(chances.values(), reverse=True)
            guess.best[part], guess.second[part] = (*ordered, 0.0, 0.0)[:2]
        found.append(guess)
    return found


_DOES = frozenset(
    (
        "reaches",
        "reach",
        "achieves",
        "achieve",
        "obtains",
        "obtain",
        "attains",
        "attain",
        "scores",
        "gets",
        "yields",
        "solves",
        "resolves",
        "records",
        "reaching",
        "achieving",
        "whose",
        "gives",
        "hits",
        "scored",
        "achieved",
    )
)


_PARTLY = frozenset(
    ("with", "using", "on", "of", "by", "for", "via", "from", "in", "and", "or", "/", "to", "above", "than")
)


def said_places(reading: Reading, number: Number, part: str) -> list[tuple[int, int]] | None:
    """Where the layout of the sentence leaves no choice: the places of the `part`; [] for none, None where it is open.

    Lists with "respectively" go in step; a bracket belongs to the name before it; "GPT-4 reaches 86.4%" is GPT-4's;
    "36.9 on Corpus" is not of another data set, though nobody knows Corpus.
    """
    if part not in ("model", "dataset"):
        return None
    sentence, at = number.sentence, number.token
    tokens = reading.tokens[sentence]
    wanted = {f"<{kind}>" for kind in _PARTS[part]}
    places = [i for i, t in enumerate(tokens) if t.text in wanted]
    if any(t.text == "respectively" for t in tokens[at:]):
        numbers = _list_around(tokens, at, {"<number>"})
        for place in places:
            mentions = _list_around(tokens, place, wanted)
            if len(numbers) == len(mentions) > 1:
                return [(sentence, mentions[numbers.index(at)])]
    before = [i for i in places if i < at]
    if before and [t.text for t in tokens[before[-1] + 1 : at]] in (["("], ["(", "$"], ["'", "s"], ["’", "s"]):
        return [(sentence, before[-1])]
    if part == "model":
        if not before:
            return None
        between = tokens[before[-1] + 1 : at]
        words = {t.text for t in between}
        if {t.text for t in tokens[max(0, before[-1] - 2) : before[-1]]} & _PARTLY and "whose" not in words:
            return None  # "DETR with a ResNet-50 backbone": the name is of a part
        base = tokens[before[-1]].text == "<Base>" and len(between) <= 3
        if any(t.number >= 0 for t in between) or not words.isdisjoint(_TURNS) or len(between) > 14:
            return None
        if base or (not words.isdisjoint(_DOES) and not words & {"and", "or"}):
            return [(sentence, before[-1])]
        return None
    follow = tokens[at + 1 : at + 6]
    for step, token in enumerate(follow):
        if token.number >= 0 or token.text in (",", ";", "and"):
            return None
        if token.text in wanted and step and follow[step - 1].text in ("on", "("):
            return [(sentence, at + 1 + step)]
        if step and follow[step - 1].text == "on" and token.entity < 0 and reading.text[token.start].isupper():
            return []
    return None


def claim_features(reading: Reading, guess: Guess, least: Mapping[str, float]) -> dict[str, float]:
    """What tells whether number, metric, model and dataset of a guess are all right; numbers by name."""
    number = guess.number
    found = {"bias": 1.0, "score": _logit(guess.chance)}
    for part in ("metric", "model", "dataset"):
        chosen = guess.best[part] >= least[part]
        found[f"{part} chosen"] = float(chosen)
        if part in guess.place and chosen:
            place = guess.place[part]
            entity = reading.entities[reading.tokens[place[0]][place[1]].entity]
            found[f"{part}"] = _logit(guess.best[part])
            found[f"{part} margin"] = guess.best[part] - guess.second[part]
            found[f"{part} far"] = float(place[0] != number.sentence)
            found[f"{part} type {entity.type}"] = 1.0
            found[f"{part} role {entity.role}"] = 1.0
            found[f"{part} named"] = float(reading.tokens[place[0]][place[1]].entity < reading.named)
            found[f"{part} sure"] = entity.confidence
        elif part in guess.place:
            found[f"{part} left"] = guess.best[part]
    tokens = reading.tokens[number.sentence]
    count = sum(t.number >= 0 and not reading.numbers[t.number].kind for t in tokens)
    found[f"numbers {min(5, count)}"] = 1.0
    models = len({t.entity for t in tokens if t.text in ("<Model>", "<Method>", "<Own>", "<Base>")})
    found[f"models {min(4, models)}"] = 1.0
    found[f"datasets {min(4, len({t.entity for t in tokens if t.text in ('<Dataset>', '<Benchmark>')}))}"] = 1.0
    return found


def _logit(chance: float) -> float:
    clipped = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


def chance_of(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The logistic model's probability of numeric features."""
    total = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def find_results(reading: Reading, weights: Weights) -> list[ResultClaim]:
    """The claims, in order; `weights` has a table for `score`, for each part, for `claim`, and the thresholds in `least`.

    The confidence of a claim is the chance that number, metric, model and dataset are all right; it is claimed from
    `least["claim"]`. A part that is less sure than its own threshold is left open.
    """
    least = weights["least"]
    claims = []
    for guess in guesses(reading, weights, least["score"]):
        chance = chance_of(weights["claim"], claim_features(reading, guess, least))
        if chance < least["claim"]:
            continue
        claim = _claim(reading, guess, least, chance)
        if claim is not None:
            claims.append(claim)
    return claims


def _claim(reading: Reading, guess: Guess, least: Mapping[str, float], chance: float) -> ResultClaim | None:
    number = guess.number
    names, whose, elsewhere = dict.fromkeys(_PARTS, ""), "", []
    start, end = number.start, number.end
    for part, place in guess.place.items():
        if guess.best[part] < least[part]:
            continue
        mention = reading.tokens[place[0]][place[1]]
        entity = reading.entities[mention.entity]
        names[part] = entity.name
        if part == "model":
            whose = _whose(entity)
            if whose == "own" and _change(reading.tokens[number.sentence], number.token) == "first":
                return None  # where it came from is not where its own number stands
        if place[0] != number.sentence:
            elsewhere.append(part)
        elif part != "task":
            start, end = min(start, mention.start), max(end, mention.end)
    if not whose:
        return None  # nobody could tell whose number it is
    worth = value_of(number.text)
    if worth is None or (names["metric"] and impossible(names["metric"], worth, number.unit)):
        return None
    setting = setting_of(reading.text, number.start, number.end, reading.tokens[number.sentence])
    return ResultClaim(
        **names,
        value=number.text,
        start=start,
        end=end,
        confidence=round(chance, 4),
        whose=whose,
        setting=setting,
        elsewhere=", ".join(part for part in elsewhere if part != "task"),
    )


def _whose(entity: Entity) -> str:
    if entity.role == "introduces":
        return "own"
    return "baseline" if entity.role == "compares_to" else "other"


_SETTING = re.compile(
    r"\b(?:(?:zero|one|two|few|five|ten|\d{1,2})-shot|zero-shot|linear prob(?:e|ing)|fine-?tuned|(?:test|dev|val|validation|held-out)"
    r"(?:[ -](?:set|split|clean|other|dev|std|challenge|easy|hard))?|test-clean|test-other|minival|\d+-bit|in-domain|out-of-domain"
    r"|cross-subject|single-scale|multi-scale|greedy|majority voting|maj@\d+|5-way|10-way)\b",
    re.IGNORECASE,
)


def setting_of(text: str, start: int, end: int, tokens: Sequence[Token]) -> str:
    """Split, shots or condition that stand beside the number, as written; empty where none is named within reach."""
    first, last = (tokens[0].start, tokens[-1].end) if tokens else (start, end)
    numbers = [(t.start, t.end) for t in tokens if t.number >= 0]
    low = max([first, start - 50, *(b for _, b in numbers if b <= start)])
    high = min([last, end + 60, *(a for a, _ in numbers if a >= end)])
    found = [m.group() for m in _SETTING.finditer(text, low, high)]
    return ", ".join(dict.fromkeys(found))


@functools.cache
def shipped_weights() -> Weights:
    """The weights that come with the package."""
    data = resources.files("extractors").joinpath("weights", "results.json.gz").read_bytes()
    weights: Weights = json.loads(gzip.decompress(data))
    return weights


# A measure that only these words name is no thing to make a node of.
_NO_NAMES = frozenset(
    ("", "score", "scores", "rate", "rates", "coverage", "similarity", "consistency", "distance", "errors")
)


def with_metrics(reading: Reading, entities: Sequence[Entity], claims: Sequence[ResultClaim]) -> list[Entity]:
    """The entities, and the metrics in which results are claimed that none of them is, in order of first mention."""
    known = {entity.name for entity in entities}
    added: dict[str, list[Mention]] = {}
    wanted = {claim.metric for claim in claims} - known - _NO_NAMES
    for entity in reading.entities[reading.named :]:
        if entity.type == "Metric" and entity.name in wanted:
            added.setdefault(entity.name, []).extend(entity.mentions)
    new = [Entity(name, "Metric", "uses", (name,), tuple(places), 0.5) for name, places in added.items()]
    return sorted([*entities, *new], key=lambda entity: entity.mentions[0].start) if new else list(entities)


@Language.component("kg_results")
def results(doc: Doc) -> Doc:
    """Store the claims; runs last, after the roles."""
    data = doc.user_data
    reading = Reading(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []), masked_in(doc))
    data[RESULTS] = find_results(reading, data.get(CLAIM_WEIGHTS) or shipped_weights())
    data[ENTITIES] = with_metrics(reading, data.get(ENTITIES, []), data[RESULTS])
    return doc
