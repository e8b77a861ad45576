"""Raw field values become a `Paper`: ids in one form, text without control characters, dates that are dates."""

from __future__ import annotations

import datetime
import re
import unicodedata
import urllib.parse
from typing import Any

from kg.read.days import day_or_note
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
# What sources write where there is no abstract.
_NO_ABSTRACT = re.compile(
    r"\W*(?:no abstract(?:\s+(?:is\s+)?(?:available|provided|given|found))?(?:\s+for this \w+)?|abstract (?:is )?(?:not|un)"
    r"\s?(?:available|provided|found)|n\s*[./]?\s*a|none|null|nan|undefined|missing|tba|unavailable|not available"
    r"|abstract|without abstract)?\W*",
    re.IGNORECASE,
)
_WORD = r"(?:withdrawn|retracted|withdrawal|retraction)"
_WITHDRAWN_TITLE = re.compile(
    rf"^\W{{0,3}}{_WORD}(?: (?:article|paper|chapter|publication|note|notice))?(?:\s*[:\]\)]|\s+(?:note|notice)\b|\s+to\b\s*:)"
    rf"|[\[(]{_WORD}(?: (?:article|paper))?[\])]\s*$",
    re.IGNORECASE,
)
_THING = r"(?:this|the|our|my)?\s*(?:present\s+|arxiv\s+)?(?:paper|submission|article|manuscript|work|version|preprint|draft|note|report)"
_GONE = (
    rf"(?:{_THING}|it|this|v\d+)\s+(?:has|have|had|is|was|were)?\s*(?:been|being)?\s*(?:now\s+|temporarily\s+|hereby\s+|"
    r"voluntarily\s+)*(?:withdrawn|retracted)(?!\s+from\s+(?!arxiv|the arxiv))(?!\s+(?:and|but) (?:replaced|superseded|resubmitted))"
)
_WITHDRAWN_ABSTRACT = re.compile(rf"[\s(*\[]*(?:{_GONE}|withdrawn\b|retracted\b)", re.IGNORECASE)
_WITHDRAWN = re.compile(
    rf"\b{_GONE}|(?:^|[.;,:!(]\s*)[\s*(\[]*(?:paper |submission |article |temporarily )?(?:withdrawn|retracted)\b(?!\s+from\s+(?!arxiv|the arxiv))"
    r"|\bwithdrawn by (?:the )?(?:authors?|arxiv|submitter|admin)|\bwithdrawn (?:due|because|as|for|since|until|pending)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:supersed|replac|substitut|instead of|not (?:been )?withdrawn|version of (?:the|a) withdrawn)\w*",
    re.IGNORECASE,
)
NOT_A_DATE = "a date is not understood"
HALF_A_DATE = "of a date only a part is understood"
# What extraction is given at most; the longest abstracts of arXiv have 6,000 characters.
MAX_TEXT = 30_000


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


def folded(text: str) -> str:
    """`text` with one space for each run of white space: line breaks and indents that are the format's own."""
    return " ".join(text.split())


def make_paper(
    title: str,
    abstract: str,
    *,
    ids: tuple[str, ...] = (),
    dates: tuple[Any, ...] = (),
    published: datetime.date | None = None,
    url: str = "",
    source: str = "",
    authors: tuple[str, ...] = (),
    withdrawn: Any = None,
    comment: str = "",
    notes: tuple[tuple[str, str], ...] = (),
) -> Paper:
    """Build a `Paper`; `ids` are strings in which an arXiv id, else a DOI, is looked for, in their order.

    `dates` are what tells the day in the source's own form, the most trusted first; or `published` is the day.
    `withdrawn` is what the source says of that, and `comment` text that may say so. Raises `ValueError` with the reason
    where the record cannot be one.
    """
    title, abstract = clean_text(" ".join(title.split("\n"))), clean_text(abstract)
    if not title_key(title):
        raise ValueError("no title")
    if not abstract or (len(abstract) < 60 and _NO_ABSTRACT.fullmatch(abstract)):
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
    if published is None and dates:
        published, unclear = day_or_note(*dates)
        if unclear:
            notes = (*notes, (NOT_A_DATE if published is None else HALF_A_DATE, unclear))
    gone = is_withdrawn(title, abstract, comment, withdrawn)
    authors = tuple(filter(None, authors))
    return Paper(paper_id, title, abstract, published, clean_text(url), source, authors, gone or None, notes)


def is_withdrawn(title: str, abstract: str, comment: str = "", said: Any = None) -> bool:
    """Whether a paper was withdrawn or retracted: the source says so, or its title, comment or abstract does."""
    if said is True or (
        isinstance(said, str) and said.strip().lower() in ("true", "yes", "1", "withdrawn", "retracted")
    ):
        return True
    if ("etract" in title or "ithdraw" in title or "ETRACT" in title or "ITHDRAW" in title) and (
        _WITHDRAWN_TITLE.search(title)
    ):
        return True
    if comment and (match := _WITHDRAWN.search(comment)) and not _ANOTHER.search(comment, 0, match.end()):
        return True
    return abstract[:12].lower().lstrip("( *[").startswith(
        ("this ", "the ", "withdrawn", "paper w", "retracted")
    ) and bool(_WITHDRAWN_ABSTRACT.match(abstract))


def title_id(title: str) -> str:
    """The id of a paper that has no other: a hash of its title, case and punctuation aside."""
    return "paper:" + digest(title_key(title))
