"""How long every named query takes on a real graph, on the embedded store and on Neo4j, side by side in one run.

    python benchmarks/queries.py GRAPH [--runs 7] [--store neo4j://… ] [--only NAME …]

Each query is run with the parameters of its example, and where those find nothing in this graph with values taken from
it. The two stores take turns, so that both see the same machine; the figure is the median. Without --store a Neo4j
server is started for the run (Java 17; see tests/neo4j_server.py), with 2 GiB for its heap, and loaded by its import
tool. Prints a table with ratios, and how many queries take 100 ms or longer on the embedded store.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.servers import imported_server
from kg.ask.named import NamedQuery, named_queries, run_query
from kg.stores import Limits, Store, open_store

RUN = ["{graph}"]

LIMITS = Limits(seconds=120, rows=None)
TARGET = 0.1  # seconds
# Where the example finds nothing: how to find values in the graph at hand that do.
FROM_GRAPH = {
    "paper": "MATCH (p:Paper)-[r]->(n:Model) WITH p, count(*) AS n ORDER BY n DESC, p.id LIMIT 1 RETURN p.id",
    "feed": "MATCH (f:Feed) RETURN f.name ORDER BY f.name LIMIT 1",
    "author": "MATCH (a:Author)-[w:WROTE]->(p:Paper) WITH a, count(*) AS n ORDER BY n DESC, a.id LIMIT 1 RETURN a.name",
    "since": "MATCH (p:Paper) WITH p.published AS day ORDER BY day SKIP 20000 LIMIT 1 RETURN day",
    "one": "MATCH (x:Result)-[:OF_MODEL]->(m:Model) WITH m, count(*) AS n ORDER BY n DESC, m.id LIMIT 1 RETURN m.name",
    "name": "MATCH (m:Dataset) WITH m ORDER BY m.papers DESC LIMIT 1 RETURN m.name",
}


def example(query: NamedQuery) -> dict[str, str]:
    """The parameters of the example in its head."""
    words = shlex.split(query.example)[3:]
    return dict(zip((word.removeprefix("--") for word in words[::2]), words[1::2], strict=True))


def given_for(store: Store, query: NamedQuery) -> tuple[dict[str, str], int]:
    """Parameters with which the query finds something here if it can, and how many rows."""
    given = example(query)
    rows = len(run_query(store, query, given, LIMITS).rows)
    for name in ("feed", "since", "author", "paper", "one", "name") if not rows else ():
        if name in {parameter.name for parameter in query.parameters}:
            answer = store.read(FROM_GRAPH[name], limits=LIMITS).rows
            value = {name: str(answer[0][0])} if answer else {}
            if name == "since":  # an earlier period to compare with
                value["before"] = "0001-01-01"
            other = {key: text for key, text in given.items() if key not in value and key not in ("before", "until")}
            tried = {key: text for key, text in (other | value).items() if key in {p.name for p in query.parameters}}
            if found := len(run_query(store, query, tried, LIMITS).rows):
                return tried, found
    return given, rows


def timed(store: Store, query: NamedQuery, given: dict[str, str]) -> float:
    """Seconds for one run."""
    started = time.perf_counter()
    run_query(store, query, given, LIMITS)
    return time.perf_counter() - started


@contextlib.contextmanager
def beside(where: str, here: Store) -> Iterator[Store | None]:
    """The Neo4j store to compare with."""
    if where == "none":
        yield None
    elif where:
        with contextlib.closing(open_store(where)) as store:
            yield store
    else:
        with tempfile.TemporaryDirectory() as folder, imported_server(here, Path(folder)) as (store, _):
            yield store


def main() -> None:
    """Run all of them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--store", default="", help="a server that holds this graph; none: the embedded store alone")
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    queries = {n: q for n, q in named_queries().items() if not options.only or any(o in n for o in options.only)}
    with contextlib.closing(open_store(options.graph)) as here, beside(options.store, here) as there:
        nodes, papers = (here.read(f"MATCH (n{label}) RETURN count(n)").rows[0][0] for label in ("", ":Paper"))
        print(
            f"{papers:,} papers, {nodes:,} nodes; {os.cpu_count()} cores, {platform.processor() or platform.machine()},"
        )
        print(f"load {os.getloadavg()[0]:.1f} at the start; median of {options.runs} runs, milliseconds\n")
        print(f"{'query':30} {'rows':>5} {'embedded':>9} {'Neo4j':>9} {'ratio':>6}")
        slow, ratios = [], []
        for name, query in queries.items():
            given, rows = given_for(here, query)
            own, other = [], []
            for _ in range(options.runs + 1):  # the first warms both up
                own.append(timed(here, query, given))
                if there:
                    other.append(timed(there, query, given))
            mine = statistics.median(own[1:])
            line = f"{name:30} {rows:5} {mine * 1000:9.1f}"
            if there:
                theirs = statistics.median(other[1:])
                ratios.append(mine / theirs)
                line += f" {theirs * 1000:9.1f} {mine / theirs:6.2f}"
            print(line, flush=True)
            if mine >= TARGET:
                slow.append(name)
        print(f"\nload {os.getloadavg()[0]:.1f} at the end; {len(queries) - len(slow)} of {len(queries)} under 100 ms")
        if slow:
            print("not: " + ", ".join(slow))
        if ratios:
            print(f"median ratio embedded / Neo4j: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
