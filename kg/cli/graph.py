"""Commands that make a graph, move it, and say what is in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import app
from kg.cli.console import load_bar, out, print_answer, print_summary, show_progress
from kg.cli.options import (
    DEFAULT_EXTRACTOR,
    DEFAULT_GRAPH,
    Address,
    As,
    Columns,
    Encoding,
    EngineName,
    Extractor,
    Form,
    Graph,
    Least,
    Lenient,
    MoreFeeds,
    PasswordEnv,
    StoreAt,
    User,
    Workers,
    opened,
    reading,
)
from kg.errors import StoreError, UsageError
from kg.stores import Rows


@app.command()
def build(
    feeds: MoreFeeds = [],  # noqa: B006
    graph: Graph = DEFAULT_GRAPH,
    store: Annotated[
        str, typer.Option("--store", metavar="WHERE", help="Load the graph into this server too: neo4j://host:port.")
    ] = "",
    user: User = "",
    password_env: PasswordEnv = "",
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
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
    from kg.extraction import Engine
    from kg.pipeline import build as run

    with opened(store, graph, user, password_env) as at, load_bar() as bar:
        server = None
        if store:
            at.exists()  # a server that cannot be reached is no reason to wait for all of the build first
            server = (at, bar)
        summary = run(
            feeds,
            graph,
            extractor=extractor,
            min_confidence=min_confidence,
            engine=Engine(engine, workers or 0, address),
            fresh=everything,
            progress=show_progress,
            reading=reading(as_, columns, encoding),
            server=server,
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
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
) -> None:
    """Take papers, or a feed, out of a graph.

    To add their feed again brings them back.
    """
    from kg.extraction import Engine
    from kg.pipeline import remove as run

    if not papers and not feed:
        raise UsageError("kg remove wants ids of papers, or --feed NAME")
    summary = run(
        graph,
        papers,
        feed or None,
        extractor=extractor,
        min_confidence=min_confidence,
        engine=Engine(workers=0),
        progress=show_progress,
    )
    print_summary(summary, graph)


@app.command()
def load(
    store: Annotated[str, typer.Option("--store", metavar="WHERE", help="The store: neo4j://user@host:port/database.")],
    graph: Graph = DEFAULT_GRAPH,
    user: User = "",
    password_env: PasswordEnv = "",
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
) -> None:
    """Load a graph folder into a server; again changes nothing."""
    from kg.pipeline import load_into

    with opened(store, graph, user, password_env) as at, load_bar() as progress:
        rows = load_into(at, graph, extractor=extractor, min_confidence=min_confidence, progress=progress)
    nodes = sum(map(len, rows.nodes.values()))
    relationships = sum(map(len, rows.relationships.values()))
    out.print(f"{nodes} nodes and {relationships} relationships loaded", markup=False)


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
    with opened(store, graph, user, password_env) as at:
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
    if twice:
        from kg.ask.explain import texts_in_graph

        if store:
            raise UsageError("--twice reads the graph folder; name it with --graph, without --store")
        texts = texts_in_graph(graph)
        if form == "table":  # abstracts side by side are for another program
            texts = Rows(texts.columns[:-1], tuple(row[:-1] for row in texts.rows))
        print_answer(texts, form)
        return
    from kg.schema import NODES, RELATIONSHIPS

    with opened(store, graph, user, password_env) as at:
        counts = [
            *((n.label, n.about, f"MATCH (n:{n.label}) RETURN count(n)") for n in NODES),
            *((r.name, r.about, f"MATCH ()-[r:{r.name}]->() RETURN count(r)") for r in RELATIONSHIPS),
        ]
        rows = tuple((name, at.read(text).rows[0][0], about) for name, about, text in counts)
    print_answer(Rows(("type", "count", "what it is"), rows), form)
