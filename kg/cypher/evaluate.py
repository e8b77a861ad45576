"""Expressions as functions of a row, exactly as openCypher says.

A row is a dict from name to value; names that begin with a NUL are the machine's own.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rapidfuzz import process

from kg.cypher import tree, values
from kg.cypher.functions import AGGREGATES, FUNCTIONS
from kg.cypher.tokens import Token, refuse, show
from kg.cypher.values import Duration, NodeValue, PathValue, RelationshipValue, ValueProblem, kind_of
from kg.errors import QueryError
from kg.schema import NODES, RELATIONSHIPS

Row = dict[str, Any]
Value = Callable[[Row], Any]
LABELS = tuple(node.label for node in NODES)
TYPES = tuple(relationship.name for relationship in RELATIONSHIPS)
PROPERTIES = tuple(
    sorted(
        {name for one in NODES for name, _ in one.properties} | {n for one in RELATIONSHIPS for n, _ in one.properties}
    )
)
# What the engine calls otherwise than openCypher, and what to write.
_INSTEAD = {
    "to_int64": "toInteger(x)", "to_double": "toFloat(x)", "to_bool": "toBoolean(x)",
    "string_split": "split(text, separator)",
    "list_extract": "list[0]", "list_element": "list[0]", "element_at": "list[0]", "list_slice": "list[0..2]",
    "list_transform": "[x IN list | x + 1]", "list_filter": "[x IN list WHERE x > 1]",
    "list_reduce": "reduce(total = 0, x IN list | total + x)", "list_contains": "x IN list", "list_has": "x IN list",
    "date_part": "d.year", "datepart": "d.year", "date_trunc": "date.truncate('month', d)",
    "current_date": "date()", "interval": "duration({days: 7})", "list_concat": "a + b", "list_append": "list + x",
    "typeof": "type(r) or labels(n)", "ucase": "toUpper(x)", "lcase": "toLower(x)", "concat": "a + b",
    "start_node": "startNode(r)", "end_node": "endNode(r)", "pow": "x ^ y", "substr": "substring(x, 0, n)",
    "exists": "n.name IS NOT NULL", "id": "n.id", "elementid": "n.id", "starts_with": "x STARTS WITH y",
    "year": "d.year", "to_string": "toString(x)", "cast": "toInteger(x), toFloat(x) or toString(x)",
}  # fmt: skip


def nearest(name: str, known: tuple[str, ...], noun: str) -> str:
    """What to write instead of a name that is not there."""
    found = [one for one, _, _ in process.extract(name, known, limit=3, score_cutoff=60, processor=str.lower)]
    return f"did you mean {' or '.join(found)}?" if found else f"{noun}: {', '.join(known)}"[:150]


def nodes_of(value: Any) -> Iterator[Any]:
    """All tree nodes in `value`, itself first."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, list | tuple):
            stack.extend(reversed(one))
        elif dataclasses.is_dataclass(one) and not isinstance(one, Token):
            yield one
            stack.extend(getattr(one, part.name) for part in reversed(dataclasses.fields(one)) if part.name != "at")


def aggregates(value: Any) -> list[tree.Call]:
    """The calls of aggregates in an expression."""
    return [one for one in nodes_of(value) if isinstance(one, tree.Call) and one.name in AGGREGATES]


def allowed(labels: tree.Labels | None, known: tuple[str, ...], noun: str) -> frozenset[str]:
    """Which of `known` a label expression lets through; each node has one label."""
    everything = frozenset(known)
    if labels is None or labels.kind == "any":
        return everything
    if labels.kind == "name":
        if labels.name not in everything:
            refuse(labels.at, f"no {noun} is called {show(labels.name)}", nearest(labels.name, known, "there are"))
        return frozenset((labels.name,))
    parts = [allowed(part, known, noun) for part in labels.parts]
    if labels.kind == "not":
        return everything - parts[0]
    return parts[0] & parts[1] if labels.kind == "and" else parts[0] | parts[1]


