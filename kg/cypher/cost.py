"""Refuses what one row can take without end, which no time limit of an engine's own would stop.

Engines look at their clocks between rows. Measured on Neo4j 5.26 under a limit of 5 s: `reduce` over a range of 10^12
ran on for 157 s, a text doubled 40 times for longer; and Java's regular expressions go back exponentially often. So a
list is as long as the data, or short; loops are nested once at most; nothing is doubled again and again; patterns hold
no repetition of a repetition.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.cypher.tokens import Token, refuse

MAX_RANGE = 10_000
MAX_LOOPS = 2
MAX_GROWTH = 10_000
MAX_REPETITIONS = 4
_LOOPS = frozenset(("REDUCE", "ALL", "ANY", "NONE", "SINGLE", "LIST_TRANSFORM", "LIST_FILTER", "LIST_REDUCE"))
_CLAUSES = frozenset(("WITH", "RETURN", "UNWIND", "MATCH", "WHERE", "ORDER", "SKIP", "LIMIT", "UNION"))
_REPLACED_BY_VALUE = 64
_RANGE_TOKENS = 40
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
# Beside these a running value is looked at, or handed on as it is.
_HARMLESS = frozenset(("=", "<", ">", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "XOR", "IS", "IN"))


def refuse_costly(tokens: list[Token], parameters: Mapping[str, Any]) -> None:
    """Raise `QueryError` where one row of the query could go on for long; `tokens` end with an `end` token."""
    closing = _closing(tokens)
    loops: list[int] = []  # where those that are open are closed
    for at, token in enumerate(tokens):
        while loops and at > loops[-1]:
            loops.pop()
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.word == "RANGE" and after == "(":
            _check_range(tokens, at, closing, parameters)
        if token.word == "REDUCE" and after == "(":
            _check_reduce(tokens, at, closing[at + 1])
        if token.text == "=" and after == "~":
            _check_pattern(tokens, at + 2, closing, parameters)
        if _begins_loop(tokens, at):
            loops.append(closing[at])
            if len(loops) > MAX_LOOPS:
                refuse(token, f"lists gone through more than {MAX_LOOPS} deep", "write the inner ones as UNWIND")
    _check_growth(tokens, closing)


def _closing(tokens: list[Token]) -> dict[int, int]:
    """Where each bracket that is opened is closed; the walk has seen that they match."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.kind != "symbol":
            continue
        if token.text in _BRACKETS:
            opened.append(at)
        elif token.text in _BRACKETS.values():
            closing[opened.pop()] = at
    return closing


def _begins_loop(tokens: list[Token], at: int) -> bool:
    """Whether the bracket at `at` opens something that goes through a list."""
    if tokens[at].kind != "symbol":
        return False
    if tokens[at].text == "(":
        return at > 0 and tokens[at - 1].word in _LOOPS
    return tokens[at].text == "[" and tokens[at + 1].kind in ("word", "name") and tokens[at + 2].word == "IN"


def _check_range(tokens: list[Token], at: int, closing: Mapping[int, int], parameters: Mapping[str, Any]) -> None:
    """`UNWIND range(...) AS x` makes rows, which is stopped; elsewhere the bounds must be small by themselves."""
    end = closing[at + 1]
    if tokens[at - 1].word == "UNWIND" and tokens[end + 1].word == "AS":
        return
    advice = f"bound it by numbers up to {MAX_RANGE} or by size(list), or write UNWIND range(...) AS x"
    # A name given to a value may hold a map with any number in it; one of a pattern holds what is in the graph.
    made = {two.text for one, two in itertools.pairwise(tokens) if one.word == "AS"}
    made |= {one.text for one, two in itertools.pairwise(tokens) if two.word == "IN" or two.text == "-"}
    index = at + 2
    while index < end:
        token, after, before = tokens[index], tokens[index + 1].text, tokens[index - 1].text
        number = str(parameters.get(token.text[1:], "")) if token.kind == "parameter" else token.text
        if token.word in ("SIZE", "LENGTH") and after == "(":
            index = closing[index + 1]
        elif token.kind in ("number", "parameter"):
            if not number.isascii() or not number.isdigit() or len(number) > 9 or int(number) > MAX_RANGE:
                refuse(token, f"a range up to {token.text[:40]}", advice)
        elif not (
            token.text in (",", "-", "+", ".")
            or (token.kind in ("word", "name") and (before == "." or (after == "." and token.text not in made)))
        ):
            refuse(token, "a range that may be long", advice)
        index += 1
    if end - at > _RANGE_TOKENS:
        refuse(tokens[at], "a range that may be long", advice)


