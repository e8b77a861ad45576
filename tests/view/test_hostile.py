"""A graph whose every text attacks: in each view no script runs, no request leaves, and nothing breaks."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kg.records import ENTITY_TYPES
from kg.schema import NODE_BY_LABEL, RELATIONSHIP_BY_NAME
from kg.stores import open_store
from kg.tables import GraphRows
from tests.view.serving import Explorer, browsing, served
from tests.view.test_explorer import settled

ATTACKS = [
    "<img src=x onerror=window.__hit=1>",
    "</script><script>window.__hit=1</script>",
    "<!--<script>window.__hit=1//",
    "`${window.__hit=1}`",
    "\"'><svg onload=window.__hit=1>",
    "' OR 1=1 // \\\" \\' `",
    "\u202egnp.exe\u202c \u200frtl \u05e9\u05dc\u05d5\u05dd",
    "nul\x00 bell\x07 escape\x1b[31m",
    "javascript:window.__hit=1",
    "=HYPERLINK(\"https://evil.example\")",
    "../../etc/passwd?#&=%00",
    "$stage ${stage} {label} {{x}}",
    "lone \ud800 surrogate",
    "__proto__",
    "x" * 10_000,
]  # fmt: skip


def row(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name, _ in kind.properties}


@pytest.fixture(scope="module")
def hostile_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a graph whose titles, names, aliases, sentences and addresses attack."""
    rows = GraphRows()
    for number, text in enumerate(ATTACKS):
        paper = {
            "id": f"paper:{number} {text[:200]}", "name": text, "title": text, "abstract": f"{text}. {text}",
            "url": "javascript:window.__hit=1", "source": text,
        }  # fmt: skip
        rows.nodes.setdefault("Paper", []).append(row(NODE_BY_LABEL["Paper"], paper))
        fact = {
            "from": paper["id"], "surfaces": [text], "evidence": f"{text} in a sentence", "start": 0, "end": 10**6,
            "mentions": 1, "confidence": 0.5, "extractor": text, "reason": text,
        }  # fmt: skip
        for label in ENTITY_TYPES:
            thing = {"id": f"{label.lower()}:{number} {text[:200]}", "name": text, "aliases": [text, "x"], "papers": 2}
            rows.nodes.setdefault(label, []).append(row(NODE_BY_LABEL[label], thing))
            facts = row(RELATIONSHIP_BY_NAME["USES"], fact) | {"from": paper["id"], "to": thing["id"]}
            role = "INTRODUCES" if label == "Model" else "EVALUATES_ON"
            rows.relationships.setdefault((role, "Paper", label), []).append(facts)
        result = {"id": f"{paper['id']}#1", "name": text, "value": 1.5, "unit": text, "text": text}
        rows.nodes.setdefault("Result", []).append(row(NODE_BY_LABEL["Result"], result))
        reports = row(RELATIONSHIP_BY_NAME["REPORTS"], fact) | {"from": paper["id"], "to": result["id"]}
        rows.relationships.setdefault(("REPORTS", "Paper", "Result"), []).append(reports)
        for type_, label in (("ON_DATASET", "Dataset"), ("OF_MODEL", "Model"), ("IN_METRIC", "Metric")):
            ends = {"from": result["id"], "to": f"{label.lower()}:{number} {text[:200]}"}
            rows.relationships.setdefault((type_, "Result", label), []).append(ends)
        for label in ("Page", "Repository"):
            page = {"id": f"{label} {number} {text[:200]}", "name": text, "kind": text, "host": text, "owner": text,
                    "url": f"data:text/html,{text}"}  # fmt: skip
            rows.nodes.setdefault(label, []).append(row(NODE_BY_LABEL[label], page))
            type_ = "LINKS_TO" if label == "Page" else "HAS_CODE"
            ends = row(RELATIONSHIP_BY_NAME[type_], fact) | {"from": paper["id"], "to": page["id"]}
            rows.relationships.setdefault((type_, "Paper", label), []).append(ends)
        feed = {"id": f"feed {number} {text[:200]}", "name": text}
        rows.nodes.setdefault("Feed", []).append(row(NODE_BY_LABEL["Feed"], feed))
        lists = {"from": feed["id"], "to": paper["id"], "rank": 1}
        rows.relationships.setdefault(("LISTS", "Feed", "Paper"), []).append(lists)
    folder = tmp_path_factory.mktemp("hostile") / "g"
    store = open_store(str(folder))
    store.replace(rows)
    store.close()
    return folder


@pytest.fixture(scope="module")
def explorer(hostile_graph: Path) -> Iterator[Explorer]:
    with served("--graph", str(hostile_graph)) as running:
        yield running


def stored(explorer: Explorer, cypher: str) -> list[Any]:
    status, _, body = explorer.ask(f"/api/ask?{urlencode({'cypher': cypher})}")
    assert status == 200, body
    return [row[0] for row in json.loads(body)["rows"]]


