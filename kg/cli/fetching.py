"""Commands that fetch: the only ones that use the network on their own account."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import app
from kg.cli.console import err, out
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.fetch import Client
    from kg.folder.rejects import Aside

fetch = typer.Typer(
    help="Fetch a public list of papers into a feed file.\n\nNo other command uses the network.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(fetch, name="fetch")


@fetch.callback()
def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        out.print(context.get_help(), markup=False)


From = Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, such as 2025-03-01.")]
To = Annotated[str, typer.Option("--to", metavar="DAY", help="The last day; today if only --from is given.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="The feed file to write.")]
BaseUrl = Annotated[str, typer.Option("--base-url", metavar="URL", help="A mirror to ask instead.")]
Pause = Annotated[
    float | None, typer.Option("--pause", min=0, help="Seconds between requests; the service's own rule if not given.")
]
Cache = Annotated[Path | None, typer.Option("--cache", metavar="DIR", help="Where answers are kept.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask again for what is in the cache.")]


@fetch.command()
def arxiv(
    category: Annotated[list[str], typer.Option("--category", help="An arXiv category: cs.CL; may be repeated.")] = [],  # noqa: B006
    query: Annotated[
        str, typer.Option("--query", help='A search in arXiv\'s own language: ti:"graph" AND au:Kipf.')
    ] = "",
    first: From = "",
    last: To = "",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Papers at most; 200 without days.")] = None,
    output: Output = None,
    base_url: BaseUrl = "",
    pause: Pause = None,
    cache: Cache = None,
    fresh: Fresh = False,
) -> None:
    """Fetch what was submitted to arXiv: in some days, or the newest."""
    from kg.fetch import ARXIV, fetch_arxiv, write_feed
    from kg.fetch.arxiv import PAUSE, Days

    if not category and not query:
        raise UsageError("give a --category (such as cs.CL) or a --query")
    days = Days(*_days(first, last)) if first or last else None
    most = limit or (None if days else 200)
    span = f"{days.first}-{days.last}" if days else "newest"
    file = output or Path(f"arxiv-{'-'.join(category) or 'query'}-{span}.jsonl")
    client = _client(base_url, pause, PAUSE, cache, fresh)
    answers = fetch_arxiv(client, categories=category, query=query, days=days, limit=most, base_url=base_url or ARXIV)
    _told(file, *write_feed(answers, "arxiv-atom", file, listed=days.last if days else None, limit=most))


@fetch.command()
def hf(
    date: Annotated[str, typer.Option("--date", metavar="DAY", help="The day, such as 2025-03-14.")] = "",
    first: From = "",
    last: To = "",
    output: Output = None,
    base_url: BaseUrl = "",
    pause: Pause = None,
    cache: Cache = None,
    fresh: Fresh = False,
) -> None:
    """Fetch the daily papers of Hugging Face: of a day, or of several."""
    from kg.fetch import HUGGING_FACE, fetch_daily_papers, write_feed
    from kg.fetch.days import today
    from kg.fetch.huggingface import PAUSE

    if date and (first or last):
        raise UsageError("give either --date or --from and --to")
    days = _days(date or first or today().isoformat(), date or last)
    file = output or Path(f"hf-{'-'.join(dict.fromkeys(map(str, days)))}.jsonl")
    client = _client(base_url, pause, PAUSE, cache, fresh)
    answers = fetch_daily_papers(client, *days, base_url=base_url or HUGGING_FACE)
    _told(file, *write_feed(answers, "hf-daily", file, listed=days[1]))


def _days(first: str, last: str) -> tuple[datetime.date, datetime.date]:
    from kg.fetch.days import today

    days = []
    for name, text in (("--from", first), ("--to", last or today().isoformat())):
        try:
            days.append(datetime.date.fromisoformat(text))
        except ValueError:
            raise UsageError(f"{name} takes a day such as 2025-03-14, not {text!r}") from None
    if days[0] > days[1]:
        raise UsageError(f"the days end ({days[1]}) before they begin ({days[0]})")
    return days[0], days[1]


def _client(base_url: str, pause: float | None, rule: float, cache: Path | None, fresh: bool) -> Client:
    import platformdirs

    from kg.fetch import Client

    if pause is not None and pause < rule and not base_url:
        raise UsageError(f"--pause: the service asks for {rule:g} s between requests; less is for mirrors (--base-url)")
    folder = cache or Path(platformdirs.user_cache_dir("paper-kg")) / "fetched"
    return Client(rule if pause is None else pause, folder, lambda why: err.print(f"kg: {why}", markup=False), fresh)


def _told(file: Path, count: int, aside: Aside) -> None:
    out.print(f"{file}: {count} papers. Now: kg build {file}", markup=False, soft_wrap=True)
    if aside.count:
        err.print(f"kg: {aside.count} records left out; the first: {aside.first}", markup=False, soft_wrap=True)
