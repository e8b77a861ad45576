"""The differential test: made-up statements on the embedded store and on a real Neo4j, graph by graph."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.answers import Rows
from kg.pipeline import build
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from kg.tables import GraphRows
from tests.cypher.grammar import statement
from tests.cypher.judge import LIMITS, Apart, Tally, Verdict, graph_rows, judge
from tests.stores.fixed_graph import fixed_graph
from tests.stores.odd_graph import odd_graph

SAMPLE = Path(__file__).parent.parent.parent / "kg" / "sample" / "sample.jsonl"
GRAPHS = ("odd", "fixed", "sample")


def rows_of(graph: str, work: Path) -> GraphRows:
    """The rows of one of `GRAPHS`; the sample is built in `work`."""
    if graph == "odd":
        return odd_graph()
    if graph == "fixed":
        return fixed_graph()
    build([str(SAMPLE)], work / "sample")
    store = LadybugStore(work / "sample")
    try:
        return graph_rows(store)
    finally:
        store.close()


@contextmanager
def both(graph: str, server: Mapping[str, Any]) -> Iterator[tuple[Apart, Neo4jStore]]:
    """The graph in both stores."""
    with tempfile.TemporaryDirectory(prefix="kg-differential-") as work:
        rows = rows_of(graph, Path(work))
        loading = LadybugStore(Path(work, "graph"))
        loading.replace(rows)
        loading.close()
        neo4j = Neo4jStore(server["uri"], server["password"])
        neo4j.replace(rows)
        apart = Apart(Path(work, "graph"))
        try:
            yield apart, neo4j
        finally:
            apart.close()
            neo4j.close()


def run(
    server: Mapping[str, Any],
    count: int,
    first: int = 0,
    graphs: tuple[str, ...] = GRAPHS,
    seen: Callable[[str, Any, Verdict], None] | None = None,
) -> Tally:
    """`count` statements from number `first`, spread over `graphs`; `seen` is told of each."""
    tally = Tally()
    for place, graph in enumerate(graphs):
        numbers = range(first + place, first + count, len(graphs))
        with both(graph, server) as (apart, neo4j):

            def ask(text: str, parameters: Mapping[str, Any], store: Neo4jStore = neo4j) -> Rows:
                return store.read(text, parameters, LIMITS)

            for number in numbers:
                made = statement(number // len(graphs) + 1_000_000 * (number % len(graphs)))
                verdict = judge(made, apart.read, ask)
                tally.add(graph, made, verdict)
                if seen:
                    seen(graph, made, verdict)
    return tally


def shuffled(count: int, seed: int = 0) -> list[int]:
    """Numbers below `count` in a fixed order of chance."""
    numbers = list(range(count))
    random.Random(seed).shuffle(numbers)
    return numbers
