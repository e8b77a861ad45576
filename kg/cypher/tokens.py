"""A query as tokens, the same for both engines.

Ladybug (the Kuzu dialect) and Neo4j 5 split some characters into tokens in different ways; whatever they could split
differently is refused, so both see the tokens that were checked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from kg.errors import QueryError

MAX_CHARACTERS = 20_000
MAX_TOKENS = 2_000

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


_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+|\r\n) | (?P<comment>//[^\n]* | /\*.*?\*/)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | (?P<string>'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*") | (?P<name>`[^`\\\r\n]+`)
    | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)
    | (?P<parameter>\$(?:[A-Za-z_][A-Za-z0-9_]*|0|[1-9][0-9]*)) | (?P<symbol>\.\.|[-+*/%^=<>!~()\[\]{},:;.|&])""",
    re.VERBOSE | re.DOTALL,
)


def refuse(at: Token, problem: str, advice: str) -> NoReturn:
    """Raise the `QueryError` with the place, the problem and what to do."""
    raise QueryError(f"query, line {at.line}:{at.column}: {problem}; {advice}")


def show(text: str) -> str:
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
        refuse(at, what, "write what is meant, or pass the text as a $parameter")


def _refuse_ambiguous(token: Token, kind: str, following: str) -> None:
    """Refuses a token that one of the engines would end elsewhere, given the character after it."""
    value = token.text
    if kind == "comment" and value.startswith("/*") and "**" in value[2:-1]:
        refuse(token, "a comment with ** in it", "use single stars: the engines find different ends")
    if value == "/" and following == "*":
        refuse(token, "a comment that is not closed", "close it with */")
    if kind in ("number", "parameter", "word") and re.match(r"[A-Za-z0-9_$]", following):
        refuse(token, show(value + following), "put a space between, and write numbers like 12, 0.5, 1e-5")
    if (value == "." and following.isdigit()) or (value == ".." and following == "."):
        refuse(token, show(value + following), "write numbers like 0.5 and ranges like 1..3")
    if kind in ("string", "name") and following == value[0]:
        refuse(token, "a doubled quote", "write the quote as \\' or use a $parameter; a name holds no back-tick")
    if kind == "string" and re.search(r"\\(?![\\'\"nrtbf])", value.replace("\\\\", "")):
        refuse(token, "an unknown escape in a text", r"use \\ \' \" \n \r \t \b \f or a $parameter")


def scan(text: str) -> tuple[list[Token], str]:
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
            problem = f"the character {show(value)} (U+{ord(value):04X})"
            other = "only quoted texts, back-ticked names and comments may hold it"
            refuse(token, f"{value} is not closed" if unclosed else problem, "close it" if unclosed else other)
        position = found.end()
        _refuse_ambiguous(token, kind, text[position : position + 1])
        pieces.append(re.sub(r"[^\n]", " ", value) if kind == "comment" else value)
        if kind not in ("space", "comment"):
            tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            refuse(token, f"more than {MAX_TOKENS} words and signs", "split it into several queries")
        if "\n" in value:
            line, line_start = line + value.count("\n"), token.start + value.rfind("\n") + 1
    tokens.append(Token("end", "", line, position - line_start + 1, position))
    return tokens, "".join(pieces)


def tokenize(text: str) -> list[Token]:
    """Splits a query as both engines do, without spaces and comments, with an `end` token last; else QueryError."""
    return scan(text)[0]
