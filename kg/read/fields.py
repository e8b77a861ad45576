"""Raw field values become a `Paper`: ids in one form, text without control characters, dates that are dates."""

from __future__ import annotations

import datetime
import re
import unicodedata
import urllib.parse

from kg.records import Paper, digest, title_key

_ARXIV_NEW = r"\d{4}\.\d{4,5}"
_ARXIV_OLD = r"[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7}"
_ARXIV_ID = rf"({_ARXIV_NEW}|{_ARXIV_OLD})(?:v\d+)?"
_ARXIV = re.compile(rf"^(?:oai:)?(?:arxiv(?:\.org)?[:\s]*)?{_ARXIV_ID}(?:\s*\[[\w.-]+\])?$", re.IGNORECASE)
_ARXIV_URL = re.compile(
    rf"^(?:https?://)?(?:(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format)|(?:www\.)?(?:huggingface\.co|hf\.co)/papers)/"
    rf"{_ARXIV_ID}(?:\.pdf)?/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_DOI_PREFIX = r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:|urn:)?doi[:/\s]*)?"
_ARXIV_DOI = re.compile(rf"^{_DOI_PREFIX}10\.48550/arxiv\.{_ARXIV_ID}$", re.IGNORECASE)
_DOI = re.compile(rf"^{_DOI_PREFIX}(10\.\d{{4,9}}(?:/|%2F)\S+)$", re.IGNORECASE)
# What extraction is given at most; the longest abstracts of arXiv have 6,000 characters.
MAX_TEXT = 30_000
_DATE = re.compile(r"^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)")
_MONTH = re.compile(r"^\s*(\d{4})(?:[-/](\d{1,2}))?[-/]*\s*$")


def clean_text(text: str) -> str:
    """Strip the ends and put a space for each control character and each lone surrogate, so that offsets stay."""
    if text.isprintable():
        return text.strip()
    return "".join(
        " " if (unicodedata.category(c) in ("Cc", "Cs") and c != "\n") or c == "\ufeff" else c for c in text
    ).strip()


def arxiv_id(text: str) -> str | None:
    """The bare arXiv id in `text` (an id, with or without version and prefix, an arXiv URL or DOI), else None."""
    text = text.strip()
    for pattern in (_ARXIV, _ARXIV_URL, _ARXIV_DOI):
        if match := pattern.match(text):
            return match.group(1).lower()
    return None


def doi(text: str) -> str | None:
    """The bare DOI in `text`, in lower case, else None."""
    match = _DOI.match(text.strip())
    if not match:
        return None
    found = match.group(1).rstrip(".,;")
    return (urllib.parse.unquote(found) if "%" in found else found).lower()


def date(text: str | None) -> datetime.date | None:
    """The day that `text` begins with (`2025-03-18`, also with a time after it), else None."""
    match = _DATE.match(text or "")
    if not match:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def date_or_period(text: str | None) -> datetime.date | None:
    """As `date`; of a month or a year alone (`2021-03`, `2021`), which is all some sources give, the first day."""
    if found := date(text):
        return found
    match = _MONTH.match(text or "")
    return date(f"{match.group(1)}-{match.group(2) or 1}-1") if match else None


def folded(text: str) -> str:
    """`text` with one space for each run of white space: line breaks and indents that are the format's own."""
    return " ".join(text.split())


def make_paper(
    title: str,
    abstract: str,
    *,
    ids: tuple[str, ...] = (),
    published: datetime.date | None = None,
    url: str = "",
    source: str = "",
    authors: tuple[str, ...] = (),
) -> Paper:
    """Build a `Paper`; `ids` are strings in which an arXiv id, else a DOI, is looked for, in their order.

    Raises `ValueError` with the reason where the record cannot be one.
    """
    title, abstract = clean_text(" ".join(title.split("\n"))), clean_text(abstract)
    if not title_key(title):
        raise ValueError("no title")
    if not abstract:
        raise ValueError("no abstract")
    if len(title) + len(abstract) > MAX_TEXT:
        raise ValueError(f"{len(title) + len(abstract)} characters, and no abstract has more than {MAX_TEXT}")
    candidates = [text for text in (*ids, url) if text]
    arxiv = next(filter(None, map(arxiv_id, candidates)), None)
    found = arxiv or next(filter(None, map(doi, candidates)), None)
    prefix = "arxiv" if arxiv else "doi"
    paper_id = f"{prefix}:{found}" if found else title_id(title)
    if arxiv and not url:
        url = f"https://arxiv.org/abs/{arxiv}"
    return Paper(paper_id, title, abstract, published, clean_text(url), source, tuple(filter(None, authors)))


def title_id(title: str) -> str:
    """The id of a paper that has no other: a hash of its title, case and punctuation aside."""
    return "paper:" + digest(title_key(title))
