"""A small graph of what seldom comes: nulls all over, loops, edges in both directions, values like key words."""

from __future__ import annotations

import datetime
from typing import Any

from kg.schema import NODES, RELATIONSHIPS
from kg.tables import GraphRows

_NAMES = (
    "end",
    "null",
    "",
    " ",
    "CLIP",
    "clip",
    "it's",
    "a\\b",
    "`x`",
    "true",
    "3",
    "1.0",
    "$x",
    "%",
    "Straße",
    "a,b,,c",
)
_DAY = datetime.date(2024, 2, 29)


def odd_graph() -> GraphRows:
    """The graph's rows, sorted by key."""
    nodes: dict[str, list[dict[str, Any]]] = {node.label: [] for node in NODES}
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = {
        (kind.name, source, target): [] for kind in RELATIONSHIPS for source, target in kind.pairs
    }

    def edge(kind: str, source: str, one: str, target: str, other: str, **own: Any) -> None:
        declared = dict(next(k for k in RELATIONSHIPS if k.name == kind).properties)
        edges[kind, source, target].append({"from": one, "to": other, **dict.fromkeys(declared), **own})

    for number, name in enumerate(_NAMES):
        papers, day = (
            (None, None) if number % 3 == 0 else (number % 4, _DAY if number % 2 else datetime.date(1999, 12, 31))
        )
        aliases: list[str] | None = [None, [], [name], [name, "end", name], ["a", ""]][number % 5]  # type: ignore[list-item]
        own = {"name": name if number % 7 else None, "aliases": aliases, "papers": papers, "first_seen": day}
        nodes["Model"].append({"id": f"model:{number}", **own})
        for label in ("Method", "Dataset", "Benchmark", "Task", "Metric")[: number % 6]:
            nodes[label].append({"id": f"{label.lower()}:{number}", **own})
    for number in range(8):
        nodes["Paper"].append(
            {
                "id": f"paper:{number}",
                "name": _NAMES[number],
                "title": _NAMES[number] if number % 4 else None,
                "abstract": None if number % 2 else f"set {number}; order by end // no comment",
                "published": (None, _DAY, datetime.date(2023, 1, 1), datetime.date(1970, 1, 1))[number % 4],
                "url": "" if number % 2 else None,
                "source": ("test", None, "order")[number % 3],
            }
        )
        nodes["Author"].append({"id": f"author:{number}", "name": None if number == 3 else _NAMES[-number - 1]})
        value = (None, 0.0, -2.5, 2.5, 70.0, 1e6, 0.1, 3.0)[number]
        nodes["Result"].append(
            {"id": f"r:{number}", "name": str(value), "value": value, "unit": ("%", "", None)[number % 3], "text": None}
        )
    nodes["Feed"] += [{"id": "f:1", "name": "order", "published": None}, {"id": "f:2", "name": None, "published": _DAY}]
    nodes["Page"] += [
        {"id": "page:1", "name": "x", "kind": None, "url": None},
        {"id": "page:2", "name": None, "kind": "group", "url": "''"},
    ]
    nodes["Repository"] += [{"id": "repo:1", "name": "a/b", "host": None, "owner": "end", "url": ""}]

    # Loops, both directions, a triangle.
    for one, other in ((0, 0), (1, 2), (2, 1), (2, 3), (3, 4), (4, 2), (4, 4), (5, 6), (6, 7), (7, 8), (9, 9)):
        edge("VARIANT_OF", "Model", f"model:{one}", "Model", f"model:{other}", reason=None if one % 2 else "end")
    for number in range(8):
        edge("WROTE", "Author", f"author:{number}", "Paper", f"paper:{number % 3}", rank=number % 2 or None)
        edge("WROTE", "Author", f"author:{number}", "Paper", f"paper:{(number + 1) % 3}", rank=1)
        fact = {
            "surfaces": [_NAMES[number], "end"] if number % 2 else None,
            "evidence": _NAMES[number],
            "start": number or None,
            "end": number + 4,
            "mentions": number % 3,
            "confidence": (0.5, None, 1.0)[number % 3],
        }
        # Relationships of several types between the same two nodes.
        edge("USES", "Paper", f"paper:{number}", "Model", f"model:{number % 5}", **fact)
        edge("MENTIONS", "Paper", f"paper:{number}", "Model", f"model:{number % 5}", **fact)
        edge("USES", "Paper", f"paper:{number}", "Model", f"model:{number % 5 + 5}")
        edge(
            "INTRODUCES",
            "Paper",
            f"paper:{number}",
            "Method",
            nodes["Method"][number % len(nodes["Method"])]["id"],
            **fact,
        )
        edge("EVALUATES_ON", "Paper", f"paper:{number}", "Dataset", nodes["Dataset"][number % 3]["id"], **fact)
        edge("EVALUATES_ON", "Paper", f"paper:{number}", "Benchmark", nodes["Benchmark"][number % 2]["id"])
        edge("REPORTS", "Paper", f"paper:{number % 4}", "Result", f"r:{number}", evidence=None, confidence=0.5)
        if number % 2:
            edge("OF_MODEL", "Result", f"r:{number}", "Model", f"model:{number}")
        edge("ON_DATASET", "Result", f"r:{number}", "Dataset", nodes["Dataset"][number % 2]["id"])
        if number != 6:
            edge("LISTS", "Feed", f"f:{number % 2 + 1}", "Paper", f"paper:{number}", rank=number)
    edge("HAS_CODE", "Paper", "paper:1", "Repository", "repo:1", start=0, end=0)
    edge("LINKS_TO", "Paper", "paper:1", "Page", "page:1")
    edge("LINKS_TO", "Paper", "paper:2", "Page", "page:2", evidence="")
    return GraphRows(
        {label: sorted(rows, key=lambda row: row["id"]) for label, rows in nodes.items()},
        {kind: sorted(rows, key=lambda row: (row["from"], row["to"])) for kind, rows in edges.items()},
    )
