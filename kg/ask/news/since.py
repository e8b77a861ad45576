"""What is new in a graph since a day or a feed: papers, things, uses of data, and results that beat the best one known.

Asks any store in the Cypher that all of them have, and puts together here what that Cypher cannot.
"""

from __future__ import annotations

import datetime
import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.ask.news.records import NewPaper, News, NewThing, NewUse
from kg.ask.news.results import Ask, new_results
from kg.errors import UsageError
from kg.read.source import feed_name
from kg.schema import ROLE_RELATIONSHIPS
from kg.stores.base import Limits, Store

_ALL = Limits(seconds=600, rows=None)
_ROLE_ORDER = {name: place for place, name in enumerate(ROLE_RELATIONSHIPS.values())}
_THING = "Model|Method|Dataset|Benchmark|Task|Metric"
_DATA = "Dataset|Benchmark"
_LONG_AGO = datetime.date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class _Split:
    """Which papers are new and which were known, as conditions in Cypher on a paper `p`, with their parameters."""

    new: str
    known: str
    parameters: Mapping[str, Any]


def news_since(store: Store, since: str) -> News:
    """What is new since a day, from which on papers are published, or since a feed, whose papers were known.

    A feed is given by its name or by the file it was read from, and the papers of feeds that are dated no later were
    known as well. Papers without a date are not new since any day. Raises `UsageError` for what is neither.
    """
    feeds = _feeds(store)
    if since not in feeds and feed_name(since) in feeds:
        since = feed_name(since)
    if since in feeds:
        known = [name for name, day in feeds.items() if name == since or _no_later(day, feeds[since])]
        listed = _listed("known")
        return _news(store, _Split(f"NOT {listed}", listed, {"known": known}))
    try:
        day = datetime.date.fromisoformat(since)
    except ValueError:
        raise _no_feed(since, feeds, "a day such as 2025-03-14, or a feed of the graph") from None
    date = f"coalesce(p.published, date('{_LONG_AGO.isoformat()}'))"
    return _news(store, _Split(f"{date} >= $day", f"{date} < $day", {"day": day}))


def news_of(store: Store, feed: str) -> News:
    """What the feed called `feed` brought: against the papers of all feeds but those that are dated later.

    Raises `UsageError` where there is no such feed.
    """
    feeds = _feeds(store)
    feed = feed if feed in feeds else feed_name(feed)
    if feed not in feeds:
        raise _no_feed(feed, feeds, "a feed of the graph")
    known = [name for name, day in feeds.items() if name != feed and not _no_later(feeds[feed], day)]
    new = f"{_listed('feed')} AND NOT {_listed('known')}"
    return _news(store, _Split(new, _listed("known"), {"feed": [feed], "known": known}))


def _listed(parameter: str) -> str:
    return f"EXISTS {{ MATCH (f:Feed)-[:LISTS]->(p) WHERE f.id IN ${parameter} }}"


def _feeds(store: Store) -> dict[str, datetime.date | None]:
    return dict(store.read("MATCH (f:Feed) RETURN f.id, f.published ORDER BY f.id", limits=_ALL).rows)


def _no_later(day: datetime.date | None, other: datetime.date | None) -> bool:
    return day is not None and other is not None and day <= other


def _no_feed(name: str, feeds: Iterable[str], wanted: str) -> UsageError:
    near = difflib.get_close_matches(name, list(feeds), 3, 0.4) or list(feeds)[-3:]
    return UsageError(f"{name!r} is not {wanted}; there are feeds such as: {', '.join(near) or 'none'}")


def _news(store: Store, split: _Split) -> News:
    def ask(cypher: str) -> tuple[tuple[Any, ...], ...]:
        filled = cypher.replace("NEW", split.new).replace("KNOWN", split.known)
        # A store refuses a parameter that the statement does not have.
        own = {name: value for name, value in split.parameters.items() if f"${name}" in filled}
        return store.read(filled, own, _ALL).rows

    return News(_papers(ask), _things(ask), _uses(ask), new_results(ask))


