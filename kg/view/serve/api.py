"""What the explorer's page asks for, as functions from the parameters of an address to JSON. All of it only reads."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import QueryParams

from kg.ask import around as expand
from kg.ask.backing import Backing
from kg.ask.cells import drawn, named, table
from kg.ask.named import find_query, run_query
from kg.ask.overview import summary
from kg.ask.profile import boards, profile
from kg.ask.search import Entry
from kg.ask.words import clean
from kg.cypher import check, from_schema, refuse_unportable
from kg.errors import UsageError
from kg.records import Node, Relationship
from kg.stores import Limits, Rows
from kg.view.page.layout import Point, beside, growth, in_columns, positions, radius
from kg.view.page.payload import embed, make_payload
from kg.view.page.picture import network

Answer = dict[str, Any]
SECONDS, MOST_SECONDS, ROWS, MOST_ROWS = 10.0, 60.0, 500, 5_000
MOST_STEPS = 60
MOST_NESTED = 30  # of a parameter
FIRST = 12  # neighbours of each kind that the panel gets at once
_PLACE = re.compile(r"query, line (\d+):(\d+): |\(line: (\d+), offset: (\d+)\)|\(line (\d+), column (\d+) ")


def api_summary(backing: Backing, given: QueryParams) -> Answer:  # noqa: ARG001 - all answers are called alike
    """The first screen."""
    return summary(backing)


def api_search(backing: Backing, given: QueryParams) -> Answer:
    """Nodes by name: `q`, at most `most` of them, only `label` where given."""
    found, total = backing.index.search(given.get("q", ""), _number(given, "most", 12, 1, 200), given.getlist("label"))
    return {"found": [named(entry) | _alias(backing, entry, given.get("q", "")) for entry in found], "total": total}


def _alias(backing: Backing, entry: Entry, text: str) -> dict[str, str]:
    """Which of its names brought an entry here, where it is not the one it goes by."""
    return {name: clean(alias, 300) for name, alias in backing.index.alias(entry, text).items()}


def api_node(backing: Backing, given: QueryParams) -> Answer:
    """A node with its neighbours: the first of each kind, or with `kind` (`TYPE>` or `<TYPE`) `most` from `skip`."""
    node = backing.node(_needed(given, "id"))
    wanted = given.get("kind", "")
    most, skip = _number(given, "most", FIRST, 1, 200), _number(given, "skip", 0, 0, 10**6)
    nodes, relationships, totals = [node], [], {}
    for kind, ids in expand.neighbours(backing, node.id, node.label):
        name = f"{kind.type}>" if kind.forward else f"<{kind.type}"
        totals[name] = len(ids)
        if wanted not in ("", name):
            continue
        some = ids[skip : skip + most]
        nodes += backing.nodes(some)
        relationships += expand.joined(backing, node.id, kind, node.label, some)
    payload = make_payload(nodes, relationships, title=str(node.properties.get("name") or ""), places={})
    for one in payload["nodes"]:
        if one["id"] != node.id:
            one["properties"].pop("abstract", None)
    return {**payload, "id": node.id, "totals": totals}


def api_profile(backing: Backing, given: QueryParams) -> Answer:
    """The profile of a thing."""
    return profile(backing, _needed(given, "id"))


def api_boards(backing: Backing, given: QueryParams) -> Answer:  # noqa: ARG001
    """Where there are numbers to compare."""
    return {"boards": boards(backing, 200)}


def api_graph(backing: Backing, given: QueryParams) -> Answer:
    """A picture: where it starts (`around`, `path` and `to`, `ids`, `query`, `cypher`), then each step of `add`.

    A step is `id`, `id|TYPE` or `id|TYPE|most`. What was drawn keeps its place when a step adds to it.
    """
    ids, about = _start(backing, given)
    nodes = backing.nodes(ids[: expand.MOST])
    if not nodes:
        raise UsageError("nothing to draw: the answer holds no nodes; return nodes, relationships, or ids")
    about["nodes"] = len(set(ids))
    known = {node.id: node for node in nodes}
    relationships = expand.between(backing, nodes)
    places = in_columns(about["ways"]) if "ways" in about else dict(positions(nodes, relationships))
    about["steps"] = []
    for step in given.getlist("add")[:MOST_STEPS]:
        key, type_, most = (*step.split("|"), "", "")[:3]
        room = min(int(most) if re.fullmatch(r"[0-9]{1,9}", most) else expand.STEP, expand.MOST - len(known))
        chosen, total = expand.added(backing, key, known, type_, room)
        about["steps"].append({"id": key, "type": type_, "added": len(chosen), "left": total - len(chosen)})
        if key not in known:
            chosen = [key, *chosen]
        fresh = [node for node in backing.nodes(chosen) if node.id not in known]
        known.update((node.id, node) for node in fresh)
        relationships = expand.between(backing, list(known.values())) if fresh else relationships
        places.update(_beside(places, known, relationships, key, fresh))
    return {**_picture(list(known.values()), relationships, places, about["title"]), "about": about}


def _beside(
    places: Mapping[str, Point],
    known: Mapping[str, Node],
    relationships: list[Relationship],
    key: str,
    fresh: list[Node],
) -> dict[str, Point]:
    degree = dict.fromkeys(known, 0)
    for one in relationships:
        degree[one.start] += 1
        degree[one.end] += 1
    growing = growth(known.values())
    radii = {one: radius(node, degree[one], growing) for one, node in known.items()}
    return beside(places, radii, key, [node.id for node in fresh])


def _picture(
    nodes: list[Node], relationships: list[Relationship], places: Mapping[str, Point], title: str
) -> dict[str, Any]:
    payload = make_payload(nodes, relationships, title=title, places=places, abstracts=False)
    return {"facts": payload, "picture": network(payload)}


def _start(backing: Backing, given: QueryParams) -> tuple[list[str], Answer]:
    """The ids a picture starts with, and what to say of it."""
    if key := given.get("around"):
        ids, total = expand.around(backing, key, _number(given, "most", expand.USUAL, 1, expand.MOST))
        entry = backing.index.get(key)
        return ids, {"title": f"Around {clean(entry.name if entry else key, 200)}", "neighbours": total, "centre": key}
    if key := given.get("path"):
        ways = expand.path(backing, key, _needed(given, "to"))
        if not ways:
            raise UsageError("no path joins the two within eight relationships; pick another pair")
        ids = list(dict.fromkeys(one for way in ways for one in way))
        names = [clean(entry.name, 80) if (entry := backing.index.get(one)) else one for one in (key, given["to"])]
        return ids, {"title": f"From {names[0]} to {names[1]}", "ways": ways}
    if ids := given.getlist("ids"):
        return ids[: expand.MOST], {"title": "Selection"}
    answer, title = _rows(backing, given)
    return drawn(answer, backing.index), {"title": title, "cut": answer.cut}


def api_ask(backing: Backing, given: QueryParams) -> Answer:
    """The answer of a named query (`query`, `p.NAME`) or of a statement (`cypher`) as a table.

    `drawn` says how many nodes a picture of it would have.
    """
    began = time.perf_counter()
    answer, title = _rows(backing, given)
    ids = drawn(answer, backing.index)
    known = len(backing.nodes(ids[: expand.MOST])) if ids else 0
    taken = round(time.perf_counter() - began, 3)
    return {**table(answer, backing.index), "title": title, "seconds": taken, "drawn": known, "limits": _limits(given)}


def _limits(given: QueryParams) -> dict[str, float]:
    return {
        "seconds": float(_number(given, "seconds", int(SECONDS), 1, int(MOST_SECONDS))),
        "rows": _number(given, "rows", ROWS, 1, MOST_ROWS),
    }


def _rows(backing: Backing, given: QueryParams) -> tuple[Rows, str]:
    limits = Limits(_limits(given)["seconds"], int(_limits(given)["rows"]))
    values = {name[2:]: value for name, value in given.items() if name.startswith("p.")}
    if name := given.get("query"):
        query = find_query(name)
        with backing.store() as store:
            return run_query(store, query, {key: value for key, value in values.items() if value}, limits), query.title
    text = _needed(given, "cypher")
    parameters = {key: _value(value) for key, value in values.items()}
    known = from_schema(text) if backing.capabilities.embedded else None
    if known is not None:
        return known, clean(" ".join(text.split()), 120)
    statement = check(text, parameters)
    if backing.capabilities.embedded:
        refuse_unportable(statement, parameters)
    line = " ".join(text.split())
    return backing.ask(statement, parameters, limits), clean(line, 120)


def _value(text: str) -> object:
    """A parameter as `kg cypher --param` reads it: JSON, or else text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    except RecursionError:
        raise UsageError(f"a parameter is nested more than {MOST_NESTED} deep; write it flatter") from None
    if not _shallow(value, MOST_NESTED):
        raise UsageError(f"a parameter is nested more than {MOST_NESTED} deep; write it flatter")
    return value


