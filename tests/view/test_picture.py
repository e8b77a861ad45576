from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pyvis.network import Network

from kg.errors import KgError
from kg.records import Node, Relationship
from kg.view.page import picture
from kg.view.page.payload import make_payload
from kg.view.page.picture import network, render, write_page
from kg.view.page.scripts import asset

Graph = tuple[list[Node], list[Relationship]]


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.within = ""
        self.feed(page)
        self.close()

    # The three methods are called by the parser.
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self.within = tag
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002, D102
        self.within = ""

    def handle_data(self, data: str) -> None:  # noqa: D102
        if self.within:
            self.texts[self.within][-1] += data


def policy(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1]


def test_equal_graphs_give_equal_bytes(small: Graph) -> None:
    nodes, relationships = small
    first = render(make_payload(nodes, relationships, title="t"))
    assert render(make_payload(nodes[::-1], relationships[::-1], title="t")) == first


def test_another_process_gives_the_same_bytes() -> None:
    # Sets of text are walked through in another order in each process: nothing of that may reach the page.
    program = (
        "import hashlib, sys; from kg.records import Node, Relationship; from kg.view.page.payload import make_payload;"
        "from kg.view.page.picture import render; n, r = eval(sys.stdin.read());"
        "print(hashlib.sha256(render(make_payload(n, r, title='t')).encode()).hexdigest())"
    )
    groups = range(12)
    nodes = [Node("Model", {"id": f"{a}-{b}", "name": f"{a}-{b}", "papers": 1}) for a in groups for b in range(9)]
    lines = [Relationship("VARIANT_OF", f"{a}-{b}", f"{a}-{(b * 7 + 1) % 9}", {}) for a in groups for b in range(9)]
    lines += [Relationship("VARIANT_OF", f"{a}-{a % 9}", f"{a * 5 % 12}-0", {}) for a in groups]
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=repr((nodes, lines)),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_the_policy_names_each_script_and_style_and_nothing_else(small: Graph) -> None:
    page = render(make_payload(*small, title="t"))
    rules = dict(rule.split(" ", 1) for rule in policy(page).split("; "))
    elements = Elements(page)
    types = [attributes.get("type") for tag, attributes in elements.tags if tag == "script"]
    run = [text for text, kind in zip(elements.texts["script"], types, strict=True) if kind != "application/json"]
    for kind, texts in (("script-src", run), ("style-src", elements.texts["style"])):
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert rules[kind].split() == [f"'sha256-{one}'" for one in hashes]
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy(page)


def test_the_page_refers_to_no_other_file_and_has_no_handler(hostile: Graph) -> None:
    for tag, attributes in Elements(render(make_payload(*hostile, title="t"))).tags:
        assert not {"src", "srcset", "action", "style"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith("#"), tag


def test_no_script_of_ours_makes_markup_of_text() -> None:
    folder = Path(picture.__file__).parent.parent / "web"
    for file in folder.glob("*.js"):
        text = file.read_text("utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
            assert way not in text, f"{file.name} uses {way}"


def test_the_edges_are_those_that_pyvis_would_add(small: Graph) -> None:
    data = make_payload(*small, title="t")
    made = network(data)
    numbers = {node["id"]: number for number, node in enumerate(data["nodes"])}
    net = Network(directed=True)
    net.add_nodes(list(range(len(data["nodes"]))))
    for number, edge in enumerate(data["edges"]):
        net.add_edge(numbers[edge["from"]], numbers[edge["to"]], id=number)
    # Without the arrows: a paper names a thing, the shapes say which end is which, and heads cost drawing time.
    assert made["edges"] == [{key: value for key, value in edge.items() if key != "arrows"} for edge in net.edges]
    assert made["options"]["physics"] == {"enabled": False}
    assert all("x" in node and "title" not in node for node in made["nodes"])


def test_keys_of_the_picture_are_numbers(hostile: Graph) -> None:
    made = network(make_payload(*hostile, title="t"))
    assert all(isinstance(node["id"], int) for node in made["nodes"])
    assert all(isinstance(edge[end], int) for edge in made["edges"] for end in ("id", "from", "to"))
    assert {node["group"] for node in made["nodes"]} == {"Paper", "Model", "Page", "Other"}


def test_a_file_is_replaced_whole_or_not_at_all(small: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(KgError, match="No space left"):
            write_page(make_payload(*small, title="t"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    write_page(make_payload(*small, title="t"), path)
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error_that_says_what_to_do(small: Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="folder that exists"):
        write_page(make_payload(*small, title="t"), tmp_path / "missing" / "page.html")


def test_an_asset_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(KgError, match="own <script>"):
        asset("const end = '</SCRIPT>';", "script")
