"""What is new, as records."""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper that was not there before."""

    title: str
    published: datetime.date | None
    id: str


@dataclass(frozen=True, slots=True)
class NewThing:
    """A thing that no paper named before: by how many it is named now, and the one with the strongest role."""

    name: str
    type: str
    papers: int
    role: str
    paper: str
    id: str


@dataclass(frozen=True, slots=True)
class NewUse:
    """A family of models, known before, with data that it was not used with before."""

    family: str
    model: str
    data: str
    paper: str
    family_id: str
    data_id: str


@dataclass(frozen=True, slots=True)
class NewResult:
    """A number better than the best one known before, for the same data, metric and unit, and for no other task."""

    data: str
    metric: str
    value: float
    unit: str
    model: str
    best: float
    best_model: str
    paper: str
    evidence: str
    id: str


@dataclass(frozen=True, slots=True)
class News:
    """All that is new, each list in its order."""

    papers: tuple[NewPaper, ...]
    things: tuple[NewThing, ...]
    uses: tuple[NewUse, ...]
    results: tuple[NewResult, ...]


def as_records(news: News) -> list[dict[str, Any]]:
    """Everything as flat records, `new` saying what each is: paper, thing, use or result."""
    kinds = (("paper", news.papers), ("thing", news.things), ("use", news.uses), ("result", news.results))
    return [{"new": kind, **dataclasses.asdict(item)} for kind, items in kinds for item in items]
