"""What every store does, shown on each real engine."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, StoreError
from kg.export import as_jsonl
from kg.records import Node, Relationship
from kg.stores import Limits, Store
from kg.tables import GraphRows
from tests.stores.fixed_graph import fixed_graph

LONG = "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y WITH x, y WHERE x * y < 0 RETURN count(*) AS n"
AWKWARD = [
    "",
    " ",
    "\0",
    "a\0b",
    "'",
    '"',
    "`",
    "\\",
    "\\'",
    "\r\n",
    "\u2028",
    "</script>",
    "{{x}}",
    "$x",
    "//",
    "/*",
    "نص عربي",
    "\u202etxt.exe",
    "😀👩\u200d👩\u200d👧",
    "e\u0301",
    "\ufeff",
    "\uffff",
    "NULL",
    "null",
    "1e5",
    "2024-01-01",
]


def page(key: str, **own: Any) -> dict[str, Any]:
    return {"id": key, "name": key, "kind": "other", "url": key} | own


def pages(*rows: dict[str, Any]) -> GraphRows:
    return GraphRows({"Page": list(rows)}, {})


def dump(store: Store) -> list[str]:
    """All that is in the store, in order."""
    return list(as_jsonl(store))


def one(store: Store, cypher: str, **parameters: Any) -> Any:
    """The one cell of the answer."""
    ((cell,),) = store.read(cypher, parameters).rows
    return cell


# A statement is one graph of many strings, as a new graph takes a while.
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), unique=True, max_size=60))
@example(AWKWARD)
def test_any_text_comes_back_as_it_went_in(store: Store, texts: list[str]) -> None:
    rows = [page(f"k{text}", name=text) for text in texts]
    store.replace(pages(*rows))
    assert {row[0]: row[1] for row in store.read("MATCH (n:Page) RETURN n.id, n.name").rows} == {
        row["id"]: row["name"] for row in rows
    }
    for text in texts[:5]:
        assert one(store, "MATCH (n:Page) WHERE n.id = $key RETURN n.name", key=f"k{text}") == text
        assert one(store, "RETURN $text AS text", text=text) == text


def test_lone_surrogates_become_replacement_characters(store: Store) -> None:
    graph = fixed_graph()
    graph.nodes["Page"].append(page("odd\ud800", name="\udfffx"))
    graph.relationships["LINKS_TO", "Paper", "Page"].append(
        {"from": "arxiv:1", "to": "odd\ud800", "evidence": "\udc80"}
    )
    for _ in range(2):
        store.replace(graph)
        answer = store.read("MATCH (p:Paper)-[r:LINKS_TO]->(n:Page) WHERE n.name = $name RETURN n.id, r.evidence",
                            {"name": "\ufffdx"})  # fmt: skip
        assert answer.rows == (("odd\ufffd", "\ufffd"),)


def test_types_lists_and_dates_come_back_as_they_went_in(store: Store) -> None:
    thing = {"id": "model:x", "name": "x", "aliases": ["x", "", "'x'"], "papers": 2**40,
             "first_seen": datetime.date(1, 1, 1)}  # fmt: skip
    result = {"id": "r", "name": "r", "value": -1.5e-7, "unit": "%", "text": "",
              "whose": "own", "setting": None, "elsewhere": None, "confidence": 0.5}  # fmt: skip
    bare = {"id": "model:y", "name": None, "aliases": [], "papers": None, "first_seen": None}
    store.replace(GraphRows({"Model": [thing, bare], "Result": [result]}, {}))
    assert store.read("MATCH (n:Model) RETURN n ORDER BY n.id").rows == (
        (Node("Model", thing),),
        (Node("Model", bare),),
    )
    assert one(store, "MATCH (n:Result) RETURN n") == Node("Result", result)
    assert one(store, "MATCH (n:Model) WHERE n.first_seen = $day RETURN n.id", day=datetime.date(1, 1, 1)) == "model:x"
    assert one(store, "MATCH (n:Model) WHERE n.papers IS NULL RETURN n.id") == "model:y"
    kinds = [type(cell) for cell in store.read("MATCH (n:Model {id: 'model:x'}) RETURN n.papers, n.first_seen").rows[0]]
    assert kinds == [int, datetime.date]
    assert one(store, "MATCH (n:Model) RETURN sum(n.papers)") == 2**40


def test_text_of_ten_thousand_characters_is_kept_whole(store: Store) -> None:
    text = "Zeile\n" * 1666 + "Ende"
    store.replace(pages(page("a", name=text)))
    assert one(store, "MATCH (n:Page) RETURN n.name") == text


def test_a_store_exists_once_it_was_loaded_even_with_nothing(store: Store) -> None:
    assert not store.exists()
    store.replace(GraphRows())
    assert store.exists()
    assert dump(store) == []
    assert store.read("MATCH (n:Paper)-[r:USES]->(m:Model) RETURN n, r, m").rows == ()


def test_loading_twice_changes_nothing(store: Store) -> None:
    store.replace(fixed_graph())
    once = dump(store)
    store.replace(fixed_graph())
    assert dump(store) == once
    assert len(once) == sum(map(len, (*fixed_graph().nodes.values(), *fixed_graph().relationships.values())))


def test_what_is_no_longer_in_the_graph_goes(store: Store) -> None:
    full = fixed_graph()
    less = copy.deepcopy(full)
    less.nodes["Paper"] = [row for row in less.nodes["Paper"] if row["id"] != "arxiv:1"]
    for relation in less.relationships:
        kept = [row for row in less.relationships[relation] if "arxiv:1" not in (row["from"], row["to"])]
        less.relationships[relation] = kept
    # The thing and the paper stay, the role changes; a value becomes null.
    changed = less.relationships["USES", "Paper", "Model"].pop(0)
    less.relationships["MENTIONS", "Paper", "Model"].append(changed)
    less.nodes["Feed"][1] |= {"published": None}
    store.replace(less)
    fresh = dump(store)
    store.replace(full)
    assert dump(store) != fresh
    store.replace(less)
    assert dump(store) == fresh
    assert one(store, "MATCH (p:Paper {id: 'arxiv:1'}) RETURN count(p)") == 0


def test_a_relationship_without_its_end_is_refused_and_the_old_graph_kept(store: Store) -> None:
    store.replace(fixed_graph())
    before = dump(store)
    broken = fixed_graph()
    broken.nodes["Page"] = []
    with pytest.raises(StoreError):
        store.replace(broken)
    assert dump(store) == before


def test_facts_carry_where_they_come_from(store: Store) -> None:
    graph = fixed_graph()
    store.replace(graph)
    query = "MATCH (p:Paper {id: 'arxiv:1'})-[r:TRAINS_ON]->(d:Dataset) RETURN r"
    (wanted,) = (row for row in graph.relationships["TRAINS_ON", "Paper", "Dataset"] if row["from"] == "arxiv:1")
    own = {name: value for name, value in wanted.items() if name not in ("from", "to")}
    assert one(store, query) == Relationship("TRAINS_ON", "arxiv:1", "dataset:laion-400m", own)
    assert set(own) == {"surfaces", "evidence", "start", "end", "mentions", "confidence", "extractor"}


def test_a_path_is_a_list_of_its_nodes_and_relationships(store: Store) -> None:
    store.replace(fixed_graph())
    path = one(store, "MATCH p = (a:Model)-[:VARIANT_OF]->(b:Model {id: 'model:llama'}) RETURN p")
    assert [item.id if isinstance(item, Node) else (item.start, item.end) for item in path] == [
        "model:llama-7b",
        "model:llama",
        ("model:llama-7b", "model:llama"),
    ]


def test_counts_by_label_and_type_are_those_of_the_rows(store: Store) -> None:
    graph = fixed_graph()
    store.replace(graph)
    for label, rows in graph.nodes.items():
        assert one(store, f"MATCH (n:{label}) RETURN count(n)") == len(rows)
    for (name, source, target), rows in graph.relationships.items():
        assert one(store, f"MATCH (:{source})-[r:{name}]->(:{target}) RETURN count(r)") == len(rows)


def test_progress_ends_with_all_rows(store: Store) -> None:
    seen: list[tuple[int, int]] = []
    store.replace(fixed_graph(), lambda done, total: seen.append((done, total)))
    total = sum(map(len, (*fixed_graph().nodes.values(), *fixed_graph().relationships.values())))
    assert seen[-1] == (total, total)
    assert seen == sorted(seen)


def test_a_name_the_schema_does_not_have_is_an_error_and_not_an_empty_answer(store: Store) -> None:
    store.replace(fixed_graph())
    for cypher, name in (
        ("MATCH (n:Papers) RETURN n", "Papers"),
        ("MATCH (:Paper)-[r:UZES]->() RETURN r", "UZES"),
        ("MATCH (n:Paper) RETURN n.titel", "titel"),
    ):
        with pytest.raises(QueryError, match=name):
            store.read(cypher)


def test_the_row_limit_cuts_and_says_so(store: Store) -> None:
    store.replace(fixed_graph())
    query, papers = "MATCH (p:Paper) RETURN p.id ORDER BY p.id", len(fixed_graph().nodes["Paper"])
    cut = store.read(query, limits=Limits(rows=3))
    assert (len(cut.rows), cut.cut) == (3, True)
    assert cut.rows == (("arxiv:1",), ("arxiv:2",), ("arxiv:3",))
    for limit in (papers, papers + 1, None):
        whole = store.read(query, limits=Limits(rows=limit))
        assert (len(whole.rows), whole.cut) == (papers, False)


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (n:Model) RETURN n.id, n.name, n.aliases, n.papers, n.first_seen ORDER BY n.id",
        "MATCH (p:Paper) OPTIONAL MATCH (p)-[r:USES]->(m:Model) RETURN p.id, p.published, r.confidence, r.surfaces, "
        "r.start, m.aliases ORDER BY p.id, m.id",
        "MATCH (r:Result) RETURN r.id, r.value, r.unit, r.value > 1 ORDER BY r.id",
        "MATCH (n:Model) WHERE n.id = 'none' RETURN n.id, n.aliases",
        "RETURN 1 AS a, 1.5 AS b, true AS c, null AS d, ['x', ''] AS e, [1, 2] AS f, 'نص 😀' AS g",
    ],
)
def test_all_rows_at_once_are_those_of_one_after_the_other(store: Store, query: str) -> None:
    store.replace(fixed_graph())
    at_once, one_by_one = (store.read(query, limits=Limits(rows=rows)) for rows in (None, 10_000))
    assert at_once == one_by_one
    assert repr(at_once) == repr(one_by_one)  # 1 is not 1.0 there


def test_the_time_limit_stops_a_query_and_the_store_goes_on(store: Store) -> None:
    store.replace(fixed_graph())
    with pytest.raises(QueryError, match=r"^stopped after 0\.2 s; ask for less, or raise the time limit$"):
        store.read(LONG, limits=Limits(seconds=0.2))
    assert one(store, "RETURN 1 AS one") == 1


def test_reading_refuses_to_write_and_what_is_no_single_statement(store: Store) -> None:
    store.replace(fixed_graph())
    before = dump(store)
    for cypher in (
        "CREATE (:Page {id: 'new'})",
        "MERGE (n:Page {id: 'new'}) RETURN n",
        "MATCH (n:Page) SET n.name = 'x'",
        "MATCH (n:Page) SET n.name = null RETURN n",
        "MATCH (n:Page) DETACH DELETE n",
        "MATCH (:Paper)-[r]->(:Page) DELETE r",
        "MATCH (p:Paper), (n:Page) CREATE (p)-[:LINKS_TO]->(n)",
        "RETURN 1 AS one; RETURN 2 AS two",
        "not cypher at all",
        "",
        "RETURN '\ud800' AS text",
    ):
        with pytest.raises(QueryError) as caught:
            store.read(cypher)
        assert "\n" not in str(caught.value)
    assert dump(store) == before


def test_a_parameter_no_store_can_hold_is_a_query_error(store: Store) -> None:
    store.replace(GraphRows())
    for value in (2**70, object(), "\ud800"):
        with pytest.raises(QueryError):
            store.read("RETURN $x AS x", {"x": value})


def test_closing_twice_is_fine_and_reading_opens_again(store: Store) -> None:
    store.replace(fixed_graph())
    store.close()
    store.close()
    assert one(store, "MATCH (n:Feed) RETURN count(n)") == 2
