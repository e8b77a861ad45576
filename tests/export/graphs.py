"""A graph that holds every label, type and property of the schema, with texts that no reader likes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.schema import NODES, RELATIONSHIPS, PropertyType
from kg.stores.ladybug import LadybugStore

HOSTILE = (
    "=cmd|' /C calc'!A1 <script onerror=\"x\">&amp;</script> ]]> [[x|y]] `= 1` $=x$ {{t}} <% y %> \\ "
    "\x0b\x1b\x7f\ufffe a\tb\r\nc # ^ ~ @m \u2028 é 漢 😀"
)
LONG = "https://example.org/" + "a" * 400
# Differ only in their case, or in signs that no file name has; the last one is long.
PAGES = ("https://example.org/A", "https://example.org/a", "https://example.org/a?", LONG)


@dataclass
class Rows:
    """What a store loads."""

    nodes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    relationships: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)


def value(kind: PropertyType, number: int) -> Any:
    return {
        "STRING": f"{HOSTILE} {number}",
        "STRINGS": [f"+{HOSTILE}", "plain, too", ""],
        "INT": -7 - number,
        "DOUBLE": 0.1 + number,
        "DATE": datetime.date(2024, 2, 29),
        "BOOL": bool(number),
    }[kind]


def ids(label: str) -> list[str]:
    if label == "Paper":
        return ["arxiv:2401.00001", "doi:10.1234/a(b)<c>;d", "paper:0123456789ab"]
    if label == "Page":
        return list(PAGES)
    if label == "Repository":
        return ["github.com/a-b/c", "github.com/a/b-c"]
    return [f"{label.lower()}:one", f"{label.lower()}:two"]


def rows() -> Rows:
    made = Rows()
    for kind in NODES:
        made.nodes[kind.label] = []
        for number, key in enumerate(ids(kind.label)):
            own = {name: value(form, number) for name, form in kind.properties if name != "id"}
            # The last of each has nothing but its id and its name.
            if number and number == len(ids(kind.label)) - 1:
                own = {name: "Plain Name" if name in ("name", "title") else None for name in own}
            made.nodes[kind.label].append({"id": key, **own})
            if "withdrawn" in own:  # the claims of such papers are left out
                made.nodes[kind.label][-1]["withdrawn"] = False if number else None
    for relation in RELATIONSHIPS:
        for source, target in relation.pairs:
            own = {name: value(form, 1) for name, form in relation.properties}
            if "confidence" in own:
                own["confidence"] = 0.75
            ends = [(ids(source)[0], ids(target)[-1]), (ids(source)[-1], ids(target)[0])]
            facts = [{"from": start, "to": end, **own} for start, end in ends]
            if "confidence" in own:
                facts[1]["confidence"] = 0.25
            made.relationships[relation.name, source, target] = facts
    return made


def hostile_store(folder: Path) -> LadybugStore:
    store = LadybugStore(folder)
    store.replace(rows())
    return store


def sizes() -> tuple[int, int]:
    """How many nodes and relationships the graph has."""
    made = rows()
    return sum(map(len, made.nodes.values())), sum(map(len, made.relationships.values()))
