"""Decisions are written into the curation file without losing what a person wrote there."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.resolve.curation import read_curation
from tests.conftest import PAPERS, as_jsonl

OURS = """# Decided with Ada on Monday.
same = [["MS-COCO", "Microsoft COCO"]]  # the same pictures

[rename]
"llama" = "LLaMA"  # as its authors write it
"""


def test_comments_stay_and_nothing_is_written_twice(tmp_path: Path) -> None:
    file = tmp_path / "curation.toml"
    file.write_text(OURS)
    g = kg.open(tmp_path)
    assert (
        g.curate(same=[("SAM", "Segment Anything")], drop=["Ours"], rename={"llama": "LLaMA"}, retype={"MAE": "Model"})
        == 3
    )
    text = file.read_text()
    assert "# Decided with Ada on Monday." in text
    assert "# the same pictures" in text
    assert "# as its authors write it" in text
    kept = read_curation(file)
    assert kept.same == (("MS-COCO", "Microsoft COCO"), ("SAM", "Segment Anything"))
    assert (kept.drop, dict(kept.rename), dict(kept.retype)) == (("Ours",), {"llama": "LLaMA"}, {"MAE": "Model"})
    assert g.curate(same=[("Segment Anything", "SAM")], drop=["Ours"]) == 0
    assert file.read_text() == text


def test_a_contradiction_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "curation.toml").write_text(OURS)
    with pytest.raises(kg.UsageError, match="both same and different"):
        kg.open(tmp_path).curate(different=[("MS-COCO", "Microsoft COCO")])
    with pytest.raises(kg.UsageError, match="is not one of Model"):
        kg.open(tmp_path).curate(retype={"MAE": "Animal"})
    assert (tmp_path / "curation.toml").read_text() == OURS


def test_a_decision_holds_from_the_next_build_on(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text(as_jsonl(PAPERS))
    g = kg.build(tmp_path / "feed.jsonl", tmp_path / "g")
    names = "MATCH (n:Model) RETURN collect(n.name) AS names"
    assert "CLIP" in g.cypher(names)[0]["names"]
    assert g.curate(drop=["CLIP"]) == 1
    g.add()
    assert "CLIP" not in g.cypher(names)[0]["names"]
