"""Commands that show the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kg.cli.app import app
from kg.cli.console import out, print_answer, print_summary, show_progress
from kg.cli.options import DEFAULT_GRAPH, Graph, PasswordEnv, StoreAt, User, opened, query_options
from kg.errors import UsageError
from kg.stores import Limits


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
    from kg.ask.named import find_query, run_cypher, run_query
    from kg.view.page import draw, select

    # `kg view query NAME` reads like the help; `kg view NAME` is shorter.
    args = list(context.args)
    if name == "query" and args and not args[0].startswith("-"):
        name = args.pop(0)
    if sum(map(bool, (name, around, text))) > 1:
        raise UsageError("give one of a query name, --around and --cypher")
    with opened(store, graph, user, password_env) as at:
        if around:
            part, title = select.around(at, around), f"Around {around}"
        elif text:
            part, title = select.from_rows(at, run_cypher(at, text, {}, Limits(rows=5000))), text
        elif name:
            chosen = find_query(name)
            part, title = select.from_rows(at, run_query(at, chosen, query_options(args))), chosen.title
        else:
            part, title = select.whole(at), "Papers and what they name"
    count = draw(part, output, title=title)
    out.print(f"{output}: {count} nodes. Open it in a browser.", markup=False, soft_wrap=True)


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
    import contextlib

    from kg.ask.backing import Backing
    from kg.view.serve.server import address_of, check_token, listen
    from kg.view.serve.server import serve as run

    check_token(host, token)
    with (
        contextlib.closing(Backing(store or str(graph), user, password_env)) as backing,
        contextlib.closing(listen(host, port)) as bound,
    ):
        address = address_of(bound, host)
        out.print(f"The explorer is at {address}", markup=False, soft_wrap=True)
        if token:
            out.print(f"Open {address}?token=YOUR-TOKEN once in each browser.", markup=False, soft_wrap=True)
        out.print("Stop it with Ctrl+C.")
        run(backing, bound, host=host, token=token)


@app.command()
def demo(
    graph: Graph = Path("kg-demo"),
) -> None:
    """Build the bundled feed, ask it three questions, write a page."""
    from importlib import resources

    from kg.ask.named import find_query, run_query
    from kg.pipeline import build as run
    from kg.view.page import draw, select

    with resources.as_file(resources.files("kg").joinpath("sample", "sample.jsonl")) as feed:
        summary = run([str(feed)], graph, progress=show_progress)
    print_summary(summary, graph)
    page = graph / "index.html"
    with opened("", graph) as at:
        for name, options in DEMO_QUESTIONS:
            chosen = find_query(name)
            typed = " ".join(f"--{key} {value}" for key, value in options.items())
            out.print(f"\n[bold]{chosen.title}[/bold]\n$ kg query {chosen.name} {typed} --graph {escape(str(graph))}")
            print_answer(run_query(at, chosen, options), "table")
        count = draw(select.whole(at), page, title="The sample feed")
    out.print(f"\nA page to explore ({count} nodes): open {page.resolve()}", markup=False, soft_wrap=True)
    out.print(f"Or the explorer: kg serve --graph {graph}", markup=False, soft_wrap=True)


DEMO_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("datasets/most-used", {"limit": "5"}),
    ("models/used-with", {"name": "CLIP", "limit": "5"}),
    ("code/with-code", {"task": "segmentation", "limit": "5"}),
)
