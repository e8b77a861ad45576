"""How fast a graph is loaded: embedded beside a bare COPY of the same files, Neo4j by batches and by its import tool.

    python benchmarks/loading.py GRAPH [--no-server]

GRAPH is a graph folder whose embedded database is there; its rows are read from it first. The bare COPY has the same
Parquet files and the same tables, and does nothing else. Prints a table.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import ladybug

from benchmarks.servers import imported_server
from kg.export import nodes_of, relationships_of
from kg.schema import NODES, RELATIONSHIPS
from kg.stores import Store, open_store
from kg.stores.ladybug import _BUFFER_BYTES, LadybugStore, _parquet, create_tables
from kg.stores.neo4j import Neo4jStore
from kg.tables import GraphRows
from tests import neo4j_server

RUN = ["{graph}"]


def rows_of(store: Store) -> GraphRows:
    """All of a store as rows."""
    return GraphRows(
        {kind.label: [node.properties for node in nodes_of(store, kind)] for kind in NODES},
        {
            (kind.name, source, target): [
                {"from": fact.start, "to": fact.end, **fact.properties}
                for fact in relationships_of(store, kind, source, target)
            ]
            for kind in RELATIONSHIPS
            for source, target in kind.pairs
        },
    )


def bare_copy(rows: GraphRows, folder: Path) -> tuple[float, float]:
    """Seconds for COPY of all files, and for writing the files before that, which is not in the first figure."""
    started = time.perf_counter()
    files = [(f"COPY `{kind.label}` FROM ", "", rows.nodes[kind.label], dict(kind.properties)) for kind in NODES] + [
        (
            f"COPY `{relation.name}` FROM ",
            f" (from='{source}', to='{target}')",
            rows.relationships[relation.name, source, target],
            {"from": "STRING", "to": "STRING", **dict(relation.properties)},
        )
        for relation in RELATIONSHIPS
        for source, target in relation.pairs
    ]
    paths = [_parquet(Path(tempfile.mkdtemp(dir=folder)), part, types) for _, _, part, types in files]
    copies = [head + path + tail for (head, tail, _, _), path in zip(files, paths, strict=True) if path]
    written = time.perf_counter() - started
    with (
        ladybug.Database(str(folder / "bare.lbug"), buffer_pool_size=_BUFFER_BYTES, auto_checkpoint=False) as database,
        ladybug.Connection(database) as connection,
    ):
        create_tables(connection)
        started = time.perf_counter()
        for statement in copies:
            connection.execute(statement)
        connection.execute("CHECKPOINT")
        return time.perf_counter() - started, written


def main() -> None:
    """Load in every way and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph")
    parser.add_argument("--no-server", action="store_true")
    options = parser.parse_args()
    with contextlib.closing(open_store(options.graph)) as here:
        rows = rows_of(here)
        count = sum(map(len, (*rows.nodes.values(), *rows.relationships.values())))
        print(f"{count:,} rows; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
        print(f"{'':38} {'seconds':>8} {'rows/s':>10}")

        def tell(what: str, seconds: float) -> None:
            print(f"{what:38} {seconds:8.1f} {count / seconds:10,.0f}", flush=True)

        with tempfile.TemporaryDirectory() as work:
            for _ in range(2):  # taking turns, the second counts: the first warms the disk up
                copy, written = bare_copy(rows, Path(tempfile.mkdtemp(dir=work)))
                started = time.perf_counter()
                store = LadybugStore(Path(tempfile.mkdtemp(dir=work)))
                store.replace(rows)
                loaded = time.perf_counter() - started
            tell("bare COPY of the Parquet files", copy)
            tell("writing those files", written)
            tell("embedded load, files and all", loaded)
            print(f"{'share of the speed of a bare COPY':38} {copy / loaded:8.2f}")
            if options.no_server:
                return
            with imported_server(here, Path(work)) as (_, seconds):
                for what, took in seconds.items():
                    tell(what, took)
            with (
                neo4j_server.running() as server,
                contextlib.closing(Neo4jStore(server["uri"], server["password"])) as there,
            ):
                for what in ("Neo4j by batches, empty", "Neo4j by batches, again"):
                    started = time.perf_counter()
                    there.replace(rows)
                    tell(what, time.perf_counter() - started)


if __name__ == "__main__":
    main()
