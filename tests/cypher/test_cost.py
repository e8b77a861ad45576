"""What one row could take for ever is refused; what looks like it and is not goes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cypher import check
from kg.cypher.cost import MAX_GROWTH, MAX_RANGE, pattern_problem
from kg.errors import QueryError

FINE = [
    f"RETURN range(1, {MAX_RANGE}) AS x",
    "RETURN range(0, size([1, 2]) - 1) AS x",
    "MATCH (m:Model) RETURN range(1, m.papers) AS x",
    "UNWIND range(1, 1000000000) AS x RETURN x LIMIT 3",
    "MATCH (m) RETURN [x IN m.aliases WHERE any(y IN m.aliases WHERE x = y)]",
    "RETURN reduce(s = 0, x IN [1, 2] | CASE WHEN s > x THEN s ELSE x END)",
    "RETURN reduce(s = '', x IN ['a'] | s + ', ' + x)",
    "MATCH (m) WITH m, m.name AS m1 WITH m, m1 AS m2 WITH m, m2 AS m3 RETURN m3 + m3 AS twice",
    "WITH 1 AS a " + "WITH a AS a " * 50 + "RETURN a",
    "WITH 1 AS a, 2 AS b " + "WITH a, b, a + b AS c " * 20 + "RETURN c",
    "MATCH (p) RETURN replace(replace(replace(replace(replace(p.id, ' ', ''), '-', ''), ':', ''), '.', ''), ',', '')",
    "MATCH (p:Paper) WHERE p.title =~ '(?i).*graph.*neural.*' RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ '(GPT|BERT)-?[0-9]+' RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ '\\\\d{4}' RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ $pattern AND p.id = 'a' RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ ('.*' + $word + '.*') RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ '.*' + $word + '.*' AND p.id = 'a' RETURN p",
    "MATCH (p:Paper) WHERE p.title =~ '[(]a+[)]*' RETURN p",
]


@pytest.mark.parametrize("query", FINE)
def test_what_is_bounded_goes_through(query: str) -> None:
    assert check(query) == query


def test_a_range_may_be_bounded_by_a_parameter_that_is_small() -> None:
    for query in ("RETURN range(1, $n)", "RETURN [x IN range(0, $n - 1) | x]"):
        assert check(query, {"n": 100}) == query
        for much in (MAX_RANGE + 1, -1, 10**12, None, {"n": 1}):
            with pytest.raises(QueryError, match="range"):
                check(query, {"n": much})


@pytest.mark.parametrize("pattern", ["(a+)+", ".*.*.*.*.*", "(a|b)*", r"(a)\1"])
def test_the_pattern_of_a_parameter_is_looked_at(pattern: str) -> None:
    query = "MATCH (n) WHERE n.name =~ $p RETURN n"
    assert check(query, {"p": "(?i)clip.*"}) == query
    with pytest.raises(QueryError, match="pattern"):
        check(query, {"p": pattern})
    with pytest.raises(QueryError, match="pattern"):
        check("MATCH (n) WHERE n.name =~ ('.*' + $p) RETURN n", {"p": pattern})


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 6), st.integers(1, 12))
def test_a_value_may_grow_so_much_and_no_more(copies: int, steps: int) -> None:
    query = "WITH [1] AS a " + f"WITH {' + '.join(['a'] * copies)} AS a " * steps + "RETURN a"
    if copies**steps > MAX_GROWTH:
        with pytest.raises(QueryError, match="again and again"):
            check(query)
    else:
        check(query)


@settings(max_examples=500, deadline=None)
@given(st.text("ab.*+?(){}|\\1,:^$", max_size=25))
def test_a_pattern_that_is_let_through_has_no_repetition_of_a_repetition(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:  # no engine runs it
        return
    if pattern_problem(pattern):
        return
    assert not re.search(r"(?<!\\)[*+]\)[*+{]", re.sub(r"\\.", "c", pattern))
