"""Which unit a mention belongs to, before units are joined: a known thing, a sense of a short form, or its own key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from kg.records import Entity, EntityType
from kg.resolve.curation import Curation
from kg.resolve.evidence import Evidence, forms, holds
from kg.resolve.known import Known, known_table
from kg.resolve.normalise import normalise
from kg.resolve.score import Reason, definition_reasons, reason

# ("known", "Model CLIP", ""), ("sense", short form, long form), ("name", key, "") or ("curated", mark, "")
Unit = tuple[str, str, str]
Edge = tuple[Unit, Unit, tuple[Reason, ...]]


class Units:
    """Gives every mention its unit, and the pairs of units that have a reason to be one."""

    def __init__(self, evidence: Evidence, curation: Curation) -> None:
        self._evidence = evidence
        self._curation = curation
        self._known = known_table()
        self._marks = dict(_marks(curation))
        self._cache: dict[tuple[str, EntityType, tuple[str, ...]], Unit] = {}

    def of(self, entity: Entity) -> Unit:
        """The unit of an entity of a paper."""
        asked = (entity.name, entity.type, entity.surfaces)
        if asked not in self._cache:
            self._cache[asked] = self._mark(entity.name) or self._of(*asked)
        return self._cache[asked]

    def home(self, name: str) -> Unit:
        """The unit of a bare mention of `name`, of whatever type."""
        return self._mark(name) or self._of(name, None, (name,))

    def edges(self) -> Iterator[Edge]:
        """Pairs with their reasons: a person's words first."""
        for names in self._curation.same:
            for one, other in pairwise(names):
                text = f"the curation file says that “{one}” and “{other}” are the same"
                yield self.home(one), self.home(other), (reason("curated same", text),)
        for name in dict.fromkeys(name for names in self._curation.different for name in names):
            home = self._of(name, None, (name,))
            yield (
                self.home(name),
                home,
                (reason("as without curation", f"“{name}” is what it is without the curation file"),),
            )
        papers = self._evidence.papers
        for short, long in sorted(papers, key=lambda pair: (-papers[pair], pair)):
            sense = ("sense", short, self._evidence.leads[short, long])
            reasons = definition_reasons(short, long, papers[short, long], self._evidence.best[long])
            yield sense, self._of(long, None, (long,)), reasons

        for key, head in self._evidence.scores():
            score, metric = (self._of(name, "Metric", (name,)) for name in (key, head))
            if score[0] != "known":  # "CLIP score" is not CLIP
                yield score, metric, (reason("metric and score", f"the score “{key}” is the metric “{head}”"),)

    def apart(self) -> Iterator[tuple[Unit, Unit]]:
        """Pairs of units that a person keeps apart."""
        for names in self._curation.different:
            for one, other in combinations(names, 2):
                yield self.home(one), self.home(other)

    def _of(self, name: str, kind: EntityType | None, surfaces: tuple[str, ...]) -> Unit:
        short, long = forms(name, surfaces)
        if long and self._evidence.extended(short, long):
            name, short, long, surfaces = long, long, "", ()
        # What the entity is called decides; where that is not in the table, a fuller spelling may be.
        spellings = [s for s in (name, *surfaces) if normalise(s) == short]
        if not long and normalise(name) == short:
            spellings += [s for s in surfaces if s not in spellings and " " in s.strip() and holds(s, short)]
        for spelling in dict.fromkeys(spellings):
            if known := self._known.choose(spelling, kind, long):
                return known_unit(known)
        if not long:
            long = self._evidence.sense(short, kind)
        if not long:
            # A name that may be a known thing of another type (Adam, a model) is a thing of its type.
            return "name", short, kind if kind and self._strict(name) else ""
        return "sense", short, self._evidence.leads.get((short, long), long)

    def _strict(self, name: str) -> bool:
        return any(thing.strict for thing in self._known.named(name))

    def _mark(self, name: str) -> Unit | None:
        if not self._marks:
            return None
        mark = f"={name}" if f"={name}" in self._marks else normalise(name)
        return ("curated", mark, "") if mark in self._marks else None


def known_unit(thing: Known) -> Unit:
    """The unit of a thing of the shipped table."""
    return "known", f"{thing.type} {thing.name}", ""


def _marks(curation: Curation) -> Iterator[tuple[str, str]]:
    """Names set apart by a person: by key, or letter by letter where their keys are the same."""
    for names in curation.different:
        keys = [normalise(name) for name in names]
        for name, key in zip(names, keys, strict=True):
            yield (f"={name}" if keys.count(key) > 1 else key), name
