"""Commands that read papers and print or score what their texts name."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import app
from kg.cli.console import err, print_answer
from kg.cli.options import (
    DEFAULT_EXTRACTOR,
    As,
    Columns,
    Encoding,
    Extractor,
    Feeds,
    Form,
    Least,
    Lenient,
    Workers,
    papers_of,
    reading,
)
from kg.errors import UsageError
from kg.stores import Rows


@app.command()
def extract(
    feeds: Feeds,
    form: Annotated[
        str, typer.Option("--format", metavar="jsonl", help="The output format; jsonl is the only one.")
    ] = "jsonl",
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
    lenient: Lenient = False,
    workers: Workers = None,
    as_: As = "",
    columns: Columns = [],  # noqa: B006
    encoding: Encoding = "",
) -> None:
    """Print what the papers name, one JSON object a paper."""
    from kg.extraction import Engine, as_json, confident, extract_papers
    from kg.folder.rejects import Aside

    if form != "jsonl":
        raise UsageError(f"no output format {form!r}; kg extract prints jsonl")
    aside = Aside()
    said = reading(as_, columns, encoding)
    for paper, extraction in extract_papers(papers_of(feeds, aside, said), extractor, Engine(workers=workers or 0)):
        found = as_json(paper, confident(extraction, min_confidence))
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    if aside.count:
        err.print(f"kg: {aside.count} records set aside; {aside.first}", markup=False)
        if not lenient:
            raise typer.Exit(1)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated abstracts.")],
    feeds: Feeds,
    extractor: Extractor = DEFAULT_EXTRACTOR,
    min_confidence: Least = 0.0,
    form: Form = "table",
    each: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE.csv", help="Also write every case: found, wrong, missed.")
    ] = None,
    as_: As = "",
    columns: Columns = [],  # noqa: B006
    encoding: Encoding = "",
) -> None:
    """Score extraction against annotated abstracts."""
    import extractors
    from kg.evaluate import cases, read_gold, write_cases
    from kg.evaluate import evaluate as score
    from kg.extraction import as_json, confident
    from kg.extraction import extract as run
    from kg.folder.rejects import Aside

    wanted = read_gold(gold)
    # A paper listed by several feeds is read once.
    papers = {paper.id: paper for paper in papers_of(feeds, Aside(), reading(as_, columns, encoding))}
    found = run(papers.values(), extractors.load(extractor))
    given = [as_json(paper, confident(extraction, min_confidence)) for paper, extraction in found]
    scores = score(wanted, given)
    if each is not None:
        write_cases(each, cases(wanted, given))
    head = ("row", "precision", "recall", "F1", "found", "wrong", "missed")
    rows = [
        (row, round(s.precision, 1), round(s.recall, 1), round(s.f1, 1), s.found, s.wrong, s.missed)
        for row, s in scores.items()
    ]
    print_answer(Rows(head, tuple(rows)), form)
