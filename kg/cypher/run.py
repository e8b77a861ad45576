"""Runs a statement: patterns by the engine, everything else here, as openCypher says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from kg.answers import Rows
from kg.cypher import functions, tree, values
from kg.cypher.evaluate import Compiler, Row, Value, aggregates, nodes_of, truth
from kg.cypher.match import MAX_BOUND, Fetch, Pattern, Reader, needs_of
from kg.cypher.parse import parse
from kg.cypher.tokens import refuse, show
from kg.cypher.values import Duration, NodeValue, PathValue, RelationshipValue, ValueProblem
from kg.errors import QueryError
from kg.records import Node, Relationship

_BATCH = 5_000
_MOST_SEPARATE = 2_000
# What the engine groups and sorts as openCypher does, but for the place of null.
_EXACT_KINDS = ("STRING", "INT", "DATE", "BOOL")
MOST_CELLS = 2_000_000
MOST_BYTES = 64 << 20
Stage = Callable[[Iterable[Row]], Iterator[Row]]


class Size:
    """How much an answer holds so far: values at any depth, and characters of texts."""

    def __init__(self) -> None:
        self.cells = self.characters = 0

    def add(self, cells: list[Any]) -> None:
        """Count one row. Raises `QueryError` where the answer is too large."""
        stack = [cells]
        while stack:
            for one in stack.pop():
                self.cells += 1
                if isinstance(one, str):
                    self.characters += len(one)
                elif isinstance(one, list):
                    stack.append(one)
                elif isinstance(one, dict):
                    stack.append(list(one.values()))
                elif isinstance(one, NodeValue | RelationshipValue):
                    stack.append(list(one.properties.values()))
                elif isinstance(one, PathValue):
                    stack.append([*one.nodes, *one.relationships])
            # One list may stand in an answer many times: the count stops long before its end.
            if self.cells > MOST_CELLS:
                raise QueryError(f"the answer has more than {MOST_CELLS:,} values; ask for less, or write LIMIT")
            if self.characters > MOST_BYTES:
                raise QueryError(f"the answer has more than {MOST_BYTES >> 20} MiB; ask for less, or write LIMIT")


class Runner:
    """One statement over one graph."""

    def __init__(self, text: str, parameters: Mapping[str, Any], fetch: Fetch) -> None:
        self.text = text
        self.tree = parse(text)
        self.fetch = fetch
        self.compiler = Compiler(text, parameters)
        self.needs = needs_of(self.tree)
        self.sent: list[str] = []
        self.alone: tuple[tree.Match, Pattern, list[str]] | None = None  # a MATCH that the engine judges alone
        self.tail = ""  # what may stand behind its RETURN
        self.most: int | None = None

    def answer(self, most: int | None) -> Rows:
        """The rows, at most so many."""
        self.most = most
        stage, columns = self.query(self.tree, set())
        found = stage([{}])
        size = Size()
        rows = []
        for row in found if most is None else itertools.islice(found, most + 1):
            size.add([row[name] for name in columns])
            rows.append(tuple(_out(row[name]) for name in columns))
        cut = most is not None and len(rows) > most
        return Rows(tuple(columns), tuple(rows[:most] if cut else rows), cut)

    def plan(self) -> list[str]:
        """What is sent to the engine and what is done here, a line each; nothing is run."""
        self.query(self.tree, set())
        return self.sent or ["nothing is sent: the whole statement is answered here"]

    def query(self, query: tree.Query, scope: set[str], inner: str = "") -> tuple[Stage, list[str]]:
        """All parts of a UNION as one stage."""
        stages: list[Stage] = []
        first: list[str] = []
        for number, part in enumerate(query.parts):
            stage, columns = self._single(part, set(scope), bool(inner))
            if number and sorted(columns) != sorted(first):
                at = part[-1].at
                refuse(at, "a UNION of other columns", "name the same columns in each part, with AS")
            first = first or columns
            stages.append(stage)
        if len(stages) == 1:
            return stages[0], first

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            given = list(rows)
            seen = set()
            for stage in stages:
                for row in stage(given):
                    if query.all:
                        yield row
                    elif (one := tuple(values.key(row[name]) for name in first)) not in seen:
                        seen.add(one)
                        yield row

        return run, first

    def _single(self, clauses: list[tree.Clause], scope: set[str], inner: bool) -> tuple[Stage, list[str]]:
        stages: list[Stage] = []
        columns: list[str] = []
        for clause in clauses:
            if isinstance(clause, tree.Match):
                stages.append(self._match(clause, scope))
            elif isinstance(clause, tree.Unwind):
                stages.append(self._unwind(clause, scope))
            else:
                whole = not inner and len(clauses) == 2 and len(self.tree.parts) == 1
                alone = self.alone if whole and self.alone and self.alone[0] is clauses[0] else None
                ready = self._left_to_engine(clause, alone[1], alone[2]) if alone else None
                stage, columns = self._projection(clause, scope, ready)
                stages = [stage] if ready else [*stages, stage]
        if not inner and not (clauses and isinstance(clauses[-1], tree.Projection) and clauses[-1].returns):
            refuse(clauses[-1].at, "the query ends without RETURN", "write RETURN ... last")

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            found: Iterable[Row] = rows
            for stage in stages:
                found = stage(found)
            return iter(found)

        return run, columns

    # Conditions and subqueries

    def _filled(self, expressions: Iterable[Any], scope: set[str]) -> Stage:
        """A stage that runs the subqueries in `expressions` for each row, many rows at once."""
        own = [one for part in expressions for one in _outermost(part) if id(one) in self.compiler.subqueries]
        makers = []
        for one in own:
            sub, name = self.compiler.subqueries[id(one)]
            stage, columns = self.query(sub.query, scope | {"\0i"}, sub.kind)
            apart = any(isinstance(p, tree.Projection) and (p.skip or p.limit) for p in nodes_of(sub.query))
            makers.append((sub.kind, name, stage, columns, apart or len(sub.query.parts) > 1))

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            for batch in _batches(rows):
                for kind, name, stage, columns, apart in makers:
                    lists: list[list[Any]] = [[] for _ in batch]
                    if apart and len(batch) > _MOST_SEPARATE:
                        raise QueryError(
                            "a subquery with LIMIT or UNION runs for each row by itself; ask for fewer rows"
                        )
                    groups = [[at] for at in range(len(batch))] if apart else [range(len(batch))]
                    for group in groups:
                        for row in stage([{**batch[at], "\0i": at} for at in group]):
                            lists[row["\0i"]].append(row[columns[0]] if columns and kind == "COLLECT" else None)
                    for row, found in zip(batch, lists, strict=True):
                        row[name] = bool(found) if kind == "EXISTS" else len(found) if kind == "COUNT" else found
                yield from batch

        return run if makers else iter

    def _filter(self, conditions: list[tree.Expression], scope: set[str]) -> Stage:
        tests = [(one, self.compiler.compile(one, scope)) for one in conditions]
        for one in conditions:
            self.compiler._check_boolean(one)
        fill = self._filled(conditions, scope)

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            for row in fill(rows):
                if all(_true(one, test, row) for one, test in tests):
                    yield row

        return run

    # Clauses

    def _unwind(self, clause: tree.Unwind, scope: set[str]) -> Stage:
        call = clause.items
        if clause.name in scope:
            refuse(clause.at, f"{show(clause.name)} is a name already", "choose another name after AS")
        lazy = isinstance(call, tree.Call) and call.name == "range" and len(call.arguments) in (2, 3)
        bounds = [self.compiler.compile(one, scope) for one in call.arguments] if lazy else []  # type: ignore[attr-defined]
        items = self.compiler.compile(call, scope)
        fill = self._filled([call], scope)
        scope.add(clause.name)

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            for row in fill(rows):
                if lazy:
                    numbers = [one(row) for one in bounds]
                    if all(isinstance(n, int) for n in numbers) and (len(numbers) < 3 or numbers[2]):
                        step = numbers[2] if len(numbers) > 2 else 1
                        for item in range(numbers[0], numbers[1] + (1 if step > 0 else -1), step):
                            yield {**row, clause.name: item}
                        continue
                found = items(row)
                for item in found if isinstance(found, list) else [] if found is None else [found]:
                    yield {**row, clause.name: item}

        return run

    def _match(self, clause: tree.Match, scope: set[str]) -> Stage:
        before = set(scope)
        pattern = Pattern(clause, self.compiler, self.needs, before)
        after = scope | set(pattern.names)
        pushed, kept, equals = [], [], []
        for one in pattern.conjuncts:
            text = pattern.push(one)
            if text:
                pushed.append(text)
                self.compiler.compile(one, after)
                continue
            kept.append(one)
            if found := self._equality(one, pattern, before):
                equals.append(found)
        fixed = [one for one in kept if not self._reads(one, before)]
        late = [one for one in kept if one not in fixed]
        early = self._filter(fixed, set(pattern.names) | set(pattern.nodes)) if fixed else None
        tests = self._filter(late, after) if late else None
        reader_columns = Reader(pattern).columns
        scope |= set(pattern.names)
        key_names = pattern.joined
        hops = any(step.pattern.low is not None for step in pattern.steps)
        if not (kept or before or clause.optional or pattern.empty or hops or pattern.loops()):
            self.alone = clause, pattern, pushed
        if not pattern.empty:
            self.sent.append(f"sent: {pattern.text(pushed)} RETURN {', '.join(reader_columns)}")
        self.sent += [f"judged here: {self.compiler.source(one) or 'a property of the pattern'}" for one in kept]

        def found_rows(keys: dict[str, set[Any]]) -> Iterator[Row]:
            if pattern.empty:
                return
            conditions, parameters = list(pushed), dict(pattern.parameters)
            for name, wanted in keys.items():
                if len(wanted) <= MAX_BOUND:
                    parameters[f"k{len(parameters)}"] = sorted(wanted)
                    conditions.append(f"{name} IN $k{len(parameters) - 1}")
            reader = Reader(pattern)
            tail = self.tail if self.alone and self.alone[0] is clause else ""
            statement = f"{pattern.text(conditions)} RETURN {', '.join(reader_columns)}{tail}"
            rows: Iterator[Row] = (row for columns in self.fetch(statement, parameters) for row in reader.rows(columns))
            yield from early(rows) if early else rows

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            simple = not key_names and not equals
            kept_rows: list[Row] | None = None
            for batch in _batches(rows, 1 if simple else _BATCH):
                if simple:
                    # Nothing of the rows before is in the pattern: it is asked for once.
                    if kept_rows is None and isinstance(rows, list) and len(rows) == 1:
                        found: Iterable[Row] = found_rows({})
                    else:
                        kept_rows = list(found_rows({})) if kept_rows is None else kept_rows
                        found = kept_rows
                    for row in batch:
                        yield from joined(row, found)
                    continue
                bad = next(
                    (
                        row[n]
                        for row in batch
                        for n in key_names
                        if row[n] is not None and not isinstance(row[n], NodeValue)
                    ),
                    None,
                )
                if bad is not None:
                    refuse(clause.at, f"{values.kind_of(bad)} as a node of a pattern", "give the node a new name")
                wanted: dict[str, set[Any]] = {
                    f"{pattern.nodes[n].alias}.id": {row[n].key for row in batch if row[n] is not None}
                    for n in key_names
                }
                outer = [[values.key(test(row)) for _, _, test in equals] for row in batch]
                for place, (text, kind, _) in enumerate(equals):
                    given = {one[place] for one in outer}
                    if kind == "STRING":
                        wanted.setdefault(text, {one for one in given if isinstance(one, str)})
                index: dict[Any, list[Row]] = {}
                if all(wanted.values()):
                    inner = [
                        self.compiler.compile(one, set(pattern.nodes) | set(pattern.names))
                        for one in self._sides(equals)
                    ]
                    for row in found_rows(wanted):
                        key = (*(row[n].key for n in key_names), *(values.key(one(row)) for one in inner))
                        index.setdefault(key, []).append(row)
                for row, keys in zip(batch, outer, strict=True):
                    own = (*(row[n].key if row[n] is not None else None for n in key_names), *keys)
                    yield from joined(row, index.get(own, []) if None not in own else [])

        def joined(row: Row, found: Iterable[Row]) -> Iterator[Row]:
            matches: Iterable[Row] = ({**one, **row} for one in found)
            if tests:
                matches = tests(matches)
            any_found = False
            for one in matches:
                any_found = True
                yield one
            if clause.optional and not any_found:
                yield {**row, **dict.fromkeys(pattern.names)}

        return run

    def _sides(self, equals: list[Any]) -> list[tree.Expression]:
        return [self._inner_sides[id(test)] for _, _, test in equals]

    def _equality(self, one: tree.Expression, pattern: Pattern, before: set[str]) -> Any:
        """`n.name = x` of the pattern and the rows before: text, type and the function of the row."""
        self._inner_sides: dict[int, tree.Expression] = getattr(self, "_inner_sides", {})
        if not (isinstance(one, tree.Binary) and one.operator == "=") or not before:
            return None
        for inner, outer in ((one.left, one.right), (one.right, one.left)):
            found = pattern.kind(inner)
            names = {part.name for part in nodes_of(outer) if isinstance(part, tree.Variable)}
            if found and inner.of.name not in before and names and names <= before:  # type: ignore[attr-defined]
                if any(
                    isinstance(part, tree.Subquery | tree.Comprehension | tree.Quantifier | tree.Reduce)
                    for part in nodes_of(outer)
                ):
                    return None
                test = self.compiler.compile(outer, before)
                self._inner_sides[id(test)] = inner
                return (*found, test)
        return None

    def _reads(self, one: tree.Expression, before: set[str]) -> bool:
        return any(
            isinstance(part, tree.Subquery) or (isinstance(part, tree.Variable) and part.name in before)
            for part in nodes_of(one)
        )

    def _left_to_engine(self, clause: tree.Projection, pattern: Pattern, pushed: list[str]) -> Stage | None:
        """What the engine may do for the RETURN behind the only MATCH of the statement.

        It counts, by properties of sure types: then this is the stage in place of MATCH and grouping. It gives no more
        rows than are wanted: then `self.tail` says so, and all else is as ever.
        """
        counted = [item for item in clause.items if aggregates(item.value)]
        if not counted:
            self._cut_short(clause, pattern)
            return None
        columns = []
        for item in clause.items:
            kind = pattern.kind(item.value)
            if item not in counted and kind and kind[1] in _EXACT_KINDS:
                columns.append(kind[0])
            elif item in counted and self._counts_rows(item.value, pattern):
                columns.append("count(*)")
            else:
                return None
        if clause.star or any(aggregates(value) for value, _ in clause.order):
            return None
        statement = f"{pattern.text(pushed)} RETURN {', '.join(f'{c} AS c{n}' for n, c in enumerate(columns))}"
        self.sent[:] = [f"sent: {statement}"]
        names = [item.name for item in clause.items]

        def run(rows: Iterable[Row]) -> Iterator[Row]:  # noqa: ARG001 - a `Stage`
            for found in self.fetch(statement, dict(pattern.parameters)):
                for cells in zip(*found, strict=True):
                    yield dict(zip(names, cells, strict=True))

        return run

    def _counts_rows(self, one: tree.Expression, pattern: Pattern) -> bool:
        """Whether `one` is count(*), or the count of a name of the pattern, which is never null."""
        if not isinstance(one, tree.Call) or one.name != "count" or one.distinct:
            return False
        names = pattern.names
        return one.star or (
            len(one.arguments) == 1 and isinstance(one.arguments[0], tree.Variable) and one.arguments[0].name in names
        )

    def _cut_short(self, clause: tree.Projection, pattern: Pattern) -> None:
        """Set `self.tail` so that the engine gives no more rows than are wanted, in an order that it keeps as we do."""
        limit, skip = self._number(clause.limit, "LIMIT"), self._number(clause.skip, "SKIP")
        plain = all(isinstance(item.value, tree.Variable | tree.Property) for item in clause.items)
        # Under a sort, a value that is an error is one in whatever row it stands.
        if clause.distinct or (clause.order and not plain):
            return
        wanted = [n for n in (limit, None if self.most is None else self.most + 1) if n is not None]
        orders = []
        for value, down in clause.order:
            kind = pattern.kind(self._returned(value, clause))
            if kind is None or kind[1] not in _EXACT_KINDS:
                return
            way = " DESC" if down else ""
            orders.append(f"{kind[0]} IS NULL{way}, {kind[0]}{way}")
        if wanted:
            order = f" ORDER BY {', '.join(orders)}" if orders else ""
            self.tail = f"{order} LIMIT {min(wanted) + (skip or 0)}"
            self.sent[0] += self.tail

    def _returned(self, value: tree.Expression, clause: tree.Projection) -> tree.Expression:
        """What a name in ORDER BY stands for."""
        if isinstance(value, tree.Variable):
            return next((item.value for item in clause.items if item.name == value.name), value)
        if isinstance(value, tree.Property) and isinstance(value.of, tree.Variable):
            for item in clause.items:
                # `RETURN b AS a ORDER BY a.name`: the name is another one here.
                if item.name == value.of.name and not (
                    isinstance(item.value, tree.Variable) and item.value.name == item.name
                ):
                    return item.value
        return value

    def _projection(
        self, clause: tree.Projection, scope: set[str], ready: Stage | None = None
    ) -> tuple[Stage, list[str]]:
        """WITH or RETURN; `ready` gives the columns of `clause` already."""
        before = set(scope)
        visible = sorted(name for name in before if name[:1] != "\0")
        items = list(clause.items)
        if clause.star:
            if not visible:
                refuse(clause.at, "* without any variable", "name the columns")
            items = [tree.Item(tree.Variable(clause.at, name), name, True) for name in visible] + items
        names = [item.name for item in items]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            refuse(clause.at, f"two columns are called {show(twice)}", "give each its own name with AS")
        hidden = ["\0i"] if "\0i" in before else []
        known = {self.compiler.source(item.value): item.name for item in items if item.value.end}
        grouped = any(aggregates(item.value) for item in items)
        orders = list(clause.order)
        extra: list[tree.Item] = []
        if any(aggregates(value) for value, _ in orders):
            if not grouped:
                refuse(clause.at, "ORDER BY an aggregate that is not returned", "return it, and sort by its name")
            for number, (value, _) in enumerate(orders):
                if aggregates(value) and self.compiler.source(value) not in known:
                    extra.append(tree.Item(value, f"\0o{number}", True))
                    known[self.compiler.source(value)] = f"\0o{number}"
        all_items = items + extra
        fill = self._filled_later(all_items)
        stage = (
            self._grouped(all_items, before, hidden)
            if grouped
            else self._plain(all_items, before, hidden, bool(orders) and not clause.distinct)
        )
        filling = fill(before)
        after = set(names) | set(hidden)
        sorting = after | (set() if grouped or clause.distinct else before) | {item.name for item in extra}
        keys = [(self.compiler.compile(value, sorting, known), down) for value, down in orders]
        for value, _ in orders:
            if any(isinstance(part, tree.Subquery) for part in nodes_of(value)):
                refuse(value.at, "a subquery in ORDER BY", "return it with AS, and sort by its name")
        skip, limit = self._number(clause.skip, "SKIP"), self._number(clause.limit, "LIMIT")
        scope.clear()
        scope |= after
        for name in list(self.compiler.entities):
            if name not in after:
                del self.compiler.entities[name]
        for item in items:
            if not (isinstance(item.value, tree.Variable) and item.value.name in self.compiler.entities):
                self.compiler.entities.pop(item.name, None)
        where = self._filter([clause.where], after) if clause.where else None
        columns = [*names, *hidden]

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            found: Iterable[Row] = ready(rows) if ready else stage(filling(rows))
            if clause.distinct:
                found = _distinct(found, columns)
            if keys:
                ordered = list(found)
                for value, down in reversed(keys):
                    ordered.sort(key=lambda row: values.order(value(row)), reverse=down)
                found = ordered
            if skip or limit is not None:
                found = itertools.islice(found, skip or 0, None if limit is None else (skip or 0) + limit)
            if keys:
                found = ({name: row[name] for name in columns} for row in found)
            return where(found) if where else iter(found)

        return run, names

    def _filled_later(self, items: list[tree.Item]) -> Callable[[set[str]], Stage]:
        """`filled` for items that are compiled in between."""
        return lambda scope: self._filled([item.value for item in items], scope)

    def _number(self, one: tree.Expression | None, word: str) -> int | None:
        if one is None:
            return None
        if any(isinstance(part, tree.Variable) for part in nodes_of(one)):
            refuse(one.at, f"{word} by a variable", "write a whole number or a $parameter")
        value = self.compiler.compile(one, set())({})
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            refuse(
                one.at,
                f"{word} by {values.kind_of(value) if not isinstance(value, int) else 'a negative number'}",
                "write a whole number from 0",
            )
        return value

    def _plain(self, items: list[tree.Item], before: set[str], hidden: list[str], keep: bool) -> Stage:
        made = [(item.name, self.compiler.compile(item.value, before)) for item in items]

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            for row in rows:
                own = {name: value(row) for name, value in made}
                for name in hidden:
                    own[name] = row[name]
                yield {**row, **own} if keep else own

        return run

    def _grouped(self, items: list[tree.Item], before: set[str], hidden: list[str]) -> Stage:
        keys = [item for item in items if not aggregates(item.value)]
        key_texts = {self.compiler.source(item.value): item.name for item in keys if item.value.end}
        key_names = {item.value.name: item.name for item in keys if isinstance(item.value, tree.Variable)}
        key_makers = [(item.name, self.compiler.compile(item.value, before)) for item in keys]
        calls: list[tuple[tree.Call, str, list[Value]]] = []
        mixed: list[tuple[str, Value]] = []
        for item in items:
            own = aggregates(item.value)
            if not own:
                continue
            slots = dict(key_texts)
            for call in own:
                if any(aggregates(part) for part in call.arguments):
                    refuse(call.at, "an aggregate inside of an aggregate", "name the inner one in a WITH before")
                wanted = 2 if call.name.startswith("percentile") else 0 if call.star else 1
                if len(call.arguments) != wanted:
                    refuse(call.at, f"{call.name}() with {len(call.arguments)} values", f"it takes {wanted}")
                if any(isinstance(p, tree.Call) and p.name == "rand" for p in nodes_of(call)):
                    refuse(call.at, "rand() inside of an aggregate", "name it in a WITH before")
                slot = f"\0a{len(calls)}"
                calls.append((call, slot, [self.compiler.compile(part, before) for part in call.arguments]))
                slots[self.compiler.source(call)] = slot
            free = set(key_names) | {name for _, name, _ in calls}
            self._check_mixed(item.value, slots, set(key_names))
            mixed.append((item.name, self.compiler.compile(item.value, before | free, slots)))

        def run(rows: Iterable[Row]) -> Iterator[Row]:
            groups: dict[Any, tuple[Row, list[list[Any]], list[int]]] = {}
            for row in rows:
                own = [(name, value(row)) for name, value in key_makers]
                key = (*(values.key(value) for _, value in own), *(values.key(row[name]) for name in hidden))
                group = groups.get(key)
                if group is None:
                    first = {**row, **dict(own)}
                    group = groups[key] = (first, [[] for _ in calls], [0])
                group[2][0] += 1
                for (_, _, given), column in zip(calls, group[1], strict=True):
                    if given:
                        column.append(given[0](row))
            if not groups and not key_makers and not hidden:
                groups[()] = (dict.fromkeys(before), [[] for _ in calls], [0])
            for first, columns, count in groups.values():
                for (call, slot, given), column in zip(calls, columns, strict=True):
                    extra = given[1](first) if len(given) > 1 else None
                    try:
                        first[slot] = functions.aggregate(call.name, column, extra, count[0], call.star, call.distinct)
                    except ValueProblem as problem:
                        refuse(call.at, problem.problem, problem.advice)
                found = {name: first[name] for name, _ in key_makers}
                found.update((name, value(first)) for name, value in mixed)
                for name in hidden:
                    found[name] = first[name]
                yield {item.name: found[item.name] for item in items} | {name: found[name] for name in hidden}

        return run

    def _check_mixed(self, one: Any, slots: Mapping[str, str], names: set[str]) -> None:
        """Beside aggregates stand only constants and what the groups are made by."""
        if isinstance(one, tree.Expression):
            if one.end and self.compiler.source(one) in slots:
                return
            if isinstance(one, tree.Variable):
                if one.name not in names:
                    refuse(
                        one.at,
                        f"{show(one.name)} beside an aggregate",
                        "return it as a column of its own, or name it in a WITH before",
                    )
                return
            if isinstance(one, tree.Comprehension | tree.Quantifier):
                names = names | {one.name}
            if isinstance(one, tree.Reduce):
                names = names | {one.name, one.total}
            for part in vars_of(one):
                self._check_mixed(part, slots, names)
        elif isinstance(one, list | tuple):
            for part in one:
                self._check_mixed(part, slots, names)


def vars_of(one: Any) -> list[Any]:
    """What a tree node holds, without its place."""
    return [getattr(one, name) for name in one.__dataclass_fields__ if name not in ("at", "start", "end")]


def _outermost(value: Any) -> Iterator[tree.Subquery]:
    """The subqueries in an expression that are in no other subquery."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, tree.Subquery):
            yield one
        elif isinstance(one, list | tuple):
            stack.extend(one)
        elif isinstance(one, tree.Expression):
            stack.extend(vars_of(one))


def _true(one: tree.Expression, test: Value, row: Row) -> bool:
    try:
        return truth(test(row)) is True
    except ValueProblem as problem:
        refuse(one.at, problem.problem, problem.advice)


def _distinct(rows: Iterable[Row], columns: list[str]) -> Iterator[Row]:
    seen = set()
    for row in rows:
        key = tuple(values.key(row[name]) for name in columns)
        if key not in seen:
            seen.add(key)
            yield row


def _batches(rows: Iterable[Row], size: int = _BATCH) -> Iterator[list[Row]]:
    found = iter(rows)
    while batch := list(itertools.islice(found, size)):
        yield batch


def _out(value: Any) -> Any:
    """A value in the form of `Rows`."""
    if isinstance(value, NodeValue):
        return Node(value.label, value.properties)
    if isinstance(value, RelationshipValue):
        return Relationship(value.type, value.start, value.end, value.properties)
    if isinstance(value, PathValue):
        return [_out(one) for one in (*value.nodes, *value.relationships)]
    if isinstance(value, list):
        return [_out(one) for one in value]
    if isinstance(value, dict):
        return {name: _out(one) for name, one in value.items()}
    return str(value) if isinstance(value, Duration) else value
