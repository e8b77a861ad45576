"""The JSON that the Hugging Face daily-papers API answers with: an array of `{"paper": {…}, "publishedAt": …, …}`."""

from __future__ import annotations

from kg.read.fields import folded, make_paper
from kg.read.people import person
from kg.read.shape import Record, Shape, nested, objects, text, texts
from kg.records import Paper


def _fits(record: Record) -> bool:
    return "id" in nested(record, "paper")


def _paper(record: Record, source: str) -> Paper:
    paper = nested(record, "paper")
    return make_paper(
        folded(text(paper, "title") or text(record, "title")),
        folded(text(paper, "summary") or text(record, "summary")),
        ids=texts(paper, "id"),
        dates=(*texts(paper, "publishedAt"), *texts(record, "publishedAt")),
        source=source,
        authors=tuple(person(text(author, "name"), natural=True) for author in objects(paper, "authors")),
    )


HF_DAILY = Shape(_fits, _paper, lambda record: nested(record, "paper").get("submittedOnDailyAt"))
