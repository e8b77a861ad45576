"""From a name as a person types it to one node; what shares the name is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.ask.search import Entry, Index
from kg.errors import UsageError

_NEAR = 3  # suggestions where nothing has the name


@dataclass(frozen=True, slots=True)
class Called:
    """The node meant by a name, and the others that have the name too (most papers first)."""

    entry: Entry
    others: tuple[Entry, ...] = ()

    @property
    def note(self) -> str:
        """One sentence about what else has the name; empty where nothing has."""
        if not self.others:
            return ""
        ids = ", ".join(entry.id for entry in self.others[:_NEAR])
        more = " and more" if len(self.others) > _NEAR else ""
        return (
            f"{len(self.others) + 1} things are called {self.entry.name}; this is {self.entry.id}. "
            f"Give an id to choose another: {ids}{more}"
        )


def called(index: Index, name: str) -> Called:
    """The node that `name` means: by id, else by name or alias in any case; of several, the one most papers name.

    Raises `UsageError` with the nearest names where nothing has this name.
    """
    found = index.fitting(name)
    if not found:
        raise UsageError(not_called(name, [entry.name for entry in index.search(name, _NEAR)[0]]))
    same = [entry for entry in found[1:] if entry.label == "Paper" or _goes_by(entry, name)]
    return Called(found[0], tuple(same))


def not_called(name: str, near: Sequence[str]) -> str:
    """What to say where nothing has the name `name`."""
    hint = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else "; `kg query` lists what can be asked"
    return f"nothing in the graph is called {name[:200]!r}{hint}"


def _goes_by(entry: Entry, name: str) -> bool:
    return entry.name.casefold() == name.strip().casefold()
