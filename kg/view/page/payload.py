"""The data of a page: plain JSON made of nodes and relationships, and the one place that escapes it.

Text from a feed is hostile. It goes into the page as data only: `make_payload` takes out what is not text (control
characters, marks that turn the direction of reading) and every address that is not http or https, and `embed` makes
JSON that cannot end the element it stands in. The page's scripts set it as text, never as markup.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kg.ask.words import (
    NAME_LENGTH,
    PHRASES,
    SHAPES,
    clean,
    mark,
    marked_at,
    plain,
    safe_url,
    spellings,
)
from kg.records import Node, Relationship
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS
from kg.view.page.layout import Point, growth, positions, radius

_CAPTION_LENGTH = 34
FORMAT = 1
DRAWN = 3_000  # a canvas stays quick to move with this many nodes; the others are drawn when asked for
LISTED = 20_000  # a page of more nodes takes long to open; what goes over this is counted and left out
CROWDED_FEED = 20  # a feed that lists more papers than this hides the graph behind its lines: off until asked for
OTHER = "Other"

_FITTING: Mapping[str, type | tuple[type, ...]] = {"STRINGS": list, "INT": int, "DOUBLE": (int, float)}


def make_payload(
    nodes: Sequence[Node],
    relationships: Sequence[Relationship],
    *,
    title: str,
    places: Mapping[str, Point] | None = None,
    abstracts: bool = True,
) -> dict[str, Any]:
    """The data of a page that shows these nodes and the relationships between them, in an order of its own.

    Without `places` every node gets one here. `abstracts` are left out where the page asks for them when it wants one.

    `nodes` hold `x` and `y` where they are drawn at first: all of them, or the best-connected `DRAWN`. Past `LISTED`
    nodes the rest is left out. `counts` says how many of each there were, so that the page can say so too. Offsets in
    the result count UTF-16 units, as JavaScript does.
    """
    known: dict[str, Node] = {}
    for node in nodes:
        known.setdefault(node.id, node)
    whole = [r for r in relationships if r.start in known and r.end in known]
    degree: Counter[str] = Counter(end for r in whole for end in (r.start, r.end))
    ranked = sorted(known.values(), key=lambda node: (-degree[node.id], node.id))
    listed = {node.id: node for node in ranked[:LISTED]}
    drawn = ranked[:DRAWN]
    kept = [r for r in whole if r.start in listed and r.end in listed]
    if places is None:
        places = positions(drawn, kept)
    growing = growth(drawn)
    shown = _types(listed.values(), degree)
    return {
        "format": FORMAT,
        "title": clean(title, NAME_LENGTH),
        "counts": {
            "nodes": len(known),
            "relationships": len(whole),
            "listed_nodes": len(listed),
            "listed_relationships": len(kept),
            "drawn_nodes": len(drawn),
            "drawn_relationships": sum(r.start in places and r.end in places for r in kept),
            "loose_relationships": len(relationships) - len(whole),
        },
        "types": shown,
        "relationship_types": _relationship_types(kept),
        "nodes": [
            _node(listed[key], radius(listed[key], degree[key], growing), places.get(key), abstracts)
            for key in _in_order(listed)
        ],
        "edges": _edges(kept, listed),
    }


def embed(payload: Mapping[str, Any]) -> str:
    """The payload as JSON in ASCII that is safe inside `<script type="application/json">`.

    Without `<`, `>` and `&` no text can close the element or open a comment or another one; U+2028 and U+2029, line
    ends to some parsers, leave as escapes with everything else that is not ASCII.
    """
    text = json.dumps(payload, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _in_order(listed: Mapping[str, Node]) -> list[str]:
    """The ids by type, in the schema's order, then by id."""
    order = {label: number for number, label in enumerate(NODE_BY_LABEL)}
    return sorted(listed, key=lambda key: (order.get(listed[key].label, len(order)), key))


def _label(node: Node) -> str:
    """A label the schema has: labels become names of colours and groups in the page, so no other text may be one."""
    return node.label if node.label in NODE_BY_LABEL else OTHER


def _types(nodes: Collection[Node], degree: Mapping[str, int]) -> list[dict[str, Any]]:
    """The legend: each type there is, what it means, how many there are and whether it is shown at first."""
    count = Counter(_label(node) for node in nodes)
    crowded = any(node.label == "Feed" and degree[node.id] > CROWDED_FEED for node in nodes)
    about = {kind.label: kind.about for kind in NODES} | {OTHER: "a type this version does not know"}
    return [
        {
            "name": name,
            "about": text,
            "count": count[name],
            "shape": SHAPES.get(name, "dot"),
            "shown": not (name == "Feed" and crowded),
        }
        for name, text in about.items()
        if count[name]
    ]


