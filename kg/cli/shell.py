"""`kg shell`: a prompt for Cypher and the named queries, with the guard and the limits of `kg cypher`."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.answers import Rows
from kg.cli.app import app
from kg.cli.console import err, out, print_answer
from kg.cli.options import (
    DEFAULT_GRAPH,
    Form,
    Graph,
    MostRows,
    PasswordEnv,
    Seconds,
    StoreAt,
    User,
    opened,
    parameters,
    query_options,
)
from kg.errors import KgError, UsageError
from kg.graph import Graph as GraphAt
from kg.graph import queries

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History

_HELP = """\
A statement ends with ; or an empty line. Tab completes.
Ctrl-C stops a query, Ctrl-D leaves.
:queries [WORD]          the named queries, or those with WORD in their name
:run NAME --PARAM VALUE  run a named query
:schema                  labels and relationship types with properties
:param NAME=VALUE        set $NAME for what follows; :param lists them
:format FORM             print as table, json, jsonl or csv
:help                    this
:quit                    leave"""
COMMANDS = (":help", ":queries", ":run", ":schema", ":param", ":format", ":quit")


@app.command()
def shell(
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    form: Form = "table",
    seconds: Seconds = 30,
    rows: MostRows = 1000,
) -> None:
    """Ask the graph at a prompt: Cypher and named queries."""
    with opened(store, graph, user, password_env, seconds, rows) as at:
        at.check()  # says now, and not at the first question, where there is no graph
        session = Shell(at, form)
        if sys.stdin.isatty() and sys.stdout.isatty():
            out.print(":help says what there is to ask; :quit leaves", markup=False)
            session.run(_typed())
        else:
            session.run(_piped())
            if session.failed:
                raise typer.Exit(1)


class Shell:
    """Runs what is typed, one statement or command at a time; `failed` says whether one of them did."""

    def __init__(self, graph: GraphAt, form: str) -> None:
        self._graph, self._form = graph, form
        self._given: dict[str, Any] = {}
        self.failed = False
        self._commands: dict[str, Callable[[str], None]] = {
            ":help": lambda _: out.print(_HELP, markup=False),
            ":queries": self._queries,
            ":run": self._run,
            ":schema": self._schema,
            ":param": self._param,
            ":format": self._set_format,
        }

    def run(self, entries: Iterator[str]) -> None:
        """Do one entry after another until they end or one says :quit."""
        for entry in entries:
            if entry.strip() in (":quit", ":exit", ":q"):
                return
            try:
                self._do(entry.strip())
            except KgError as error:
                self._say(str(error))
            except KeyboardInterrupt:
                self._say("stopped")

    def _do(self, entry: str) -> None:
        if not entry.startswith(":"):
            print_answer(self._graph.cypher(entry, **self._given), self._form)
            return
        name, _, rest = entry.partition(" ")
        if name not in self._commands:
            raise UsageError(f"no command {name}; there are: {', '.join(COMMANDS)}")
        self._commands[name](rest.strip())

    def _say(self, message: str) -> None:
        from kg.answers import printable

        self.failed = True
        err.print(f"kg: {printable(' '.join(message.split()))}", markup=False, soft_wrap=True)

    def _queries(self, word: str) -> None:
        found = [query for name, query in queries().items() if word in name]
        rows = tuple((q.name, q.title, ", ".join(f"--{p.name}" for p in q.parameters)) for q in found)
        print_answer(Rows(("query", "answers", "parameters"), rows), self._form)

    def _run(self, rest: str) -> None:
        try:
            words = shlex.split(rest)
        except ValueError:
            raise UsageError("a quote is not closed; close it") from None
        if not words:
            raise UsageError("say which query: :run NAME --PARAM VALUE; :queries lists them")
        print_answer(self._graph.query(words[0], **query_options(words[1:])), self._form)

    def _schema(self, _: str) -> None:
        from kg.schema import NODES, RELATIONSHIPS

        nodes = [(f"(:{n.label})", ", ".join(name for name, _ in n.properties)) for n in NODES]
        between = [
            (
                f"[:{r.name}] {'/'.join(dict.fromkeys(a for a, _ in r.pairs))} to "
                f"{'/'.join(dict.fromkeys(b for _, b in r.pairs))}",
                ", ".join(name for name, _ in r.properties),
            )
            for r in RELATIONSHIPS
        ]
        print_answer(Rows(("type", "properties"), (*nodes, *between)), self._form)

    def _param(self, rest: str) -> None:
        if rest:
            self._given |= parameters([rest])
        else:
            print_answer(Rows(("parameter", "value"), tuple(self._given.items())), self._form)

    def _set_format(self, form: str) -> None:
        from kg.answers import OUTPUT_FORMATS

        if form not in OUTPUT_FORMATS:
            raise UsageError(f"no format {form!r}; there are: {', '.join(OUTPUT_FORMATS)}")
        self._form = form


def is_whole(text: str) -> bool:
    """Whether an entry is complete: a command, a statement with its ;, or one ended by an empty line."""
    from kg.cypher import tokenize

    if text.lstrip().startswith(":") or not text.strip() or text.endswith("\n"):
        return True
    try:
        tokens = tokenize(text)
    except KgError as error:
        return "is not closed" not in str(error) and text.rstrip().endswith(";")
    return len(tokens) > 1 and tokens[-2].text == ";"


def _piped() -> Iterator[str]:
    """The entries of standard input that is no terminal."""
    entry = ""
    for line in sys.stdin:
        entry += line
        if is_whole(entry.removesuffix("\n")) or not line.strip():
            if entry.strip():
                yield entry
            entry = ""
    if entry.strip():
        yield entry


def _typed() -> Iterator[str]:
    """What is typed at the prompt, until Ctrl-D."""
    session = _prompt()
    while True:
        try:
            entry = session.prompt()
        except KeyboardInterrupt:  # at the prompt it drops what is typed
            continue
        except EOFError:
            return
        if entry.strip():
            yield entry


def _prompt() -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    from kg.cli.complete import ShellCompleter

    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return PromptSession(
        "kg> ",
        multiline=True,
        prompt_continuation=lambda width, *_: "... ".rjust(width),
        key_bindings=keys,
        completer=ShellCompleter(COMMANDS, queries()),
        complete_while_typing=False,
        history=_history(),
    )


def _history() -> History:
    """What was typed, kept for the next time where the user's folder for such things can be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "paper-kg"
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
        file = state / "shell-history"
        file.touch(mode=0o600)
        return FileHistory(str(file))
    return InMemoryHistory()
