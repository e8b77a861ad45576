"""A person's word wins, and without it all is as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.records import Entity, Extraction, Mention, Resolution
from kg.resolve import Curation, read_curation, resolve_names
from kg.resolve.curation import parse_curation

NAMES = ("ZAP-2", "ZAPPER", "CLIP", "clip", "MS-COCO", "COCO", "CLIP")


def resolution(curation: Curation | None = None) -> Resolution:
    papers = []
    for number, name in enumerate(NAMES):
        entity = Entity(name, "Model", "uses", (name,), (Mention(0, 1, name, 0.9),), 0.9)
        papers.append((f"p{number}", Extraction((entity,), (), (), ())))
    return resolve_names(papers, curation)


def ids(curation: Curation | None = None) -> list[str]:
    of_paper = resolution(curation).of_paper
    return [of_paper[f"p{number}"][0] for number in range(len(NAMES))]


def test_same_joins_what_nothing_else_joins() -> None:
    before, after = ids(), ids(parse_curation('same = [["ZAP-2", "ZAPPER"]]'))
    assert before[0] != before[1]
    assert after[0] == after[1]
    assert after[2:] == before[2:]


def test_different_parts_spellings_of_one_name() -> None:
    assert ids()[2] == ids()[3]
    after = ids(parse_curation('different = [["CLIP", "clip"]]'))
    assert after[2] == after[6] == "model:clip"
    assert after[3] != after[2]


def test_different_wins_over_the_table() -> None:
    after = ids(parse_curation('different = [["COCO", "MS-COCO"]]'))
    assert after[5] == "dataset:coco"
    assert after[4] != after[5]


def test_different_holds_along_a_chain() -> None:
    after = ids(parse_curation('same = [["ZAP-2", "CLIP"], ["CLIP", "ZAPPER"]]\ndifferent = [["ZAP-2", "ZAPPER"]]'))
    assert after[0] != after[1]


def test_rename_retype_and_drop() -> None:
    curation = parse_curation('drop = ["clip"]\n[rename]\n"ms-coco" = "Coco!"\n[retype]\n"ZAPPER" = "Metric"')
    after = resolution(curation)
    assert [(t.id, t.name) for t in after.things] == [
        ("dataset:coco", "Coco!"),
        ("metric:zapper", "ZAPPER"),
        ("model:zap-2", "ZAP-2"),
    ]
    assert after.of_paper["p2"] == ("",)


def test_an_empty_file_is_no_file() -> None:
    assert resolution(parse_curation("")) == resolution()


def test_no_file_is_no_decisions(tmp_path: Path) -> None:
    assert read_curation(tmp_path / "curation.toml") == Curation()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('same = [["A", "B"]\n\nx', "curation.toml:3: is not TOML"),
        ('\nsame = [["A"]]', "curation.toml:2: each entry of same takes two or more different names"),
        ('same = [\n["A", "B"],\n["C", 1],\n]', "curation.toml:3: each entry of same takes two"),
        ('[retype]\n"A" = "Modle"', "curation.toml:2: “Modle” is not one of Model, Method"),
        ('[rename]\n"A" = ""', "curation.toml:2: rename of “A” takes one text"),
        ('joined = [["A", "B"]]', "curation.toml:1: “joined” is not one of same, different, drop"),
        ('same = [["A", "B"]]\ndifferent = [["B", "A"]]', "curation.toml:1: “A” and “B” are both same and different"),
        ("drop = 3", "curation.toml:1: drop takes a list of names"),
    ],
)
def test_an_error_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_curation(text)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
