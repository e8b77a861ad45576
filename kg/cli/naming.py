"""Commands about which names are one thing."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.answers import Rows
from kg.cli.app import app
from kg.cli.console import out, print_answer
from kg.cli.options import DEFAULT_GRAPH, Form, Graph, opened


@app.command()
def why(
    one: Annotated[str, typer.Argument(metavar="A", help="A name, as papers write it.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    graph: Graph = DEFAULT_GRAPH,
) -> None:
    """Say why two names are one node, or are not.

    With the papers and sentences where they stand.
    """
    from kg.answers import printable

    with opened("", graph) as at:
        found = at.why(one, other)
    verdict = "are one node" if found.same else "are not one node"
    nodes = " and ".join(dict.fromkeys(thing_id or "no node" for thing_id in found.ids))
    lines = [f"“{one}” and “{other}” {verdict}: {nodes}"]
    lines += [f"- {reason.kind}: {reason.detail}" for reason in found.reasons]
    for sentence in found.sentences:
        lines += ["", f"{sentence.title} ({sentence.paper})", f"  {sentence.text}"]
    for line in lines:
        out.print(printable(line), markup=False)


@app.command()
def review(
    graph: Graph = DEFAULT_GRAPH,
    form: Form = "table",
    most: Annotated[int, typer.Option("--limit", min=1, help="Rows printed at most.")] = 20,
) -> None:
    """List near-duplicates left apart, for a person to decide.

    Decisions go into curation.toml in the graph folder; the next build keeps to them.
    """
    with opened("", graph) as at:
        doubts = at.review()
    rows = tuple((d.one.name, d.other.name, d.reasons[0].detail, f"same = [{d.line}]") for d in doubts[:most])
    print_answer(Rows(("one", "other", "why", "line for curation.toml"), rows, cut=len(doubts) > most), form)
