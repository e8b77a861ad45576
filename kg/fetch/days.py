"""Days, and how long an answer about them stays true."""

from __future__ import annotations

import datetime
from collections.abc import Iterator


def today() -> datetime.date:
    """The day in UTC, as the services count."""
    return datetime.datetime.now(datetime.UTC).date()


def keep_for(last: datetime.date) -> datetime.timedelta | None:
    """How long to keep an answer about days up to `last`: for ever once they are past, else for an hour."""
    # Lists are still added to a day or two later, and a clock may be wrong by a day.
    return None if last < today() - datetime.timedelta(days=3) else datetime.timedelta(hours=1)


def each_day(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Every day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + datetime.timedelta(days=number)
