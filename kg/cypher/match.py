"""Patterns: what is asked of the engine for one MATCH, and rows of values from what it answers.

The engine finds the patterns, with the conditions that it judges as openCypher does; all else is judged here.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.cypher import tree, values
from kg.cypher.evaluate import LABELS, TYPES, Compiler, Row, allowed, constant, nodes_of
from kg.cypher.tokens import refuse
from kg.cypher.values import NodeValue, PathValue, RelationshipValue
from kg.schema import NODE_BY_LABEL, RELATIONSHIP_BY_NAME, RELATIONSHIPS

# Gives the rows of an engine statement as lists of columns, a batch at a time.
Fetch = Callable[[str, Mapping[str, Any]], Iterator[list[list[Any]]]]
MAX_BOUND = 20_000
_TRIPLES = [(r.name, a, b) for r in RELATIONSHIPS for a, b in r.pairs]
_COMPARE = {"=", "<>", "<", "<=", ">", ">="}
_FLIP = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EXACT = 2**53


@dataclass(slots=True)
class Needs:
    """Which properties of a name the statement reads; `whole`: all of them."""

    names: set[str] = field(default_factory=set)
    whole: bool = False


def needs_of(query: tree.Query) -> dict[str, Needs]:
    """What the statement reads of each name, wherever the name stands."""
    needs: dict[str, Needs] = {}
    skipped: set[int] = set()
    ends = False
    for one in nodes_of(query):
        if isinstance(one, tree.Property | tree.Index) and isinstance(one.of, tree.Variable):
            if isinstance(one, tree.Index) and not (
                isinstance(one.index, tree.Literal) and isinstance(one.index.value, str)
            ):
                continue
            key = one.key if isinstance(one, tree.Property) else one.index.value  # type: ignore[attr-defined]
            needs.setdefault(one.of.name, Needs()).names.add(key)
            skipped.add(id(one.of))
        elif isinstance(one, tree.Call):
            ends = ends or one.name in ("startnode", "endnode")
            if one.name in ("type", "labels", "label", "count", "length", "startnode", "endnode"):
                skipped |= {id(part) for part in one.arguments}
        elif isinstance(one, tree.IsNull | tree.HasLabel):
            skipped.add(id(one.value))
        elif isinstance(one, tree.Binary) and one.operator in ("=", "<>"):
            skipped |= {id(one.left), id(one.right)}
        elif isinstance(one, tree.Projection) and not one.returns:
            skipped |= {
                id(item.value)
                for item in one.items
                if isinstance(item.value, tree.Variable) and item.value.name == item.name
            }
    for one in nodes_of(query):
        if isinstance(one, tree.Variable) and id(one) not in skipped:
            needs.setdefault(one.name, Needs()).whole = True
        if isinstance(one, tree.Projection) and one.returns and one.star:
            needs["*"] = Needs(whole=True)
    if ends:
        needs["\0ends"] = Needs(whole=True)
    return needs


@dataclass(slots=True)
class Node:
    """A node of the pattern: its name in the engine and the labels that it may have."""

    alias: str
    labels: frozenset[str]


@dataclass(slots=True)
class Step:
    """A relationship of the pattern between two nodes by name."""

    pattern: tree.RelationshipPattern
    alias: str
    left: str
    right: str
    types: frozenset[str]


def quoted(name: str) -> str:
    """A name in back-ticks; names come from the schema only."""
    return f"`{name}`"


class Pattern:
    """The paths of one MATCH, ready to be asked for."""

    def __init__(self, match: tree.Match, compiler: Compiler, needs: Mapping[str, Needs], bound: set[str]) -> None:
        self.match, self.compiler, self.needs = match, compiler, needs
        self.nodes: dict[str, Node] = {}
        self.steps: list[Step] = []
        self.groups: list[list[Step]] = []
        self.empty = False
        self.parameters: dict[str, Any] = {}
        self.conjuncts: list[tree.Expression] = []
        for path in match.paths:
            self._add(path, bound)
        self.names = [n for n in self.nodes if n not in bound]
        self.names += [s.pattern.name for s in self.steps] + [p.name for p in match.paths if p.name]
        twice = [n for n in self.names if self.names.count(n) > 1 or (n in bound)]
        if twice:
            refuse(match.at, f"{twice[0]!a} names two things", "give each its own name")
        self.joined = [n for n in self.nodes if n in bound]
        for name in (*self.nodes, *(s.pattern.name for s in self.steps if s.pattern.low is None)):
            compiler.entities[name] = "entity"
        if match.where:
            self._split(match.where)
        self._narrow()

    def _add(self, path: tree.PathPattern, bound: set[str]) -> None:
        for node in path.nodes:
            labels = allowed(node.labels, LABELS, "label")
            if node.name in self.nodes:
                self.nodes[node.name].labels &= labels
            else:
                self.nodes[node.name] = Node(f"n{len(self.nodes)}", labels)
            self._inline(node.name, node.properties, node.where)
        mine = []
        for place, step in enumerate(path.steps):
            types = allowed(step.types, TYPES, "relationship type")
            if step.name in bound:
                refuse(step.at, f"the relationship {step.name!a} once more", "give it a new name, and compare the two")
            if step.low is not None and (step.properties or step.where):
                refuse(
                    step.at, "conditions inside of a repeated relationship", "write WHERE all(x IN r WHERE x.name = 1)"
                )
            found = Step(step, f"r{len(self.steps)}", path.nodes[place].name, path.nodes[place + 1].name, types)
            self.steps.append(found)
            mine.append(found)
            self._inline(step.name, step.properties, step.where)
        if path.shortest and mine[0].pattern.low not in (0, 1):
            refuse(path.at, "a shortest path of at least 2 steps", "begin it at 1, as in -[*1..8]-")
        self.groups.append(mine)

    def _inline(self, name: str, properties: tree.Expression | None, where: tree.Expression | None) -> None:
        if isinstance(properties, tree.MapOf):
            for key, value in properties.items:
                of = tree.Variable(value.at, name)
                self.needs.setdefault(name, Needs()).names.add(key)  # type: ignore[attr-defined]
                self.conjuncts.append(tree.Binary(value.at, "=", tree.Property(value.at, of, key), value))
        if where:
            self._split(where)

    def _split(self, one: tree.Expression) -> None:
        if isinstance(one, tree.Binary) and one.operator == "AND":
            self._split(one.left)
            self._split(one.right)
        else:
            self.conjuncts.append(one)

    def _narrow(self) -> None:
        """Keep the labels and types that the schema allows beside each other: the engine then reads less."""
        for _ in range(3):
            for step in self.steps:
                if step.pattern.low is not None:
                    continue
                left, right = self.nodes[step.left], self.nodes[step.right]
                fits = set()
                for name, a, b in _TRIPLES:
                    if name not in step.types:
                        continue
                    if step.pattern.direction in ">-" and a in left.labels and b in right.labels:
                        fits.add((name, a, b))
                    if step.pattern.direction in "<-" and b in left.labels and a in right.labels:
                        fits.add((name, b, a))
                step.types = frozenset(name for name, _, _ in fits)
                left.labels &= {a for _, a, _ in fits}
                right.labels &= {b for _, _, b in fits}
        self.empty = not all(n.labels for n in self.nodes.values()) or not all(s.types for s in self.steps)

    # Conditions for the engine

    def kind(self, one: tree.Expression) -> tuple[str, str] | None:
        """The engine's text and the type of a property of this pattern, if `one` is such."""
        if not (isinstance(one, tree.Property) and isinstance(one.of, tree.Variable)):
            return None
        name, key = one.of.name, one.key
        if name in self.nodes:
            kinds = {dict(NODE_BY_LABEL[label].properties).get(key) for label in self.nodes[name].labels}
            alias = self.nodes[name].alias
        else:
            step = next((s for s in self.steps if s.pattern.name == name and s.pattern.low is None), None)
            if step is None:
                return None
            kinds = {dict(RELATIONSHIP_BY_NAME[one].properties).get(key) for one in step.types}
            alias = step.alias
        kinds.discard(None)
        return (f"{alias}.{quoted(key)}", str(kinds.pop())) if len(kinds) == 1 else None

    def push(self, one: tree.Expression) -> str | None:
        """`one` as a condition that the engine judges as openCypher does, or None."""
        if isinstance(one, tree.Binary) and one.operator in ("AND", "OR"):
            both = [self.push(one.left), self.push(one.right)]
            return f"({both[0]} {one.operator} {both[1]})" if all(both) else None
        if isinstance(one, tree.Unary) and one.operator == "NOT":
            inner = self.push(one.value)
            return f"(NOT {inner})" if inner else None
        if isinstance(one, tree.IsNull):
            found = self.kind(one.value)
            return f"({found[0]} IS {'NOT ' if one.negated else ''}NULL)" if found else None
        if not isinstance(one, tree.Binary):
            return None
        left, right = self.kind(one.left), self.kind(one.right)
        if one.operator in _COMPARE:
            if left and right:
                plain = left[1] == right[1] and left[1] in ("STRING", "INT", "DATE")
                return f"({left[0]} {one.operator} {right[0]})" if plain else None
            if left:
                return self._compared(left, one.operator, one.right)
            return self._compared(right, _FLIP[one.operator], one.left) if right else None
        if left is None:
            return None
        fixed, value = constant(self.compiler, one.right)
        if one.operator == "IN":
            fits = fixed and isinstance(value, list) and value and all(self._fits(left[1], item) for item in value)
            return f"({left[0]} IN {self._parameter(value)})" if fits else None
        if (
            one.operator in ("CONTAINS", "STARTS", "ENDS")
            and left[1] == "STRING"
            and fixed
            and value
            and isinstance(value, str)
        ):
            word = one.operator if one.operator == "CONTAINS" else f"{one.operator} WITH"
            return f"({left[0]} {word} {self._parameter(value)})"
        return None

    def _compared(self, one: tuple[str, str], operator: str, other: tree.Expression) -> str | None:
        fixed, value = constant(self.compiler, other)
        return f"({one[0]} {operator} {self._parameter(value)})" if fixed and self._fits(one[1], value) else None

    def _fits(self, kind: str, value: Any) -> bool:
        match kind:
            case "STRING":
                return isinstance(value, str)
            case "INT":
                return isinstance(value, int) and not isinstance(value, bool)
            case "DOUBLE":
                return values.is_number(value) and abs(value) < _EXACT
            case "DATE":
                return isinstance(value, datetime.date)
        return False

    def _parameter(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    # The statement

    def text(self, conditions: list[str]) -> str:
        """MATCH and WHERE of the engine's statement."""
        shown: set[str] = set()

        def node(name: str) -> str:
            one = self.nodes[name]
            if name in shown or len(one.labels) == len(LABELS):
                shown.add(name)
                return f"({one.alias})"
            shown.add(name)
            return f"({one.alias}:{'|'.join(quoted(label) for label in LABELS if label in one.labels)})"

        parts = []
        for path, steps in zip(self.match.paths, self.groups, strict=True):
            text = node(path.nodes[0].name)
            for step in steps:
                hops = ""
                if step.pattern.low is not None:
                    mode = {"": "TRAIL", "one": "SHORTEST", "all": "ALL SHORTEST"}[path.shortest]
                    low = 1 if path.shortest else step.pattern.low
                    hops = f"* {mode} {low}..{step.pattern.high}"
                names = "|".join(quoted(name) for name in TYPES if name in step.types)
                types = f":{names}" if len(step.types) < len(TYPES) else ""
                arrow = (("<" if step.pattern.direction == "<" else ""), (">" if step.pattern.direction == ">" else ""))
                text += f"{arrow[0]}-[{step.alias}{types}{hops}]-{arrow[1]}{node(step.right)}"
            parts.append(text)
        single = [step for step in self.steps if step.pattern.low is None]
        conditions = [
            f"id({a.alias}) <> id({b.alias})" for a, b in itertools.combinations(single, 2) if a.types & b.types
        ] + conditions
        return f"MATCH {', '.join(parts)}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")

    def loops(self) -> bool:
        """Whether a relationship may be found twice: without direction, from a node to itself."""
        return any(
            step.pattern.direction == "-" and any(a == b for name, a, b in _TRIPLES if name in step.types)
            for step in self.steps
        )


