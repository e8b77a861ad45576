"""A folder or a pattern of feeds; names of files as they should not be; feeds that hold nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.read import read
from kg.records import Entry, Note

RECORD = '{"title": "%s", "abstract": "An abstract."}\n'


def make(folder: Path) -> None:
    folder.mkdir()
    (folder / "b.jsonl").write_text(RECORD % "B")
    (folder / "a.csv").write_text("title,abstract\nA,Words.\n")
    (folder / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "d.md").write_text("# Notes\n\nNo feed at all.\n")
    (folder / "e.json").write_text("[]")
    (folder / ".hidden.jsonl").write_text(RECORD % "H")
    (folder / "sub").mkdir()
    (folder / "sub" / "x.jsonl").write_text(RECORD % "X")


def test_a_folder(tmp_path: Path) -> None:
    make(tmp_path / "feeds")
    items = list(read(str(tmp_path / "feeds")))
    assert [(i.feed.name, i.paper.title) for i in items if isinstance(i, Entry)] == [("a", "A"), ("b", "B")]
    notes = [(Path(i.source).name, i.kind) for i in items if isinstance(i, Note)]
    assert [name for name, _ in notes] == ["c.png", "d.md", "sub"]
    assert {kind for _, kind in notes} == {"a file in the folder is no feed", "a folder in the folder was not opened"}
    assert len(notes) == 3


def test_a_pattern(tmp_path: Path) -> None:
    make(tmp_path / "feeds")
    items = list(read(str(tmp_path / "feeds" / "*.[cj]s*")))
    assert [i.paper.title for i in items if isinstance(i, Entry)] == ["A", "B"]
    with pytest.raises(SourceError, match="no file fits"):
        list(read(str(tmp_path / "feeds" / "*.bib")))
    odd = tmp_path / "what[1].jsonl"
    odd.write_text(RECORD % "O")
    assert len(list(read(str(odd)))) == 1


def test_a_folder_without_a_feed(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "x.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pytest.raises(SourceError, match="holds no feed"):
        list(read(str(tmp_path / "none")))


@pytest.mark.skipif(sys.platform == "win32", reason="no such names on Windows")
@pytest.mark.parametrize("name", ["a\nb\x1b[31m.jsonl", "a\rb\u202e\u0007 [31m.jsonl"])
def test_a_name_that_is_not_clean(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(RECORD % "T" + "{}\n")
    items = list(read(str(tmp_path / name)))
    assert isinstance(items[0], Entry)
    for text in (items[0].feed.name, items[0].paper.source, items[1].source):  # type: ignore[union-attr]
        assert text.isprintable()
    with pytest.raises(SourceError) as caught:
        list(read(str(tmp_path / f"not{name}")))
    assert str(caught.value).isprintable()
