"""The first screen: what is in this graph, what is named most, what the last feed brought, and what can be asked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kg.ask.around import SURE
from kg.ask.backing import Backing
from kg.ask.cells import named
from kg.ask.named import named_queries
from kg.ask.profile import boards
from kg.ask.search import Entry
from kg.ask.words import SHAPES, clean
from kg.schema import NODES, RELATIONSHIPS

TOP = ("Model", "Dataset", "Benchmark", "Method", "Task", "Metric")
_MOST, _ROWS = 8, 11  # the cards of the second row are as long as the newest papers there
_NEW = "Model|Method|Dataset|Benchmark"
_AT_ONCE = 50


def summary(backing: Backing) -> dict[str, Any]:
    """What the first screen shows, in lists short enough to read."""
    index = backing.index
    nodes = [
        {
            "name": kind.label,
            "about": kind.about,
            "shape": SHAPES.get(kind.label, "dot"),
            "count": backing.read(f"MATCH (n:{kind.label}) RETURN count(*)")[0][0],
        }
        for kind in NODES
    ]
    relationships = sum(
        backing.read(f"MATCH (a:{source})-[r:{kind.name}]->(b) RETURN count(*)")[0][0]
        for kind in RELATIONSHIPS
        for source in dict.fromkeys(source for source, _ in kind.pairs)
    )
    listed = feeds(backing)
    years = Counter(entry.day.year for entry in index.entries if entry.label == "Paper" and entry.day)
    every = range(min(years), max(years) + 1) if years else range(0)
    return {
        "types": [one for one in nodes if one["count"]],
        "relationships": relationships,
        "feeds": listed,
        "new": new_in_feed(backing, listed[0]["id"]) if listed else [],
        "top": [
            {"label": label, "nodes": [named(entry) for entry in top]}
            for label in TOP
            if (top := index.top(label, _MOST))
        ],
        "boards": boards(backing, _ROWS),
        "newest": [named(entry) for entry in index.top("Paper", _MOST) if entry.day],
        "years": [{"year": year, "papers": years[year]} for year in every],
        "queries": queries(),
    }


def feeds(backing: Backing) -> list[dict[str, Any]]:
    """The feeds, the newest first, with how many papers each lists."""
    rows = dict(map(tuple, backing.read("MATCH (f:Feed)-[:LISTS]->(p:Paper) RETURN f.id, count(*)")))
    entries = [entry for entry in backing.index.entries if entry.label == "Feed"]
    entries.sort(key=_feed_order, reverse=True)
    return [{**named(entry), "lists": rows.get(entry.id, 0)} for entry in entries[:5]]


def _feed_order(entry: Entry) -> tuple[str, str]:
    return (entry.day.isoformat() if entry.day else "", entry.id)


def new_in_feed(backing: Backing, feed: str) -> list[dict[str, Any]]:
    """What a paper of a feed surely introduces and no paper known before names, the most named first.

    Known before are papers that another feed lists, or none. What several papers introduce is rarely new: they mean
    their version of it.
    """
    rows = backing.read(
        f"MATCH (f:Feed)-[:LISTS]->(p:Paper) WHERE f.id = $id MATCH (p)-[r:INTRODUCES]->(n:{_NEW}) "
        "RETURN n.id, p.published, r.confidence",
        {"id": feed},
    )
    papers = Counter(key for key, _, _ in rows)
    found = {
        entry
        for key, day, confidence in rows
        if papers[key] == 1 and (confidence is None or confidence >= SURE)
        if (entry := backing.index.get(key)) and (not day or not entry.day or entry.day >= day)
    }
    entries = sorted(found, key=lambda entry: (-entry.weight, entry.name, entry.id))
    shown: list[Entry] = []
    while entries and len(shown) < _ROWS:
        some, entries = entries[:_AT_ONCE], entries[_AT_ONCE:]
        naming = backing.read(
            f"MATCH (n:{_NEW})<-[r]-(p:Paper) WHERE n.id IN $ids OPTIONAL MATCH (f:Feed)-[:LISTS]->(p) "
            "RETURN DISTINCT n.id, f.id",
            {"ids": [one.id for one in some]},
        )
        known = {key for key, source in naming if source != feed}
        shown += [one for one in some if one.id not in known]
    return [named(entry) for entry in shown[:_ROWS]]


def queries() -> list[dict[str, Any]]:
    """The named queries as cards: what each answers and what it wants to know."""
    return [
        {
            "name": query.name,
            "theme": query.name.partition("/")[0],
            "title": clean(query.title, 200),
            "about": clean(query.about, 500),
            "cypher": query.cypher,
            "parameters": [
                {
                    "name": parameter.name,
                    "type": parameter.type,
                    "default": "" if parameter.default is None else str(parameter.default),
                    "about": clean(parameter.about, 300),
                }
                for parameter in query.parameters
            ],
        }
        for query in named_queries().values()
    ]
