"""Decides by tokens whether a user's own Cypher only reads, before any engine sees it.

An allow-list, not a list of forbidden words: after a value only the words in `_AFTER` may stand, so a clause nobody
here has heard of is refused like CREATE is. Ladybug (the Kuzu dialect) and Neo4j 5 split some characters into tokens
in different ways; whatever they could split differently is refused, so both see the tokens that were checked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from kg.errors import QueryError

MAX_CHARACTERS = 20_000
MAX_TOKENS = 2_000
# Measured on Ladybug 0.22: parsing and planning run outside its time limit. 900 nested lists crash the process and
# 24 nested lambdas take longer than 15 s, 16 take 0.2 s; 12 relationships joined at once are planned in 7 s, 8 in 1.4.
MAX_DEPTH = 16
MAX_RELATIONSHIPS = 8
MAX_HOPS = 8

Kind = Literal["word", "string", "number", "parameter", "name", "symbol", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `name` is a back-ticked one. `line` and `column` count from 1, `start` from 0."""

    kind: Kind
    text: str
    line: int
    column: int
    start: int

    @property
    def word(self) -> str:
        """The bare word in capitals; "" for every other kind."""
        return self.text.upper() if self.kind == "word" else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_START = _words("MATCH OPTIONAL WITH UNWIND RETURN")
