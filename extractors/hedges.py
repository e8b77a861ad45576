"""A guard for what a paper says it does not do, or only might: "we do not train on ImageNet", "future work may use X".

The tagger learnt roles from words around a name and seldom saw a denial. Where every mention of a name stands in the
scope of one, the paper has no closer tie to it than that it mentions it; where some do, the evidence is another.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, SENTENCES, text_of
from kg.records import Entity, Mention, Role

# Guarded are things one can use, train on or build. Of tasks and metrics a denial says little: "without loss of speed".
_TYPES = frozenset(("Model", "Method", "Dataset", "Benchmark"))
_ROLES: frozenset[Role] = frozenset(("introduces", "trains_on", "evaluates_on", "uses"))

_ACT = (
    r"(?:us(?:e|es|ed|ing|age of)|employ\w*|adopt\w*|appl(?:y|ies|ied|ying)(?: to)?|leverag\w*|utili[sz]\w*|includ\w*"
    r"|rel(?:y|ies|ied|ying) (?:up)?on|depend\w* (?:up)?on|build\w* (?:up)?on|need\w*|requir\w*|access(?:ing)?(?: to)?"
    r"|consider\w*|see(?:n|s|ing)?"
    r"|(?:(?:pre-?|re-?)?train|fine-?tun)\w*(?: \w+){0,2} (?:on|with)"
    r"|(?:evaluat|test|experiment|benchmark|validat|report)\w*(?: \w+){0,2} on"
    r"|compar\w*(?: \w+){0,2} (?:to|with|against)"
    r"|releas\w*|introduc\w*|propos\w*|extend\w*(?: \w+){0,3} to)"
)
# Between the act and the name: articles, adjectives, the head of a list, other names of the list; never a new clause.
_TURNS = "but|however|while|whereas|instead|although|though|because|since|so|which|that"
_REACH = rf"(?:[ ,]+(?!(?:{_TURNS})\b)[^\s,;:.]+){{0,6}}[ ,]+"
_AUXILIARY = "do|does|did|is|are|was|were|have|has|had|can|could|will|would|should"
_FILLERS = "be|been|yet|directly|explicitly|even|only|rely|any|need|require|have|to"
_BARE = "the|any|a|ever|even|explicitly|directly|need for|need of|having|being|prior|additional"
_DENIED = re.compile(
    rf"(?:\b(?:{_AUXILIARY})(?: not|n['’]t)|\bcannot|\bnever|\bneither|\bnor)(?: (?:{_FILLERS})){{0,3}} {_ACT}{_REACH}$"
    rf"|\bwithout(?: (?:{_BARE})){{0,3}} {_ACT}{_REACH}$"
    rf"|\b(?:no|zero) (?:use of|access to|training on|reliance on|need for|dependence on)(?: \w+){{0,3}} $"
    rf"|\b(?:rather than|instead of|in lieu of)(?: {_ACT})?"
    r"(?: (?:the|a|an|standard|traditional|conventional|existing)){0,2} $",
    re.IGNORECASE,
)
# "not only on COCO" denies nothing.
_AFFIRMED = re.compile(r"\b(?:not|n['’]t) (?:only|just|merely|solely|simply)\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\bfuture (?:work|research|studies|directions?|versions?)\b,?"
    r"(?: (?:we )?(?:will|can|could|may|might|should|would|includes?|is to|plan|intend))"
    r"(?! (?:make|releas|open|publish|provid|shar))[^.;]*$"
    r"|\b(?:we|authors) (?:plan|intend) to\b[^.;]*$"
    r"|\bwe leave\b[^.;]*$"
    r"|\b(?:could|might|may)(?: (?:also|easily|readily|potentially|one day|in principle|then))?(?: be)?"
    rf" {_ACT}{_REACH}$",
    re.IGNORECASE,
)
_REACHED_BACK = 160  # characters of the sentence before a name that are looked at


def denied(sentence: str, start: int) -> bool:
    """Whether the name at `start` of `sentence` is in the scope of a denial or a supposition."""
    before = sentence[max(0, start - _REACHED_BACK) : start]
    if _SUPPOSED.search(before):
        return True
    return bool(_DENIED.search(before)) and not _AFFIRMED.search(before)


def guard_roles(text: str, entities: Sequence[Entity], sentences: Sequence[tuple[int, int]]) -> list[Entity]:
    """The entities; a name that stands only in denials or suppositions is `mentions`.

    Where others of its mentions affirm, the first of those becomes the one that decides, so that no denial is shown
    as evidence.
    """
    return [_guarded(text, entity, sentences) for entity in entities]


def _guarded(text: str, entity: Entity, sentences: Sequence[tuple[int, int]]) -> Entity:
    decides = entity.mentions[entity.best]
    if entity.type not in _TYPES or entity.role not in _ROLES or not _is_denied(text, decides, sentences):
        return entity
    affirmed = next((i for i, m in enumerate(entity.mentions) if not _is_denied(text, m, sentences)), None)
    if affirmed is None:
        return dataclasses.replace(entity, role="mentions")
    return dataclasses.replace(entity, best=affirmed)


def _is_denied(text: str, mention: Mention, sentences: Sequence[tuple[int, int]]) -> bool:
    first = next((a for a, b in sentences if a <= mention.start < b), mention.start)
    return denied(text[first : mention.end], mention.start - first)


@Language.component("kg_hedges")
def hedges(doc: Doc) -> Doc:
    """Guard the roles of the entities found; runs after they have theirs."""
    data = doc.user_data
    data[ENTITIES] = guard_roles(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []))
    return doc
