"""Which nodes a picture holds: what is around a node, what a double click adds, the way between two nodes.

Every choice is by rank and then by id, so that the same question gives the same picture. Each has a limit; what was
left out is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kg.ask.backing import Backing
from kg.errors import UsageError
from kg.records import Node, Relationship
from kg.schema import NODE_BY_LABEL, RELATIONSHIPS, ROLE_RELATIONSHIPS, THING_LABELS

MOST = 2_000  # nodes of one picture
USUAL = 120  # nodes around a node, unless asked for more
STEP = 20  # neighbours that one double click adds
SURE = 0.7  # the confidence from which on a relationship is not called unsure; the page knows the same
_FRONTIER = 3_000  # nodes from which the search for a path goes on, at each step
_LONGEST = 8  # relationships of a path
_WAYS = 5  # paths of equal length that are shown
_ROLES = tuple(ROLE_RELATIONSHIPS.values())
# What a double click on a paper or a thing leaves aside, for it says little of what that is about.
_ASIDE = frozenset(("LISTS", "WROTE", "OF_MODEL", "ON_DATASET", "FOR_TASK", "IN_METRIC", "REPORTS"))
_RATED = frozenset(one.name for one in RELATIONSHIPS if "confidence" in dict(one.properties))
_ROLED = frozenset((*THING_LABELS, "Paper"))
_THINGS = "|".join(THING_LABELS)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way from a node to its neighbours: a relationship type, its direction, and what may stand at the other end."""

    type: str
    forward: bool
    labels: tuple[str, ...]


def kinds(label: str) -> list[Kind]:
    """The ways from a node of `label`, in the order of the schema."""
    found = []
    for relationship in RELATIONSHIPS:
        for forward in (True, False):
            ends = [pair if forward else pair[::-1] for pair in relationship.pairs]
            labels = tuple(end for start, end in ends if start == label)
            if labels:
                found.append(Kind(relationship.name, forward, labels))
    return found


def pattern(label: str, kind: Kind) -> str:
    """The pattern `(n)-[r]-(m)` of one way; all names in it are the schema's."""
    left, right = ("-", "->") if kind.forward else ("<-", "-")
    return f"(n:{label}){left}[r:{kind.type}]{right}(m:{'|'.join(kind.labels)})"


def neighbours(backing: Backing, key: str, label: str) -> list[tuple[Kind, list[str]]]:
    """The ids of all neighbours of a node by the way to them, each list in the order of `rank`, what is unsure last."""
    # One question for all ways in one direction to the same labels: each costs more than its rows.
    asked: dict[tuple[bool, tuple[str, ...], bool], list[str]] = {}
    for kind in kinds(label):
        asked.setdefault((kind.forward, kind.labels, kind.type in _RATED), []).append(kind.type)
    found: dict[tuple[str, bool], dict[str, bool]] = {}
    for (forward, labels, rated), types in asked.items():
        ways = pattern(label, Kind("|".join(types), forward, labels))
        sure = f"coalesce(r.confidence, 1.0) >= {SURE - 0.005}" if rated else "true"  # as rounded
        for type_, one, trusted in backing.read(
            f"MATCH {ways} WHERE n.id = $id RETURN DISTINCT type(r), m.id, {sure}", {"id": key}
        ):
            own = found.setdefault((type_, forward), {})
            own[one] = own.get(one, False) or trusted
    lists = []
    for kind in kinds(label):
        trust = found.get((kind.type, kind.forward), {})
        if ids := sorted(trust, key=lambda one: rank(backing, one)):
            lists.append((kind, [*filter(trust.get, ids), *(one for one in ids if not trust[one])]))
    return lists


def rank(backing: Backing, key: str) -> tuple[Any, ...]:
    """The order of a list of nodes: newest papers, then what more papers name, then by name and id."""
    entry = backing.index.get(key)
    if entry is None:
        return (0, 0, key, key)
    age = entry.day.toordinal() if entry.day and entry.label == "Paper" else 0
    return (-age, -entry.weight, entry.name, key)