def test_no_answer_can_end_an_element_or_turn_the_text(explorer: Explorer) -> None:
    ids = [cell["node"]["id"] for cell in stored(explorer, "MATCH (n:Model) RETURN n ORDER BY n.id")]
    assert len(ids) == len(ATTACKS)
    for key in ids:
        for name in ("node", "profile", "graph"):
            query = urlencode({"around" if name == "graph" else "id": key})
            status, headers, body = explorer.ask(f"/api/{name}?{query}")
            assert status == 200, body
            assert headers["content-type"] == "application/json"
            assert body.isascii()
            assert not set("<>&") & set(body)
            names = json.dumps([one["name"] for one in json.loads(body).get("nodes", [])], ensure_ascii=False)
            assert not set("\u202e\u202c\u200f\x00\x07\x1b") & set(names)
            assert max(map(len, names.split('", "'))) < 400


@pytest.mark.browser
def test_no_script_runs_and_no_request_leaves(chromium: Any, explorer: Explorer, request: Any) -> None:
    ids = [cell["node"]["id"] for cell in stored(explorer, "MATCH (n:Dataset) RETURN n ORDER BY n.id")]
    models = [cell["node"]["id"] for cell in stored(explorer, "MATCH (n:Model) RETURN n ORDER BY n.id")]
    odd = ":is(#page, #panel, #found, #legend, #table-view, .top) :is(img, svg, script, iframe, object, embed)"
    with browsing(chromium, explorer, request.node.name) as opened:
        page = opened(explorer.url)

        def check() -> None:
            settled(page)
            assert page.evaluate("document.documentElement.dataset.state") == "drawn", page.url
            assert page.evaluate("window.__hit") is None
            assert page.locator(odd).count() == 0
            addresses = page.evaluate("[...document.querySelectorAll('a[href]')].map((link) => link.protocol)")
            assert set(addresses) <= {"http:", "https:"}
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        check()
        for number, key in enumerate(ids):
            page.goto(explorer.at(v="thing", id=key))
            check()
            page.goto(explorer.at(v="graph", around=models[number], sel=models[number], add=key))
            check()
            page.locator("#panel .members button").first.click()
            check()
            page.evaluate("KG.app.workspace.graph.edges.forEach((_, at) => KG.app.workspace.chooseEdge(at))")
            page.evaluate(
                """() => {
                  const { workspace } = KG.app;
                  const tip = document.getElementById("tip");
                  workspace.graph.nodes.forEach((_, number) => workspace.tip(tip, number, null, { x: 1, y: 1 }));
                }"""
            )
            page.evaluate("KG.app.workspace.save('svg', KG.app.workspace)")
        page.goto(explorer.at(v="graph", cypher="MATCH (p:Paper)-[r]->(x) RETURN p, r, x", rows=5000))
        check()
        page.get_by_role("button", name="Table").click()
        check()
        page.goto(
            explorer.at(v="ask", cypher="MATCH (p:Paper)-[r]->(x) RETURN p, r, x, p.title, x.aliases, r.evidence")
        )
        check()
        for text in ("<img", "script", "`", "__proto__", "javascript", "x" * 60, "\u05e9"):
            page.locator("#search").fill(text)
            page.wait_for_timeout(150)
            check()
            page.keyboard.press("Escape")
        for query in ("papers/naming", "benchmarks/leaderboard"):
            for text in ATTACKS[:6]:
                page.goto(explorer.at(v="ask", query=query, **{"p_name" if "naming" in query else "p_data": text}))
                check()
        page.goto(f"{explorer.url}?v=__proto__&around={'%3Cimg%20src=x%20onerror=window.__hit=1%3E'}")
        check()


@pytest.mark.browser
def test_what_is_saved_cannot_run_either(chromium: Any, explorer: Explorer, request: Any, tmp_path: Path) -> None:
    with browsing(chromium, explorer, request.node.name) as opened:
        page = opened(explorer.at(v="graph", cypher="MATCH (p:Paper)-[r]->(x:Model) RETURN p, r, x"))
        for form in ("svg", "csv", "graphml", "json"):
            page.get_by_role("button", name="Save").click()
            with page.expect_download() as download:
                page.locator(f"#saves [data-form={form}]").click()
            file = tmp_path / f"saved.{form}"
            download.value.save_as(file)
            text = file.read_text(encoding="utf-8")
            if form in ("svg", "graphml"):
                tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(text).iter()}  # noqa: S314 - ours
                drawn = {"svg", "title", "rect", "path", "circle", "polygon", "g", "text"}
                assert tags <= (drawn if form == "svg" else {"graphml", "key", "graph", "node", "edge", "data"})
            if form == "csv":
                assert not [line for line in text.splitlines() if line.startswith(("=", "+", "@"))]
                assert "'=HYPERLINK" in text
            if form == "json":
                assert len(json.loads(text)["nodes"]) == 2 * len(ATTACKS)
