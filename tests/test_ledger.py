"""The ledger: what is added twice is there once, what is removed is gone from the disk, a kill leaves whole parts."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.folder.ledger import Ledger
from kg.records import Entry, Extraction, Feed, Paper

PAPER = Paper("arxiv:2401.00001", "A Title", "An abstract.", authors=("Ada Example",))
FOUND = Extraction((), (), (), ((0, 20),))


def entry(number: int = 1, abstract: str = "An abstract.", feed: str = "daily") -> Entry:
    paper = dataclasses.replace(PAPER, id=f"arxiv:2401.{number:05d}", abstract=abstract)
    return Entry(paper, Feed(feed), number)


def parts(ledger: Ledger) -> list[str]:
    return sorted(path.name for path in ledger.folder.iterdir())


def test_what_is_known_is_not_added_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.add_entries([entry(1), entry(2), entry(1)]) == 2
    before = parts(ledger)
    assert ledger.add_entries([entry(2), entry(1)]) == 0
    assert parts(ledger) == before
    assert list(ledger.entries()) == [entry(1), entry(2)]


def test_a_text_that_comes_back_is_the_last_one_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for abstract in ("first", "second", "first"):
        assert ledger.add_entries([entry(1, abstract)]) == 1
    assert [e.paper.abstract for e in ledger.entries()] == ["first", "second", "first"]


def test_a_source_that_fails_half_way_adds_nothing(tmp_path: Path) -> None:
    def failing():  # type: ignore[no-untyped-def]
        yield from (entry(number) for number in range(3000))
        raise OSError("gone")

    ledger = Ledger(tmp_path)
    with pytest.raises(OSError, match="gone"):
        ledger.add_entries(failing())
    assert parts(ledger) == []
    assert ledger.add_entries(entry(number) for number in range(3000)) == 3000
    assert [e.rank for e in ledger.entries()] == list(range(3000))


def test_what_is_removed_leaves_the_disk_and_may_come_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add_entries([entry(1, "KEEP-THIS"), entry(2, "FORGET-THIS")])
    texts = {e.paper.abstract: e.paper.content_hash for e in ledger.entries()}
    ledger.add_extractions("rules-1", [(content, FOUND) for content in texts.values()])
    assert ledger.remove_entries(lambda e: "FORGET" not in e.paper.abstract) == 1
    assert [e.paper.abstract for e in ledger.entries()] == ["KEEP-THIS"]
    assert ledger.extracted("rules-1") == {texts["KEEP-THIS"]}
    assert len(parts(ledger)) == 2
    assert all(len(list(tmp_path.glob(f"{kind}-*.base.parquet"))) == 1 for kind in ("entries", "extractions"))
    assert ledger.remove_entries(lambda _: True) == 0
    assert ledger.add_entries([entry(2, "FORGET-THIS")]) == 1
    assert ledger.remove_entries(lambda _: False) == 2
    assert list(ledger.entries()) == []


def test_many_parts_become_one_that_says_the_same(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in range(70):
        ledger.add_entries([entry(number)])
        ledger.add_extractions("rules-1", [(entry(number).paper.content_hash, FOUND)])
    ledger.add_extractions("rules-1", [(entry(3).paper.content_hash, dataclasses.replace(FOUND, sentences=((0, 9),)))])
    entries, found = list(ledger.entries()), ledger.extractions("rules-1")
    ledger.merge()
    assert len(parts(ledger)) == 2
    assert (list(ledger.entries()), ledger.extractions("rules-1")) == (entries, found)
    assert found[entry(3).paper.content_hash].sentences == ((0, 9),)
    ledger.add_entries([entry(70)])
    assert list(ledger.entries()) == [*entries, entry(70)]


def test_a_kill_between_a_base_and_the_deletion_of_what_it_stands_for(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.add_entries([entry(1), entry(2)])
    shutil.copytree(ledger.folder, tmp_path / "before")
    ledger.remove_entries(lambda e: e.rank == 1)
    for old in (tmp_path / "before").iterdir():
        shutil.copy(old, ledger.folder)
    (ledger.folder / "entries-000009.unfinished").write_bytes(b"half")
    assert list(ledger.entries()) == [entry(1)]
    ledger.tidy()
    assert parts(ledger) == ["entries-000002.base.parquet"]
    assert list(ledger.entries()) == [entry(1)]


def test_no_clock_is_asked(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number, year in enumerate((2040, 2001, 2020)):
        ledger.add_entries([entry(1, f"text {year}")])
        newest = sorted(tmp_path.iterdir())[-1]
        os.utime(newest, (year * 31_536_000, 1_000_000 - number))
    assert [e.paper.abstract for e in ledger.entries()] == ["text 2040", "text 2001", "text 2020"]


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add_entries([entry(1)])
    (tmp_path / "entries-000001.parquet").write_bytes(b"not parquet")
    with pytest.raises(StoreError, match=r"entries-000001\.parquet.*restore"):
        list(ledger.entries())
