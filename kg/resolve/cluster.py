"""Units that are one thing, joined by union and find; what may not be joined is never joined, by any chain."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from kg.resolve.decide import Edge, Unit
from kg.resolve.score import THRESHOLDS, Reason, total


class Clusters:
    """The joined units. Edges are tried in the order given, so the strongest come first."""

    def __init__(self, edges: Iterable[Edge], apart: Iterable[tuple[Unit, Unit]]) -> None:
        self._parent: dict[Unit, Unit] = {}
        self._enemies: dict[Unit, set[Unit]] = defaultdict(set)
        self._members: dict[Unit, set[Unit]] = {}
        for one, other in apart:
            self._enemies[one].add(other)
            self._enemies[other].add(one)
        self._joined: dict[Unit, list[tuple[Unit, tuple[Reason, ...]]]] = defaultdict(list)
        self._refused: dict[Unit, list[tuple[Unit, tuple[Reason, ...]]]] = defaultdict(list)
        for one, other, reasons in edges:
            held = one == other or (total(reasons) >= THRESHOLDS.join and self._join(one, other))
            record = self._joined if held else self._refused
            record[one].append((other, reasons))
            record[other].append((one, reasons))

    def root(self, unit: Unit) -> Unit:
        """The unit that stands for the cluster of `unit`."""
        root = unit
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(unit, unit)) != root:
            self._parent[unit] = root
            unit = parent
        return root

    def known(self) -> dict[Unit, str]:
        """Root -> the first by name of the known things in its cluster, where there is one and it was joined to."""
        known: dict[Unit, str] = {}
        for unit in sorted({*self._parent, *self._parent.values()}):
            if unit[0] == "known":
                known.setdefault(self.root(unit), unit[1])
        return known

    def path(self, one: Unit, other: Unit) -> list[Reason]:
        """The reasons on the shortest chain from `one` to `other`; empty where they are not joined."""
        before: dict[Unit, tuple[Unit, tuple[Reason, ...]]] = {}
        queue, seen = deque([one]), {one}
        while queue and other not in seen:
            unit = queue.popleft()
            for neighbour, reasons in self._joined.get(unit, ()):
                if neighbour not in seen:
                    seen.add(neighbour)
                    before[neighbour] = (unit, reasons)
                    queue.append(neighbour)
        chain: list[Reason] = []
        while other in before:
            other, reasons = before[other]
            chain[:0] = reasons
        return chain

    def refusals(self, one: Unit, other: Unit) -> list[Reason]:
        """What spoke for and against joining the clusters of the two, where it was not enough."""
        first, second = self.root(one), self.root(other)
        return [
            r
            for unit in sorted(self._refused)
            if self.root(unit) == first
            for neighbour, reasons in self._refused[unit]
            if self.root(neighbour) == second
            for r in reasons
        ]

    def _join(self, one: Unit, other: Unit) -> bool:
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        # Only clusters that hold a name from the curation file can be kept apart.
        mine, theirs = self._named_apart(first), self._named_apart(second)
        if any(self._enemies[unit] & theirs for unit in mine):
            return False
        self._parent[second] = first
        if mine or theirs:
            self._members[first] = mine | theirs
        return True

    def _named_apart(self, root: Unit) -> set[Unit]:
        return self._members.get(root) or ({root} if root in self._enemies else set())
