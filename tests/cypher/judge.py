"""The judge: one statement, two engines, and whether their answers are the same.

The embedded store runs in a process of its own, as it does for users: an engine that dies, or that goes on for too
long, ends that process only.
"""

from __future__ import annotations

import collections
import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.answers import Rows
from kg.ask.named import run_cypher
from kg.errors import KgError, QueryError
from kg.records import Node, Relationship
from kg.schema import NODES, RELATIONSHIPS
from kg.stores import Limits, Store
from kg.stores.ladybug import LadybugStore
from kg.tables import GraphRows
from tests.cypher.grammar import Statement

SECONDS = 30.0
LIMITS = Limits(seconds=SECONDS, rows=60_000)
EQUAL, REFUSED, BOTH_REFUSE, DIFFERENT, ACCEPTED, TOO_LARGE = (
    "equal", "refused", "both refuse", "different", "accepted, though an error is due", "too large",
)  # fmt: skip


class _Here:
    """A store that answers in this process where it would start another: many statements need not start as many."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ask = store.answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def ad_hoc(store: Store, text: str, parameters: Mapping[str, Any], limits: Limits = LIMITS) -> Rows:
    """The way of `kg cypher`, by `read` in place of `ask`."""
    here: Any = _Here(store)
    return run_cypher(here, text, parameters, limits)


def _serve(pipe: Connection, folder: Path) -> None:
    store = LadybugStore(folder)
    while True:
        try:
            text, parameters = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(ad_hoc(store, text, parameters))
        except KgError as error:
            pipe.send(error)
        except Exception as error:
            pipe.send(RuntimeError(f"{type(error).__name__}: {error}"))


class Apart:
    """The embedded store of a folder in a process of its own, which is started again where it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: Any = None

    def read(self, text: str, parameters: Mapping[str, Any]) -> Rows:
        """The rows. Raises `QueryError` where the store refuses, and `RuntimeError` where it breaks."""
        if self._process is None:
            context = get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self.folder), daemon=True)
            self._process.start()
            theirs.close()
        self._pipe.send((text, dict(parameters)))
        try:
            if not self._pipe.poll(SECONDS + 90):
                self.close()
                raise QueryError(f"stopped after {SECONDS:g} s")
            answer = self._pipe.recv()
        except (EOFError, ConnectionError):
            self.close()
            raise RuntimeError("the engine ended") from None
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
        self._process = None


@dataclass(frozen=True)
class Verdict:
    """What came of a statement, with what either side said or gave."""

    kind: str
    ours: str = ""
    theirs: str = ""


def judge(
    statement: Statement,
    embedded: Callable[[str, Mapping[str, Any]], Rows],
    server: Callable[[str, Mapping[str, Any]], Rows],
) -> Verdict:
    """Run a statement on both and compare."""
    text, parameters = statement.text, statement.parameters
    try:
        theirs: Rows | str = server(text, parameters)
    except KgError as error:
        theirs = str(error)
    try:
        ours: Rows | str = embedded(text, parameters)
    except QueryError as error:
        ours = str(error)
    except RuntimeError as error:
        return Verdict(DIFFERENT, f"broken: {error}", str(theirs)[:300])
    if "stopped a" in str(theirs) and isinstance(theirs, str):
        return Verdict(TOO_LARGE, str(ours)[:200], theirs)
    if isinstance(ours, str) and "stopped a" in ours:
        return Verdict(TOO_LARGE, ours, str(theirs)[:200])
    if isinstance(theirs, str):
        return Verdict(BOTH_REFUSE, ours, theirs) if isinstance(ours, str) else Verdict(ACCEPTED, shown(ours), theirs)
    if isinstance(ours, str):
        return Verdict(REFUSED, ours, shown(theirs))
    if ours.cut and theirs.cut:
        return Verdict(TOO_LARGE, "cut", "cut")
    problem = difference(statement, ours, theirs)
    return Verdict(DIFFERENT, f"{problem}: {shown(ours)}", shown(theirs)) if problem else Verdict(EQUAL)


def difference(statement: Statement, ours: Rows, theirs: Rows) -> str:
    """How two answers differ, in a word, or ""."""
    if statement.text.endswith("RETURN *"):
        ours, theirs = by_name(ours), by_name(theirs)
    if ours.columns != theirs.columns:
        return "headers"
    if len(ours) != len(theirs):
        return "number of rows"
    if statement.mode == "count":
        return ""
    one = [tuple(form(cell, place in statement.bags) for place, cell in enumerate(row)) for row in ours.rows]
    other = [tuple(form(cell, place in statement.bags) for place, cell in enumerate(row)) for row in theirs.rows]
    if all(near(a, b) for a, b in zip(one, other, strict=True)):
        return ""
    one.sort(key=sort_key)
    other.sort(key=sort_key)
    same = all(near(a, b) for a, b in zip(one, other, strict=True)) or _matched(one, other)
    if same:
        return "order of rows" if statement.mode == "list" else ""
    return "rows"


def by_name(rows: Rows) -> Rows:
    """The columns in the order of their names."""
    order = sorted(range(len(rows.columns)), key=lambda place: rows.columns[place])
    return Rows(
        tuple(rows.columns[i] for i in order), tuple(tuple(row[i] for i in order) for row in rows.rows), rows.cut
    )


