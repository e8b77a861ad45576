"""The command line as a process: what it prints, its exit status, and one clear line for everything that goes wrong."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.conftest import PAPERS, as_jsonl

Kg = Callable[..., CompletedProcess[str]]


def one_line(done: CompletedProcess[str], status: int) -> str:
    assert done.returncode == status, done.stderr
    assert done.stderr.startswith("kg: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_build_query_cypher_export(kg: Kg, feed: Path) -> None:
    built = kg("build", str(feed))
    assert built.returncode == 0, built.stderr
    assert "3 entries read, 0 set aside; 3 papers in the graph, 3 new." in built.stdout
    assert all(len(line) <= 80 for line in built.stdout.splitlines() if "kg-graph" not in line)
    assert "Graph unchanged" in kg("build", str(feed)).stdout
    assert "TinyCLIP-Net" in kg("query", "introducing").stdout
    answer = kg(
        "cypher", "MATCH (p:Paper) RETURN p.id AS id ORDER BY id LIMIT $n", "--param", "n=1", "--format", "json"
    )
    assert json.loads(answer.stdout) == [{"id": "arxiv:2401.00001"}]
    lines = [json.loads(line) for line in kg("export").stdout.splitlines()]
    assert sum(line.get("label") == "Paper" for line in lines) == 3
    assert "Paper" in kg("info").stdout
    assert kg("export", "--format", "csv", "-o", "tables").returncode == 0


def test_extract_prints_json_and_nothing_else(kg: Kg) -> None:
    done = kg("extract", "-", stdin=as_jsonl(PAPERS))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(record) for record in records] == [{"id", "title", "entities", "results", "links"}] * 3
    assert set(records[0]["entities"][0]) == {"name", "type", "role", "surfaces", "mentions"}
    assert records[0]["links"] == [{"url": "https://github.com/Example-Lab/tinyclip-net", "kind": "repository"}]
    assert done.stderr == ""


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_query_formats_hold_the_same(kg: Kg, graph: Path, form: str) -> None:
    done = kg("query", "used-with", "--name", "clip", "--graph", str(graph), "--format", form)
    assert done.returncode == 0, done.stderr
    assert "ImageNet" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80 or form in ("jsonl", "csv")


BAD_FEEDS = {
    "truncated.jsonl.gz": gzip.compress(as_jsonl(PAPERS).encode() * 400)[:-300],
    "words.txt": b"just words\n",
    "binary.bin": bytes(range(256)) * 100,
    "broken.jsonl": b"{a\n{b\n",
}


@pytest.mark.parametrize("name", BAD_FEEDS)
def test_a_bad_feed_is_one_line_and_the_graph_still_answers(kg: Kg, feed: Path, tmp_path: Path, name: str) -> None:
    kg("build", str(feed))
    (tmp_path / name).write_bytes(BAD_FEEDS[name])
    assert name in one_line(kg("build", str(feed), name), 1)
    assert "TinyCLIP-Net" in kg("query", "introducing").stdout


def test_broken_lines_are_counted_and_the_rest_is_loaded(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text(as_jsonl(PAPERS[:2]) + "{broken\n")
    done = kg("build", "some.jsonl")
    assert "1 record set aside in kg-graph/set-aside.jsonl" in one_line(done, 1)
    assert "2 papers in the graph" in done.stdout
    assert kg("build", "some.jsonl", "--lenient").returncode == 0


def test_one_id_with_several_texts_is_told_and_shown(kg: Kg, tmp_path: Path) -> None:
    other: dict[str, object] = {**PAPERS[0], "title": "Another Paper", "abstract": "It names CIFAR-10."}
    newer: dict[str, object] = {**PAPERS[1], "title": "Segmentation by Talking"}
    (tmp_path / "one.jsonl").write_text(as_jsonl(PAPERS))
    (tmp_path / "two.jsonl").write_text(as_jsonl([other, newer]))
    done = kg("build", "one.jsonl", "two.jsonl")
    assert "arxiv:2401.00001 is another paper already, number 1 of one" in one_line(done, 1)
    assert "4 entries read, 1 set aside; 3 papers in the graph, 3 new." in done.stdout
    assert "1 paper with a newer text, 1 with another title; see kg info --twice\n" in done.stdout
    assert "1 set aside for an id that is another paper's; see kg-graph/set-aside.jsonl\n" in done.stdout
    shown = kg("info", "--twice").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert "another paper" in shown
    texts = [json.loads(line) for line in kg("info", "--twice", "--format", "jsonl").stdout.splitlines()]
    assert [(text["which"], text["feed"], text["abstract"]) for text in texts] == [
        ("holds", "one", PAPERS[0]["abstract"]),
        ("another paper", "two", other["abstract"]),
        ("older text", "one", PAPERS[1]["abstract"]),
        ("holds", "two", PAPERS[1]["abstract"]),
    ]
    assert "--graph" in one_line(kg("info", "--twice", "--store", "neo4j://localhost"), 2)
    assert "holds no graph" in one_line(kg("info", "--twice", "--graph", "nosuch"), 1)


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (["build", "missing.txt"], 1, "no such file"),
        (["build"], 2, "FEED"),
        (["nosuch"], 2, "nosuch"),
        (["query", "nosuch"], 2, "no query is called"),
        (["query", "find"], 2, "needs --name"),
        (["query", "find", "--name", "x"], 1, "holds no graph"),
        (["query", "naming", "--nosuch", "1"], 2, "no parameter"),
        (["query", "--format", "xml"], 2, "no output format"),
        (["cypher", "CREATE (n:Paper)"], 1, "CREATE"),
        (["cypher", "RETURN 1"], 1, "holds no graph"),
        (["cypher", "RETURN 1", "--param", "x"], 2, "NAME=VALUE"),
        (["export", "--format", "xml"], 2, "no format"),
        (["view", "used-with", "--around", "x"], 2, "one of"),
        (["view", "--store", "ftp://x"], 2, "no store"),
        (["extract", "--format", "xml", "x"], 2, "jsonl"),
        (["evaluate", "missing.jsonl", "missing.txt"], 1, "cannot be read"),
    ],
)
def test_wrong_use_is_one_line(kg: Kg, args: list[str], status: int, says: str) -> None:
    assert says in one_line(kg(*args), status)


@pytest.mark.skipif(os.name == "nt", reason="permissions work otherwise on Windows")
def test_an_unwritable_folder_is_one_line(kg: Kg, feed: Path) -> None:
    # Not even root can make a folder there.
    assert "cannot be written" in one_line(kg("build", str(feed), "--graph", "/proc/kg-graph"), 1)


def test_a_control_character_does_not_reach_the_terminal(kg: Kg) -> None:
    record: dict[str, object] = {
        "title": "Red \u001b[31m FooNet: a Net",
        "abstract": "We propose FooNet, which is good.",
    }
    kg("build", "-", stdin=as_jsonl([record]))
    assert "\u001b" not in kg("query", "introducing").stdout


def test_why_says_the_reason_and_shows_the_sentence(kg: Kg, graph: Path) -> None:
    done = kg("why", "ViR", "Vision Retention Networks", "--graph", str(graph))
    assert done.returncode == 0, done.stderr
    assert "are one node" in done.stdout
    assert "handle semantic segmentation" in done.stdout
    assert "are not one node" in kg("why", "CLIP", "ViR", "--graph", str(graph)).stdout
    assert "kg build" in one_line(kg("why", "A", "B"), 1)


def test_a_curation_line_works_and_is_undone_with_the_line(kg: Kg, feed: Path, tmp_path: Path) -> None:
    kg("build", str(feed))
    ask = ("cypher", "MATCH (n:Dataset) RETURN n.name AS name ORDER BY name", "--format", "csv")
    before = kg(*ask).stdout
    (tmp_path / "kg-graph" / "curation.toml").write_text('drop = ["ImageNet"]\n')
    kg("build", str(feed))
    assert "ImageNet" in before
    assert "ImageNet" not in kg(*ask).stdout
    (tmp_path / "kg-graph" / "curation.toml").write_text("drop = [\n")
    assert "curation.toml" in one_line(kg("build", str(feed)), 1)
    (tmp_path / "kg-graph" / "curation.toml").unlink()
    kg("build", str(feed))
    assert kg(*ask).stdout == before


def test_review_lists_lines_for_the_curation_file(kg: Kg, tmp_path: Path) -> None:
    papers = [
        {"title": f"{name}: A Model for Rivers", "abstract": f"We introduce {name}, a model. {name} outperforms BERT."}
        for name in ("RiverFormer", "RiverFormr")
    ]
    (tmp_path / "near.jsonl").write_text(as_jsonl(papers))
    kg("build", "near.jsonl")
    done = kg("review", "--format", "json")
    assert done.returncode == 0, done.stderr
    (doubt,) = json.loads(done.stdout)
    assert {doubt["one"], doubt["other"]} == {"RiverFormer", "RiverFormr"}
    (tmp_path / "kg-graph" / "curation.toml").write_text(f"{doubt['line for curation.toml']}\n")
    kg("build")
    assert json.loads(kg("review", "--format", "json").stdout) == []
    assert kg("why", "RiverFormer", "RiverFormr").stdout.startswith("“RiverFormer” and “RiverFormr” are one node")


def test_help_and_version(kg: Kg) -> None:
    assert kg("--version").stdout.startswith("paper-kg ")
    for args in ([], ["--help"], ["build", "--help"]):
        done = kg(*args)
        assert done.returncode == 0
        assert "Usage" in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80


def test_remove_and_a_build_without_feeds(kg: Kg, feed: Path) -> None:
    assert "name a feed" in one_line(kg("build"), 2)
    kg("build", str(feed))
    done = kg("remove", "2401.00001")
    assert done.returncode == 0, done.stderr
    assert "2 papers in the graph, 0 new, 1 removed." in " ".join(done.stdout.split())
    assert "no paper" in one_line(kg("remove", "2401.00001"), 2)
    assert "--feed" in one_line(kg("remove"), 2)
    assert "Graph unchanged" in kg("build").stdout
    assert "3 papers in the graph, 1 new" in kg("build", str(feed)).stdout
    assert "0 papers in the graph" in kg("remove", "--feed", "three").stdout


def test_engines_that_are_not_there(kg: Kg, feed: Path) -> None:
    assert "local, ray" in one_line(kg("build", str(feed), "--engine", "spark"), 2)
    assert "--engine ray" in one_line(kg("build", str(feed), "--address", "host:1"), 2)
    assert "workers" in one_line(kg("build", str(feed), "--workers", "0"), 2)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_new_says_what_a_second_feed_brought(kg: Kg, tmp_path: Path, form: str) -> None:
    for name, records in (("monday", PAPERS[:2]), ("tuesday", PAPERS[1:])):
        (tmp_path / f"{name}.jsonl").write_text(as_jsonl(records))
        kg("build", f"{name}.jsonl")
    for args in (("--since", "monday"), ("--feed", "tuesday.jsonl")):
        done = kg("new", *args, "--format", form)
        assert done.returncode == 0, done.stderr
        assert "A Study without an Identifier" in done.stdout
        assert "Segmenting with Words" not in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80 or form != "table"
    assert "Segmenting with Words" in kg("new", "--since", "2024-02-01", "--format", form).stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "give either --since"),
        (["--since", "a", "--feed", "b"], "give either --since"),
        (["--since", "yesterday"], "is not a day such as"),
        (["--since", "2024-01-01", "--format", "xml"], "no output format"),
    ],
)
def test_wrong_use_of_new_is_one_line(kg: Kg, graph: Path, args: list[str], says: str) -> None:
    assert says in one_line(kg("new", *args, "--graph", str(graph)), 2)


def test_columns_encoding_and_format_can_be_said(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(
        "Kopf;Text\nGrößeNet;We propose GrößeNet, which is evaluated on COCO.\n".encode("cp1252")
    )
    said = ("--as", "csv", "--map", "title=Kopf", "--map", "abstract=Text", "--encoding", "cp1252")
    assert "GrößeNet" in kg("extract", "t.csv", *said).stdout
    assert "1 paper in the graph" in kg("build", "t.csv", *said).stdout
    assert "FIELD=COLUMN" in one_line(kg("build", "t.csv", "--map", "x"), 2)
    assert "no format 'xls'" in one_line(kg("build", "t.csv", "--as", "xls"), 2)
    assert "no encoding" in one_line(kg("extract", "t.csv", "--encoding", "x"), 2)


@pytest.mark.parametrize(("feed", "says"), [("https://example.org/feed.xml", "kg fetch"), (".", "holds no feed")])
def test_an_address_and_a_folder_are_no_feeds(kg: Kg, feed: str, says: str) -> None:
    done = kg("build", feed)
    assert says in one_line(done, done.returncode)
    assert done.returncode
