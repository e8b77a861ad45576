"""Cypher that users write: read-only by its tokens, and what openCypher says by its tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.cypher.catalog import from_schema
from kg.cypher.lacks import missing_construct
from kg.cypher.tokens import tokenize
from kg.cypher.walk import check
from kg.errors import KgError, unexpected

__all__ = ["check", "explain", "from_schema", "missing_construct", "refuse_unportable", "tokenize"]


def refuse_unportable(statement: str, parameters: Mapping[str, Any]) -> None:
    """Raise `QueryError` where the tree of a statement shows that it cannot be answered, before a process starts."""
    explain(statement, parameters)


def explain(statement: str, parameters: Mapping[str, Any]) -> list[str]:
    """What is sent to the engine for a statement, a line each, and what is done here."""
    from kg.cypher.run import Runner

    try:
        return Runner(statement, parameters, _nothing).plan()
    except KgError:
        raise
    except Exception as error:
        raise unexpected(error) from None


def _nothing(statement: str, parameters: Mapping[str, Any]) -> Iterator[list[list[Any]]]:  # noqa: ARG001 - a `Fetch`
    return iter(())
