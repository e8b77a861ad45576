"""Feeds as they should not be: each is one clear line or a counted record, and memory stays small."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import KgError, SourceError, UsageError
from kg.read import read
from kg.read.fields import MAX_TEXT
from kg.records import Entry
from tests.read.conftest import Parse

RECORD = '{"title": "%s", "abstract": "An abstract."}\n'

# Reads standard input and prints what came of it, with the megabytes that reading added at most.
CHILD = """
import resource
from kg.read import read
from kg.records import Entry
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for item in read("-"):
    print(item.paper.title if isinstance(item, Entry) else f"{len(item.raw)} kept: {item.reason}")
print(peak() - before)
"""
DUMP = "An abstract sentence that is long enough. " * 10
MONSTERS = {
    "json lines": (RECORD % "one" + '{"title": "x", "abstract": "', '"}\n' + RECORD % "two", "16 MiB"),
    "json array": (f'[{RECORD % "one"}, {{"title": "x", "abstract": "', f'"}}, {RECORD % "two"}]', "16 MiB"),
    "text dump": (f"one\n\n{DUMP}\n\nx\n\n", f"\n\ntwo\n\n{DUMP}\n", "16 MiB"),
    "csv": ('title,abstract\none,b\nx,"', '"\ntwo,b\n', "16 MiB"),
    "bibtex": (
        "@misc{a,\ntitle={one}, abstract={b}}\n@misc{x,\ntitle={x},\nabstract={",
        "}}\n@misc{c,\ntitle={two}, abstract={b}}\n",
        "16 MiB",
    ),
    "ris": (
        "TY  - JOUR\nTI  - one\nAB  - b\nER  - \nTY  - JOUR\nTI  - x\nAB  - ",
        "\nER  - \nTY  - JOUR\nTI  - two\nAB  - b\nER  - \n",
        "16 MiB",
    ),
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>one</title><summary>b</summary></entry><entry>'
        "<title>x</title><summary>",
        "</summary></entry><entry><title>two</title><summary>b</summary></entry></feed>",
        "16 MiB",
    ),
}


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not measured so on Windows")
@pytest.mark.parametrize("name", MONSTERS)
def test_a_monstrous_record_is_set_aside_in_little_memory(name: str) -> None:
    before, after, says = MONSTERS[name]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(before)
        for _ in range(250):
            child.stdin.write("word " * 200_000)  # a megabyte
        child.stdin.write(after)
        child.stdin.close()
        one, monster, two, added = child.stdout.read().splitlines()
    assert (one, two) == ("one", "two")
    assert monster.startswith("10000 kept:")
    assert says in monster
    assert int(added) < 128


def test_a_text_that_no_extractor_should_get_is_set_aside(parse: Parse) -> None:
    entries, aside = parse(json.dumps({"title": "T", "abstract": "x " * MAX_TEXT}) + "\n" + RECORD % "two")
    assert len(entries) == 1
    assert "no abstract has more than" in aside[0].reason


@pytest.mark.parametrize("data", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_encodings_that_tell_themselves(parse: Parse, data: str) -> None:
    entries, _ = parse((RECORD % "Größe – ж").encode(data))
    assert entries[0].paper.title == "Größe – ж"


def test_utf_16_that_ends_inside_a_letter_or_holds_half_a_pair(parse: Parse) -> None:
    entries, aside = parse((RECORD % "one" + RECORD % "x\ud800y" + RECORD % "two").encode("utf-16", "surrogatepass"))
    assert [e.paper.title for e in entries] == ["one", "two"]
    assert ["UTF-8" in a.reason for a in aside] == [True]
    entries, aside = parse((RECORD % "one" + RECORD % "two").encode("utf-16")[:-1])
    assert len(entries) + len(aside) == 2


def test_an_encoding_that_is_told(parse: Parse) -> None:
    data = "title,abstract\nGröße,Ä\nplain,and some more text\n".encode("latin-1")
    entries, aside = parse(data)
    assert ([e.paper.title for e in entries], len(aside)) == (["plain"], 1)
    entries, aside = parse(data, encoding="latin-1")
    assert ([e.paper.title for e in entries], aside) == (["Größe", "plain"], [])
    with pytest.raises(UsageError, match="no encoding 'nosuch'"):
        parse(data, encoding="nosuch")


def test_nul_characters_become_spaces(parse: Parse) -> None:
    entries, _ = parse('{"title": "a\\u0000b", "abstract": "c"}\n' + "title\0 of a dump\n\n")
    assert entries[0].paper.title == "a b"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_feeds(parse: Parse, pack: object) -> None:
    data = (RECORD * 3) % ("a", "b", "c")
    packed = pack(data.encode() * 1000)  # type: ignore[operator]
    assert len(parse(packed)[0]) == 3000
    with pytest.raises(SourceError, match=r"packed data are damaged|cannot be read"):
        parse(packed[: len(packed) // 2])


def test_an_id_that_two_papers_claim(parse: Parse) -> None:
    lines = [
        {"arxiv_id": "2103.00020v1", "title": "One Paper", "abstract": "a"},
        {"doi": "10.48550/arXiv.2103.00020", "title": "Another Paper", "abstract": "b"},
        {"url": "https://huggingface.co/papers/2103.00020", "title": "one paper.", "abstract": "c"},
    ]
    entries, aside = parse("".join(json.dumps(line) + "\n" for line in lines))
    assert [(e.paper.id, e.rank) for e in entries] == [("arxiv:2103.00020", 1), ("arxiv:2103.00020", 3)]
    assert [(a.position, a.raw) for a in aside] == [("paper 2", "Another Paper\nb")]
    assert "arxiv:2103.00020 is another paper already, number 1" in aside[0].reason


@pytest.mark.parametrize("how", ["appended", "rewritten"])
def test_a_feed_that_is_written_to_while_it_is_read(tmp_path: Path, how: str) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text((RECORD % "a") * 1000)
    items = read(str(path))
    next(items)
    if how == "appended":
        with path.open("a") as file:
            file.write(RECORD % "b")
    else:
        path.write_text((RECORD % "b") * 1000)
        os.utime(path, ns=(0, 0))  # and the clock went back
    with pytest.raises(SourceError, match="changed while it was read"):
        list(items)


def test_a_half_written_gzip_that_grows_is_said_to_change(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    whole = gzip.compress("".join(RECORD % n for n in range(50_000)).encode())
    path.write_bytes(whole[:-1000])
    items = read(str(path))
    next(items)
    os.utime(path, ns=(1, 1))
    with pytest.raises(SourceError, match="changed while it was read"):
        list(items)


def test_a_feed_that_is_replaced_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text((RECORD % "old") * 1000)
    items = read(str(path))
    first = next(items)
    (tmp_path / "new").write_text(RECORD % "new")
    (tmp_path / "new").replace(path)
    assert {i.paper.title for i in (first, *items) if isinstance(i, Entry)} == {"old"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_read_however_small_the_pieces_are(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    script = f"import time\nwith open({str(path)!r}, 'wb', 0) as f:\n for c in {RECORD % 'a'!r}*20: f.write(c.encode())"
    with subprocess.Popen([sys.executable, "-c", script]):
        assert len(list(read(str(path)))) == 20


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("https://arxiv.org/list/cs.CL/recent", "kg fetch"),
        ("a\0b", "no path"),
        ("", "folder"),
    ],
)
def test_what_is_no_file(location: str, says: str) -> None:
    with pytest.raises(KgError, match=says):
        list(read(location))


def test_a_format_that_is_none(parse: Parse) -> None:
    with pytest.raises(UsageError, match=r"no format 'xls'; there are: parquet, json"):
        parse(RECORD, format="xls")
