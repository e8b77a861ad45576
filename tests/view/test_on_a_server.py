"""The explorer on a Neo4j server: the same answers as on the graph folder, and the same picture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.stores.conftest import running_or_skipped
from tests.support.serving import Explorer, browsing, served

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def explorers(graph: Path) -> Iterator[tuple[Explorer, Explorer]]:
    """The graph of the three papers, served from its folder and from a Neo4j server."""
    with running_or_skipped() as server:
        where = server["uri"].replace("://", f"://{server['user']}@")
        password = {"KG_NEO4J_PASSWORD": server["password"]}
        subprocess.run(
            [sys.executable, "-m", "kg", "load", "--graph", str(graph), "--store", where],
            check=True,
            capture_output=True,
            env={**os.environ, **password},
        )
        with served("--graph", str(graph)) as embedded, served("--store", where, **password) as on_server:
            yield embedded, on_server


def both(explorers: tuple[Explorer, Explorer], path: str) -> tuple[Any, Any]:
    answers = [explorer.ask(path) for explorer in explorers]
    assert [status for status, _, _ in answers] == [200, 200], answers
    return json.loads(answers[0][2]), json.loads(answers[1][2])


@pytest.mark.parametrize(
    "path",
    [
        "summary",
        "search?q=clip",
        "search?q=imagnet",
        "node?id=model:clip",
        "node?id=dataset:imagenet",
        "profile?id=model:clip",
        "profile?id=dataset:imagenet",
        "boards",
        "graph?around=model:clip",
        "graph?around=dataset:imagenet&most=6&add=model:clip",
        "graph?path=dataset:ade20k&to=dataset:laion-400m",
        "graph?query=papers/naming&p.name=CLIP",
    ],
)
def test_both_give_the_same(explorers: tuple[Explorer, Explorer], path: str) -> None:
    embedded, on_server = both(explorers, f"/api/{path}")
    assert embedded == on_server


def test_a_statement_is_checked_limited_and_answered(explorers: tuple[Explorer, Explorer]) -> None:
    statement = "MATCH (m:Model) WHERE m.name CONTAINS $part RETURN m, m.papers ORDER BY m.id"
    query = urlencode({"cypher": statement, "p.part": "CLIP"})
    embedded, on_server = both(explorers, f"/api/ask?{query}")
    assert embedded["rows"] == on_server["rows"] != []
    for refused in ("CREATE (n:Model {id: 'x'})", "MATCH (n) DETACH DELETE n", "CALL db.labels()"):
        assert explorers[1].ask(f"/api/ask?{urlencode({'cypher': refused})}")[0] == 400
    wrong = explorers[1].ask(f"/api/ask?{urlencode({'cypher': 'MATCH (m:Model) RETURN nothing'})}")
    assert (wrong[0], json.loads(wrong[2])["line"]) == (400, 1)


@pytest.mark.browser
def test_the_picture_is_drawn(chromium: Any, explorers: tuple[Explorer, Explorer], request: Any) -> None:
    with browsing(chromium, explorers[1], request.node.name) as opened:
        page = opened(explorers[1].at(v="graph", around="model:clip", sel="model:clip"))
        page.locator("#panel mark").first.wait_for()
