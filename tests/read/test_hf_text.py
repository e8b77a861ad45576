"""The text dump of a Hugging Face Papers page."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.read import read
from kg.records import Entry, SetAside

FURNITURE = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 14\n\n"
)
ABSTRACT = (
    "Large models are slow. We propose a way to make them quick, without loss of quality, by skipping what is not "
    "needed. On three datasets it is twice as fast as the best known way, and it needs no training at all. The code "
    "will be published with the paper, and so will be the data that it was tried on."
)


def parse(tmp_path: Path, text: str | bytes) -> tuple[list[Entry], list[SetAside]]:
    path = tmp_path / "feed.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    items = list(read(str(path)))
    return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, SetAside)]


def test_titles_and_abstracts_in_turn(tmp_path: Path) -> None:
    entries, aside = parse(tmp_path, f"{FURNITURE}First Title\n\n{ABSTRACT}\n\nSecond: a Title\n\n{ABSTRACT}\n")
    assert [(e.paper.title, e.rank) for e in entries] == [("First Title", 1), ("Second: a Title", 2)]
    assert entries[0].paper.abstract == ABSTRACT
    assert not aside


def test_a_date_without_a_year_is_no_date(tmp_path: Path) -> None:
    entries, _ = parse(tmp_path, f"{FURNITURE}T one\n\n{ABSTRACT}\n")
    assert entries[0].feed.published is None


def test_a_date_with_a_year_dates_the_feed(tmp_path: Path) -> None:
    entries, _ = parse(tmp_path, FURNITURE.replace("Mar 14", "Mar 14, 2025") + f"T one\n\n{ABSTRACT}\n")
    assert str(entries[0].feed.published) == "2025-03-14"


def test_a_title_without_abstract_does_not_shift_the_rest(tmp_path: Path) -> None:
    text = f"{FURNITURE}One\n\n{ABSTRACT}\n\nLost Title of a Paper\n\nTwo\n\n{ABSTRACT}\n\nThree\n\n{ABSTRACT}\n"
    entries, aside = parse(tmp_path, text)
    assert [e.paper.title for e in entries] == ["One", "Two", "Three"]
    assert [(a.reason, a.raw) for a in aside] == [("a title without an abstract", "Lost Title of a Paper")]


def test_an_abstract_without_title_is_set_aside(tmp_path: Path) -> None:
    entries, aside = parse(tmp_path, f"{FURNITURE}One\n\n{ABSTRACT}\n\n{ABSTRACT}\n\nTwo\n\n{ABSTRACT}\n")
    assert [e.paper.title for e in entries] == ["One", "Two"]
    assert [a.reason for a in aside] == ["an abstract without a title before it"]


def test_furniture_between_papers_is_passed_over(tmp_path: Path) -> None:
    entries, aside = parse(tmp_path, f"{FURNITURE}One\n\n{ABSTRACT}\n\nUpvote 12\n\n3 authors\n\nTwo\n\n{ABSTRACT}\n")
    assert [e.paper.title for e in entries] == ["One", "Two"]
    assert not aside


def test_an_abstract_over_several_lines_is_one(tmp_path: Path) -> None:
    entries, _ = parse(tmp_path, f"{FURNITURE}One\n\n" + ABSTRACT.replace(". ", ".\n") + "\n")
    assert entries[0].paper.abstract == ABSTRACT


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_do_not_matter(tmp_path: Path, end: str) -> None:
    entries, _ = parse(tmp_path, f"{FURNITURE}One\n\n{ABSTRACT}\n\nTwo\n\n{ABSTRACT}\n".replace("\n", end))
    assert [e.paper.title for e in entries] == ["One", "Two"]


def test_invalid_utf8_sets_one_record_aside(tmp_path: Path) -> None:
    broken = (
        f"{FURNITURE}One\n\n{ABSTRACT}\n\nTwo\n\n".encode()
        + b"bad \xff\xfe "
        + f"{ABSTRACT}\n\nThree\n\n{ABSTRACT}".encode()
    )
    entries, aside = parse(tmp_path, broken)
    assert [e.paper.title for e in entries] == ["One", "Three"]
    assert "UTF-8" in aside[0].reason


@pytest.mark.parametrize(("letter", "count"), [("a", 95), ("b", 106), ("c", 108)])
def test_the_real_dumps_are_read_whole(shared: Path, letter: str, count: int) -> None:
    items = list(read(str(shared / "feeds" / f"hf-papers-{letter}.txt")))
    assert [type(item) for item in items] == [Entry] * count
