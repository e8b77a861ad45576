"""Commands that make a graph, move it, and say what is in it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.answers import Rows, counted
from kg.cli.app import app
from kg.cli.console import err, load_bar, out, print_answer, print_summary, show_progress
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
from kg.errors import UsageError


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
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on although a part of the ledger is lost or damaged.")
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
            accept_loss=accept_loss,
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
        str, typer.Option("--format", metavar="NAME", help="The format; `--format list` names them all.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help="A file, or a folder for formats of many files."),
    ] = None,
    query: Annotated[
        str, typer.Option("--query", metavar="NAME", help="Only the papers in the answer of this named query.")
    ] = "",
    param: Annotated[list[str], typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the query.")] = [],  # noqa: B006
    feed: Annotated[str, typer.Option("--feed", metavar="NAME", help="Only the papers that this feed lists.")] = "",
    types: Annotated[
        list[str],
        typer.Option("--type", metavar="LABEL", help="Only nodes of this type, such as Model; may be repeated."),
    ] = [],  # noqa: B006
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", metavar="0-1", help="Leave out facts that are less sure.")
    ] = 0.0,
    abstracts: Annotated[
        bool, typer.Option("--abstracts/--no-abstracts", help="With the abstracts, or without.")
    ] = True,
    datasets: Annotated[
        Path | None,
        typer.Option("--datasets", metavar="TABLE.csv", help="For hf-eval: the ids of benchmarks at Hugging Face."),
    ] = None,
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
) -> None:
    """Write the graph, or a part of it, for other programs."""
    from kg.export import FORMATS

    if form == "list":
        for name, kind in FORMATS.items():
            out.print(f"{name:16}{kind}", markup=False, highlight=False)
        return
    if not form and (output is None or not output.suffix):
        form = "jsonl"
    given: dict[str, str] = {}
    for pair in param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--param {pair!r}: write it as NAME=VALUE")
        given[name] = value
    with opened(store, graph, user, password_env) as at:
        done = at.export(
            output or sys.stdout,
            form or None,
            query=query,
            parameters=given,
            feed=feed,
            types=types,
            min_confidence=min_confidence,
            abstracts=abstracts,
            datasets=datasets,
        )
    told = out if output else err
    for line in done.told:
        told.print(line, markup=False, highlight=False, soft_wrap=True)


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
