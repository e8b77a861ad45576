"""The named queries: each is described, runs as its example says, and gives the columns it promises."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from kg.ask.named import bind, find_query, named_queries, parse_query, run_query
from kg.errors import KgError, UsageError
from kg.stores import open_store

QUERIES = named_queries()


@pytest.mark.parametrize("name", QUERIES)
def test_the_example_runs_and_gives_the_columns(name: str, sample_graph: Path) -> None:
    query = QUERIES[name]
    command, verb, called, *options = shlex.split(query.example)
    assert (command, verb, find_query(called).name) == ("kg", "query", name)
    given = dict(zip((option.removeprefix("--") for option in options[::2]), options[1::2], strict=True))
    store = open_store(str(sample_graph))
    answer = run_query(store, query, given)
    store.close()
    assert answer.columns == query.columns
    if name != "audit/low-confidence":
        assert answer.rows, "the bundled feed should answer every question"


def test_a_limit_is_kept(sample_graph: Path) -> None:
    store = open_store(str(sample_graph))
    assert len(run_query(store, find_query("models/most-named"), {"limit": "3"}).rows) == 3
    store.close()


def test_names_match_in_any_case_and_by_alias(sample_graph: Path) -> None:
    store = open_store(str(sample_graph))
    one, other, alias = (
        run_query(store, find_query("papers/naming"), {"name": name}).rows
        for name in ("LoRA", "lora", "low-rank adaptation")
    )
    store.close()
    assert one == other == alias != ()


def test_a_name_without_theme_is_enough_and_a_wrong_one_has_a_hint() -> None:
    assert find_query("naming").name == "papers/naming"
    with pytest.raises(UsageError, match="did you mean"):
        find_query("namin")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"nosuch": "1"}, "it takes: --name, --limit"),
        ({"name": "a", "limit": "x"}, "whole number"),
        ({}, "needs --name"),
    ],
)
def test_wrong_parameters_say_what_to_do(given: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        bind(find_query("discovery/find"), given)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("// title: T\nRETURN 1", "lacks about, columns, example"),
        ("// title: T\n// about: A\n// columns: a\n// example: e\nRETURN $x", "undeclared"),
        ("// title: T\n// about: A\n// param x: INT = 1 | x\n// columns: a\n// example: e\nRETURN 1", "without use"),
        ("// nonsense\nRETURN 1", ":1: a head line"),
        ("// param x INT | x\nRETURN 1", ":1: a parameter reads"),
    ],
)
def test_a_broken_query_file_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "q.cypher").write_text(text)
    with pytest.raises(KgError, match=says):
        parse_query(tmp_path / "q.cypher", "t/q")
