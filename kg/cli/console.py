"""What the command line prints with: the two consoles, progress bars, tables, summaries, the one line of an error."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kg.answers import Rows, counted
from kg.stores import LoadProgress

if TYPE_CHECKING:
    from kg.ask.news import News

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def print_answer(answer: Rows, form: str) -> None:
    """Print rows as `form`: a table that fits the terminal, json, jsonl or csv."""
    from kg.answers import as_text
    from kg.cli.table import table

    if form == "table":
        if answer.rows:
            out.print(table(answer.columns, answer.rows, out.width))
        else:
            out.print("(no rows)")
    else:
        sys.stdout.write(as_text(answer, form))
    if answer.cut:
        err.print(f"kg: only the first {len(answer.rows)} rows; raise --limit for more", markup=False)


def print_news(news: News, form: str, most: int) -> None:
    """Print what is new: tables of at most `most` rows each, or all of it as json, jsonl or csv."""
    from kg.ask.news.present import news_tables, news_text
    from kg.cli.table import table

    if form != "table":
        sys.stdout.write(news_text(news, form))
        return
    for title, answer in news_tables(news, most):
        out.print(title, markup=False)
        if answer.rows:
            out.print(table(answer.columns, answer.rows, out.width))
        out.print()


def print_summary(summary: object, graph: Path) -> None:
    """Print what a build did; what was set aside goes to standard error."""
    from kg.cli.table import table
    from kg.pipeline import Summary

    assert isinstance(summary, Summary)  # noqa: S101 - named late to keep `kg --help` quick
    aside = summary.set_aside
    state = "written" if summary.changed else "unchanged"
    removed = f", {summary.removed:,} removed" if summary.removed else ""
    for line in getattr(summary, "notes", ()):
        note(line)
    out.print(
        f"{counted(summary.entries, 'entry')} read, {aside.count:,} set aside; "
        f"{counted(summary.papers, 'paper')} in the graph, {summary.new:,} new{removed}. Graph {state}: {graph}",
        markup=False,
    )
    if summary.replaced:
        out.print(
            f"{counted(summary.replaced, 'paper')} with a newer text, {summary.retitled:,} with another title; "
            "see kg info --twice"
        )
    if aside.id_taken:
        out.print(f"{aside.id_taken} set aside for an id that is another paper's; see {aside.file}", markup=False)
    nodes = [(label, count) for label, count in summary.nodes.items() if count]
    edges = [(name, count) for name, count in summary.relationships.items() if count]
    rows = []
    for index in range(max(len(nodes), len(edges))):
        left = nodes[index] if index < len(nodes) else ("", None)
        right = edges[index] if index < len(edges) else ("", None)
        rows.append((*left, *right))
    out.print(table(("nodes", "count", "relationships", "count"), rows, out.width))
    out.print(", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in summary.seconds.items()))
    if aside.count:
        err.print(
            f"kg: {counted(aside.count, 'record')} set aside in {aside.file}; the first: {aside.first}",
            markup=False,
            soft_wrap=True,
        )


def note(text: str) -> None:
    """A sentence on standard error, where there is one."""
    from kg.answers import printable

    if text:
        err.print(f"kg: {printable(text)}", markup=False, soft_wrap=True)


class RateColumn(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


def show_progress(title: str, items: Iterable[T], total: int) -> Iterable[T]:
    """Pass `items` on, with a bar on a terminal."""
    if not err.is_terminal:
        yield from items
        return
    with Progress(*bar_columns(), console=err, transient=True) as bar:
        yield from bar.track(items, total=total, description=title)


@contextlib.contextmanager
def load_bar() -> Iterator[LoadProgress]:
    """What a store calls with rows done and rows in all; a bar on a terminal."""
    bar = Progress(*bar_columns(), console=err, transient=True)
    task = bar.add_task("load", total=None)

    def tick(done: int, total: int) -> None:
        if err.is_terminal:
            bar.start()  # with the first rows: a build shows another bar before
            bar.update(task, completed=done, total=total)

    try:
        yield tick
    finally:
        if bar.live.is_started:
            bar.stop()


def bar_columns() -> tuple[ProgressColumn, ...]:
    """What every bar shows: what is done, how far it is, how fast, how long it will take."""
    return (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn())


def fail(message: str, status: int) -> NoReturn:
    """One line on standard error, and out."""
    from kg.answers import printable

    err.print(f"kg: {printable(' '.join(message.split()))}", markup=False, soft_wrap=True)
    sys.exit(status)
