"""The shipped table of known names is large, and says one thing only."""

from __future__ import annotations

from collections import Counter

from kg.records import ENTITY_TYPES
from kg.resolve.known import known_table
from kg.resolve.normalise import normalise


def test_the_table_covers_all_types() -> None:
    counts = Counter(thing.type for thing in known_table().things)
    assert sum(counts.values()) >= 500
    assert min(counts[kind] for kind in ENTITY_TYPES) >= 50


def test_an_entry_stands_once() -> None:
    counts = Counter((thing.type, thing.name) for thing in known_table().things)
    assert [entry for entry, times in counts.items() if times > 1] == []


def test_each_name_finds_its_own_entry() -> None:
    table = known_table()
    lost = [thing.name for thing in table.things if table.choose(thing.name, thing.type) is not thing]
    assert lost == []


# Things of one spelling, told apart by type, by capitals or by what papers say that they stand for.
HOMOGRAPHS = {"DINO", "MCE", "SAM", "SVD", "VITS", "ViT", "mCE"}


def test_a_spelling_is_one_thing_of_its_kind() -> None:
    near = {"Method": "Model", "Benchmark": "Dataset"}
    owners: dict[tuple[str, str], set[str]] = {}
    for thing in known_table().things:
        for spelling in thing.spellings:
            owners.setdefault((near.get(thing.type, thing.type), normalise(spelling)), set()).add(thing.name)
    assert {key: names for key, names in owners.items() if len(names) > 1 and not names & HOMOGRAPHS} == {}
