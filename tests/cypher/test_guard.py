"""The guard refuses everything that does more than read, and refuses nothing that a researcher writes."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ladybug
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.cypher import check, lacks, missing_construct, tokenize, walk
from kg.cypher.allowed import FUNCTIONS
from kg.cypher.tokens import MAX_CHARACTERS, MAX_TOKENS
from kg.errors import QueryError
from kg.schema import NODES, RELATIONSHIPS
from kg.stores.ladybug import _MACROS, _bridge

TYPES = {"STRING": "STRING", "STRINGS": "STRING[]", "INT": "INT64", "DOUBLE": "DOUBLE", "BOOL": "BOOL", "DATE": "DATE"}
VALUES: dict[str, Any] = {
    "word": "graph", "id": "arxiv:2103.00020", "skip": 0, "limit": 5, "feed": "hf", "names": ["CLIP"], "least": 1
}  # fmt: skip
FILL = """CREATE (p:Paper {id: 'arxiv:2103.00020', name: 'A Graph of CLIP', title: 'A Graph of CLIP', abstract: 'We.',
    published: date('2024-02-03'), url: '', source: 'arxiv'}), (m:Model {id: 'model:clip', name: 'CLIP', papers: 2,
    aliases: ['CLIP', 'Clip'], first_seen: date('2021-01-01')}), (b:Model {id: 'model:clip-b', name: 'CLIP-B',
    papers: 1, aliases: ['CLIP-B']}), (d:Dataset {id: 'dataset:imagenet', name: 'ImageNet', papers: 1,
    aliases: ['ImageNet', 'ILSVRC']}), (r:Result {id: 'r1', name: '76.2', value: 76.2, unit: '%', text: '76.2%'}),
    (p)-[:USES {surfaces: ['CLIP'], evidence: 'CLIP.', start: 11, `end`: 15, mentions: 3, confidence: 0.9}]->(m),
    (p)-[:INTRODUCES {confidence: 0.7}]->(b), (p)-[:EVALUATES_ON {confidence: 0.8}]->(d),
    (b)-[:VARIANT_OF {reason: 'size'}]->(m), (p)-[:REPORTS]->(r), (r)-[:OF_MODEL]->(b), (r)-[:ON_DATASET]->(d)"""


def corpus(name: str) -> dict[str, list[str]]:
    """The queries of a corpus file by section; <U+XXXX> stands for that character."""
    sections: dict[str, list[str]] = {}
    here = sections.setdefault("", [])
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            here = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            here.append(re.sub(r"<U\+([0-9A-F]{4,6})>", lambda match: chr(int(match[1], 16)), line))
    return sections


HOSTILE = corpus("hostile.txt")[""]
HARMLESS = corpus("harmless.txt")
ALL_HARMLESS = [query for section in HARMLESS.values() for query in section]


def _tokens_or_words(query: str) -> list[str]:
    try:
        return [token.text for token in tokenize(query)]
    except QueryError:
        return query.split()


def fill(path: Path) -> None:
    database = ladybug.Database(str(path))
    connection = ladybug.Connection(database)
    for node in NODES:
        columns = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in node.properties)
        connection.execute(f"CREATE NODE TABLE {node.label}({columns}, PRIMARY KEY(id))")
    for relationship in RELATIONSHIPS:
        pairs = [f"FROM {start} TO {end}" for start, end in relationship.pairs]
        columns = ", ".join([*pairs, *(f"`{name}` {TYPES[kind]}" for name, kind in relationship.properties)])
        connection.execute(f"CREATE REL TABLE {relationship.name}({columns})")
    for macro in _MACROS:
        connection.execute(macro)
    connection.execute(FILL)
    connection.close()
    database.close()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.lbug"
    fill(path)
    return path


@pytest.fixture(scope="module")
def store(graph: Path) -> Iterator[Any]:
    database = ladybug.Database(str(graph), read_only=True)
    connection = ladybug.Connection(database)
    connection.set_query_timeout(20_000)
    yield connection
    connection.close()
    database.close()


def run(store: Any, query: str) -> list[Any]:
    """What a caller does: nothing reaches the engine but what `check` gives back."""
    statement = check(query)
    names = {token.text[1:] for token in tokenize(statement) if token.kind == "parameter"}
    rows: list[Any] = store.execute(_bridge(statement), {name: VALUES[name] for name in names}).get_all()
    return rows


def refusal(query: str) -> str:
    with pytest.raises(QueryError) as caught:
        check(query)
    return str(caught.value)


def test_the_corpora_are_as_large_as_they_should_be() -> None:
    assert len(set(HOSTILE)) >= 200
    assert len(set(ALL_HARMLESS)) >= 100
    assert len(HARMLESS["portable"]) >= 60


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:60])
def test_a_hostile_query_is_refused_in_one_line_that_says_where(query: str) -> None:
    message = refusal(query)
    assert re.fullmatch(r"query, line \d+:\d+: .+; .+", message), message
    assert message.isascii()
    assert message.isprintable()
    assert len(message) < 250


def test_the_hostile_are_refused_by_their_shape_even_if_no_word_were_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "WRITING", frozenset())
    for query in HOSTILE:
        refusal(query)


def test_nothing_changes_when_the_hostile_are_sent_to_a_read_only_store(store: Any, graph: Path) -> None:
    def state() -> tuple[list[str], str, list[Any]]:
        files = sorted(path.name for path in graph.parent.iterdir())
        return files, hashlib.sha256(graph.read_bytes()).hexdigest(), run(store, "MATCH (n) RETURN n.id ORDER BY n.id")

    before = state()
    for query in HOSTILE:
        with pytest.raises(QueryError):
            run(store, query)
    assert state() == before


def test_the_engine_itself_would_have_obeyed(tmp_path: Path) -> None:
    """Why the guard is needed: read-only mode alone lets these through."""
    path, secret, out = tmp_path / "graph.lbug", tmp_path / "secret.csv", tmp_path / "out.csv"
    fill(path)
    secret.write_text("password\n", encoding="utf-8")
    with ladybug.Database(str(path), read_only=True) as database, ladybug.Connection(database) as opened:
        connection: Any = opened
        load = f"LOAD FROM '{secret}' (file_format='csv', header=false) RETURN *"
        copy = f"COPY (MATCH (n) RETURN n.id) TO '{out}'"
        assert connection.execute(load).get_all() == [["password"]]
        connection.execute(copy)
        assert out.exists()
        assert len(connection.execute("RETURN 1; RETURN 2")) == 2
        # The comment ends at the second */ for Ladybug and at the first for Neo4j.
        assert connection.execute("RETURN 1 /* a **/ , 2 */").get_all() == [[1]]
    for query in (load, copy):
        refusal(query)


@pytest.mark.parametrize("query", ALL_HARMLESS, ids=lambda query: ascii(query)[:60])
def test_a_harmless_query_is_not_refused_and_keeps_its_words(query: str) -> None:
    statement = check(query)
    assert not statement.endswith(";")
    words = [token.text for token in tokenize(query) if token.text != ";"]
    assert [token.text for token in tokenize(statement)] == words
    assert check(statement) == statement


@pytest.mark.parametrize("query", [*HARMLESS["portable"], *HARMLESS["embedded"]], ids=lambda query: ascii(query)[:60])
def test_a_harmless_query_runs_on_the_embedded_store(store: Any, query: str) -> None:
    assert missing_construct(query) is None
    run(store, query)


@pytest.mark.parametrize("query", HARMLESS["neo4j"], ids=lambda query: ascii(query)[:60])
def test_what_only_neo4j_has_fails_on_the_embedded_store_and_is_named(store: Any, query: str) -> None:
    with pytest.raises(RuntimeError):
        run(store, query)
    assert missing_construct(query) is not None


# What the embedded store lacks, how its message begins, and the replacement that it gives, written out.
LACKS = [
    (
        "MATCH p = shortestPath((a:Paper)-[*..8]-(b:Model)) RETURN p",
        "shortestPath()",
        "MATCH p = (a:Paper)-[* SHORTEST 1..8]-(b:Model) RETURN p",
    ),
    (
        "MATCH p = allShortestPaths((a:Paper)-[*..8]-(b:Model)) RETURN p",
        "allShortestPaths()",
        "MATCH p = (a:Paper)-[* ALL SHORTEST 1..8]-(b:Model) RETURN p",
    ),
    (
        "MATCH (m:Model) CALL { WITH m RETURN m.name AS x } RETURN x",
        "CALL { }",
        "MATCH (m:Model) WITH m.name AS x RETURN x",
    ),
    (
        "MATCH (m:Model) CALL (m) { RETURN m.name AS x } RETURN x",
        "CALL { }",
        "MATCH (m:Model) WITH m.name AS x RETURN x",
    ),
    (
        "MATCH (m:Model) FOREACH (x IN m.aliases | SET m.name = x)",
        "FOREACH",
        "MATCH (m:Model) UNWIND m.aliases AS x RETURN x",
    ),
    ("MATCH (m:Model) SET m += {name: 'x'}", "SET ... +=", "RETURN 1"),
    ("MATCH (m:Model) RETURN m {.name}", "map projection", "MATCH (m:Model) RETURN {name: m.name}"),
    ("MATCH (m:Model) RETURN m {x: m.name}", "map projection", "MATCH (m:Model) RETURN m.name"),
    (
        "MATCH (m:Model) RETURN [x IN m.aliases | toLower(x)]",
        "list comprehension",
        "MATCH (m:Model) RETURN list_transform(m.aliases, x -> toLower(x))",
    ),
    (
        "MATCH (m:Model) RETURN [x IN m.aliases WHERE x <> 'a']",
        "list comprehension",
        "MATCH (m:Model) RETURN list_filter(m.aliases, x -> x <> 'a')",
    ),
    (
        "MATCH (p:Paper) RETURN [(p)-[:USES]->(m) | m.name]",
        "pattern comprehension",
        "MATCH (p:Paper) OPTIONAL MATCH (p)-[:USES]->(m) RETURN p.id, collect(m.name)",
    ),
    ("MATCH (n) WHERE n:Model RETURN n", "test n:Label", "MATCH (n) WHERE label(n) = 'Model' RETURN n"),
    (
        "MATCH (n) WHERE n.id = 'x' OR (n:Model) RETURN n",
        "test n:Label",
        "MATCH (n) WHERE n.id = 'x' OR label(n) = 'Model' RETURN n",
    ),
    ("MATCH (n:!Model) RETURN n", "& and ! between labels", "MATCH (n) WHERE label(n) <> 'Model' RETURN n"),
    ("MATCH (n:Model&Method) RETURN n", "& and ! between labels", "MATCH (n) WHERE label(n) <> 'Model' RETURN n"),
    ("MATCH (n:Model) RETURN elementId(n)", "elementId()", "MATCH (n:Model) RETURN n.id"),
    ("MATCH (n:Model WHERE n.papers > 1) RETURN n", "WHERE inside", "MATCH (n:Model) WHERE n.papers > 1 RETURN n"),
    (
        "MATCH (n)-[r:USES WHERE r.start > 1]->() RETURN n",
        "WHERE inside",
        "MATCH (n)-[r:USES]->() WHERE r.start > 1 RETURN n",
    ),
    (
        "MATCH (n:Model) RETURN COLLECT { MATCH (n)--(m) RETURN m.name }",
        "COLLECT { }",
        "MATCH (n:Model) OPTIONAL MATCH (n)--(m) RETURN n.id, collect(m.name)",
    ),
    (
        "MATCH (n:Model) WHERE EXISTS { (n)-->() } RETURN n",
        "subquery without",
        "MATCH (n:Model) WHERE EXISTS { MATCH (n)-->() } RETURN n",
    ),
    (
        "MATCH (n:Model) WHERE EXISTS { MATCH (n)--(m) RETURN m } RETURN n",
        "RETURN in",
        "MATCH (n:Model) WHERE EXISTS { MATCH (n)--(m) } RETURN n",
    ),
    (
        "MATCH (n:Model) WHERE exists((n)-->()) RETURN n",
        "exists() of a pattern",
        "MATCH (n:Model) WHERE EXISTS { MATCH (n)-->() } RETURN n",
    ),
    ("MATCH (n:Model) WHERE exists(n.name) RETURN n", "exists()", "MATCH (n:Model) WHERE n.name IS NOT NULL RETURN n"),
    ("RETURN date()", "date() without", "RETURN current_date()"),
    ("RETURN datetime()", "datetime()", "RETURN current_timestamp(), timestamp('2024-01-31 00:00:00')"),
    (
        "MATCH (p:Paper) RETURN p.published.year",
        "parts of a date",
        "MATCH (p:Paper) RETURN date_part('year', p.published)",
    ),
    (
        "RETURN date.truncate('month', date('2024-02-03'))",
        "date.truncate()",
        "RETURN date_trunc('month', date('2024-02-03'))",
    ),
    (
        "MATCH (p:Paper) RETURN duration.inDays(p.published, date('2024-02-05'))",
        "duration.inDays()",
        "MATCH (p:Paper) RETURN date('2024-02-05') - p.published",
    ),
    ("MATCH ()-[r:USES]->() RETURN r.end", "name like that", "MATCH ()-[r:USES]->() RETURN r.`end`"),
    ("MATCH (m:Model) RETURN m.name AS any", "name like that", "MATCH (m:Model) RETURN m.name AS `any`"),
    ("MATCH (m:Model) RETURN m.aliases[0]", "element [0]", "MATCH (m:Model) RETURN m.aliases[1]"),
    ("RETURN 'a' || 'b'", "operator ||", "RETURN 'a' + 'b'"),
    ("RETURN 1 AS x UNION DISTINCT RETURN 2 AS x", "UNION DISTINCT", "RETURN 1 AS x UNION RETURN 2 AS x"),
    ("RETURN round(2.5)", "round() of one number", "RETURN round(2.5, 0)"),
    (
        "MATCH (m:Model) WITH m ORDER BY m.papers RETURN m.name",
        "WITH ... ORDER BY",
        "MATCH (m:Model) WITH m ORDER BY m.papers LIMIT 1000000 RETURN m.name",
    ),
    (
        "MATCH (a:Model), (b:Model) WHERE any(x IN a.aliases WHERE any(y IN b.aliases WHERE x = y)) RETURN a, b",
        "any() inside of any()",
        "MATCH (a:Model), (b:Model) UNWIND a.aliases AS x WITH b, x WHERE any(y IN b.aliases WHERE x = y) RETURN b",
    ),
    (
        "MATCH (m:Model) WHERE any(x IN m.aliases WHERE toLower(x) = $word) RETURN m",
        "parameter inside of any()",
        "WITH $word AS wanted MATCH (m:Model) WHERE any(x IN m.aliases WHERE toLower(x) = wanted) RETURN m",
    ),
    ("MATCH (p:Paper)-[:!USES]->(m) RETURN m", "& and ! between labels", "MATCH (p:Paper)-[r]->(m) RETURN label(r)"),
    ("RETURN date({year: 2024, month: 1, day: 31})", "date() of parts", "RETURN date('2024-01-31')"),
    ("RETURN 1 AS create", "name like that", "RETURN 1 AS `create`"),
    (
        "MATCH (m:Model) RETURN stDev(m.papers)",
        "stDev()",
        "MATCH (m:Model) WITH m.papers AS x RETURN sqrt((sum(x * x) - count(x) * avg(x) * avg(x)) / (count(x) - 1))",
    ),
    ("RETURN toString(1)", "toString()", "RETURN string(1)"),
    ("RETURN toInteger('1')", "toInteger()", "RETURN to_int64('1')"),
    ("RETURN toFloat('1')", "toFloat()", "RETURN to_double('1')"),
    ("RETURN toBoolean('true')", "toBoolean()", "RETURN to_bool('true')"),
    ("RETURN split('a b', ' ')", "split()", "RETURN string_split('a b', ' ')"),
    ("RETURN last([1, 2])", "last()", "RETURN list_extract([1, 2], -1)"),
    ("RETURN tail([1, 2])", "tail()", "RETURN list_slice([1, 2], 2, -1)"),
    ("RETURN reduce(s = 0, x IN [1, 2] | s + x)", "reduce()", "RETURN list_reduce([1, 2], (a, b) -> a + b)"),
    ("MATCH ()-[r:USES]->() RETURN startNode(r)", "startNode()", "MATCH ()-[r:USES]->() RETURN start_node(r)"),
    ("MATCH ()-[r:USES]->() RETURN endNode(r)", "endNode()", "MATCH ()-[r:USES]->() RETURN end_node(r)"),
    ("RETURN isEmpty('')", "isEmpty()", "RETURN size('') = 0"),
    ("RETURN char_length('a')", "char_length()", "RETURN size('a')"),
    ("RETURN valueType(1)", "valueType()", "RETURN typeof(1)"),
    (
        "MATCH (m:Model) RETURN stDevP(m.papers)",
        "stDevP()",
        "MATCH (m:Model) RETURN sqrt(avg(m.papers * m.papers) - avg(m.papers) * avg(m.papers))",
    ),
    ("RETURN exp(1)", "exp()", "RETURN pow(2.718281828459045, 1)"),
    ("RETURN year(date('2024-02-03'))", "year()", "RETURN date_part('year', date('2024-02-03'))"),
]


@pytest.mark.parametrize(("query", "construct", "replacement"), LACKS, ids=[query for query, _, _ in LACKS])
def test_a_missing_construct_is_missing_is_named_and_its_replacement_runs(
    store: Any, query: str, construct: str, replacement: str
) -> None:
    with pytest.raises(RuntimeError):
        store.execute(query, {name: VALUES[name] for name in ("word",) if f"${name}" in query}).get_all()
    message = missing_construct(query)
    assert message is not None
    assert message.startswith(f"the embedded store has no {construct}"), message
    assert missing_construct(replacement) is None
    run(store, replacement)


def test_size_of_a_pattern_is_named_because_the_engine_answers_nonsense(store: Any) -> None:
    query = "MATCH (p:Paper) RETURN size((p)-[:HAS_CODE]->())"
    assert run(store, query) == [[5]]  # the length of the word False
    assert "COUNT { MATCH" in (missing_construct(query) or "")
    assert run(store, "MATCH (p:Paper) RETURN p.source, COUNT { MATCH (p)-[:HAS_CODE]->() }") == [["arxiv", 0]]


def test_a_node_of_two_labels_is_named_because_the_engine_takes_it_as_either(store: Any) -> None:
    assert run(store, "MATCH (n:Model:Dataset) RETURN count(n)") == [[3]]
    assert "(n:A|B)" in (missing_construct("MATCH (n:Model:Dataset) RETURN count(n)") or "")


def test_every_missing_function_is_allowed_and_tried_above() -> None:
    tried = " ".join(query for query, _, _ in LACKS).lower()
    for name in lacks._INSTEAD:
        assert name in FUNCTIONS
        assert f"{name}(" in tried


def test_no_allowed_function_of_the_engine_is_more_than_a_computation(store: Any) -> None:
    kinds = {name.lower(): kind for name, kind, _ in store.execute("CALL show_functions() RETURN *").get_all()}
    allowed = {kinds[name] for name in FUNCTIONS if name in kinds}
    assert allowed <= {"SCALAR FUNCTION", "AGGREGATE FUNCTION", "REWRITE FUNCTION"}
    assert {"nextval", "setseed", "error", "random", "gen_random_uuid"}.isdisjoint(FUNCTIONS)


def test_tokens_have_kinds_and_places() -> None:
    tokens = tokenize("MATCH (n:`a b`) // x\r\n  WHERE n.x >= $p AND n.y = 'it\\'s' RETURN 1.5")
    assert [(token.kind, token.text, token.line, token.column) for token in tokens] == [
        ("word", "MATCH", 1, 1), ("symbol", "(", 1, 7), ("word", "n", 1, 8), ("symbol", ":", 1, 9),
        ("name", "`a b`", 1, 10), ("symbol", ")", 1, 15), ("word", "WHERE", 2, 3), ("word", "n", 2, 9),
        ("symbol", ".", 2, 10), ("word", "x", 2, 11), ("symbol", ">", 2, 13), ("symbol", "=", 2, 14),
        ("parameter", "$p", 2, 16), ("word", "AND", 2, 19), ("word", "n", 2, 23), ("symbol", ".", 2, 24),
        ("word", "y", 2, 25), ("symbol", "=", 2, 27), ("string", "'it\\'s'", 2, 29), ("word", "RETURN", 2, 37),
        ("number", "1.5", 2, 44), ("end", "", 2, 47),
    ]  # fmt: skip


def test_comments_come_back_as_spaces_and_places_stay() -> None:
    query = "MATCH (n) /* one\ntwo */ RETURN n // three\n; // four"
    statement = check(query)
    assert statement == "MATCH (n)       \n       RETURN n"
    assert statement.index("RETURN") == query.index("RETURN")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "query, line 1:1: the query ends too early; write MATCH ... RETURN ..."),
        ("MATCH (n)\nSET n.x = 1", "query, line 2:1: SET does more than read; only MATCH, WHERE"),
        ("RETURN 1; RETURN 2", "query, line 1:9: a second statement; send one statement at a time"),
        ("MATCH (a)-[:USES*]->(b) RETURN a", "query, line 1:17: a path of * steps; bound it, at most *1..8"),
        ("RETURN apoc.load.json('x')", "query, line 1:18: the function 'apoc.load.json' is not allowed; use one"),
        ("RETURN 'a", "query, line 1:8: ' is not closed; close it"),
        ("RETURN ａ", "query, line 1:8: the character '\\uff41' (U+FF41); only quoted texts"),
        ("RETURN 'a\u200bb'", "query, line 1:10: the invisible character U+200B; write what is meant"),
        ("CALL { MATCH (n) RETURN n } RETURN n", "query, line 1:1: CALL { } is not run; write WITH, EXISTS"),
        ("MATCH (load) RETURN load", "query, line 1:8: LOAD does more than read; only MATCH"),
    ],
)
def test_a_refusal_names_the_place_the_thing_and_what_to_do(query: str, message: str) -> None:
    assert refusal(query).startswith(message)


def test_any_word_may_name_a_property_and_back_ticks_any_name() -> None:
    check("MATCH (n) RETURN n.load, n.set, n.create, n . delete, n.`call`")
    check("MATCH (`set`:`Load`) WITH `set`.name AS `create` RETURN `create`")


def test_limits() -> None:
    assert "characters" in refusal("RETURN '" + "a" * MAX_CHARACTERS + "'")
    assert "words and signs" in refusal("RETURN [" + "1," * (MAX_TOKENS // 2) + "1]")
    check("RETURN " + "(" * 16 + "1" + ")" * 16)
    assert "deep" in refusal("RETURN " + "(" * 17 + "1" + ")" * 17)
    check("MATCH (a)" + "--(:Model)" * 8 + " WITH a MATCH (a)" + "-[:USES*1..8]-(:Model)" * 8 + " RETURN a")
    assert "relationships" in refusal("MATCH (a)" + "--(:Model)" * 9 + " RETURN a")


PIECES = [
    "'",
    '"',
    "`",
    "/*",
    "*/",
    "//",
    "(",
    "[x IN ",
    "CASE ",
    "\\",
    "/**/",
    "a.",
    "é",
    "\r\n",
    "1 ",
    "$a ",
    "size((",
]
PIECES += [
    "any ( x IN ",
    "any(x IN a WHERE (",
    "WITH a ORDER BY ",
    "WITH a, ",
    "(:A:B",
    "all(x IN y WHERE $",
    "a + a AS a, ",
    "range(",
]
PIECES += ["RETURN a,", "-[*1..2]-", "RETURN n {", "round((", "WHERE (n : a", "EXISTS { RETURN", ". a . b"]


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_query_is_judged_and_a_longer_one_refused(piece: str) -> None:
    # In quadratic time the first would take minutes, and the second for ever.
    text = "MATCH (n) " + piece * (100 * MAX_CHARACTERS // len(piece))
    for function in (check, missing_construct):
        with contextlib.suppress(QueryError):
            function(text[:MAX_CHARACTERS])
    with pytest.raises(QueryError):
        check(text)


PAYLOADS = [
    "SET n.name = 'x'", "SET n += {a: 1}", "CREATE (:Paper {id: 'x'})", "MERGE (:Paper {id: 'x'})", "DELETE n",
    "DETACH DELETE n", "REMOVE n.name", "; DROP TABLE Paper", "; CREATE (:Paper {id: 'x'});", "CALL TIMEOUT=0",
    "CALL db.labels()", "CALL { CREATE (:Paper {id: 'x'}) }", "LOAD FROM '/etc/passwd' RETURN *",
    "LOAD CSV FROM 'file:///etc/passwd' AS line", "COPY Paper FROM 'x.csv'", "FOREACH (x IN [1] | CREATE (:Paper))",
    "INSERT (:Paper {id: 'x'})", "USE other", "INSTALL httpfs", "apoc.load.json('x')", "FROBNICATE (n)", "FROB x",
]  # fmt: skip


@st.composite
def injected(draw: st.DrawFn) -> str:
    """A harmless query with a writing clause put between two of its tokens, in any case and spacing."""
    query = draw(st.sampled_from(ALL_HARMLESS)) + "\n"  # which ends a comment: what is put behind it is no part of it
    payload = draw(st.sampled_from(PAYLOADS))
    payload = draw(st.sampled_from([payload, payload.lower(), payload.swapcase()]))
    payload = payload.replace(" ", draw(st.sampled_from([" ", "\n", "\t", "/**/", " // x\n", "\r\n"])))
    at = draw(st.sampled_from(tokenize(query))).start
    gap = draw(st.sampled_from([" ", "\n", "/* ' */", "/* ` */", ' // "\n']))
    return query[:at] + gap + payload + gap + query[at:]


@settings(max_examples=600, deadline=None)
@given(injected())
def test_a_writing_clause_put_into_a_harmless_query_never_passes(query: str) -> None:
    refusal(query)


CYPHER_LIKE = st.lists(
    st.one_of(
        st.sampled_from(sorted({token.text for query in ALL_HARMLESS for token in tokenize(query)})),
        st.sampled_from(["SET", "CREATE", "'", '"', "`", "/*", "*/", "//", "\\", "\n", "\r", " ", "\\u0027", "''"]),
        st.text(max_size=3),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(), CYPHER_LIKE, CYPHER_LIKE.map(lambda text: "MATCH (n) RETURN " + text)))
def test_any_text_is_checked_or_refused_and_never_breaks_the_guard(text: str) -> None:
    missing_construct(text)
    message = ""
    try:
        statement = check(text)
    except QueryError as error:
        message = str(error)
    else:
        assert check(statement) == statement
    assert message.isascii()
    assert not message or (message.isprintable() and len(message) < 250)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ALL_HARMLESS), st.data())
def test_a_harmless_query_with_a_piece_cut_out_cannot_write(query: str, data: st.DataObject) -> None:
    tokens = tokenize(query)
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    shorter = query[: tokens[first].start] + " " + query[tokens[last].start :]
    try:
        statement = check(shorter)
    except QueryError:
        return
    kept = tokenize(statement)
    names = {after.text for before, after in itertools.pairwise(kept) if before.word == "AS"}
    words = {token.word for token in kept if token.text not in names}
    assert not words & {"CREATE", "SET", "DELETE", "MERGE", "LOAD", "CALL"}


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The graph opened for writing: here only the guard stands between a query and the data."""
    path = tmp_path_factory.mktemp("writable") / "graph.lbug"
    fill(path)
    with ladybug.Database(str(path)) as database, ladybug.Connection(database) as connection:
        connection.set_query_timeout(1000)
        yield connection


