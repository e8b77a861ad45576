"""Decides by tokens whether a user's own Cypher only reads, before any engine sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from kg.cypher.allowed import (
    AFTER,
    CASE,
    CLAUSES,
    FUNCTIONS,
    PATH_FUNCTIONS,
    READS,
    SECOND,
    SORT,
    START,
    WRITING,
)
from kg.cypher.cost import refuse_costly
from kg.cypher.tokens import Token, refuse, scan, show

# Measured on Ladybug 0.22: parsing and planning run outside its time limit. 900 nested lists crash the process and
# 24 nested lambdas take longer than 15 s, 16 take 0.2 s; 12 relationships joined at once are planned in 7 s, 8 in 1.4.
MAX_DEPTH = 16
MAX_RELATIONSHIPS = 8
MAX_HOPS = 8


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
        self.named: set[str] = set()  # writing words that the query uses as names, given by AS

    def look(self, ahead: int) -> Token:
        return self.tokens[self.at + ahead]

    def in_pattern(self) -> bool:
        frame = self.frames[-1]
        return frame.kind == "pattern" or (frame.kind == "query" and frame.clause == "MATCH")

    def push(self, kind: str, opener: Token) -> None:
        if len(self.frames) > MAX_DEPTH:
            refuse(opener, f"brackets and CASE more than {MAX_DEPTH} deep", "name the inner parts in a WITH before")
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
                    refuse(token, f"{show(token.text)} after a value", "put an operator, a comma or AS between")
                if token.kind == "name" and self.look(1).text == "(":
                    refuse(token, f"a call of {show(token.text)}", "write the function's name without back-ticks")
                self.value = True
            self.at += 1
        if len(self.frames) > 1:
            refuse(self.frames[-1].opener, f"{self.frames[-1].opener.text} is never closed", "close it")
        if not self.value:
            refuse(token, "the query ends too early", "write MATCH ... RETURN ...")

    def on_start(self, token: Token) -> None:
        """The query, each part of a UNION and each subquery begin with a read clause (in Neo4j also a pattern)."""
        frame = self.frames[-1]
        frame.fresh = False
        if token.word in START:
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
        elif self.is_name(token, before, after):
            self.named.add(token.text)
            self.value = True
        elif self.value or word in CASE:
            self.on_keyword(token, word)
        elif before.word == "AS" and after not in (".", "("):
            self.named.add(token.text)
            self.value = True
        elif word in WRITING and token.text not in self.named:
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

    def is_name(self, token: Token, before: Token, after: str) -> bool:
        """Whether a word of Cypher stands where only a name can: in a pattern, as a key of a map, or given by AS."""
        if self.value:
            return False
        if before.word == "AS":
            return after not in (".", "(")
        if after == ":" and (before.text == "{" or (before.text == "," and self.frames[-1].opener.text == "{")):
            return True
        if after == ":" and self.frames[-1].opener is before and self.frames[-1].kind in ("pattern", "relationship"):
            return True
        # A key of a map may be called like a function: `{type: type(r)}`.
        return token.text in self.named and after != "(" and all(frame.kind != "case" for frame in self.frames)

    def refuse_word(self, token: Token) -> NoReturn:
        if token.word == "CALL" and self.look(1).text in ("{", "("):
            refuse(token, "CALL { } is not run", "write WITH, EXISTS { MATCH ... } or COUNT { MATCH ... } instead")
        if token.word in WRITING:
            refuse(token, f"{token.word} does more than read", f"{READS}; as a name write it `{token.text}`")
        if self.value:
            refuse(token, f"{show(token.text)} is neither an operator nor a clause that reads", READS)
        refuse(token, f"{show(token.text)} does not begin a query", "begin with MATCH, WITH, UNWIND or RETURN")

    def on_keyword(self, token: Token, word: str) -> None:
        """A word after a value: only the clauses and operators of `AFTER`."""
        frame = self.frames[-1]
        if word not in AFTER:
            self.refuse_word(token)
        self.value = word in SORT
        if word in CASE:
            if frame.kind != "case":
                refuse(token, f"{word} outside of CASE", f"as a name write it `{token.text}`")
            if word == "END":
                self.frames.pop()
                self.value = True
        elif word in CLAUSES:
            if frame.kind != "query":
                refuse(token, f"{word} inside of {frame.opener.text}", "close that first")
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
        if word in SECOND:
            self.at += 1
            if self.look(0).word != SECOND[word]:
                refuse(self.look(0), f"{word} without {SECOND[word]}", f"write {word} {SECOND[word]}")

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
            refuse(token, f"the function {show(name)} is not allowed", "use one that only computes, like size()")
        if name == "rand" and len(self.frames) == 1 and self.frames[0].clause == "RETURN":
            refuse(token, "a random number as an answer", "use rand() in WHERE, or in ORDER BY rand() LIMIT 10")
        if self.in_pattern() and name not in PATH_FUNCTIONS:
            refuse(token, f"{name}() in a pattern", "write the condition in WHERE")
        self.value = False

    def on_symbol(self, token: Token) -> None:
        text, before, after = token.text, self.tokens[self.at - 1], self.look(1)
        frame, pattern = self.frames[-1], self.in_pattern()
        repeat = f"write repetition like -[:USES*1..{MAX_HOPS}]->"
        if text == "(":
            if self.value and frame.kind != "relationship":
                refuse(token, "( after a value", "put an operator, a comma or a clause between")
            self.push("pattern" if pattern or before.text.lower() in PATH_FUNCTIONS else "plain", token)
        elif text == "[":
            self.push("relationship" if before.text == "-" else "plain", token)
        elif text == "{":
            group = before.text in (")", "]", "}", "-", ">") or before.kind in ("string", "parameter")
            if group and (pattern or self.value) and frame.kind != "relationship":
                refuse(token, f"{{ after {show(before.text)}", repeat)
            self.push("plain", token)
        elif text in (")", "]", "}"):
            if len(self.frames) == 1 or frame.opener.text + text not in ("()", "[]", "{}"):
                refuse(token, f"{text} closes nothing", "check the brackets and CASE ... END")
            self.frames.pop()
            self.value = True
        elif text == ";":
            if len(self.frames) > 1 or after.kind != "end":
                refuse(token, "a second statement", "send one statement at a time, with at most one ; at its end")
        elif text == "*" and frame.kind == "relationship":
            self.on_hops(token)
        elif pattern and text in ("*", "+", "/", "%", "^", "~", ".."):
            refuse(token, f"{text} in a pattern", repeat)
        elif text == "*":
            if not self.value and before.word not in ("RETURN", "WITH", "DISTINCT") and before.text not in ("(", "."):
                refuse(token, "* without a value before it", "write RETURN * first, then the other columns")
            self.value = not self.value  # all columns, or times
        elif text == ".":
            projection = frame.opener.text == "{" and before.text in ("{", ",")
            if before.kind == "number" or not (self.value or projection):
                refuse(token, ". without a value before it", "write n.name")
            if after.kind not in ("word", "name") and after.text != "*":
                refuse(token, ". without a name after it", "write n.name")
            self.value = False
        else:
            if text == "-" and after.text in ("-", "[") and before.text in (")", "<"):
                self.on_relationship(token)
            self.value = self.value and text == "!" and after.text != "="  # a factorial goes on as a value

    def on_relationship(self, token: Token) -> None:
        query = next(frame for frame in reversed(self.frames) if frame.kind == "query")
        query.relationships += 1
        if query.relationships > MAX_RELATIONSHIPS:
            refuse(token, f"more than {MAX_RELATIONSHIPS} relationships at once", "put WITH between the MATCH clauses")

    def on_hops(self, token: Token) -> None:
        """`*` in a relationship: a path mode, then bounds, of which the upper one must be there and small."""
        while self.look(1).word in ("ALL", "SHORTEST", "WSHORTEST", "TRAIL", "ACYCLIC"):
            self.at += 1
            if self.look(0).word == "WSHORTEST" and [self.look(1).text, self.look(3).text] != ["(", ")"]:
                refuse(token, "WSHORTEST without a property", f"write * WSHORTEST(confidence) 1..{MAX_HOPS}")
            self.at += 3 * (self.look(0).word == "WSHORTEST")
        bounds = ""
        while self.look(1).kind == "number" or self.look(1).text == "..":
            self.at += 1
            bounds += self.look(0).text
        if not re.fullmatch(rf"(?:[0-{MAX_HOPS}]?\.\.)?[0-{MAX_HOPS}]", bounds):
            refuse(token, f"a path of *{bounds[:40]} steps", f"bound it, at most *1..{MAX_HOPS}")
        self.value = True


def check(text: str, parameters: Mapping[str, Any] | None = None) -> str:
    """The one statement in `text`, without its closing semicolon; QueryError if it does more than read, or too much.

    Of `parameters` those are looked at that are regular expressions. Comments come back as spaces, so that no engine
    has to find their ends and places in its messages stay right.
    """
    tokens, blanked = scan(text)
    _Walk(tokens).run()
    refuse_costly(tokens, parameters or {})
    last = tokens[-2]
    return blanked[: last.start if last.text == ";" else None].rstrip()
