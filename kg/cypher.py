"""Decides by tokens whether a user's own Cypher only reads, before any engine sees it.

An allow-list, not a list of forbidden words: after a value only the words in `_AFTER` may stand, so a clause that nobody
here has heard of is refused like CREATE is. Ladybug (the Kuzu dialect) and Neo4j 5 read some characters in different
ways; whatever they could split into different tokens is refused, so both engines see the tokens that were checked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NoReturn

from kg.errors import QueryError

MAX_CHARACTERS = 20_000
MAX_TOKENS = 2_000
# Measured on Ladybug 0.22: parsing and planning run outside its time limit. 900 nested lists crash the process and
# 24 nested lambdas take longer than 15 s, 16 take 0.2 s; 12 relationships joined at once plan for 7 s, 8 for 1.4 s.
MAX_DEPTH = 16
MAX_RELATIONSHIPS = 8
MAX_HOPS = 8

Kind = Literal["word", "string", "number", "parameter", "name", "symbol", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `name` is a back-ticked one. `line` and `column` count from 1, `start` from 0."""

    kind: Kind
    text: str
    line: int
    column: int
    start: int

    @property
    def word(self) -> str:
        """The bare word in capitals; "" for every other kind."""
        return self.text.upper() if self.kind == "word" else ""


_START = frozenset("MATCH OPTIONAL WITH UNWIND RETURN".split())
_CLAUSES = _START | {"UNION", "ORDER", "SKIP", "LIMIT"}
_INFIX = frozenset("AND OR XOR IN IS CONTAINS STARTS ENDS AS WHERE".split())
_CASE = frozenset("WHEN THEN ELSE END".split())
_SORT = frozenset("ASC ASCENDING DESC DESCENDING".split())
_AFTER = _CLAUSES | _INFIX | _CASE | _SORT  # the only words that may follow a value
_LITERALS = frozenset("NULL TRUE FALSE".split())
_SUBQUERIES = frozenset("EXISTS COUNT COLLECT".split())
_PATH_MODES = frozenset("ALL SHORTEST WSHORTEST TRAIL ACYCLIC".split())
# Not what keeps writes out (that is `_AFTER`): these words get a clearer message, and are not taken as bare names.
_WRITING = frozenset(
    """CREATE MERGE SET DELETE REMOVE DETACH NODETACH DROP ALTER INSERT LOAD COPY EXPORT IMPORT INSTALL UNINSTALL ATTACH
    USE CALL YIELD FOREACH EXPLAIN PROFILE BEGIN COMMIT ROLLBACK CHECKPOINT ANALYZE COMMENT RENAME GRANT DENY REVOKE
    SHOW TERMINATE FINISH""".split()
)
# Pure in every engine that has them. Left out on purpose: sequences, random numbers, anything that reads files or
# settings, and what makes huge strings (repeat, lpad, rpad).
FUNCTIONS = frozenset(
    """abs acos all allshortestpaths any asin atan atan2 avg cast ceil ceiling char_length character_length coalesce
    collect concat concat_ws contains cos cost cot count count_if current_date current_timestamp date date.truncate
    date_part date_trunc datepart datetime datetime.truncate datetrunc dayname degrees duration duration.between
    duration.indays duration.inmonths e element_at elementid end_node endnode ends_with exists exp floor greatest head
    id ifnull initcap interval is_acyclic is_trail isempty isnan keys label labels last last_day lcase least left length
    levenshtein list_any_value list_append list_concat list_contains list_distinct list_element list_extract list_filter
    list_has list_has_all list_has_any list_indexof list_max list_min list_position list_prepend list_product
    list_reduce list_reverse list_reverse_sort list_slice list_sort list_sum list_to_string list_transform list_unique
    ln localdatetime log log10 log2 lower ltrim make_date map map_extract map_keys map_values max md5 min monthname
    nodes none nullif offset percentilecont percentiledisc pi pow prefix properties radians range reduce
    regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array
    relationships rels replace reverse right round rtrim sha256 shortestpath sign sin single size split split_part sqrt
    start_node startnode starts_with stdev stdevp string string_split struct_extract struct_pack substr substring suffix
    sum tail tan timestamp to_bool to_date to_days to_double to_float to_int64 to_string to_timestamp toboolean
    tobooleanornull tofloat tofloatornull tointeger tointegerornull tolower tostring tostringornull toupper trim type
    typeof ucase upper valuetype year""".split()
)
# What the embedded store lacks -> what to write there. Each pair is run against the real engine in the tests.
_LACKS = {
    "shortestpath": "a path like (a)-[* SHORTEST 1..8]-(b)",
    "allshortestpaths": "a path like (a)-[* ALL SHORTEST 1..8]-(b)",
    "elementid": "the property n.id",
    "exists": "n.x IS NOT NULL for a property, EXISTS { MATCH (a)-->(b) } for a pattern",
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
    "year": "date_part('year', d)",
    "valuetype": "typeof(x)",
    "datetime": "current_timestamp(), or timestamp('2024-01-31 00:00:00')",
    "date.truncate": "date_trunc('month', d)",
    "duration.between": "the difference of the dates, d2 - d1, in days",
    "duration.indays": "the difference of the dates, d2 - d1, in days",
    "CALL": "WITH, or the subquery's clauses in the query itself",
    "SET": "a rebuilt graph: stored properties are changed by building, never by a query",
    "FOREACH": "UNWIND list AS x, then the clauses that use x",
}

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+|\r\n) | (?P<comment>//[^\n]* | /\*.*?\*/)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | (?P<string>'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*") | (?P<name>`[^`\\\r\n]+`)
    | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)
    | (?P<parameter>\$(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]*)) | (?P<symbol>\.\.|[-+*/%^=<>!~()\[\]{},:;.|&])""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"[^\x20-\x7e\t\n]")
