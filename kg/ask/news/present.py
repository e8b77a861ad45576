"""What is new, as tables for a terminal or text for other programs."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import Any

from kg.answers import OUTPUT_FORMATS, cell_text, plain
from kg.ask.news.records import News, as_records
from kg.errors import UsageError
from kg.stores.base import Rows

# What the columns of the one CSV table are; a record leaves empty what it has not.
_COLUMNS = ("new", "name", "type", "papers", "role", "family", "model", "data", "metric", "value", "unit", "best",
            "best_model", "title", "published", "paper", "evidence", "id", "family_id", "data_id")  # fmt: skip


def news_tables(news: News, most: int) -> list[tuple[str, Rows]]:
    """A heading and a table of at most `most` rows for each kind of news."""
    kinds: list[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]] = [
        ("papers", ("paper", "published"), [(p.title, p.published) for p in news.papers]),
        (
            "things named for the first time",
            ("name", "type", "papers", "as", "paper"),
            [(t.name, t.type, t.papers, t.role, t.paper) for t in news.things],
        ),
        (
            "first uses of data by a family of models",
            ("family", "data", "model", "paper"),
            [(u.family, u.data, u.model, u.paper) for u in news.uses],
        ),
        (
            "results that beat the best one known",
            ("data", "metric", "model", "value", "before", "by"),
            [(r.data, r.metric, r.model, f"{cell_text(r.value)}{r.unit}", f"{cell_text(r.best)}{r.unit}", r.best_model)
             for r in news.results],
        ),
    ]  # fmt: skip
    return [
        (
            f"{len(rows)} {title}" + (f", the first {most}" if len(rows) > most else ""),
            Rows(columns, tuple(rows[:most])),
        )
        for title, columns, rows in kinds
    ]


def news_text(news: News, form: str) -> str:
    """All news as json (an object of lists), jsonl or csv. Raises `UsageError` for another form."""
    if form == "json":
        lists = {name: [_plain(dataclasses.asdict(item)) for item in items] for name, items in _lists(news).items()}
        return json.dumps(lists, ensure_ascii=False, indent=2) + "\n"
    records = [_plain(record) for record in as_records(news)]
    if form == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if form == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
        return text.getvalue()
    raise UsageError(f"no output format {form!r}; there are: {', '.join(OUTPUT_FORMATS)}")


def _lists(news: News) -> dict[str, tuple[Any, ...]]:
    return {field.name: getattr(news, field.name) for field in dataclasses.fields(news)}


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in record.items()}
