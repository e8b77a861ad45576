"""Resolution seen from a graph folder: curation takes effect on the next build, and the ledger explains the graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.ask.explain import review_graph, why_in_graph
from kg.errors import SourceError, StoreError
from kg.pipeline import build
from kg.stores import open_store

PAPERS = [
    ("We evaluate CLIP, BERT and ResNet on MS-COCO.", "2401.00001"),
    (
        "Bidirectional Encoder Representations from Transformers (BERT) and ResNet-50 are compared on COCO.",
        "2401.00002",
    ),
]


def rows(graph: Path, cypher: str) -> list[tuple[object, ...]]:
    store = open_store(str(graph))
    try:
        return list(store.read(cypher).rows)
    finally:
        store.close()


@pytest.fixture
def feed(tmp_path: Path) -> str:
    path = tmp_path / "feed.jsonl"
    lines = [json.dumps({"title": f"Paper {i}", "abstract": text, "arxiv_id": i}) for text, i in PAPERS]
    path.write_text("\n".join(lines))
    return str(path)


def test_a_line_takes_effect_and_undoing_it_undoes_the_effect(feed: str, tmp_path: Path) -> None:
    graph, query = tmp_path / "g", "MATCH (n:Dataset)<-[]-(p:Paper) RETURN n.name, p.id ORDER BY n.name, p.id"
    build([feed], graph, extractor="rules")
    before = rows(graph, query)
    assert [name for name, _ in before] == ["COCO", "COCO"]
    (graph / "curation.toml").write_text('different = [["COCO", "MS-COCO"]]\ndrop = ["CLIP"]\n')
    assert build([feed], graph, extractor="rules").changed
    assert [name for name, _ in rows(graph, query)] == ["COCO", "MS-COCO"]
    assert rows(graph, "MATCH (n:Model) WHERE n.name = 'CLIP' RETURN n.id") == []
    apart = why_in_graph(graph, "COCO", "MS-COCO", extractor="rules")
    assert (apart.same, apart.reasons[0].kind) == (False, "curated different")
    (graph / "curation.toml").unlink()
    build([feed], graph, extractor="rules")
    assert rows(graph, query) == before
    assert why_in_graph(graph, "COCO", "MS-COCO", extractor="rules").same


def test_a_size_is_a_variant_in_the_graph(feed: str, tmp_path: Path) -> None:
    build([feed], tmp_path / "g", extractor="rules")
    found = rows(tmp_path / "g", "MATCH (a:Model)-[r:VARIANT_OF]->(b:Model) RETURN a.name, b.name, r.reason")
    assert found == [("ResNet-50", "ResNet", "“ResNet-50” is “ResNet” with the size or version “50”")]


def test_an_error_in_the_file_is_one_line_and_leaves_the_graph(feed: str, tmp_path: Path) -> None:
    build([feed], tmp_path / "g", extractor="rules")
    (tmp_path / "g" / "curation.toml").write_text('\nsame = [["COCO"]]')
    with pytest.raises(SourceError, match=r"curation\.toml:2: each entry of same"):
        build([feed], tmp_path / "g", extractor="rules")
    assert rows(tmp_path / "g", "MATCH (n:Dataset) RETURN n.name") == [("COCO",)]


def test_a_folder_without_papers_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run kg build"):
        why_in_graph(tmp_path, "A", "B", extractor="rules")
    with pytest.raises(StoreError, match="run kg build"):
        review_graph(tmp_path, extractor="rules")