class Compiler:
    """Makes functions of expressions. `parameters` are values; `subqueries` collects those that a clause must run."""

    def __init__(self, text: str, parameters: Mapping[str, Any]) -> None:
        self.text = text
        self.parameters = parameters
        self.entities: dict[str, str] = {}  # names of nodes and relationships of patterns
        self.subqueries: dict[int, tuple[tree.Subquery, str]] = {}
        self.inside = 0  # how many names of lists are open

    def source(self, expression: tree.Expression) -> str:
        """The text of an expression."""
        return self.text[expression.start : expression.end]

    def compile(self, one: tree.Expression, scope: set[str], known: Mapping[str, str] | None = None) -> Value:
        """`one` as a function of a row with the names of `scope`; `known`: texts that are columns already."""
        if known and not isinstance(one, tree.Literal | tree.Parameter) and (name := known.get(self.source(one))):
            return lambda row: row[name]
        method = getattr(self, "_" + type(one).__name__.lower())
        function: Value = method(one, scope, known)
        return self._placed(one, function)

    def _placed(self, one: tree.Expression, function: Value) -> Value:
        if isinstance(one, tree.Literal | tree.Variable | tree.Parameter | tree.Property):
            return function

        def call(row: Row) -> Any:
            try:
                return function(row)
            except ValueProblem as problem:
                refuse(one.at, problem.problem, problem.advice)

        return call

    def _literal(self, one: tree.Literal, *_: Any) -> Value:
        value = one.value
        return lambda _: value

    def _parameter(self, one: tree.Parameter, *_: Any) -> Value:
        if one.name not in self.parameters:
            refuse(one.at, f"the parameter ${one.name} has no value", f"give it: --param {one.name}=VALUE")
        value = self.parameters[one.name]
        return lambda _: value

    def _variable(self, one: tree.Variable, scope: set[str], *_: Any) -> Value:
        name = one.name
        if name not in scope:
            names = tuple(sorted(n for n in scope if n[:1] != "\0"))
            hint = nearest(name, names, "there are") if names else "name it in MATCH, WITH or UNWIND before"
            refuse(
                one.at, f"no variable is called {show(name)} here", hint.encode("ascii", "backslashreplace").decode()
            )
        return lambda row: row[name]

    def _property(self, one: tree.Property, scope: set[str], known: Any) -> Value:
        of, key, at = self.compile(one.of, scope, known), one.key, one.at
        if isinstance(one.of, tree.Variable) and one.of.name in self.entities and key not in PROPERTIES:
            refuse(at, f"no property is called {show(key)}", nearest(key, PROPERTIES, "there are"))
        if isinstance(one.of, tree.Literal) and one.of.value is not None:
            refuse(at, f"a property of {kind_of(one.of.value)}", "only nodes, relationships, maps and dates have some")

        def get(row: Row) -> Any:
            value = of(row)
            if isinstance(value, NodeValue | RelationshipValue):
                return value.properties.get(key)
            try:
                return property_of(value, key)
            except ValueProblem as problem:
                refuse(at, problem.problem, problem.advice)

        return get

    def _index(self, one: tree.Index, scope: set[str], known: Any) -> Value:
        of, index = self.compile(one.of, scope, known), self.compile(one.index, scope, known)
        return lambda row: element(of(row), index(row))

    def _slice(self, one: tree.Slice, scope: set[str], known: Any) -> Value:
        of = self.compile(one.of, scope, known)
        low = self.compile(one.low, scope, known) if one.low else None
        high = self.compile(one.high, scope, known) if one.high else None

        def get(row: Row) -> Any:
            value = of(row)
            begin, end = (low(row) if low else 0), (high(row) if high else 2**62)
            if value is None or begin is None or end is None:
                return None
            if not isinstance(value, list):
                raise ValueProblem(f"a slice of {kind_of(value)}", "substring(x, i, n) takes a part of a text")
            if not isinstance(begin, int) or not isinstance(end, int):
                raise ValueProblem("a slice that is not from and to whole numbers", "write list[0..2]")
            return value[begin:end]

        return get

    def _call(self, one: tree.Call, scope: set[str], known: Any) -> Value:
        if one.name in AGGREGATES:
            refuse(one.at, f"{one.name}() here", "an aggregate stands in WITH or RETURN; name it in a WITH before")
        if one.name == "exists" and len(one.arguments) == 1 and isinstance(one.arguments[0], tree.Property):
            inner = self.compile(one.arguments[0], scope, known)
            return lambda row: inner(row) is not None
        if one.name not in FUNCTIONS:
            advice = (
                f"write {_INSTEAD[one.name]}"
                if one.name in _INSTEAD
                else nearest(one.name, tuple(FUNCTIONS), "there are")
            )
            refuse(one.at, f"there is no function {show(one.name)}", advice)
        function, least, most = FUNCTIONS[one.name]
        if not least <= len(one.arguments) <= most or one.distinct:
            wanted = str(least) if least == most else f"{least} to {most}"
            refuse(one.at, f"{one.name}() with {len(one.arguments)} values", f"it takes {wanted}")
        given = [self.compile(part, scope, known) for part in one.arguments]
        if len(given) == 1:
            (first,) = given
            return lambda row: function(first(row))
        return lambda row: function(*[part(row) for part in given])

    def _unary(self, one: tree.Unary, scope: set[str], known: Any) -> Value:
        value = self.compile(one.value, scope, known)
        if one.operator == "NOT":
            self._check_boolean(one.value)

            def negate(row: Row) -> Any:
                found = truth(value(row))
                return None if found is None else not found

            return negate

        def signed(row: Row) -> Any:
            found = value(row)
            if found is not None and not values.is_number(found) and not isinstance(found, Duration):
                raise ValueProblem(f"{one.operator} before {kind_of(found)}", "write it before a number")
            return values.arithmetic("*", found, -1) if one.operator == "-" else found

        return signed

    def _check_boolean(self, one: tree.Expression) -> None:
        """Refuse what is no condition whatever the row; rows that never come would hide it."""
        bad = isinstance(one, tree.Literal) and one.value is not None and not isinstance(one.value, bool)
        bad = bad or isinstance(one, tree.ListOf | tree.MapOf | tree.Comprehension)
        bad = bad or (isinstance(one, tree.Binary) and one.operator in ("+", "-", "*", "/", "%", "^", "||"))
        if bad:
            refuse(one.at, f"{show(self.source(one))} as a condition", "write a comparison, true or false")

    def _binary(self, one: tree.Binary, scope: set[str], known: Any) -> Value:
        left, right = self.compile(one.left, scope, known), self.compile(one.right, scope, known)
        operator = one.operator
        if operator in ("AND", "OR", "XOR"):
            self._check_boolean(one.left)
            self._check_boolean(one.right)
        match operator:
            case "AND":
                return lambda row: _and(left(row), right, row)
            case "OR":
                return lambda row: _or(left(row), right, row)
            case "XOR":
                return lambda row: _xor(truth(left(row)), truth(right(row)))
            case "=":
                return lambda row: values.equal(left(row), right(row))
            case "<>":
                return lambda row: None if (found := values.equal(left(row), right(row))) is None else not found
            case "<":
                return lambda row: values.less(left(row), right(row), False)
            case "<=":
                return lambda row: values.less(left(row), right(row), True)
            case ">":
                return lambda row: values.less(right(row), left(row), False)
            case ">=":
                return lambda row: values.less(right(row), left(row), True)
            case "+":
                return lambda row: values.add(left(row), right(row))
            case "||":
                return lambda row: _concat(left(row), right(row))
            case "IN":
                if isinstance(one.right, tree.Literal) and one.right.value is not None:
                    refuse(one.right.at, f"IN {kind_of(one.right.value)}", "write a list after IN")
                return lambda row: values.contains(right(row), left(row))
            case "CONTAINS":
                return lambda row: _texts(left(row), right(row), str.__contains__)
            case "STARTS":
                return lambda row: _texts(left(row), right(row), str.startswith)
            case "ENDS":
                return lambda row: _texts(left(row), right(row), str.endswith)
            case "=~":
                return lambda row: _matches(left(row), right(row))
        return lambda row: values.arithmetic(operator, left(row), right(row))

    def _isnull(self, one: tree.IsNull, scope: set[str], known: Any) -> Value:
        value = self.compile(one.value, scope, known)
        if one.negated:
            return lambda row: value(row) is not None
        return lambda row: value(row) is None

    def _listof(self, one: tree.ListOf, scope: set[str], known: Any) -> Value:
        items = [self.compile(item, scope, known) for item in one.items]
        return lambda row: [item(row) for item in items]

    def _mapof(self, one: tree.MapOf, scope: set[str], known: Any) -> Value:
        items = [(name, self.compile(item, scope, known)) for name, item in one.items]
        return lambda row: {name: item(row) for name, item in items}

    def _case(self, one: tree.Case, scope: set[str], known: Any) -> Value:
        branches = [(self.compile(a, scope, known), self.compile(b, scope, known)) for a, b in one.branches]
        otherwise = self.compile(one.otherwise, scope, known) if one.otherwise else lambda _: None
        subject = self.compile(one.subject, scope, known) if one.subject else None

        def choose(row: Row) -> Any:
            if subject is None:
                chosen = next((then for when, then in branches if truth(when(row))), otherwise)
            else:
                value = subject(row)
                chosen = next((then for when, then in branches if values.equal(value, when(row))), otherwise)
            return chosen(row)

        return choose

    def _open(self, one: tree.Expression, scope: set[str], *names: str) -> set[str]:
        for part in nodes_of(one):
            if isinstance(part, tree.Call) and part.name in AGGREGATES:
                refuse(part.at, f"{part.name}() inside of a list", "name it in a WITH before")
        return scope | set(names)

    def _comprehension(self, one: tree.Comprehension, scope: set[str], known: Any) -> Value:
        items = self.compile(one.items, scope, known)
        inner = self._open(one.where or one, scope, one.name) if one.where else scope | {one.name}
        if one.value:
            inner = self._open(one.value, scope, one.name)
        self.inside += 1
        where = self.compile(one.where, inner) if one.where else None
        value = self.compile(one.value, inner) if one.value else None
        self.inside -= 1
        name = one.name

        def build(row: Row) -> Any:
            found = _list(items(row), "a list comprehension")
            if found is None:
                return None
            own = dict(row)
            built = []
            for item in found:
                own[name] = item
                if where is None or truth(where(own)):
                    built.append(value(own) if value else item)
            return built

        return build

    def _quantifier(self, one: tree.Quantifier, scope: set[str], known: Any) -> Value:
        items = self.compile(one.items, scope, known)
        inner = self._open(one.where, scope, one.name)
        self._check_boolean(one.where)
        self.inside += 1
        where = self.compile(one.where, inner)
        self.inside -= 1
        name, kind = one.name, one.kind

        def decide(row: Row) -> Any:
            found = _list(items(row), f"{kind.lower()}()")
            if found is None:
                return None
            own = dict(row)
            true = false = unknown = 0
            for item in found:
                own[name] = item
                answer = truth(where(own))
                true += answer is True
                false += answer is False
                unknown += answer is None
            match kind:
                case "ALL":
                    return False if false else None if unknown else True
                case "ANY":
                    return True if true else None if unknown else False
                case "NONE":
                    return False if true else None if unknown else True
            return False if true > 1 else None if unknown else true == 1

        return decide

    def _reduce(self, one: tree.Reduce, scope: set[str], known: Any) -> Value:
        items, first = self.compile(one.items, scope, known), self.compile(one.first, scope, known)
        inner = self._open(one.value, scope, one.name, one.total)
        self.inside += 1
        value = self.compile(one.value, inner)
        self.inside -= 1

        def fold(row: Row) -> Any:
            found = _list(items(row), "reduce()")
            total = first(row)
            if found is None:
                return None
            own = dict(row)
            for item in found:
                own[one.total], own[one.name] = total, item
                total = value(own)
            return total

        return fold

    def _mapprojection(self, one: tree.MapProjection, scope: set[str], known: Any) -> Value:
        of = self.compile(one.of, scope, known)
        items = [(name, self.compile(item, scope, known) if item else None) for name, item in one.items]

        def build(row: Row) -> Any:
            value = of(row)
            if value is None:
                return None
            if not isinstance(value, NodeValue | RelationshipValue | dict):
                raise ValueProblem(f"a map projection of {kind_of(value)}", "write n {.name} of a node or a map")
            found: dict[str, Any] = {}
            for name, item in items:
                if item is None:
                    found.update(FUNCTIONS["properties"][0](value))
                else:
                    found[name] = item(row)
            return found

        return build

    def _haslabel(self, one: tree.HasLabel, scope: set[str], known: Any) -> Value:
        value = self.compile(one.value, scope, known)
        names = {part.name for part in nodes_of(one.labels) if part.kind == "name"}
        known_names = TYPES if names & set(TYPES) else LABELS
        fitting = allowed(one.labels, known_names, "label")

        def test(row: Row) -> Any:
            found = value(row)
            if found is None:
                return None
            if not isinstance(found, NodeValue | RelationshipValue):
                raise ValueProblem(f"a label of {kind_of(found)}", "only nodes have labels")
            return (found.label if isinstance(found, NodeValue) else found.type) in fitting

        return test

    def _subquery(self, one: tree.Subquery, *_: Any) -> Value:
        if self.inside:
            refuse(one.at, "a pattern inside of a list", "name the pattern's answer in a WITH before, or use UNWIND")
        name = f"\0q{len(self.subqueries)}"
        self.subqueries[id(one)] = (one, name)
        return lambda row: row[name]


