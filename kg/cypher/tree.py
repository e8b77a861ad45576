"""The reading part of openCypher as a typed tree; every expression knows where it stands in the statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.cypher.tokens import Token


@dataclass(slots=True, eq=False)
class Expression:
    """Any expression; `at` is its first token, `start` and `end` bound its text."""

    at: Token
    start: int = field(default=0, init=False)
    end: int = field(default=0, init=False)


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """A number, text, true, false or null."""

    value: Any


@dataclass(slots=True, eq=False)
class Parameter(Expression):
    """`$name`."""

    name: str


@dataclass(slots=True, eq=False)
class Variable(Expression):
    """A name given in the statement."""

    name: str


@dataclass(slots=True, eq=False)
class Property(Expression):
    """`of.key`."""

    of: Expression
    key: str


@dataclass(slots=True, eq=False)
class Index(Expression):
    """`of[index]`."""

    of: Expression
    index: Expression


@dataclass(slots=True, eq=False)
class Slice(Expression):
    """`of[low..high]`."""

    of: Expression
    low: Expression | None
    high: Expression | None


@dataclass(slots=True, eq=False)
class Call(Expression):
    """A call of a function; `name` in lower case, `star` for count(*)."""

    name: str
    arguments: list[Expression]
    distinct: bool = False
    star: bool = False


@dataclass(slots=True, eq=False)
class Unary(Expression):
    """NOT, + or - before a value."""

    operator: str
    value: Expression


@dataclass(slots=True, eq=False)
class Binary(Expression):
    """An operator between two values."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class IsNull(Expression):
    """`value IS [NOT] NULL`."""

    value: Expression
    negated: bool


@dataclass(slots=True, eq=False)
class ListOf(Expression):
    """`[a, b]`."""

    items: list[Expression]


@dataclass(slots=True, eq=False)
class MapOf(Expression):
    """`{a: 1}`."""

    items: list[tuple[str, Expression]]


@dataclass(slots=True, eq=False)
class Case(Expression):
    """Both forms of CASE; `subject` is None in the second."""

    subject: Expression | None
    branches: list[tuple[Expression, Expression]]
    otherwise: Expression | None


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    """`[name IN items WHERE where | value]`."""

    name: str
    items: Expression
    where: Expression | None
    value: Expression | None


@dataclass(slots=True, eq=False)
class Quantifier(Expression):
    """`all|any|none|single (name IN items WHERE where)`."""

    kind: str
    name: str
    items: Expression
    where: Expression


@dataclass(slots=True, eq=False)
class Reduce(Expression):
    """`reduce(total = first, name IN items | value)`."""

    total: str
    first: Expression
    name: str
    items: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class MapProjection(Expression):
    """`of {.a, .*, b: 1, c}`: pairs of name and expression; name `*` for all."""

    of: Expression
    items: list[tuple[str, Expression | None]]


@dataclass(slots=True, eq=False)
class HasLabel(Expression):
    """`value:Label`."""

    value: Expression
    labels: Labels


@dataclass(slots=True, eq=False)
class Subquery(Expression):
    """EXISTS, COUNT or COLLECT { }, a pattern as a condition, or a pattern comprehension (collect)."""

    kind: str
    query: Query


@dataclass(slots=True)
class Labels:
    """A label expression: kind is name, any, not, and, or."""

    kind: str
    at: Token
    name: str = ""
    parts: tuple[Labels, ...] = ()


@dataclass(slots=True)
class NodePattern:
    """`(name:labels {properties} WHERE where)`."""

    at: Token
    name: str
    labels: Labels | None
    properties: Expression | None
    where: Expression | None


@dataclass(slots=True)
class RelationshipPattern:
    """`-[name:types*low..high {properties}]->`; direction is >, < or -; `low` is None for a single step."""

    at: Token
    name: str
    types: Labels | None
    direction: str
    low: int | None
    high: int | None
    properties: Expression | None
    where: Expression | None


@dataclass(slots=True)
class PathPattern:
    """`name = (a)-[r]->(b)`; `shortest` is one, all or ""."""

    at: Token
    name: str
    nodes: list[NodePattern]
    steps: list[RelationshipPattern]
    shortest: str = ""


@dataclass(slots=True)
class Match:
    """MATCH or OPTIONAL MATCH."""

    at: Token
    optional: bool
    paths: list[PathPattern]
    where: Expression | None


@dataclass(slots=True)
class Unwind:
    """UNWIND items AS name."""

    at: Token
    items: Expression
    name: str


@dataclass(slots=True)
class Item:
    """A column of WITH or RETURN."""

    value: Expression
    name: str
    named: bool


@dataclass(slots=True)
class Projection:
    """WITH or RETURN, with what belongs to it."""

    at: Token
    returns: bool
    distinct: bool
    star: bool
    items: list[Item]
    order: list[tuple[Expression, bool]]
    skip: Expression | None
    limit: Expression | None
    where: Expression | None


Clause = Match | Unwind | Projection


@dataclass(slots=True)
class Query:
    """Parts joined by UNION; `all` says whether doubles stay."""

    parts: list[list[Clause]]
    all: bool = True
