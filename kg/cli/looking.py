"""Commands that show the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kg.answers import counted
from kg.cli.app import app
from kg.cli.console import note, out, print_answer, print_summary, show_progress
from kg.cli.options import DEFAULT_GRAPH, Graph, PasswordEnv, StoreAt, User, opened, query_options
from kg.graph import queries

MOST_DRAWN = 5000  # rows of a statement that are drawn


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def view(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[QUERY NAME]", help="Draw what a named query answers; none draws all.")
    ] = "",
    around: Annotated[str, typer.Option("--around", metavar="NAME", help="Draw what is around a thing or paper.")] = "",
    text: Annotated[str, typer.Option("--cypher", metavar="CYPHER", help="Draw what a statement answers.")] = "",
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.html", help="The page to write.")] = Path(
        "kg-view.html"
    ),
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
) -> None:
    """Write one HTML page to explore; it works with the network off."""
    # `kg view query NAME` reads like the help; `kg view NAME` is shorter.
    args = list(context.args)
    if name == "query" and args and not args[0].startswith("-"):
        name = args.pop(0)
    with opened(store, graph, user, password_env, rows=MOST_DRAWN) as at:
        shown = at.view(
            output, around=around or None, query=name or None, cypher=text or None, parameters=query_options(args)
        )
    note(shown.note)
    left = f" ({counted(shown.left, 'more neighbour')} not drawn)" if shown.left else ""
    drawn = counted(len(shown.nodes), "node")
    out.print(f"{output}: {drawn}{left}. Open it in a browser.", markup=False, soft_wrap=True)


@app.command()
def serve(
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    user: User = "",
    password_env: PasswordEnv = "",
    host: Annotated[str, typer.Option("--host", help="Where to listen; other than this machine wants a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes any that is free.")] = 8765,
    token: Annotated[
        str, typer.Option("--token", envvar="KG_SERVE_TOKEN", help="What a visitor must know, 16 characters or more.")
    ] = "",
) -> None:
    """Explore the graph in the browser, read-only, until stopped."""

    def ready(address: str) -> None:
        out.print(f"The explorer is at {address}", markup=False, soft_wrap=True)
        if token:
            out.print(f"Open {address}?token=YOUR-TOKEN once in each browser.", markup=False, soft_wrap=True)
        out.print("Stop it with Ctrl+C.")

    with opened(store, graph, user, password_env) as at:
        at.serve(host, port, token=token, ready=ready)


@app.command()
def demo(
    graph: Graph = Path("kg-demo"),
) -> None:
    """Build the bundled feed, ask it three questions, write a page."""
    from importlib import resources

    with opened("", graph) as made:
        with resources.as_file(resources.files("kg").joinpath("sample", "sample.jsonl")) as feed:
            print_summary(made.add(feed, progress=show_progress), graph)
        page, known = graph / "index.html", queries()
        for name, options in DEMO_QUESTIONS:
            typed = " ".join(f"--{key} {value}" for key, value in options.items())
            out.print(f"\n[bold]{known[name].title}[/bold]\n$ kg query {name} {typed} --graph {escape(str(graph))}")
            print_answer(made.query(name, **options), "table")
        shown = made.view(page, title="The sample feed")
    nodes = counted(len(shown.nodes), "node")
    out.print(f"\nA page to explore ({nodes}): open {page.resolve()}", markup=False, soft_wrap=True)
    out.print(f"Or the explorer: kg serve --graph {graph}", markup=False, soft_wrap=True)


DEMO_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("datasets/most-used", {"limit": "5"}),
    ("models/used-with", {"name": "CLIP", "limit": "5"}),
    ("code/with-code", {"task": "segmentation", "limit": "5"}),
)
