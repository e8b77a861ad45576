"""The shipped table of well-known names (known.jsonl): which aliases the field writes for them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kg.records import EntityType
from kg.resolve.normalise import normalise, without_tail
from kg.resolve.score import close, in_order

_SHORT, _FEW = 2, 3  # letters
_BROKEN = re.compile(r"[\s^_]")
_CLOSE = {"Method", "Task"}  # reinforcement learning


@dataclass(frozen=True, slots=True)
class Known:
    """A well-known thing.

    `strict`: a mention of another type is another thing (Adam the optimiser, Adam a model). `exact`: the capitals
    count (LaMDA is not lambda).
    """

    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    strict: bool = False
    exact: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and every alias."""
        return (self.name, *self.aliases)


class KnownTable:
    """Known things by the keys of their spellings."""

    def __init__(self, things: Iterable[Known]) -> None:
        self.things = tuple(things)
        self.by_unit = {f"{thing.type} {thing.name}": thing for thing in self.things}
        self._by_key: dict[str, list[Known]] = defaultdict(list)
        for thing in self.things:
            for key in dict.fromkeys(normalise(spelling) for spelling in thing.spellings):
                self._by_key[key].append(thing)

    def named(self, name: str) -> list[Known]:
        """What `name` may be, in the order of the table."""
        key = normalise(name)
        found = self._by_key.get(key, [])
        if found and len(key) <= _FEW and key.isalpha() and not _plainly(name):
            found = [thing for thing in found if _spelled(name, thing)]
        spelled = [thing for thing in found if thing.exact and _spelled(name, thing)]
        return spelled or [thing for thing in found if not thing.exact]

    def with_key(self, key: str) -> list[Known]:
        """What a name with this key may be, where capitals are not known."""
        return [thing for thing in self._by_key.get(key, []) if not thing.exact]

    def choose(self, name: str, kind: EntityType | None, long: str = "") -> Known | None:
        """The thing a mention of `name` is: by the key of its long form, if it has one, else by its type."""
        found = self.named(name)
        if long:
            key = normalise(name)
            # "KG-RAG (… retrieval-augmented generation)" holds the long form of RAG and is not RAG.
            for thing in self.with_key(long):
                if key == long or thing in found or in_order(key, long):
                    return thing
            agreeing = [thing for thing in found if _has_long_form(thing, key, long)]
            if agreeing:
                return agreeing[0]
            # A long form of its own makes it another thing than those whose long forms are known.
            found = [thing for thing in found if not _has_long_form(thing, key)]
        if kind is None:
            return found[0] if found else None
        ranked = [t for t in found if t.type == kind] or [t for t in found if _near(t.type, kind) and not t.strict]
        if found and not ranked and not long:
            # A type may be misread. But few letters are many things: PQ is a metric, and as a method something else.
            few = sum(c.isalnum() for c in name) <= _SHORT and not (len(found) == 1 and {kind, found[0].type} == _CLOSE)
            ranked = [] if few else [t for t in found if not t.strict]
        return next(iter(ranked), None)


@lru_cache(maxsize=1)
def known_table() -> KnownTable:
    """The table that ships; its first line says where it is from."""
    lines = files("kg.resolve").joinpath("known.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines[1:]]
    return KnownTable(
        Known(
            row["name"],
            row["type"],
            tuple(row.get("aliases", ())),
            row.get("strict", False),
            row.get("exact", False),
        )
        for row in rows
    )


def _near(one: EntityType, other: EntityType) -> bool:
    """Careful readers differ on these pairs of types."""
    return {one, other} in ({"Model", "Method"}, {"Dataset", "Benchmark"})


def _plainly(name: str) -> bool:
    """Whether a name of few letters is written as a short form is: not "GaN", "a P", "O^t"."""
    bare = without_tail(name).removesuffix("'s").removesuffix("s")
    return not _BROKEN.search(bare) and (bare.isupper() or bare.islower() or bare.istitle())


def _spelled(name: str, thing: Known) -> bool:
    bare = without_tail(name)
    return any(bare in (spelling, f"{spelling}s", f"{spelling}'s") for spelling in thing.spellings)


def _has_long_form(thing: Known, short: str, long: str = "") -> bool:
    """Whether the table has a long form of the thing for `short`; if `long` is given, one that is close to it."""
    longer = (key for key in map(normalise, thing.spellings) if len(key) > len(short) + 2 and in_order(short, key))
    return any(not long or close(short, key, long) for key in longer)
