"""Entities of many papers become things: one for each thing, with its canonical name, aliases, type and stable id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.records import ENTITY_TYPES, Entity, EntityType, Extraction, Resolution, Thing, digest, slug
from kg.resolve.cluster import Clusters
from kg.resolve.curation import Curation
from kg.resolve.decide import Unit, Units
from kg.resolve.evidence import Evidence, Found, gather
from kg.resolve.families import variants
from kg.resolve.known import known_table
from kg.resolve.normalise import normalise
from kg.resolve.written import as_written


@dataclass(slots=True)
class Grouped:
    """How the names were joined: what `why` reads."""

    evidence: Evidence
    units: Units
    clusters: Clusters

    def root(self, name: str) -> Unit:
        """The cluster of a bare mention of `name`."""
        return self.clusters.root(self.units.home(name))


@dataclass(slots=True)
class _Votes:
    types: Counter[EntityType] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    surfaces: set[str] = field(default_factory=set)
    papers: set[str] = field(default_factory=set)
    units: set[Unit] = field(default_factory=set)


def resolve_names(
    extractions: Iterable[tuple[str, Extraction]],
    curation: Curation | None = None,
    texts: Mapping[str, str] | None = None,
) -> Resolution:
    """Join the names of all papers (pairs of paper id and extraction); the order of the papers does not matter.

    What a person decided (`curation`) wins. An entity of a dropped name has "" for its thing. Where `texts` has the
    text of a paper by its id, names as they stand there ("COCO dataset") are aliases too.
    """
    found = sorted_papers(extractions)
    curation = curation or Curation()
    grouped = group_names(found, curation)
    return assemble(found, grouped, curation, texts)


def sorted_papers(extractions: Iterable[tuple[str, Extraction]]) -> Found:
    """The papers in order of id, whatever order they came in."""
    return sorted(extractions, key=lambda pair: pair[0])


def group_names(found: Found, curation: Curation) -> Grouped:
    """Gather the evidence and join what is one."""
    evidence = gather(found)
    units = Units(evidence, curation)
    return Grouped(evidence, units, Clusters(units.edges(), units.apart()))


def assemble(found: Found, grouped: Grouped, curation: Curation, texts: Mapping[str, str] | None = None) -> Resolution:
    """Count the votes of each cluster and give it its name, type and id."""
    votes: dict[Unit, _Votes] = defaultdict(_Votes)
    roots: dict[str, list[Unit]] = {}
    for paper_id, extraction in found:
        roots[paper_id] = []
        text = texts.get(paper_id, "") if texts else ""
        for entity in extraction.entities:
            unit = grouped.units.of(entity)
            root = grouped.clusters.root(unit)
            roots[paper_id].append(root)
            vote = votes[root]
            vote.types[entity.type] += 1
            vote.names[_called(entity, unit)] += 1
            vote.surfaces.update(entity.surfaces)
            if text:
                vote.surfaces.update(s for m in entity.mentions for s in as_written(text, m.start, m.end, entity.type))
            vote.papers.add(paper_id)
            vote.units.add(unit)
    ids, things = _things(votes, grouped, curation)
    of_paper = {paper_id: tuple(ids.get(root, "") for root in of_paper) for paper_id, of_paper in roots.items()}
    return Resolution(tuple(things), of_paper, variants(things))


def _things(votes: dict[Unit, _Votes], grouped: Grouped, curation: Curation) -> tuple[dict[Unit, str], list[Thing]]:
    renamed = {grouped.root(name): to for name, to in sorted(curation.rename.items())}
    retyped = {grouped.root(name): to for name, to in sorted(curation.retype.items())}
    dropped = {grouped.root(name) for name in curation.drop}
    ids: dict[Unit, str] = {}
    things: dict[str, Thing] = {}
    # The thing that most papers name gets the plain id where two would have the same.
    for root in sorted(votes, key=lambda unit: (-len(votes[unit].papers), unit)):
        if root in dropped:
            continue
        vote = votes[root]
        known = known_table().by_unit.get(grouped.clusters.listed(root))
        kind = retyped.get(root) or (known.type if known else _most_voted(vote.types))
        name = renamed.get(root) or (
            known.name if known else min(vote.names, key=lambda n: (-vote.names[n], len(n), n))
        )
        thing_id = f"{kind.lower()}:{slug(name)}"
        if thing_id in things:
            thing_id += f"-{digest('/'.join(min(vote.units)), 6)}"
        ids[root] = thing_id
        # A name of the table finds its thing though no paper writes it.
        spellings = vote.surfaces.union(known.spellings if known else ())
        aliases = (s for s in spellings if s != name and _is_own(s, root, votes, grouped))
        things[thing_id] = Thing(thing_id, kind, name, tuple(sorted(aliases)), len(vote.papers))
    return ids, [things[thing_id] for thing_id in sorted(things)]


def _called(entity: Entity, unit: Unit) -> str:
    """The entity's name, unless another of its surfaces is what the unit is about ("KG-RAG", not "RAG")."""
    if unit[0] != "name" or normalise(entity.name) == unit[1]:
        return entity.name
    return next((surface for surface in entity.surfaces if normalise(surface) == unit[1]), entity.name)


def _most_voted(types: Counter[EntityType]) -> EntityType:
    return max(ENTITY_TYPES, key=lambda kind: types[kind])


def _is_own(surface: str, root: Unit, votes: Mapping[Unit, _Votes], grouped: Grouped) -> bool:
    """Whether a surface names this thing, and not another one that stands in the graph too.

    A paper may use one surface for two things ("SNR" in one with PSNR). A short form belongs to all that it stands for.
    """
    home = grouped.root(surface)
    if home == root or home not in votes:
        return True
    key = normalise(surface)
    return any(unit[0] == "sense" and unit[1] == key for unit in votes[root].units)
