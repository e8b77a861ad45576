"""`kg export --format neo4j-admin`: Neo4j's own import tool takes it, and the server then answers as the graph did."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from kg.ask.named import named_queries
from kg.export import as_jsonl
from kg.export.neo4j_admin import SCRIPT
from kg.stores.ladybug import LadybugStore
from kg.stores.neo4j import Neo4jStore
from kg.tables import GraphRows
from tests.conftest import absent
from tests.neo4j_import import run_finish, run_import
from tests.neo4j_server import UnavailableError
from tests.queries import golden
from tests.stores.conftest import running_or_skipped
from tests.stores.fixed_graph import fixed_graph
from tests.stores.test_contract import AWKWARD

LISTS = [[], [""], ["", ""], ["a", "", "b"], ["\x1f"], ["\x1e", "\x1d"], ['"', ",", ";", "a\r\nb"], [" a "], None]


def graph() -> GraphRows:
    """The fixed graph, and things with every text and list that a file of values might spoil."""
    rows = fixed_graph()
    texts = [*AWKWARD, "x" * 10_000, "Zeile\n" * 2000, "a\rb", '""', '","', "\\N", "é" * 1_200_000]
    for number, text in enumerate(texts):
        rows.nodes["Page"].append({"id": f"odd:{text[:50]}", "name": text, "kind": str(number), "url": text[::-1][:99]})
    for number, aliases in enumerate(LISTS):
        # No spelling here may be one that a query of the library asks for.
        thing = {"id": f"metric:odd-{number}", "name": f"odd {number}", "aliases": aliases, "papers": number}
        rows.nodes["Metric"].append(thing | {"first_seen": None})
        fact = {"from": "arxiv:91", "to": thing["id"], "surfaces": aliases, "evidence": 'a\n"b"', "start": None}
        rows.relationships["USES", "Paper", "Metric"].append(fact)
    # The same id under two labels.
    rows.nodes["Author"].append({"id": "odd:same", "name": "one"})
    rows.nodes["Feed"].append({"id": "odd:same", "name": "other", "published": None})
    for part in (*rows.nodes.values(), *rows.relationships.values()):
        part.sort(key=lambda row: [row.get("from", ""), row.get("to", ""), row.get("id", "")])
    return rows


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LadybugStore, Neo4jStore]]:
    """The graph in the embedded store, and in a server that got it through the import tool."""
    folder = tmp_path_factory.mktemp("import")
    here = LadybugStore(folder / "graph")
    here.replace(graph())
    command = [sys.executable, "-m", "kg", "export", "--format", "neo4j-admin", "-o", str(folder / "out")]
    done = subprocess.run([*command, "--graph", str(folder / "graph")], capture_output=True, text=True, check=True)
    assert f"sh {folder / 'out' / SCRIPT}" in done.stdout
    where = folder / "home"
    try:
        tool = run_import(folder / "out", where)
    except UnavailableError as error:
        absent(str(error))
    assert tool.returncode == 0, tool.stdout[-2000:] + tool.stderr[-2000:]
    with running_or_skipped(where) as server:
        run_finish(folder / "out", server)
        there = Neo4jStore(server["uri"], server["password"])
        yield here, there
        there.close()
    here.close()


def test_every_text_and_list_comes_through(imported: tuple[LadybugStore, Neo4jStore]) -> None:
    here, there = imported
    for one, other in zip(as_jsonl(here), as_jsonl(there), strict=True):
        assert one == other


def test_loading_after_an_import_changes_nothing(imported: tuple[LadybugStore, Neo4jStore]) -> None:
    _, there = imported
    before = list(as_jsonl(there))
    there.replace(graph())
    assert list(as_jsonl(there)) == before


@pytest.mark.parametrize("name", named_queries())
def test_the_named_queries_give_equal_rows(imported: tuple[LadybugStore, Neo4jStore], name: str) -> None:
    query = named_queries()[name]
    here, there = (golden.answers(store, query)["answers"] for store in imported)
    assert here == there
    assert json.loads(golden.path(query).read_text(encoding="utf-8"))["answers"]
