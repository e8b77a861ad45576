"""JSON Lines, and the ids and dates of records."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.read import read
from kg.read.days import day_of
from kg.read.fields import arxiv_id, clean_text, doi, make_paper
from kg.records import Entry, SetAside


def parse(tmp_path: Path, data: bytes, name: str = "f.jsonl") -> tuple[list[Entry], list[SetAside]]:
    (tmp_path / name).write_bytes(data)
    items = list(read(str(tmp_path / name)))
    return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, SetAside)]


def line(**record: Any) -> bytes:
    return json.dumps({"title": "A Title", "abstract": "An abstract."} | record).encode() + b"\n"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"arxiv_id": "2103.00020"}, "arxiv:2103.00020"),
        ({"arxiv_id": "arXiv:2103.00020v3"}, "arxiv:2103.00020"),
        ({"id": "2103.00020v1"}, "arxiv:2103.00020"),
        ({"url": "https://arxiv.org/abs/2103.00020v2"}, "arxiv:2103.00020"),
        ({"url": "http://arxiv.org/pdf/cs/0112017"}, "arxiv:cs/0112017"),
        ({"doi": "https://doi.org/10.48550/arXiv.2103.00020"}, "arxiv:2103.00020"),
        ({"doi": "https://doi.org/10.1109/5.771073"}, "doi:10.1109/5.771073"),
        ({"doi": "http://dx.doi.org/10.1109%2F5.771073"}, "doi:10.1109/5.771073"),
        ({"doi": "DOI: 10.1109/5.771073."}, "doi:10.1109/5.771073"),
        ({"doi": "doi.org/10.1109/5.771073"}, "doi:10.1109/5.771073"),
        ({"id": "info:doi/10.1109/5.771073"}, "doi:10.1109/5.771073"),
        ({"doi": "10.48550/ARXIV.2103.00020v4"}, "arxiv:2103.00020"),
        ({"id": "oai:arXiv.org:cs/0112017"}, "arxiv:cs/0112017"),
        ({"arxiv_id": "arXiv:2103.00020v1 [cs.CV]"}, "arxiv:2103.00020"),
        ({"url": "https://huggingface.co/papers/2103.00020"}, "arxiv:2103.00020"),
        ({"url": "arxiv.org/abs/2103.00020v2?context=cs"}, "arxiv:2103.00020"),
        ({"doi": "10.1/x"}, "paper:d066002430d4"),
        ({"doi": "10.1109/ABC", "arxiv_id": "2103.00020"}, "arxiv:2103.00020"),
        ({"id": "p1234"}, "paper:d066002430d4"),
        ({}, "paper:d066002430d4"),
    ],
)
def test_ids(tmp_path: Path, record: dict[str, str], expected: str) -> None:
    entries, _ = parse(tmp_path, line(**record))
    assert entries[0].paper.id == expected


def test_the_id_of_a_title_knows_no_case_or_punctuation() -> None:
    one, other = (make_paper(t, "x").id for t in ("CLIP: a  Study!", "clip — A study"))
    assert one == other


def test_fields(tmp_path: Path) -> None:
    entries, _ = parse(
        tmp_path,
        line(date="2024-02-30", authors="Ann Lee, Bo Li")
        + line(date="2024-02-03T10:00:00Z", authors=[{"name": "Xi Yo"}]),
    )
    assert [(e.paper.published and str(e.paper.published), e.paper.authors) for e in entries] == [
        ("2024-02-01", ("Ann Lee", "Bo Li")),
        ("2024-02-03", ("Xi Yo",)),
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{broken\n", "not valid JSON"),
        (b'{"title": "T"}\n', "no abstract"),
        (b'{"abstract": "A"}\n', "no title"),
        (b'{"title": 3, "abstract": "A"}\n', "title is not text"),
        (b'{"title": null, "abstract": "A"}\n', "title is not text"),
        (b"[1]\n", "not a JSON object"),
        (b'"text"\n', "not a JSON object"),
        (b'{"title": "T", "abstract": "\xff"}\n', "not valid UTF-8"),
        (b"[" * 100_000 + b"\n", ""),
    ],
)
def test_a_broken_line_is_set_aside_and_the_rest_is_read(tmp_path: Path, raw: bytes, reason: str) -> None:
    entries, aside = parse(tmp_path, line() + raw + line(title="Another"))
    assert [e.paper.title for e in entries] == ["A Title", "Another"]
    assert [(a.position, reason in a.reason) for a in aside] == [("line 2", True)]


def test_control_characters_as_they_are_become_spaces(tmp_path: Path) -> None:
    entries, _ = parse(tmp_path, b'{"title": "a\0b\tc", "abstract": "d\x1be"}\n')
    assert entries[0].paper.text == "a b c\nd e"


def test_an_array_is_read_as_well(tmp_path: Path) -> None:
    entries, aside = parse(tmp_path, b'[{"title": "T", "abstract": "A."}, 3]')
    assert (len(entries), [a.position for a in aside]) == (1, ["item 2"])


def test_gzip_is_known_by_content(tmp_path: Path) -> None:
    entries, _ = parse(tmp_path, gzip.compress(line()), "f.dat")
    assert len(entries) == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(line() * 5000)[:-200], "end early"),
        (bytes(range(256)) * 40, "is not text"),
        (b"new\n\nsubscribe\n\n", "holds no paper"),
        (b"[{", "ends inside a list"),
        (b"<html><body>hi</body></html>", "this is a web page, which kg does not read"),
    ],
)
def test_a_source_that_cannot_be_read_says_so(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        parse(tmp_path, data)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        list(read(str(tmp_path / "none.txt")))
    with pytest.raises(SourceError, match="holds no feed"):
        list(read(str(tmp_path)))


@pytest.mark.parametrize("data", [b"", gzip.compress(b""), b"\n\n  \n", b"\xef\xbb\xbf"])
def test_a_source_that_holds_nothing_is_no_failure(tmp_path: Path, data: bytes) -> None:
    assert parse(tmp_path, data) == ([], [])


@given(st.text())
def test_cleaning_keeps_every_offset_inside(text: str) -> None:
    cleaned = clean_text("x" + text + "x")
    assert len(cleaned) == len(text) + 2
    assert clean_text(cleaned) == cleaned
    assert "\0" not in cleaned


@given(st.text())
def test_field_parsers_never_raise(text: str) -> None:
    arxiv_id(text), doi(text), day_of(text)
