"""The command line `kg`: parses, calls, prints. The one module that prints; errors become one line and a status."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from typer.exceptions import TyperException

from kg import __version__
from kg.errors import KgError, QueryError, StoreError, UsageError
from kg.records import Paper, SetAside
from kg.stores import Limits, LoadProgress, Rows, Store, open_store

# Modules that load spaCy or NetworkX are imported by the commands that use them: `kg --help` should not wait for them.

app = typer.Typer(
    name="kg",
    help="A knowledge graph of machine-learning papers, built offline from a feed of titles and abstracts.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

Feeds = Annotated[
    list[str], typer.Argument(metavar="FEED...", help="Feed files, plain or gzipped; - is standard input.")
]
Graph = Annotated[Path, typer.Option("--graph", metavar="DIR", help="The graph folder.")]
StoreAt = Annotated[
    str, typer.Option("--store", metavar="WHERE", help="The store to ask; the graph folder's own if not given.")
]
Form = Annotated[str, typer.Option("--format", metavar="table|json|jsonl|csv", help="How to print the answer.")]
Lenient = Annotated[bool, typer.Option("--lenient", help="Exit with 0 although records were set aside.")]
Extractor = Annotated[str, typer.Option("--extractor", metavar="fast|rules", help="Which pipeline reads the papers.")]
Least = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts less sure than this.")]
DEFAULT_GRAPH = Path("kg-graph")
# The name of the default pipeline, as in `extractors.DEFAULT`: to look there would load spaCy for `kg --help`.
DEFAULT_EXTRACTOR = "fast"


@app.command()
def build(
    feeds: Feeds,
    graph: Graph = DEFAULT_GRAPH,
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
    lenient: Lenient = False,
) -> None:
    """Read feeds into a graph; adding a feed again changes nothing."""
    from kg.pipeline import build as run

    summary = run(feeds, graph, extractor=extractor, min_confidence=min_confidence, progress=_progress)
    _print_summary(summary, graph)
    if summary.set_aside and not lenient:
        raise typer.Exit(1)


@app.command()
def load(
    store: Annotated[str, typer.Option("--store", metavar="WHERE", help="The store: neo4j://user@host:port/database.")],
    graph: Graph = DEFAULT_GRAPH,
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
) -> None:
    """Load a graph folder into a server; again changes nothing.

    The password is read from the environment variable KG_NEO4J_PASSWORD.
    """
    from kg.pipeline import load_into

    with _opened(store, graph) as opened, _load_bar() as progress:
        rows = load_into(opened, graph, extractor=extractor, min_confidence=min_confidence, progress=progress)
    nodes = sum(map(len, rows.nodes.values()))
    relationships = sum(map(len, rows.relationships.values()))
    out.print(f"{nodes} nodes and {relationships} relationships loaded", markup=False)


@app.command()
def extract(
    feeds: Feeds,
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl", help="The output format; jsonl is the only one.")
    ] = "jsonl",
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
    lenient: Lenient = False,
) -> None:
    """Print what the papers name, one JSON object a paper."""
    import extractors
    from kg.extract import as_json, confident
    from kg.extract import extract as run

    if form != "jsonl":
        raise UsageError(f"no output format {form!r}; kg extract prints jsonl")
    aside: list[SetAside] = []
    for paper, extraction in run(_papers(feeds, aside), extractors.load(extractor)):
        found = as_json(paper, confident(extraction, min_confidence))
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    if aside:
        first = aside[0]
        err.print(f"kg: {len(aside)} records set aside; {first.source}, {first.position}: {first.reason}", markup=False)
        if not lenient:
            raise typer.Exit(1)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated abstracts.")],
    feeds: Feeds,
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
    form: Form = "table",
) -> None:
    """Score extraction against annotated abstracts."""
    import extractors
    from kg.evaluate import evaluate as score
    from kg.evaluate import read_gold
    from kg.extract import as_json, confident
    from kg.extract import extract as run

    wanted = read_gold(gold)
    # A paper listed by several feeds is read once.
    papers = {paper.id: paper for paper in _papers(feeds, [])}
    found = run(papers.values(), extractors.load(extractor))
    scores = score(wanted, (as_json(paper, confident(extraction, min_confidence)) for paper, extraction in found))
    columns = ("row", "precision", "recall", "F1", "found", "wrong", "missed")
    rows = [
        (row, round(s.precision, 1), round(s.recall, 1), round(s.f1, 1), s.found, s.wrong, s.missed)
        for row, s in scores.items()
    ]
    _print_answer(Rows(columns, tuple(rows)), form)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def query(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The query; none lists them all.")] = "",
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
    form: Form = "table",
) -> None:
    """List the named queries, or run one: kg query NAME --PARAM VALUE."""
    from kg.query import find_query, named_queries, run_query

    if not name:
        rows = tuple(
            (q.name, q.title, ", ".join(f"--{p.name}" for p in q.parameters)) for q in named_queries().values()
        )
        _print_answer(Rows(("query", "answers", "parameters"), rows), form)
        return
    chosen = find_query(name)
    with _opened(store, graph) as opened:
        _print_answer(run_query(opened, chosen, _options(context.args)), form)


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
    form: Form = "table",
    seconds: Annotated[
        float, typer.Option("--timeout", min=0.1, max=600, help="Seconds until the query is stopped.")
    ] = 30,
    rows: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="Rows printed at most.")] = 1000,
) -> None:
    """Run your own Cypher, read-only."""
    from kg.cypher import check, missing_construct

    statement = check(sys.stdin.read() if text == "-" else text)
    with _opened(store, graph) as opened:
        lacking = missing_construct(statement) if opened.capabilities.embedded else None
        if lacking:
            raise QueryError(lacking)
        _print_answer(opened.ask(statement, _parameters(param), Limits(seconds, rows)), form)


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
) -> None:
    """Write one HTML page to explore; it works with the network off."""
    from kg.cypher import check
    from kg.query import find_query, run_query
    from kg.view import draw, select

    # `kg view query NAME` reads like the help; `kg view NAME` is shorter.
    args = list(context.args)
    if name == "query" and args and not args[0].startswith("-"):
        name = args.pop(0)
    if sum(map(bool, (name, around, text))) > 1:
        raise UsageError("give one of a query name, --around and --cypher")
    with _opened(store, graph) as opened:
        if around:
            part, title = select.around(opened, around), f"Around {around}"
        elif text:
            part, title = select.from_rows(opened, opened.ask(check(text), {}, Limits(rows=5000))), text
        elif name:
            chosen = find_query(name)
            part, title = select.from_rows(opened, run_query(opened, chosen, _options(args))), chosen.title
        else:
            part, title = select.whole(opened), "Papers and what they name"
    count = draw(part, output, title=title)
    out.print(f"{output}: {count} nodes. Open it in a browser.", markup=False, soft_wrap=True)


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="jsonl|csv|graphml|gexf", help="The format.")] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PATH", help="A file, or a folder for csv.")
    ] = None,
    graph: Graph = DEFAULT_GRAPH,
    store: StoreAt = "",
) -> None:
    """Write the graph for other programs."""
    from kg.export import FORMATS, text_lines, write_csv

    if form not in FORMATS:
        raise UsageError(f"no format {form!r}; there are: {', '.join(FORMATS)}")
    with _opened(store, graph) as opened:
        if form == "csv" and output:
            write_csv(opened, output)
            return
        lines = text_lines(opened, form)
        if output is None:
            sys.stdout.writelines(f"{line}\n" for line in lines)
            return
        try:
            with output.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
        except OSError as error:
            raise StoreError(f"{output}: cannot be written ({error.strerror or error}); choose another -o") from None


@app.command()
def info(graph: Graph = DEFAULT_GRAPH, store: StoreAt = "", form: Form = "table") -> None:
    """What is in a graph: nodes and relationships by type."""
    from kg.schema import NODES, RELATIONSHIPS

    with _opened(store, graph) as opened:
        counts = [
            *((n.label, n.about, f"MATCH (n:{n.label}) RETURN count(n)") for n in NODES),
            *((r.name, r.about, f"MATCH ()-[r:{r.name}]->() RETURN count(r)") for r in RELATIONSHIPS),
        ]
        rows = tuple((name, opened.read(text).rows[0][0], about) for name, about, text in counts)
    _print_answer(Rows(("type", "count", "what it is"), rows), form)


@app.command()
def why(
    one: Annotated[str, typer.Argument(metavar="A", help="A name, as papers write it.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    graph: Graph = DEFAULT_GRAPH,
    extractor: Extractor = DEFAULT_EXTRACTOR,
) -> None:
    """Say why two names are one node, or are not, and where they stand."""
    from kg.explain import why_in_graph
    from kg.present import printable

    found = why_in_graph(graph, one, other, extractor=extractor)
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
    extractor: Extractor = DEFAULT_EXTRACTOR,
    form: Form = "table",
    most: Annotated[int, typer.Option("--limit", min=1, help="Rows printed at most.")] = 20,
) -> None:
    """List near-duplicates left apart, for a person to decide.

    Decisions go into curation.toml in the graph folder; the next build keeps to them.
    """
    from kg.explain import review_graph

    doubts = review_graph(graph, extractor=extractor)
    rows = tuple((d.one.name, d.other.name, d.reasons[0].detail, f"same = [{d.line}]") for d in doubts[:most])
    _print_answer(Rows(("one", "other", "why", "line for curation.toml"), rows, cut=len(doubts) > most), form)


@app.command()
def demo(
    graph: Graph = Path("kg-demo"),
) -> None:
    """Build the bundled feed, ask it three questions, write a page."""
    from importlib import resources

    from kg.pipeline import build as run
    from kg.query import find_query, run_query
    from kg.view import draw, select

    with resources.as_file(resources.files("kg").joinpath("sample", "sample.jsonl")) as feed:
        summary = run([str(feed)], graph, progress=_progress)
    _print_summary(summary, graph)
    page = graph / "index.html"
    with _opened("", graph) as opened:
        for name, options in DEMO_QUESTIONS:
            chosen = find_query(name)
            typed = " ".join(f"--{key} {value}" for key, value in options.items())
            out.print(f"\n[bold]{chosen.title}[/bold]\n$ kg query {chosen.name} {typed} --graph {escape(str(graph))}")
            _print_answer(run_query(opened, chosen, options), "table")
        count = draw(select.whole(opened), page, title="The sample feed")
    out.print(f"\nA page to explore ({count} nodes): open {page.resolve()}", markup=False, soft_wrap=True)


DEMO_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("datasets/most-used", {"limit": "5"}),
    ("models/used-with", {"name": "CLIP", "limit": "5"}),
    ("code/with-code", {"task": "segmentation", "limit": "5"}),
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"paper-kg {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - the callback acts on it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A knowledge graph of machine-learning papers, built offline from a feed of titles and abstracts."""
    if context.invoked_subcommand is None:
        out.print(context.get_help(), markup=False)


