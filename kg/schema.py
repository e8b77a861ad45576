"""The graph's schema as data: one table that loading, documentation, the query guard and the tests read.

A property type is one of STRING, STRINGS (list of strings), INT, DOUBLE, BOOL, DATE; every property but `id` may be
null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.plugins import installed
from kg.records import ENTITY_TYPES, Role

PropertyType = Literal["STRING", "STRINGS", "INT", "DOUBLE", "BOOL", "DATE"]


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node label with its properties; `id` is the key of each."""

    label: str
    about: str
    properties: tuple[tuple[str, PropertyType], ...]


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A relationship type with the pairs of labels it may join, and its properties."""

    name: str
    about: str
    pairs: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, PropertyType], ...] = ()


_NAMED: tuple[tuple[str, PropertyType], ...] = (
    ("id", "STRING"),
    ("name", "STRING"),
    ("aliases", "STRINGS"),
    ("papers", "INT"),
    ("first_seen", "DATE"),
)

_ABOUT_ENTITY = {
    "Model": "a named model, model family, checkpoint or network architecture",
    "Method": "a named technique, algorithm, objective, framework or module",
    "Dataset": "a named collection of data",
    "Benchmark": "a named evaluation suite, leaderboard, challenge or test set",
    "Task": "a named task",
    "Metric": "a named measure of quality or cost",
}

# The things papers name: those of the tagger, and those that installed packages add.
_ADDED = {label: plugin.package for plugin in installed() for label in plugin.labels}
THING_LABELS: tuple[str, ...] = (*ENTITY_TYPES, *sorted(_ADDED))

NODES: tuple[NodeType, ...] = (
    NodeType(
        "Paper",
        "a paper, with its title and abstract",
        (
            ("id", "STRING"),
            ("name", "STRING"),
            ("title", "STRING"),
            ("abstract", "STRING"),
            ("published", "DATE"),
            ("url", "STRING"),
            ("source", "STRING"),
            ("withdrawn", "BOOL"),
        ),
    ),
    *(NodeType(label, _ABOUT_ENTITY[label], _NAMED) for label in ENTITY_TYPES),
    *(NodeType(label, f"a thing that {package} finds", _NAMED) for label, package in sorted(_ADDED.items())),
    NodeType(
        "Repository",
        "a code repository",
        (("id", "STRING"), ("name", "STRING"), ("host", "STRING"), ("owner", "STRING"), ("url", "STRING")),
    ),
    NodeType(
        "Page",
        "any other page a paper links to",
        (("id", "STRING"), ("name", "STRING"), ("kind", "STRING"), ("url", "STRING")),
    ),
    NodeType(
        "Result",
        "a reported number",
        (
            ("id", "STRING"),
            ("name", "STRING"),
            ("value", "DOUBLE"),
            ("unit", "STRING"),
            ("text", "STRING"),
            ("whose", "STRING"),
            ("setting", "STRING"),
            ("elsewhere", "STRING"),
            ("confidence", "DOUBLE"),
        ),
    ),
    NodeType("Feed", "a list of papers that was read", (("id", "STRING"), ("name", "STRING"), ("published", "DATE"))),
    NodeType("Author", "an author, where the source gives authors", (("id", "STRING"), ("name", "STRING"))),
)

ROLE_RELATIONSHIPS: dict[Role, str] = {
    "introduces": "INTRODUCES",
    "trains_on": "TRAINS_ON",
    "evaluates_on": "EVALUATES_ON",
    "compares_to": "COMPARES_TO",
    "uses": "USES",
    "mentions": "MENTIONS",
}

_ABOUT_ROLE: dict[Role, str] = {
    "introduces": "the paper proposes, builds or releases it",
    "trains_on": "a dataset that the paper's model is trained or tuned on",
    "evaluates_on": "the paper reports or runs experiments on it",
    "compares_to": "the paper's own is compared with it",
    "uses": "the paper builds on, extends, applies or studies it",
    "mentions": "anything else",
}

_FACT: tuple[tuple[str, PropertyType], ...] = (
    ("surfaces", "STRINGS"),
    ("evidence", "STRING"),
    ("start", "INT"),
    ("end", "INT"),
    ("mentions", "INT"),
    ("confidence", "DOUBLE"),
    ("extractor", "STRING"),
)
_PLACE: tuple[tuple[str, PropertyType], ...] = (("evidence", "STRING"), ("start", "INT"), ("end", "INT"))

RELATIONSHIPS: tuple[RelationshipType, ...] = (
    *(
        RelationshipType(name, _ABOUT_ROLE[role], tuple(("Paper", label) for label in THING_LABELS), _FACT)
        for role, name in ROLE_RELATIONSHIPS.items()
    ),
    RelationshipType("HAS_CODE", "the paper links to its code", (("Paper", "Repository"),), _PLACE),
    RelationshipType("LINKS_TO", "the paper links to a page", (("Paper", "Page"),), _PLACE),
    RelationshipType(
        "REPORTS", "the paper reports a number", (("Paper", "Result"),), (*_PLACE, ("confidence", "DOUBLE"))
    ),
    RelationshipType("OF_MODEL", "whose number it is", (("Result", "Model"), ("Result", "Method"))),
    RelationshipType("ON_DATASET", "what it was measured on", (("Result", "Dataset"), ("Result", "Benchmark"))),
    RelationshipType("FOR_TASK", "the task it was measured for", (("Result", "Task"),)),
    RelationshipType("IN_METRIC", "the measure it is given in", (("Result", "Metric"),)),
    RelationshipType("VARIANT_OF", "a version or size of a family", (("Model", "Model"),), (("reason", "STRING"),)),
    RelationshipType(
        "BASED_ON",
        "what a paper introduces, on what it says it fine-tunes, extends or builds on",
        tuple((one, other) for one in ("Model", "Method") for other in ("Model", "Method")),
        (("paper", "STRING"), *_PLACE, ("confidence", "DOUBLE")),
    ),
    RelationshipType("LISTS", "the feed lists the paper", (("Feed", "Paper"),), (("rank", "INT"),)),
    RelationshipType("WROTE", "the author wrote the paper", (("Author", "Paper"),), (("rank", "INT"),)),
)

NODE_BY_LABEL = {node.label: node for node in NODES}
RELATIONSHIP_BY_NAME = {relationship.name: relationship for relationship in RELATIONSHIPS}
