"""Statements of Cypher made at random: valid, typed, over this project's schema, each with what of its answer is fixed.

One number makes one statement, always the same. Every statement is built round one of the `FOCUS` constructs, in turn,
so that each occurs about as often as any other; what surrounds it is drawn freely. An answer is fixed as a list where
the statement sorts totally, else as a bag; a list that `collect` makes of unsorted rows is a bag too.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from kg.schema import NODE_BY_LABEL, RELATIONSHIP_BY_NAME

THINGS = ("Model", "Method", "Dataset", "Benchmark", "Task", "Metric")
LABELS = (*THINGS, "Paper", "Repository", "Page", "Result", "Feed", "Author")
ROLES = ("INTRODUCES", "TRAINS_ON", "EVALUATES_ON", "COMPARES_TO", "USES", "MENTIONS")
TYPES = (*ROLES, "HAS_CODE", "LINKS_TO", "REPORTS", "OF_MODEL", "ON_DATASET", "FOR_TASK", "IN_METRIC", "VARIANT_OF", "LISTS", "WROTE")  # fmt: skip
KINDS = {"STRING": "str", "STRINGS": "strs", "INT": "int", "DOUBLE": "float", "BOOL": "bool", "DATE": "date"}
# What the graphs of the test hold; the rest mostly finds nothing.
_FILLED = {
    ("USES", "Model"), ("USES", "Method"), ("INTRODUCES", "Model"), ("INTRODUCES", "Method"), ("EVALUATES_ON", "Dataset"),
    ("EVALUATES_ON", "Benchmark"), ("COMPARES_TO", "Model"), ("TRAINS_ON", "Dataset"), ("MENTIONS", "Task"), ("MENTIONS", "Model"),
    ("HAS_CODE", "Repository"), ("LINKS_TO", "Page"), ("REPORTS", "Result"), ("OF_MODEL", "Model"), ("ON_DATASET", "Dataset"),
    ("VARIANT_OF", "Model"), ("LISTS", "Paper"), ("WROTE", "Paper"), ("USES", "Metric"), ("FOR_TASK", "Task"), ("IN_METRIC", "Metric"),
}  # fmt: skip
TRIPLES = tuple(
    (name, source, target)
    for name in TYPES
    for source, target in RELATIONSHIP_BY_NAME[name].pairs
    if source in LABELS and target in LABELS
    for _ in range(12 if (name, target) in _FILLED else 1)
)
# The names that a careful person avoids and Neo4j takes.
RESERVED = ("end", "order", "group", "set", "table", "column", "limit", "count", "date", "desc", "type", "index", "start", "copy")  # fmt: skip
PLAIN = ("a", "b", "c", "d", "m", "n", "p", "q", "x", "y", "paper", "model", "name", "total", "first", "value", "item", "row", "role")  # fmt: skip
QUOTED = ("`my name`", "`a-b`", "`Zahl der Aufsätze`", "`end`", "`1st`", "`select`", "`a.b`", "`MATCH`")
TEXTS = (
    "'CLIP'", "'clip'", "'a'", "'BERT'", "''", "' '", "'it\\'s'", "\"quoted\"", "'Straße'", "'test'", "'3'", "'2024-01-02'",
    "'naïve 😀'", "'a,b,,c'", "'  two  spaces '", "'null'", "'%'", "'model'", "'ImageNet'", "'-'", "'abc'", "'Aβγ'", "'1.0'",
)  # fmt: skip
NAMES = ("CLIP", "BERT", "ResNet-50", "LLaMA", "ImageNet", "ViT", "COCO", "GPT-4", "clip", "", "null", "end")
ROWS_MOST = 25_000.0


@dataclass(frozen=True)
class Var:
    """A variable in scope: `kind` is node, rel, rels, path, a type of value, or bag (a list in no fixed order)."""

    name: str
    kind: str
    of: tuple[str, ...] = ()
    unique: bool = False  # one value for each row


@dataclass(frozen=True)
class Statement:
    """A statement with its parameters; `mode` list, bag or count; `bags`: columns whose lists are in no fixed order."""

    number: int
    text: str
    parameters: dict[str, Any]
    mode: str
    bags: frozenset[int]
    tags: frozenset[str]


@dataclass
class _Item:
    """One column of a projection."""

    text: str
    kind: str
    alias: str = ""

    @property
    def shown(self) -> str:
        return f"{self.text} AS {self.alias}" if self.alias else self.text


def statement(number: int, graph: int = 0) -> Statement:
    """Statement `number`; `graph` draws another one for another graph."""
    made = _Maker(random.Random(f"{graph}-{number}"), number)
    return made.statement(FOCUS[number % len(FOCUS)])


@dataclass
class _Maker:
    rng: random.Random
    number: int
    scope: list[Var] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    rows: float = 1.0
    used: int = 0
    quiet: bool = False  # no new variables from patterns inside of subqueries

    # -- small help

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def one(self, values: Any) -> Any:
        return self.rng.choice(list(values))

    def tag(self, name: str, text: str) -> str:
        self.tags.add(name)
        return text

    def fresh(self, pool: tuple[str, ...] = PLAIN) -> str:
        """A name that is not in scope; now and then a reserved word, a quoted name, one that differs in case only."""
        taken = {v.name for v in self.scope}
        for _ in range(20):
            draw = self.rng.random()
            if draw < 0.06:
                name, tag = self.one(RESERVED), "reserved name"
            elif draw < 0.09:
                name, tag = self.one(QUOTED), "quoted name"
            elif draw < 0.13 and taken:
                name, tag = self.one(sorted(taken)).swapcase(), "names that differ in case"
            else:
                name, tag = self.one(pool), ""
            if name not in taken and name.strip("`") not in {t.strip("`") for t in taken} and name.lower() != "null":
                if tag:
                    self.tags.add(tag)
                return name
        self.used += 1
        return f"v{self.used}"

    def parameter(self, value: Any) -> str:
        for name, given in self.parameters.items():
            if type(given) is type(value) and given == value:
                return f"${name}"
        pool = [
            n
            for n in ("x", "y", "s", "name", "limit", "end", "wanted", "least", "X", "given")
            if n not in self.parameters
        ]
        name = self.one(pool) if pool else f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def vars(self, *kinds: str) -> list[Var]:
        return [v for v in self.scope if v.kind in kinds]

    def properties(self, kind: str) -> list[str]:
        """Texts like `m.name` of that type for what is in scope."""
        found = []
        for v in self.vars("node", "rel"):
            table = NODE_BY_LABEL if v.kind == "node" else RELATIONSHIP_BY_NAME
            for of in v.of[:1] if len(v.of) > 3 else v.of:
                for name, type_ in table[of].properties:
                    if KINDS[type_] == kind:
                        found.append(f"{v.name}.{name}")
        return sorted(set(found))

    # -- expressions

    def e(self, kind: str, depth: int = 2) -> str:
        """An expression of a type: int, float, str, bool, date, ints, strs."""
        if kind == "bool":  # bare truth values say little
            if depth <= 0:
                return self.leaf(kind) if self.chance(0.2) else f"({self.simple()})"
            if self.chance(0.05):
                return self.leaf(kind)
        elif depth <= 0 or self.chance(0.35):
            return self.leaf(kind)
        if self.chance(0.06):
            return self.case(kind, depth)
        if self.chance(0.04):
            return f"coalesce({self.e(kind, depth - 1)}, {self.leaf(kind)})"
        return getattr(self, f"_{kind}")(depth)

    def simple(self) -> str:
        """A test without brackets."""
        kind = self.one(("int", "str", "str", "date", "float"))
        return self.one((
            f"{self.leaf(kind)} {self.one(('=', '<>', '<', '<=', '>', '>='))} {self.leaf(kind)}",
            f"{self.leaf(kind)} IS {self.one(('', 'NOT '))}NULL",
        ))  # fmt: skip

    def leaf(self, kind: str) -> str:
        if self.chance(0.03):
            return self.tag("null literal", "null")
        own = [v.name for v in self.vars(kind)]
        if own and self.chance(0.4):
            return self.one(own)
        if (found := self.properties(kind)) and self.chance(0.7):
            return self.one(found)
        if self.chance(0.18) and kind in _VALUES:
            value = self.one(_VALUES[kind])
            self.tags.add("parameter null" if value is None else f"parameter {kind}")
            return self.parameter(value)
        return self.literal(kind)

    def literal(self, kind: str) -> str:
        if kind == "int":
            return str(self.one((0, 1, 2, 3, 5, 7, 10, 100, 200, 255, -1, -3)))
        if kind == "float":
            return self.one(("0.5", "1.0", "2.5", "-2.5", "70.0", "3.14", "1e2", "0.0", "1.4", "-0.5"))
        if kind == "str":
            return self.one(TEXTS)
        if kind == "bool":
            return self.one(("true", "false"))
        if kind == "date":
            day = self.one(("2024-01-02", "2023-06-05", "2020-02-29", "2023-12-31", "2022-07-01"))
            if self.chance(0.3):
                y, m, d = (int(part) for part in day.split("-"))
                return self.tag("date of parts", f"date({{year: {y}, month: {m}, day: {d}}})")
            return f"date('{day}')"
        if kind == "ints":
            size = self.one((0, 1, 2, 3, 4, 5))
            return f"[{', '.join(self.one(('1', '2', '3', '5', '8', '-1', 'null', '0')) for _ in range(size))}]"
        if kind == "strs":
            return f"[{', '.join(self.one((*TEXTS[:8], 'null')) for _ in range(self.one((0, 1, 2, 3))))}]"
        raise AssertionError(kind)

    def case(self, kind: str, depth: int) -> str:
        if self.chance(0.5):
            return self.tag(
                "CASE WHEN",
                f"CASE WHEN {self.e('bool', depth - 1)} THEN {self.e(kind, depth - 1)} ELSE {self.leaf(kind)} END",
            )
        of = self.one(("int", "str", "float"))
        other = f" ELSE {self.leaf(kind)}" if self.chance(0.7) else ""
        when = " ".join(f"WHEN {self.leaf(of)} THEN {self.leaf(kind)}" for _ in range(self.one((1, 2))))
        return self.tag("CASE x WHEN", f"CASE {self.e(of, depth - 1)} {when}{other} END")

    def pick(self, *choices: tuple[float, Callable[[], str] | None]) -> str:
        usable = [(weight, made) for weight, made in choices if made is not None]
        return self.rng.choices([m for _, m in usable], [w for w, _ in usable])[0]()

    def _int(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (3, lambda: f"{self.e('int', d)} {self.one('+-*')} {self.leaf('int')}"),
            (1, lambda: f"({self.e('int', d)} {self.one('+-')} {self.e('int', d)}) * 2"),
            (1, lambda: self.tag("integer division", f"({self.e('int', d)}) {self.one('/%')} {self.one((2, 3, 7, -2))}")),
            (2, lambda: self.tag("size of text", f"size({self.e('str', d)})")),
            (2, lambda: f"size({self.e('strs', d)})"),
            (1, lambda: f"{self.one(('abs', 'sign'))}({self.e('int', d)})"),
            (1, lambda: f"toInteger({self.one((self.e('float', d), self.e('str', d)))})"),
            (2, lambda: f"{self.index_base('ints', d)}[{self.one((0, 1, -1, 2, 5))}]"),
            (1, lambda: f"{self.one(('head', 'last'))}({self.e('ints', d)})"),
            (1, (lambda: f"{self.one(self.properties('date'))}.{self.one(('year', 'month', 'day', 'quarter', 'week', 'dayOfWeek', 'ordinalDay'))}") if self.properties("date") else None),
            (1, lambda: self.reduce("int", d)),
            (1, (lambda: self.count_subquery(d)) if self.vars("node") else None),
        )  # fmt: skip

    def _float(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (3, lambda: f"{self.e('float', d)} {self.one('+-*')} {self.leaf(self.one(('float', 'int')))}"),
            (1, lambda: f"({self.e(self.one(('float', 'int')), d)}) / {self.one(('2.0', '0.5', '3.0'))}"),
            (2, lambda: self.tag("round", f"round({self.e('float', d)})")),
            (1, lambda: self.tag("round", f"round({self.e('float', d)}, {self.one((0, 1, 2))})")),
            (2, lambda: f"{self.one(('floor', 'ceil', 'abs', 'sin', 'cos', 'atan', 'degrees', 'radians'))}({self.e('float', d)})"),
            (1, lambda: f"{self.one(('log', 'log10', 'sqrt'))}(abs({self.e('float', d)}) + 1)"),
            (1, lambda: f"toFloat({self.one((self.leaf('int'), self.leaf('str')))})"),
            (1, lambda: f"{self.leaf('int')} ^ {self.one((2, 3))}"),
            (1, lambda: self.one(("pi()", "e()"))),
        )  # fmt: skip

    def _str(self, depth: int) -> str:
        d = depth - 1
        nodes, rels = self.vars("node"), self.vars("rel")
        return self.pick(
            (3, lambda: self.tag("text + text", f"{self.e('str', d)} + {self.leaf('str')}")),
            (1, lambda: self.tag("text + number", f"{self.e('str', d)} + {self.leaf(self.one(('int', 'float')))}")),
            (3, lambda: f"{self.one(('toUpper', 'toLower', 'trim', 'ltrim', 'rtrim', 'upper', 'lower'))}({self.e('str', d)})"),
            (2, lambda: f"substring({self.e('str', d)}, {self.one((0, 1, 2, 5))}{self.one(('', ', 0', ', 1', ', 3'))})"),
            (1, lambda: f"{self.one(('left', 'right'))}({self.e('str', d)}, {self.one((0, 1, 3, 50))})"),
            (1, lambda: f"replace({self.e('str', d)}, {self.literal('str')}, {self.literal('str')})"),
            (1, lambda: f"reverse({self.e('str', d)})"),
            (2, lambda: f"toString({self.e(self.one(('int', 'float', 'bool', 'date', 'str')), d)})"),
            (2, lambda: f"split({self.e('str', d)}, {self.one((*TEXTS[2:3], repr(','), repr(' '), repr('-'), repr('CL'), repr('')))})[{self.one((0, 1, -1))}]"),
            (1, (lambda: self.tag("type(r)", f"type({self.one(rels).name})")) if rels else None),
            (1, (lambda: self.tag("labels(n)[0]", f"labels({self.one(nodes).name})[0]")) if nodes else None),
            (2, lambda: f"{self.index_base('strs', d)}[{self.one((0, 1, -1, 7))}]"),
            (1, lambda: f"{self.one(('head', 'last'))}({self.e('strs', d)})"),
            (1, lambda: self.reduce("str", d)),
        )  # fmt: skip

    def index_base(self, kind: str, depth: int) -> str:
        """A list that an index may follow: a name, a property, a literal, or in brackets."""
        text = self.e(kind, depth)
        return (
            text
            if text.replace(".", "").replace("_", "").isalnum()
            or (text.startswith("[") and text.endswith("]") and text.count("[") == 1)
            else f"({text})"
        )

    def _bool(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (5, lambda: self.comparison(d)),
            (3, lambda: f"{self.e('bool', d)} {self.one(('AND', 'OR', 'XOR'))} {self.e('bool', d)}"),
            (1, lambda: f"NOT ({self.e('bool', d)})"),
            (2, lambda: self.tag("IS NULL", f"({self.e(self.one(('int', 'str', 'float', 'date', 'bool')), d)}) IS {self.one(('', 'NOT '))}NULL")),
            (3, lambda: self.tag("text operator", f"{self.one(self.properties('str') or [self.literal('str')])} {self.one(('CONTAINS', 'STARTS WITH', 'ENDS WITH'))} {self.leaf('str')}")),
            (1, lambda: self.tag("=~", f"{self.leaf('str')} =~ {self.one((repr('(?i)clip.*'), repr('.*[0-9]+.*'), repr('[A-Z]+'), repr(''), repr('.*')))}")),
            (2, lambda: self.membership(d)),
            (2, lambda: self.quantifier(d)),
            (2, (lambda: self.exists(d)) if self.vars("node") else None),
            (1, (lambda: self.label_test()) if self.vars("node") else None),
            (1, lambda: self.tag("isEmpty", f"isEmpty({self.e(self.one(('str', 'strs')), d)})")),
            (1, lambda: self.tag("toBoolean", f"toBoolean({self.leaf('str')})")),
            (1, lambda: self.tag("chained comparison", f"{self.leaf('int')} {self.one(('<', '<='))} {self.e('int', d)} {self.one(('<', '<=', '>'))} {self.leaf('int')}")),
        )  # fmt: skip

    def comparison(self, depth: int) -> str:
        kind = self.one(("int", "int", "str", "str", "float", "date", "bool", "ints", "strs"))
        sign = self.one(("=", "<>", "<", "<=", ">", ">="))
        if kind == "bool":
            return f"({self.leaf('bool')}) {self.one(('=', '<>'))} ({self.e('bool', depth)})"
        if kind in ("ints", "strs"):
            return self.tag("lists compared", f"{self.leaf(kind)} {self.one(('=', '<>'))} {self.e(kind, depth)}")
        if kind in ("int", "float") and self.chance(0.4):
            return self.tag("int and float compared", f"{self.leaf('int')} {sign} {self.leaf('float')}")
        return f"{self.e(kind, depth)} {sign} {self.e(kind, depth)}"

    def membership(self, depth: int) -> str:
        kind = self.one(("int", "str"))
        return self.tag("IN", f"{self.leaf(kind)} IN {self.e(kind + 's', depth)}")

    def quantifier(self, depth: int) -> str:
        kind = self.one(("int", "str"))
        source = self.e(kind + "s", depth)
        with self.inner(kind) as name:
            test = self.one((
                f"{name} {self.one(('=', '<>', '>', '<='))} {self.leaf(kind)}",
                f"{name} IS NOT NULL",
                self.e("bool", depth - 1),
            ))  # fmt: skip
        return self.tag("quantifier", f"{self.one(('any', 'all', 'none', 'single'))}({name} IN {source} WHERE {test})")

    def inner(self, kind: str) -> _Inner:
        return _Inner(self, kind)

    def reduce(self, kind: str, depth: int) -> str:
        source = self.e("ints" if kind == "int" else "strs", depth)
        with self.inner(kind) as total, self.inner(kind) as item:
            step = self.one((f"{total} + {item}", f"{total} + coalesce({item}, {self.literal(kind)})", self.e(kind, 1)))
            if "*" in step:  # grows without end
                step = f"{total} + {item}"
        return self.tag("reduce", f"reduce({total} = {self.literal(kind)}, {item} IN {source} | {step})")

    def exists(self, depth: int) -> str:
        pattern = self.sub_pattern()
        if self.chance(0.2):
            return self.tag("exists(pattern)", f"exists({self.anonymous(pattern)})")
        return self.tag("EXISTS { }", f"EXISTS {{ {self.sub_body(pattern, depth)} }}")

    def count_subquery(self, depth: int) -> str:
        return self.tag("COUNT { }", f"COUNT {{ {self.sub_body(self.sub_pattern(), depth)} }}")

    def sub_pattern(self) -> tuple[str, str, str, str, Var]:
        """start, relationship, direction marks, end label, and the variable for a pattern from a node in scope."""
        start = self.one(self.vars("node"))
        outward = [(name, target) for name, source, target in TRIPLES if source in start.of]
        inward = [(name, source) for name, source, target in TRIPLES if target in start.of]
        draw = self.rng.random()
        if outward and (draw < 0.5 or not inward):
            name, other = self.one(outward)
            marks = ("-", "->")
        else:
            name, other = self.one(inward or [("USES", "Model")])
            marks = ("<-", "-")
        if draw > 0.9:
            marks = ("-", "-")
        rel = f":{name}" if self.chance(0.8) else ""
        label = f":{other}" if self.chance(0.6) else ""
        return start.name, rel, "|".join(marks), label, Var("", "node", (other,))

    @staticmethod
    def anonymous(pattern: tuple[str, str, str, str, Var]) -> str:
        start, rel, marks, label, _ = pattern
        left, right = marks.split("|")
        return (
            f"({start}){left}[{rel}]{right}({label})"
            if rel
            else f"({start}){left}{right.lstrip() if left == '-' else '-'}({label})"
        )

    def sub_body(self, pattern: tuple[str, str, str, str, Var], depth: int) -> str:
        start, rel, marks, label, end = pattern
        left, right = marks.split("|")
        match = "MATCH " if self.chance(0.6) else ""
        if self.chance(0.5):
            name = self.fresh()
            self.scope.append(replace(end, name=name))
            test = self.e("bool", min(depth, 1))
            self.scope.pop()
            return f"{match}({start}){left}[{rel}]{right}({name}{label}) WHERE {test}"
        return f"{match}({start}){left}[{rel}]{right}({label})"

    def label_test(self) -> str:
        of = self.one(self.vars("node"))
        return self.tag("n:Label", f"{of.name}:{self.one((*of.of[:3], self.one(LABELS)))}")

    def _date(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (3, lambda: f"{self.e('date', d)} {self.one('+-')} duration({{{self.one(('days: 30', 'months: 1', 'years: 1', 'weeks: 2', 'days: 1, months: 2'))}}})"),
            (1, lambda: f"date.truncate('{self.one(('month', 'year', 'week', 'quarter'))}', coalesce({self.e('date', d)}, date('2024-05-06')))"),
            (1, lambda: f"{self.e('date', d)} - duration('P{self.one(('10D', '1M', '1Y', '1M3D'))}')"),
            (1, lambda: f"date(toString({self.leaf('date')}))"),
        )  # fmt: skip

    def _ints(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (2, lambda: self.tag("list + list", f"{self.e('ints', d)} + {self.leaf('ints')}")),
            (1, lambda: self.tag("list + item", f"{self.e('ints', d)} + {self.leaf('int')}")),
            (2, lambda: self.slice("ints", d)),
            (1, lambda: f"range({self.one((0, 1, 3))}, {self.one((0, 2, 5, 10))}{self.one(('', ', 2'))})"),
            (1, lambda: f"{self.one(('reverse', 'tail'))}({self.e('ints', d)})"),
            (3, lambda: self.comprehension("ints", d)),
        )

    def _strs(self, depth: int) -> str:
        d = depth - 1
        return self.pick(
            (1, lambda: self.tag("list + list", f"{self.e('strs', d)} + {self.leaf('strs')}")),
            (1, lambda: self.tag("list + item", f"{self.e('strs', d)} + {self.leaf('str')}")),
            (2, lambda: self.slice("strs", d)),
            (1, lambda: f"split({self.e('str', d)}, {self.one((repr(','), repr(' '), repr('a')))})"),
            (1, lambda: f"{self.one(('reverse', 'tail'))}({self.e('strs', d)})"),
            (3, lambda: self.comprehension("strs", d)),
        )

    def slice(self, kind: str, depth: int) -> str:
        cut = self.one(("0..2", "1..2", "..2", "1..", "-2..", "..-1", "2..1", "0..50"))
        return self.tag("slice", f"{self.index_base(kind, depth)}[{cut}]")

    def comprehension(self, kind: str, depth: int) -> str:
        item = "int" if kind == "ints" else "str"
        source_item = self.one(("int", "str"))
        source = self.e(source_item + "s", depth)
        with self.inner(source_item) as name:
            where = (
                f" WHERE {self.one((f'{name} IS NOT NULL', f'{name} <> {self.leaf(source_item)}', self.e('bool', depth - 1)))}"
                if self.chance(0.5)
                else ""
            )
            give = "" if source_item == item and self.chance(0.3) else f" | {self.e(item, depth)}"
            if not give and not where:
                give = f" | {name}" if source_item == item else f" | {self.leaf(item)}"
        return self.tag("list comprehension", f"[{name} IN {source}{where}{give}]")

    # -- patterns

    def node(self, labels: tuple[str, ...] = (), name: str | None = None, again: Var | None = None) -> tuple[str, Var]:
        """The text of a node and its variable, which is put into scope if it has a name."""
        if again is not None:
            return f"({again.name})", again
        labels = labels or (self.one(LABELS[:9]),)
        name = self.fresh() if name is None else name
        shown = labels
        if len(labels) == 1:
            text = f":{labels[0]}" if self.chance(0.85) else ""
            if not text:
                shown = tuple(LABELS) if not self.rel_bound else labels
        elif self.chance(0.5):
            text = f":{'|'.join(labels)}"
        else:
            text = "" if self.rel_bound else f":{labels[0]}"
            shown = labels if self.rel_bound else labels[:1]
        own = ""
        if text and self.chance(0.06):
            own = f" {{name: {self.one([repr(n) for n in NAMES] + [self.parameter(self.one(NAMES))])}}}"
            self.tags.add("properties in a pattern")
        var = Var(name, "node", shown)
        if name:
            self.scope.append(var)
            if text and not own and self.chance(0.03):
                own = f" WHERE {self.e('bool', 1)}"
                self.tags.add("WHERE in a pattern")
        return f"({name}{text}{own})", var

    rel_bound = False

    def pattern(self, need_rel: bool = False, hops: int | None = None, named: bool = False, anchor: bool = True) -> str:
        """A pattern of one to three nodes, from a node in scope where there is one."""
        nodes = self.vars("node")
        bound = self.one(nodes) if nodes and anchor and self.chance(0.75) else None
        if hops is None:
            hops = self.rng.choices((0, 1, 2, 3), (25, 45, 26, 4))[0]
            hops = max(hops, 1) if need_rel or bound else hops
        before = self.rows
        steps: list[tuple[str, str, tuple[str, ...]]] = []  # type, direction, labels of the other end
        if hops:
            triple = self.one(self.triples_at(bound.of if bound else None) or TRIPLES)
        else:
            triple = ("", self.one(LABELS), "")
        if not hops:
            labels = (triple[1],) if self.chance(0.9) else tuple(self.rng.sample(THINGS, 2))
            text, _ = self.node(labels)
            self.rows *= 100 * len(labels)
            return text
        # The first step, in either direction.
        if bound:
            forward = triple[1] in bound.of and (triple[2] not in bound.of or self.chance(0.6))
            start = bound
            first, _ = self.node(again=bound)
            self.rows = before * 6
        else:
            forward = self.chance(0.6)
            first, start = self.node(
                (triple[1] if forward else triple[2],), name=None if self.chance(0.85) or need_rel or named else ""
            )
            self.rows = before * 200
        text = first
        here = start
        for hop in range(hops):
            if hop:
                found = self.triples_at(here.of)
                if not found:
                    break
                triple = self.one(found)
                forward = triple[1] in here.of and (triple[2] not in here.of or self.chance(0.5))
                if self.chance(0.3) and steps:  # back the way it came: where one relationship could match twice
                    same = [
                        t for t in TRIPLES if t[0] == steps[-1][0] and t[2 if steps[-1][1] == ">" else 1] in here.of
                    ]
                    if same:
                        triple, forward = self.one(same), steps[-1][1] != ">"
                self.rows *= 8
            kinds = [triple[0]]
            others = (triple[2],) if forward else (triple[1],)
            draw = self.rng.random()
            if draw < 0.1:
                more = [t for t in TRIPLES if t[0] != triple[0] and (t[1:] == triple[1:])]
                if more:
                    kinds.append(self.one(more)[0])
                    self.rows *= 2
            rel_of = tuple(kinds)
            spec = f":{'|'.join(kinds)}"
            if 0.1 < draw < 0.2:
                spec, rel_of = "", self.types_between(here.of, others)
                self.rows *= 3
            name = self.fresh() if need_rel or self.chance(0.4) else ""
            undirected = self.chance(0.12)
            left, right = ("-", "->") if forward else ("<-", "-")
            if undirected:
                left, right = "-", "-"
                self.tags.add("undirected")
            middle = f"{name}{spec}"
            if name:
                self.scope.append(Var(name, "rel", rel_of or ROLES))
                if self.chance(0.04) and spec:
                    middle += f" WHERE {self.e('bool', 1)}"
                    self.tags.add("WHERE in a pattern")
            arrow = (
                f"{left}[{middle}]{right}" if middle else ("<--" if left == "<-" else "-->" if right == "->" else "--")
            )
            known = self.vars("node")
            closing = [v for v in known if set(v.of) & set(others) and v.name not in text]
            if closing and self.chance(0.08):
                back = self.one(closing)
                text += arrow + f"({back.name})"
                here = back
            else:
                self.rel_bound = bool(spec) and not undirected
                written, here = self.node(others, name=None if self.chance(0.85) or named else "")
                self.rel_bound = False
                text += arrow + written
            steps.append((triple[0], ">" if forward else "<", others))
        return text

    def triples_at(self, labels: tuple[str, ...] | None) -> list[tuple[str, str, str]]:
        if labels is None:
            return [t for t in TRIPLES if t[0] in ROLES] * 2 + list(TRIPLES) * 3
        return [t for t in TRIPLES if t[1] in labels or t[2] in labels]

    @staticmethod
    def types_between(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({n for n, s, t in TRIPLES if (s in one and t in other) or (t in one and s in other)}))

    # -- clauses

    def match(self, **how: Any) -> str:
        text = self.pattern(**how)
        if self.rows < 800 and self.chance(0.08) and "hops" not in how:
            self.tags.add("two patterns")
            text += ", " + self.pattern(hops=self.one((0, 1)), anchor=self.chance(0.6))
        return f"MATCH {text}" + self.where(0.45)

    def optional(self) -> str:
        before = self.rows
        text = self.pattern(hops=self.one((1, 1, 2))) if self.vars("node") else self.pattern()
        self.rows = max(self.rows, before)
        made = f"OPTIONAL MATCH {text}" + self.where(0.3)
        self.tags.add("OPTIONAL MATCH")
        return made

    def where(self, share: float) -> str:
        if not self.chance(share):
            return ""
        self.tags.add("WHERE")
        # Neo4j takes a bare pattern as a test only where a truth value stands by itself.
        if self.vars("node") and self.chance(0.15):
            test = self.tag("pattern as a test", f"{self.one(('', 'NOT '))}{self.anonymous(self.sub_pattern())}")
            return f" WHERE {test}" + (f" AND ({self.e('bool', 2)})" if self.chance(0.4) else "")
        return f" WHERE {self.e('bool', 3)}"

    def unwind(self) -> str:
        draw = self.rng.random()
        name = ""
        if (bags := self.vars("bag")) and draw < 0.5:
            source = self.one(bags)
            name = self.fresh()
            self.scope.append(Var(name, source.of[0] if source.of else "str"))
            return self.tag("UNWIND", f"UNWIND {source.name} AS {name}")
        kind = self.one(("int", "str"))
        source_text = self.e(kind + "s", 2)
        name = self.fresh()
        self.scope.append(Var(name, kind))
        self.rows *= 3
        return self.tag("UNWIND", f"UNWIND {source_text} AS {name}")

    def with_(self) -> str:
        draw = self.rng.random()
        if draw < 0.4:
            return self.with_aggregate()
        if draw < 0.65:
            return self.with_plain()
        return self.with_sorted(limit=self.chance(0.8))

    def with_plain(self, distinct: bool | None = None) -> str:
        distinct = self.chance(0.3) if distinct is None else distinct
        kept = [
            v
            for v in self.scope
            if v.kind in ("node", "rel", "int", "str", "date", "bool", "ints", "strs") and self.chance(0.7)
        ]
        kept = kept or [v for v in self.scope if v.kind != "fuzzy"][:1]
        items = [v.name for v in kept]
        after = list(kept)
        if self.chance(0.5) or not items:
            kind = self.one(("int", "str", "date", "bool"))
            text = self.e(kind, 2)
            name = self.fresh()
            items.append(f"{text} AS {name}")
            after.append(Var(name, kind))
        self.scope = after
        test = f" WHERE {self.e('bool', 2)}" if self.chance(0.3) else ""
        return self.tag("WITH", f"WITH {'DISTINCT ' if distinct else ''}{', '.join(items)}{test}")

    def keys_of(self, kept: list[Var]) -> list[str] | None:
        """What sorts rows of `kept` totally, or None."""
        keys = []
        for v in kept:
            if v.kind == "node":
                keys.append(f"{v.name}.id")
            elif v.kind in ("int", "str", "date", "bool", "float"):
                keys.append(v.name)
            else:
                return None
        return keys

    def with_sorted(self, limit: bool = True, skip: bool | None = None) -> str:
        """WITH what can be sorted totally, ORDER BY, and SKIP or LIMIT."""
        kept = [v for v in self.scope if v.kind in ("node", "int", "str", "date")]
        self.rng.shuffle(kept)
        kept = kept[: self.one((1, 2, 3))]
        items = [v.name for v in kept]
        after = list(kept)
        if (not items) or self.chance(0.35):
            kind = self.one(("int", "str", "date"))
            text, name = self.e(kind, 2), self.fresh()
            items.append(f"{text} AS {name}")
            after.append(Var(name, kind))
        self.scope = after
        keys = self.keys_of(after) or []
        self.rng.shuffle(keys)
        if self.chance(0.6):
            keys.insert(0, self.e(self.one(("int", "str", "date")), 1))
        keys = [k for k in keys if k != "null" and not k.startswith("$")] or keys
        order = ", ".join(f"{k}{self.one(('', '', ' DESC', ' ASC'))}" for k in keys)
        tail = ""
        if skip or (skip is None and self.chance(0.25)):
            tail += f" SKIP {self.count_text((0, 1, 2, 5))}"
            self.tags.add("SKIP")
        if limit:
            tail += f" LIMIT {self.count_text((0, 1, 3, 5, 10, 1000000))}"
            self.rows = min(self.rows, 10.0) if "1000000" not in tail else self.rows
            self.tags.add("WITH ORDER BY LIMIT")
        else:
            self.tags.add("WITH ORDER BY without LIMIT")
        return f"WITH {'DISTINCT ' if self.chance(0.1) and keys and not self._foreign(keys, items) else ''}{', '.join(items)} ORDER BY {order}{tail}"

    @staticmethod
    def _foreign(keys: list[str], items: list[str]) -> bool:
        return any(k not in items and k.split(".")[0] not in items for k in keys)

    def count_text(self, values: tuple[int, ...]) -> str:
        value = self.one(values)
        if self.chance(0.15):
            return self.tag("parameter for LIMIT", self.parameter(value))
        return str(value)

    def aggregate(self, ordered: bool = False) -> _Item:
        """One aggregate over what is in scope."""
        distinct = "DISTINCT " if self.chance(0.2) else ""
        draw = self.rng.random()
        if draw < 0.2:
            return _Item(self.tag("count(*)", "count(*)"), "int")
        if draw < 0.35:
            names = [v.name for v in self.scope if v.kind in ("node", "int", "str", "date")]
            return _Item(
                self.tag("count", f"count({distinct}{self.one(names or ['*'])})".replace("DISTINCT *", "*")), "int"
            )
        if draw < 0.5:
            kind = self.one(("int", "int", "float"))
            return _Item(self.tag("sum", f"sum({self.e(kind, 1)})"), "int" if kind == "int" else "fuzzy")
        if draw < 0.57:
            return _Item(self.tag("avg", f"avg({self.e(self.one(('int', 'float')), 1)})"), "fuzzy")
        if draw < 0.72:
            kind = self.one(("int", "str", "float", "date"))
            return _Item(self.tag("min max", f"{self.one(('min', 'max'))}({self.e(kind, 1)})"), kind)
        if draw < 0.9:
            kind = self.one(("str", "int", "str", "date"))
            text = f"collect({distinct}{self.e(kind, 1)})"
            self.tags.add("collect")
            if ordered and not distinct:
                return _Item(text, {"str": "strs", "int": "ints", "date": "dates"}[kind])
            return self.one((_Item(text, f"bag {kind}"), _Item(f"size({text})", "int")))
        if draw < 0.95:
            return _Item(
                self.tag("stDev", f"{self.one(('stDev', 'stDevP'))}({self.e(self.one(('int', 'float')), 1)})"), "fuzzy"
            )
        return _Item(self.tag("percentile", f"{self.one(('percentileCont', 'percentileDisc'))}({self.leaf('float')}, {self.one(('0.5', '0.25', '0.9', '0.0', '1.0'))})"), "fuzzy")  # fmt: skip

    def with_aggregate(self, keys: int | None = None) -> str:
        keys = self.rng.choices((0, 1, 2), (25, 55, 20))[0] if keys is None else keys
        pool = [v for v in self.scope if v.kind in ("node", "int", "str", "date", "bool")]
        self.rng.shuffle(pool)
        kept = pool[:keys]
        items = [v.name for v in kept]
        after = list(kept)
        if keys and (not kept or self.chance(0.25)):
            kind = self.one(("str", "int"))
            text, name = self.e(kind, 1), self.fresh()
            items.append(f"{text} AS {name}")
            after.append(Var(name, kind))
        taken = {v.name for v in after}
        for _ in range(self.one((1, 1, 2))):
            made = self.aggregate()
            name = self.fresh()
            while name in taken:
                self.used += 1
                name = f"v{self.used}"
            taken.add(name)
            items.append(f"{made.text} AS {name}")
            kind, _, of = made.kind.partition(" ")
            after.append(Var(name, kind, (of,) if of else ()))
        self.scope = after
        self.rows = min(self.rows, 300.0) if keys else 1.0
        self.tags.add("aggregate with keys" if keys else "aggregate without keys")
        test = f" WHERE {self.e('bool', 2)}" if self.chance(0.3) else ""
        return self.tag("WITH", f"WITH {', '.join(items)}{test}")

    # -- the last clause

    def column(self, kind: str | None = None) -> _Item:
        """A column of some kind from what is in scope."""
        if kind is None:
            graph = self.vars("node", "rel", "fuzzy", "bag", "dates")
            if graph and self.chance(0.25):
                of = self.one(graph)
                return _Item(
                    of.name, "any" if of.kind in ("node", "rel") else f"bag {of.of[0]}" if of.kind == "bag" else of.kind
                )
            kind = self.one(("int", "int", "str", "str", "str", "float", "bool", "date", "strs", "ints"))
        return _Item(self.e(kind, 2), kind)

    def return_(
        self, focus: _Item | None = None, ordered: bool = False, aggregate: bool | None = None
    ) -> tuple[str, str, frozenset[int]]:
        """The clause, how its rows are fixed, and its columns that hold bags."""
        if aggregate is None:
            aggregate = self.chance(0.3) or self.rows > ROWS_MOST
        items: list[_Item] = []
        if aggregate:
            if self.rows <= ROWS_MOST or self.chance(0.5):
                for _ in range(self.rng.choices((0, 1, 2), (40, 45, 15))[0]):
                    made = self.column(self.one(("int", "str", "str", "date", "bool")))
                    items.append(made)
            if focus is not None and focus.kind not in ("agg",):
                wrapped = self.wrapped(focus)
                items.append(wrapped)
            for _ in range(self.one((1, 1, 2, 3))):
                items.append(self.aggregate(ordered and not items))
        else:
            items = [self.column() for _ in range(self.one((1, 1, 2, 2, 3)))]
            if focus is not None:
                items.append(focus)
        return self.project(items, aggregate)

    def wrapped(self, focus: _Item) -> _Item:
        if focus.kind in ("int",):
            return _Item(f"{self.one(('sum', 'max', 'min', 'count'))}({focus.text})", "int")
        if focus.kind in ("str", "date"):
            return _Item(f"{self.one(('max', 'min', 'count'))}({focus.text})", focus.kind)
        if focus.kind == "bool":
            return _Item(f"sum(CASE WHEN {focus.text} THEN 1 ELSE 0 END)", "int")
        if focus.kind in ("fuzzy", "float"):
            return _Item(f"max({focus.text})", "fuzzy")
        return _Item(f"count({focus.text})", "int")

    def project(self, items: list[_Item], aggregate: bool, head: str = "RETURN") -> tuple[str, str, frozenset[int]]:
        self.rng.shuffle(items)
        seen: set[str] = set()
        shadow = {v.name for v in self.scope}
        for item in items:
            if item.text in seen or self.chance(0.6) or len(item.text) > 40:
                pool = (*PLAIN, "n", "size", "what")
                name = self.fresh(pool) if not self.chance(0.04) or aggregate else self.one(sorted(shadow) or ["z"])
                if name in shadow:
                    self.tags.add("alias that shadows")
                if name not in seen and name not in {i.alias for i in items}:
                    item.alias = name
                else:
                    self.used += 1
                    item.alias = f"v{self.used}"
            if not item.alias:
                self.tags.add("header as written")
            seen.add(item.alias or item.text)
        names = [i.alias or i.text for i in items]
        if len({n.strip("`") for n in names}) < len(names):
            for place, item in enumerate(items):
                item.alias = f"c{place}"
        distinct = (
            not aggregate
            and self.chance(0.2)
            and all(i.kind not in ("fuzzy", "any") and not i.kind.startswith("bag") for i in items)
        )
        if distinct:
            self.tags.add("DISTINCT")
        bags = frozenset(place for place, item in enumerate(items) if item.kind.startswith("bag"))
        text = f"{head} {'DISTINCT ' if distinct else ''}{', '.join(i.shown for i in items)}"
        mode = "bag"
        orderable = all(i.kind in ("int", "str", "date", "bool", "float", "strs", "ints") for i in items)
        if orderable and self.chance(0.45):
            plain = {v.name for v in self.scope}
            keys = [i.alias or i.text for i in items]
            constant = [
                k
                for i, k in zip(items, keys, strict=True)
                if not i.alias and (i.text.startswith("$") or i.text == "null")
            ]
            shadowing = any(i.alias in plain for i in items)
            if not constant and not (
                aggregate and any(not i.alias and i.text not in plain and "(" not in i.text for i in items)
            ):
                self.rng.shuffle(keys)
                if not aggregate and not distinct and not shadowing and self.chance(0.3):
                    keys.insert(0, self.e(self.one(("int", "str", "date")), 1))
                text += f" ORDER BY {', '.join(k + self.one(('', '', ' DESC', ' ASC')) for k in keys)}"
                mode = "list"
                self.tags.add("ORDER BY")
                if self.chance(0.4):
                    if self.chance(0.4):
                        text += f" SKIP {self.count_text((0, 1, 2, 5))}"
                        self.tags.add("SKIP")
                    if self.chance(0.8):
                        text += f" LIMIT {self.count_text((1, 3, 5, 10))}"
                        self.tags.add("LIMIT")
        elif self.chance(0.04):
            text += f" LIMIT {self.count_text((1, 3, 5, 10))}"
            mode = "count"
        return text, mode, bags

    # -- a statement

    def statement(self, focus: tuple[str, Callable[[_Maker], Any], str]) -> Statement:
        tag, made, needs = focus
        if needs == "whole":
            text, mode, bags = made(self)
        else:
            clauses = self.start(needs)
            kind_text = made(self)
            item = _Item(kind_text[1], kind_text[0])
            if needs in ("node", "rel", "date", "path") and self.rows < 2000 and self.chance(0.2):
                clauses.append(self.optional())
            if (
                item.kind == "bool"
                and clauses
                and "WHERE" not in clauses[-1]
                and "MATCH" in clauses[-1]
                and self.chance(0.5)
            ):
                clauses[-1] += f" WHERE {item.text}"
                text, mode, bags = self.finish(clauses)
            elif item.kind in ("int", "str", "date") and self.chance(0.25) and self.rows < ROWS_MOST:
                name = self.fresh()
                kept = [v for v in self.scope if v.kind in ("node", "int", "str")][: self.one((0, 1, 2))]
                clauses.append(f"WITH {', '.join([v.name for v in kept] + [f'{item.text} AS {name}'])}")
                self.scope = [*kept, Var(name, item.kind)]
                if self.chance(0.4):
                    clauses[-1] += f" WHERE {self.one((f'{name} IS NOT NULL', self.e('bool', 2)))}"
                text, mode, bags = self.finish(clauses, None if self.chance(0.5) else _Item(name, item.kind))
            else:
                text, mode, bags = self.finish(clauses, item)
        self.tags.add(tag)
        parameters = {name: value for name, value in self.parameters.items() if f"${name}" in text}
        return Statement(self.number, text, parameters, mode, bags, frozenset(self.tags))

    def start(self, needs: str) -> list[str]:
        """The clauses that bring what the focus needs into scope."""
        if needs == "nothing":
            draw = self.rng.random()
            if draw < 0.3:
                return []
            if draw < 0.5:
                return [self.unwind()]
            return [self.match()]
        if needs == "date":
            self.scope.append(
                Var(name := self.fresh(), "node", (label := self.one(("Paper", "Paper", "Feed", *THINGS)),))
            )
            self.rows *= 100
            return [f"MATCH ({name}:{label})" + self.where(0.2)]
        if needs == "thing":
            self.scope.append(Var(name := self.fresh(), "node", (label := self.one(THINGS),)))
            self.rows *= 100
            return [f"MATCH ({name}:{label})" + self.where(0.2)]
        if needs == "rel":
            return [self.match(need_rel=True, hops=self.one((1, 1, 2)))]
        if needs == "path":
            name = self.fresh()
            self.scope.append(Var(name, "path"))
            if self.chance(0.3):
                return [f"MATCH {name} = (:Model)-[:VARIANT_OF*1..{self.one((1, 2, 3))}]->(:Model)"]
            return [f"MATCH {name} = {self.pattern(need_rel=True, hops=self.one((1, 1, 2)))}"]
        while True:
            made = [self.match()]
            if self.vars("node") or needs != "node":
                return made
            self.scope, self.rows = [], 1.0

    def finish(self, clauses: list[str], focus: _Item | None = None) -> tuple[str, str, frozenset[int]]:
        """More clauses where the focus is placed already, then RETURN."""
        if focus is None:
            for _ in range(self.rng.choices((0, 1, 2), (40, 40, 20))[0]):
                clauses.append(self.more())
        last, mode, bags = self.return_(focus)
        clauses.append(last)
        return "\n".join(clauses) if self.chance(0.1) else " ".join(clauses), mode, bags

    def more(self) -> str:
        draw = self.rng.random()
        if self.rows > 3000:
            return self.with_aggregate()
        if draw < 0.3:
            return self.optional()
        if draw < 0.45:
            if self.vars("node"):
                return self.match(hops=1)
            return self.match()
        if draw < 0.55 and self.rows < 1000:
            return self.unwind()
        return self.with_()


class _Inner:
    """A variable of a comprehension, in scope inside of it."""

    def __init__(self, maker: _Maker, kind: str) -> None:
        self.maker, self.kind = maker, kind

    def __enter__(self) -> str:
        name = self.maker.fresh(("x", "y", "i", "t", "alias", "w"))
        while any(v.name.lower().strip("`") == name.lower().strip("`") for v in self.maker.scope) and self.maker.chance(
            0.7
        ):
            name = self.maker.fresh(("x", "y", "i", "t", "alias", "w"))
        self.maker.scope.append(Var(name, self.kind))
        return name

    def __exit__(self, *_: object) -> None:
        self.maker.scope.pop()


_VALUES: dict[str, tuple[Any, ...]] = {
    "int": (0, 1, 2, 3, 100, 127, 128, 200, 250, 255, 300, -1, -128, 70000, None),
    "float": (0.5, 2.5, -1.0, 70.0, 1e6, None),
    "str": ("CLIP", "clip", "", "a", "it's", "null", "Straße", "3", "test", None, "🙂 x"),
    "bool": (True, False, None),
    "date": (datetime.date(2024, 1, 2), datetime.date(2023, 6, 5), None),
    "ints": ([], [1, 2, 3], [200, 100], [1, None, 3], None),
    "strs": ([], ["CLIP", "BERT"], ["a", None], [""], None),
}


# -- the constructs that statements are built round


def _whole(made: Callable[[_Maker], tuple[str, str, frozenset[int]]]) -> Callable[[_Maker], Any]:
    return made


def _order_limit_aggregate(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(hops=g.one((0, 0, 1)))]
    clauses.append(g.with_sorted(limit=True, skip=g.chance(0.3)))
    if g.chance(0.25):
        clauses[-1] += f" WHERE {g.e('bool', 2)}"
    between = g.rng.random()
    if between < 0.15:
        kept = g.scope
        clauses.append(f"WITH {', '.join(v.name for v in kept)}")
    items = [g.aggregate(ordered=True) for _ in range(g.one((1, 2, 2, 3)))]
    if g.chance(0.2):
        items.append(_Item(f"head(collect({g.e('str', 1)}))", "str"))
    last, mode, bags = g.project(items, aggregate=True)
    return " ".join([*clauses, last]), mode, bags


def _group_order_limit_aggregate(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(hops=1)]
    clauses.append(g.with_aggregate(keys=1))
    clauses.append(g.with_sorted(limit=g.chance(0.7)))
    items = [g.aggregate(ordered=True) for _ in range(g.one((1, 2)))]
    last, mode, bags = g.project(items, aggregate=True)
    return " ".join([*clauses, last]), mode, bags


def _twice(g: _Maker) -> tuple[str, str, frozenset[int]]:
    """Patterns in which one relationship could match twice."""
    name, source, target = g.one(TRIPLES)
    a, b = g.fresh(), ""
    g.scope.append(Var(a, "node", (source,)))
    m = g.fresh()
    g.scope.append(Var(m, "node", (target,)))
    b = g.fresh()
    g.scope.append(Var(b, "node", (source,)))
    g.rows = 2000
    form = g.one(("there and back", "two patterns", "undirected", "own author", "two matches", "alternation"))
    g.tags.add("a relationship twice: " + form)
    r = f":{name}"
    if form == "there and back":
        clause = f"MATCH ({a}:{source})-[{r}]->({m}:{target})<-[{r}]-({b}:{source})"
    elif form == "two patterns":
        clause = f"MATCH ({a}:{source})-[{r}]->({m}:{target}), ({b}:{source})-[{r}]->({m})"
    elif form == "undirected":
        clause = f"MATCH ({a}:{source})-[{r}]-({m}:{target})-[{r}]-({b}:{source})"
    elif form == "two matches":
        clause = f"MATCH ({a}:{source})-[{r}]->({m}:{target}) MATCH ({b}:{source})-[{r}]->({m})"
    elif form == "alternation":
        clause = f"MATCH ({a}:{source})-[{r}]->({m})<--({b}:{source})"
    else:
        clause = f"MATCH ({a})-[{r}]->({m}:{target})<-[{g.one((r, ''))}]-({b})"
    return g.finish([clause + g.where(0.3)])


def _variable_length(g: _Maker) -> tuple[str, str, frozenset[int]]:
    a, rel = g.fresh(), g.chance(0.3)
    g.scope.append(Var(a, "node", ("Model",)))
    b = g.fresh()
    g.scope.append(Var(b, "node", ("Model",)))
    how = g.one(("*", "*1..2", "*1..3", "*..2", "*2", "*0..1", "*2..3", "*0..2"))
    left, right = g.one((("-", "->"), ("<-", "-"), ("-", "-")))
    if left == right and how == "*":
        how = "*1..3"
    if how == "*":
        g.tags.add("unbounded *")
    name = ""
    if rel:
        name = g.fresh()
        g.tags.add("list of relationships")
    kinds = g.one((":VARIANT_OF", ":VARIANT_OF", ":VARIANT_OF|USES", ":VARIANT_OF|INTRODUCES"))
    label = g.one((":Model", ":Model", ""))
    g.scope[-1] = Var(b, "node", ("Model",))
    path = g.fresh() if g.chance(0.3) else ""
    text = f"({a}:Model){left}[{name}{kinds}{how}]{right}({b}{label})"
    extra = []
    if name:
        extra.append(
            _Item(
                g.one((f"size({name})", f"[x IN {name} | type(x)]", f"size([x IN {name} WHERE x.reason IS NULL])")),
                "int",
            )
        )
        if "[x" in extra[-1].text and not extra[-1].text.startswith("size"):
            extra[-1].kind = "strs"
    if path:
        text = f"{path} = {text}"
        extra.append(_Item(f"length({path})", "int"))
    g.rows = 400
    clauses = [f"MATCH {text}" + g.where(0.25)]
    return g.finish(clauses, extra[0] if extra else None)


def _differ_in_case(g: _Maker) -> tuple[str, str, frozenset[int]]:
    low, high = g.one((("p", "P"), ("model", "Model"), ("x", "X"), ("aB", "Ab"), ("end", "END")))
    one, other = g.one(LABELS), g.one(LABELS)
    g.scope += [Var(low, "node", (one,)), Var(high, "node", (other,))]
    g.rows = 20000
    form = g.one(("cartesian", "hop", "with", "unwind"))
    if form == "cartesian":
        clause = f"MATCH ({low}:{one}), ({high}:{other})" + g.where(0.6)
    elif form == "hop":
        name, one, other = g.one(TRIPLES)
        g.scope[:] = [Var(low, "node", (one,)), Var(high, "node", (other,))]
        clause = f"MATCH ({low}:{one})-[:{name}]->({high}:{other})"
        g.rows = 200
    elif form == "with":
        g.scope[:] = [Var(low, "node", (one,))]
        clause = f"MATCH ({low}:{one}) WITH {low}, {g.e('str', 1)} AS {high}"
        g.scope.append(Var(high, "str"))
        g.rows = 100
    else:
        g.scope[:] = [Var(low, "int"), Var(high, "int")]
        clause = f"UNWIND [1, 2, 3] AS {low} UNWIND [{low}, 10] AS {high}"
        g.rows = 6
    return g.finish([clause])


def _contains_empty(g: _Maker) -> tuple[str, str]:
    base = g.one((*g.properties("str"), g.literal("str")))
    empty = g.one(("''", '""', g.parameter("")))
    return "bool", f"{base} {g.one(('CONTAINS', 'STARTS WITH', 'ENDS WITH', 'CONTAINS'))} {empty}"


def _union(g: _Maker) -> tuple[str, str, frozenset[int]]:
    kinds = [g.one(("int", "str", "date", "bool")) for _ in range(g.one((1, 2, 2, 3)))]
    names = g.rng.sample(("a", "b", "name", "n", "kind", "order", "A", "x y"), len(kinds))
    names = [f"`{n}`" if " " in n else n for n in names]
    all_ = g.one((" ALL", " ALL", "", " DISTINCT"))
    g.tags.add("UNION" + all_)
    parts = []
    for part in range(g.one((2, 2, 3))):
        g.scope, g.rows = [], 1.0
        clauses = []
        if g.chance(0.7):
            clauses.append(g.match(hops=g.one((0, 0, 1))))
        columns = [f"{g.e(kind, 2)} AS {name}" for kind, name in zip(kinds, names, strict=True)]
        if part and len(columns) > 1 and g.chance(0.4):
            g.tags.add("UNION by name")
            g.rng.shuffle(columns)
        parts.append(" ".join([*clauses, f"RETURN {', '.join(columns)}"]))
    return f" UNION{all_} ".join(parts), "bag", frozenset()


def _across_types(g: _Maker) -> tuple[str, str]:
    kinds = g.rng.sample(("int", "str", "float", "date", "bool", "strs"), 2)
    sign = g.one(("=", "<>", "<", ">", "<=", ">="))
    one, other = (g.one(g.properties(k) or [g.literal(k)]) if g.chance(0.7) else g.leaf(k) for k in kinds)
    if set(kinds) == {"int", "float"}:
        other = g.literal("str")
    return "bool", f"{one} {sign} {other}"


def _list_contains(g: _Maker) -> tuple[str, str]:
    return "bool", f"{g.one(g.properties('strs'))} {g.one(('CONTAINS', 'STARTS WITH'))} {g.one(TEXTS)}"


def _sum_over_none(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [f"MATCH {g.pattern(hops=g.one((0, 1)))}"]
    least = g.one(("> 100000", "< -5", "= -77"))
    clauses[0] += f" WHERE {g.one(g.properties('int') or ['1'])} {least}"
    items = [_Item(f"sum({g.one(g.properties('int') or ['1'])})", "int"), g.aggregate(), g.aggregate()]
    if g.chance(0.3):
        items.append(g.column("str"))
        g.tags.add("aggregate over no rows with keys")
    last, mode, bags = g.project(items, aggregate=True)
    return " ".join([*clauses, last]), mode, bags


def _in_null(g: _Maker) -> tuple[str, str]:
    kind = g.one(("int", "str"))
    items = [g.literal(kind) for _ in range(g.one((0, 1, 2)))] + ["null"]
    g.rng.shuffle(items)
    listed = f"[{', '.join(items)}]"
    if g.chance(0.5):
        return "bool", f"{g.one(('', 'NOT '))}{g.leaf(kind)} IN {listed}"
    sign = g.one(("=", "<>", ">", "<"))
    return "bool", f"{g.one(('any', 'all', 'none', 'single'))}(x IN {listed} WHERE x {sign} {g.literal(kind)})"


def _case_simple(g: _Maker) -> tuple[str, str]:
    of = g.one(("int", "float", "str"))
    base = g.one((g.leaf(of), "null", g.literal(of)))
    whens = [g.one(("null", "1.4", "1", "1.0", g.literal(of), g.leaf(of))) for _ in range(g.one((1, 2, 3)))]
    return (
        "str",
        f"CASE {base} {' '.join(f'WHEN {w} THEN {chr(39)}t{i}{chr(39)}' for i, w in enumerate(whens))}{g.one((' ELSE ' + repr('other'), ''))} END",
    )


def _text_and_null(g: _Maker) -> tuple[str, str]:
    other = g.one(("null", *[f"toString({p})" for p in g.properties("date")], *g.properties("str"), g.parameter(None)))
    return "str", g.one((f"{g.leaf('str')} + {other}", f"{other} + {g.literal('str')}", f"'(' + {other} + ')'"))


def _split(g: _Maker) -> tuple[str, str]:
    text = f"split({g.one((g.leaf('str'), repr('a,b,,c'), repr(',a,'), repr('')))}, {g.one((repr(','), repr(' '), repr('-'), repr('b,'), repr('zz')))})"
    form = g.one(("whole", "index", "size", "last"))
    if form == "index":
        return "str", f"{text}[{g.one((0, 1, 2, -1))}]"
    if form == "size":
        return "int", f"size({text})"
    return ("str", f"last({text})") if form == "last" else ("strs", text)


def _combined(g: _Maker) -> tuple[str, str]:
    """Characters made of several code points, and code points of two UTF-16 units are left to the table of cases."""
    text = g.one(("'e\u0301a'", "'noe\u0308l'", "'a\u0308bc'", "'n\u0303o'"))
    return g.one((
        ("int", f"size({text})"), ("str", f"substring({text}, {g.one((0, 1, 2))}, {g.one((1, 2))})"),
        ("str", f"left({text}, {g.one((1, 2, 3))})"), ("str", f"reverse({text})"), ("str", f"right({text}, 2)"),
    ))  # fmt: skip


def _loop(g: _Maker) -> tuple[str, str, frozenset[int]]:
    a = g.fresh()
    g.scope.append(Var(a, "node", ("Model",)))
    r = g.fresh()
    g.scope.append(Var(r, "rel", ("VARIANT_OF",)))
    form = g.one((
        f"({a}:Model)-[{r}]-({a})", f"({a}:Model)-[{r}:VARIANT_OF]-({a})", f"({a}:Model)-[{r}:VARIANT_OF]->({a})",
        f"({a})-[{r}:VARIANT_OF]-(b0)", f"({a}:Model)-[{r}:VARIANT_OF]-(b0:Model)", f"({a}:Model)-[{r}]-(b0)",
    ))  # fmt: skip
    g.rows = 300
    return g.finish([f"MATCH {form}"])


def _small_parameters(g: _Maker) -> tuple[str, str]:
    x, y = (
        g.parameter(g.one((200, 100, 127, 128, 255, 250, 32767, 65535, 2147483647, 1, -128, -200))) for _ in range(2)
    )
    return "int", g.one((f"{x} + {y}", f"{x} * {y}", f"{x} + {x}", f"{x} - {y} - {y}", f"{x} * 2", f"-{x}", f"abs({x} - 300)", f"[{x}, {y}][0] + {x}"))  # fmt: skip


def _null_parameter(g: _Maker) -> tuple[str, str]:
    kind = g.one(("str", "int", "date", "str"))
    name = g.parameter(g.one((None, None, *_VALUES[kind])))
    base = g.one(g.properties(kind) or [g.literal(kind)])
    return "bool", g.one((f"{name} IS NULL OR {base} = {name}", f"({name} IS NULL OR {base} >= {name})", f"{base} = coalesce({name}, {base})", f"{name} IS NOT NULL AND {base} <> {name}"))  # fmt: skip


def _mixed_list(g: _Maker) -> tuple[str, str]:
    items = g.rng.sample(("1", "'a'", "2.5", "true", "null", "date('2024-01-02')", "[1]", "'1'", "1.0"), g.one((2, 3)))
    listed = f"[{', '.join(items)}]"
    if g.chance(0.2):
        listed = g.parameter(g.one(([1, "a"], [1, 2.5, "b"], [True, "x", None], [[1], ["a"]])))
    return g.one((("any", listed), ("int", f"size({listed})"), ("bool", f"{g.one(('1', repr('1'), repr('a'), '2.5', 'true'))} IN {listed}"), ("any", f"{listed}[{g.one((0, 1, -1))}]")))  # fmt: skip


def _headers(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(need_rel=True, hops=1)]
    rel, nodes = g.vars("rel")[0].name, [v.name for v in g.vars("node")]
    pool = ["count(*)", f"type({rel})", "COUNT( * )", f"count( DISTINCT {nodes[0]} )", f"labels({nodes[0]})", f"labels({nodes[-1]})", f"{nodes[0]}.name", f"size({nodes[0]}.name)+1", f"toUpper( {nodes[-1]}.name )", "1 + 1", "'text'", f"Type({rel})", f"{nodes[0]} . id", f"exists {{ ({nodes[0]})-->() }}", f"{rel}.start IS NULL", "[1,2]", "{a:1}"]  # fmt: skip
    items = g.rng.sample(pool, g.one((1, 2, 3)))
    return " ".join([*clauses, f"RETURN {', '.join(dict.fromkeys(items))}"]), "bag", frozenset()


def _shadow(g: _Maker) -> tuple[str, str, frozenset[int]]:
    label = g.one(LABELS)
    v = g.one(PLAIN)
    prop = g.one(("name", "id"))
    form = g.one((
        f"MATCH ({v}:{label}) RETURN {v}.{prop} AS {v} ORDER BY {v}{g.one(('', ' DESC'))}{g.one(('', ' LIMIT 3'))}",
        f"MATCH ({v}:{label}) RETURN {v}.name AS t, {v}.id AS {v} ORDER BY t, {v}",
        f"MATCH ({v}:{label}) WITH {v}.{prop} AS {v} ORDER BY {v} LIMIT 5 RETURN {v}",
        f"MATCH ({v}:{label}) RETURN DISTINCT {v}.{prop} AS {v} ORDER BY {v}",
        f"MATCH ({v}:{label}) RETURN size({v}.name) AS {v}, count(*) AS k ORDER BY {v}, k",
        f"MATCH ({v}:{label}) WITH {v}, {v}.{prop} AS t ORDER BY t, {v}.id SKIP 1 LIMIT 4 RETURN t AS {v} ORDER BY {v}",
    ))  # fmt: skip
    return form, "list", frozenset()


def _reserved(g: _Maker) -> tuple[str, str, frozenset[int]]:
    names = g.rng.sample((*RESERVED, "all"), 4)
    triple = g.one([t for t in TRIPLES if t[0] in ROLES])
    form = g.one((
        f"MATCH ({names[0]}:Paper)-[{names[1]}:{triple[0]}]->({names[2]}:{triple[2]}) RETURN {names[0]}.id AS {names[0]}, {names[1]}.end AS {names[3]}, {names[2]}.name",
        f"MATCH ({names[0]}:{triple[2]}) RETURN {names[0]}.name AS {names[1]}, {names[0]}.papers AS {names[2]} ORDER BY {names[2]}, {names[1]}",
        f"MATCH (x)-[r:{triple[0]}]->(y:{triple[2]}) RETURN r.start AS start, r.end AS end, y.id AS {names[0]}",
        f"MATCH ({names[0]}:{triple[2]})<-[{names[1]}:{triple[0]}]-() WITH {names[0]}.name AS {names[2]}, count(*) AS {names[3]} RETURN {names[2]}, {names[3]} ORDER BY {names[3]} DESC, {names[2]}",
        f"UNWIND [1, 2, 3] AS {names[0]} RETURN {names[0]} AS {names[1]}, {{{names[2]}: {names[0]}}}.{names[2]} AS {names[3]}",
        f"MATCH ()-[{names[0]}:{triple[0]}]->({names[1]}:{triple[2]} {{name: {g.parameter(g.one(NAMES))}}}) RETURN {names[0]}.end - {names[0]}.start AS {names[2]}, {names[1]}.id",
    ))  # fmt: skip
    return form, "list" if "ORDER BY" in form else "bag", frozenset()


def _pattern_comprehension(g: _Maker) -> tuple[str, str]:
    start, rel, marks, label, end = g.sub_pattern()
    left, right = marks.split("|")
    name = g.fresh()
    g.scope.append(replace(end, name=name))
    where = f" WHERE {g.e('bool', 1)}" if g.chance(0.3) else ""
    kind = g.one(("str", "int"))
    give = g.e(kind, 1)
    g.scope.pop()
    text = f"[({start}){left}[{rel}]{right}({name}{label}){where} | {give}]"
    return g.one(((f"bag {kind}", text), ("int", f"size({text})")))


def _map_projection(g: _Maker) -> tuple[str, str]:
    v = g.one(g.vars("node"))
    table = [name for name, _ in NODE_BY_LABEL[v.of[0]].properties]
    parts = [f".{n}" for n in g.rng.sample(table, min(len(table), g.one((1, 2, 3))))]
    if g.chance(0.4):
        parts.append(f"{g.one(('extra', 'n', 'what', 'end'))}: {g.e(g.one(('int', 'str')), 1)}")
    if g.chance(0.2):
        parts = [".*", *parts[-1:]] if ":" in parts[-1] else [".*"]
    space = g.one((" ", ""))
    return "any", f"{v.name}{space}{{{', '.join(parts)}}}"


def _map(g: _Maker) -> tuple[str, str]:
    names = g.rng.sample(("a", "b", "name", "end", "A", "key"), g.one((1, 2, 3)))
    text = f"{{{', '.join(f'{n}: {g.e(g.one((chr(105) + chr(110) + chr(116), chr(115) + chr(116) + chr(114))), 1)}' for n in names)}}}"
    return g.one((("any", text), ("any", f"{text}.{names[0]}"), ("any", f"{text}.missing"), ("bag str", f"keys({text})"), ("any", f"{text}['{names[0]}']")))  # fmt: skip


def _properties(g: _Maker) -> tuple[str, str]:
    v = g.one(g.vars("node", "rel"))
    return g.one((("any", f"properties({v.name})"), ("bag str", f"keys({v.name})"), ("int", f"size(keys({v.name}))"), ("any", f"{v.name}['name']"), ("bool", f"'name' IN keys({v.name})")))  # fmt: skip


def _nodes_of_path(g: _Maker) -> tuple[str, str]:
    p = g.vars("path")[0].name
    return g.one((
        ("strs", f"[x IN nodes({p}) | x.{g.one(('id', 'name'))}]"), ("strs", f"[x IN relationships({p}) | type(x)]"),
        ("int", f"length({p})"), ("any", p), ("int", f"size(nodes({p}))"), ("strs", f"[x IN nodes({p}) | labels(x)[0]]"),
        ("any", f"nodes({p})[0]"), ("str", f"last(nodes({p})).id"), ("bool", f"all(x IN nodes({p}) WHERE x.name IS NOT NULL)"),
    ))  # fmt: skip


def _ends(g: _Maker) -> tuple[str, str]:
    r = g.one(g.vars("rel")).name
    return "str", f"{g.one(('startNode', 'endNode'))}({r}).{g.one(('id', 'name'))}"


def _shortest(g: _Maker) -> tuple[str, str, frozenset[int]]:
    one, other = g.rng.sample([("Model", "CLIP"), ("Model", "ResNet-50"), ("Model", "BERT"), ("Dataset", "ImageNet"), ("Model", "LLaMA"), ("Dataset", "COCO"), ("Model", "ViT"), ("Model", "GPT-4")], 2)  # fmt: skip
    rel = g.one(("", "", ":USES|EVALUATES_ON|COMPARES_TO", ":VARIANT_OF"))
    left, right = g.one((("-", "-"), ("-", "-"), ("-", "->"), ("<-", "-")))
    most = g.one(("..3", "..4", "..6", "1..4"))
    ends = f"(a:{one[0]} {{name: '{one[1]}'}}), (b:{other[0]} {{name: '{other[1]}'}})"
    form = g.one((
        f"MATCH {ends} MATCH p = shortestPath((a){left}[{rel}*{most}]{right}(b)) RETURN length(p) AS hops",
        f"MATCH {ends}, p = shortestPath((a){left}[{rel}*{most}]{right}(b)) RETURN a.name, b.name, length(p)",
        f"MATCH p = shortestPath((a:{one[0]} {{name: '{one[1]}'}}){left}[{rel}*{most}]{right}(b:{other[0]} {{name: '{other[1]}'}})) RETURN length(p), nodes(p)[0].name",
        f"MATCH p = allShortestPaths((a:{one[0]} {{name: '{one[1]}'}}){left}[{rel}*{most}]{right}(b:{other[0]} {{name: '{other[1]}'}})) RETURN count(p), min(length(p))",
    ))  # fmt: skip
    return form, "bag", frozenset()


def _call(g: _Maker) -> tuple[str, str, frozenset[int]]:
    name, source, target = g.one(TRIPLES)
    form = g.one((
        f"MATCH (d:{target}) CALL {{ WITH d MATCH (d)<-[:{name}]-(p:{source}) RETURN count(p) AS n }} RETURN d.id, n",
        f"MATCH (d:{target}) CALL (d) {{ MATCH (d)<-[:{name}]-(p:{source}) RETURN max(p.name) AS top }} RETURN d.id, top",
        f"CALL {{ MATCH (d:{target}) RETURN d.name AS name UNION MATCH (d:{source}) RETURN d.name AS name }} RETURN name, count(*) AS n",
        f"MATCH (d:{target}) RETURN d.id, size(COLLECT {{ MATCH (d)<-[:{name}]-(p) RETURN p.id }}) AS n",
    ))  # fmt: skip
    return form, "bag", frozenset()


def _chained(g: _Maker) -> tuple[str, str]:
    kind = g.one(("int", "int", "str", "float", "date"))
    base = g.one(g.properties(kind) or [g.literal(kind)])
    signs = [g.one(("<", "<=")) for _ in range(2)] if g.chance(0.8) else [g.one((">", ">=", "=")), g.one(("<", "<>"))]
    return "bool", f"{g.literal(kind)} {signs[0]} {base} {signs[1]} {g.leaf(kind)}"


def _dates(g: _Maker) -> tuple[str, str]:
    d = g.one(g.properties("date"))
    return g.one((
        ("int", f"{d}.{g.one(('year', 'month', 'day', 'quarter', 'week', 'dayOfWeek', 'weekYear', 'dayOfQuarter', 'ordinalDay'))}"),
        ("bool", f"{d}.year = {g.one((2023, 2024, 2022))}"), ("str", f"toString({d})"), ("str", f"toString({d}.year) + '-' + toString({d}.month)"),
    ))  # fmt: skip


def _durations(g: _Maker) -> tuple[str, str]:
    d = g.one(g.properties("date"))
    span = g.one(("days: 30", "months: 1", "years: 1", "weeks: 2", "months: 13", "days: -1", "years: -4"))
    other = g.literal("date")
    return g.one((
        ("date", f"{d} {g.one('+-')} duration({{{span}}})"), ("date", f"{d} + duration('P{g.one(('1M', '10D', '1Y2M', '2W'))}')"),
        ("bool", f"{d} > {other} - duration({{{span}}})"), ("bool", f"{d} + duration({{{span}}}) >= {other}"),
        ("int", f"duration.inDays({d}, {other}).days"), ("int", f"duration.between({d}, {other}).months"),
        ("int", f"duration.inMonths({other}, {d}).months"),
    ))  # fmt: skip


def _conversions(g: _Maker) -> tuple[str, str]:
    return g.one((
        ("int", f"toInteger({g.one((repr('42'), repr('x'), repr('2.9'), repr(' 7 '), '2.9', '-2.9', repr('-3'), repr('')))})"),
        ("int", f"toInteger({g.e(g.one(('float', 'str')), 1)})"), ("float", f"toFloat({g.one((repr('2.5'), repr('abc'), repr('1e3'), '3', repr('-0.5')))})"),
        ("float", f"toFloat({g.e(g.one(('int', 'str')), 1)})"), ("str", f"toString({g.e(g.one(('float', 'int', 'bool', 'date')), 1)})"),
        ("str", f"toString({g.one(('1.0', '1e10', '0.1', 'true', '-2', '1.5e-7', '100000000.0', '12345678.9', '1.0 / 3'))})"),
        ("bool", f"toBoolean({g.one((repr('true'), repr('TRUE'), repr('yes'), repr('false'), 'true'))})"),
    ))  # fmt: skip


def _dynamic(g: _Maker) -> tuple[str, str]:
    v = g.one(g.vars("node"))
    names = [n for n, t in NODE_BY_LABEL[v.of[0]].properties if t == "STRING"]
    key = g.one((repr(g.one(names)), g.parameter(g.one(names)), "'no' + 'thing'"))
    return "str", f"{v.name}[{key}]"


def _sorted_collect(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(hops=g.one((0, 1)))]
    clauses.append(g.with_sorted(limit=False))
    kind = g.one(("str", "int", "str"))
    inner = g.e(kind, 1)
    text = f"collect({inner})"
    forms = [_Item(text, kind + "s"), _Item(f"head({text})", kind), _Item(f"last({text})", kind), _Item(f"{text}[..3]", kind + "s"), _Item(f"{text}[{g.one((0, 1, 2))}]", kind), _Item(f"size({text})", "int")]  # fmt: skip
    items = g.rng.sample(forms, g.one((1, 2)))
    if g.chance(0.4) and g.vars("node"):
        items.append(_Item(f"{g.one(g.vars('node')).name}.{g.one(('name', 'id'))}", "str"))
    elif g.chance(0.3):
        items.append(g.column("int"))
    last, mode, bags = g.project(items, aggregate=True)
    return " ".join([*clauses, last]), mode, bags


def _top_per_group(g: _Maker) -> tuple[str, str, frozenset[int]]:
    name, source, target = g.one([t for t in TRIPLES if t[0] in ROLES])
    n = g.one((1, 2, 3))
    return (
        (
            f"MATCH (p:{source})-[r:{name}]->(m:{target}) WITH m, p ORDER BY p.published DESC, p.id "
            f"WITH m, collect(p.id)[..{n}] AS newest RETURN m.id, newest ORDER BY m.id"
        ),
        "list",
        frozenset(),
    )


def _free(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match()] if g.chance(0.85) else [g.unwind()]
    for _ in range(g.one((0, 1, 1, 2, 3))):
        clauses.append(g.more())
    return g.finish(clauses)


def _star(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(hops=g.one((0, 1)))]
    if g.chance(0.3):
        clauses.append(g.optional())
    if g.chance(0.3):
        clauses.append(f"WITH *{g.where(0.7)}")
    g.rows = min(g.rows, ROWS_MOST)
    return " ".join([*clauses, "RETURN *"]), "bag", frozenset()


def _expr(kind: str, make: Callable[[_Maker], str]) -> Callable[[_Maker], tuple[str, str]]:
    return lambda g: (kind, make(g))


def _typed(forms: Callable[[_Maker], tuple[str, str]]) -> Callable[[_Maker], tuple[str, str]]:
    return forms


FOCUS: tuple[tuple[str, Callable[[_Maker], Any], str], ...] = (
    # the known differences
    ("sorted and cut, then aggregated", _order_limit_aggregate, "whole"),
    ("grouped, sorted, cut, aggregated", _group_order_limit_aggregate, "whole"),
    ("a relationship twice", _twice, "whole"),
    ("variable length", _variable_length, "whole"),
    ("variables that differ in case", _differ_in_case, "whole"),
    ("CONTAINS ''", _contains_empty, "node"),
    ("UNION", _union, "whole"),
    ("comparison across types", _across_types, "node"),
    ("list CONTAINS text", _list_contains, "thing"),
    ("sum over no rows", _sum_over_none, "whole"),
    ("log", _expr("float", lambda g: f"{g.one(('log', 'log10', 'log'))}({g.one(('100', '10.0', '1', '2.718281828459045', g.literal('float').lstrip('-') + ' + 1'))})"), "nothing"),
    ("substring", _expr("str", lambda g: f"substring({g.leaf('str')}, {g.one((0, 1, 2))}{g.one((', 3', ', 1', ', 0', ''))})"), "nothing"),
    ("slice", lambda g: (k := g.one(("ints", "strs")), g.slice(k, 2)), "nothing"),
    ("index", lambda g: (k := g.one(("int", "str")), f"{g.index_base(k + 's', 1)}[{g.one((0, 1, 2, -1, -2))}]"), "nothing"),
    ("index out of range", lambda g: (k := g.one(("int", "str")), f"{g.index_base(k + 's', 1)}[{g.one((9, 50, -9))}]"), "nothing"),
    ("null in a list", _in_null, "node"),
    ("reverse of a list", lambda g: (k := g.one(("ints", "strs")), f"reverse({g.e(k, 1)})"), "nothing"),
    ("round", _expr("float", lambda g: f"round({g.one(('-2.5', '2.5', '-0.5', '1.5', '3.49', '-1.25', g.e('float', 1)))}{g.one(('', '', ', 0', ', 1', ', 2'))})"), "nothing"),
    ("toUpper", _expr("str", lambda g: f"{g.one(('toUpper', 'upper', 'toLower', 'lower'))}({g.one((repr('straße'), repr('ǅ'), repr('İstanbul'), repr('ΑΣ'), repr('naïve'), g.leaf('str')))})"), "nothing"),
    ("CASE x WHEN", _case_simple, "node"),
    ("text + null", _text_and_null, "node"),
    ("split", _split, "nothing"),
    ("combined characters", _combined, "nothing"),
    ("undirected loop", _loop, "whole"),
    ("small integers as parameters", _small_parameters, "nothing"),
    ("parameter that is null", _null_parameter, "node"),
    ("mixed list", _mixed_list, "nothing"),
    ("headers", _headers, "whole"),
    ("alias that shadows", _shadow, "whole"),
    # what is written daily and was refused
    ("reserved names", _reserved, "whole"),
    ("list comprehension", lambda g: (k := g.one(("ints", "strs")), g.comprehension(k, 2)), "nothing"),
    ("pattern comprehension", _pattern_comprehension, "node"),
    ("map projection", _map_projection, "node"),
    ("map", _map, "nothing"),
    ("properties and keys", _properties, "node"),
    ("n:Label", _expr("bool", lambda g: g.label_test()), "node"),
    ("labels(n)[0]", _expr("str", lambda g: f"labels({g.one(g.vars('node')).name})[0]"), "node"),
    ("EXISTS { }", _expr("bool", lambda g: g.exists(2)), "node"),
    ("exists(pattern)", _expr("bool", lambda g: f"{g.one(('', 'NOT '))}exists({g.anonymous(g.sub_pattern())})"), "node"),
    ("COUNT { }", _expr("int", lambda g: g.count_subquery(2)), "node"),
    ("shortestPath", _shortest, "whole"),
    ("CALL { }", _call, "whole"),
    ("parts of a date", _dates, "date"),
    ("durations", _durations, "date"),
    ("date()", _expr("bool", lambda g: f"{g.one(g.properties('date'))} {g.one(('<', '>', '<=', '<>'))} date()"), "date"),
    ("date of parts", _expr("date", lambda g: f"date({{year: {g.one((2020, 2024))}, month: {g.one((2, 12))}, day: {g.one((1, 28))}}})"), "date"),
    ("conversions", _conversions, "nothing"),
    ("last, head, tail", lambda g: (k := g.one(("int", "str")), f"{g.one(('last', 'head'))}({g.e(k + 's', 2)})"), "nothing"),
    ("reduce", lambda g: (k := g.one(("int", "str")), g.reduce(k, 2)), "nothing"),
    ("startNode", _ends, "rel"),
    ("functions of paths", _nodes_of_path, "path"),
    ("stDev", lambda g: ("agg", g.tag("stDev", "1")), "node"),
    ("chained comparison", _chained, "node"),
    ("n[key]", _dynamic, "node"),
    ("sorted, then collected", _sorted_collect, "whole"),
    ("top of each group", _top_per_group, "whole"),
    ("e() and others", _expr("float", lambda g: g.one(("e()", "pi()", "exp(1)", f"exp({g.literal('float')} / 10)", "atan2(1, 2)", "cot(0.5)", f"haversin({g.literal('float')})"))), "nothing"),
    ("quantifier", _expr("bool", lambda g: g.quantifier(2)), "node"),
    ("RETURN *", _star, "whole"),
    ("free", _free, "whole"),
    ("free", _free, "whole"),
    ("free", _free, "whole"),
)  # fmt: skip


def _stdev(g: _Maker) -> tuple[str, str, frozenset[int]]:
    clauses = [g.match(hops=g.one((0, 1)))]
    items = [_Item(f"{g.one(('stDev', 'stDevP', 'stdev'))}({g.e(g.one(('int', 'float')), 1)})", "fuzzy")]
    if g.chance(0.4):
        items.append(g.column("str"))
    last, mode, bags = g.project(items, aggregate=True)
    return " ".join([*clauses, last]), mode, bags


FOCUS = tuple(("stDev", _stdev, "whole") if name == "stDev" else (name, make, needs) for name, make, needs in FOCUS)