def main() -> None:
    """Run the command line; every `KgError` is one line on standard error and its exit status."""
    try:
        status = app(standalone_mode=False)
    except KgError as error:
        _fail(str(error), error.status)
    except TyperException as complaint:
        # The parser's own complaints: an unknown option, a missing argument.
        message = complaint.format_message() if hasattr(complaint, "format_message") else ""
        _fail(f"{message.rstrip('.')}; see `kg --help`" if message else "see `kg --help`", 2)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader of our output has seen enough (`kg extract … | head`); nothing to say, nowhere to say it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        # A full disk, a folder that became unreadable: what the steps could not foresee.
        _fail(f"{error.filename or 'a file'}: {error.strerror or error}; check space and permissions", 1)
    except Exception as error:
        # A defect of ours. A traceback tells a user nothing; whoever reports it can ask for one.
        if os.environ.get("KG_TRACEBACK"):
            raise
        _fail(f"{type(error).__name__}: {error}; a defect: report it with the output under KG_TRACEBACK=1", 1)
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str, status: int) -> NoReturn:
    from kg.present import printable

    err.print(f"kg: {printable(' '.join(message.split()))}", markup=False, soft_wrap=True)
    sys.exit(status)


def _papers(feeds: Iterable[str], aside: list[SetAside]) -> Iterator[Paper]:
    from kg.read import read

    for feed in feeds:
        for item in read(feed):
            if isinstance(item, SetAside):
                aside.append(item)
            else:
                yield item.paper


