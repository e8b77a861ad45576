"""Commands that ask the graph."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from kg.answers import Rows
from kg.cli.app import app
from kg.cli.console import out, print_answer, print_news
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
from kg.cypher import check, explain
from kg.errors import UsageError
from kg.graph import find, queries

if TYPE_CHECKING:
    from kg.ask.named import NamedQuery


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def query(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The query; none lists them all.")] = "",
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    form: Form = "table",
) -> None:
    """List the named queries, or run one: kg query NAME --PARAM VALUE.

    kg query NAME --help says what a query answers and which parameters it takes.
    """
    if "--help" in (name, *context.args):
        out.print(context.get_help() if name == "--help" else query_help(find(name)), markup=False)
        return
    if not name:
        rows = tuple((q.name, q.title, ", ".join(f"--{p.name}" for p in q.parameters)) for q in queries().values())
        print_answer(Rows(("query", "answers", "parameters"), rows), form)
        return
    with opened(store, graph, user, password_env) as at:
        print_answer(at.query(name, **query_options(context.args)), form)


def query_help(query: NamedQuery) -> str:
    """What a named query answers, and its parameters with their defaults."""
    lines = [f"Usage: kg query {query.name} [--PARAM VALUE]...", "", f"  {query.title}.", "", *wrapped(query.about)]
    lines += ["", "Parameters:" if query.parameters else "It takes no parameters."]
    for parameter in query.parameters:
        default = "must be given" if parameter.default is None else f"default: {parameter.default}"
        lines += [f"  --{parameter.name} {parameter.type}", *wrapped(f"{parameter.about} [{default}]", 6)]
    return "\n".join([*lines, "", "Columns:", *wrapped(", ".join(query.columns)), "", "Example:", f"  {query.example}"])


def wrapped(text: str, indent: int = 2) -> list[str]:
    """The lines of a paragraph for a terminal of 80 columns."""
    return textwrap.wrap(text, 78, initial_indent=" " * indent, subsequent_indent=" " * indent)


@app.command()
def new(
    since: Annotated[
        str, typer.Option("--since", metavar="DAY|FEED", help="Papers from this day on, or not in this feed yet.")
    ] = "",
    feed: Annotated[str, typer.Option("--feed", metavar="FEED", help="What this feed brought, instead.")] = "",
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    form: Form = "table",
    most: Annotated[int, typer.Option("--limit", min=1, help="Rows of each kind in a table.")] = 20,
) -> None:
    """Say what is new: papers, things, uses of data, best results."""
    if bool(since) == bool(feed):
        raise UsageError("give either --since, with a day (2025-03-14) or a feed, or --feed")
    with opened(store, graph, user, password_env) as at:
        print_news(at.new(since or None, feed=feed or None), form, most)


@app.command()
def cypher(
    text: Annotated[
        str, typer.Argument(metavar="CYPHER", help="One read-only statement; - reads it from standard input.")
    ],
    param: Annotated[
        list[str], typer.Option("--param", metavar="K=V", help="A parameter; the value is JSON or else text.")
    ] = [],  # noqa: B006
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    form: Form = "table",
    seconds: Seconds = 30,
    rows: MostRows = 1000,
    explained: Annotated[
        bool, typer.Option("--explain-rewrite", help="Show what the embedded store is sent; run nothing.")
    ] = False,
) -> None:
    """Run your own Cypher, read-only."""
    statement = sys.stdin.read() if text == "-" else text
    if explained:
        values = parameters(param)
        for line in explain(check(statement, values), values):
            print(line)
        return
    with opened(store, graph, user, password_env, seconds, rows) as at:
        print_answer(at.cypher(statement, **parameters(param)), form)