def _shallow(value: object, depth: int) -> bool:
    """Whether lists and maps in `value` are nested at most `depth` deep."""
    level = [value]
    for _ in range(depth + 1):
        level = [
            inner
            for one in level
            if isinstance(one, list | dict)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return True
    return False


def place_of(message: str) -> dict[str, int]:
    """The line and column, from 1, that an error message about a statement names; empty where it names none."""
    found = _PLACE.search(message)
    if not found:
        return {}
    numbers = [int(number) for number in found.groups() if number]
    return {"line": numbers[0], "column": numbers[1] + (1 if found.group(4) else 0)}


def _needed(given: QueryParams, name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise UsageError(f"the address lacks {name}=…; start from the first page")
    return value


def _number(given: QueryParams, name: str, usual: int, least: int, most: int) -> int:
    """A whole number between two limits; what is none counts as the usual one."""
    text = given.get(name, "")
    return min(max(int(text), least), most) if re.fullmatch(r"[0-9]{1,9}", text) else usual


ANSWERS: Mapping[str, Callable[[Backing, QueryParams], Answer]] = {
    "summary": api_summary,
    "search": api_search,
    "node": api_node,
    "profile": api_profile,
    "boards": api_boards,
    "graph": api_graph,
    "ask": api_ask,
}
# Worked out once for a graph, and kept: what many look at, or what takes long.
_KEEP = frozenset(("summary", "profile", "boards", "graph", "node"))


def answer(backing: Backing, name: str, given: QueryParams) -> str:
    """The answer `name` to the parameters `given`, as JSON. Raises `KgError`."""
    backing.refresh()
    if name not in _KEEP or "cypher" in given:
        return embed(ANSWERS[name](backing, given))
    return backing.kept.get(f"{name}?{given}", lambda: embed(ANSWERS[name](backing, given)))
