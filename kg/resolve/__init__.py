"""Step 3: names become things, one node each. Pure: the same papers in any order give the same nodes and ids."""

from kg.resolve.names import resolve_names
from kg.resolve.normalise import normalise
from kg.resolve.papers import join_papers

__all__ = ["join_papers", "normalise", "resolve_names"]
