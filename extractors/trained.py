"""What a paper's text says is trained on: "pre-trained on ImageNet-21k", and the others of a list that begins so.

The tagger takes most datasets for what is evaluated on, since abstracts seldom tell what was trained on. What the rule
overrules, and how often rightly, is in the model card. "Trained and tested on X" is left to the tagger, and so is what
the paper introduces.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, text_of
from kg.records import Entity, Role

_TYPES = frozenset(("Dataset", "Benchmark"))
_OVERRULED: frozenset[Role] = frozenset(("evaluates_on", "uses", "mentions"))
_ON = re.compile(
    r"\b(?:pre-?|re-?|co-?)?train(?:ed|ing)?"
    r"(?: (?:only|solely|purely|entirely|exclusively|jointly|directly|end-to-end|from scratch|first))? on "
    # Up to three words before the name: "the large-scale", "160GB of".
    r"(?:(?!(?:and|or|but|for|to|with|than|by|against|while|then)\b)[\w-]+ ){0,3}$",
    re.IGNORECASE,
)
# Between two names of a list; the first may have its short form or its size behind it.
_LIST = re.compile(r"(?: \([^()]{1,60}\))?(?:, (?:and )?| and | & | ?/ ?)(?:the )?")
_REACHED_BACK = 80


def mark_trained_on(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """The entities; datasets that the text says is trained on have that role, by the mention where it says so."""
    mentions = sorted(
        (mention.start, mention.end, number, index)
        for number, entity in enumerate(entities)
        if entity.type in _TYPES
        for index, mention in enumerate(entity.mentions)
    )
    said: dict[int, int] = {}
    after = -1  # where the last name ends that is trained on
    for start, end, number, index in mentions:
        before = text[max(0, start - _REACHED_BACK) : start]
        if _ON.search(before) or (after >= 0 and _LIST.fullmatch(text, after, start)):
            said.setdefault(number, index)
            after = end
    return [
        dataclasses.replace(entity, role="trains_on", best=said[number])
        if number in said and entity.role in _OVERRULED
        else entity
        for number, entity in enumerate(entities)
    ]


@Language.component("kg_trained")
def trained(doc: Doc) -> Doc:
    """Mark what is trained on; runs after entities have their roles, and before denials are guarded."""
    data = doc.user_data
    data[ENTITIES] = mark_trained_on(text_of(doc), data.get(ENTITIES, []))
    return doc
