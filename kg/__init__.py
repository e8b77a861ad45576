"""A knowledge graph of machine-learning papers, from a feed of titles and abstracts.

    import kg

    g = kg.build("feed.jsonl", "g")                       # or kg.open("g"), kg.open("neo4j://host")
    rows = g.query("models/used-with", name="CLIP")
    rows = g.cypher("MATCH (p:Paper)-[:USES]->(m:Model {name: $m}) RETURN p.title AS title", m="CLIP")
    net = g.around("CLIP").to_networkx()
    e = kg.extract("a title", "an abstract")               # one text, without a graph

`Graph` is the one door to a graph. What it gives are `Rows` and the nouns of `kg.records`; what goes wrong is a
`KgError`. Everything is loaded when it is first used, so that `import kg` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.answers import Rows
    from kg.errors import ExtractionError, KgError, QueryError, SourceError, StoreError, UsageError
    from kg.extraction.text import extract, nlp
    from kg.graph import Graph, queries
    from kg.graph import build_graph as build
    from kg.graph import open_graph as open  # noqa: A004 - `kg.open`, as for files
    from kg.records import Entity, Extraction, Link, Mention, Paper, ResultClaim

__all__ = [
    "Entity",
    "Extraction",
    "ExtractionError",
    "Graph",
    "KgError",
    "Link",
    "Mention",
    "Paper",
    "QueryError",
    "ResultClaim",
    "Rows",
    "SourceError",
    "StoreError",
    "UsageError",
    "__version__",
    "build",
    "extract",
    "nlp",
    "open",
    "queries",
]

__version__ = "0.2.0.dev0"

# Name -> module, and its name there. Loaded late (PEP 562): extractors import `kg.records`, so that an import of the
# pipeline here would be circular, and `kg --help` should not wait for spaCy.
_LATE = {
    **dict.fromkeys(("Entity", "Extraction", "Link", "Mention", "Paper", "ResultClaim"), ("kg.records", "")),
    **dict.fromkeys(
        ("ExtractionError", "KgError", "QueryError", "SourceError", "StoreError", "UsageError"), ("kg.errors", "")
    ),
    "Rows": ("kg.answers", ""),
    "Graph": ("kg.graph", ""),
    "queries": ("kg.graph", ""),
    "build": ("kg.graph", "build_graph"),
    "open": ("kg.graph", "open_graph"),
    "extract": ("kg.extraction.text", ""),
    "nlp": ("kg.extraction.text", ""),
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, there = _LATE[name]
    found = globals()[name] = getattr(importlib.import_module(module), there or name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
