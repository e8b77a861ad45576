"""Types of things that other installed packages add, found by their entry points; no code of theirs runs here.

A package names its types in the group `paper_kg.types` (the name of each entry point is the label of a node) and brings
a spaCy component that finds them in spaCy's own group `spacy_factories`. See `docs/extending.md`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.metadata import Distribution, entry_points

from kg.records import ENTITY_TYPES

GROUP = "paper_kg.types"
_FACTORIES = "spacy_factories"
# Labels become part of statements, so they are held to letters and digits.
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]{0,39}")
_TAKEN = frozenset((*ENTITY_TYPES, "Paper", "Repository", "Page", "Result", "Feed", "Author"))


@dataclass(frozen=True, slots=True)
class Plugin:
    """What one package adds: its labels, its spaCy components, and labels that cannot be had, all sorted."""

    package: str
    version: str
    labels: tuple[str, ...]
    components: tuple[str, ...]
    refused: tuple[str, ...]


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
        sound = tuple(label for label in labels if _LABEL.fullmatch(label) and label not in _TAKEN)
        components = tuple(sorted({point.name for point in package.entry_points.select(group=_FACTORIES)}))
        found.append(
            Plugin(name, package.version, sound, components, tuple(label for label in labels if label not in sound))
        )
    return tuple(found)
