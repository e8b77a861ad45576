"""What the papers call a thing, counted in order of paper id so that more papers seldom change the answer.

An id is made of type and name; if each new paper could tip a majority, ids would change with every feed. So what was
called first is held until another has more than twice its votes: papers read later (arXiv ids grow with time) change
an id only where they speak clearly, and each id that a thing had on the way is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kg.records import EntityType, slug
from kg.resolve.decide import Unit

_OVERRULED = 2


@dataclass(slots=True)
class Votes:
    """What a unit, or a cluster of units, is called; `first` is the paper that names it first.

    `called` has the types and names that it had with the papers up to one of them, or would have with one paper alone.
    """

    first: str
    type: EntityType
    name: str
    papers: int = 0
    types: Counter[EntityType] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    called: set[tuple[EntityType, str]] = field(default_factory=set)
    _last: str = ""

    def add(self, paper: str, kind: EntityType, name: str) -> None:
        """A mention; those of one paper come one after the other, and papers in order of id."""
        self.papers += paper != self._last
        self._last = paper
        self.types[kind] += 1
        self.names[name] += 1
        if self.types[kind] > _OVERRULED * self.types[self.type]:
            self.type = kind
        if self.names[name] > _OVERRULED * self.names[self.name]:
            self.name = name
        self.called.add((kind, name))
        self.called.add((self.type, self.name))


@dataclass(slots=True)
class Cluster:
    """A thing to be: its votes, those of each of its units, and every spelling."""

    votes: Votes
    units: dict[Unit, Votes] = field(default_factory=dict)
    surfaces: set[str] = field(default_factory=set)

    def former_ids(self, *, listed: bool) -> set[str]:
        """The ids that it may have had with fewer papers, and its units each alone.

        Where the shipped table names it (`listed`), votes never did.
        """
        alone = [votes.called for unit, votes in self.units.items() if unit[0] != "known"]
        called = set().union(*alone) if listed else self.votes.called.union(*alone)
        return {plain_id(kind, name) for kind, name in called}


def plain_id(kind: EntityType, name: str) -> str:
    """The id of a thing: its label, and the slug of its name."""
    return f"{kind.lower()}:{slug(name)}"