def _check_reduce(tokens: list[Token], at: int, end: int) -> None:
    """The running value may go into the next one once: `s + s` is 2 to the power of the steps."""
    name = tokens[at + 2].text
    body = next((i for i in range(at, end) if tokens[i].text == "|"), end)
    if len(_uses(tokens[body : end + 1], {name: 1})) > 1:
        refuse(tokens[at], f"reduce() that puts {name[:40]} into itself twice", "use it once, as in total + x")


def _uses(tokens: list[Token], names: Mapping[str, int]) -> list[str]:
    """The names of `names` that go into the value of an expression, as often as they do."""
    found = []
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.kind not in ("word", "name") or token.text not in names or before.text == "." or before.word == "AS":
            continue
        around = {(before.word or before.text), (after.word or after.text)}
        if not around & _HARMLESS and not (before.text == "(" and after.text == ")"):
            found.append(token.text)
    return found


def _check_growth(tokens: list[Token], closing: Mapping[int, int]) -> None:
    """Follow the names given by AS: how many times what they began with is in them."""
    weights: dict[str, int] = {}
    for begin, end in _items(tokens):
        item = tokens[begin : end + 1]
        weight = max(1, sum(weights[name] for name in _uses(item, weights)))
        for index in range(begin, end):
            if tokens[index].word == "REPLACE" and index + 1 in closing:
                weight *= _longer(tokens, index + 1, closing)
        if weight > MAX_GROWTH:
            refuse(tokens[begin + 1], "a value made of itself again and again", "do it in fewer steps")
        if end - begin > 2 and tokens[end - 2].word == "AS":
            weights[tokens[end - 1].text] = weight


def _items(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Each item of a WITH, RETURN or UNWIND, and whatever stands between other clauses, with a token on both sides."""
    begin, depth, depths = 0, 0, [0]
    for at, token in enumerate(tokens):
        if token.kind == "symbol" and token.text in _BRACKETS:
            depth += 1
        elif token.kind == "symbol" and token.text in _BRACKETS.values():
            depth -= 1
        clause = token.word in _CLAUSES and tokens[at - 1].text != "."
        if clause or token.kind == "end" or (token.text == "," and token.kind == "symbol" and depth == depths[-1]):
            yield begin, at
            begin = at
        if clause:
            while depths and depths[-1] > depth:
                depths.pop()
            depths.append(depth)


def _longer(tokens: list[Token], opened: int, closing: Mapping[int, int]) -> int:
    """How many times longer a replace(text, old, new) can make a text, about: by the length of a literal `new`."""
    last = closing[opened] - 1
    if tokens[last].kind == "string" and tokens[last - 1].text == ",":
        return max(1, len(tokens[last].text) - 2)
    return _REPLACED_BY_VALUE


def _check_pattern(tokens: list[Token], at: int, closing: Mapping[int, int], parameters: Mapping[str, Any]) -> None:
    """`=~ pattern` at `at`: a text or parameter, or a sum of such, in brackets or not, that is quick to match."""
    bracket = closing.get(at)
    index, pattern = (at + 1 if bracket else at), ""
    while True:
        part = tokens[index]
        if part.kind not in ("string", "parameter"):
            refuse(part, "a pattern made by the query", "write it out after =~, pass it as $parameter, or use CONTAINS")
        pattern += part.text[1:-1] if part.kind == "string" else str(parameters.get(part.text[1:], ""))
        index += 1
        if tokens[index].text != "+":
            break
        index += 1
    if bracket:
        index += index == bracket
    after = tokens[index]
    if after.kind == "symbol" and after.text in (".", "[", "-", "*", "/", "%", "^", "|", "+"):
        refuse(after, "a pattern made by the query", "add texts and $parameters only, or use CONTAINS")
    if problem := pattern_problem(pattern):
        refuse(tokens[at], problem, "say the same with fewer repetitions, or with CONTAINS")


def pattern_problem(pattern: str) -> str:
    """Why matching `pattern` may take exponential time, or ""; backslashes as they stand in Cypher are fine."""
    plain = re.sub(r"(?<!\\)\\+(?![\\0-9])(.)|\[\^?\]?[^\]]*(?:\]|\Z)", "c", pattern.replace("\\\\", "\\"))
    if re.search(r"\\[1-9k]", plain):
        return "a pattern that refers back to a group"
    if len(re.findall(r"[*+]|\{", re.sub(r"[*+}][+?]", "*", plain))) > MAX_REPETITIONS:
        return f"a pattern with more than {MAX_REPETITIONS} repetitions"
    groups: list[int] = []
    for at, char in enumerate(plain):
        if char == "(":
            groups.append(at)
        elif char == ")" and groups:
            inside = plain[groups.pop() + 1 : at]
            if plain[at + 1 : at + 2] in ("*", "+", "{") and re.search(r"[*+{|?]", inside.removeprefix("?:")):
                return "a pattern that repeats a repetition or a choice"
    return ""
