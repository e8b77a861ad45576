"""`kg shell`, with a pipe for its input and with a real pseudo-terminal, on both stores."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from kg.ask.named import named_queries
from kg.cli.complete import ShellCompleter
from kg.cli.shell import COMMANDS, is_whole
from kg.stores.neo4j import PASSWORD_VARIABLE, Neo4jStore
from tests.conftest import Server
from tests.stores.fixed_graph import fixed_graph
from tests.stores.test_contract import LONG

Kg = Callable[..., subprocess.CompletedProcess[str]]
SECONDS = 120  # how long a busy machine may take; nothing is measured


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", True),
        (":help", True),
        ("RETURN 1;", True),
        ("RETURN 1 ; ", True),
        ("RETURN 1; // said", True),
        ("RETURN 1", False),
        ("RETURN ';'", False),
        ("RETURN 'a;", False),
        ("RETURN 1 /* ;", False),
        ("MATCH (n)\nRETURN n;", True),
        ("MATCH (n)\n", True),
        ("RETURN \\u0031;", True),  # refused later, with the reason
    ],
)
def test_where_a_statement_ends(text: str, whole: bool) -> None:
    assert is_whole(text) == whole


@pytest.mark.parametrize(
    ("text", "some"),
    [
        (":ru", [":run"]),
        ("MATCH (n:Mo", ["Model"]),
        ("MATCH (n:Model|Me", ["Method", "Metric"]),
        ("MATCH (n)-[:INT", ["INTRODUCES"]),
        ("MATCH (n)-[r:USES|EVAL", ["EVALUATES_ON"]),
        ("MATCH (n) WHERE n.conf", ["confidence"]),
        (":run papers/na", ["papers/naming"]),
        (":run nam", ["naming"]),
        (":run naming --na", ["--name"]),
        (":run papers/naming --name CLIP --l", ["--limit"]),
        ("mat", ["MATCH"]),
        ("", []),
        ("MATCH (n:zzz", []),
    ],
)
def test_what_is_completed(text: str, some: list[str]) -> None:
    completer = ShellCompleter(COMMANDS, named_queries())
    assert [c.text for c in completer.get_completions(Document(text), CompleteEvent())] == some


def test_all_commands_by_a_pipe(kg: Kg, graph: Path) -> None:
    typed = (
        ":queries naming\n:run naming --name clip --limit 1\n:schema\n:param who=CLIP\n:format csv\n"
        "MATCH (m:Model)\nWHERE m.name = $who // the one\nRETURN m.name AS name;\nRETURN 1 AS last"
    )
    done = kg("shell", "--graph", str(graph), stdin=typed)
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("papers/naming", "[:INTRODUCES]", "(:Model)", "name\nCLIP\n", "last\n1\n"):
        assert said in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_what_is_refused_is_one_line_and_the_rest_goes_on(kg: Kg, graph: Path) -> None:
    wrong = [
        "MATCH (n) DELETE n;",
        ":nope",
        ":run nosuch",
        ":run naming --x 1",
        ":run 'a",
        ":format xml",
        ":param x",
        ":run",
    ]
    typed = "\n".join([*wrong, "RETURN 7 AS x;"])
    done = kg("shell", "--graph", str(graph), "--format", "csv", stdin=typed)
    assert done.returncode == 1
    assert done.stdout == "x\n7\n"
    lines = done.stderr.splitlines()
    assert len(lines) == len(wrong)
    assert all(line.startswith("kg: ") for line in lines)
    assert kg("shell", "--graph", str(graph), stdin=":quit\nMATCH (n) DELETE n;").returncode == 0
    assert "kg build" in kg("shell", "--graph", "nothing").stderr


def test_a_statement_is_stopped_at_its_limits(kg: Kg, graph: Path) -> None:
    typed = f"{LONG};\nUNWIND range(1, 9) AS x RETURN x;\n"
    done = kg("shell", "--graph", str(graph), "--timeout", "0.5", "--limit", "3", "--format", "csv", stdin=typed)
    assert done.stdout == "x\n1\n2\n3\n"
    assert "stopped after 0.5 s" in done.stderr
    assert "only the first 3 rows" in done.stderr


@pytest.fixture(params=["graph", "server"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """A shell in a pseudo-terminal, on each kind of store."""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"}
    if request.param == "server":
        server: Server = request.getfixturevalue("neo4j_server")
        store = Neo4jStore(server["uri"], server["password"])
        store.replace(fixed_graph())
        store.close()
        environment[PASSWORD_VARIABLE] = server["password"]
        where = ["--store", server["uri"]]
    else:
        where = ["--graph", str(request.getfixturevalue("graph"))]
    child: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-m", "kg", "shell", *where], env=environment, encoding="utf-8", timeout=SECONDS
    )
    child.setwinsize(40, 100)
    yield child
    child.close(force=True)


def test_at_a_terminal(terminal: pexpect.spawn[str], tmp_path: Path) -> None:
    terminal.expect("kg>")
    terminal.send("MATCH (m:Mode\t")
    terminal.expect("Mode")
    terminal.expect(r"(?<!\d)l")  # what the completion adds; those after a digit steer the terminal
    terminal.send(") WHERE m.name = 'CLIP'\r")  # not whole yet: goes on in the next line
    terminal.expect(r"\.\.\.")
    terminal.send("RETURN m.name + '!' AS shown;\r")
    terminal.expect("CLIP!")
    terminal.expect("kg>")
    terminal.send("MATCH (n) DELETE n;\r")
    terminal.expect("DELETE does more than read")
    terminal.expect("kg>")
    terminal.send("half a state\x03")  # Ctrl-C at the prompt drops it
    terminal.send(":run naming --name clip --limit 1\r")
    terminal.expect("evidence")
    terminal.expect("kg>")
    terminal.send(f"{LONG};\r")
    terminal.expect(r"\?2004l")  # the line was taken
    terminal.send("\x03")
    terminal.expect("kg: stopped")
    terminal.expect("kg>")
    terminal.send("RETURN 41 + 1 AS goes_on;\r")
    terminal.expect("42")
    terminal.expect("kg>")
    terminal.send("\x04")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0
    history = (tmp_path / "paper-kg" / "shell-history").read_text(encoding="utf-8")
    assert "RETURN 41 + 1 AS goes_on;" in history
    assert (tmp_path / "paper-kg" / "shell-history").stat().st_mode & 0o777 == 0o600