def truth(value: Any) -> bool | None:
    """A condition's value. Raises `ValueProblem` where it is neither true, false nor null."""
    if value is True or value is False or value is None:
        return value
    raise ValueProblem(f"{kind_of(value)} as a condition", "write a comparison, true or false")


def _and(left: Any, right: Value, row: Row) -> bool | None:
    one = truth(left)
    if one is False:
        return False
    other = truth(right(row))
    return False if other is False else None if one is None or other is None else True


def _or(left: Any, right: Value, row: Row) -> bool | None:
    one = truth(left)
    if one is True:
        return True
    other = truth(right(row))
    return True if other is True else None if one is None or other is None else False


def _xor(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None or other is None else one != other


def _texts(a: Any, b: Any, test: Callable[[str, str], bool]) -> bool | None:
    return test(a, b) if isinstance(a, str) and isinstance(b, str) else None


def _concat(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return None
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if isinstance(a, list) and isinstance(b, list):
        return a + b
    raise ValueProblem(f"{kind_of(a)} || {kind_of(b)}", "join two texts or two lists")


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _matches(text: Any, pattern: Any) -> bool | None:
    if not isinstance(text, str) or not isinstance(pattern, str):
        if pattern is not None and not isinstance(pattern, str):
            raise ValueProblem(f"=~ {kind_of(pattern)}", "write a text with a regular expression")
        return None
    if pattern not in _PATTERNS:
        try:
            _PATTERNS[pattern] = re.compile(pattern, re.ASCII)
        except (re.error, RecursionError, OverflowError):
            raise ValueProblem(
                "a regular expression that cannot be read", "check its brackets; \\p{..} is not known"
            ) from None
    return _PATTERNS[pattern].fullmatch(text) is not None


def _list(value: Any, where: str) -> list[Any] | None:
    if value is None or isinstance(value, list):
        return value
    raise ValueProblem(f"{where} over {kind_of(value)}", "it goes over a list")


def property_of(value: Any, key: str) -> Any:
    """`value.key`."""
    if value is None:
        return None
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, NodeValue | RelationshipValue):
        return value.properties.get(key)
    if isinstance(value, datetime.date):
        return values.component(value, key)
    if isinstance(value, Duration):
        return values.period(value, key)
    raise ValueProblem(f"a property of {kind_of(value)}", "only nodes, relationships, maps and dates have some")


def element(value: Any, index: Any) -> Any:
    """`value[index]`."""
    if isinstance(value, list):
        if index is None:
            return None
        if not isinstance(index, int) or isinstance(index, bool):
            raise ValueProblem(f"an element of a list by {kind_of(index)}", "write a whole number, from 0")
        return value[index] if -len(value) <= index < len(value) else None
    if value is None or (index is None and isinstance(value, dict | NodeValue | RelationshipValue)):
        return None
    if isinstance(value, dict | NodeValue | RelationshipValue):
        if not isinstance(index, str):
            raise ValueProblem(f"a property by {kind_of(index)}", "write a text, as in n['name']")
        return property_of(value, index)
    if isinstance(value, PathValue):
        raise ValueProblem("an element of a path", "write nodes(path)[0]")
    raise ValueProblem(f"an element of {kind_of(value)}", "only lists and maps have elements")


def constant(compiler: Compiler, one: tree.Expression) -> tuple[bool, Any]:
    """Whether an expression is the same in every row, and its value."""
    parts = list(nodes_of(one))
    if any(
        isinstance(part, tree.Variable | tree.Subquery)
        or (isinstance(part, tree.Call) and part.name in (*AGGREGATES, "rand"))
        for part in parts
    ):
        return False, None
    try:
        return True, compiler.compile(one, set())({})
    except QueryError:
        return False, None
