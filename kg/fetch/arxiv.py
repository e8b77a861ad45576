"""The arXiv API: what was submitted in some days, in categories or by a query, as Atom pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kg.errors import SourceError
from kg.fetch.client import Client
from kg.fetch.days import keep_for
from kg.read.fields import folded

ARXIV = "https://export.arxiv.org"
# The terms of use: one connection, and three seconds from request to request.
PAUSE = 3.0
_PAGE = 200
# The manual asks to refine queries with more results than this; days are split until they have fewer.
_REFINE = 1000
_ATOM = "{http://www.w3.org/2005/Atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@dataclass(frozen=True, slots=True)
class Days:
    """Days of submission (of the first version, GMT), both ends included."""

    first: datetime.date
    last: datetime.date


def fetch_arxiv(
    client: Client,
    *,
    categories: Sequence[str] = (),
    query: str = "",
    days: Days | None = None,
    limit: int | None = None,
    base_url: str = ARXIV,
) -> Iterator[bytes]:
    """Yield the answers, Atom pages, to a search in arXiv's own query language; the oldest first.

    Without `days`, the newest papers come first. At most `limit` papers are asked for.
    Raises `SourceError` where arXiv refuses the search or does not answer.
    """
    search = _Search(client, f"{base_url.rstrip('/')}/api/query", _terms(categories, query), limit)
    yield from search.newest() if days is None else search.between(days)


def _terms(categories: Sequence[str], query: str) -> str:
    of = " OR ".join(f"cat:{category}" for category in categories)
    return " AND ".join(f"({part})" for part in (of, query) if part)


class _Search:
    def __init__(self, client: Client, url: str, terms: str, limit: int | None) -> None:
        self._client = client
        self._url = url
        self._terms = terms
        self._left = limit

    def newest(self) -> Iterator[bytes]:
        yield from self._pages(self._terms, "descending", datetime.timedelta(hours=1))

    def between(self, days: Days) -> Iterator[bytes]:
        """The pages of the days; they are halved while they have too many papers for one query."""
        if self._left == 0:
            return
        span = f"submittedDate:[{days.first:%Y%m%d}0000 TO {days.last:%Y%m%d}2359]"
        terms = f"{self._terms} AND {span}" if self._terms else span
        keep = keep_for(days.last)
        if days.first < days.last:
            total, _ = _counted(self._page(terms, 0, "ascending", keep))
            if total > _REFINE and (self._left is None or self._left > _REFINE):
                middle = days.first + (days.last - days.first) // 2
                yield from self.between(Days(days.first, middle))
                yield from self.between(Days(middle + datetime.timedelta(days=1), days.last))
                return
        yield from self._pages(terms, "ascending", keep)

    def _pages(self, terms: str, order: str, keep: datetime.timedelta | None) -> Iterator[bytes]:
        start = 0
        while self._left is None or self._left > 0:
            body = self._page(terms, start, order, keep)
            total, count = _counted(body)
            if count:
                yield body
            start += count
            if self._left is not None:
                self._left = max(0, self._left - count)
            if start >= total or not count:
                return

    def _page(self, terms: str, start: int, order: str, keep: datetime.timedelta | None) -> bytes:
        size = _PAGE if self._left is None else min(_PAGE, self._left)
        parameters = {"search_query": terms, "start": str(start), "max_results": str(size), "sortBy": "submittedDate",
                      "sortOrder": order}  # fmt: skip

        def check(body: bytes) -> str:
            try:
                total, count = _counted(body)
            except (ParseError, DefusedXmlException, ValueError):
                return "the answer is no Atom feed"
            # arXiv now and then leaves out entries that it counts.
            wanted = max(0, min(size, total - start))
            return "" if count >= wanted else f"the answer has {count} papers where it counts {wanted}"

        return self._client.get(self._url, parameters, check, keep)


def _counted(body: bytes) -> tuple[int, int]:
    """How many papers the search finds, and how many this page has. Raises `SourceError` for arXiv's own errors."""
    feed: Any = fromstring(body, forbid_dtd=True)
    if feed.tag != f"{_ATOM}feed":
        raise ValueError("no Atom feed")
    entries = feed.findall(f"{_ATOM}entry")
    for entry in entries:
        if "/api/errors" in (entry.findtext(f"{_ATOM}id") or ""):
            raise SourceError(f"arXiv refuses the search: {folded(entry.findtext(f'{_ATOM}summary') or '')}")
    return int(feed.findtext(f"{_SEARCH}totalResults") or ""), len(entries)