def form(cell: Any, bag: bool = False) -> Any:
    """A cell as a value that compares: types are part of it, and a bag is sorted."""
    if isinstance(cell, list):
        items = [form(item) for item in cell]
        return ("list", *(sorted(items, key=sort_key) if bag else items))
    if isinstance(cell, Node):
        return ("node", cell.label, form(cell.properties))
    if isinstance(cell, Relationship):
        return ("relationship", cell.type, cell.start, cell.end, form(cell.properties))
    if isinstance(cell, dict):
        return ("map", *((name, form(cell[name])) for name in sorted(cell)))
    return (type(cell).__name__, cell)


def near(a: Any, b: Any) -> bool:
    """Whether two forms are the same, floats nearly."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(near(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-8, abs_tol=1e-8)
    return type(a) is type(b) and bool(a == b)


def sort_key(value: Any) -> str:
    """A text to sort forms by: floats rounded, so that nearly equal ones lie together."""
    if isinstance(value, tuple):
        return f"({','.join(map(sort_key, value))})"
    return f"{value:.5e}" if isinstance(value, float) else repr(value)


def _matched(one: list[Any], other: list[Any]) -> bool:
    """Whether each of `one` has a partner in `other`; for rows that floats sort differently."""
    if len(one) > 300:
        return False
    left = list(other)
    for a in one:
        place = next((i for i, b in enumerate(left) if near(a, b)), None)
        if place is None:
            return False
        del left[place]
    return True


def shown(rows: Rows, most: int = 6) -> str:
    """An answer in short."""
    some = "; ".join(str(tuple(_short(cell) for cell in row)) for row in rows.rows[:most])
    return f"{len(rows)} rows of {', '.join(rows.columns)}: {some}"[:700]


def _short(cell: Any) -> Any:
    if isinstance(cell, Node):
        return f"(:{cell.label} {cell.id})"
    if isinstance(cell, Relationship):
        return f"[{cell.type} {cell.start}->{cell.end}]"
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return [_short(item) for item in cell] if isinstance(cell, list) else cell


@dataclass
class Tally:
    """How many statements came out how, by construct."""

    kinds: collections.Counter[str] = field(default_factory=collections.Counter)
    by_tag: dict[str, collections.Counter[str]] = field(
        default_factory=lambda: collections.defaultdict(collections.Counter)
    )
    reasons: collections.Counter[str] = field(default_factory=collections.Counter)
    found: list[tuple[str, Statement, Verdict]] = field(default_factory=list)

    def add(self, graph: str, statement: Statement, verdict: Verdict) -> None:
        """Count one."""
        self.kinds[verdict.kind] += 1
        for tag in statement.tags:
            self.by_tag[tag][verdict.kind] += 1
        if verdict.kind == REFUSED:
            self.reasons[verdict.ours[:110]] += 1
        if verdict.kind in (DIFFERENT, ACCEPTED):
            self.found.append((graph, statement, verdict))

    def text(self) -> str:
        """The table."""
        kinds = (EQUAL, REFUSED, DIFFERENT, ACCEPTED, BOTH_REFUSE, TOO_LARGE)
        lines = [f"{'construct':44}" + "".join(f"{kind.split(',')[0]:>13}" for kind in kinds)]
        total = ("all statements", self.kinds)
        for tag, counts in [total, *sorted(self.by_tag.items())]:
            lines.append(f"{tag:44}" + "".join(f"{counts[kind]:13,}" for kind in kinds))
        lines.append("refused, by what we say:")
        lines += [f"{count:6}  {reason}" for reason, count in self.reasons.most_common(40)]
        return "\n".join(lines)


def graph_rows(store: Store) -> GraphRows:
    """The rows of the graph in `store`, as they were loaded."""
    everything = Limits(seconds=60, rows=None)
    nodes = {}
    for node in NODES:
        found = store.read(f"MATCH (n:`{node.label}`) RETURN n", {}, Limits(seconds=60, rows=10**9))
        nodes[node.label] = [dict(row[0].properties) for row in found.rows]
    edges = {}
    for kind in RELATIONSHIPS:
        for source, target in kind.pairs:
            own = "".join(f", r.`{name}` AS `{name}`" for name, _ in kind.properties)
            found = store.read(
                f"MATCH (a:`{source}`)-[r:`{kind.name}`]->(b:`{target}`) RETURN a.id AS `from`, b.id AS `to`{own}",
                {},
                everything,
            )
            edges[kind.name, source, target] = [dict(row) for row in found]
    return GraphRows(nodes, edges)


def shrink(statement: Statement, still: Callable[[Statement], bool], rounds: int = 400) -> Statement:
    """A shorter statement of which `still` holds: tokens are left out, many at first, then one by one."""
    import re
    from dataclasses import replace

    def tokens(text: str) -> list[str]:
        return re.findall(r"'(?:[^'\\]|\\.)*'|\"[^\"]*\"|`[^`]*`|\w+(?:\.\d+)?|\s+|.", text)

    best = statement
    tried = 0
    size = max(1, len(tokens(best.text)) // 2)
    while size >= 1 and tried < rounds:
        at, shorter = 0, False
        while at < len(parts := tokens(best.text)) and tried < rounds:
            text = re.sub(r"  +", " ", "".join(parts[:at] + parts[at + size :])).strip()
            tried += 1
            candidate = replace(
                best, text=text, mode="bag" if "ORDER BY" not in text.split("RETURN")[-1] else best.mode
            )
            if text != best.text and still(candidate):
                best, shorter = candidate, True
            else:
                at += 1 if size < 3 else size // 2 or 1
        if not shorter or size > 1:
            size = size // 2
    return best


def columns_all_fixed(statements: Iterable[Statement]) -> int:
    """How many of `statements` sort their rows totally."""
    return sum(s.mode == "list" for s in statements)
