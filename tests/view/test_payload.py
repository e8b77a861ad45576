from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ask.words import PHRASES, clean, mark, safe_url, spellings
from kg.records import Node, Relationship
from kg.schema import NODES, RELATIONSHIPS
from kg.view.page import payload as module
from kg.view.page.payload import embed, make_payload

Graph = tuple[list[Node], list[Relationship]]


def as_javascript(text: str, start: int, end: int) -> str:
    """`text.slice(start, end)` as JavaScript counts."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_nodes_and_edges_hold_what_the_page_shows(small: Graph) -> None:
    data = make_payload(*small, title="Small")
    clip = next(node for node in data["nodes"] if node["id"] == "model:clip")
    assert (clip["label"], clip["name"], clip["caption"]) == ("Model", "CLIP", "CLIP")
    assert clip["properties"] == {"aliases": ["Contrastive Language-Image Pre-training"], "papers": 3}
    assert math.isfinite(clip["x"])
    assert math.isfinite(clip["y"])
    paper = next(node for node in data["nodes"] if node["id"] == "arxiv:2203.05482")
    assert paper["caption"] == "Model soups"
    assert paper["properties"]["published"] == "2024-03-02"
    assert paper["properties"]["url"] == "https://arxiv.org/abs/1"
    assert {(kind["name"], kind["count"]) for kind in data["types"]} >= {("Paper", 3), ("Dataset", 2), ("Model", 1)}
    assert data["counts"]["relationships"] == len(data["edges"]) == 10


def test_every_mention_is_marked_in_its_sentence(small: Graph) -> None:
    edges = [edge for edge in make_payload(*small, title="Small")["edges"] if "evidence" in edge]
    assert len(edges) == 9
    for edge in edges:
        assert as_javascript(edge["evidence"], edge["start"], edge["end"]) == edge["surfaces"][0]


def test_a_mention_is_marked_without_its_paper_too(small: Graph) -> None:
    nodes, relationships = small
    things = [node for node in nodes if node.label != "Paper"]
    papers = [Node("Page", {"id": node.id, "name": "elsewhere"}) for node in nodes if node.label == "Paper"]
    edges = make_payload([*things, *papers], relationships, title="Small")["edges"]
    marked = [as_javascript(e["evidence"], e["start"], e["end"]) == e["surfaces"][0] for e in edges if "evidence" in e]
    assert marked == [True] * 9


@pytest.mark.parametrize(
    ("evidence", "start", "end", "text", "surfaces", "expected"),
    [
        ("B is b.", 7, 8, "A a.\nx B is b.", ["B"], (0, 1)),
        ("It is.", 12, 14, "Say:\nIt is. It is.", [], (0, 2)),
        ("uses CLIP and OpenCLIP", None, None, None, ["CLIP"], (5, 9)),
        ("uses OpenCLIP", None, None, None, ["CLIP"], (9, 13)),
        ("uses clip", None, None, None, ["CLIP"], (5, 9)),
        ("uses CLIP-L and CLIP", None, None, None, ["CLIP", "CLIP-L"], (5, 11)),
        ("nothing here", None, None, None, ["CLIP"], None),
        ("", 0, 4, "CLIP\n", ["CLIP"], None),
        ("uses CLIP", -3, 10**9, "T\nuses CLIP", ["CLIP"], (5, 9)),
        ("uses CLIP", "0", [], "T\nuses CLIP", [""], None),
        ("a (b [c", None, None, None, ["(b ["], (2, 6)),
    ],
)
def test_mark(
    evidence: str, start: Any, end: Any, text: str | None, surfaces: list[str], expected: tuple[int, int] | None
) -> None:
    assert mark(evidence, start, end, text, surfaces) == expected


def test_a_sentence_that_stands_twice_is_marked_by_its_second_place() -> None:
    text = "Title\nWe use CLIP. More. We use CLIP."
    start = text.rindex("CLIP")
    assert mark("We use CLIP.", start, start + 4, text, []) == (7, 11)


def test_a_very_long_sentence_is_cut_around_its_mention() -> None:
    evidence = "a" * 9_000 + " CLIP " + "b" * 9_000
    edge = {"surfaces": ["CLIP"], "evidence": evidence}
    nodes = [Node("Page", {"id": "p", "name": "p"}), Node("Model", {"id": "m", "name": "m"})]
    made = make_payload(nodes, [Relationship("USES", "p", "m", edge)], title="")["edges"][0]
    assert len(made["evidence"]) < 2_100
    assert made["evidence"].startswith("…")
    assert as_javascript(made["evidence"], made["start"], made["end"]) == "CLIP"


def test_embed_cannot_end_its_element(hostile: Graph) -> None:
    text = embed(make_payload(*hostile, title="</script><script>window.__hit=1</script>"))
    assert text.isascii()
    assert not set("<>&") & set(text)
    assert "\u2028" not in text
    assert "\u2029" not in text
    json.loads(text)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner)))
def test_embed_loses_nothing(value: Any) -> None:
    text = embed({"value": value})
    assert json.loads(text) == {"value": value}
    assert not set("<>&\u2028\u2029") & set(text)


@given(st.text())
def test_clean_text_can_be_written_and_turns_no_direction(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not set("\x00\x1b\x7f\u202e\u2066\u2028\ufeff") & set(cleaned)
    assert clean(cleaned) == cleaned


def test_long_names_are_cut_with_a_sign_of_it() -> None:
    node = Node("Model", {"id": "m", "name": "x" * 10_000})
    made = make_payload([node], [], title="t" * 10_000)
    assert made["nodes"][0]["name"].endswith("…")
    assert max(len(made["nodes"][0]["name"]), len(made["title"])) == 300
    assert len(made["nodes"][0]["caption"]) <= 35


def test_a_name_of_nothing_but_control_characters_falls_back_to_the_id() -> None:
    assert (
        make_payload([Node("Model", {"id": "model:x", "name": "\x00\x01"})], [], title="")["nodes"][0]["name"]
        == "model:x"
    )


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://arxiv.org/abs/2103.00020", True),
        ("http://example.org:8080/a?b=c#d", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        (" https://example.org", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https:///path", False),
        ("https://[bad", False),
        ("https://example.org/\"onclick='x'", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_stay(url: Any, safe: bool) -> None:
    assert safe_url(url) == (url if safe else "")


def test_the_order_of_the_input_does_not_show(small: Graph) -> None:
    nodes, relationships = small
    assert embed(make_payload(nodes, relationships, title="t")) == embed(
        make_payload(nodes[::-1], relationships[::-1], title="t")
    )


def test_what_does_not_fit_is_counted(small: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DRAWN", 4)
    monkeypatch.setattr(module, "LISTED", 8)
    data = make_payload(*small, title="t")
    drawn = [node for node in data["nodes"] if "x" in node]
    assert (len(drawn), len(data["nodes"]), data["counts"]["nodes"]) == (4, 8, 10)
    assert "model:clip" in {node["id"] for node in drawn}
    assert data["counts"]["drawn_nodes"] == 4
    assert data["counts"]["relationships"] == 10
    assert data["counts"]["listed_relationships"] == len(data["edges"]) < 10


def test_relationships_with_a_missing_end_are_counted_and_left_out(small: Graph) -> None:
    nodes, relationships = small
    data = make_payload(nodes, [*relationships, Relationship("USES", "nowhere", "model:clip", {})], title="t")
    assert data["counts"]["loose_relationships"] == 1
    assert all(edge["from"] != "nowhere" for edge in data["edges"])


def test_numbers_that_are_none_are_left_out() -> None:
    nodes = [
        Node("Result", {"id": "r", "name": "nan", "value": math.nan}),
        Node("Model", {"id": "m", "name": "m", "papers": None}),
    ]
    data = make_payload(nodes, [Relationship("OF_MODEL", "r", "m", {"confidence": math.inf})], title="t")
    assert "NaN" not in embed(data)
    assert "confidence" not in data["edges"][0]


def test_a_property_of_another_type_than_the_schema_says_is_left_out() -> None:
    odd = {"id": "m", "name": "m", "aliases": "not a list", "papers": "many", "first_seen": 3, "unknown": "x"}
    assert make_payload([Node("Model", odd)], [], title="t")["nodes"][0]["properties"] == {}


def test_a_feed_of_many_papers_is_off_until_asked_for() -> None:
    papers = [Node("Paper", {"id": f"p{number}", "title": "t"}) for number in range(30)]
    feed = Node("Feed", {"id": "f", "name": "f"})
    listing = [Relationship("LISTS", "f", paper.id, {"rank": 1}) for paper in papers]
    shown = {kind["name"]: kind["shown"] for kind in make_payload([*papers, feed], listing, title="t")["types"]}
    assert shown == {"Paper": True, "Feed": False}


def test_every_relationship_of_the_schema_reads_from_both_ends() -> None:
    assert set(PHRASES) == {kind.name for kind in RELATIONSHIPS}


def test_every_type_of_the_schema_has_a_colour() -> None:
    from importlib.resources import files

    style = (files("kg.view") / "web" / "explorer.css").read_text("utf-8")
    for kind in [*(kind.label for kind in NODES), module.OTHER]:
        assert style.count(f"--type-{kind.lower()}:") == 2, f"{kind}: one colour for light, one for dark"
        assert f'[data-type="{kind}"]' in style


def test_former_ids_are_for_queries_and_not_for_readers() -> None:
    assert spellings(["CLIP", "model:clip-model", "method:clip", "Model: a name", "C:LIP"]) == [
        "CLIP",
        "Model: a name",
        "C:LIP",
    ]
