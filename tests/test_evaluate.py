"""Scores against annotated abstracts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.errors import SourceError
from kg.evaluate import cases, evaluate, read_gold
from kg.extraction import as_json, extract
from kg.read import read
from kg.records import Entry


def record(
    *entities: tuple[str, str, str], results: tuple[str, ...] = (), links: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "title": "T",
        "entities": [{"name": n, "type": t, "role": r, "surfaces": [n]} for n, t, r in entities],
        "results": [{"model": "M", "dataset": "", "metric": "FID", "value": v, "task": ""} for v in results],
        "links": [{"url": u, "kind": "repository"} for u in links],
    }


def test_counts() -> None:
    gold = record(
        ("CLIP", "Model", "uses"), ("LoRA", "Method", "uses"), results=("3.5",), links=("https://github.com/a/b",)
    )
    given = record(
        ("CLIPs", "Model", "introduces"),
        ("X", "Model", "uses"),
        results=("3.5", "4"),
        links=("http://www.github.com/A/b.git/",),
    )
    scores = evaluate({"t": gold}, [given])
    assert (scores["Model"].found, scores["Model"].wrong, scores["Model"].missed) == (1, 1, 0)
    assert (scores["Method"].found, scores["Method"].missed) == (0, 1)
    assert (scores["role"].found, scores["role"].wrong) == (0, 1)
    assert scores["links"].f1 == 100
    assert (scores["results: value"].precision, scores["results: value"].recall) == (50, 100)


def test_a_missing_paper_counts_as_missed() -> None:
    assert evaluate({"t": record(("CLIP", "Model", "uses"))}, [])["Model"].missed == 1


def test_a_broken_gold_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text('{"no": "title"}\n')
    with pytest.raises(SourceError, match="no gold file"):
        read_gold(tmp_path / "gold.jsonl")


def test_it_agrees_with_the_independent_scorer(shared: Path, tmp_path: Path) -> None:
    feeds = [shared / "feeds" / f"hf-papers-{letter}.txt" for letter in "abc"]
    papers = {item.paper.id: item.paper for feed in feeds for item in read(str(feed)) if isinstance(item, Entry)}
    found = [as_json(paper, extraction) for paper, extraction in extract(papers.values())]
    (tmp_path / "found.jsonl").write_text("".join(json.dumps(item) + "\n" for item in found))
    gold = shared / "gold" / "dev.jsonl"
    scorer = [
        sys.executable,
        str(shared / "score" / "score_entities.py"),
        str(gold),
        str(tmp_path / "found.jsonl"),
        "--json",
    ]
    theirs = json.loads(subprocess.run(scorer, capture_output=True, check=True).stdout)
    ours = evaluate(read_gold(gold), found)
    for row in ("Model", "Dataset", "Task", "Metric"):
        assert abs(ours[row].f1 - theirs[row]["f1"]) < 0.5
    assert theirs["links (repository)"]["f1"] >= 98
    assert theirs["links (any URL)"]["f1"] >= 96


def test_cases_say_what_was_found_wrong_and_missed() -> None:
    gold = record(("CLIP", "Model", "uses"), ("LoRA", "Method", "uses"), results=("3.5",), links=("https://x.org/a",))
    given = record(("CLIP", "Model", "introduces"), ("X", "Task", "uses"), results=("4",), links=("https://x.org/b",))
    found = [(case.kind, case.name, case.verdict, case.wanted, case.given) for case in cases({"t": gold}, [given])]
    assert found == [
        ("Method", "LoRA", "missed", "uses", ""),
        ("Model", "CLIP", "found", "uses", "introduces"),
        ("Task", "X", "wrong", "", "uses"),
        ("link", "x.org/a", "missed", "", ""),
        ("link", "x.org/b", "wrong", "", ""),
        ("result", "3.5", "missed", "3.5 | FID | M | ", ""),
        ("result", "4", "wrong", "", "4 | FID | M | "),
    ]
