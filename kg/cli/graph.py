"""Commands that make a graph, move it, and say what is in it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.answers import Rows, counted
from kg.cli.app import app
from kg.cli.console import load_bar, out, print_answer, print_summary, show_progress
from kg.cli.options import (
    DEFAULT_GRAPH,
    Address,
    As,
    Columns,
    Encoding,
    EngineName,
    Form,
    Graph,
    KeptExtractor,
    KeptLeast,
    Lenient,
    MoreFeeds,
    PasswordEnv,
    StoreAt,
    User,
    Workers,
    opened,
)
from kg.errors import StoreError, UsageError


@app.command()
def build(
    feeds: MoreFeeds = [],  # noqa: B006
    graph: Graph = DEFAULT_GRAPH,
    store: Annotated[
        str, typer.Option("--store", metavar="WHERE", help="Load the graph into this server too: neo4j://host:port.")
    ] = "",
    user: User = "",
    password_env: PasswordEnv = "",
    extractor: KeptExtractor = None,
    min_confidence: KeptLeast = None,
    lenient: Lenient = False,
    workers: Workers = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Extract every text again, not only what is stale.")
    ] = False,
    engine: EngineName = "local",
    address: Address = "",
    as_: As = "",
    columns: Columns = [],  # noqa: B006
    encoding: Encoding = "",
) -> None:
    """Read feeds into a graph; adding a feed again changes nothing."""
    from kg.read.columns import parse_columns

    if (user or password_env) and not store:
        raise UsageError("--user and --password-env are for a server; say which with --store neo4j://host:port")
    with opened("", graph) as made, load_bar() as bar, contextlib.ExitStack() as stack:
        server = stack.enter_context(opened(store, graph, user, password_env)) if store else None
        summary = made.add(
            feeds,
            extractor=extractor,
            min_confidence=min_confidence,
            workers=workers or 0,
            engine=engine,
            address=address,
            fresh=everything,
            format=as_ or None,
            columns=parse_columns(columns),
            encoding=encoding or None,
            server=server,
            progress=show_progress,
            load_progress=bar,
        )
    print_summary(summary, graph)
    if summary.set_aside.count and not lenient:
        raise typer.Exit(1)


@app.command()
def remove(
    papers: Annotated[
        list[str], typer.Argument(metavar="[PAPER_ID...]", help="Ids of papers, as kg query shows them.")
    ] = [],  # noqa: B006
    feed: Annotated[
        str, typer.Option("--feed", metavar="NAME", help="Remove this feed and the papers that no other feed lists.")
    ] = "",
    graph: Graph = DEFAULT_GRAPH,
) -> None:
    """Take papers, or a feed, out of a graph.

    To add their feed again brings them back.
    """
    if not papers and not feed:
        raise UsageError("kg remove wants ids of papers, or --feed NAME")
    with opened("", graph) as at:
        summary = at.remove(papers, feed=feed or None, progress=show_progress)
    print_summary(summary, graph)


@app.command()
def load(
    store: Annotated[str, typer.Option("--store", metavar="WHERE", help="The store: neo4j://user@host:port/database.")],
    graph: Graph = DEFAULT_GRAPH,
    user: User = "",
    password_env: PasswordEnv = "",
) -> None:
    """Load a graph folder into a server; again changes nothing."""
    with opened("", graph) as at, opened(store, graph, user, password_env) as server, load_bar() as progress:
        nodes, relationships = at.load(server, progress=progress)
    out.print(f"{counted(nodes, 'node')} and {counted(relationships, 'relationship')} loaded", markup=False)


@app.command()
def export(
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl|csv|graphml|gexf|neo4j-admin", help="The format.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="A file, or a folder for csv and neo4j-admin.")
    ] = None,
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
) -> None:
    """Write the graph for other programs."""
    from kg.export import FORMATS, text_lines, write_csv
    from kg.export.neo4j_admin import FINISH, write_import

    if form not in FORMATS:
        raise UsageError(f"no format {form!r}; there are: {', '.join(FORMATS)}")
    with opened(store, graph, user, password_env) as at_graph:
        at = at_graph._opened()
        if form == "csv" and output:
            write_csv(at, output)
            return
        if form == "neo4j-admin" and output:
            command = write_import(at, output)
            out.print(
                f"Stop the server, run this as its user, and start it again:\n  {command}\n"
                f"Then, for the constraints and empty lists:\n  cypher-shell -f {output / FINISH}",
                markup=False,
                soft_wrap=True,
            )
            return
        lines = text_lines(at, form)
        if output is None:
            sys.stdout.writelines(f"{line}\n" for line in lines)
            return
        try:
            with output.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise StoreError(f"{output}: cannot be written ({error.strerror or error}); choose another -o") from None


@app.command()
def info(
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    form: Form = "table",
    twice: Annotated[
        bool, typer.Option("--twice", help="The papers that came with several texts, and which holds.")
    ] = False,
) -> None:
    """What is in a graph: nodes and relationships by type."""
    with opened(store, graph, user, password_env) as at:
        if not twice:
            print_answer(at.info(), form)
            return
        if store:
            raise UsageError("--twice reads the graph folder; name it with --graph, without --store")
        texts = at.texts()
    if form == "table":  # abstracts side by side are for another program
        texts = Rows(texts.columns[:-1], tuple(row[:-1] for row in texts.rows))
    print_answer(texts, form)
