"""JSON Lines: an object a line with `title`, `abstract` and optional `id`, `arxiv_id`, `doi`, `authors`, `date`, `url`.

A file that is one JSON array of such objects is read as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kg.errors import SourceError
from kg.read.fields import clean_text, date, make_paper
from kg.read.source import Source
from kg.records import Entry, SetAside


def is_jsonl(head: str) -> bool:
    """Whether the text begins like a JSON object, or an array of them."""
    stripped = head.lstrip()
    return stripped.startswith("{") or (stripped.startswith("[") and stripped[1:].lstrip().startswith(("{", "]")))


def read_jsonl(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` a line in order; lines that are no such record are set aside with the reason."""
    rank = 0
    for position, raw in _records(source):
        if raw is None:
            yield SetAside(source.name, position, "line longer than 16 MiB", "")
            continue
        try:
            text = raw.decode("utf-8-sig")
            paper = _paper(json.loads(text), source.feed.name)
        except UnicodeDecodeError as error:
            yield _aside(source, position, f"not valid UTF-8 at byte {error.start}", raw)
        except json.JSONDecodeError as error:
            yield _aside(source, position, f"not valid JSON ({error.msg} at column {error.colno})", raw)
        except (ValueError, RecursionError) as error:
            yield _aside(source, position, str(error) or "nested too deeply", raw)
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def _records(source: Source) -> Iterator[tuple[str, bytes | None]]:
    if not source.head.lstrip().startswith("["):
        for number, line in source.lines():
            if line is None or line.strip():
                yield f"line {number}", line
        return
    try:
        items = json.loads(source.stream.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{source.name}: begins like a JSON array but is not one ({error}); mend the file") from None
    for number, item in enumerate(items, 1):
        yield f"item {number}", json.dumps(item).encode()


def _aside(source: Source, position: str, reason: str, raw: bytes) -> SetAside:
    return SetAside(source.name, position, reason, raw[:10_000].decode("utf-8", "replace"))


def _paper(record: Any, source: str) -> Any:
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    for key in ("title", "abstract"):
        if not isinstance(record.get(key, ""), str):
            raise ValueError(f"{key} is not text")
    text = {key: value for key, value in record.items() if isinstance(value, str)}
    return make_paper(
        text.get("title", ""),
        text.get("abstract", ""),
        ids=tuple(text.get(key, "") for key in ("arxiv_id", "doi", "id")),
        published=date(text.get("date") or text.get("published")),
        url=text.get("url", ""),
        source=source,
        authors=_authors(record.get("authors")),
    )


def _authors(value: Any) -> tuple[str, ...]:
    """Names from a list of names, a list of objects with a `name`, or one string with commas or semicolons."""
    if isinstance(value, str):
        value = value.split(";") if ";" in value else value.split(",")
    if not isinstance(value, list):
        return ()
    names = (item.get("name") if isinstance(item, dict) else item for item in value)
    return tuple(clean_text(name) for name in names if isinstance(name, str) and clean_text(name))
