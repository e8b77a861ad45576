"""A package that somebody else wrote adds a type of thing to the graph, by entry points alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy

import extractors
from extractors.plugins import add_mentions
from kg.errors import UsageError
from kg.plugins import installed

SOURCE = Path(__file__).parent / "hardware_plugin"
PAPER = {
    "title": "Training Small Things",
    "abstract": "We train TinyNet on ImageNet with eight H100 cards. One H-100 suffices for BERT; a TPU v4 is slower.",
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plug-in installed into it."""
    folder = tmp_path_factory.mktemp("site")
    work = tmp_path_factory.mktemp("source")
    for file in SOURCE.iterdir():
        if file.is_file():
            (work / file.name).write_bytes(file.read_bytes())
    install = ["pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", str(folder), str(work)]
    subprocess.run([sys.executable, "-m", *install], check=True)
    return folder


@pytest.fixture
def kg(site: Path, tmp_path: Path) -> Run:
    """The command line with the plug-in installed."""
    (tmp_path / "feed.jsonl").write_text(json.dumps(PAPER) + "\n")

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "80"}
        return subprocess.run(
            [sys.executable, "-m", "kg", *args], capture_output=True, text=True, cwd=tmp_path, env=environment
        )

    return run


def test_its_type_is_in_the_graph(kg: Run) -> None:
    built = kg("build", "feed.jsonl", "--graph", "g")
    assert (built.returncode, built.stderr) == (0, "")
    statement = "MATCH (p:Paper)-[r:USES]->(h:Hardware) RETURN h.id, h.papers, r.surfaces, r.extractor, r.evidence"
    rows = json.loads(kg("cypher", statement + " ORDER BY h.id", "--format", "json", "--graph", "g").stdout)
    assert [row["h.id"] for row in rows] == ["hardware:h100", "hardware:tpu-v4"]
    assert rows[0]["r.surfaces"] == ["H100", "H-100"]
    assert rows[0]["r.extractor"] == f"{extractors.version()}+paper-kg-hardware-0.3"
    assert rows[0]["r.evidence"] == "We train TinyNet on ImageNet with eight H100 cards."
    counts = kg("info", "--format", "csv", "--graph", "g").stdout
    assert "Hardware,2," in counts.replace('"', "")


def test_without_it_the_papers_are_read_again(kg: Run, tmp_path: Path) -> None:
    kg("build", "feed.jsonl", "--graph", "g")
    plain = [sys.executable, "-m", "kg", "build", "feed.jsonl", "--graph", "g"]
    built = subprocess.run(plain, capture_output=True, text=True, cwd=tmp_path)
    assert built.returncode == 0
    assert "Graph written" in built.stdout
    assert "Hardware" not in built.stdout


def test_a_label_that_is_taken_is_refused(kg: Run, site: Path) -> None:
    points = next(site.glob("*.dist-info")) / "entry_points.txt"
    before = points.read_text()
    points.write_text(before.replace("Hardware =", "Paper ="))
    try:
        refused = kg("extract", "feed.jsonl")
    finally:
        points.write_text(before)
    assert refused.returncode == 2
    assert refused.stderr.startswith("kg: paper-kg-hardware: 'Paper' cannot be the label of a type")


def test_an_undeclared_type_is_refused() -> None:
    assert installed() == ()
    with pytest.raises(UsageError, match="no installed package declares the type 'Hardware'"):
        add_mentions(spacy.blank("en")("Eight H100s."), "Hardware", [(6, 11)])