_CLAUSES = _START | _words("UNION ORDER SKIP LIMIT")
_CASE = _words("WHEN THEN ELSE END")
_SORT = _words("ASC ASCENDING DESC DESCENDING")
_AFTER = _CLAUSES | _CASE | _SORT | _words("WHERE AND OR XOR IN IS CONTAINS STARTS ENDS AS")
_READS = "only MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT and UNION are run"
_SECOND = {"OPTIONAL": "MATCH", "ORDER": "BY", "STARTS": "WITH", "ENDS": "WITH", "IS": "NULL"}
# Not what keeps writes out (that is `_AFTER`): these get a clearer message, and are not taken as names of variables.
_WRITING = _words(
    """CREATE MERGE SET DELETE REMOVE DETACH NODETACH DROP ALTER INSERT LOAD COPY EXPORT IMPORT INSTALL UNINSTALL ATTACH
    USE CALL YIELD FOREACH EXPLAIN PROFILE BEGIN COMMIT ROLLBACK CHECKPOINT ANALYZE COMMENT RENAME GRANT DENY REVOKE
    SHOW TERMINATE FINISH"""
)
# Pure in every engine that has them. Left out on purpose: sequences, random numbers, whatever reads files or settings,
# and what makes huge texts (repeat, lpad, rpad).
FUNCTIONS = _words(
    """abs acos all allshortestpaths any asin atan atan2 avg cast ceil ceiling char_length coalesce collect concat
    concat_ws contains cos cost cot count count_if current_date current_timestamp date date.truncate date_part
    date_trunc datepart datetime datetime.truncate dayname degrees duration duration.between duration.indays
    duration.inmonths element_at elementid end_node endnode ends_with exists exp floor greatest head id ifnull
    initcap interval is_acyclic is_trail isempty isnan keys label labels last last_day lcase least left length
    levenshtein list_any_value list_append list_concat list_contains list_distinct list_element list_extract
    list_filter list_has list_has_all list_has_any list_indexof list_max list_min list_position list_prepend
    list_product list_reduce list_reverse list_reverse_sort list_slice list_sort list_sum list_to_string
    list_transform list_unique ln localdatetime log log10 log2 lower ltrim make_date map map_extract map_keys
    map_values max md5 min monthname nodes none nullif offset percentilecont percentiledisc pi pow prefix
    properties radians range reduce regexp_extract regexp_extract_all regexp_full_match regexp_matches
    regexp_replace regexp_split_to_array relationships rels replace reverse right round rtrim sha256 shortestpath
    sign sin single size split split_part sqrt start_node startnode starts_with stdev stdevp string string_split
    struct_extract struct_pack substr substring suffix sum tail tan timestamp to_bool to_date to_days to_double
    to_float to_int64 to_string to_timestamp toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull tolower tostring tostringornull toupper trim type typeof ucase upper valuetype year"""
)
_PATH_FUNCTIONS = ("shortestpath", "allshortestpaths")
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
    "head": "list_extract(list, 1)",
    "last": "list_extract(list, -1)",
    "tail": "list_slice(list, 2, -1)",
    "reduce": "list_reduce(list, (a, b) -> a + b)",
    "startnode": "start_node(r)",
    "endnode": "end_node(r)",
    "isempty": "size(x) = 0",
    "char_length": "size(text)",
    "exp": "pow(2.718281828459045, x)",
    "valuetype": "typeof(x)",
    "stdevp": "sqrt(avg(x * x) - avg(x) * avg(x))",
    "datetime": "current_timestamp(), or timestamp('2024-01-31 00:00:00')",
    "date.truncate": "date_trunc('month', d)",
    "duration.indays": "the difference of two dates, d2 - d1",
    "year": "date_part('year', d)",
}
# What else it lacks, as a pattern over the tokens with one space between them (texts as '', back-ticked names as q),
# with its name and what to write instead. The tests run both sides of each on the real engine.
_RESERVED = (
    "all|and|any|asc|ascending|case|cast|column|default|desc|descending|distinct|else|end|ends|exists|false|for|group|"
    "headers|hint|in|index|join|none|not|null|on|only|optional|options|or|order|primary|single|sorted|starts|table|then|"
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
    (r"[(\w] : (?:! \w|\w+ &)", "& and ! between labels", "WHERE label(n) <> 'Label'"),
    (r"\bdate \( \)", "date() without a date", "current_date()"),
    (r"\. \w+ \. (?:year|month|day)\b", "parts of a date like d.year", "date_part('year', d)"),
    (rf"(?:\.|\bAS) (?:{_RESERVED})\b", "name like that without back-ticks", "it in back-ticks, like r.`end`"),
    (r"[\w)\]] \[ 0 \]", "element [0]", "[1], as its lists count from 1"),
    (r"\bround \( (?:[^,()]|\( [^()]*\))*\)", "round() of one number", "round(x, 0)"),
    (r"\| \|", "operator ||", "a + b"),
    (r"\bUNION DISTINCT\b", "UNION DISTINCT", "UNION"),
)

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+|\r\n) | (?P<comment>//[^\n]* | /\*.*?\*/)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | (?P<string>'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*") | (?P<name>`[^`\\\r\n]+`)
    | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)
    | (?P<parameter>\$(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]*)) | (?P<symbol>\.\.|[-+*/%^=<>!~()\[\]{},:;.|&])""",
    re.VERBOSE | re.DOTALL,
)


def _refuse(at: Token, problem: str, advice: str) -> NoReturn:
    raise QueryError(f"query, line {at.line}:{at.column}: {problem}; {advice}")


def _show(text: str) -> str:
    """Safe to print whatever it holds: ASCII, on one line, not long."""
    return ascii(text if len(text) <= 40 else text[:40] + "...")


def _refuse_characters(text: str) -> None:
    """Refuses what cannot be seen, or is a line end or a quote in one engine only."""
    if len(text) > MAX_CHARACTERS:
        raise QueryError(f"query, line 1:1: {len(text)} characters; write at most {MAX_CHARACTERS}")
    # Neo4j turns \uXXXX into characters before it looks for quotes and line ends: '\u0027' closes a text there.
    for found in re.finditer(r"\\[uU]|\r(?!\n)|[^\x20-\x7e\t\n\r]", text):
        char, start = found.group(), found.start()
        if not char.isascii() and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            continue
        at = Token("symbol", char, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), start)
        what = f"the escape {char}" if len(char) == 2 else f"the invisible character U+{ord(char):04X}"
        _refuse(at, what, "write what is meant, or pass the text as a $parameter")


def _refuse_ambiguous(token: Token, kind: str, following: str) -> None:
    """Refuses a token that one of the engines would end elsewhere, given the character after it."""
    value = token.text
    if kind == "comment" and value.startswith("/*") and "**" in value[2:-1]:
        _refuse(token, "a comment with ** in it", "use single stars: the engines find different ends")
    if value == "/" and following == "*":
        _refuse(token, "a comment that is not closed", "close it with */")
    if kind in ("number", "parameter", "word") and re.match(r"[A-Za-z0-9_$]", following):
        _refuse(token, _show(value + following), "put a space between, and write numbers like 12, 0.5, 1e-5")
    if (value == "." and following.isdigit()) or (value == ".." and following == "."):
        _refuse(token, _show(value + following), "write numbers like 0.5 and ranges like 1..3")
    if kind in ("string", "name") and following == value[0]:
        _refuse(token, "a doubled quote", "write the quote as \\' or use a $parameter; a name holds no back-tick")
    if kind == "string" and re.search(r"\\(?![\\'\"nrtbf])", value.replace("\\\\", "")):
        _refuse(token, "an unknown escape in a text", r"use \\ \' \" \n \r \t \b \f or a $parameter")


def _scan(text: str) -> tuple[list[Token], str]:
    """The tokens, and the text with its comments turned into spaces."""
    _refuse_characters(text)
    tokens: list[Token] = []
    pieces: list[str] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        kind, value = (str(found.lastgroup), found.group()) if found else ("symbol", text[position])
        token = Token(cast(Kind, kind), value, line, position - line_start + 1, position)
        if found is None:
            unclosed = value in "'\"`"
            problem = f"the character {_show(value)} (U+{ord(value):04X})"
            other = "only quoted texts, back-ticked names and comments may hold it"
            _refuse(token, f"{value} is not closed" if unclosed else problem, "close it" if unclosed else other)
        position = found.end()
        _refuse_ambiguous(token, kind, text[position : position + 1])
        pieces.append(re.sub(r"[^\n]", " ", value) if kind == "comment" else value)
        if kind not in ("space", "comment"):
            tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            _refuse(token, f"more than {MAX_TOKENS} words and signs", "split it into several queries")
        if "\n" in value:
            line, line_start = line + value.count("\n"), token.start + value.rfind("\n") + 1
    tokens.append(Token("end", "", line, position - line_start + 1, position))
    return tokens, "".join(pieces)


def tokenize(text: str) -> list[Token]:
    """Splits a query as both engines do, without spaces and comments, with an `end` token last; else QueryError."""
    return _scan(text)[0]


@dataclass(slots=True)
class _Frame:
    """What is open: the query itself, a subquery, a bracket or a CASE.

    `kind` is query, pattern (a parenthesis in MATCH), relationship, case, or plain. `fresh`: a read clause must begin.
    """

    kind: str
    opener: Token
    fresh: bool = False
    clause: str = ""
    relationships: int = 0


class _Walk:
    """Goes over the tokens once. `value`: the last one ended a value, so an operator, a comma or a clause follows."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = [*tokens, tokens[-1], tokens[-1]]  # three end tokens: nothing looks further ahead than that
        self.at, self.value = 0, False
        self.frames = [_Frame("query", tokens[0], fresh=True)]

    def look(self, ahead: int) -> Token:
        return self.tokens[self.at + ahead]

    def in_pattern(self) -> bool:
        frame = self.frames[-1]
        return frame.kind == "pattern" or (frame.kind == "query" and frame.clause == "MATCH")

    def push(self, kind: str, opener: Token) -> None:
        if len(self.frames) > MAX_DEPTH:
            _refuse(opener, f"brackets and CASE more than {MAX_DEPTH} deep", "name the inner parts in a WITH before")
        self.frames.append(_Frame(kind, opener, fresh=kind == "query"))
        self.value = False

    def run(self) -> None:
        while (token := self.look(0)).kind != "end":
            if self.frames[-1].fresh:
                self.on_start(token)
            elif token.kind == "word":
                self.on_word(token)
            elif token.kind == "symbol":
                self.on_symbol(token)
            else:
                if self.value:
                    _refuse(token, f"{_show(token.text)} after a value", "put an operator, a comma or AS between")
                if token.kind == "name" and self.look(1).text == "(":
                    _refuse(token, f"a call of {_show(token.text)}", "write the function's name without back-ticks")
                self.value = True
            self.at += 1
        if len(self.frames) > 1:
            _refuse(self.frames[-1].opener, f"{self.frames[-1].opener.text} is never closed", "close it")
        if not self.value:
            _refuse(token, "the query ends too early", "write MATCH ... RETURN ...")

    def on_start(self, token: Token) -> None:
        """The query, each part of a UNION and each subquery begin with a read clause (in Neo4j also a pattern)."""
        frame = self.frames[-1]
        frame.fresh = False
        if token.word in _START:
            self.on_clause(token.word)
        elif len(self.frames) > 1 and token.text == "(":
            frame.clause = "MATCH"
            self.push("pattern", token)
        else:
            self.refuse_word(token)

    def on_word(self, token: Token) -> None:
        word, before, after = token.word, self.tokens[self.at - 1], self.look(1).text
        if before.text == ".":
            self.value = True  # a property: any word may name one
            if after == "(":
                self.on_call(token)
        elif self.value or word in _CASE:
            self.on_keyword(token, word)
        elif word in _WRITING:
            self.refuse_word(token)
        elif word == "CASE":
            self.push("case", token)
        elif word in ("EXISTS", "COUNT", "COLLECT") and after == "{":
            self.at += 1
            self.push("query", self.look(0))
        elif (
            word == "NOT"
            or (word == "DISTINCT" and (before.text == "(" or before.word in ("RETURN", "WITH")))
            or (word == "WHERE" and before.text == "|")  # Ladybug's filter on the steps of a path
        ):
            pass
        elif after == "(":
            self.on_call(token)
        else:
            self.value = True

    def refuse_word(self, token: Token) -> NoReturn:
        if token.word in _WRITING:
            _refuse(token, f"{token.word} does more than read", f"{_READS}; as a name write it `{token.text}`")
        if self.value:
            _refuse(token, f"{_show(token.text)} is neither an operator nor a clause that reads", _READS)
        _refuse(token, f"{_show(token.text)} does not begin a query", "begin with MATCH, WITH, UNWIND or RETURN")

    def on_keyword(self, token: Token, word: str) -> None:
        """A word after a value: only the clauses and operators of `_AFTER`."""
        frame = self.frames[-1]
        if word not in _AFTER:
            self.refuse_word(token)
        self.value = word in _SORT
        if word in _CASE:
            if frame.kind != "case":
                _refuse(token, f"{word} outside of CASE", f"as a name write it `{token.text}`")
            if word == "END":
                self.frames.pop()
                self.value = True
        elif word in _CLAUSES:
            if frame.kind != "query":
                _refuse(token, f"{word} inside of {frame.opener.text}", "close that first")
            self.on_clause(word)
        elif word == "WHERE" and frame.kind == "query":
            frame.clause = word
        elif word == "WHERE" and frame.kind in ("pattern", "relationship"):
            frame.kind = "plain"  # a condition inside of the pattern: what follows is an expression
        else:
            self.second(word)
            self.value = self.value or word == "IS"

    def second(self, word: str) -> None:
        """Goes over the second word of a keyword that has two."""
        if word == "IS" and self.look(1).word == "NOT":
            self.at += 1
        if word in _SECOND:
            self.at += 1
            if self.look(0).word != _SECOND[word]:
                _refuse(self.look(0), f"{word} without {_SECOND[word]}", f"write {word} {_SECOND[word]}")

    def on_clause(self, word: str) -> None:
        frame = self.frames[-1]
        frame.clause, self.value = "MATCH" if word == "OPTIONAL" else word, False
        self.second(word)
        if word == "UNION":
            frame.fresh = True
            self.at += self.look(1).word in ("ALL", "DISTINCT")
        if word in ("UNION", "WITH"):
            frame.relationships = 0  # the planner joins what stands between two of these

    def on_call(self, token: Token) -> None:
        """`name(`: the whole dotted name must be that of an allowed function."""
        first = self.at
        while first >= 2 and self.tokens[first - 1].text == ".":
            first -= 2
        name = "".join(part.text for part in self.tokens[first : self.at + 1]).lower()
        if name not in FUNCTIONS:
            _refuse(token, f"the function {_show(name)} is not allowed", "use one that only computes, like size()")
        if self.in_pattern() and name not in _PATH_FUNCTIONS:
            _refuse(token, f"{name}() in a pattern", "write the condition in WHERE")
        self.value = False

    def on_symbol(self, token: Token) -> None:
        text, before, after = token.text, self.tokens[self.at - 1], self.look(1)
        frame, pattern = self.frames[-1], self.in_pattern()
        repeat = f"write repetition like -[:USES*1..{MAX_HOPS}]->"
        if text == "(":
            if self.value and frame.kind != "relationship":
                _refuse(token, "( after a value", "put an operator, a comma or a clause between")
            self.push("pattern" if pattern or before.text.lower() in _PATH_FUNCTIONS else "plain", token)
        elif text == "[":
            self.push("relationship" if before.text == "-" else "plain", token)
        elif text == "{":
            group = before.text in (")", "]", "}", "-", ">") or before.kind in ("string", "parameter")
            if group and (pattern or self.value) and frame.kind != "relationship":
                _refuse(token, f"{{ after {_show(before.text)}", repeat)
            self.push("plain", token)
        elif text in (")", "]", "}"):
            if len(self.frames) == 1 or frame.opener.text + text not in ("()", "[]", "{}"):
                _refuse(token, f"{text} closes nothing", "check the brackets and CASE ... END")
            self.frames.pop()
            self.value = True
        elif text == ";":
            if len(self.frames) > 1 or after.kind != "end":
                _refuse(token, "a second statement", "send one statement at a time, with at most one ; at its end")
        elif text == "*" and frame.kind == "relationship":
            self.on_hops(token)
        elif pattern and text in ("*", "+", "/", "%", "^", "~", ".."):
            _refuse(token, f"{text} in a pattern", repeat)
        elif text == "*":
            if not self.value and before.word not in ("RETURN", "WITH", "DISTINCT") and before.text not in ("(", "."):
                _refuse(token, "* without a value before it", "write RETURN * first, then the other columns")
            self.value = not self.value  # all columns, or times
        elif text == ".":
            projection = frame.opener.text == "{" and before.text in ("{", ",")
            if before.kind == "number" or not (self.value or projection):
                _refuse(token, ". without a value before it", "write n.name")
            if after.kind not in ("word", "name") and after.text != "*":
                _refuse(token, ". without a name after it", "write n.name")
            self.value = False
        else:
            if text == "-" and after.text in ("-", "[") and before.text in (")", "<"):
                self.on_relationship(token)
            self.value = self.value and text == "!" and after.text != "="  # a factorial goes on as a value

    def on_relationship(self, token: Token) -> None:
        query = next(frame for frame in reversed(self.frames) if frame.kind == "query")
        query.relationships += 1
        if query.relationships > MAX_RELATIONSHIPS:
            _refuse(token, f"more than {MAX_RELATIONSHIPS} relationships at once", "put WITH between the MATCH clauses")

    def on_hops(self, token: Token) -> None:
        """`*` in a relationship: a path mode, then bounds, of which the upper one must be there and small."""
        while self.look(1).word in ("ALL", "SHORTEST", "WSHORTEST", "TRAIL", "ACYCLIC"):
            self.at += 1
            if self.look(0).word == "WSHORTEST" and [self.look(1).text, self.look(3).text] != ["(", ")"]:
                _refuse(token, "WSHORTEST without a property", f"write * WSHORTEST(confidence) 1..{MAX_HOPS}")
            self.at += 3 * (self.look(0).word == "WSHORTEST")
        bounds = ""
        while self.look(1).kind == "number" or self.look(1).text == "..":
            self.at += 1
            bounds += self.look(0).text
        if not re.fullmatch(rf"(?:[0-{MAX_HOPS}]?\.\.)?[0-{MAX_HOPS}]", bounds):
            _refuse(token, f"a path of *{bounds[:40]} steps", f"bound it, at most *1..{MAX_HOPS}")
        self.value = True


def check(text: str) -> str:
    """The one statement in `text`, without its closing semicolon; QueryError if it does more than read.

    Comments come back as spaces, so that no engine has to find their ends and places in its messages stay right.
    """
    tokens, blanked = _scan(text)
    _Walk(tokens).run()
    last = tokens[-2]
    return blanked[: last.start if last.text == ";" else None].rstrip()


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
