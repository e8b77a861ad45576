"""How an entity stands to the paper, by the words around its mentions: introduces, trains_on, evaluates_on, ...

The strongest role over all mentions wins, in the order of `kg.records.ROLES`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, SENTENCES, text_of
from kg.records import ROLES, Entity, Mention, Role

_PROPOSE = re.compile(
    r"\b(?:we|this (?:paper|work|study|report|article)|our (?:paper|work))\b[^.]{0,60}?\b"
    r"(?:introduc|propos|present|develop|releas|build|built|construct|creat|contribut|design|devis|collect|curat|establish|open-sourc|unveil|nam|term|dub)\w*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\b(?:called|dubbed|termed|named|namely|coined|denoted(?: as)?|referred to as|which we (?:call|name|term|dub)"
    r"|we (?:call|name|term|dub)(?: (?:it|this|our \w+))?)|\b(?:novel|new|our)(?: [\w-]+){0,4})[\s,:\"'“`]*$",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"\b(?:based on|using|uses|with|from|on top of|built upon|such as|like|over|than|for|in|of|inspired by|that|which"
    r"|to)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r"^\s*(?:\([^)]*\))?\s*,?\s*(?:is )?an? (?:\w+[ -]){0,3}?(?:novel|new|simple|unified|large-scale|first)\b",
    re.IGNORECASE,
)
_TRAIN = re.compile(
    r"\b(?:pre-?train|fine-?tun|train|learn)\w*\b[^.;]{0,60}\b(?:on|with|using|over|from)\b[^.;]{0,60}$", re.IGNORECASE
)
_EVALUATE = re.compile(
    r"\b(?:evaluat|experiment|benchmark|test|results?|achiev|outperform|state-of-the-art|SOTA|perform|validat|demonstrat|"
    r"accuracy|improv|assess)\w*",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\b(?:outperform|surpass|exceed|beat|compar|better than|superior to|over(?:take)?|than|against|versus|vs\.?|"
    r"baselines?|competitive with|on par with|rival|match)\w*\b[^.;]{0,80}$",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"\b(?:such as|e\.g\.,?|like|including|existing|previous|prior|recent(?:ly)?|have (?:shown|achieved|become|been)|"
    r"has (?:shown|achieved|become|been))\b",
    re.IGNORECASE,
)


def mention_role(entity: Entity, mention: Mention, sentence: str, start: int, *, title: bool, own: bool) -> Role:
    """The role one mention speaks for; `start` is its offset in `sentence`.

    `title` says that the sentence is the paper's title, `own` that it speaks of this paper's work ("we", "our").
    """
    before, after = sentence[:start], sentence[start + len(mention.text) :]
    if (
        title
        and not before.strip()
        and re.match(r"\s*(?:\([^)]*\)\s*)?[:：]", after)
        and entity.type not in ("Task", "Metric")
    ):
        return "introduces"
    if _NAMED.search(before) or _introduced(before, after):
        return "introduces" if entity.type != "Task" else "uses"
    if entity.type in ("Dataset", "Benchmark"):
        if entity.type == "Dataset" and _TRAIN.search(before) and not _COMPARE.search(before):
            return "trains_on"
        return "evaluates_on" if own or _EVALUATE.search(sentence) else "mentions"
    if entity.type == "Task":
        return "uses" if title else "evaluates_on" if own or _EVALUATE.search(sentence) else "mentions"
    if entity.type == "Metric":
        return "uses"
    if _COMPARE.search(before) and not title:
        return "compares_to"
    return "mentions" if _BACKGROUND.search(before) and not own else "uses"


def _introduced(before: str, after: str) -> bool:
    """Whether the mention is the object of a verb of proposing, or is called a novel thing right after."""
    if _APPOSITION.match(after):
        return True
    verbs = list(_PROPOSE.finditer(before))
    return bool(verbs) and not _BREAK.search(before[verbs[-1].end() :])


def decide_roles(text: str, entities: Sequence[Entity], sentences: Sequence[tuple[int, int]]) -> list[Entity]:
    """The same entities with their role and, as `best`, the mention that decided it."""
    decided = []
    for entity in entities:
        best: tuple[int, int, Role] | None = None
        for index, mention in enumerate(entity.mentions):
            first, last = next(((a, b) for a, b in sentences if a <= mention.start < b), (mention.start, mention.end))
            sentence = text[first:last]
            role = mention_role(
                entity,
                mention,
                sentence,
                mention.start - first,
                title=first == 0,
                own=bool(re.search(r"\b(?:we|our|this (?:paper|work))\b", sentence, re.IGNORECASE)),
            )
            key = (ROLES.index(role), index, role)
            best = min(best, key) if best else key
        assert best is not None, "an entity has at least one mention"  # noqa: S101 - an invariant, not a check of input
        decided.append(dataclasses.replace(entity, role=best[2], best=best[1]))
    return decided


@Language.component("kg_roles")
def roles(doc: Doc) -> Doc:
    """Decide the roles of the entities found."""
    data = doc.user_data
    data[ENTITIES] = decide_roles(text_of(doc), data.get(ENTITIES, []), data.get(SENTENCES, []))
    return doc