PARTS = sorted({part for query in [*ALL_HARMLESS, *HOSTILE] for part in _tokens_or_words(query)})


@st.composite
def spliced(draw: st.DrawFn) -> str:
    """The head of a harmless query, a piece of a hostile one or a few words from anywhere, the tail of another."""
    one, other = draw(st.sampled_from(ALL_HARMLESS)), draw(st.sampled_from(ALL_HARMLESS))
    middle = draw(st.one_of(st.sampled_from(HOSTILE), st.lists(st.sampled_from(PARTS), max_size=5).map(" ".join)))
    cut, begin = draw(st.integers(0, len(one))), draw(st.integers(0, len(other)))
    return (
        one[:cut]
        + draw(st.sampled_from(["", " ", "\n"]))
        + middle
        + draw(st.sampled_from(["", " ", "\n"]))
        + other[begin:]
    )


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=spliced())
def test_whatever_passes_changes_nothing_even_where_the_engine_would(writable: Any, query: str) -> None:
    try:
        statement = check(query)
    except QueryError:
        return
    with contextlib.suppress(RuntimeError):
        writable.execute(_bridge(statement), {t.text[1:]: "x" for t in tokenize(statement) if t.kind == "parameter"})
    state = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r), min(n.name), max(n.name)"
    assert writable.execute(state).get_all() == [[5, 7, "76.2", "ImageNet"]]
    assert len(writable.execute("CALL show_tables() RETURN name").get_all()) == len(NODES) + len(RELATIONSHIPS)
