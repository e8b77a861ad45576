"""A statement as a tree: a parser by recursive descent over the tokens that the guard has let pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from kg.cypher.allowed import FUNCTIONS
from kg.cypher.tokens import Token, refuse, show, tokenize
from kg.cypher.tree import (
    Binary,
    Call,
    Case,
    Clause,
    Comprehension,
    Expression,
    HasLabel,
    Index,
    IsNull,
    Item,
    Labels,
    ListOf,
    Literal,
    MapOf,
    MapProjection,
    Match,
    NodePattern,
    Parameter,
    PathPattern,
    Projection,
    Property,
    Quantifier,
    Query,
    Reduce,
    RelationshipPattern,
    Slice,
    Subquery,
    Unary,
    Unwind,
    Variable,
)

_E = TypeVar("_E", bound=Expression)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
MAX_HOPS = 8
_LARGEST = 2**63 - 1


def parse(text: str) -> Query:
    """The tree of one statement. Raises `QueryError` with the place."""
    return _Parser(text).statement()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        tokens = tokenize(text)
        self.tokens = [*tokens, tokens[-1], tokens[-1]]
        self.at = 0
        self.hidden = 0

    # Tokens

    def look(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        token = self.look()
        self.at += 1
        return token

    def is_sign(self, *signs: str, ahead: int = 0) -> bool:
        token = self.look(ahead)
        return token.kind == "symbol" and token.text in signs

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        return self.look(ahead).word in words

    def take_sign(self, *signs: str) -> bool:
        if self.is_sign(*signs):
            self.at += 1
            return True
        return False

    def take_word(self, *words: str) -> bool:
        if self.is_word(*words):
            self.at += 1
            return True
        return False

    def need_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            self.refuse_here(f"write {sign} here")

    def need_word(self, word: str) -> None:
        if not self.take_word(word):
            self.refuse_here(f"write {word} here")

    def refuse_here(self, advice: str) -> None:
        token = self.look()
        refuse(
            token,
            "the query ends too early" if token.kind == "end" else f"{show(token.text)} cannot stand here",
            advice,
        )

    def name(self) -> str:
        token = self.next()
        if token.kind == "name":
            return token.text[1:-1]
        if token.kind != "word":
            self.at -= 1
            self.refuse_here("write a name here, in back-ticks if it is no word")
        return token.text

    def done(self, node: _E, start: Token) -> _E:
        last = self.tokens[self.at - 1]
        node.start, node.end = start.start, last.start + len(last.text)
        return node

    # Clauses

    def statement(self) -> Query:
        query = self.query()
        self.take_sign(";")
        if self.look().kind != "end":
            self.refuse_here("only MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT and UNION are run")
        return query

    def query(self, inner: bool = False) -> Query:
        parts = [self.single(inner)]
        kinds: list[bool] = []
        while self.is_word("UNION"):
            token = self.next()
            kinds.append(self.take_word("ALL"))
            if not kinds[-1]:
                self.take_word("DISTINCT")
            if kinds[0] != kinds[-1]:
                refuse(token, "UNION and UNION ALL in one query", "use one of the two")
            parts.append(self.single(inner))
        return Query(parts, all(kinds))

    def single(self, inner: bool) -> list[Clause]:
        clauses: list[Clause] = []
        while True:
            token = self.look()
            if self.is_word("MATCH", "OPTIONAL"):
                optional = self.take_word("OPTIONAL")
                self.need_word("MATCH")
                paths = self.paths()
                where = self.expression() if self.take_word("WHERE") else None
                clauses.append(Match(token, optional, paths, where))
            elif self.take_word("UNWIND"):
                items = self.expression()
                self.need_word("AS")
                clauses.append(Unwind(token, items, self.name()))
            elif self.is_word("WITH", "RETURN"):
                clauses.append(self.projection())
                if clauses[-1].returns:  # type: ignore[union-attr]
                    return clauses
            elif inner and clauses and (self.is_sign("}") or self.is_word("UNION")):
                return clauses
            elif token.kind == "end" or not clauses or inner:
                refuse(token, "the query ends without RETURN" if clauses else "no clause", "write MATCH ... RETURN ...")
            else:
                self.refuse_here("only MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT and UNION are run")

    def projection(self) -> Projection:
        token = self.next()
        returns = token.word == "RETURN"
        distinct = self.is_word("DISTINCT") and not self.is_sign(",", ahead=1) and self.take_word("DISTINCT")
        star, items = False, []
        if self.take_sign("*"):
            star = True
        else:
            items.append(self.item(returns))
        while self.take_sign(","):
            items.append(self.item(returns))
        order: list[tuple[Expression, bool]] = []
        if self.take_word("ORDER"):
            self.need_word("BY")
            while True:
                value = self.expression()
                down = self.take_word("DESC", "DESCENDING")
                if not down:
                    self.take_word("ASC", "ASCENDING")
                order.append((value, down))
                if not self.take_sign(","):
                    break
        skip = self.expression() if self.take_word("SKIP") else None
        limit = self.expression() if self.take_word("LIMIT") else None
        where = self.expression() if not returns and self.take_word("WHERE") else None
        return Projection(token, returns, distinct, star, items, order, skip, limit, where)

    def item(self, returns: bool) -> Item:
        start = self.look()
        value = self.expression()
        if self.take_word("AS"):
            return Item(value, self.name(), True)
        if not returns and not isinstance(value, Variable):
            refuse(start, "a column of WITH without a name", "write WITH ... AS name")
        text = value.name if isinstance(value, Variable) else self.text[value.start : value.end]
        return Item(value, text, False)

    # Patterns

    def paths(self) -> list[PathPattern]:
        found = [self.path()]
        while self.take_sign(","):
            found.append(self.path())
        return found

    def path(self) -> PathPattern:
        start, name = self.look(), ""
        if self.look().kind in ("word", "name") and self.is_sign("=", ahead=1):
            name = self.name()
            self.need_sign("=")
        shortest = ""
        if self.is_word("SHORTESTPATH", "ALLSHORTESTPATHS"):
            shortest = "one" if self.next().word == "SHORTESTPATH" else "all"
            self.need_sign("(")
        path = self.chain(start, name)
        path.shortest = shortest
        if shortest:
            self.need_sign(")")
            if len(path.steps) != 1 or path.steps[0].low is None:
                refuse(start, "a shortest path of more than one part", f"write shortestPath((a)-[*..{MAX_HOPS}]-(b))")
        return path

    def chain(self, start: Token, name: str) -> PathPattern:
        nodes, steps = [self.node()], []
        while (self.is_sign("-") and self.is_sign("-", "[", ahead=1)) or (
            self.is_sign("<") and self.is_sign("-", ahead=1)
        ):
            steps.append(self.step())
            nodes.append(self.node())
        return PathPattern(start, name, nodes, steps)

    def fresh(self) -> str:
        self.hidden += 1
        return f"\0{self.hidden}"

    def node(self) -> NodePattern:
        start = self.look()
        self.need_sign("(")
        name = self.name() if self.look().kind in ("word", "name") and not self.is_word("WHERE") else self.fresh()
        labels = self.labels() if self.take_sign(":") else None
        properties = self.inner_properties()
        where = self.expression() if self.take_word("WHERE") else None
        self.need_sign(")")
        return NodePattern(start, name, labels, properties, where)

    def inner_properties(self) -> Expression | None:
        if self.is_sign("{"):
            return self.map_literal()
        if self.look().kind == "parameter":
            refuse(self.look(), "a parameter as the map of a pattern", "write {name: $name}")
        return None

    def step(self) -> RelationshipPattern:
        start = self.look()
        left = self.take_sign("<")
        self.need_sign("-")
        name, types, low, high, properties, where = self.fresh(), None, None, None, None, None
        if self.take_sign("["):
            if self.look().kind in ("word", "name") and not self.is_word("WHERE"):
                name = self.name()
            if self.take_sign(":"):
                types = self.labels()
            if self.is_sign("*"):
                low, high = self.hops()
            properties = self.inner_properties()
            where = self.expression() if self.take_word("WHERE") else None
            self.need_sign("]")
        self.need_sign("-")
        right = self.take_sign(">")
        direction = "-" if left == right else ">" if right else "<"
        return RelationshipPattern(start, name, types, direction, low, high, properties, where)

    def hops(self) -> tuple[int, int]:
        token = self.next()
        if self.look().kind == "word":
            refuse(
                self.look(),
                f"{self.look().word} in a pattern",
                f"write *1..{MAX_HOPS}, or shortestPath((a)-[*..{MAX_HOPS}]-(b))",
            )
        low = int(self.next().text) if self.look().kind == "number" else None
        if not self.take_sign(".."):
            return (
                (low, low)
                if low is not None
                else refuse(token, "a path without end", f"bound it, at most *1..{MAX_HOPS}")
            )
        if self.look().kind != "number":
            refuse(token, "a path without end", f"bound it, at most *1..{MAX_HOPS}")
        return 1 if low is None else low, int(self.next().text)

    def labels(self) -> Labels:
        found = self.label_and()
        while self.take_sign("|"):
            self.take_sign(":")
            found = Labels("or", found.at, parts=(found, self.label_and()))
        return found

    def label_and(self) -> Labels:
        found = self.label()
        while self.take_sign("&", ":"):
            found = Labels("and", found.at, parts=(found, self.label()))
        return found

    def label(self) -> Labels:
        token = self.look()
        if self.take_sign("!"):
            return Labels("not", token, parts=(self.label(),))
        if self.take_sign("%"):
            return Labels("any", token)
        if self.take_sign("("):
            inner = self.labels()
            self.need_sign(")")
            return inner
        return Labels("name", token, self.name())

    # Expressions

    def expression(self) -> Expression:
        return self.left(self.xor, "OR")

    def xor(self) -> Expression:
        return self.left(self.conjunction, "XOR")

    def conjunction(self) -> Expression:
        return self.left(self.negation, "AND")

    def left(self, inner: Callable[[], Expression], *words: str) -> Expression:
        start = self.look()
        found = inner()
        while self.is_word(*words):
            token = self.next()
            found = self.done(Binary(token, token.word, found, inner()), start)
        return found

    def negation(self) -> Expression:
        negations = []
        while self.is_word("NOT"):
            negations.append(self.next())
        found = self.comparison()
        for token in reversed(negations):
            found = self.done(Unary(token, "NOT", found), token)
        return found

    def comparator(self) -> str:
        one = self.look()
        if one.kind != "symbol" or one.text not in "=<>!":
            return ""
        two = self.look(1)
        joined = two.kind == "symbol" and two.start == one.start + 1 and one.text + two.text
        if joined in ("<>", "<=", ">=", "=~"):
            return str(joined)
        if joined == "!=":
            refuse(one, "!= between values", "write <>")
        return one.text if one.text != "!" else ""

    def comparison(self) -> Expression:
        start = self.look()
        first = self.predicate()
        found: Expression | None = None
        while (operator := self.comparator()) in _COMPARISONS:
            token = self.look()
            self.at += len(operator)
            second = self.predicate()
            one = self.done(Binary(token, operator, first, second), start)
            found = one if found is None else self.done(Binary(token, "AND", found, one), start)
            first = second
        return found or first

    def predicate(self) -> Expression:
        start = self.look()
        found = self.sum()
        while True:
            token = self.look()
            if self.comparator() == "=~":
                self.at += 2
                found = Binary(token, "=~", found, self.sum())
            elif self.is_word("STARTS", "ENDS"):
                self.at += 1
                self.need_word("WITH")
                found = Binary(token, token.word, found, self.sum())
            elif self.is_word("CONTAINS", "IN"):
                self.at += 1
                found = Binary(token, token.word, found, self.sum())
            elif self.take_word("IS"):
                negated = self.take_word("NOT")
                self.need_word("NULL")
                found = IsNull(token, found, negated)
            else:
                return found
            self.done(found, start)

    def binary(self, inner: Callable[[], Expression], *signs: str) -> Expression:
        start = self.look()
        found = inner()
        while self.is_sign(*signs):
            token = self.next()
            operator = token.text
            if operator == "|":
                self.need_sign("|")
                operator = "||"
            found = self.done(Binary(token, operator, found, inner()), start)
        return found

    def sum(self) -> Expression:
        start = self.look()
        found = self.product()
        while self.is_sign("+", "-") or (self.is_sign("|") and self.is_sign("|", ahead=1)):
            token = self.next()
            operator = token.text
            if operator == "|":
                self.at += 1
                operator = "||"
            found = self.done(Binary(token, operator, found, self.product()), start)
        return found

    def product(self) -> Expression:
        return self.binary(self.power, "*", "/", "%")

    def power(self) -> Expression:
        return self.binary(self.sign, "^")

    def sign(self) -> Expression:
        signs = []
        while self.is_sign("+", "-"):
            signs.append(self.next())
        if signs and signs[-1].text == "-" and self.look().kind == "number" and self.look().text.isdigit():
            start = signs.pop()
            if int(self.look().text) > 2**63:
                refuse(start, "a whole number below -2^63", "write a smaller one, or one with a point")
            number = -int(self.next().text)
            found = self.postfix(self.done(Literal(start, number), start), start)
        else:
            start = self.look()
            found = self.postfix(self.atom(), start)
        for token in reversed(signs):
            found = self.done(Unary(token, token.text, found), token)
        return found

    def postfix(self, found: Expression, start: Token) -> Expression:
        while True:
            token = self.look()
            if self.is_sign("."):
                self.at += 1
                found = Property(token, found, self.name())
            elif self.is_sign("["):
                self.at += 1
                low = None if self.is_sign("..") else self.expression()
                if self.take_sign(".."):
                    high = None if self.is_sign("]") else self.expression()
                    found = Slice(token, found, low, high)
                else:
                    if low is None:
                        self.refuse_here("write a number")
                    found = Index(token, found, low)  # type: ignore[arg-type]
                self.need_sign("]")
            elif self.is_sign("{") and isinstance(found, Variable):
                found = self.map_projection(found)
            elif self.is_sign(":") and isinstance(found, Variable | Property | Index | Call):
                self.at += 1
                found = HasLabel(token, found, self.labels())
            else:
                return found
            self.done(found, start)

    def map_projection(self, of: Expression) -> Expression:
        token = self.next()
        items: list[tuple[str, Expression | None]] = []
        while not self.is_sign("}"):
            if self.take_sign("."):
                items.append(("*", None) if self.take_sign("*") else self._property_item(of))
            else:
                start = self.look()
                name = self.name()
                if self.take_sign(":"):
                    items.append((name, self.expression()))
                else:
                    items.append((name, self.done(Variable(start, name), start)))
            if not self.take_sign(","):
                break
        self.need_sign("}")
        return MapProjection(token, of, items)

    def _property_item(self, of: Expression) -> tuple[str, Expression]:
        start = self.look()
        name = self.name()
        return name, self.done(Property(start, of, name), start)

    def atom(self) -> Expression:
        start = self.look()
        return self.done(self._atom(start), start)

    def _atom(self, start: Token) -> Expression:
        if start.kind == "number":
            self.at += 1
            if start.text.isdigit():
                if int(start.text) > _LARGEST:
                    refuse(start, "a whole number above 2^63", "write a smaller one, or one with a point")
                return Literal(start, int(start.text))
            value = float(start.text)
            if value == float("inf"):
                refuse(start, "a number that is too large", "write one below 1e308")
            return Literal(start, value)
        if start.kind == "string":
            self.at += 1
            return Literal(start, unquote(start.text))
        if start.kind == "parameter":
            self.at += 1
            return Parameter(start, start.text[1:])
        if start.kind == "name":
            return Variable(start, self.name())
        if start.kind == "word":
            return self.on_word(start)
        if self.is_sign("("):
            if self.is_pattern():
                return self.pattern_condition(start)
            self.at += 1
            inner = self.expression()
            self.need_sign(")")
            return inner
        if self.is_sign("["):
            return self.bracket(start)
        if self.is_sign("{"):
            return self.map_literal()
        self.refuse_here("write a value here")
        raise AssertionError

    def on_word(self, start: Token) -> Expression:
        word = start.word
        called = self.is_sign("(", ahead=1)
        if word in ("TRUE", "FALSE", "NULL") and not called:
            self.at += 1
            return Literal(start, {"TRUE": True, "FALSE": False, "NULL": None}[word])
        if word == "CASE" and not self.is_sign(",", ")", ".", "]", "}", ahead=1):
            return self.case(start)
        if word in ("EXISTS", "COUNT", "COLLECT") and self.is_sign("{", ahead=1):
            return self.subquery(start)
        if called and word in ("ALL", "ANY", "NONE", "SINGLE") and self.is_word("IN", ahead=3):
            self.at += 2
            name = self.name()
            self.need_word("IN")
            items = self.expression()
            if not self.is_word("WHERE"):
                self.refuse_here(f"write {word.lower()}(x IN list WHERE condition)")
            self.at += 1
            where = self.expression()
            self.need_sign(")")
            return Quantifier(start, word, name, items, where)
        if called and word == "REDUCE":
            self.at += 2
            total = self.name()
            self.need_sign("=")
            first = self.expression()
            self.need_sign(",")
            name = self.name()
            self.need_word("IN")
            items = self.expression()
            self.need_sign("|")
            value = self.expression()
            self.need_sign(")")
            return Reduce(start, total, first, name, items, value)
        if called or self.is_dotted_call():
            return self.call(start)
        self.at += 1
        return Variable(start, start.text)

    def is_dotted_call(self) -> bool:
        if not (self.is_sign(".", ahead=1) and self.look(2).kind == "word" and self.is_sign("(", ahead=3)):
            return False
        return f"{self.look().text}.{self.look(2).text}".lower() in FUNCTIONS

    def call(self, start: Token) -> Expression:
        name = self.name().lower()
        if self.take_sign("."):
            name += "." + self.name().lower()
        self.need_sign("(")
        if name in ("exists", "size") and self.is_pattern():
            condition = self.pattern_condition(start)
            if name == "size":
                refuse(start, "size() of a pattern", "write COUNT { (a)-->(b) }")
            self.need_sign(")")
            return condition
        if name in ("shortestpath", "allshortestpaths"):
            refuse(start, "shortestPath() as a value", "write MATCH p = shortestPath((a)-[*..8]-(b)) and use p")
        if self.take_sign("*"):
            self.need_sign(")")
            if name != "count":
                refuse(start, f"{name}(*)", "only count takes *")
            return Call(start, name, [], star=True)
        distinct = self.take_word("DISTINCT")
        arguments: list[Expression] = []
        while not self.is_sign(")"):
            arguments.append(self.expression())
            if not self.take_sign(","):
                break
        self.need_sign(")")
        return Call(start, name, arguments, distinct)

    def case(self, start: Token) -> Expression:
        self.at += 1
        subject = None if self.is_word("WHEN") else self.expression()
        branches = []
        while self.take_word("WHEN"):
            condition = self.expression()
            self.need_word("THEN")
            branches.append((condition, self.expression()))
        otherwise = self.expression() if self.take_word("ELSE") else None
        self.need_word("END")
        if not branches:
            refuse(start, "CASE without WHEN", "write CASE WHEN condition THEN value END")
        return Case(start, subject, branches, otherwise)

    def subquery(self, start: Token) -> Expression:
        kind = self.next().word
        self.need_sign("{")
        if self.is_word("MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN"):
            query = self.query(inner=True)
        else:
            token = self.look()
            paths = self.paths()
            where = self.expression() if self.take_word("WHERE") else None
            query = Query([[Match(token, False, paths, where)]])
        self.need_sign("}")
        if kind == "COLLECT" and not all(isinstance(p[-1], Projection) and len(p[-1].items) == 1 for p in query.parts):
            refuse(start, "COLLECT { } without one column", "end it with RETURN value")
        return Subquery(start, kind, query)

    def is_pattern(self) -> bool:
        """Whether the bracket here opens the pattern of a path, not an expression."""
        depth, at = 0, self.at
        while self.tokens[at].kind != "end":
            token = self.tokens[at]
            if token.kind == "symbol":
                depth += (token.text in "([{") - (token.text in ")]}")
                if depth == 0:
                    break
            at += 1
        one, two, three = (self.tokens[min(at + n, len(self.tokens) - 1)] for n in (1, 2, 3))
        if one.text == "<" and two.text == "-" and three.text in ("-", "["):
            return self._node_like(at)
        if one.text == "-" and two.text in ("-", "[") and two.kind == "symbol":
            end = three.text in ("(", ">") if two.text == "-" else True
            return end and self._node_like(at)
        return False

    def _node_like(self, closing: int) -> bool:
        """Whether what is in the brackets here reads like a node."""
        inside = self.tokens[self.at + 1 : closing]
        if inside and inside[0].kind in ("word", "name"):
            inside = inside[1:]
        return not inside or inside[0].text in (":", "{") or inside[0].word == "WHERE"

    def pattern_condition(self, start: Token) -> Expression:
        path = self.chain(self.look(), "")
        return Subquery(start, "EXISTS", Query([[Match(start, False, [path], None)]]))

    def bracket(self, start: Token) -> Expression:
        named = self.look(1).kind in ("word", "name")
        if named and self.is_word("IN", ahead=2):
            self.at += 1
            name = self.name()
            self.at += 1
            items = self.expression()
            where = self.expression() if self.take_word("WHERE") else None
            value = self.expression() if self.take_sign("|") else None
            self.need_sign("]")
            return Comprehension(start, name, items, where, value)
        self.at += 1
        is_path = named and self.is_sign("=", ahead=1) and self.is_sign("(", ahead=2)
        name = ""
        if is_path:
            mark = self.at
            name = self.name()
            self.at += 1
            if not self.is_pattern():
                self.at, name = mark, ""
        if name or (self.is_sign("(") and self.is_pattern()):
            path = self.chain(self.look(), name)
            where = self.expression() if self.take_word("WHERE") else None
            if self.take_sign("|"):
                value = self.expression()
                self.need_sign("]")
                last = Projection(start, True, False, False, [Item(value, "value", True)], [], None, None, None)
                return Subquery(start, "COLLECT", Query([[Match(start, False, [path], where), last]]))
            self.refuse_here("write [(a)-->(b) | b.name]")
        parts: list[Expression] = []
        while not self.is_sign("]"):
            parts.append(self.expression())
            if not self.take_sign(","):
                break
        self.need_sign("]")
        return ListOf(start, parts)

    def map_literal(self) -> Expression:
        start = self.next()
        parts: list[tuple[str, Expression]] = []
        while not self.is_sign("}"):
            key = self.name()
            self.need_sign(":")
            parts.append((key, self.expression()))
            if not self.take_sign(","):
                break
        self.need_sign("}")
        return self.done(MapOf(start, parts), start)


def unquote(text: str) -> str:
    """The value of a text as written with its quotes and escapes."""
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match.group(1), match.group(1)), text[1:-1], flags=re.DOTALL)