def joined(backing: Backing, start: str, kind: Kind, label: str, others: Sequence[str]) -> list[Relationship]:
    """The relationships of one kind between a node and some of its neighbours."""
    own = [name for name, _ in next(one for one in RELATIONSHIPS if one.name == kind.type).properties]
    columns = "".join(f", r.`{name}` AS `{name}`" for name in own)
    query = f"MATCH {pattern(label, kind)} WHERE n.id = $id AND m.id IN $ids RETURN m.id AS other{columns}"
    found = []
    for other, *values in backing.read(query, {"id": start, "ids": list(others)}):
        source, target = (start, other) if kind.forward else (other, start)
        found.append(Relationship(kind.type, source, target, dict(zip(own, values, strict=True))))
    return sorted(found, key=lambda one: (one.start, one.end))


def between(backing: Backing, nodes: Sequence[Node]) -> list[Relationship]:
    """Every relationship that joins two of these nodes."""
    ids: dict[str, list[str]] = {}
    for node in nodes:
        ids.setdefault(node.label, []).append(node.id)
    known = {node.id for node in nodes}
    found: list[Relationship] = []
    for source, own, types, targets in _joins():
        if source not in ids or not any(label in ids for label in targets):
            continue
        # A paper has few relationships: what leads out of the picture is left out here, quicker than there. A feed
        # has many.
        few = " AND b.id IN $targets" if source == "Feed" else ""
        columns = "".join(f", r.`{name}` AS `{name}`" for name in own)
        query = (
            f"MATCH (a:{source})-[r:{'|'.join(types)}]->(b:{'|'.join(targets)}) WHERE a.id IN $sources{few} "
            f"RETURN a.id AS source, b.id AS target, type(r) AS kind{columns}"
        )
        given = {"sources": ids[source]} | (
            {"targets": [key for label in targets for key in ids.get(label, [])]} if few else {}
        )
        for start, end, type_, *values in backing.read(query, given):
            if end in known:
                found.append(Relationship(type_, start, end, dict(zip(own, values, strict=True))))
    return sorted(found, key=lambda one: (one.type, one.start, one.end))


def _joins() -> list[tuple[str, tuple[str, ...], list[str], list[str]]]:
    """Relationship types that one question can ask for: source label, properties, types, target labels."""
    joins: dict[tuple[str, tuple[str, ...]], tuple[list[str], list[str]]] = {}
    for relationship in RELATIONSHIPS:
        own = tuple(name for name, _ in relationship.properties)
        for source in dict.fromkeys(start for start, _ in relationship.pairs):
            types, targets = joins.setdefault((source, own), ([], []))
            types.append(relationship.name)
            targets += [end for start, end in relationship.pairs if start == source and end not in targets]
    return [(source, own, types, targets) for (source, own), (types, targets) in joins.items()]


