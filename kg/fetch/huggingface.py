"""The daily papers of Hugging Face: the list of each day, as JSON pages."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

from kg.fetch.client import Client
from kg.fetch.days import each_day, keep_for

HUGGING_FACE = "https://huggingface.co"
PAUSE = 1.0
_PAGE = 100


def fetch_daily_papers(
    client: Client, first: datetime.date, last: datetime.date, *, base_url: str = HUGGING_FACE
) -> Iterator[bytes]:
    """Yield the answers, arrays of papers, for every day from `first` to `last`; days without papers yield none.

    Raises `SourceError` where the service refuses or does not answer.
    """
    url = f"{base_url.rstrip('/')}/api/daily_papers"
    for day in each_day(first, last):
        number = 0
        while True:
            parameters = {"date": day.isoformat(), "limit": str(_PAGE), "p": str(number)}
            body = client.get(url, parameters, _check, keep_for(day))
            count = len(json.loads(body))
            if count:
                yield body
            if count < _PAGE:
                break
            number += 1


def _check(body: bytes) -> str:
    try:
        papers = json.loads(body)
    except (ValueError, RecursionError):
        return "the answer is no JSON"
    return "" if isinstance(papers, list) else "the answer is no list of papers"
