"""A package that somebody else wrote adds a type of thing to the graph, by entry points alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("label", ["Paper", "MODEL", "Uses", "Order", "CREATE"])
def test_a_label_that_is_taken_is_refused(kg: Run, site: Path, label: str) -> None:
    points = next(site.glob("*.dist-info")) / "entry_points.txt"
    before = points.read_text()
    points.write_text(before.replace("Hardware =", f"{label} ="))
    try:
        refused = kg("extract", "feed.jsonl")
    finally:
        points.write_text(before)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"kg: paper-kg-hardware: '{label}' cannot be the label of a type")


def test_a_plug_in_without_its_module_is_one_line(kg: Run, site: Path) -> None:
    module = site / "paper_kg_hardware.py"
    text = module.read_text()
    module.unlink()
    try:
        refused = kg("extract", "feed.jsonl", "--workers", "1")
    finally:
        module.write_text(text)
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("kg: paper-kg-hardware: ")
    assert "module paper_kg_hardware is missing" in refused.stderr


ASKED = """
import json, sys
from kg.ask.backing import Backing
from kg.ask.news import news_since
from kg.ask.profile import profile
from kg.stores import open_store
store = open_store("g")
print(json.dumps({
    "alone": store.read("MATCH (h:Hardware) RETURN h.id").rows,
    "filtered": store.read("MATCH (h:Hardware {name: $n}) RETURN count(h) AS n", {"n": "H100"}).rows,
    "with others": store.read("MATCH (n:Hardware|Model) RETURN count(n) AS n").rows,
    "optional": store.read("OPTIONAL MATCH (p:Paper)-[:USES]->(h:Hardware) RETURN h.name, h.aliases").rows,
    "asked": store.ask("MATCH (h:Hardware) RETURN count(*) AS n").rows,
    "new": sorted(thing.id for thing in news_since(store, "1900-01-01").things),
    "profile": [s["title"] for s in profile(Backing("g"), sys.argv[1])["sections"]],
}))
"""


def test_its_type_is_empty_until_the_graph_is_built_with_it(kg: Run, site: Path, tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text(json.dumps({**PAPER, "date": "2024-01-02"}) + "\n")
    plain = [sys.executable, "-m", "kg", "build", "feed.jsonl", "--graph", "g"]
    subprocess.run(plain, capture_output=True, cwd=tmp_path, check=True)

    def asked(thing: str) -> dict[str, Any]:
        environment = {**os.environ, "PYTHONPATH": str(site)}
        command = [sys.executable, "-c", ASKED, thing]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
        assert done.stderr == ""
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    before = asked("model:bert")
    assert (before["alone"], before["filtered"], before["asked"]) == ([], [[0]], [[0]])
    assert before["with others"][0][0] > 0
    assert before["optional"] == [[None, None]]
    assert "Hardware,0," in kg("info", "--format", "csv", "--graph", "g").stdout.replace('"', "")
    assert kg("build", "--graph", "g").returncode == 0
    after = asked("hardware:h100")
    assert "hardware:h100" in after["new"]
    assert after["filtered"] == [[1]]
    assert after["profile"]


def test_a_label_must_be_one_that_both_stores_can_read_bare() -> None:
    """The words that are refused are those that the engine cannot take, and the schema's own names."""
    import ladybug

    from kg.plugins import is_sound
    from kg.schema import NODES, RELATIONSHIPS
    from kg.stores.ladybug import create_tables

    taken = [n.label for n in NODES] + [r.name for r in RELATIONSHIPS]
    assert [name for name in taken if is_sound(name.capitalize()) or is_sound(name)] == []
    assert [name for name in ("Order", "CREATE", "Group", "Table", "For", "Options") if is_sound(name)] == []
    connection = ladybug.Connection(ladybug.Database(":memory:"))
    create_tables(connection)
    for name in ("Hardware", "Language", "Key", "Label", "Project", "Graph", "Type", "Set2"):
        assert is_sound(name)
        connection.execute(f"CREATE NODE TABLE `{name}`(id STRING, PRIMARY KEY(id))")
        connection.execute(f"MATCH (n:Paper|{name}) RETURN count(n)")
        connection.execute(f"MATCH (n:{name}) RETURN count(n)")


def test_an_undeclared_type_is_refused() -> None:
    assert installed() == ()
    with pytest.raises(UsageError, match="no installed package declares the type 'Hardware'"):
        add_mentions(spacy.blank("en")("Eight H100s."), "Hardware", [(6, 11)])
