"""Step 3: names become things, one node each. Pure: the same papers in any order give the same nodes and ids."""

from kg.resolve.names import Resolution, Thing, resolve_names
from kg.resolve.normalise import normalise, slug
from kg.resolve.papers import Listing, join_papers

__all__ = ["Listing", "Resolution", "Thing", "join_papers", "normalise", "resolve_names", "slug"]
