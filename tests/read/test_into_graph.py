"""What reading says of papers, on its way into a graph: withdrawn papers, remarks, folders, old ledgers."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import rispy

from kg.folder.ledger import Ledger
from kg.pipeline import build
from kg.records import Entry, Feed, Paper
from kg.resolve import join_papers
from kg.stores import open_store
from tests.read.conftest import Parse


def test_a_folder_is_built_and_said(tmp_path: Path) -> None:
    feeds, graph = tmp_path / "feeds", tmp_path / "g"
    feeds.mkdir()
    lines = [
        {"title": "WITHDRAWN: RiverNet", "abstract": "We present RiverNet.", "date": "Smarch"},
        {"title": "TreeNet", "abstract": "We present TreeNet.", "date": "Smarch 2"},
    ]
    (feeds / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (feeds / "b.csv").write_text("title,abstract\n")
    (feeds / "LICENSE").write_text("All rights reserved\n")
    summary = build([str(feeds)], graph, extractor="rules")
    assert (summary.entries, summary.papers) == (2, 2)
    dates, no_feed = summary.remarks.lines
    assert dates.startswith("2 × a date is not understood; the first: ")
    assert dates.endswith("a.jsonl, paper 1: 'Smarch'")
    assert "1 × a file in the folder is no feed" in no_feed
    rows = open_store(str(graph)).read("MATCH (p:Paper) RETURN p.title, p.withdrawn ORDER BY p.title").rows
    assert [tuple(row) for row in rows] == [("TreeNet", None), ("WITHDRAWN: RiverNet", True)]


def test_an_empty_feed_makes_an_empty_graph(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    summary = build([str(tmp_path / "empty.jsonl")], tmp_path / "g", extractor="rules")
    assert (summary.entries, summary.papers, summary.set_aside.count) == (0, 0, 0)


def test_a_ledger_of_an_older_version_is_read_and_added_to(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    old = Entry(Paper("arxiv:2503.00001", "River", "We present RiverNet.", authors=("Ada Quill",)), Feed("f"), 1)
    ledger.add_entries([old])
    (part,) = ledger.parts()
    pq.write_table(pq.read_table(part).drop_columns(["withdrawn"]), part)
    assert list(ledger.entries()) == [old]
    assert ledger.add_entries([old]) == 0, "an entry that says nothing new is known"
    gone = Entry(Paper("arxiv:2503.00002", "Tree", "We present TreeNet.", withdrawn=True), Feed("f"), 2)
    assert ledger.add_entries([gone]) == 1
    assert ledger.remove_entries(lambda entry: entry.rank == 2 or entry.rank == 1) == 0
    ledger.remove_entries(lambda entry: entry.rank == 2)
    assert [entry.paper.withdrawn for entry in ledger.entries()] == [True]


def test_a_paper_that_one_source_says_is_withdrawn_is() -> None:
    entries = [
        Entry(Paper("arxiv:2503.00001", "River", "We present RiverNet.", withdrawn=True), Feed("f"), 1),
        Entry(Paper("arxiv:2503.00001", "River", "We present RiverNet."), Feed("g"), 1),
    ]
    (paper,), _ = join_papers(entries)
    assert paper.withdrawn is True


def test_rispy_reads_the_same_of_well_kept_references(parse: Parse) -> None:
    text = (
        "TY  - JOUR\nAU  - Quill, Ada\nAU  - Stern, Bo\nTI  - River Nets\nAB  - We present RiverNet.\nPY  - 2019\n"
        "DO  - 10.1234/r.1\nER  - \n\nTY  - CONF\nAU  - Stern, Bo\nTI  - Tree Nets\nAB  - We present TreeNet.\nER  - \n"
    )
    entries, _ = parse(text)
    other = rispy.loads(text)
    assert [(e.paper.title, e.paper.abstract) for e in entries] == [(r["title"], r["abstract"]) for r in other]
    turned = [tuple(" ".join(reversed(name.split(", "))) for name in r["authors"]) for r in other]
    assert [e.paper.authors for e in entries] == turned