def _opened(store: str, graph: Path) -> _Closing:
    return _Closing(open_store(store or str(graph)))


class _Closing:
    """Closes a store at the end of a `with` block."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> Store:
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()


def _options(args: list[str]) -> dict[str, str]:
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


def _parameters(pairs: list[str]) -> dict[str, object]:
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


def _progress(title: str, items: Iterable[Paper], total: int) -> Iterable[Paper]:
    if not err.is_terminal:
        yield from items
        return
    with Progress(*_bar_columns(), console=err, transient=True) as bar:
        yield from bar.track(items, total=total, description=title)


@contextlib.contextmanager
def _load_bar() -> Iterator[LoadProgress]:
    """What a store calls with rows done and rows in all; a bar on a terminal."""
    with Progress(*_bar_columns(), console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("load", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _bar_columns() -> tuple[ProgressColumn, ...]:
    return (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def _print_answer(answer: Rows, form: str) -> None:
    from kg.present import as_text, table

    if form == "table":
        if answer.rows:
            out.print(table(answer.columns, answer.rows, out.width))
        else:
            out.print("(no rows)")
    else:
        sys.stdout.write(as_text(answer, form))
    if answer.cut:
        err.print(f"kg: only the first {len(answer.rows)} rows; raise --limit for more", markup=False)


def _print_summary(summary: object, graph: Path) -> None:
    from kg.pipeline import Summary
    from kg.present import table

    assert isinstance(summary, Summary)  # noqa: S101 - named late to keep `kg --help` quick
    aside = len(summary.set_aside)
    state = "written" if summary.changed else "unchanged"
    out.print(
        f"{summary.entries} entries read, {aside} set aside; {summary.papers} papers in the graph, {summary.new} new. "
        f"Graph {state}: {graph}",
        markup=False,
    )
    nodes = [(label, count) for label, count in summary.nodes.items() if count]
    edges = [(name, count) for name, count in summary.relationships.items() if count]
    rows = []
    for index in range(max(len(nodes), len(edges))):
        left = nodes[index] if index < len(nodes) else ("", None)
        right = edges[index] if index < len(edges) else ("", None)
        rows.append((*left, *right))
    out.print(table(("nodes", "count", "relationships", "count"), rows, out.width))
    out.print(", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in summary.seconds.items()))
    if aside:
        first = summary.set_aside[0]
        err.print(
            f"kg: {aside} records set aside in {summary.set_aside_file}; the first: {first.source}, {first.position}: "
            f"{first.reason}",
            markup=False,
            soft_wrap=True,
        )
