"""What a store is: a Protocol, what it can do as data, and the form in which it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kg.answers import Rows as Rows

# Called while a graph is loaded: rows written so far, rows in all.
LoadProgress = Callable[[int, int], None]
TOO_MUCH_MEMORY = "stopped at its memory limit; ask for less, or for less at once"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What differs between stores and other modules may ask about."""

    name: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost: seconds until it is stopped, and rows returned (`None`: all)."""

    seconds: float = 30.0
    rows: int | None = 1000


class GraphRowsLike(Protocol):
    """The rows a store loads: see `kg.tables.GraphRows`."""

    nodes: dict[str, list[dict[str, Any]]]
    relationships: dict[tuple[str, str, str], list[dict[str, Any]]]


class Store(Protocol):
    """A graph that can be replaced as a whole and read with Cypher."""

    capabilities: Capabilities

    def exists(self) -> bool:
        """Whether there is a graph to read."""

    def replace(self, rows: GraphRowsLike, progress: LoadProgress | None = None) -> None:
        """Make the graph hold exactly `rows`; lone surrogates, which are no text, become U+FFFD.

        Readers of an embedded store see the old graph until the new one is complete; those of a server see it change.
        Raises `StoreError`; doing it again then makes the graph whole.
        """

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = ...) -> Rows:
        """Run one read-only statement. Raises `QueryError` where the store refuses it or a limit is passed."""

    def answer(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = ...) -> Rows:
        """Run one statement that a user wrote, which means what openCypher says, in this process."""

    def ask(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = ...) -> Rows:
        """Like `read`, for what a user wrote: in a process that is stopped at its limits whatever it does."""

    def close(self) -> None:
        """Let go of files and connections; closing twice is fine."""


def storable(value: Any) -> Any:
    """`value` with U+FFFD for each lone surrogate in its strings, at any depth: no store can hold those."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {name: storable(item) for name, item in value.items()}
    return value