def around(backing: Backing, key: str, most: int = USUAL) -> tuple[list[str], int]:
    """What to draw around a node, at most `most` nodes: its neighbours, and what goes with it.

    Around a thing: the things that its papers name with it more often than chance would have it, and the papers that
    name most of those. Around any other node: its neighbours, then what those share. Returns the ids, the node's own
    first, and how many neighbours there are in all.
    """
    node = backing.node(key)
    most = max(1, min(most, MOST))
    groups = neighbours(backing, key, node.label)
    total = len({one for _, ids in groups for one in ids})
    if node.label in THING_LABELS:
        return [key, *_around_thing(backing, key, node.label, groups, most - 1)], total
    near = [ids for kind, ids in groups if kind.type != "LISTS" or node.label == "Feed"]
    first = [key, *_in_turns(near, most - 1)]
    labels = _labels(backing, first[1:])
    wanted: Counter[str] = Counter()
    if papers := [one for one in first[1:] if labels.get(one) == "Paper"]:
        query = f"MATCH (p:Paper)-[r]->(m:{_THINGS}) WHERE p.id IN $ids RETURN m.id, count(*)"
        wanted.update(dict(map(tuple, backing.read(query, {"ids": papers}))))
    elif things := [one for one in first[1:] if labels.get(one) in THING_LABELS]:
        query = f"MATCH (p:Paper)-[r]->(m:{_THINGS}) WHERE m.id IN $ids RETURN p.id, count(*)"
        wanted.update(dict(map(tuple, backing.read(query, {"ids": things}))))
    known = set(first)
    # What only one of them shares says little.
    rest = [one for one in wanted if one not in known and wanted[one] > 1]
    rest.sort(key=lambda one: (-wanted[one], *rank(backing, one)))
    return [*first, *rest[: min(most // 3, most - len(first))]], total


def _around_thing(
    backing: Backing, key: str, label: str, groups: Sequence[tuple[Kind, list[str]]], most: int
) -> list[str]:
    """What goes with a thing, and the papers that say so."""
    close = [one for kind, ids in groups if kind.type == "VARIANT_OF" for one in ids][: most // 8]
    own = {one: kind.type for kind, ids in reversed(groups) if kind.type in _ROLES for one in ids}
    query = f"MATCH (n:{label})<-[r]-(p:Paper) WHERE n.id = $id MATCH (p)-[s]->(m:{_THINGS}) RETURN DISTINCT p.id, m.id"
    named: dict[str, set[str]] = {}
    for paper, other in backing.read(query, {"id": key}):
        if other != key:
            named.setdefault(paper, set()).add(other)
    count = Counter(other for others in named.values() for other in others)
    weight = {other: entry.weight if (entry := backing.index.get(other)) else 1 for other in count}
    # Named together often, and not only because it is named everywhere.
    score = {
        other: number * (number > 1 or len(named) < 5) / max(weight[other], number) ** 0.5
        for other, number in count.items()
    }
    order = sorted(score, key=lambda other: (-score[other], *rank(backing, other)))
    room = max(most - len(close), 0)
    things = [other for other in order if other not in close][: room - min(len(own), room * 2 // 5)]
    chosen = {*things, *close}

    def worth(paper: str) -> tuple[Any, ...]:
        return (own[paper] != "INTRODUCES", -len(named.get(paper, set()) & chosen), *rank(backing, paper))

    ranked = sorted(own, key=worth)
    papers: dict[str, None] = dict.fromkeys(ranked[: max(room // 10, 1)])
    # Each thing has a paper that joins it to the middle; then those that join the most.
    covered: set[str] = set().union(*(named.get(paper, set()) for paper in papers))
    for paper in ranked:
        if len(papers) >= room * 2 // 5:
            break
        if (named.get(paper, set()) & chosen) - covered:
            papers[paper] = None
            covered |= named.get(paper, set())
    papers.update(dict.fromkeys(ranked))
    shown = list(papers)[: max(room - len(things), 0)]
    joined_things = set().union(*(named.get(paper, set()) for paper in shown))
    return [*close, *(thing for thing in things if thing in joined_things), *shown]


def _in_turns(groups: Iterable[Sequence[str]], most: int) -> list[str]:
    """At most `most` of all groups, one of each in turn, so that a long group does not push out the others."""
    found: dict[str, None] = {}
    rows = [list(group) for group in groups]
    for place in range(max(map(len, rows), default=0)):
        for row in rows:
            if place < len(row) and len(found) < most:
                found[row[place]] = None
    return list(found)


def _labels(backing: Backing, keys: Iterable[str]) -> dict[str, str]:
    """The labels of the nodes that have a name to look for."""
    entries = (backing.index.get(key) for key in keys)
    return {entry.id: entry.label for entry in entries if entry}


def added(backing: Backing, key: str, known: Mapping[str, Any], type_: str, most: int) -> tuple[list[str], int]:
    """What a double click on a node adds to a picture that holds `known`: at most `most` ids, and how many there are.

    With `type_`, only those of one relationship type, or of one label.
    """
    node = backing.node(key)
    groups = [
        [one for one in ids if one not in known]
        for kind, ids in neighbours(backing, key, node.label)
        if type_ in (kind.type, *kind.labels) or (not type_ and (kind.type not in _ASIDE or node.label not in _ROLED))
    ]
    if type_ in NODE_BY_LABEL:
        labels = _labels(backing, [one for ids in groups for one in ids])
        groups = [[one for one in ids if labels.get(one, type_) == type_] for ids in groups]
    total = len({one for ids in groups for one in ids})
    return _in_turns(groups, most), total


def path(backing: Backing, start: str, end: str) -> list[list[str]]:
    """The shortest ways between two nodes, at most `_WAYS` of them, those through the rarest nodes first.

    Lists of ids from `start` to `end`; none where they are not joined within `_LONGEST` relationships.
    """
    labels = {node.id: node.label for node in (backing.node(start), backing.node(end))}
    if start == end:
        raise UsageError("a path needs two different nodes; pick another one")
    # Feeds join everything, and a common author says nothing of what two things have to do with each other.
    aside = {"LISTS"} if "Author" in labels.values() else {"LISTS", "WROTE"}
    parents: tuple[dict[str, list[str]], ...] = ({start: []}, {end: []})
    frontiers = [{start: labels[start]}, {end: labels[end]}]
    for _ in range(_LONGEST):
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        frontiers[side] = _grow(backing, frontiers[side], parents[side], aside)
        if not frontiers[side]:
            return []
        if meeting := [one for one in frontiers[side] if one in parents[1 - side]]:
            ways = [
                [*reversed(back), *ahead[1:]]
                for one in sorted(meeting, key=lambda one: _rarity(backing, [one]))[:50]
                for back in _walk(one, parents[0])
                for ahead in _walk(one, parents[1])
            ]
            shortest = min(map(len, ways))
            ways = [way for way in ways if len(way) == shortest]
            return sorted(ways, key=lambda way: (_rarity(backing, way), way))[:_WAYS]
    return []


def _rarity(backing: Backing, way: Sequence[str]) -> tuple[int, list[str]]:
    entries = (backing.index.get(key) for key in way)
    return sum(entry.weight for entry in entries if entry), list(way)


def _walk(key: str, parents: Mapping[str, list[str]]) -> list[list[str]]:
    """The ways from `key` back to where the search began, a few of them."""
    if not parents[key]:
        return [[key]]
    return [[key, *way] for parent in sorted(parents[key])[:_WAYS] for way in _walk(parent, parents)][: _WAYS * 2]


def _grow(
    backing: Backing, frontier: Mapping[str, str], parents: dict[str, list[str]], aside: Collection[str]
) -> dict[str, str]:
    """One step further from all nodes of `frontier`; the new ones get their parents. Returns id -> label."""
    ids: dict[str, list[str]] = {}
    for key in sorted(frontier, key=lambda one: _rarity(backing, [one]))[:_FRONTIER]:
        ids.setdefault(frontier[key], []).append(key)
    found: dict[str, str] = {}
    for label, keys in ids.items():
        for kind in kinds(label):
            if kind.type in aside:
                continue
            query = f"MATCH {pattern(label, kind)} WHERE n.id IN $ids RETURN DISTINCT n.id, m.id, head(labels(m))"
            for one, other, own in backing.read(query, {"ids": keys}):
                if other not in parents or other in found:
                    parents.setdefault(other, []).append(one)
                    found[other] = own
    return found


def along(ways: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The pairs of nodes that lie next to each other on a way."""
    return list(dict.fromkeys(pair for way in ways for pair in pairwise(way)))
