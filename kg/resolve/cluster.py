"""Units that are one thing, joined by union and find; what may not be joined is never joined, by any chain."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable

from kg.resolve.decide import Edge, Unit
from kg.resolve.score import THRESHOLDS, Reason, total

_A_PERSON = ("curated same", "as without curation")


class Clusters:
    """The joined units. Edges are tried in the order given, so the strongest come first."""

    def __init__(self, edges: Iterable[Edge], apart: Iterable[tuple[Unit, Unit]]) -> None:
        self._parent: dict[Unit, Unit] = {}
        self._enemies: dict[Unit, set[Unit]] = defaultdict(set)
        self._members: dict[Unit, set[Unit]] = {}
        self._listed: dict[Unit, Unit] = {}
        for one, other in apart:
            self._enemies[one].add(other)
            self._enemies[other].add(one)
        self._joined: dict[Unit, list[tuple[Unit, tuple[Reason, ...]]]] = defaultdict(list)
        self._refused: dict[Unit, list[tuple[Unit, tuple[Reason, ...]]]] = defaultdict(list)
        for one, other, reasons in edges:
            told = any(r.kind in _A_PERSON for r in reasons)
            held = one == other or (total(reasons) >= THRESHOLDS.join and self._join(one, other, told=told))
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

    def listed(self, root: Unit) -> str:
        """The thing of the shipped table in the cluster of `root` ("Model CLIP"; the first of several); "" for none."""
        unit = self._listed.get(root) or _listed(root)
        return unit[1] if unit else ""

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

    def _join(self, one: Unit, other: Unit, *, told: bool) -> bool:
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        # The table has two things: only a person can say that they are one.
        listed = [unit for root in (first, second) if (unit := self._listed.get(root) or _listed(root))]
        if len(listed) > 1 and not told:
            return False
        # Only clusters that hold a name from the curation file can be kept apart.
        mine, theirs = self._named_apart(first), self._named_apart(second)
        if any(self._enemies[unit] & theirs for unit in mine):
            return False
        self._parent[second] = first
        if listed:
            self._listed[first] = min(listed)
        if mine or theirs:
            self._members[first] = mine | theirs
        return True

    def _named_apart(self, root: Unit) -> set[Unit]:
        return self._members.get(root) or ({root} if root in self._enemies else set())


def _listed(unit: Unit) -> Unit | None:
    return unit if unit[0] == "known" else None
