"""Neo4j's import tool on what `kg export --format neo4j-admin` wrote, for the tests and the benchmarks."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import neo4j

from kg.export.neo4j_admin import FINISH, SCRIPT
from tests.support.neo4j_server import admin


def run_import(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command of the script in `folder` for a server in `home`; the tool is called through Java here."""
    script = (folder / SCRIPT).read_text(encoding="utf-8").partition("neo4j-admin ")[2].replace("\\\n", " ")
    words = []
    for word in shlex.split(script):
        head, equals, file = word.rpartition("=")
        words.append(f"{head}{equals}{folder / file}" if file.endswith(".csv") else word)
    return admin(home, *(word for word in words if word != "$@"))


def run_finish(folder: Path, server: dict[str, Any]) -> None:
    """Run what the user runs with cypher-shell after the import."""
    with (
        neo4j.GraphDatabase.driver(server["uri"], auth=(server["user"], server["password"])) as driver,
        driver.session() as session,
    ):
        for statement in (folder / FINISH).read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                session.run(statement).consume()
        session.run("CALL db.awaitIndexes(600)").consume()
