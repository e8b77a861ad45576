"""CSV and Parquet: columns by their usual names or as told."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.errors import SourceError, UsageError
from kg.read import read
from kg.read.columns import parse_columns
from tests.read.conftest import Parse


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(parse: Parse, mark: str) -> None:
    rows = [["Title", "Abstract Note", "DOI", "Publication Year"], ["T", '"a, b; c|d\te"', "10.1234/X", "2021"]]
    entries, aside = parse("\n".join(mark.join(row) for row in rows))
    paper = entries[0].paper
    assert (paper.text, paper.id, str(paper.published)) == ("T\na, b; c|d\te".replace("\t", " "), "doi:10.1234/x",
                                                          "2021-01-01")  # fmt: skip
    assert not aside


def test_quotes_line_breaks_and_rows_that_do_not_fit(parse: Parse) -> None:
    table = (
        "Titel;Zusammenfassung;Datum;Autoren\n"
        '"Ein ""Titel""; so";"Text\nmit Zeile";2021-03-04;"Lee, A.; Li, B."\n'
        "Zu;viele;1;2;3;4\n"
        ";;;\n\n"
        "nur;;;\n"
        "kurz;Zeile\n"
    )
    entries, aside = parse(table.replace("\n", "\r\n"))
    first, last = (e.paper for e in entries)
    assert first.text == 'Ein "Titel"; so\nText\nmit Zeile'
    assert (str(first.published), first.authors) == ("2021-03-04", ("A. Lee", "B. Li"))
    assert last.text == "kurz\nZeile"
    assert [(a.position, a.reason) for a in aside] == [
        ("line 4", "6 cells in a table of 4 columns"),
        ("line 7", "no abstract"),
    ]


def test_columns_as_told(parse: Parse) -> None:
    told = parse_columns(["title=Paper name", "abstract=What it says"])
    entries, _ = parse("Paper name,What it says,title\nA,B,C\n", columns=told)
    assert entries[0].paper.text == "A\nB"


@pytest.mark.parametrize("pair", ["title", "title=", "nosuch=x"])
def test_a_mapping_that_is_none(pair: str) -> None:
    with pytest.raises(UsageError, match="FIELD=COLUMN"):
        parse_columns([pair])


def test_a_column_that_is_not_there(parse: Parse) -> None:
    with pytest.raises(UsageError, match=r"no column 'Nix'; there are: a, b"):
        parse("a,b\nA,B\n", columns={"title": "Nix"})
    with pytest.raises(SourceError, match=r"--map abstract=COLUMN, one of: title, b"):
        parse("title,b\nA,B\n", format="csv")


def test_a_quote_that_is_never_closed_does_not_swallow_what_follows_for_ever(parse: Parse) -> None:
    rows = "".join(f"title {n},abstract {n}\n" for n in range(100_000))
    before = csv.field_size_limit(100_000_000)  # as other libraries do
    try:
        entries, aside = parse(f'title,abstract\nA,"open\n{rows}')
        assert csv.field_size_limit() == 100_000_000
    finally:
        csv.field_size_limit(before)
    assert "field larger than field limit" in aside[0].reason
    assert len(entries) > 20_000


def parquet(**columns: list[object]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_parquet(parse: Parse) -> None:
    data = parquet(
        Title=["T", "No Abstract"],
        summary=["A.", None],
        authors=[["Ann Lee", "Bo Li"], []],
        published=[datetime.date(2024, 1, 2), None],
        arxiv_id=["2401.00001v3", None],
        other=[1, 2],
    )
    entries, aside = parse(data)
    paper = entries[0].paper
    assert (paper.id, paper.text, str(paper.published)) == ("arxiv:2401.00001", "T\nA.", "2024-01-02")
    assert paper.authors == ("Ann Lee", "Bo Li")
    assert [(a.position, a.reason) for a in aside] == [("row 2", "no abstract")]
    assert parse(gzip.compress(data))[0] == entries


def test_a_parquet_file_that_ends_early(parse: Parse) -> None:
    with pytest.raises(SourceError, match="not a whole Parquet file"):
        parse(parquet(title=["T"], abstract=["A"])[:-50])


def test_the_kaggle_zip_is_opened_and_an_archive_of_several_is_not(tmp_path: Path) -> None:
    import zipfile

    for name, members in (("one.zip", ["a.csv"]), ("two.zip", ["a.csv", "b.csv"])):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, "title,abstract\nA,B\n")
    assert len(list(read(str(tmp_path / "one.zip")))) == 1
    with pytest.raises(SourceError, match="archive of 2 files"):
        list(read(str(tmp_path / "two.zip")))
