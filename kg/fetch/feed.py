"""Answers become one feed file in our own form, written whole or not at all."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.errors import SourceError, StoreError
from kg.folder.rejects import Aside
from kg.read import READERS
from kg.read.source import source_of
from kg.records import Entry, Paper


def write_feed(
    answers: Iterable[bytes], form: str, output: Path, *, listed: datetime.date | None = None, limit: int | None = None
) -> tuple[int, Aside]:
    """Write the papers of `answers`, each once, as JSON Lines to `output`; returns how many, and what is no paper.

    `form` is a name in `kg.read.READERS`; `listed` is the day of the feed. The file is there when it is complete.
    Raises `SourceError` where there is no paper, `StoreError` where the file cannot be written.
    """
    seen: set[str] = set()
    aside = Aside()
    with _whole_or_nothing(output) as unfinished, unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for paper in _papers(answers, form, aside):
            if paper.id not in seen and (limit is None or len(seen) < limit):
                seen.add(paper.id)
                file.write(json.dumps(_record(paper, listed), ensure_ascii=False) + "\n")
        if not seen:
            raise SourceError(f"no paper was found; {output} is not written. Try other days, or another search")
    return len(seen), aside


def _papers(answers: Iterable[bytes], form: str, aside: Aside) -> Iterator[Paper]:
    _, reader = READERS[form]
    for number, answer in enumerate(answers, 1):
        for item in reader(source_of(f"answer {number}", answer)):
            if isinstance(item, Entry):
                yield item.paper
            else:
                aside.add(item)


@contextlib.contextmanager
def _whole_or_nothing(output: Path) -> Iterator[Path]:
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(output)
    except OSError as error:
        raise StoreError(f"{output}: cannot be written ({error.strerror or error}); choose another -o") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _record(paper: Paper, listed: datetime.date | None) -> dict[str, object]:
    kind, _, key = paper.id.partition(":")
    ids = {"arxiv": {"arxiv_id": key}, "doi": {"doi": key}}.get(kind, {})
    record: dict[str, object] = {"title": paper.title, "abstract": paper.abstract, **ids}
    if paper.authors:
        record["authors"] = list(paper.authors)
    if paper.published:
        record["date"] = paper.published.isoformat()
    if paper.url:
        record["url"] = paper.url
    if listed:
        record["listed"] = listed.isoformat()
    return record
