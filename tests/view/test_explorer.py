"""The served explorer in a real browser, on the graph of the bundled feed. `browsing` checks what each test leaves."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.datastructures import QueryParams

from kg.view.serve.ahead import question
from tests.view.serving import Explorer, browsing, served

Open = Callable[..., Any]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def explorer(sample_graph: Path) -> Iterator[Explorer]:
    with served("--graph", str(sample_graph)) as running:
        yield running


@pytest.fixture
def opened(chromium: Any, explorer: Explorer, request: pytest.FixtureRequest) -> Iterator[Open]:
    with browsing(chromium, explorer, request.node.name) as open_page:
        yield open_page


def settled(page: Any) -> None:
    """Wait until nothing is asked for any more."""
    page.wait_for_function("() => !document.documentElement.dataset.busy && document.documentElement.dataset.state")
    page.wait_for_load_state("networkidle")


def click_node(page: Any, key: str, double: bool = False) -> None:
    """Click where the node is drawn."""
    spot = page.evaluate(
        """(id) => {
          const { canvas, graph } = KG.app.workspace;
          const box = canvas.box.getBoundingClientRect();
          const spot = canvas.where(graph.number(id));
          return [box.left + spot.x, box.top + spot.y];
        }""",
        key,
    )
    if double:
        page.mouse.dblclick(*spot)
    else:
        page.mouse.click(*spot)


def places(page: Any) -> dict[str, list[float]]:
    """Where each node stands in the picture."""
    found: dict[str, list[float]] = page.evaluate(
        """() => {
          const { canvas, graph } = KG.app.workspace;
          const place = (number) => [canvas.x.get(number), canvas.y.get(number)];
          return Object.fromEntries(graph.nodes.map((node, number) => [node.id, place(number)]));
        }"""
    )
    return found


def shown(page: Any) -> set[str]:
    """The ids of the nodes that are not hidden."""
    return set(
        page.evaluate(
            "() => KG.app.workspace.graph.nodes.filter((_, n) => KG.app.workspace.graph.visible(n)).map((n) => n.id)"
        )
    )


# 1. The first screen


def test_the_first_screen_answers(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.url)
    tally = page.locator(".tally li").all_inner_texts()
    assert "80\nPapers" in [text.strip() for text in tally]
    headings = page.locator(".card h3").all_inner_texts()
    assert headings[:6] == ["Models", "Datasets", "Benchmarks", "Leaderboards", "New", "Papers"]
    assert page.locator(".card", has_text="introduced in sample, the last feed (80 papers)").count() == 1
    assert page.locator(".question").count() > 30
    page.locator(".card", has_text="Datasets").first.get_by_role("link", name="ImageNet").click()
    page.wait_for_url("**/?v=graph&around=dataset%3Aimagenet")
    settled(page)
    page.go_back()
    page.locator(".tally").wait_for()


def test_a_card_opens_its_question(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.url)
    page.locator(".question", has_text="The leaderboard of a dataset or benchmark").click()
    page.locator(".answer table").wait_for()
    assert "query=benchmarks%2Fleaderboard" in page.url


# 2. Search


def test_the_search_is_done_by_keyboard_alone_and_forgives_a_slip(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.url)
    page.keyboard.press("/")
    page.keyboard.type("imagnet")
    page.locator("#found .option", has_text="ImageNet").first.wait_for()
    assert page.locator("#found .option[aria-selected=true] .name").inner_text() == "ImageNet"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "found-1"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?v=graph&around=dataset%3Aimagenet")
    settled(page)
    page.locator("#search").fill("attention need")
    page.locator("#found .option", has_text="Attention Is All You Need").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    page.locator("#search").fill("zzzzzz")
    page.locator("#found .rest", has_text="Nothing has a name like this.").wait_for()


# 3. The graph


def test_a_click_shows_what_the_graph_knows_of_a_node(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    click_node(page, "model:clip")
    panel = page.locator("#panel")
    panel.locator("h2", has_text="CLIP").wait_for()
    panel.locator("mark").first.wait_for()
    assert "Contrastive Language" in panel.locator(".aliases").inner_text()
    assert panel.locator("h3", has_text="Used in").count() == 1
    assert "CLIP" in panel.locator("mark").all_inner_texts()
    panel.get_by_role("button", name="LAION-5B").click()
    panel.locator(".abstract").wait_for()
    assert panel.locator("a.out[target=_blank]").count() >= 1
    page.keyboard.press("Escape")
    panel.locator("h2", has_text="Around CLIP").wait_for()


def test_a_double_click_expands_moves_nothing_and_is_undone(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    before = places(page)
    view = page.evaluate("KG.app.workspace.canvas.view.scale")
    click_node(page, "dataset:imagenet", double=True)
    page.wait_for_function("(count) => KG.app.workspace.graph.nodes.length > count", arg=len(before))
    settled(page)
    after = places(page)
    assert before.items() <= after.items()
    assert len(before) < len(after) <= len(before) + 20
    assert page.evaluate("KG.app.workspace.canvas.view.scale") == view
    assert f"{len(after) - len(before)} neighbours of ImageNet added" in page.inner_text("#notice")
    assert "add=dataset" in page.url
    page.keyboard.press("Control+z")
    page.wait_for_function("(count) => KG.app.workspace.graph.nodes.length === count", arg=len(before))
    settled(page)
    assert places(page) == before


def test_hide_and_undo(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    click_node(page, "dataset:imagenet")
    page.locator("#panel").get_by_role("button", name="Hide").click()
    page.wait_for_url("**hide=dataset**")
    settled(page)
    assert "dataset:imagenet" not in shown(page)
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert "dataset:imagenet" in shown(page)


def test_a_dragged_node_is_pinned_and_the_address_keeps_it(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    before = places(page)["dataset:imagenet"]
    spot = page.evaluate(
        """() => {
          const { canvas, graph } = KG.app.workspace;
          const box = canvas.box.getBoundingClientRect();
          const { x, y } = canvas.where(graph.number("dataset:imagenet"));
          return [box.left + x, box.top + y];
        }"""
    )
    page.mouse.move(*spot)
    page.mouse.down()
    page.mouse.move(spot[0] + 90, spot[1] - 60, steps=6)
    page.mouse.up()
    page.wait_for_url("**pin=dataset**")
    settled(page)
    moved = places(page)["dataset:imagenet"]
    assert moved != before
    other = opened(page.url)
    assert places(other)["dataset:imagenet"] == [pytest.approx(value, abs=1) for value in moved]
    click_node(other, "dataset:imagenet")
    other.locator("#panel").get_by_role("button", name="Unpin").click()
    other.wait_for_url(lambda url: "pin=" not in url)
    settled(other)
    assert places(other)["dataset:imagenet"] == before


def test_filters_by_type_role_year_and_confidence_are_in_the_address(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    everything = shown(page)
    page.locator("#legend .type", has_text="Datasets").click()
    page.wait_for_url("**off=Dataset**")
    assert shown(page) == {key for key in everything if not key.startswith("dataset:")}
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Evaluates on").uncheck()
    page.wait_for_url("**without=EVALUATES_ON**")
    assert shown(page) < everything
    page.get_by_label("From year").fill("2022")
    page.get_by_label("From year").blur()
    page.wait_for_url("**from=2022**")
    page.get_by_label("Least confidence").fill("0.8")
    page.wait_for_url("**sure=0.8**")
    filtered = shown(page)
    assert "arxiv:2103.00020" not in filtered
    settled(page)
    assert shown(opened(page.url)) == filtered
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_url(lambda url: "sure" not in url)
    assert shown(page) == everything


def test_the_filters_are_reached_and_left_by_keyboard(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    page.get_by_role("button", name="Filter").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "From year"
    page.keyboard.press("Escape")
    assert page.locator("#filters").is_hidden()
    assert page.evaluate("document.activeElement.id") == "filter"


def test_the_path_between_two_picked_nodes(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip", sel="model:clip"))
    page.locator("#panel").get_by_role("button", name="Path…").click()
    page.locator("#search").fill("bert")
    page.locator("#found .option", has_text="BERT").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**path=model%3Aclip&to=model%3Abert")
    settled(page)
    ways = page.locator(".paths .chain").all_inner_texts()
    assert ways
    assert all(way.startswith("CLIP") and way.endswith("BERT") for way in ways)
    assert page.evaluate("KG.app.workspace.canvas.ways.size") >= len(ways)


def test_the_name_of_a_line_is_shown_on_hover(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", path="model:clip", to="dataset:laion-5b"))
    spot = page.evaluate(
        """() => {
          const { canvas, graph } = KG.app.workspace;
          const edge = graph.edges.find((one) => one.to === "model:clip" || one.from === "model:clip");
          const box = canvas.box.getBoundingClientRect();
          const [a, b] = [canvas.where(edge.source), canvas.where(edge.target)];
          return [box.left + (a.x + b.x) / 2, box.top + (a.y + b.y) / 2];
        }"""
    )
    page.mouse.move(spot[0] + 30, spot[1] + 30)
    page.mouse.move(*spot, steps=4)
    page.locator("#tip", has_text="CLIP").wait_for()
    page.mouse.click(*spot)
    page.locator("#panel .ends").wait_for()
    assert page.locator("#panel mark").count() == 1


def test_the_same_address_gives_the_same_picture(opened: Open, explorer: Explorer) -> None:
    address = explorer.at(v="graph", around="dataset:imagenet", add="model:bert", off="Task")
    first, second = opened(address), opened(address)
    settled(first)
    settled(second)
    assert places(first) == places(second)
    assert first.screenshot() == second.screenshot()
    first.wait_for_timeout(400)
    assert first.screenshot() == second.screenshot()


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"v": "boards"},
        {"v": "thing", "id": "dataset:imagenet", "measure": "x"},
        {
            "v": "graph",
            "around": "dataset:imagenet",
            "most": 50,
            "add": ["model:bert", "model:clip||40"],
            "off": "Task",
        },
        {"v": "graph", "path": "model:clip", "to": "model:bert", "sel": "model:clip"},
        {"v": "graph", "query": "used-with", "p_name": "CLIP", "rows": 20},
    ],
)
def test_a_page_asks_what_the_server_answers_ahead(opened: Open, explorer: Explorer, params: dict[str, Any]) -> None:
    address = explorer.at(**params)
    page = opened(address)
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    first = urlsplit(next(one for one in asked if "/api/" in one))
    ahead = question(QueryParams(urlsplit(address).query))
    assert ahead == (first.path.removeprefix("/api/"), QueryParams(first.query))
    scripts = [one for one in asked if one.endswith(".js")]
    assert len(scripts) == len(set(scripts))


# 4. Cypher and the named queries


def test_a_statement_is_coloured_run_and_drawn(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="ask"))
    page.locator("textarea").fill("MATCH (p:Paper)-[r:USES]->(m:Model)\nWHERE m.name = $name RETURN p, m, r")
    assert page.locator(".shade .keyword").all_inner_texts() == ["MATCH", "WHERE", "RETURN"]
    page.get_by_label("$name").fill("CLIP")
    page.locator("textarea").press("Control+Enter")
    page.locator(".answer tbody tr").first.wait_for()
    assert "limits: 500 rows, 10 s" in page.inner_text(".answer-head")
    rows = page.locator(".answer tbody tr").count()
    page.get_by_role("link", name="Show as a graph").click()
    page.wait_for_selector("#stage:not([hidden])")
    settled(page)
    assert len(shown(page)) == rows + 1


def test_an_error_stands_at_its_place(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="ask", cypher="MATCH (m:Model)\nDELETE m"))
    assert page.locator(".error").inner_text().startswith("Line 2, column 1. DELETE does more than read")
    assert page.locator(".shade .wrong").inner_text() == "DELETE"
    page.locator("textarea").fill("MATCH (m:Model)\nRETURN m.nam")
    page.get_by_role("button", name="Run").click()
    page.locator(".answer tbody tr, .error:not([hidden])").first.wait_for()


def test_a_named_query_takes_its_parameters(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="ask", query="papers/naming"))
    page.get_by_label("name").fill("ImageNet")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**p.name=ImageNet")
    page.locator(".answer tbody tr").first.wait_for()
    assert page.locator(".answer thead th").all_inner_texts() == ["role", "paper", "evidence", "id"]


# 5. Profiles and leaderboards


def test_the_leaderboards_lead_to_the_numbers_of_a_dataset(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="boards"))
    page.get_by_role("link", name="ImageNet").first.click()
    page.locator(".results tbody tr").first.wait_for()
    first = page.locator(".results tbody tr").first
    assert first.locator("td").first.inner_text() == "88.55%"
    assert "ViT-H/14" in first.inner_text()
    assert "An Image is Worth 16x16 Words" in first.inner_text()
    assert first.locator("mark").count() == 1
    page.get_by_label("Measure").select_option(index=1)
    assert "measure=" in page.url
    assert len(set(page.locator(".results tbody td:nth-child(2)").all_inner_texts())) == 1
    assert page.locator(".columns").get_attribute("aria-label").startswith("2012: 1 paper")


def test_a_model_has_a_profile(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="thing", id="model:bert"))
    titles = [text.rsplit(" ", 1)[0] for text in page.locator(".sections h3").all_inner_texts()]
    assert {"Introduced in", "Evaluated on", "Compared with", "Variants", "Code"} <= set(titles)
    introduced = page.locator(".sections .card", has_text="Introduced in").first
    assert "BERT" in introduced.locator("mark").first.inner_text()
    page.get_by_role("link", name="Show as a graph").click()
    page.wait_for_url("**around=model%3Abert")
    settled(page)


# 6. Saving


def test_what_is_seen_is_saved(opened: Open, explorer: Explorer, tmp_path: Path) -> None:
    page = opened(explorer.at(v="graph", around="model:clip", off="Task"))
    files = {}
    for form in ("png", "svg", "csv", "json", "graphml"):
        page.get_by_role("button", name="Save").click()
        with page.expect_download() as download:
            page.locator(f"#saves [data-form={form}]").click()
        files[form] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[form])
        assert files[form].name == f"around-clip.{form}"
    seen = shown(page)
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    drawing = ET.fromstring(files["svg"].read_text())  # noqa: S314 - written a moment ago
    assert "CLIP" in [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text())))
    assert {row[end] for row in rows for end in ("from_id", "to_id") if row[end]} == seen
    data = json.loads(files["json"].read_text())
    assert {node["id"] for node in data["nodes"]} == seen
    marks = "{http://graphml.graphdrawing.org/xmlns}"
    graph = ET.fromstring(files["graphml"].read_text())  # noqa: S314
    assert {node.get("id") for node in graph.iter(f"{marks}node")} == seen
    assert len(list(graph.iter(f"{marks}edge"))) == len(data["edges"])


# 7. Dark and light, phone, keyboard, screen reader


def test_the_table_is_always_there(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.wait_for_url("**as=table")
    assert page.locator("#table-view tbody tr").count() == len(shown(page))
    page.locator("#table-view").get_by_role("button", name="LAION-5B", exact=True).first.click()
    page.locator("#panel h2", has_text="LAION-5B").wait_for()
    assert "LAION-5B" in page.inner_text("#status")


def test_a_picture_that_opens_as_a_table_is_drawn_when_it_is_wanted(opened: Open, explorer: Explorer) -> None:
    page = opened(explorer.at(v="graph", around="model:clip", **{"as": "table"}))
    assert page.locator("#table-view tbody tr").count() == len(shown(page))
    page.get_by_role("button", name="Graph", exact=True).click()
    page.wait_for_url(lambda url: "as=" not in url)
    settled(page)
    click_node(page, "model:clip")
    page.locator("#panel h2", has_text="CLIP").wait_for()
    plain = opened(explorer.at(v="graph", around="model:clip"))
    assert page.evaluate("KG.app.workspace.canvas.view") == plain.evaluate("KG.app.workspace.canvas.view")


def test_every_control_has_a_name_and_every_picture_a_text(opened: Open, explorer: Explorer) -> None:
    nameless = """() => [...document.querySelectorAll("button, a, input, select, textarea, [role=img]")]
      .filter((one) => {
      if (one.closest("[hidden]")) return false;
      const label = one.getAttribute("aria-label") || one.textContent.trim() || one.title;
      return !label && !(one.labels && one.labels.length);
    }).map((one) => one.outerHTML)"""
    for address in (
        explorer.url,
        explorer.at(v="graph", around="model:clip", sel="model:clip"),
        explorer.at(v="thing", id="dataset:imagenet"),
        explorer.at(v="ask", query="papers/naming"),
        explorer.at(v="boards"),
    ):
        page = opened(address)
        settled(page)
        assert page.evaluate(nameless) == []
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "view",
    [{}, {"v": "graph", "around": "model:clip", "sel": "model:clip"}, {"v": "thing", "id": "dataset:imagenet"},
     {"v": "ask", "query": "benchmarks/leaderboard"}, {"v": "boards"}],
)  # fmt: skip
def test_a_phone_shows_all_of_it(opened: Open, explorer: Explorer, view: dict[str, str], scheme: str) -> None:
    page = opened(
        explorer.at(**view), viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True, is_mobile=True
    )
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(20, 22, 26)") == (scheme == "dark")


# 8. Safety


def test_markup_that_got_into_the_page_would_not_run(chromium: Any, explorer: Explorer) -> None:
    page = chromium.new_page()
    page.goto(explorer.url)
    page.wait_for_selector("html[data-state=drawn]")
    # The browser writes what it refuses into the console: not `opened`, which allows nothing there.
    refused = page.evaluate(
        """() => {
          try {
            document.body.innerHTML = "<img src=x onerror=window.__hit=1>";
            return false;
          } catch { return true; }
        }"""
    )
    assert refused
    assert page.evaluate("window.__hit === undefined")
    page.close()
