# ruff: noqa: E501 - patterns and lists that a line break would only hide
"""What a paper says that the thing it introduces is based on: fine-tuned from, built on, extended, distilled, initialised.

Patterns between two names of one sentence, or between a name and "our model" where the paper introduces one thing only.
They are narrow: a missed basis costs less than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.hedges import denied
from extractors.spans import BASES, ENTITIES, SENTENCES, text_of
from kg.records import Basis, Entity

_TYPES = frozenset(("Model", "Method"))
_ARTICLE = r"(?: (?:the|an?|its|their|our|both))?(?: (?!and\b|or\b|with\b|for\b|to\b|in\b|on\b|of\b|from\b|by\b|data\b|that\b|which\b)[\w.+-]+){0,4} ?$"
# Said of models only: weights are taken over.
_WEIGHTS = (
    r"(?:(?:instruction-|fully |further |continually |jointly |parameter-efficiently )?(?:fine-?tuned|post-?trained|distilled|initiali[sz]ed|warm-started|adapted|pruned|quanti[sz]ed|derived|trained|started)"
    r"(?: [\w-]+){0,2}? from(?: (?:the weights|weights|checkpoints?|a checkpoint) of)?"
    r"|initiali[sz]ed (?:with|by)(?: (?:the )?(?:pre-?trained )?(?:weights|parameters|checkpoint) (?:of|from))?"
    r"|(?:fine-?tuned|instruction-tuned|distilled|post-trained|pruned|quanti[sz]ed|lightweight|improved|enhanced|modified|extended|adapted|compressed) (?:version|variant)s? of"
    r"|(?:obtained|created|produced|trained|built|developed|derived|constructed) by (?:\w+ )?(?:fine-?tuning|distilling|adapting|extending|post-training|instruction-tuning|pruning|quantizing)"
    r"|an? (?:[\w-]+[ -]){0,2}?(?:fine-?tuned|distilled|modified|improved|enhanced|extended)"
    r"|(?:that |which )(?:fine-?tunes|adapts))"
)
_BUILT = (
    r"(?:(?:is |are |was |that |which |and )?(?:built|builds|build|building) (?:directly |solely |entirely )?(?:up)?on(?: top of)?"
    r"|(?:is |are |was |developed |implemented |constructed |built )?(?:primarily |mainly |entirely )?based (?:up)?on"
    r"|an? (?:\w+[ -]){0,3}?(?:extension|adaptation|generali[sz]ation|variant|modification|refinement|reformulation) (?:of|to)"
    r"|(?:that |which |,? )(?:directly )?(?:extends|generali[sz]es|augments|modifies)"
    r"|(?:developed|implemented|constructed|instantiated) (?:on top of|upon|atop)|on top of)"
)
_FORWARD = re.compile(rf"(?P<gap>.*?)\b(?P<rel>(?P<weights>{_WEIGHTS})|{_BUILT}){_ARTICLE}", re.DOTALL)
_EXTENDS = re.compile(
    rf"(?P<gap>\s?(?:\([^()]{{1,40}}\)\s?)?)(?P<rel>(?:directly |further )?(?:extends|builds (?:up)?on|generali[sz]es|fine-?tunes|adapts|augments|modifies|repurposes)){_ARTICLE}"
)
# "Building on Y, we propose X": what stands before Y, and between Y and X.
_OPENING = re.compile(
    r"(?:^|[.,;:] |\b(?:and|thus|therefore|Then) )(?:building (?:up)?on|built (?:up)?on|based (?:up)?on|extending|by extending|by fine-?tuning|by adapting|starting from|inspired by and building on|leveraging and extending)"
    + _ARTICLE,
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"^[^,.;:]{0,40}, (?:we|this (?:paper|work)) (?:further |then |also |therefore |thus )?(?:propose|introduce|present|develop|design|build|release|train|create|obtain|construct)s?\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_WE_TUNE = re.compile(
    rf"\bwe (?:then |further |also |first )*(?:fine-?tune|post-train|instruction-tune|distill?|extend|adapt){_ARTICLE}",
    re.IGNORECASE,
)
_RESULTING = re.compile(
    r"^[^.;]{0,120}?(?:\b(?:to (?:obtain|create|build|develop|produce|get|train|form)|result(?:ing|s) in|yielding|which we call|called|named|dubbed|into|and (?:obtain|release|call it)|termed)(?: (?:the|our|an?|\w+)){0,2} ?[,:]?) ?$",
    re.IGNORECASE,
)
_OUR = re.compile(
    rf"\b(?:our|the proposed|the resulting|this) (?:\w+[ -]){{0,2}}?(?:model|method|framework|approach|system|architecture|algorithm|network) (?P<rel>(?P<weights>(?:is|was) {_WEIGHTS})|(?:is )?(?:{_BUILT})|extends){_ARTICLE}"
    rf"|\b[Ii]t (?P<rel2>(?P<weights2>is {_WEIGHTS})|builds (?:up)?on|is (?:built|based) (?:up)?on|extends){_ARTICLE}",
    re.IGNORECASE,
)
# Behind the base: what makes something else of it.
_ELSE = re.compile(
    r"\s?(?:\([^()]{1,40}\)\s?)?(?:['’]s?\b|-(?:generated|annotated|based|style|like|driven|guided|as)|[\s-](?:generated|annotations?|data|datasets?|outputs?|embeddings?|features?|benchmarks?|corpus|metrics?|scores?|images|labels?|simulator|platform|environments?|theory|principles?|papers?|literature|leaderboard|responses?|judg\w+)\b)"
)
_GENERIC = re.compile(
    r"^(?:LLMs?|VLMs?|MLLMs?|CNNs?|RNNs?|GNNs?|DNNs?|LVLMs?|VLAs?|SLMs?|PLMs?|AI|RL|deep learning|machine learning)$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^(?:,| and| or|, and) (?:the )?$")
_STOP = re.compile(
    r"[.;:]\s|\b(?:compared|outperform\w*|surpass\w*|than|unlike|whereas|while|but|evaluat\w*|benchmark\w*|such as|including|datasets?|metrics?)\b|,[^,]*,[^,]*,"
)

# "X, a Mamba-based model": between the two, and behind the base.
_IS_A = re.compile(
    r"(?:\s?\([^()]{1,40}\))?,? (?:is |which is )?(?:an?|the|our) (?:(?!and\b|for\b|to\b|with\b|of\b|in\b|that\b|using\b)[\w-]+,? ){0,4}"
)
_BASED = re.compile(
    r"-based (?:(?!and\b|for\b|to\b|with\b|of\b|in\b)[\w-]+ ){0,4}?(?:models?|frameworks?|methods?|approach|systems?|architectures?|networks?|algorithms?|detectors?"
    r"|encoders?|policy|pipeline|backbones?|optimi[sz]ers?|agents?)\b"
)

Span = tuple[int, int, int]  # start, end, entity


def find_bases(text: str, entities: Sequence[Entity], sentences: Sequence[tuple[int, int]]) -> list[Basis]:
    """What the paper's own models and methods are based on, each pair once, the surest sentence for it; in order."""
    own = {i for i, e in enumerate(entities) if e.type in _TYPES and e.role == "introduces"}
    others = {
        i
        for i, e in enumerate(entities)
        if e.type in _TYPES
        and e.role != "introduces"
        and any(c.isupper() for c in e.name)
        and not _GENERIC.match(e.name)
    }
    if not own or not others:
        return []
    marks = sorted((m.start, m.end, i) for i, e in enumerate(entities) if e.type in _TYPES for m in e.mentions)
    found: dict[tuple[int, int], Basis] = {}
    for first, last in sentences:
        inside = [mark for mark in marks if first <= mark[0] < last]
        if not any(mark[2] in others for mark in inside):
            continue
        for new, base, surety in _pairs(text, first, last, inside, entities, own, others):
            key = new[2], base[2]
            held = found.get(key)
            if held is None or held.confidence < surety:
                start, end = min(new[0], base[0]), max(new[1], base[1])
                if new[0] < first:  # it is "our model" there
                    start, end = base[0], base[1]
                found[key] = Basis(entities[new[2]].name, entities[base[2]].name, start, end, round(surety, 3))
    return sorted(found.values(), key=lambda basis: (basis.start, basis.base))


