"""The JSON that the Hugging Face daily-papers API answers with: an array of `{"paper": {…}, "publishedAt": …, …}`."""

from __future__ import annotations

from kg.read.fields import folded, make_paper
from kg.read.people import names_of
from kg.read.shape import Record, Shape, nested, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return "id" in nested(record, "paper")


def _paper(record: Record, source: str) -> Paper:
    paper = nested(record, "paper")
    return make_paper(
        folded(text(paper, "title") or text(record, "title")),
        folded(text(paper, "summary", "abstract") or text(record, "summary", "abstract")),
        ids=texts(paper, "id"),
        dates=(*texts(paper, "publishedAt"), *texts(record, "publishedAt")),
        source=source,
        authors=names_of(paper.get("authors"), natural=True) or names_of(record.get("authors")),
    )


HF_DAILY = Shape(_fits, _paper, lambda record: nested(record, "paper").get("submittedOnDailyAt"))
