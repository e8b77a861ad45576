"""Options that several commands share, and how their values become objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.errors import UsageError
from kg.graph import ROWS, SECONDS
from kg.graph import Graph as GraphAt
from kg.records import Paper, SetAside

if TYPE_CHECKING:
    from kg.folder.rejects import Aside
    from kg.read import Reading

Feeds = Annotated[
    list[str], typer.Argument(metavar="FEED...", help="Feed files, plain or packed; - is standard input.")
]
MoreFeeds = Annotated[
    list[str],
    typer.Argument(
        metavar="[FEED...]",
        help="Feed files, plain or gzipped; - is standard input. None: bring the graph up to date.",
        show_default=False,
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes that read texts.  [default: all cores]")
]
EngineName = Annotated[str, typer.Option("--engine", metavar="local|ray", help="Where texts are read.")]
Address = Annotated[
    str, typer.Option("--address", metavar="HOST:PORT", help="A running Ray cluster; none starts one here.")
]
Graph = Annotated[Path, typer.Option("--graph", metavar="DIR", help="The graph folder.")]
StoreAt = Annotated[
    str, typer.Option("--store", metavar="WHERE", help="The store to ask; the graph folder's own if not given.")
]
User = Annotated[
    str,
    typer.Option("--user", metavar="NAME", help="User of the server; else of the address, KG_NEO4J_USER, or neo4j."),
]
PasswordEnv = Annotated[
    str,
    typer.Option("--password-env", metavar="VAR", help="Variable with the password; KG_NEO4J_PASSWORD if not given."),
]
Form = Annotated[str, typer.Option("--format", metavar="table|json|jsonl|csv", help="How to print the answer.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Exit with 0 although records were set aside.")]
Extractor = Annotated[str, typer.Option("--extractor", metavar="fast|rules", help="Which pipeline reads the papers.")]
Least = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts less sure than this.")]
KeptExtractor = Annotated[
    str | None,
    typer.Option("--extractor", metavar="fast|rules", help="Which pipeline reads the papers; the graph keeps it."),
]
KeptLeast = Annotated[
    float | None,
    typer.Option("--min-confidence", min=0, max=1, help="Leave out facts less sure than this; the graph keeps it."),
]
As = Annotated[
    str, typer.Option("--as", metavar="FORMAT", help="The feeds' format, where their content does not tell.")
]
Columns = Annotated[
    list[str], typer.Option("--map", metavar="FIELD=COLUMN", help="The column or key of a field: title=heading.")
]
Encoding = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="The feeds' encoding, where it is not UTF-8 or UTF-16.")
]
Seconds = Annotated[float, typer.Option("--timeout", min=0.1, max=600, help="Seconds until a query is stopped.")]
MostRows = Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="Rows printed at most.")]
DEFAULT_GRAPH = Path("kg-graph")
# The name of the default pipeline, as in `extractors.DEFAULT`: to look there would load spaCy for `kg --help`.
DEFAULT_EXTRACTOR = "fast"


def reading(form: str, columns: list[str], encoding: str) -> Reading:
    """What `--as`, `--map` and `--encoding` say."""
    from kg.read import Reading
    from kg.read.columns import parse_columns

    return Reading(form or None, parse_columns(columns), encoding or None)


def papers_of(feeds: Iterable[str], aside: Aside, said: Reading) -> Iterator[Paper]:
    """The papers of all feeds; what cannot be read is counted in `aside`."""
    from kg.read import read

    for feed in feeds:
        for item in read(feed, said):
            if isinstance(item, SetAside):
                aside.add(item)
            else:
                yield item.paper


def opened(
    store: str,
    graph: Path,
    user: str = "",
    password_env: str = "",
    seconds: float = SECONDS,
    rows: int | None = ROWS,
) -> GraphAt:
    """The graph asked for; closed at the end of the `with` block."""
    if (user or password_env) and not store:
        raise UsageError("--user and --password-env are for a server; say which with --store neo4j://host:port")
    return GraphAt(store or graph, seconds=seconds, rows=rows, user=user, password_env=password_env)


def query_options(args: list[str]) -> dict[str, str]:
    """`--name value` and `--name=value` pairs of a query's own parameters."""
    options: dict[str, str] = {}
    rest = iter(args)
    for arg in rest:
        if not arg.startswith("--"):
            raise UsageError(f"{arg!r} is not a parameter; parameters are given as --NAME VALUE")
        name, equals, value = arg[2:].partition("=")
        if not equals:
            following = next(rest, None)
            if following is None:
                raise UsageError(f"--{name} needs a value")
            value = following
        options[name] = value
    return options


def parameters(pairs: list[str]) -> dict[str, object]:
    """`NAME=VALUE` pairs of `--param`; a value is JSON, or else text."""
    values: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--param {pair!r}: write it as NAME=VALUE")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values
