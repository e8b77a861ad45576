"""Mentions become entities: one for each thing the paper names, with every string that names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.acronyms import Acronym
from extractors.spans import ACRONYMS, ENTITIES, LINKS, MENTIONS, Span, occurrences, plain, same_key
from kg.records import ENTITY_TYPES, Entity, EntityType, Mention


def group_mentions(
    text: str, spans: Sequence[Span], acronyms: Sequence[Acronym], masked: Sequence[tuple[int, int]] = ()
) -> list[Entity]:
    """Entities of `text`, in order of first mention; the roles are not decided yet (all `mentions`).

    Spellings that differ in case, hyphens, mark-up or a plural s are one entity, and so are the two sides of an
    acronym. Each entity then collects every further place where one of its surfaces stands, outside other mentions
    and outside the `masked` stretches (links).
    """
    leader = _join(text, spans, acronyms)
    groups: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        groups[leader[same_key(text[span.start : span.end])]].append(span)
    for acronym in acronyms:
        group = groups.get(leader.get(same_key(text[acronym.short_start : acronym.short_end]), ""))
        for start, end in ((acronym.short_start, acronym.short_end), (acronym.long_start, acronym.long_end)):
            if group and not any(
                span.start < end and start < span.end for members in groups.values() for span in members
            ):
                group.append(Span(start, end, group[0].type, group[0].confidence))
    taken = [(span.start, span.end) for members in groups.values() for span in members]
    taken += masked
    for members in groups.values():
        members += _further(text, members, taken)
    entities = [_entity(text, sorted(members)) for members in groups.values()]
    return sorted(entities, key=lambda entity: entity.mentions[0].start)


def _join(text: str, spans: Sequence[Span], acronyms: Sequence[Acronym]) -> dict[str, str]:
    """Key of a surface -> key that leads its group: acronyms join theirs when one of both sides is a mention."""
    leader = {same_key(text[span.start : span.end]): same_key(text[span.start : span.end]) for span in spans}
    for acronym in acronyms:
        short = same_key(text[acronym.short_start : acronym.short_end])
        long = same_key(text[acronym.long_start : acronym.long_end])
        if short in leader and long in leader:
            old, new = leader[long], leader[short]
            for key, value in leader.items():
                if value == old:
                    leader[key] = new
        elif short in leader:
            leader[long] = leader[short]
        elif long in leader:
            leader[short] = leader[long]
    return leader


def _further(text: str, members: Sequence[Span], taken: list[tuple[int, int]]) -> list[Span]:
    """Other places where one of the surfaces stands; `taken` grows by them."""
    kind, confidence = _vote(members)
    found = []
    for surface in sorted({text[span.start : span.end] for span in members}, key=lambda s: (-len(s), s)):
        for start, end in occurrences(text, surface):
            if not any(start < last and first < end for first, last in taken):
                taken.append((start, end))
                found.append(Span(start, end, kind, confidence))
    return found


def _vote(spans: Sequence[Span]) -> tuple[EntityType, float]:
    """The type with the most confidence behind it, and its mean confidence."""
    weights: dict[EntityType, float] = defaultdict(float)
    for span in spans:
        weights[span.type] += span.confidence
    best = max(ENTITY_TYPES, key=lambda kind: weights[kind])
    own = [span.confidence for span in spans if span.type == best]
    return best, round(sum(own) / len(own), 4)


def _entity(text: str, spans: Sequence[Span]) -> Entity:
    kind, confidence = _vote(spans)
    mentions = tuple(Mention(s.start, s.end, text[s.start : s.end], round(s.confidence, 4)) for s in spans)
    surfaces = tuple(dict.fromkeys(mention.text for mention in mentions))
    return Entity(_canonical(surfaces, mentions), kind, "mentions", surfaces, mentions, confidence)


def _canonical(surfaces: Sequence[str], mentions: Sequence[Mention]) -> str:
    """The name the field would use: a short form where there is one, else the most frequent spelling, singular."""
    count = {surface: sum(m.text == surface for m in mentions) for surface in surfaces}
    short = [s for s in surfaces if " " not in s and any(c.isupper() for c in s)]
    several = len({same_key(s) for s in surfaces}) > 1
    pool = short if several and short else list(surfaces)
    best = plain(max(pool, key=lambda s: (count[s], -len(s), s)))
    singular = {plain(s) for s in surfaces}
    return best[:-1] if best.endswith("s") and best[:-1] in singular else best


@Language.component("kg_entities")
def entities(doc: Doc) -> Doc:
    """Store the entities; runs after the names and the acronyms."""
    data = doc.user_data
    masked = [(link.start, link.end) for link in data.get(LINKS, [])]
    data[ENTITIES] = group_mentions(doc.text, data.get(MENTIONS, []), data.get(ACRONYMS, []), masked)
    return doc
