"""Every common form of a date, and what is said of one that is not understood."""

from __future__ import annotations

import datetime

import pytest

from kg.read.days import day_of, day_or_note
from tests.read.conftest import Parse

DAY = "2025-03-14"


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-14",
        "2025/03/14",
        "2025/3/14",
        "2025.03.14",
        "2025-03-14T10:00:00Z",
        "2025-03-14 00:00:00+00:00",
        "20250314",
        20250314,
        "20250314T100000Z",
        "14 Mar 2025",
        "14 March 2025",
        "14th of March, 2025",
        "March 14, 2025",
        "Mar. 14, 2025",
        "March 14th 2025",
        "Mar 14 2025 12:00AM",
        "14-Mar-2025",
        "14-MAR-25",
        "2025-Mar-14",
        "2025 Mar 14",
        "2025 March 14-16",
        "Fri, 14 Mar 2025 00:00:00 -0400",
        "Fri Mar 14 10:00:00 UTC 2025",
        "Fri Mar 14 10:00:00 2025",
        "Friday, March 14, 2025",
        "14/03/2025",
        "03/14/2025",
        "14.03.2025",
        "14.3.25",
        "14. März 2025",
        "14 mars 2025",
        "14 de marzo de 2025",
        "2025年3月14日",
        "Published: 14 Mar 2025",
        "Published online 2025-03-14",
        "2025-03-14/2025-03-16",
        "14 March 2025 - 16 March 2025",
        1741910400,
        1741910400000,
        1741910400.0,
        "1741910400",
        "1741910400000",
        datetime.date(2025, 3, 14),
        datetime.datetime(2025, 3, 14, 3, 4, tzinfo=datetime.UTC),
        {"date-parts": [[2025, 3, 14]]},
        {"date-parts": [["2025", "3", "14"]]},
        {"date-time": "2025-03-14T01:02:03Z", "timestamp": 1},
        {"raw": "2025-03-14"},
        {"year": 2025, "month": 3, "day": 14},
        [2025, 3, 14],
    ],
)
def test_a_day(value: object) -> None:
    assert str(day_of(value)) == DAY


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-03", "2025-03-01"),
        ("2025/03", "2025-03-01"),
        ("03/2025", "2025-03-01"),
        ("March 2025", "2025-03-01"),
        ("Mar. 2025", "2025-03-01"),
        ("2025 Mar", "2025-03-01"),
        ("2025 Mar-Apr", "2025-03-01"),
        ("March/April 2025", "2025-03-01"),
        ("March–April 2025", "2025-03-01"),
        ("Mar-2025", "2025-03-01"),
        ("202503", "2025-03-01"),
        ("2025", "2025-01-01"),
        (2025, "2025-01-01"),
        (2025.0, "2025-01-01"),
        ("2025.0", "2025-01-01"),
        ("2025///", "2025-01-01"),
        ("2025/03//", "2025-03-01"),
        ("2025//", "2025-01-01"),
        ("2025-2026", "2025-01-01"),
        ("Spring 2025", "2025-01-01"),
        ("2025 Winter", "2025-01-01"),
        ("Q1 2025", "2025-01-01"),
        ("[2025]", "2025-01-01"),
        ("2025?", "2025-01-01"),
        ("c. 2025", "2025-01-01"),
        ("2025a", "2025-01-01"),
        ("2025, in press", "2025-01-01"),
        ("2025-XX-XX", "2025-01-01"),
        ("2025-00-00", "2025-01-01"),
        ("2025-03-00", "2025-03-01"),
        ({"date-parts": [[2025, 3]]}, "2025-03-01"),
        ({"date-parts": [[2025]]}, "2025-01-01"),
        ("1997/11/15/", "1997-11-15"),
    ],
)
def test_what_is_known(value: object, day: str) -> None:
    assert str(day_of(value)) == day


@pytest.mark.parametrize(
    "value",
    ["", None, "n.d.", "in press", "forthcoming", "Smarch 14", "tomorrow", "arXiv:2503.09999", True, {}, [], "99999999",
     {"date-parts": [[None]]}, "0000-00-00", "12", 7, float("nan"), float("inf"), 10**30],
)  # fmt: skip
def test_what_is_no_day(value: object) -> None:
    assert day_of(value) is None


def test_a_month_and_a_day_in_another_field() -> None:
    assert str(day_of("AUG 15", "2018")) == "2018-08-15"
    assert str(day_of("AUG", "2018")) == "2018-08-01"
    assert str(day_of("JUL-AUG", 2018)) == "2018-07-01"
    assert str(day_of("July", "2023")) == "2023-07-01"
    assert str(day_of("sometime", "2023")) == "2023-01-01"


def test_what_cannot_be_told_apart_is_a_year_and_said() -> None:
    assert day_or_note("03/04/2025") == (datetime.date(2025, 1, 1), "03/04/2025")
    assert day_or_note("04/04/2025") == (datetime.date(2025, 4, 4), "")
    assert day_or_note("2025-02-31") == (datetime.date(2025, 2, 1), "2025-02-31")


def test_what_is_not_understood_is_said_by_whoever_reads(parse: Parse) -> None:
    entries, _ = parse('{"title":"T","abstract":"A","date":"Smarch 14"}\n{"title":"U","abstract":"B","date":"n.d."}\n')
    assert [e.paper.published for e in entries] == [None, None]
    assert [(note.kind, note.text) for note in parse.notes] == [("a date is not understood", "Smarch 14")]
    parse("title,abstract,year\nT,A,MMXXV\n")
    assert [note.text for note in parse.notes] == ["MMXXV"]