def _relationship_types(relationships: Sequence[Relationship]) -> list[dict[str, Any]]:
    """Each relationship type there is, with how it reads from both ends."""
    count = Counter(relationship.type for relationship in relationships)
    known = [kind.name for kind in RELATIONSHIPS]
    about = {kind.name: kind.about for kind in RELATIONSHIPS}
    entries = []
    for name in [*known, *sorted(set(count) - set(known))]:
        if count[name]:
            forward, backward = PHRASES.get(name, (clean(name, 60), f"{clean(name, 60)} (to this)"))
            entry = {
                "name": name,
                "about": about.get(name, ""),
                "forward": forward,
                "backward": backward,
                "count": count[name],
            }
            entries.append({**entry, "count": count[name]})
    return entries


def _node(node: Node, size: float, place: Point | None, abstract: bool) -> dict[str, Any]:
    """One node as the page reads it."""
    named = (clean(str(node.properties.get(key) or ""), NAME_LENGTH).strip() for key in ("name", "title", "id"))
    name = next((text for text in named if text), "(no name)")
    entry: dict[str, Any] = {
        "id": node.id,
        "label": _label(node),
        "name": name,
        "caption": _caption(name, node.label),
        "size": size,
        "properties": _properties(node, name),
    }
    if not abstract:
        entry["properties"].pop("abstract", None)
    if place:
        entry["x"], entry["y"] = place
    return entry


def _caption(name: str, label: str) -> str:
    """A few words to stand beside the node; a paper's title up to its colon, where that is short."""
    line = " ".join(name.split())
    head = line.split(":", 1)[0]
    if label == "Paper" and 1 < len(head) <= _CAPTION_LENGTH:
        return head
    if len(line) <= _CAPTION_LENGTH:
        return line
    cut = line[: _CAPTION_LENGTH - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > _CAPTION_LENGTH // 2 else cut).rstrip(" ,;:-") + "…"


def _properties(node: Node, name: str) -> dict[str, Any]:
    """The properties worth showing, cleaned: those of the schema without the key, the name and what is empty."""
    kind = NODE_BY_LABEL.get(node.label)
    found: dict[str, Any] = {}
    for key, type_ in kind.properties if kind else ():
        value = safe_url(node.properties.get(key)) if key == "url" else plain(node.properties.get(key))
        if key == "aliases" and isinstance(value, list):
            value = spellings(value)
        # The page counts with numbers and walks through lists: a value of another type would stop it.
        if not isinstance(value, _FITTING.get(type_, str)):
            continue
        if key in ("id", "name") or value in ("", []) or (key == "title" and value == name):
            continue
        found[key] = value
    return found


def _edges(relationships: Sequence[Relationship], nodes: Mapping[str, Node]) -> list[dict[str, Any]]:
    """The relationships as the page reads them, by start, end and type."""
    texts: dict[str, str] = {}
    for key, node in nodes.items():
        if node.label == "Paper":
            title = node.properties.get("title") or node.properties.get("name") or ""
            texts[key] = f"{title}\n{node.properties.get('abstract') or ''}"
    edges = [_edge(relationship, texts.get(relationship.start)) for relationship in relationships]
    return sorted(edges, key=lambda edge: (edge["from"], edge["to"], edge["type"], json.dumps(edge, sort_keys=True)))


def _edge(relationship: Relationship, text: str | None) -> dict[str, Any]:
    """One relationship, with the mention's place in its evidence where it is known; what is empty is left out."""
    facts = relationship.properties
    edge: dict[str, Any] = {"from": relationship.start, "to": relationship.end, "type": relationship.type}
    surfaces = [str(surface) for surface in facts.get("surfaces") or [] if surface]
    evidence = str(facts.get("evidence") or "")
    if evidence:
        place = mark(evidence, facts.get("start"), facts.get("end"), text, surfaces)
        edge.update(marked_at(evidence, place))
    if surfaces:
        edge["surfaces"] = [clean(surface, NAME_LENGTH) for surface in surfaces[:50]]
    confidence = plain(facts.get("confidence"))
    if isinstance(confidence, (int, float)):
        edge["confidence"] = round(float(confidence), 2)
    if facts.get("reason"):
        edge["note"] = clean(str(facts["reason"]), NAME_LENGTH)
    elif isinstance(facts.get("rank"), int):
        edge["note"] = f"number {facts['rank']} in the list" if relationship.type == "LISTS" else ""
    return {key: value for key, value in edge.items() if value != ""}
