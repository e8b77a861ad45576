"""Types of things that other installed packages add, found by their entry points; no code of theirs runs here.

A package names its types in the group `paper_kg.types` (the name of each entry point is the label of a node) and brings
a spaCy component that finds them in spaCy's own group `spacy_factories`. See `docs/extending.md`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.metadata import Distribution, entry_points
from importlib.util import find_spec

from kg.records import ENTITY_TYPES

GROUP = "paper_kg.types"
_FACTORIES = "spacy_factories"
# Labels become part of statements, so they are held to letters and digits.
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]{0,39}")
# Names of the schema, in capitals: the embedded engine tells tables apart in no other way.
_TAKEN = frozenset(
    name.upper()
    for name in (
        *ENTITY_TYPES,
        *("Paper", "Repository", "Page", "Result", "Feed", "Author"),
        *("INTRODUCES", "TRAINS_ON", "EVALUATES_ON", "COMPARES_TO", "USES", "MENTIONS", "HAS_CODE", "LINKS_TO"),
        *("REPORTS", "OF_MODEL", "ON_DATASET", "FOR_TASK", "IN_METRIC", "VARIANT_OF", "BASED_ON", "LISTS", "WROTE"),
    )
)
# Words that the embedded engine or Neo4j reads as a part of the statement where a label stands.
_RESERVED_WORDS = """
ACYCLIC ALL AND ANY ASC ASCENDING CASE CAST COLUMN COMMIT_SKIP_CHECKPOINT CREATE DBTYPE DEFAULT DESC DESCENDING
DISTINCT ELSE END ENDS EXISTS FALSE FOR GLOB GROUP HEADERS HINT IN INDEX INSTALL JOIN MACRO NONE NOT NULL ON ONLY
OPTIONAL OPTIONS OR ORDER PRIMARY PROFILE ROLLBACK_SKIP_CHECKPOINT SHORTEST SINGLE SORTED STARTS TABLE THEN TRAIL
TRUE UNION UNWIND WHEN WHERE WITH WSHORTEST XOR
ADD CALL CONSTRAINT CONTAINS DELETE DETACH DO DROP FOREACH IS LIMIT LOAD MANDATORY MATCH MERGE OF REMOVE REQUIRE
RETURN SCALAR SET SKIP UNIQUE USE YIELD
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one package adds: its labels, its spaCy components, and labels that cannot be had, all sorted."""

    package: str
    version: str
    labels: tuple[str, ...]
    components: tuple[str, ...]
    refused: tuple[str, ...]

    def missing(self) -> str:
        """Which module of its components is not there, as the rest of a sentence; "" where all are."""
        for point in entry_points(group=_FACTORIES):
            if point.dist is not None and point.dist.name == self.package:
                try:
                    there = find_spec(point.module) is not None
                except (ImportError, ValueError):
                    there = False
                if not there:
                    return f"the module {point.module} is missing"
        return ""


def is_sound(label: str) -> bool:
    """Whether both stores can have a type called `label`, written without back-ticks."""
    return bool(_LABEL.fullmatch(label)) and label.upper() not in _TAKEN and label.upper() not in _RESERVED


@functools.cache
def installed() -> tuple[Plugin, ...]:
    """The installed plug-ins, by name of their package."""
    packages: dict[str, Distribution] = {}
    for point in entry_points(group=GROUP):
        if point.dist is not None:
            packages[point.dist.name] = point.dist
    found = []
    for name, package in sorted(packages.items()):
        labels = sorted({point.name for point in package.entry_points.select(group=GROUP)})
        sound = tuple(label for label in labels if is_sound(label))
        components = tuple(sorted({point.name for point in package.entry_points.select(group=_FACTORIES)}))
        found.append(
            Plugin(name, package.version, sound, components, tuple(label for label in labels if label not in sound))
        )
    return tuple(found)
