"""What a source's JSON objects look like, as a table that reading goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kg.records import Paper

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of objects: whether one `fits`, the `paper` of one that does, and the day of the feed that it gives.

    `paper` takes the object and the name of the source, and raises `ValueError` with the reason where there is none.
    """

    fits: Callable[[Record], bool]
    paper: Callable[[Record, str], Paper]
    listed: Callable[[Record], object] = lambda _: None


def texts(record: Record, *keys: str) -> tuple[str, ...]:
    """The values of `keys` that are text, in their order."""
    return tuple(value for key in keys if isinstance(value := record.get(key), str) and value)


def text(record: Record, *keys: str) -> str:
    """The first value of `keys` that is text and not empty, else ""."""
    return next(iter(texts(record, *keys)), "")


def nested(record: Record, key: str) -> Record:
    """The object under `key`; empty where there is none."""
    value = record.get(key)
    return value if isinstance(value, dict) else {}


def objects(record: Record, key: str) -> list[Record]:
    """The objects in the list under `key`; none where there is no list."""
    value = record.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
