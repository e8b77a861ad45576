"""A small graph of real-looking papers, a hostile one, and a browser without a network."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.records import Node, Relationship
from kg.view.page.payload import make_payload
from kg.view.page.picture import write_page
from tests.conftest import absent

Graph = tuple[list[Node], list[Relationship]]

ROLES = {"introduces": "INTRODUCES", "uses": "USES", "evaluates": "EVALUATES_ON", "mentions": "MENTIONS"}
PAPERS = [
    (
        "arxiv:2103.00020",
        "Learning Transferable Visual Models From Natural Language Supervision",
        "We introduce CLIP, which learns from pairs of images and texts 🖼. We evaluate CLIP on ImageNet and CIFAR-10.",
        [("introduces", "Model", "CLIP"), ("evaluates", "Dataset", "ImageNet"), ("evaluates", "Dataset", "CIFAR-10")],
    ),
    (
        "arxiv:2203.05482",
        "Model soups: averaging weights improves accuracy",
        "We call the result a model soup. When fine-tuning 🍲 CLIP, our soups improve over the best model on ImageNet.",
        [("introduces", "Method", "model soup"), ("uses", "Model", "CLIP"), ("evaluates", "Dataset", "ImageNet")],
    ),
    (
        "paper:aa11",
        "Prompts for captions",
        "We study captioning with LoRA. Earlier work such as CLIP is discussed.",
        [("evaluates", "Task", "captioning"), ("uses", "Method", "LoRA"), ("mentions", "Model", "CLIP")],
    ),
]


def paper(key: str, title: str, abstract: str, **more: Any) -> Node:
    return Node("Paper", {"id": key, "name": title, "title": title, "abstract": abstract, **more})


def fact(type_: str, node: Node, target: str, surface: str) -> Relationship:
    """A relationship as `kg.tables` writes it: the sentence that holds `surface`, and offsets into the paper's text."""
    text = f"{node.properties['title']}\n{node.properties['abstract']}"
    start = text.index(surface)
    first = max(text.rfind(". ", 0, start) + 2, text.rfind("\n", 0, start) + 1)
    last = text.find(".", start + len(surface))
    place = {"evidence": text[first : last + 1], "start": start, "end": start + len(surface)}
    return Relationship(type_, node.id, target, {"surfaces": [surface], **place, "mentions": 1, "confidence": 0.9})


@pytest.fixture
def small() -> Graph:
    """Three papers and what they name, a result and a repository."""
    nodes: dict[str, Node] = {}
    relationships: list[Relationship] = []
    count: dict[str, int] = {}
    for number, (key, title, abstract, things) in enumerate(PAPERS):
        date = datetime.date(2024, 3, 1 + number)
        nodes[key] = paper(key, title, abstract, published=date, url=f"https://arxiv.org/abs/{number}", source="arxiv")
        for role, label, name in things:
            thing = f"{label.lower()}:{name.lower()}"
            count[thing] = count.get(thing, 0) + 1
            nodes[thing] = Node(label, {"id": thing, "name": name, "aliases": [], "papers": count[thing]})
            relationships.append(fact(ROLES[role], nodes[key], thing, name))
    nodes["model:clip"].properties["aliases"].append("Contrastive Language-Image Pre-training")
    url = "https://github.com/example/soups"
    nodes["github.com/example/soups"] = Node(
        "Repository",
        {
            "id": "github.com/example/soups",
            "name": "example/soups",
            "host": "github.com",
            "owner": "example",
            "url": url,
        },
    )
    relationships.append(Relationship("HAS_CODE", "arxiv:2203.05482", "github.com/example/soups", {}))
    return list(nodes.values()), relationships


@pytest.fixture
def hostile() -> Graph:
    """A feed that attacks: markup, addresses, quotes, control and direction marks, in every text the page shows."""
    attacks = [
        "<img src=x onerror=window.__hit=1>",
        "see href <img src=x onerror=window.__hit=1>",
        "</script><script>window.__hit=1</script>",
        "<!--<script>window.__hit=1//",
        "`${window.__hit=1}`",
        "\"'><svg onload=window.__hit=1>",
        "line\u2028window.__hit=1\u2029",
        "\u202egnp.exe\u202c \u200frtl",
        "nul\x00 bell\x07 escape\x1b[31m",
        "javascript:window.__hit=1",
        "{{constructor.constructor('window.__hit=1')()}} {% raw %} $facts $$ ${facts}",
        "lone \ud800 surrogate",
        "__proto__",
        "x" * 9_000 + "<img src=x onerror=window.__hit=1>",
    ]
    nodes, relationships = [], []
    for number, text in enumerate(attacks):
        url = "javascript:window.__hit=1" if number % 2 else 'https://evil.example/"onmouseover=window.__hit=1'
        node = paper(f"paper:{text}", text, f"{text} in the abstract. {text}", url=url, source=text)
        name = f"{text} {number}"
        thing = Node("Model", {"id": f"model:{text}", "name": name, "aliases": [text], "papers": 3, "first_seen": text})
        page = Node(
            "Page", {"id": f"{text}{number}", "name": text, "kind": text, "url": "data:text/html,<script>x</script>"}
        )
        facts = {
            "surfaces": [text],
            "evidence": f"{text} in the abstract.",
            "start": 0,
            "end": len(text),
            "reason": text,
        }
        nodes += [node, thing, page]
        relationships.append(Relationship("USES", node.id, thing.id, facts))
        relationships.append(Relationship("LINKS_TO", node.id, page.id, {**facts, "start": -5, "end": 10**9}))
    nodes.append(Node("<img src=x onerror=window.__hit=1>", {"id": "odd", "name": "odd label"}))
    relationships.append(Relationship("</script>__proto__", nodes[0].id, "odd", {"confidence": float("nan")}))
    return nodes, relationships


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium; tests that need one are skipped where there is none."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        absent("no Chromium on this machine: looked for chromium, chromium-browser and google-chrome")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--headless"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a graph's page with the network off; at the end nothing but the file was asked for, no error was logged."""
    contexts: list[Any] = []
    errors: list[str] = []
    requests: list[str] = []
    file = tmp_path / "page.html"

    def open_page(graph: Graph, title: str = "Test", **context: Any) -> Any:
        write_page(make_payload(*graph, title=title), file)
        contexts.append(chromium.new_context(offline=True, **{"viewport": {"width": 1400, "height": 900}, **context}))
        contexts[-1].set_default_timeout(20_000)
        page = contexts[-1].new_page()
        page.on("console", lambda message: errors.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-state=drawn]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
    assert {url.split("#")[0] for url in requests} <= {file.as_uri()}