_BAD_ESCAPE = re.compile(r"\\(?![\\'\"nrtbf])")
_UNCLOSED = {"'": "text opened with '", '"': 'text opened with "', "`": "a name opened with a back-tick"}


def _refuse(at: Token, problem: str, advice: str) -> NoReturn:
    raise QueryError(f"query, line {at.line}:{at.column}: {problem}; {advice}")


def _place(text: str, start: int) -> Token:
    line = text.count("\n", 0, start) + 1
    return Token("symbol", text[start : start + 1], line, start - text.rfind("\n", 0, start), start)


def _show(text: str) -> str:
    """Safe to print whatever it holds: one line, ASCII, not long."""
    return ascii(text if len(text) <= 40 else text[:40] + "...")


def _refuse_characters(text: str) -> None:
    """Refuses what is invisible, ends a line in one engine only, or stands for another character in one engine only."""
    if len(text) > MAX_CHARACTERS:
        _refuse(_place("", 0), f"the query has {len(text)} characters", f"write at most {MAX_CHARACTERS}")
    for found in _PLAIN.finditer(text):
        start, char = found.start(), found.group()
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and text[start : start + 2] != "\r\n":
            _refuse(_place(text, start), f"the invisible character U+{ord(char):04X}", "remove it or use a $parameter")
    # Neo4j turns these into characters before it looks for quotes and line ends: '\u0027' closes a text there.
    escape = re.search(r"\\[uU]", text)
    if escape:
        _refuse(_place(text, escape.start()), r"a \u escape", "write the character itself or use a $parameter")