class Reader:
    """Turns the engine's columns into rows of values."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.columns: list[str] = []
        self.seen: set[Any] = set()
        self.ids: dict[tuple[int, int], NodeValue] = {}
        self.makers: list[tuple[str, Callable[[list[list[Any]]], Iterator[Any]]]] = []
        needs, match = pattern.needs, pattern.match
        star = "*" in needs or "\0ends" in needs
        in_path = {
            name
            for path in match.paths
            if path.name and (star or needs.get(path.name, Needs()).whole)
            for name in [*(n.name for n in path.nodes), *(s.name for s in path.steps)]
        }
        self.internal = any(s.pattern.low is not None or s.pattern.direction == "-" for s in pattern.steps)
        for name, node in pattern.nodes.items():
            need = needs.get(name, Needs())
            whole = name in in_path or star or need.whole
            keys = {key for label in node.labels for key, _ in NODE_BY_LABEL[label].properties}
            self._node(name, node, sorted(keys if whole else need.names & keys))
        for step in pattern.steps:
            need = needs.get(step.pattern.name, Needs())
            whole = step.pattern.name in in_path or star or need.whole
            if step.pattern.low is not None:
                self._trail(step)
            else:
                self._relationship(step, need, whole)

    def _column(self, text: str) -> int:
        self.columns.append(f"{text} AS c{len(self.columns)}")
        return len(self.columns) - 1

    def _node(self, name: str, node: Node, keys: list[str]) -> None:
        own = self._column(f"{node.alias}.id")
        label = self._column(f"label({node.alias})") if len(node.labels) > 1 else None
        (only,) = node.labels if len(node.labels) == 1 else ("",)
        internal = self._column(f"id({node.alias})") if self.internal else None
        places = [(key, self._column(f"{node.alias}.{quoted(key)}")) for key in keys]
        declared = {one: [key for key, _ in NODE_BY_LABEL[one].properties] for one in node.labels}
        seen: dict[str, NodeValue] = {}
        ids = self.ids

        def make(columns: list[list[Any]]) -> Iterator[NodeValue]:
            for at, key in enumerate(columns[own]):
                found = seen.get(key)
                if found is None:
                    kind = only or columns[label][at]  # type: ignore[index]
                    given = {place: columns[column][at] for place, column in places}
                    order = [k for k in declared[kind] if k in given]
                    found = seen[key] = NodeValue(kind, key, {k: given[k] for k in order})
                    if internal is not None:
                        ids[_pair(columns[internal][at])] = found
                yield found

        self.makers.append((name, make))

    def _relationship(self, step: Step, need: Needs, whole: bool) -> None:
        alias, name = step.alias, step.pattern.name
        forward = step.pattern.direction != "<"
        if step.pattern.direction == "-":
            place = self._column(alias)

            def from_struct(columns: list[list[Any]]) -> Iterator[Any]:
                yield from columns[place]

            self.makers.append((name, from_struct))
            return
        own = self._column(f"id({alias})")
        label = self._column(f"label({alias})") if len(step.types) > 1 else None
        (only,) = step.types if len(step.types) == 1 else ("",)
        keys = {key for one in step.types for key, _ in RELATIONSHIP_BY_NAME[one].properties}
        places = [(k, self._column(f"{alias}.{quoted(k)}")) for k in sorted(keys if whole else need.names & keys)]
        declared = {one: [key for key, _ in RELATIONSHIP_BY_NAME[one].properties] for one in step.types}

        def make(columns: list[list[Any]]) -> Iterator[Any]:
            for at, key in enumerate(columns[own]):
                kind = only or columns[label][at]  # type: ignore[index]
                given = {one: columns[column][at] for one, column in places}
                yield kind, _pair(key), {k: given[k] for k in declared[kind] if k in given}, forward

        self.makers.append((name, make))

    def _trail(self, step: Step) -> None:
        place = self._column(step.alias)

        def make(columns: list[list[Any]]) -> Iterator[Any]:
            yield from columns[place]

        self.makers.append((step.pattern.name, make))

    def rows(self, columns: list[list[Any]]) -> Iterator[Row]:
        """Rows of values from a batch of columns; a relationship matches once in a row."""
        pattern = self.pattern
        names = [name for name, _ in self.makers]
        repeated = [s for s in pattern.steps if s.pattern.low is not None]
        once = pattern.loops()
        seen = self.seen
        for cells in zip(*(list(make(columns)) for _, make in self.makers), strict=True):
            row = dict(zip(names, cells, strict=True))
            used: list[Any] = []
            loop = False
            for step in pattern.steps:
                left, right = row[step.left], row[step.right]
                cell = row[step.pattern.name]
                if step.pattern.low is not None:
                    path = self._path(cell, left, right)
                    row[step.pattern.name] = path.relationships
                    row["\0" + step.alias] = path
                    used += [r.key for r in path.relationships]
                    loop = loop or any(r.start == r.end for r in path.relationships)
                elif isinstance(cell, dict):
                    made = self._made(cell)
                    row[step.pattern.name] = made
                    used.append(made.key)
                    loop = loop or made.start == made.end
                else:
                    kind, key, properties, forward = cell
                    a, b = (left, right) if forward else (right, left)
                    row[step.pattern.name] = RelationshipValue(kind, key, a.key, b.key, properties, (a, b))
                    used.append(key)
            if repeated and len(set(used)) < len(used):
                continue
            if once and loop:
                identity = (*(row[name].key for name in pattern.nodes), *used)
                if identity in seen:
                    continue
                seen.add(identity)
            for path_pattern, steps in zip(pattern.match.paths, pattern.groups, strict=True):
                if path_pattern.name:
                    row[path_pattern.name] = self._whole(row, path_pattern, steps)
            for step in repeated:
                del row["\0" + step.alias]
            yield row

    def _made(self, cell: dict[str, Any]) -> RelationshipValue:
        kind = cell["_LABEL"]
        a, b = self.ids[_pair(cell["_SRC"])], self.ids[_pair(cell["_DST"])]
        properties = {name: cell.get(name) for name, _ in RELATIONSHIP_BY_NAME[kind].properties}
        return RelationshipValue(kind, _pair(cell["_ID"]), a.key, b.key, properties, (a, b))

    def _path(self, cell: dict[str, Any], left: NodeValue, right: NodeValue) -> PathValue:
        nodes = [left]
        for one in cell["_NODES"]:
            label = one["_LABEL"]
            made = NodeValue(label, one["id"], {name: one.get(name) for name, _ in NODE_BY_LABEL[label].properties})
            self.ids.setdefault(_pair(one["_ID"]), made)
            nodes.append(made)
        if cell["_RELS"]:
            nodes.append(right)
        return PathValue(nodes, [self._made(one) for one in cell["_RELS"]])

    def _whole(self, row: Row, path: tree.PathPattern, steps: list[Step]) -> PathValue:
        nodes, relationships = [row[path.nodes[0].name]], []
        for step in steps:
            if step.pattern.low is not None:
                part = row["\0" + step.alias]
                nodes += part.nodes[1:]
                relationships += part.relationships
            else:
                nodes.append(row[step.right])
                relationships.append(row[step.pattern.name])
        return PathValue(nodes, relationships)


def _pair(value: Mapping[str, int]) -> tuple[int, int]:
    return value["table"], value["offset"]
