"""Entities of many papers become things: one for each thing, with its canonical name, aliases, type and stable id."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.records import Entity, Extraction, Resolution, Thing, digest
from kg.resolve.cluster import Clusters
from kg.resolve.curation import Curation
from kg.resolve.decide import Unit, Units
from kg.resolve.evidence import Evidence, Found, gather
from kg.resolve.families import variants
from kg.resolve.known import known_table
from kg.resolve.normalise import normalise
from kg.resolve.votes import Cluster, Votes, plain_id
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
    clusters: dict[Unit, Cluster] = {}
    roots: dict[str, list[Unit]] = {}
    for paper_id, extraction in found:
        roots[paper_id] = []
        text = texts.get(paper_id, "") if texts else ""
        for entity in extraction.entities:
            unit = grouped.units.of(entity)
            root = grouped.clusters.root(unit)
            roots[paper_id].append(root)
            name = _called(entity, unit)
            cluster = clusters.get(root) or clusters.setdefault(root, Cluster(Votes(paper_id, entity.type, name)))
            alone = cluster.units.get(unit) or cluster.units.setdefault(unit, Votes(paper_id, entity.type, name))
            for votes in (cluster.votes, alone):
                votes.add(paper_id, entity.type, name)
            cluster.surfaces.update(entity.surfaces)
            if text:
                for m in entity.mentions:
                    cluster.surfaces.update(as_written(text, m.start, m.end, entity.type))
    ids, things = _things(clusters, grouped, curation)
    of_paper = {paper_id: tuple(ids.get(root, "") for root in of_paper) for paper_id, of_paper in roots.items()}
    return Resolution(tuple(things), of_paper, variants(things))


def _things(
    clusters: Mapping[Unit, Cluster], grouped: Grouped, curation: Curation
) -> tuple[dict[Unit, str], list[Thing]]:
    renamed = {grouped.root(name): to for name, to in sorted(curation.rename.items())}
    retyped = {grouped.root(name): to for name, to in sorted(curation.retype.items())}
    dropped = {grouped.root(name) for name in curation.drop}
    ids: dict[Unit, str] = {}
    things: dict[str, Thing] = {}
    former: dict[str, set[str]] = {}
    listed = {root: known_table().by_unit.get(grouped.clusters.listed(root)) for root in clusters}
    # Of two with the same id the one in the table keeps it, else the one that was named first.
    for root in sorted(clusters, key=lambda unit: (listed[unit] is None, clusters[unit].votes.first, unit)):
        if root in dropped:
            continue
        cluster, known = clusters[root], listed[root]
        own_kind, own_name = (known.type, known.name) if known else (cluster.votes.type, cluster.votes.name)
        kind, name = retyped.get(root, own_kind), renamed.get(root, own_name)
        thing_id = plain_id(kind, name)
        mark = cluster.votes.first
        while thing_id in things:
            mark = digest(mark, 6)
            thing_id = f"{plain_id(kind, name)}-{mark}"
        ids[root] = thing_id
        # A name of the table finds its thing though no paper writes it.
        spellings = cluster.surfaces.union(known.spellings if known else ())
        aliases = (s for s in spellings if s != name and _is_own(s, root, clusters, grouped))
        things[thing_id] = Thing(thing_id, kind, name, tuple(aliases), cluster.votes.papers)
        former[thing_id] = {*cluster.former_ids(listed=known is not None), plain_id(own_kind, own_name)}
    # Not by a difference of sets: that would go through all things once for each.
    gone = {thing_id: sorted(old for old in former[thing_id] if old not in things) for thing_id in things}
    return ids, [_with_ids(things[thing_id], gone[thing_id]) for thing_id in sorted(things)]


def _with_ids(thing: Thing, former: Sequence[str]) -> Thing:
    """The thing with the ids that it had, or that what was joined had, among its aliases."""
    return dataclasses.replace(thing, aliases=(*sorted(thing.aliases), *former))


def _called(entity: Entity, unit: Unit) -> str:
    """The entity's name, unless another of its surfaces is what the unit is about ("KG-RAG", not "RAG")."""
    if unit[0] != "name" or normalise(entity.name) == unit[1]:
        return entity.name
    return next((surface for surface in entity.surfaces if normalise(surface) == unit[1]), entity.name)


def _is_own(surface: str, root: Unit, clusters: Mapping[Unit, Cluster], grouped: Grouped) -> bool:
    """Whether a surface names this thing, and not another one that stands in the graph too.

    A paper may use one surface for two things ("SNR" in one with PSNR). A short form belongs to all that it stands for.
    """
    home = grouped.root(surface)
    if home == root or home not in clusters:
        return True
    key = normalise(surface)
    return any(unit[0] == "sense" and unit[1] == key for unit in clusters[root].units)