def _papers(ask: Ask) -> tuple[NewPaper, ...]:
    rows = ask("MATCH (p:Paper) WHERE NEW RETURN p.title, p.published, p.id")
    papers = [NewPaper(*row) for row in rows]
    return tuple(sorted(papers, key=lambda p: (-(p.published or _LONG_AGO).toordinal(), p.id)))


def _things(ask: Ask) -> tuple[NewThing, ...]:
    known = {thing for (thing,) in ask(
        f"MATCH (p:Paper)-[]->(n:{_THING}) WHERE NEW WITH DISTINCT n MATCH (p:Paper)-[]->(n) WHERE KNOWN "
        "RETURN DISTINCT n.id"
    )}  # fmt: skip
    naming: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    of: dict[str, tuple[str, str]] = {}
    rows = ask(
        f"MATCH (p:Paper)-[r]->(n:{_THING}) WHERE NEW RETURN n.id, n.name, head(labels(n)), type(r), p.title, p.id"
    )
    for thing, name, label, role, title, paper in rows:
        if thing not in known:
            of[thing] = (name, label)
            naming[thing].append((_ROLE_ORDER[role], paper, role, title))
    things = []
    for thing, papers in naming.items():
        _, _, role, title = min(papers)
        things.append(NewThing(*of[thing], len(papers), role, title, thing))
    return tuple(sorted(things, key=lambda t: (_ROLE_ORDER[t.role], -t.papers, t.id)))


def _uses(ask: Ask) -> tuple[NewUse, ...]:
    heads = _families(ask("MATCH (m:Model)-[:VARIANT_OF]->(n:Model) RETURN m.id, n.id"))

    def family(model: str) -> str:
        return heads.get(model, model)

    # By the roles of a paper's names, and by its numbers.
    ways = (
        "MATCH (p:Paper)-[:TRAINS_ON|EVALUATES_ON]->(d) MATCH (p)-[:INTRODUCES|USES]->(m:Model)",
        "MATCH (x:Result)-[:ON_DATASET]->(d) MATCH (x)-[:OF_MODEL]->(m:Model) MATCH (p:Paper)-[:REPORTS]->(x)",
    )
    fresh: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    known: set[tuple[str, str]] = set()
    for way in ways:
        typed = way.replace("->(d)", f"->(d:{_DATA})", 1)
        for model, name, data, data_name, paper, title in ask(
            f"{typed} WHERE NEW RETURN m.id, m.name, d.id, d.name, p.id, p.title"
        ):
            pair, use = (family(model), data), (paper, name, data_name, title)
            fresh[pair] = min(fresh.get(pair, use), use)
        known |= {(family(model), data) for model, data in ask(
            f"{typed} WHERE NEW WITH DISTINCT d {way} WHERE KNOWN RETURN DISTINCT m.id, d.id"
        )}  # fmt: skip
    old = {
        heads.get(model, model) for (model,) in ask("MATCH (p:Paper)-[]->(m:Model) WHERE KNOWN RETURN DISTINCT m.id")
    }
    names: dict[str, str] = dict(ask("MATCH (m:Model) RETURN m.id, m.name")) if fresh else {}
    uses = [
        NewUse(names[pair[0]], model, data, title, *pair)
        for pair, (_, model, data, title) in fresh.items()
        if pair not in known and pair[0] in old
    ]
    return tuple(sorted(uses, key=lambda use: (use.family_id, use.data_id)))


def _families(variants: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """Model -> the head of its family, over any number of steps; a circle ends where it is entered."""
    above: dict[str, str] = dict(sorted(variants, reverse=True))
    heads: dict[str, str] = {}
    for model in above:
        head, seen = model, {model}
        while head in above and above[head] not in seen:
            head = above[head]
            seen.add(head)
        heads[model] = head
    return heads
