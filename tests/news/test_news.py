"""What is new, case by case, on the embedded store; tests/stores has all stores agree on the fixed graph."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.ask.news import news_of, news_since
from kg.errors import UsageError
from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from kg.tables import GraphRows
from tests.stores.fixed_graph import fixed_graph

DAY = datetime.date(2024, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = LadybugStore(tmp_path / "graph")
    yield opened
    opened.close()


class Graph:
    """The fixed graph with papers, facts and numbers added; all new papers are of June 2024."""

    def __init__(self) -> None:
        self.rows: GraphRows = copy.deepcopy(fixed_graph())

    def paper(self, key: str, day: datetime.date | None = DAY, feed: str = "") -> None:
        """A paper, listed by `feed` if one is given."""
        own = {
            "id": key,
            "name": key,
            "title": f"Paper {key}",
            "abstract": "x",
            "published": day,
            "url": "",
            "source": "",
        }
        self.rows.nodes["Paper"].append(own)
        if feed:
            self.rows.relationships["LISTS", "Feed", "Paper"].append({"from": feed, "to": key, "rank": 1})

    def feed(self, name: str, day: datetime.date | None) -> None:
        """A feed."""
        self.rows.nodes["Feed"].append({"id": name, "name": name, "published": day})

    def thing(self, label: str, name: str, aliases: tuple[str, ...] = ()) -> str:
        """A thing; returns its id."""
        key = f"{label.lower()}:{name.lower()}"
        own = {"id": key, "name": name, "aliases": [name, *aliases], "papers": 1, "first_seen": DAY}
        self.rows.nodes[label].append(own)
        return key

    def fact(self, paper: str, role: str, label: str, thing: str) -> None:
        """That a paper names a thing."""
        own = {
            "surfaces": [],
            "evidence": "e",
            "start": 0,
            "end": 1,
            "mentions": 1,
            "confidence": 1.0,
            "extractor": "r",
        }
        self.rows.relationships[role, "Paper", label].append({"from": paper, "to": thing, **own})

    def number(self, paper: str, value: float, unit: str, model: str, data: str, metric: str, task: str = "") -> None:
        """That a paper reports a number."""
        count = sum(row["from"] == paper for row in self.rows.relationships["REPORTS", "Paper", "Result"])
        key = f"{paper}#{count + 1}"
        self.rows.nodes["Result"].append({"id": key, "name": key, "value": value, "unit": unit, "text": str(value)})
        place = {"evidence": "e", "start": 0, "end": 1, "confidence": 0.5}
        self.rows.relationships["REPORTS", "Paper", "Result"].append({"from": paper, "to": key, **place})
        label = "Model" if model.startswith("model:") else "Method"
        of: tuple[tuple[str, str, str], ...] = (
            ("OF_MODEL", label, model),
            ("ON_DATASET", "Dataset", data),
            ("IN_METRIC", "Metric", metric),
        )
        for kind, target, thing in (*of, *((("FOR_TASK", "Task", task),) if task else ())):
            self.rows.relationships[kind, "Result", target].append({"from": key, "to": thing})

    def into(self, store: Store) -> Store:
        """Load it all."""
        for rows in self.rows.nodes.values():
            rows.sort(key=lambda row: row["id"])
        store.replace(self.rows)
        return store


def best(store: Store, since: str = "2024-05-01") -> list[tuple[Any, ...]]:
    return [(r.metric, r.value, r.model, r.best, r.best_model) for r in news_since(store, since).results]


def test_less_is_better_of_an_error(store: Store) -> None:
    graph = Graph()
    fid = graph.thing("Metric", "FID", ("Fréchet Inception Distance",))
    graph.paper("old", datetime.date(2023, 1, 1))
    graph.number("old", 7.5, "", "model:clip", "dataset:coco", fid)
    graph.number("old", 9.0, "", "model:vit", "dataset:coco", fid)
    graph.paper("new")
    for value in (3.2, 8.0, 12.0):
        graph.number("new", value, "", "model:vir", "dataset:coco", fid)
    assert best(graph.into(store)) == [("FID", 3.2, "ViR", 7.5, "CLIP")]


@pytest.mark.parametrize(
    ("value", "unit", "task", "beats"),
    [
        (89.0, "%", "", True),
        (88.55, "%", "", False),  # as good is no better
        (89.0, "", "", False),  # another unit is another measure
        (89.0, "%", "task:object-detection", True),  # what ViT's number is for is not said
        (71.0, "%", "task:image-classification", False),
    ],
)
def test_what_beats_the_best_known(store: Store, value: float, unit: str, task: str, beats: bool) -> None:
    graph = Graph()
    graph.paper("new")
    graph.number("new", value, unit, "model:vir", "dataset:imagenet", "metric:top-1-accuracy", task)
    expected = [("top-1 accuracy", value, "ViR", 88.55, "ViT")] if beats else []
    assert best(graph.into(store)) == expected


def test_numbers_for_another_task_are_not_compared(store: Store) -> None:
    graph = Graph()
    metric = graph.thing("Metric", "AP")
    graph.paper("old", datetime.date(2023, 1, 1))
    graph.number("old", 50, "", "model:clip", "dataset:coco", metric, "task:object-detection")
    graph.paper("new")
    graph.number("new", 60, "", "model:vir", "dataset:coco", metric, "task:semantic-segmentation")
    assert best(graph.into(store)) == []


def test_a_record_must_hold_on_its_day(store: Store) -> None:
    graph = Graph()
    for key, day, value in (("a", 1, 90.0), ("b", 2, 89.5), ("c", 3, 91.0), ("d", 3, 92.0)):
        graph.paper(key, datetime.date(2024, 6, day))
        graph.number(key, value, "%", "model:vir", "dataset:imagenet", "metric:top-1-accuracy")
    assert [(value, before) for _, value, _, before, _ in best(graph.into(store))] == [
        (90.0, 88.55),
        (92.0, 90.0),
        (91.0, 90.0),
    ]


def test_the_first_number_on_a_board_beats_nothing(store: Store) -> None:
    graph = Graph()
    graph.paper("new")
    graph.number("new", 99.0, "%", "model:vir", "dataset:wikipedia", "metric:top-1-accuracy")
    assert best(graph.into(store)) == []


def test_a_family_uses_data_for_the_first_time_whichever_variant_does(store: Store) -> None:
    graph = Graph()
    graph.paper("new")
    graph.fact("new", "USES", "Model", "model:llama-7b")
    graph.fact("new", "TRAINS_ON", "Dataset", "dataset:wikipedia")
    graph.fact("new", "EVALUATES_ON", "Benchmark", "benchmark:mmlu")  # which LLaMA was evaluated on before
    graph.fact("new", "COMPARES_TO", "Model", "model:gpt-4")
    unknown = graph.thing("Model", "Brand-New")
    graph.fact("new", "INTRODUCES", "Model", unknown)  # all it uses is new: to say so would be noise
    uses = news_since(graph.into(store), "2024-05-01").uses
    assert [(u.family, u.model, u.data, u.paper) for u in uses] == [("LLaMA", "LLaMA-7B", "Wikipedia", "Paper new")]


def test_a_number_is_a_use_as_well(store: Store) -> None:
    graph = Graph()
    graph.paper("new")
    graph.number("new", 1.0, "%", "model:gpt-4", "dataset:wikipedia", "metric:miou")
    uses = news_since(graph.into(store), "2024-05-01").uses
    assert [(u.family, u.data) for u in uses] == [("GPT-4", "Wikipedia")]


def test_families_in_a_circle_come_to_an_end(store: Store) -> None:
    graph = Graph()
    variants = graph.rows.relationships["VARIANT_OF", "Model", "Model"]
    variants.append({"from": "model:clip", "to": "model:clip-vit-l-14", "reason": "a circle"})
    graph.paper("new")
    graph.fact("new", "USES", "Model", "model:clip")
    graph.fact("new", "TRAINS_ON", "Dataset", "dataset:wikipedia")
    assert len(news_since(graph.into(store), "2024-05-01").uses) == 1


def test_a_feed_against_earlier_and_later_ones(store: Store) -> None:
    graph = Graph()
    for name, day in (("monday", 3), ("tuesday", 4), ("wednesday", 5)):
        graph.feed(name, datetime.date(2024, 6, day))
        graph.paper(name, None, name)
    graph.rows.relationships["LISTS", "Feed", "Paper"].append({"from": "tuesday", "to": "monday", "rank": 2})
    graph.into(store)
    since = {name: {p.id for p in news_since(store, name).papers} for name in ("monday", "tuesday", "wednesday")}
    undated = {f"arxiv:{n}" for n in ("2", "5", "6", "7", "8", "9", "91", "92")}
    assert since["monday"] == {"tuesday", "wednesday"} | undated
    assert since["tuesday"] == {"wednesday"} | undated
    assert [p.id for p in news_of(store, "tuesday").papers] == ["tuesday"]
    assert [p.id for p in news_of(store, "feeds/monday.jsonl.gz").papers] == ["monday"]


@pytest.mark.parametrize("what", ["januar.jsonl", "2024-13-01", "", "' OR 1=1"])
def test_what_is_neither_a_day_nor_a_feed(store: Store, what: str) -> None:
    store.replace(fixed_graph())
    with pytest.raises(UsageError, match="there are feeds such as: "):
        news_since(store, what)
    with pytest.raises(UsageError, match="is not a feed of the graph"):
        news_of(store, what)
