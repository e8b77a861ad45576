"""What the embedded store lacks of Neo4j's Cypher, and what to write instead."""

from __future__ import annotations

import re

from kg.cypher.tokens import tokenize
from kg.errors import QueryError

# Functions that the embedded store lacks: what to write instead.
_INSTEAD = {
    "shortestpath": "MATCH p = (a)-[* SHORTEST 1..8]-(b)",
    "allshortestpaths": "MATCH p = (a)-[* ALL SHORTEST 1..8]-(b)",
    "elementid": "n.id",
    "exists": "n.name IS NOT NULL",
    "tostring": "string(x)",
    "tointeger": "to_int64(x)",
    "tofloat": "to_double(x)",
    "toboolean": "to_bool(x)",
    "split": "string_split(text, separator)",
    "last": "list_extract(list, -1)",
    "tail": "list_slice(list, 2, -1)",
    "reduce": "list_reduce(list, (a, b) -> a + b)",
    "startnode": "start_node(r)",
    "endnode": "end_node(r)",
    "isempty": "size(x) = 0",
    "char_length": "size(text)",
    "exp": "pow(2.718281828459045, x)",
    "valuetype": "typeof(x)",
    "stdev": "sqrt((sum(x * x) - count(x) * avg(x) * avg(x)) / (count(x) - 1))",
    "stdevp": "sqrt(avg(x * x) - avg(x) * avg(x))",
    "datetime": "current_timestamp(), or timestamp('2024-01-31 00:00:00')",
    "date.truncate": "date_trunc('month', d)",
    "duration.indays": "the difference of two dates, d2 - d1",
    "year": "date_part('year', d)",
}
# What else it lacks, as a pattern over the tokens with one space between them (texts as '', back-ticked names as q),
# with its name and what to write instead. The tests run both sides of each on the real engine.
_RESERVED = (
    "all|and|any|asc|ascending|case|cast|column|create|default|desc|descending|distinct|else|end|ends|exists|false|for|group|"
    "headers|hint|in|index|install|join|none|not|null|on|only|optional|options|or|order|primary|profile|single|starts|table|then|"
    "trail|true|union|unwind|when|where|with|xor"
)
_ARROW = r"(?:- [-\[]|< -)"
_LACKS = (
    (r"\bCALL [{(]", "CALL { }", "WITH, or the clauses of the subquery in the query itself"),
    (r"\bFOREACH \(", "FOREACH", "UNWIND list AS x, then what is done with each x"),
    (r"\bSET \w+ \+ =", "SET ... +=", "nothing: the graph changes by building, never by a query"),
    (r"\bCOLLECT \{", "COLLECT { }", "OPTIONAL MATCH ..., then collect(x)"),
    (r"\b(?:EXISTS|COUNT) \{ (?!MATCH\b)", "subquery without MATCH", "EXISTS { MATCH (a)-->(b) }"),
    (r"\b(?:EXISTS|COUNT) \{ [^{}]*\bRETURN\b", "RETURN in a subquery", "EXISTS { MATCH ... WHERE ... } alone"),
    (rf"\bEXISTS \( \( [^()]*\) {_ARROW}", "exists() of a pattern", "EXISTS { MATCH (a)-->(b) }"),
    (rf"\bsize \( \( [^()]*\) {_ARROW}", "size() of a pattern", "COUNT { MATCH (a)-->(b) }"),
    (rf"\[ (?:\w+ = )?\( [^()]*\) {_ARROW}", "pattern comprehension", "OPTIONAL MATCH ..., then collect(x)"),
    (r"\[ \w+ IN [^|]*WHERE\b", "list comprehension", "list_filter(list, x -> x > 1)"),
    (r"\[ \w+ IN\b", "list comprehension", "list_transform(list, x -> x + 1)"),
    (r"[{,] \. ", "map projection", "n.name, or a map {name: n.name}"),
    (
        r"\b(?:RETURN|WITH) (?!(?:COUNT|EXISTS|COLLECT|DISTINCT|CASE|NOT)\b)\w+ \{",
        "map projection",
        "n.name, or a map {name: n.name}",
    ),
    (
        r"[(\[] (?:\w+ )?(?:: \w+(?: [|&:]+ \w+)* )?(?:\* [\d. ]*)?(?:\{ [^{}]*\} )?WHERE\b",
        "WHERE inside of a pattern",
        "the condition in a WHERE after the pattern",
    ),
    (
        r"\b(?:WHERE|AND|OR|XOR|NOT|WHEN|THEN|RETURN)(?: \()* [A-Za-z_]\w* : \w+\b(?! (?:\{ [^{}]*\} )?\) [-<])",
        "test n:Label",
        "label(n) = 'Label'",
    ),
    (r"[(\[\w] : (?:! \w|\w+ &)", "& and ! between labels", "WHERE label(n) <> 'Label'"),
    (r"\( (?:\w+ )?: \w+ : \w", "nodes of two labels (it takes :A:B as either)", "(n:A|B); a node has one label"),
    (r"\bdate \( \{", "date() of parts", "date('2024-01-31')"),
    (r"\bdate \( \)", "date() without a date", "current_date()"),
    (r"\. \w+ \. (?:year|month|day)\b", "parts of a date like d.year", "date_part('year', d)"),
    (rf"(?:\.|\bAS) (?:{_RESERVED})\b", "name like that without back-ticks", "it in back-ticks, like r.`end`"),
    (r"[\w)\]] \[ 0 \]", "element [0]", "[1], as its lists count from 1"),
    (r"\bround \( (?:[^,()]|\( [^()]*\))*\)", "round() of one number", "round(x, 0)"),
    (r"\| \|", "operator ||", "a + b"),
    (
        r"(?<!STARTS )(?<!ENDS )\bWITH (?:(?!\b(?:MATCH|RETURN|WITH|UNWIND|ORDER)\b)\S+ )*ORDER BY "
        r"(?:(?!\b(?:SKIP|LIMIT|RETURN)\b)\S+ )*?(?:MATCH|RETURN|WITH|UNWIND|WHERE)\b",
        "WITH ... ORDER BY without LIMIT",
        "LIMIT 1000000 after it, or sort in RETURN",
    ),
    (
        r"\b(?:any|all|none|single) \( \w+ IN [^()]*WHERE (?:[^()]*\([^()]*\))*[^()]*\b(?:any|all|none|single) \(",
        "any() inside of any()",
        "UNWIND for one of the lists",
    ),
    (
        r"\b(?:any|all|none|single|list_(?:transform|filter|reduce)) \((?:[^()]|\([^()]*\))*(?:\bWHERE|- >)"
        r"(?:[^()]|\([^()]*\))*\$",
        "parameter inside of any() or a lambda",
        "WITH $name AS wanted before, and wanted there",
    ),
    (r"\bUNION DISTINCT\b", "UNION DISTINCT", "UNION"),
)


def missing_construct(text: str) -> str | None:
    """The first thing in `text` that the embedded store lacks, with what to write instead; None if nothing is known."""
    try:
        tokens = tokenize(text)
    except QueryError:
        return None
    stand_in = {"string": "''", "name": "q"}
    line = " ".join(stand_in.get(token.kind, token.text) for token in tokens)
    found: list[tuple[int, str, str]] = []
    for pattern, construct, instead in _LACKS:
        if match := re.search(pattern, line, re.IGNORECASE):
            found.append((match.start(), construct, instead))
    for match in re.finditer(r"(\w+(?: \. \w+)?) \(", line):
        name = match[1].replace(" ", "")
        if name.lower() in _INSTEAD:
            found.append((match.start(), f"{name}()", _INSTEAD[name.lower()]))
    if not found:
        return None
    _, construct, instead = min(found, key=lambda entry: entry[0])
    return f"the embedded store has no {construct}; write {instead}"
