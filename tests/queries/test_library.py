"""The library of named queries as a whole: what it covers, and what each file in it keeps to."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from kg.ask.named import named_queries
from kg.cypher import check, missing_construct
from tests.queries import golden

QUERIES = named_queries()
THEMES = {"models", "datasets", "benchmarks", "papers", "code", "trends", "audit", "discovery"}


def test_there_are_queries_for_every_theme() -> None:
    assert len(QUERIES) >= 32
    assert min(Counter(name.partition("/")[0] for name in QUERIES).values()) >= 3
    assert {name.partition("/")[0] for name in QUERIES} == THEMES


def test_the_theme_may_be_left_out_of_every_name() -> None:
    twice = [name for name, times in Counter(name.partition("/")[2] for name in QUERIES).items() if times > 1]
    assert twice == []


def test_no_two_queries_have_the_same_title() -> None:
    assert [title for title, times in Counter(q.title for q in QUERIES.values()).items() if times > 1] == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_only_reads_and_uses_what_both_stores_have(name: str) -> None:
    query = QUERIES[name]
    assert check(query.cypher) == query.cypher
    assert missing_construct(query.cypher) is None


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_an_order_and_a_limit_the_user_can_set(name: str) -> None:
    query = QUERIES[name]
    assert query.cypher.endswith("LIMIT $limit")
    assert "ORDER BY" in query.cypher
    limit = query.parameters[-1]
    assert (limit.name, limit.type) == ("limit", "INT")


@pytest.mark.parametrize("name", QUERIES)
def test_an_answer_fits_a_terminal(name: str) -> None:
    """At most eight columns, and what only tells rows apart comes last."""
    columns = QUERIES[name].columns
    assert len(columns) <= 8
    keys = [column for column in columns if column == "id" or column.endswith("_id")]
    assert columns[len(columns) - len(keys) :] == tuple(keys)


@pytest.mark.parametrize("name", QUERIES)
def test_the_example_and_the_defaults_find_rows_in_the_fixed_graph(name: str) -> None:
    answers = json.loads(golden.path(QUERIES[name]).read_text(encoding="utf-8"))["answers"]
    assert [answer["given"] for answer in answers if not answer["rows"]] == []


def test_there_is_a_golden_file_for_each_query_and_no_other() -> None:
    assert {file.name for file in golden.FOLDER.iterdir()} == {golden.path(query).name for query in QUERIES.values()}
