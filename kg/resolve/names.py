"""Entities of many papers become things: one for each thing, with its canonical name, aliases, type and stable id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.records import ENTITY_TYPES, Entity, EntityType, Extraction, Resolution, Thing, digest, slug
from kg.resolve.normalise import normalise

# Careful readers differ on these pairs, so one name is one thing across them and the corpus votes on the type.
_GROUP: dict[EntityType, str] = {
    "Model": "model",
    "Method": "model",
    "Dataset": "dataset",
    "Benchmark": "dataset",
    "Task": "task",
    "Metric": "metric",
}
Key = tuple[str, str]  # (group, cluster)


def resolve_names(extractions: Iterable[tuple[str, Extraction]]) -> Resolution:
    """Join the names of all papers (pairs of paper id and extraction); the order of the papers does not matter."""
    found = sorted(extractions, key=lambda pair: pair[0])
    leads = _dominant_long_forms(found)
    shorts = _short_forms(leads)
    keys = {
        paper_id: [_cluster(entity, leads, shorts) for entity in extraction.entities] for paper_id, extraction in found
    }
    types: dict[Key, Counter[EntityType]] = defaultdict(Counter)
    names: dict[Key, Counter[str]] = defaultdict(Counter)
    surfaces: dict[Key, set[str]] = defaultdict(set)
    papers: dict[Key, set[str]] = defaultdict(set)
    for paper_id, extraction in found:
        for key, entity in zip(keys[paper_id], extraction.entities, strict=True):
            types[key][entity.type] += 1
            names[key][entity.name] += 1
            surfaces[key].update(entity.surfaces)
            papers[key].add(paper_id)
    ids: dict[Key, str] = {}
    things: dict[str, Thing] = {}
    # The thing that most papers name gets the plain id where two would have the same.
    for key in sorted(types, key=lambda k: (-len(papers[k]), k)):
        kind = max(ENTITY_TYPES, key=lambda t: types[key][t])
        name = min(names[key], key=lambda n: (-names[key][n], n))
        thing_id = f"{kind.lower()}:{slug(name)}"
        if thing_id in things:
            thing_id += f"-{digest('/'.join(key), 6)}"
        ids[key] = thing_id
        aliases = tuple(sorted(surfaces[key] - {name}))
        things[thing_id] = Thing(thing_id, kind, name, aliases, len(papers[key]))
    of_paper = {paper_id: tuple(ids[key] for key in paper_keys) for paper_id, paper_keys in keys.items()}
    return Resolution(tuple(things[thing_id] for thing_id in sorted(things)), of_paper)


def _forms(entity: Entity) -> tuple[str, str | None]:
    """Normalised (short form, long form) of an entity that has both, else (its key, None)."""
    normal = {surface: normalise(surface) for surface in entity.surfaces}
    distinct = set(normal.values())
    if len(distinct) < 2:
        return normalise(entity.name), None
    short = min(distinct, key=lambda key: (len(key), key))
    longer = {key for surface, key in normal.items() if key != short and " " in surface.strip()}
    return short, max(longer, key=lambda key: (len(key), key)) if longer else None


def _dominant_long_forms(found: list[tuple[str, Extraction]]) -> dict[Key, str]:
    """(group, short form) -> the long form that most papers give it."""
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    for _, extraction in found:
        for entity in extraction.entities:
            short, long = _forms(entity)
            if long:
                counts[_GROUP[entity.type], short][long] += 1
    return {key: min(longs, key=lambda long: (-longs[long], long)) for key, longs in counts.items()}


def _cluster(entity: Entity, leads: Mapping[Key, str], shorts: Mapping[Key, str]) -> Key:
    """Where an entity belongs: under its short form, unless it spells out another long form than most papers do."""
    group = _GROUP[entity.type]
    short, long = _forms(entity)
    if long is None:
        # A long form that stands alone joins the short form that it is the usual long form of.
        return group, shorts.get((group, short), short)
    return group, short if leads[group, short] == long else long


def _short_forms(leads: Mapping[Key, str]) -> dict[Key, str]:
    """(group, long form) -> the short form it is the usual long form of; the first by name where there are several."""
    shorts: dict[Key, str] = {}
    for (group, short), long in sorted(leads.items()):
        shorts.setdefault((group, long), short)
    return shorts
