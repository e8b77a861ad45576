"""The page in a real browser with the network off. What each test leaves behind is checked by `opened`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.records import Node, Relationship
from kg.view.page import payload as module
from kg.view.page.payload import make_payload

Graph = tuple[list[Node], list[Relationship]]
Open = Callable[..., Any]

pytestmark = pytest.mark.browser

COLOURS = """() => {
  const canvas = document.querySelector("#canvas canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3]) found.add(data.slice(at, at + 3).join());
  return found.size;
}"""


def click_node(page: Any, key: str) -> None:
    """Click where the node is drawn."""
    spot = page.evaluate(
        """(id) => {
          const { canvas, graph } = KG.page;
          const box = canvas.box.getBoundingClientRect();
          const spot = canvas.where(graph.number(id));
          return [box.left + spot.x, box.top + spot.y];
        }""",
        key,
    )
    page.mouse.click(*spot)


def test_the_graph_is_drawn(opened: Open, small: Graph) -> None:
    page = opened(small, title="Small graph")
    assert page.title() == "Small graph"
    assert page.inner_text("#counts") == "3 papers · 7 other nodes · 10 relationships"
    assert page.evaluate(COLOURS) > 5
    assert page.evaluate("KG.page.canvas.nodes.length") == 10
    assert page.evaluate("KG.page.canvas.edges.length") == 10


def test_the_drawn_places_are_those_of_the_layout(opened: Open, small: Graph) -> None:
    page = opened(small)
    # vis-network says where a node is in whole numbers.
    wanted = {
        node["id"]: [pytest.approx(node[axis], abs=1) for axis in "xy"]
        for node in make_payload(*small, title="")["nodes"]
    }
    drawn = page.evaluate(
        """() => Object.fromEntries(KG.page.graph.nodes.map(({ id }, number) => {
          const { x, y } = KG.page.canvas.network.getPosition(number);
          return [id, [x, y]];
        }))"""
    )
    assert wanted == drawn


def test_a_click_on_a_thing_shows_its_sentences_with_the_mention_marked(opened: Open, small: Graph) -> None:
    page = opened(small)
    click_node(page, "model:clip")
    panel = page.locator("#panel")
    panel.locator("h2", has_text="CLIP").wait_for()
    assert panel.locator("h3").all_inner_texts() == ["Also written", "Introduced in 1", "Used in 1", "Mentioned in 1"]
    assert panel.locator("mark").all_inner_texts() == ["CLIP", "CLIP", "CLIP"]
    assert "When fine-tuning 🍲 CLIP, our soups improve" in panel.inner_text()
    assert "named by 3 papers" in panel.inner_text()


def test_the_walk_goes_from_a_thing_to_a_paper_and_back(opened: Open, small: Graph) -> None:
    page = opened(small)
    click_node(page, "model:clip")
    panel = page.locator("#panel")
    panel.get_by_role("button", name="Model soups").click()
    panel.locator("h2", has_text="Model soups: averaging weights improves accuracy").wait_for()
    assert "2 Mar 2024" in panel.inner_text()
    link = panel.get_by_role("link", name="arxiv.org")
    assert link.get_attribute("href") == "https://arxiv.org/abs/1"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert panel.locator(".abstract .named").all_inner_texts() == ["model soup", "CLIP", "ImageNet"]
    panel.locator(".abstract .named", has_text="ImageNet").click()
    panel.locator("h2", has_text="ImageNet").wait_for()
    panel.get_by_role("button", name="Back").click()
    panel.locator("h2", has_text="Model soups").wait_for()
    panel.get_by_role("button", name="Close").click()
    panel.locator("h2", has_text="Named most").wait_for()


def test_a_click_on_a_line_shows_its_sentence(opened: Open, small: Graph) -> None:
    page = opened(small)
    spot = page.evaluate(
        """() => {
          const { canvas, graph } = KG.page;
          const edge = graph.edges.find((one) => one.to === "model:clip" && one.type === "MENTIONS");
          const box = canvas.box.getBoundingClientRect();
          const [a, b] = [canvas.where(edge.source), canvas.where(edge.target)];
          return [box.left + (a.x + b.x) / 2, box.top + (a.y + b.y) / 2];
        }"""
    )
    page.mouse.click(*spot)
    panel = page.locator("#panel")
    panel.locator("h2", has_text="Mentions").wait_for()
    assert panel.locator("q").inner_text() == "Earlier work such as CLIP is discussed."
    assert panel.locator("mark").inner_text() == "CLIP"


def test_the_legend_hides_and_shows_a_type(opened: Open, small: Graph) -> None:
    page = opened(small)
    button = page.locator("#legend .type", has_text="Datasets")
    hidden = "() => KG.page.canvas.nodes.get({ filter: (node) => node.hidden }).map((node) => node.group)"
    lines = "() => KG.page.canvas.edges.get({ filter: (edge) => edge.hidden }).length"
    assert button.get_attribute("aria-pressed") == "true"
    before = page.screenshot()
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate(hidden) == ["Dataset", "Dataset"]
    assert page.evaluate(lines) == 3
    assert page.screenshot() != before
    page.get_by_role("button", name="Show all").click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate(hidden) == []
    page.get_by_role("button", name="Only Methods").click(force=True)
    assert page.evaluate("KG.page.canvas.nodes.get().filter((node) => !node.hidden).map((node) => node.group)") == [
        "Method",
        "Method",
    ]


def test_filters_by_relationship_year_and_confidence(opened: Open, small: Graph) -> None:
    page = opened(small)
    seen = "() => KG.page.graph.nodes.filter((_, number) => KG.page.graph.visible(number)).map((node) => node.id)"
    everything = set(page.evaluate(seen))
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Uses").uncheck()
    assert set(page.evaluate(seen)) == everything - {"method:lora"}
    page.get_by_label("Confidence").fill("0.95")
    assert set(page.evaluate(seen)) == {"arxiv:2203.05482", "github.com/example/soups"}
    page.get_by_role("button", name="Clear filters").click()
    assert set(page.evaluate(seen)) == everything


def test_what_is_seen_is_saved_with_the_network_off(opened: Open, small: Graph, tmp_path: Path) -> None:
    page = opened(small, title="Small graph")
    page.locator("#legend .type", has_text="Datasets").click()
    for form in ("png", "svg", "csv", "json", "graphml"):
        page.get_by_role("button", name="Save").click()
        with page.expect_download() as download:
            page.locator(f"#saves [data-form={form}]").click()
        download.value.save_as(tmp_path / f"x.{form}")
        assert download.value.suggested_filename == f"small-graph.{form}"
    data = json.loads((tmp_path / "x.json").read_text())
    assert {node["label"] for node in data["nodes"]} == {"Paper", "Model", "Method", "Task", "Repository"}
    assert "ImageNet" not in (tmp_path / "x.csv").read_text().replace("on ImageNet", "")


def test_the_search_is_done_by_keyboard_alone(opened: Open, small: Graph) -> None:
    page = opened(small)
    page.keyboard.press("/")
    page.keyboard.type("lang")
    options = page.locator("#found [role=option]")
    assert options.locator(".name").all_inner_texts() == [
        "Learning Transferable Visual Models From Natural Language Supervision",
        "CLIP",  # by its alias
    ]
    assert page.evaluate("[...KG.page.canvas.focus().nodes].length") == 2
    page.evaluate("KG.page.canvas.network.moveTo({ position: { x: 9999, y: 9999 } })")
    page.keyboard.type("u")  # what is found comes into view
    page.wait_for_function(
        """() => KG.page.found.every((number) => {
          const { x, y } = KG.page.canvas.where(number);
          return x > 0 && y > 0 && x < innerWidth && y < innerHeight;
        })"""
    )
    page.keyboard.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert page.get_attribute("#search", "aria-activedescendant") == "found-1"
    page.keyboard.press("Enter")
    page.locator("#panel h2", has_text="CLIP").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("no such thing")
    assert page.inner_text("#found") == "Nothing has this name."
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""
    assert page.locator("#found").is_hidden()
    page.keyboard.press("Escape")
    page.locator("#panel h2", has_text="Named most").wait_for()


def test_the_address_leads_to_a_node(opened: Open, small: Graph) -> None:
    page = opened(small)
    page.evaluate("location.hash = 'dataset%3Aimagenet'")
    page.locator("#panel h2", has_text="ImageNet").wait_for()
    for nothing in ("%E0%A4%A", "no-such-node", "node-99999", "__proto__"):
        page.evaluate("(hash) => { location.hash = hash }", nothing)
        page.locator("#panel h2", has_text="Named most").wait_for()


def test_the_table_holds_the_same_nodes_and_sorts(opened: Open, small: Graph) -> None:
    page = opened(small)
    page.get_by_role("button", name="Table").click()
    names = page.locator("tbody th")
    assert names.count() == 10
    assert names.first.inner_text() == "Model soups: averaging weights improves accuracy"  # it has most lines
    page.get_by_role("columnheader", name="Name").get_by_role("button").click()
    assert names.first.inner_text() == "captioning"
    assert page.get_by_role("columnheader", name="Name").get_attribute("aria-sort") == "ascending"
    page.fill("#search", "imagenet")
    assert names.all_inner_texts() == ["ImageNet"]
    names.first.get_by_role("button").click()
    page.locator("#panel h2", has_text="ImageNet").wait_for()


def test_what_is_left_out_of_the_picture_is_said_and_drawn_when_chosen(
    opened: Open, small: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAWN", 4)
    page = opened(small)
    assert "Drawn are the 4 best-connected of 10 nodes" in page.inner_text("#notice")
    assert page.evaluate("KG.page.canvas.nodes.length") == 4
    page.fill("#search", "LoRA")
    page.keyboard.press("Enter")
    page.locator("#panel h2", has_text="LoRA").wait_for()
    assert page.evaluate("KG.page.canvas.nodes.length") == 5
    assert page.evaluate("KG.page.canvas.drawn(KG.page.graph.number('method:lora'))")


def test_an_empty_graph_opens(opened: Open) -> None:
    page = opened(([], []), title="Nothing")
    assert "no nodes" in page.inner_text("#panel").lower()


def test_dark_and_light_have_their_own_colours(opened: Open, small: Graph) -> None:
    page = opened(small, color_scheme="light")
    light = page.evaluate("KG.page.canvas.theme.types.get('Model')")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("(light) => KG.page.canvas.theme.types.get('Model') !== light", arg=light)


def test_a_phone_shows_all_of_it(opened: Open, small: Graph) -> None:
    page = opened(small, viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#panel").is_hidden()
    click_node(page, "model:clip")
    page.locator("#panel h2", has_text="CLIP").wait_for()
    box = page.locator("#panel").bounding_box()
    assert box["y"] + box["height"] <= 844
    assert box["width"] == 390


def test_a_hostile_feed_runs_nothing(opened: Open, hostile: Graph) -> None:
    attack = "</script><script>window.__hit=1</script><img src=x onerror=window.__hit=1>"
    page = opened(hostile, title=attack)
    assert page.title() == attack
    assert page.inner_text("#title") == attack
    # Everything the page can show: each panel, each tip, the table, the search.
    page.evaluate(
        """() => {
          const { graph, canvas } = KG.page;
          const point = { x: 5, y: 5 };
          graph.nodes.forEach((_, number) => {
            KG.page.choose(number);
            for (const button of document.querySelectorAll("#panel .more")) button.click();
            check();
            canvas.events.hover(number, null, point);
          });
          graph.edges.forEach((_, number) => {
            KG.page.chooseEdge(number);
            check();
            canvas.events.hover(null, number, point);
          });
          document.getElementById("show-table").click();
          check();
          function check() {
            for (const link of document.querySelectorAll("a[href]")) {
              const href = link.getAttribute("href");
              if (!/^(#|https?:)/.test(href)) throw new Error(`a link leads to ${href}`);
            }
            const odd = document.querySelector(":is(#panel, #table-view) :is(img, svg, script, iframe)");
            if (odd) throw new Error(`text became ${odd.outerHTML}`);
          }
        }"""
    )
    page.get_by_role("button", name="Graph").click()
    for text in ("<img", "href", "script", "`", "__proto__"):
        page.fill("#search", text)
        page.locator("#found .option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)  # an image that fails to load reports it later
    assert page.evaluate("window.__hit") is None
    assert page.locator("script").count() == 2 + page.evaluate("document.querySelectorAll('script:not([type])').length")
    assert page.locator("img, iframe, object, embed, svg").count() == 0


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("javascript:window.__hit=1", None),
        ("java\nscript:window.__hit=1", None),
        ("data:text/html,x", None),
        ("", None),
    ],
)
def test_the_page_checks_addresses_once_more(opened: Open, small: Graph, address: str, href: str | None) -> None:
    page = opened(small)
    assert page.evaluate("(address) => KG.linkOut(address)?.getAttribute('href') ?? null", address) == href


def test_the_policy_stops_a_script_that_came_in_as_markup(
    opened: Open, small: Graph, chromium: Any, tmp_path: Any
) -> None:
    opened(small)
    file = tmp_path / "page.html"
    broken = file.read_text("utf-8").replace(
        "<header", "<img src=x onerror=window.__hit=1><script>window.__hit=1</script><header", 1
    )
    file.write_text(broken, "utf-8")
    context = chromium.new_context(offline=True)
    tampered = context.new_page()
    tampered.goto(file.as_uri())
    tampered.wait_for_selector("html[data-state=drawn]")
    assert tampered.evaluate("window.__hit") is None
    refused = tampered.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return null; } catch (e) { return e.name; } }"
    )
    assert refused == "TypeError"
    context.close()
