"""The data of a page: plain JSON made of nodes and relationships, and the one place that escapes it.

Text from a feed is hostile. It goes into the page as data only: `make_payload` takes out what is not text (control
characters, marks that turn the direction of reading) and every address that is not http or https, and `embed` makes
JSON that cannot end the element it stands in. The page's scripts set it as text, never as markup.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from kg.records import Node, Relationship
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS, THING_LABELS
from kg.view.layout import Point, growth, positions, radius

FORMAT = 1
DRAWN = 3_000  # a canvas stays quick to move with this many nodes; the others are drawn when asked for
LISTED = 20_000  # a page of more nodes takes long to open; what goes over this is counted and left out
CROWDED_FEED = 20  # a feed that lists more papers than this hides the graph behind its lines: off until asked for
OTHER = "Other"

# What a type is drawn as, beside its colour (which the style sheet gives): the eye needs more than colour.
SHAPES: Mapping[str, str] = {
    "Paper": "square",
    "Repository": "triangle",
    "Page": "triangle",
    "Result": "diamond",
    "Feed": "hexagon",
    "Author": "hexagon",
}

# How a relationship reads from its start and from its end: the headings of a node's neighbours.
PHRASES: Mapping[str, tuple[str, str]] = {
    "INTRODUCES": ("Introduces", "Introduced in"),
    "TRAINS_ON": ("Trains on", "Used for training in"),
    "EVALUATES_ON": ("Evaluates on", "Used for evaluation in"),
    "COMPARES_TO": ("Compares to", "Baseline in"),
    "USES": ("Uses", "Used in"),
    "MENTIONS": ("Mentions", "Mentioned in"),
    "HAS_CODE": ("Has code at", "Code of"),
    "LINKS_TO": ("Links to", "Linked from"),
    "REPORTS": ("Reports", "Reported by"),
    "OF_MODEL": ("Is a result of", "Its results"),
    "ON_DATASET": ("Was measured on", "Results measured on it"),
    "FOR_TASK": ("Was measured for", "Results measured for it"),
    "IN_METRIC": ("Is given in", "Results given in it"),
    "VARIANT_OF": ("Is a variant of", "Its variants"),
    "LISTS": ("Lists", "Listed in"),
    "WROTE": ("Wrote", "Written by"),
}

_FITTING: Mapping[str, type | tuple[type, ...]] = {"STRINGS": list, "INT": int, "DOUBLE": (int, float)}
_NAME_LENGTH, _CAPTION_LENGTH, _TEXT_LENGTH, _EVIDENCE_LENGTH = 300, 34, 20_000, 2_000
# Control characters but tab and line feed, and the marks that turn the direction of the text around them.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS_NOISE = re.compile(r"[\s\\<>\"'`\x00-\x1f\x7f]")


_FORMER_ID = re.compile(rf"(?:{'|'.join(label.lower() for label in THING_LABELS)}):[a-z0-9.\-]+")


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
        "title": clean(title, _NAME_LENGTH),
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


def clean(text: str, length: int = _TEXT_LENGTH) -> str:
    """`text` without what is not text, cut at `length` characters with an ellipsis that shows the cut."""
    text = _NOT_TEXT.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    text = _SURROGATE.sub("\ufffd", text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def safe_url(url: object) -> str:
    """`url` if a click on it can only open a web page, else the empty string."""
    if not isinstance(url, str) or len(url) > _EVIDENCE_LENGTH or _ADDRESS_NOISE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return clean(url) if parts.scheme in ("http", "https") and parts.hostname else ""


def mark(
    evidence: str, start: object, end: object, text: str | None, surfaces: Sequence[str]
) -> tuple[int, int] | None:
    """Where in `evidence` the mention stands, in characters; None where it cannot be found.

    `start` and `end` count into the paper's `text`, and so does the sentence: its place there gives the offset. Without
    the paper, or where the offsets do not fit, the first of `surfaces` found in the sentence is taken, longest first.
    """
    wanted = [surface for surface in surfaces if surface]
    if text is not None and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text):
        # A sentence can stand twice in a text: the mention lies in one of its places only.
        place = text.find(evidence, max(0, end - len(evidence)))
        if evidence and 0 <= place <= start:
            return start - place, end - place
        wanted.insert(0, text[start:end])
        return _search(evidence, wanted[:1]) or _search(evidence, wanted[1:])
    return _search(evidence, wanted)


def _search(evidence: str, wanted: Sequence[str]) -> tuple[int, int] | None:
    """The first place of the longest wanted string in `evidence`: as a whole word if possible, in any case at last."""
    longest = sorted(wanted, key=lambda surface: (-len(surface), surface))
    for pattern, flags in ((r"(?<!\w){}(?!\w)", 0), ("{}", 0), ("{}", re.IGNORECASE)):
        for surface in longest:
            found = re.search(pattern.format(re.escape(surface)), evidence, flags)
            if found:
                return found.span()
    return None


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
    named = (clean(str(node.properties.get(key) or ""), _NAME_LENGTH).strip() for key in ("name", "title", "id"))
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


def spellings(aliases: Sequence[Any]) -> list[Any]:
    """The aliases without the ids that the thing had before: those are for queries, not for readers."""
    return [alias for alias in aliases if not _FORMER_ID.fullmatch(str(alias))]


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


def plain(value: object) -> Any:
    """A value JSON has: dates as ISO text, text cleaned, numbers that are none as None."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value if item is not None]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return clean(str(value))


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
        edge.update(_marked(evidence, place))
    if surfaces:
        edge["surfaces"] = [clean(surface, _NAME_LENGTH) for surface in surfaces[:50]]
    confidence = plain(facts.get("confidence"))
    if isinstance(confidence, (int, float)):
        edge["confidence"] = round(float(confidence), 2)
    if facts.get("reason"):
        edge["note"] = clean(str(facts["reason"]), _NAME_LENGTH)
    elif isinstance(facts.get("rank"), int):
        edge["note"] = f"number {facts['rank']} in the list" if relationship.type == "LISTS" else ""
    return {key: value for key, value in edge.items() if value != ""}


def _marked(evidence: str, place: tuple[int, int] | None) -> dict[str, Any]:
    """The cleaned sentence with the offsets of the mention in it; a very long one is cut around the mention."""
    if place is None:
        return {"evidence": clean(evidence, _EVIDENCE_LENGTH)}
    before, mention, after = evidence[: place[0]], evidence[place[0] : place[1]], evidence[place[1] :]
    before, mention, after = clean(before, len(before)), clean(mention, _NAME_LENGTH), clean(after, len(after))
    half = _EVIDENCE_LENGTH // 2
    if len(before) > half:
        before = "…" + before[-half:]
    if len(after) > half:
        after = after[:half] + "…"
    start = _units(before)
    return {"evidence": before + mention + after, "start": start, "end": start + _units(mention)}


def marked(evidence: str, surfaces: Sequence[str]) -> dict[str, Any]:
    """A sentence with the place of the mention in it, found by the strings that name the thing there."""
    return _marked(evidence, mark(evidence, None, None, None, surfaces))


def _units(text: str) -> int:
    """The length of `text` as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2
