"""What a paper plainly introduces, whatever the tagger thinks of it: titles "NAME", "NAME: …", "we introduce NAME, …".

The tagger has seen well-known names used a thousand times and introduced never, so that it takes ResNet in the paper
that introduced it for one more use. The patterns are narrow on purpose: on 1,640 annotated abstracts they overrule the
tagger in a handful of cases; of 16 things whose name is a whole title there, 15 are introduced.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, same_key, text_of
from kg.records import Entity, Mention

_TYPES = frozenset(("Model", "Method", "Dataset", "Benchmark"))
_COLON = re.compile(r"\s*[:：]\s")
# "Diffusion Model Quantization: A Review" introduces nothing.
_SURVEY = re.compile(
    r"\b(?:review|survey|overview|tutorial|analysis|study|perspectives?|lessons|introduction|comparison|what|how|why|when)\b",
    re.IGNORECASE,
)
# No "a" before the name: "we propose a U-Net architecture" is of another thing.
_WE = re.compile(
    r"\b(?:we|this (?:paper|work|study|report))(?: (?:also|then|further|first|therefore|thus|here|additionally))?"
    r" (?:introduces?|presents?|proposes?|releases?|unveil)(?: the)? $",
    re.IGNORECASE,
)
# What follows the object itself and not a word that it qualifies; its long or short form may stand between.
_OBJECT = re.compile(
    r"(?: \([^()]{1,60}\))?(?: (?:benchmark|data ?set|corpus|suite|challenge))?(?:[,.;:]| (?:which|that|whose|where)\b)"
)
_REACHED_BACK = 60


def introduces_plainly(text: str, entity: Entity) -> int | None:
    """The index of the mention that says it, or None. Only named things, spelt with a capital, can be introduced so."""
    if entity.type not in _TYPES:
        return None
    title = text.partition("\n")[0]
    colon = _COLON.search(title)
    head, rest = (title[: colon.start()], title[colon.end() :]) if colon else (title, "")
    if same_key(head.strip()) in {same_key(surface) for surface in entity.surfaces} and not _SURVEY.search(rest):
        return next((i for i, m in enumerate(entity.mentions) if m.start == 0), 0)
    return next((i for i, m in enumerate(entity.mentions) if _is_object(text, m)), None)


def _is_object(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _REACHED_BACK) : mention.start]
    capital = any(c.isupper() for c in mention.text) or "(" in text[mention.end : mention.end + 2]
    return capital and bool(_WE.search(before)) and bool(_OBJECT.match(text, mention.end))


def mark_introduced(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """The entities; those that the text plainly introduces have that role."""
    marked = []
    for entity in entities:
        best = None if entity.role == "introduces" else introduces_plainly(text, entity)
        marked.append(entity if best is None else dataclasses.replace(entity, role="introduces", best=best))
    return marked


@Language.component("kg_introduced")
def introduced(doc: Doc) -> Doc:
    """Mark what is plainly introduced; runs after entities have their roles."""
    data = doc.user_data
    data[ENTITIES] = mark_introduced(text_of(doc), data.get(ENTITIES, []))
    return doc
