"""Mentions become entities: one for each thing the paper names, with every string that names it."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from extractors.acronyms import Acronym, abbreviates, initial_letters, initials_of, spells
from extractors.spans import ACRONYMS, ENTITIES, MENTIONS, Candidate, masked_in, occurrences, plain, same_key, text_of
from extractors.whole import stands_whole
from kg.records import ENTITY_TYPES, ROLES, Entity, Mention, Role

LONGEST_NAME = 200  # characters; what is longer is no name, and no store could index it
# Between a long form and its short form, or the other way round: an opening parenthesis, perhaps with mark-up.
_OPENS = re.compile(r"s?[\s~]?\(\s?(?:i\.e\.,? |or |\\text(?:bf|it|sc)\{|\*{1,2})?")


def group_mentions(
    text: str,
    candidates: Sequence[Candidate],
    acronyms: Sequence[Acronym] = (),
    masked: Sequence[tuple[int, int]] = (),
) -> list[Entity]:
    """Entities of `text`, in order of first mention.

    Spellings that differ in case, hyphens, mark-up or a plural s are one entity, and so are the two sides of an
    acronym. Each entity then collects every further place where one of its surfaces stands, outside other mentions
    and outside the `masked` stretches (links). Where the candidates bring no roles, the role is `mentions`.
    """
    candidates = [c for c in candidates if c.end - c.start <= LONGEST_NAME and not _overlaps(masked, c.start, c.end)]
    leader = _leaders(text, sorted(candidates), acronyms)
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates):
        groups[leader[same_key(text[candidate.start : candidate.end])]].append(candidate)
    taken = [(c.start, c.end) for members in groups.values() for c in members] + list(masked)
    for acronym in acronyms:
        # The other side of an acronym of which one side is a mention.
        group = groups.get(leader.get(same_key(text[acronym.short_start : acronym.short_end]), ""))
        for start, end in (acronym[:2], acronym[2:]):
            if group and not _overlaps(taken, start, end) and stands_whole(text, start, end):
                taken.append((start, end))
                group.append(group[0]._replace(start=start, end=end, roles=()))
    for members in groups.values():
        members += _further(text, members, taken)
    return sorted((_entity(text, sorted(members)) for members in groups.values()), key=lambda e: e.mentions[0].start)


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < last and first < end for first, last in taken)


def _leaders(text: str, candidates: Sequence[Candidate], acronyms: Sequence[Acronym]) -> dict[str, str]:
    """Key of a surface -> key that stands for its group."""
    surfaces: dict[str, set[str]] = defaultdict(set)
    for candidate in candidates:
        surface = text[candidate.start : candidate.end]
        surfaces[same_key(surface)].add(surface)
    leader = {key: key for key in surfaces}

    def join(one: str, other: str) -> None:
        old, new = leader.setdefault(one, one), leader.setdefault(other, other)
        for key, value in leader.items():
            if value == old:
                leader[key] = new

    for a in acronyms:
        short, long = same_key(text[a.short_start : a.short_end]), same_key(text[a.long_start : a.long_end])
        if short in surfaces or long in surfaces:
            join(long, short)
    for left, right in itertools.pairwise(candidates):
        one, other = text[left.start : left.end], text[right.start : right.end]
        closes = text[right.end : right.end + 3].lstrip("s*}")[:1] in (")", ",", ";")
        opens = _OPENS.fullmatch(text[left.end : right.start])
        if (
            closes
            and opens
            and ((abbreviates(other, one) and spells(other, one)) or (abbreviates(one, other) and spells(one, other)))
        ):
            join(same_key(one), same_key(other))
    # A short form whose letters are just the initials of a long form, wherever the two stand.
    letters = {key: sorted(filter(None, map(initial_letters, names))) for key, names in surfaces.items()}
    longs = {key: {i for name in names for i in initials_of(name)} for key, names in surfaces.items()}
    for one, other in itertools.permutations(sorted(surfaces), 2):
        if any(short in longs[other] for short in letters[one]):
            alone = leader[one] != leader[other] and list(leader.values()).count(leader[one]) == 1
            if alone:
                join(one, other)
    return leader


def _further(text: str, members: Sequence[Candidate], taken: list[tuple[int, int]]) -> list[Candidate]:
    """Other places where one of the surfaces stands; `taken` grows by them."""
    found = []
    for surface in sorted({text[c.start : c.end] for c in members}, key=lambda s: (-len(s), s)):
        like = next(c for c in members if text[c.start : c.end] == surface)
        for start, end in occurrences(text, surface):
            if not _overlaps(taken, start, end) and stands_whole(text, start, end):
                taken.append((start, end))
                found.append(like._replace(start=start, end=end, roles=()))
    return found


def _entity(text: str, members: Sequence[Candidate]) -> Entity:
    masses = np.array([c.masses for c in members])
    kind = int(masses.sum(0).argmax())
    share = masses.sum(0)[kind] / max(1e-9, masses.sum())
    role, best, role_chance = _role(members)
    # How sure: of its being a name at all, by the surest mention; of its type and its role, by all of them.
    confidence = float(masses.sum(1).max() * share) * role_chance
    mentions = tuple(
        Mention(c.start, c.end, text[c.start : c.end], round(float(min(1.0, sum(c.masses))), 4)) for c in members
    )
    surfaces = tuple(dict.fromkeys(mention.text for mention in mentions))
    name = canonical_name(surfaces, mentions)
    return Entity(name, ENTITY_TYPES[kind], role, surfaces, mentions, round(min(1.0, confidence), 4), best)


def _role(members: Sequence[Candidate]) -> tuple[Role, int, float]:
    """The role with the highest mean probability, the index of the mention that says it most clearly, the mean."""
    known = [(index, c.roles) for index, c in enumerate(members) if c.roles]
    if not known:
        return "mentions", 0, 1.0
    mean = np.array([roles for _, roles in known]).mean(0)
    chosen = int(mean.argmax())
    return ROLES[chosen], max(known, key=lambda item: (item[1][chosen], -item[0]))[0], float(mean[chosen])


def canonical_name(surfaces: Sequence[str], mentions: Sequence[Mention]) -> str:
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
    data[ENTITIES] = group_mentions(text_of(doc), data.get(MENTIONS, []), data.get(ACRONYMS, []), masked_in(doc))
    return doc
