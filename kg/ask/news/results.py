"""Results that beat the best one known."""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.ask.news.direction import lower_is_better
from kg.ask.news.records import NewResult

Ask = Callable[[str], tuple[tuple[Any, ...], ...]]


@dataclass(frozen=True, slots=True)
class _Number:
    """A reported number; `board` is what it may be compared on: data, metric and unit."""

    id: str
    value: float
    board: tuple[str, str, str]
    names: tuple[str, str]
    aliases: tuple[str, ...]
    model: str
    paper: str
    published: datetime.date
    evidence: str


def new_results(ask: Ask) -> tuple[NewResult, ...]:
    """By data, metric and unit, then by day. `ask` answers Cypher with the conditions NEW and KNOWN on a paper `p`."""
    body = "MATCH (x)-[:IN_METRIC]->(k:Metric) MATCH (x)-[:OF_MODEL]->(m:Model|Method) MATCH (p:Paper)-[e:REPORTS]->(x)"
    given = "x.value IS NOT NULL"
    columns = "x.id, x.value, x.unit, d.id, d.name, k.id, k.name, k.aliases, m.name, p.title, p.published, e.evidence"
    on = "MATCH (x:Result)-[:ON_DATASET]->(d:Dataset|Benchmark)"
    again = "WITH DISTINCT d MATCH (x:Result)-[:ON_DATASET]->(d)"
    fresh = _numbers(ask(f"{on} {body} WHERE {given} AND NEW RETURN {columns}"))
    same_data = f"{on} MATCH (p:Paper)-[:REPORTS]->(x) WHERE NEW {again}"
    rivals = _by_board(_numbers(ask(f"{same_data} {body} WHERE {given} AND KNOWN RETURN {columns}")))
    tasks: dict[str, set[str]] = defaultdict(set)
    for result, task in ask("MATCH (x:Result)-[:FOR_TASK]->(t:Task) RETURN x.id, t.id") if fresh else ():
        tasks[result].add(task)
    found: list[NewResult] = []
    for board, numbers in sorted(_by_board(fresh).items()):
        if board in rivals:
            found += _records_set(numbers, rivals[board], tasks)
    return tuple(found)


def _numbers(rows: Iterable[tuple[Any, ...]]) -> list[_Number]:
    numbers = [
        _Number(
            id=result,
            value=value,
            board=(data, metric, unit or ""),
            names=(data_name, metric_name),
            aliases=tuple(aliases or ()),
            model=model,
            paper=paper,
            published=day or datetime.date.max,
            evidence=evidence or "",
        )
        for result, value, unit, data, data_name, metric, metric_name, aliases, model, paper, day, evidence in rows
    ]
    return sorted(numbers, key=lambda number: (number.published, number.id, number.model))


def _by_board(numbers: Iterable[_Number]) -> dict[tuple[str, str, str], list[_Number]]:
    boards: dict[tuple[str, str, str], list[_Number]] = defaultdict(list)
    for number in numbers:
        boards[number.board].append(number)
    return boards


def _records_set(fresh: Sequence[_Number], rivals: list[_Number], tasks: Mapping[str, set[str]]) -> Iterator[NewResult]:
    """The numbers of one board that beat all that was known on their day, of each paper the best; day by day."""
    sign = -1 if lower_is_better((fresh[0].names[1], *fresh[0].aliases)) else 1
    for _, same_day in itertools.groupby(fresh, key=lambda number: number.published):
        today = list(same_day)
        best_of: dict[str, NewResult] = {}
        for number in sorted(today, key=lambda number: (-sign * number.value, number.id, number.model)):
            own = tasks.get(number.id, set())
            # A number without a task may be compared with any.
            against = [r for r in rivals if not own or not tasks.get(r.id) or own & tasks[r.id]]
            best = max(against, key=lambda r: sign * r.value, default=None)
            paper = number.id.rpartition("#")[0]
            if best and sign * number.value > sign * best.value and paper not in best_of:
                data, metric = number.names
                best_of[paper] = NewResult(
                    data, metric, number.value, number.board[2], number.model, best.value, best.model, number.paper,
                    number.evidence, number.id,
                )  # fmt: skip
        yield from best_of.values()
        rivals += today
