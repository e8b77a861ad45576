"""Step 3: names become things, one node each. Pure: the same papers in any order give the same nodes and ids."""

from kg.resolve.curation import Curation, read_curation
from kg.resolve.names import resolve_names
from kg.resolve.normalise import normalise
from kg.resolve.papers import SecondText, join_papers
from kg.resolve.review import Doubt, review
from kg.resolve.why import Explanation, why

__all__ = [
    "Curation",
    "Doubt",
    "Explanation",
    "SecondText",
    "join_papers",
    "normalise",
    "read_curation",
    "resolve_names",
    "review",
    "why",
]