def _pairs(
    text: str,
    first: int,
    last: int,
    inside: Sequence[Span],
    entities: Sequence[Entity],
    own: set[int],
    others: set[int],
) -> Iterator[tuple[Span, Span, float]]:
    sentence = text[first:last]
    only = next(iter(own)) if len(own) == 1 else None
    for index, base in enumerate(inside):
        if base[2] not in others or denied(sentence, base[0] - first):
            continue
        before = next((mark for mark in reversed(inside[:index]) if mark[2] != base[2]), None)
        trust = 0.6 + 0.4 * entities[base[2]].mentions[0].confidence
        if _BASED.match(text, base[1]) and before and before[2] in own and _IS_A.fullmatch(text[before[1] : base[0]]):
            yield before, base, 0.9 * trust
            continue
        if _ELSE.match(text, base[1]):
            continue
        for new, surety in _makers(text, first, inside, index, base, entities, own, only):
            sure = surety * trust
            yield new, base, sure
            for following, after in zip(inside[index:], inside[index + 1 :], strict=False):
                if (
                    after[2] not in others
                    or not _LISTED.match(text[following[1] : after[0]])
                    or _ELSE.match(text, after[1])
                ):
                    break
                yield new, after, 0.9 * sure


def _makers(
    text: str,
    first: int,
    inside: Sequence[Span],
    index: int,
    base: Span,
    entities: Sequence[Entity],
    own: set[int],
    only: int | None,
) -> Iterator[tuple[Span, float]]:
    """What of the paper's own is said to be based on the mention `base`, and how surely."""
    lead = text[first : base[0]]
    previous = next((mark for mark in reversed(inside[:index]) if mark[2] != base[2]), None)
    if previous and previous[2] in own:
        between = text[previous[1] : base[0]]
        match = _EXTENDS.fullmatch(between) or _FORWARD.fullmatch(between)
        if (
            match
            and len(between) < 125
            and not _STOP.search(match["gap"])
            and _fits(match.groupdict().get("weights"), entities[previous[2]])
        ):
            yield previous, 0.95 if len(match["gap"]) < 50 else 0.85
            return
    following = next((mark for mark in inside[index + 1 :] if mark[2] in own), None)
    if following:
        between = text[base[1] : following[0]]
        if _OPENING.search(lead) and _PROPOSED.match(between):
            yield following, 0.9
            return
        if _WE_TUNE.search(lead) and _RESULTING.match(between) and entities[following[2]].type == "Model":
            yield following, 0.85
            return
    if only is not None and (match := _OUR.search(lead)) and match.end() == len(lead):
        weights = match["weights"] or match["weights2"]
        if _fits(weights, entities[only]):
            mention = entities[only].mentions[0]
            yield (mention.start, mention.end, only), 0.8


def _fits(weights: str | None, entity: Entity) -> bool:
    return not weights or entity.type == "Model"


@Language.component("kg_based")
def based(doc: Doc) -> Doc:
    """Store what is based on what; runs after the roles are settled."""
    data = doc.user_data
    data[BASES] = find_bases(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []))
    return doc
