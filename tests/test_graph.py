"""The one door: what scripts and notebooks rely on (the code of the design page runs here as it stands)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import networkx as nx
import pytest

import kg
from kg.records import Node
from kg.schema import NODE_BY_LABEL
from tests.conftest import PAPERS, as_jsonl


@pytest.fixture(scope="module")
def g(graph: Path) -> kg.Graph:
    return kg.open(graph)


def test_what_scripts_rely_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("feed.jsonl").write_text(as_jsonl(PAPERS))
    g = kg.build("feed.jsonl", "g", min_confidence=0.7)
    rows = g.query("models/used-with", name="CLIP", limit=50)
    rows = g.cypher(
        "MATCH (p:Paper)-[r]->(m:Model {name: $m}) RETURN p.title AS title, r.evidence AS evidence ORDER BY title",
        m="CLIP",
    )
    assert rows.columns == ("title", "evidence")
    assert all(isinstance(row, Mapping) for row in rows)
    assert list(rows) == rows.to_dicts()
    assert list(rows)
    assert rows.to_arrow().num_rows == len(rows)
    net = g.around("CLIP", most=120).to_networkx()
    assert isinstance(net, nx.MultiDiGraph)
    assert net.nodes["model:clip"]["name"] == "CLIP"
    assert all("evidence" in data for _, end, data in net.edges(data=True) if end == "model:clip")
    assert [row["name"] for row in g.search("imagenet", type="Dataset")] == ["ImageNet"]
    assert g.new(since="2024-02-01").papers[0].title == "Segmenting with Words"
    assert not g.why("CLIP", "ImageNet").same
    g.export("x.graphml")
    nodes = sum(row["count"] for row in g.info() if row["type"] in NODE_BY_LABEL)
    assert nx.read_graphml("x.graphml").number_of_nodes() == nodes
    e = kg.extract(
        "RiverNet", "We introduce RiverNet, a model for image classification. It reaches 81.2% accuracy on ImageNet."
    )
    assert {entity.name for entity in e.entities} >= {"RiverNet", "ImageNet"}
    assert e.links == ()
    assert kg.nlp() is kg.nlp()


def test_it_is_given_back_by_with_and_opens_again(graph: Path) -> None:
    with kg.open(str(graph)) as g:
        assert g.cypher("RETURN 1 AS one").rows == ((1,),)
    assert g.cypher("RETURN 1 AS one")[0] == {"one": 1}


def test_parameters_called_like_our_own_are_parameters(g: kg.Graph) -> None:
    statement = "RETURN $statement AS a, $limit AS b, $query AS c, $rows AS d"
    assert g.cypher(statement, statement="s", limit=2, query="q", rows=4).rows == (("s", 2, "q", 4),)


def test_limits_belong_to_the_graph(graph: Path) -> None:
    few = kg.open(graph, rows=2)
    rows = few.cypher("UNWIND range(1, 5) AS n RETURN n")
    assert (len(rows), rows.cut) == (2, True)
    assert len(kg.open(graph, rows=None).cypher("UNWIND range(1, 2500) AS n RETURN n")) == 2500


def test_a_named_query_takes_values_and_refuses_wrong_ones(g: kg.Graph) -> None:
    assert len(g.query("models/most-named", limit=1)) == 1
    for wrong in (True, 1.5, "many"):
        with pytest.raises(kg.UsageError, match="--limit takes a whole number"):
            g.query("models/most-named", limit=wrong)
    with pytest.raises(kg.UsageError, match="has no parameter --many"):
        g.query("models/most-named", many=1)


def test_a_name_that_fits_nothing_is_answered_with_the_nearest(g: kg.Graph) -> None:
    with pytest.raises(kg.UsageError, match="nothing in the graph is called 'Imagenett'; did you mean ImageNet"):
        g.around("Imagenett")


def test_a_path_has_its_ways(g: kg.Graph) -> None:
    found = g.path("ADE20K", "CLIP")
    assert found.ways[0][0] == "dataset:ade20k"
    assert found.ways[0][-1] == "model:clip"
    assert {node.id for node in found.nodes} == {key for way in found.ways for key in way}


def test_what_needs_the_ledger_is_refused_on_a_server() -> None:
    server = kg.open("neo4j://nowhere.invalid")
    for call in (
        lambda: server.add("feed.jsonl"),
        lambda: server.remove(["x"]),
        lambda: server.why("a", "b"),
        lambda: server.review(),
        lambda: server.load(server),
    ):
        with pytest.raises(kg.UsageError, match="on a server; do it in the graph folder"):
            call()


def test_they_show_themselves_in_a_notebook(g: kg.Graph) -> None:
    rows = kg.Rows(
        ("<b>", "n"), (("<script>alert(1)</script>", Node("Model", {"id": "model:x", "name": "A&B"})),), cut=True
    )
    shown = rows._repr_html_()
    assert "<script>" not in shown
    assert "A&amp;B" in shown
    assert "limit" in shown
    picture = g.around("CLIP")._repr_html_()
    assert picture.startswith("<iframe sandbox=")
    assert "allow-same-origin" not in picture
    assert "<script>" not in picture  # all of it is inside the attribute, escaped
    entities = kg.extract("RiverNet <i>", "We introduce RiverNet.")._repr_html_()
    assert "RiverNet" in entities
    assert "<i>" not in entities


def test_frames_refuse_what_they_cannot_hold() -> None:
    with pytest.raises(kg.UsageError, match="two columns are called 'a'"):
        kg.Rows(("a", "a"), ((1, 2),)).to_arrow()
    with pytest.raises(kg.UsageError, match="'a' holds values of different types"):
        kg.Rows(("a",), ((1,), ("x",))).to_arrow()


def test_import_loads_nothing_heavy() -> None:
    code = (
        "import sys, kg; print([m for m in ('spacy', 'numpy', 'pyarrow', 'typer', 'extractors') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kg.nothing  # noqa: B018


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, g: kg.Graph) -> None:
    for package, call in (("pandas", lambda: g.info().to_pandas()), ("polars", lambda: g.info().to_polars())):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(kg.UsageError, match=rf"{package} is not installed; .*'paper-kg\[{package}\]'"):
            call()


@pytest.mark.parametrize("way", ["file", "standard input"])
def test_a_script_needs_no_guard(way: str, graph: Path, tmp_path: Path) -> None:
    """Statements and large builds run in processes of their own, which must not run the caller's script again."""
    script = (
        f"import kg\nprint('once')\nprint(kg.open({str(graph)!r}).cypher('RETURN 1 AS one').rows)\n"
        "from kg.extraction import Engine, extract_texts\n"
        "print(len(list(extract_texts(['We introduce RiverNet.'] * 3, 'rules', Engine(workers=2)))))\n"
    )
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, str(tmp_path / "script.py")] if way == "file" else [sys.executable, "-"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert done.stdout == "once\n((1,),)\n3\n", done.stderr
