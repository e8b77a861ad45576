"""The guard of a user's own Cypher: read-only by its tokens, whatever engine runs it."""

from kg.cypher.lacks import missing_construct
from kg.cypher.tokens import tokenize
from kg.cypher.walk import check

__all__ = ["check", "missing_construct", "tokenize"]