def _scan(text: str) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens, and where the comments are."""
    _refuse_characters(text)
    tokens: list[Token] = []
    comments: list[tuple[int, int]] = []
    position, line, line_start = 0, 1, 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        token = Token("symbol", text[position], line, position - line_start + 1, position)
        if found is None:
            if token.text in _UNCLOSED:
                _refuse(token, f"{_UNCLOSED[token.text]} is not closed on its line or holds a backslash", "close it")
            if not token.text.isascii():
                advice = "write it in plain ASCII; only quoted text, back-ticked names and comments may hold others"
                _refuse(token, f"the character {_show(token.text)} (U+{ord(token.text):04X})", advice)
            _refuse(token, f"the character {_show(token.text)}", "remove it")
        kind, value, position = str(found.lastgroup), found.group(), found.end()
        following = text[position : position + 1]
        if kind == "comment":
            # Ladybug does not close a comment at **/ and Neo4j does.
            if value.startswith("/*") and "**" in value[2:-1]:
                _refuse(token, "a comment with ** in it", "write it with single stars")
            comments.append((token.start, position))
        elif kind != "space":
            _refuse_token(token, kind, value, following)
            tokens.append(Token(kind, value, token.line, token.column, token.start))  # type: ignore[arg-type]
            if len(tokens) > MAX_TOKENS:
                _refuse(token, f"the query has more than {MAX_TOKENS} words and signs", "split it into several queries")
        if "\n" in value:
            line, line_start = line + value.count("\n"), token.start + value.rfind("\n") + 1
    tokens.append(Token("end", "", line, position - line_start + 1, position))
    return tokens, comments


def _refuse_token(token: Token, kind: str, value: str, following: str) -> None:
    """Refuses a token that one of the engines would end elsewhere, given the character after it."""
    if value == "/" and following == "*":
        _refuse(token, "a comment that is not closed", "close it with */")
    if kind in ("number", "parameter", "word") and re.match(r"[A-Za-z0-9_$]", following):
        _refuse(token, f"{_show(value + following)}", "put a space between the two, and write numbers like 12, 0.5, 1e-5")
    if value in (".", "..") and following and following in ".0123456789"[: 11 if value == "." else 1]:
        _refuse(token, f"{_show(value + following)}", "write numbers like 0.5 and ranges like 1..3")
    if kind == "string" and following == value[0] or kind == "name" and following == "`":
        _refuse(token, "a doubled quote", "write the quote as \\' or use a $parameter; use no back-tick in a name")
    if kind == "string" and _BAD_ESCAPE.search(re.sub(r"\\\\", "", value)):
        _refuse(token, "an unknown escape in a text", r"use \\ \' \" \n \r \t \b \f or a $parameter")


def tokenize(text: str) -> list[Token]:
    """Splits a query as both engines do, without spaces and comments, ended by an `end` token; else QueryError."""
    return _scan(text)[0]


@dataclass(slots=True)
class _Frame:
    """An open bracket, CASE, or (the first one) the query itself.

    `kind`: query, pattern (a parenthesis in MATCH), relationship, list, index, map, group, case. `clause` is the
    query's current clause; `fresh` that one must begin now; `labelled` that it looks like (n:Label), pattern or not.
    """

    kind: str
    opener: int
    clause: str = ""
    fresh: bool = False
    labelled: bool = False
    relationships: int = 0


class _Reader:
    """Walks the tokens once; `value` says that the last one ended a value, so that an operator or clause must follow."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.missing: list[str] = []
        self.frames = [_Frame("query", 0, fresh=True)]
        self.value = False
        self.at = 0

    def look(self, ahead: int = 1) -> Token:
        """The token `ahead` of the current one (negative: before it); the end token outside the query."""
        index = self.at + ahead
        return self.tokens[index] if 0 <= index < len(self.tokens) else self.tokens[-1]

    def lacks(self, construct: str, instead: str) -> None:
        self.missing.append(f"the embedded store has no {construct}; write {instead}")

    def in_pattern(self) -> bool:
        frame = self.frames[-1]
        return frame.kind == "pattern" or (frame.kind == "query" and frame.clause == "MATCH")

    def push(self, kind: str, *, clause: str = "", fresh: bool = False) -> None:
        if len(self.frames) > MAX_DEPTH:
            _refuse(self.look(0), f"brackets and CASE more than {MAX_DEPTH} deep", "use WITH to name the inner parts")
        self.frames.append(_Frame(kind, self.at, clause, fresh))
        self.value = False

    def walk(self) -> None:
        """Goes over the whole query; raises QueryError at the first thing that is not allowed."""
        while (token := self.look(0)).kind != "end":
            if self.frames[-1].fresh:
                self.first(token)
            if token.kind == "word":
                self.on_word(token)
            elif token.kind == "symbol":
                self.on_symbol(token)
            else:
                if self.value:
                    _refuse(token, f"{_show(token.text)} after a value", "put an operator, a comma or AS between them")
                if token.kind == "name" and self.look().text == "(":
                    _refuse(token, f"a call of {_show(token.text)}", "write the function's name without back-ticks")
                self.value = True
            self.at += 1
        if len(self.frames) > 1:
            _refuse(self.tokens[self.frames[-1].opener], "opened here and never closed", "close it")
        if not self.value:
            _refuse(token, "the query ends too early", "begin with MATCH or another read clause and end with RETURN ...")

    def first(self, token: Token) -> None:
        """The query, each part of a UNION and each subquery begin with a read clause (a subquery also with a pattern)."""
        frame = self.frames[-1]
        frame.fresh = False
        if token.word in _START:
            return
        if len(self.frames) > 1 and (token.text == "(" or self.look().text == "="):
            self.lacks("bare pattern in a subquery", "EXISTS { MATCH (a)-->(b) }")
            frame.clause = "MATCH"
            return
        if token.word in _LACKS:
            self.lacks(token.word, _LACKS[token.word])
        _refuse(token, f"a query cannot begin with {_show(token.text)}", "begin with " + ", ".join(sorted(_START)))

    def on_word(self, token: Token) -> None:
        word, before, after = token.word, self.look(-1), self.look().text
        if before.text == ".":
            if word == "END":
                self.lacks("bare property name end", "r.`end`")
            if word in ("YEAR", "MONTH", "DAY") and self.look(-3).text == ".":
                self.lacks(f"date part .{token.text}", f"date_part('{token.text}', n.published)")
            if after == "(":
                self.on_call(token)
            else:
                self.value = True
        elif self.value or word in _CASE:
            self.on_keyword(token, word)
        elif word in _WRITING:
            self.forbidden(token, word)
        elif word == "CASE":
            self.push("case")
        elif word in _LITERALS:
            self.value = True
        elif word in _SUBQUERIES and after == "{":
            if word == "COLLECT":
                self.lacks("COLLECT { }", "OPTIONAL MATCH, then collect(...)")
            self.at += 1
            self.push("query", fresh=True)
        elif word == "WHERE" and before.text == "|" or word == "NOT":
            pass
        elif word == "DISTINCT" and (before.word in ("RETURN", "WITH") or before.text == "("):
            pass
        elif word in _START and (before.kind == "end" or self.frames[-1].opener == self.at - 1 or before.word in ("UNION", "ALL")):
            self.on_clause(token, word)
        elif word in _AFTER or word == "DISTINCT":
            _refuse(token, f"the word {token.text} where a value must stand", f"as a name write it `{token.text}`")
        elif after == "(":
            self.on_call(token)
        else:
            self.value = True

    def on_keyword(self, token: Token, word: str) -> None:
        """A word after a value: nothing but the read clauses and operators of `_AFTER`."""
        frame = self.frames[-1]
        if word not in _AFTER:
            self.forbidden(token, word)
        self.value = word in _SORT
        if word in _CASE:
            if frame.kind != "case":
                _refuse(token, f"{word} outside of CASE", f"as a name write it `{token.text}`")
            if word == "END":
                self.frames.pop()
                self.value = True
        elif word in _CLAUSES:
            if frame.kind != "query":
                _refuse(token, f"{word} inside of brackets or CASE", "close them first")
            self.on_clause(token, word)
        elif word == "WHERE":
            self.on_where(frame)
        elif word in ("STARTS", "ENDS"):
            self.expect("WITH", word)
        elif word == "IS":
            if self.look().word == "NOT":
                self.at += 1
            self.expect("NULL", word)
            self.value = True

    def forbidden(self, token: Token, word: str) -> NoReturn:
        if word in _LACKS:
            self.lacks({"SET": "SET ... +="}.get(word, word), _LACKS[word])
        if word in _WRITING:
            _refuse(token, f"{word} is not reading", "only MATCH, WITH, UNWIND, RETURN and the like are run; as a name "
                    f"write it `{token.text}`")
        _refuse(token, f"the word {_show(token.text)} after a value", "put an operator, a comma or AS between them, or a "
                "read clause there (MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT, UNION)")

    def expect(self, wanted: str, after: str) -> None:
        self.at += 1
        if self.look(0).word != wanted:
            _refuse(self.look(0), f"{after} without {wanted}", f"write {after} {wanted}")

    def on_clause(self, token: Token, word: str) -> None:
        frame = self.frames[-1]
        self.value = False
        if word == "OPTIONAL":
            self.expect("MATCH", "OPTIONAL")
            word = "MATCH"
        elif word == "ORDER":
            self.expect("BY", "ORDER")
        elif word == "UNION":
            if self.look().word == "DISTINCT":
                self.lacks("UNION DISTINCT", "UNION, which means the same")
            if self.look().word in ("ALL", "DISTINCT"):
                self.at += 1
            frame.fresh = True
        if word in ("WITH", "UNION"):
            frame.relationships = 0  # the planner joins what stands between two WITHs
        frame.clause = word

    def on_where(self, frame: _Frame) -> None:
        if frame.kind in ("pattern", "relationship"):
            self.lacks("WHERE inside a pattern", "the condition in the WHERE after the pattern")
            frame.kind = "group"
        elif frame.kind == "list":
            self.lacks("list comprehension", "list_filter(list, x -> x > 1)")
        elif frame.kind == "query":
            frame.clause = "WHERE"

    def on_call(self, token: Token) -> None:
        """`name(`: the whole dotted name must be an allowed function."""
        first = self.at
        while first >= 2 and self.tokens[first - 1].text == "." and self.tokens[first - 2].kind in ("word", "name"):
            first -= 2
        name = "".join(part.text for part in self.tokens[first : self.at + 1]).lower()
        if name not in FUNCTIONS or self.tokens[first - 1].text == ".":
            _refuse(token, f"the function {_show(name)}", "use one of the allowed ones (in the documentation of kg cypher)")
        if self.in_pattern() and name not in ("shortestpath", "allshortestpaths"):
            _refuse(token, f"{_show(name)} inside of a pattern", "write the condition in WHERE")
        if name in _LACKS:
            self.lacks(f"{name}()", _LACKS[name])
        if name == "date" and self.look(2).text == ")":
            self.lacks("date() without a date", "current_date()")
        self.value = False

    def on_symbol(self, token: Token) -> None:
        text, after, frame = token.text, self.look().text, self.frames[-1]
        if text in "([{":
            self.open(token)
        elif text in ")]}":
            self.close(token)
        elif text == ";":
            if len(self.frames) > 1 or self.look().kind != "end":
                _refuse(token, "a second statement", "send one statement at a time, with at most one ; at its end")
        elif text == "*":
            self.on_star(token)
        elif text == ".":
            if not self.value and not (frame.kind == "map" and self.look(-1).text in ("{", ",")):
                _refuse(token, "a dot without a value before it", "write it like n.name")
            if self.look().kind not in ("word", "name") and after != "*":
                _refuse(token, "a dot without a name after it", "write it like n.name")
            self.value = False
        else:
            if self.in_pattern() and text in ("+", "/", "%", "^", "~", ".."):
                _refuse(token, f"{text} in a pattern", f"write repetition like -[:USES*1..{MAX_HOPS}]->")
            if text == "-" and after in ("-", "[") and self.in_pattern():
                self.on_relationship(token)
            self.on_operator(token, frame, after)

    def on_operator(self, token: Token, frame: _Frame, after: str) -> None:
        text, before = token.text, self.look(-1)
        if text == "!" and self.value and after != "=":
            return  # Ladybug's factorial: the value goes on
        if text == "|" and after == "|":
            self.lacks("||", "+")
        if text == "|" and frame.kind == "list" and (
            self.tokens[frame.opener + 1].text == "(" or self.tokens[frame.opener + 2].word in ("IN", "")
        ):
            self.lacks("list comprehension", "list_transform(list, x -> ...), or OPTIONAL MATCH and collect() for a pattern")
        if text in ("&", "!") and self.in_pattern():
            self.lacks(f"{text} between labels", "WHERE with label(n) = 'Paper'")
        if text == ":" and self.value and before.kind in ("word", "name") and after not in ("=", ":"):
            if frame.kind == "group" and frame.opener == self.at - 2:
                frame.labelled = True
            elif frame.kind in ("query", "group", "case", "list") and not self.in_pattern():
                self.lacks("label test n:Label", "label(n) = 'Label'")
        self.value = False

    def on_relationship(self, token: Token) -> None:
        query = next(frame for frame in reversed(self.frames) if frame.kind == "query")
        query.relationships += 1
        if query.relationships > MAX_RELATIONSHIPS:
            advice = "put a WITH between the MATCH clauses: planning takes longer and longer"
            _refuse(token, f"more than {MAX_RELATIONSHIPS} relationships to match at once", advice)

    def open(self, token: Token) -> None:
        text, before, frame = token.text, self.look(-1), self.frames[-1]
        if text == "(":
            if self.value and frame.kind != "relationship":
                _refuse(token, "( after a value", "put an operator, a comma or a clause between them")
            if before.word == "SIZE" and self.look().text == "(":
                self.size_of_pattern()
            self.push("pattern" if self.in_pattern() else "group")
        elif text == "[":
            self.push("relationship" if before.text == "-" else "index" if self.value else "list")
            if self.tokens[self.at].text == "[" and self.frames[-1].kind == "index" and self.look().text == "0":
                if self.look(2).text == "]":
                    self.lacks("element [0]", "[1]: its lists count from 1")
        else:
            quantifier = before.text in (")", "]", "}", ">", "-") and (self.in_pattern() or self.value)
            if quantifier and frame.kind != "relationship" or self.value and before.kind in ("string", "parameter"):
                _refuse(token, "{ here", f"write repetition like -[:USES*1..{MAX_HOPS}]->")
            if self.value and not self.in_pattern() and frame.kind != "relationship":
                self.lacks("map projection n {.name}", "the properties one by one, n.name, or a map {name: n.name}")
            self.push("map")

    def size_of_pattern(self) -> None:
        """Ladybug takes size((a)-->(b)) and answers with a number that means nothing."""
        end = self.at + 2
        while self.tokens[end].kind != "end" and self.tokens[end].text != ")":
            end += 1
        if self.tokens[min(end + 1, len(self.tokens) - 1)].text in ("-", "<"):
            self.lacks("size() of a pattern", "COUNT { MATCH (a)-->(b) }")

    def close(self, token: Token) -> None:
        frame = self.frames[-1]
        if len(self.frames) == 1 or self.tokens[frame.opener].text + token.text not in ("()", "[]", "{}"):
            _refuse(token, f"{token.text} closes nothing that is open here", "check the brackets and CASE ... END")
        if frame.labelled and self.tokens[frame.opener - 1].text not in ("-", ">") and self.look().text not in ("-", "<"):
            self.lacks("label test n:Label", "label(n) = 'Label'")
        self.frames.pop()
        self.value = True

    def on_star(self, token: Token) -> None:
        before = self.look(-1)
        if self.frames[-1].kind == "relationship":
            self.on_hops(token)
        elif self.in_pattern():
            _refuse(token, "* after a relationship or group", f"write repetition like -[:USES*1..{MAX_HOPS}]->")
        elif not self.value and before.word not in ("RETURN", "WITH", "DISTINCT") and before.text not in ("(", "."):
            _refuse(token, "* without a value before it", "write RETURN * first, then the other columns")
        else:
            self.value = not self.value  # all columns, or times

    def on_hops(self, token: Token) -> None:
        """`*` in a relationship: path mode, then bounds, of which the upper one must be there and small."""
        while self.look().word in _PATH_MODES:
            self.at += 1
            if self.look(0).word == "WSHORTEST":
                if self.look().text != "(" or self.look(2).kind not in ("word", "name") or self.look(3).text != ")":
                    _refuse(self.look(), "WSHORTEST without a property", "write * WSHORTEST(property) 1..8")
                self.at += 3
        lower, upper = "", ""
        if self.look().kind == "number":
            self.at += 1
            lower = upper = self.look(0).text
        if self.look().text == "..":
            self.at += 1
            upper = ""
            if self.look().kind == "number":
                self.at += 1
                upper = self.look(0).text
        if len(upper) != 1 or int(upper) > MAX_HOPS or len(lower) > 1:
            _refuse(token, f"a path of {upper or 'any number of'} steps", f"write *1..{MAX_HOPS} or fewer")
        self.value = True


def check(text: str) -> str:
    """The one read-only statement in `text`, without comments and closing semicolon; QueryError for anything else.

    Comments become spaces (places in the engine's messages stay right), so that no engine has to find their ends.
    """
    tokens, comments = _scan(text)
    _Reader(tokens).walk()
    for start, end in comments:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    last = tokens[-2]
    return text[: last.start if last.text == ";" else len(text)].rstrip()


def missing_construct(text: str) -> str | None:
    """The first thing in `text` that the embedded store lacks, with what to write instead; None if nothing is known."""
    reader = None
    try:
        reader = _Reader(tokenize(text))
        reader.walk()
    except QueryError:
        pass
    return reader.missing[0] if reader and reader.missing else None
