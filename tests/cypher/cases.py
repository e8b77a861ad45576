"""The table of cases: statements on which the raw embedded engine and Neo4j differ, or once did, with the rows due.

`cases.jsonl` holds one a line: `kind`, `statement`, `parameters`, `graph` (fixed or odd), `columns` and `rows` as Neo4j
5.26 gives them, and `engine`: what the embedded engine alone gives, with no bridge and no guard before it (its rows,
or the text of its refusal). `python -m tests.cypher.cases` writes rows and engine anew from the two real engines.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.answers import Rows
from kg.errors import KgError
from kg.records import Node, Relationship
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from tests.cypher.grammar import Statement
from tests.cypher.judge import difference
from tests.stores.fixed_graph import fixed_graph
from tests.stores.odd_graph import odd_graph

FILE = Path(__file__).parent / "cases.jsonl"
GRAPHS = {"fixed": fixed_graph, "odd": odd_graph}
SECONDS = 120.0  # a busy machine takes long to start a process


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    kind: str
    statement: str
    parameters: dict[str, Any]
    graph: str
    columns: list[str]
    rows: list[list[Any]]
    engine: Any

    @property
    def sorted(self) -> bool:
        """Whether the last clause sorts."""
        return "ORDER BY" in self.statement.rpartition("RETURN")[2]

    def differs(self, columns: list[str], rows: list[list[Any]]) -> str:
        """How an answer differs from the one due, in a word, or ""."""
        bags = frozenset(
            place
            for place, name in enumerate(self.columns)
            if name in ("k", "l") or name.startswith(("keys", "labels"))
        )
        made = Statement(0, self.statement, {}, "list" if self.sorted else "bag", bags, frozenset())
        return difference(
            made, Rows(tuple(columns), tuple(map(tuple, rows))), Rows(tuple(self.columns), tuple(map(tuple, self.rows)))
        )


def cases() -> list[Case]:
    """The table."""
    return [Case(**json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]


def flat(cell: Any) -> Any:
    """A cell as JSON holds it."""
    if isinstance(cell, Node):
        return {"node": cell.label, **{k: flat(v) for k, v in cell.properties.items()}}
    if isinstance(cell, Relationship):
        return {
            "relationship": cell.type,
            "from": cell.start,
            "to": cell.end,
            **{k: flat(v) for k, v in cell.properties.items()},
        }
    if isinstance(cell, list | tuple):
        return [flat(item) for item in cell]
    if isinstance(cell, dict):
        return {name: flat(item) for name, item in cell.items()}
    if isinstance(cell, float) and (cell != cell or abs(cell) == float("inf")):
        return repr(cell)
    return (
        cell.isoformat()
        if isinstance(cell, datetime.date)
        else cell
        if cell is None or isinstance(cell, bool | int | float | str)
        else str(cell)
    )


def flat_rows(rows: Rows) -> list[list[Any]]:
    """The rows as JSON holds them."""
    return [[flat(cell) for cell in row] for row in rows.rows]


class Raw:
    """The embedded engine alone, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_raw, args=(theirs, self._folder), daemon=True)
        self._process.start()
        theirs.close()

    def answer(self, statement: str, parameters: Mapping[str, Any]) -> Any:
        """Columns and rows, or the text of the refusal."""
        self._pipe.send((statement, dict(parameters)))
        with contextlib.suppress(EOFError, ConnectionError):
            if self._pipe.poll(SECONDS):
                return self._pipe.recv()
        self.close()
        self._start()
        return "the engine gave no answer"

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _raw(pipe: Connection, folder: Path) -> None:
    import ladybug

    connection = ladybug.Connection(
        ladybug.Database(str(folder / "graph.lbug"), read_only=True, buffer_pool_size=1 << 29)
    )
    while True:
        try:
            statement, parameters = pipe.recv()
        except EOFError:
            return
        try:
            result = connection.execute(statement, parameters)
            rows = []
            while result.has_next():
                rows.append([_plain(cell) for cell in result.get_next()])
            pipe.send({"columns": result.get_column_names(), "rows": rows})
        except Exception as error:
            pipe.send(" ".join(str(error).split())[:300])


def _plain(cell: Any) -> Any:
    """A cell of the engine's as JSON holds it, without the numbers it gives nodes."""
    if isinstance(cell, dict):
        label = {"label": cell["_LABEL"]} if "_LABEL" in cell else {}
        return {
            **label,
            **{str(k): _plain(v) for k, v in cell.items() if k in ("_NODES", "_RELS") or not k.startswith("_")},
        }
    if isinstance(cell, list | tuple):
        return [_plain(item) for item in cell]
    if isinstance(cell, decimal.Decimal):  # what sum() gives for whole numbers
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return flat(cell)


@contextlib.contextmanager
def loaded(graph: str, server: Mapping[str, Any] | None) -> Iterator[tuple[Path, Neo4jStore | None]]:
    """The folder of a graph for the embedded store; and, if there is a server, the same there."""
    with tempfile.TemporaryDirectory(prefix="kg-cases-") as work:
        folder = Path(work, "graph")
        store = LadybugStore(folder)
        store.replace(GRAPHS[graph]())
        store.close()
        neo4j = None
        if server is not None:
            neo4j = Neo4jStore(server["uri"], server["password"])
            neo4j.replace(GRAPHS[graph]())
        yield folder, neo4j
        if neo4j is not None:
            neo4j.close()


def write(lines: list[dict[str, Any]], server: Mapping[str, Any]) -> list[str]:
    """Fill in rows and engine of `lines` and write the table; the statements that Neo4j refuses."""
    refused = []
    for graph in GRAPHS:
        own = [line for line in lines if line["graph"] == graph]
        with loaded(graph, server) as (folder, neo4j):
            assert neo4j is not None
            raw = Raw(folder)
            for line in own:
                try:
                    due = neo4j.read(line["statement"], line["parameters"])
                except KgError as error:
                    refused.append(f"{line['statement']}: {error}")
                    continue
                line["columns"], line["rows"] = list(due.columns), flat_rows(due)
                line["engine"] = raw.answer(line["statement"], line["parameters"])
            raw.close()
    names = ("kind", "statement", "parameters", "graph", "columns", "rows", "engine")
    text = [json.dumps({n: line[n] for n in names}, ensure_ascii=False) for line in lines if "rows" in line]
    FILE.write_text("\n".join(text) + "\n", encoding="utf-8")
    return refused


def main() -> int:
    """Write the table anew; see the top of this file."""
    from tests.support.neo4j_server import running

    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    with running() as server:
        refused = write(lines, server)
    print(f"{len(lines) - len(refused)} cases, with ladybug {version('ladybug')}", *refused, sep="\n")  # noqa: T201
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
