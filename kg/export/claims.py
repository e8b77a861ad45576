"""Reported numbers in the forms in which others take them.

Hugging Face's `.eval_results` and `model-index`, Every Eval Ever, Papers with Code's tables, ORKG's contributions.
A claim without a number, a model or something it was measured on goes nowhere, and is counted; so are the claims of
papers that were withdrawn.
"""

from __future__ import annotations

import csv
import datetime
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from kg.ask.news.direction import lower_is_better
from kg.errors import UsageError
from kg.export.part import Part
from kg.export.spool import Spool, spooled
from kg.export.text import address, as_json, clean, file_name, plain, yaml
from kg.records import Node, Relationship
from kg.schema import RELATIONSHIPS

_SCHEMA_VERSION = "0.3.0"
_OF_RESULT = ("REPORTS", *(kind.name for kind in RELATIONSHIPS if any(source == "Result" for source, _ in kind.pairs)))
_LABELS = ("Paper", "Model", "Method", "Dataset", "Benchmark", "Task", "Metric", "Result")
_ORKG = "http://orkg.org/orkg/"
_PREDICATES = tuple(
    "P32 HAS_BENCHMARK HAS_DATASET HAS_EVALUATION HAS_METRIC HAS_VALUE HAS_MODEL HAS_SOURCE_CODE".split()  # noqa: SIM905
)
_MEASURES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "dataset", "data"),
    "id": ("id", "dataset_id"),
    "task_id": ("task_id",),
    "metric": ("metric",),
    "revision": ("revision",),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a paper reports, of a model, on something; task and metric where the sentence gives them."""

    paper: Node
    report: Relationship
    result: Node
    model: Node
    data: Node
    task: Node | None
    metric: Node | None

    @property
    def value(self) -> float:
        """The number."""
        return float(self.result.properties["value"])

    @property
    def unit(self) -> str:
        """Its unit, such as %, or ""."""
        return clean(str(self.result.properties.get("unit") or ""))

    @property
    def measure(self) -> str:
        """The name of the metric, or ""."""
        return _name(self.metric) if self.metric else ""

    @property
    def place(self) -> dict[str, str]:
        """The sentence, where it stands in title and abstract, how sure it is, and all else known; as texts."""
        known = {"paper": self.paper.id, "result": self.result.id, **self.report.properties}
        known |= {k: v for k, v in self.result.properties.items() if k not in ("id", "name", "value")}
        known["sentence"] = known.pop("evidence", None)
        return {name: clean(plain(value)) for name, value in known.items() if value not in (None, "")}


class Claims:
    """The claims of a spool, by paper; `left_out` counts what is no claim for others, by reason."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self.left_out: Counter[str] = Counter()
        self.count = 0

    def __iter__(self) -> Iterator[Claim]:
        for paper in self._spool.nodes("Paper"):
            for report in self._spool.facts_from(paper.id):
                if report.type != "REPORTS" or (result := self._spool.node(report.end)) is None:
                    continue
                of: dict[str, list[Node]] = {}
                for fact in self._spool.facts_from(result.id):
                    if (thing := self._spool.node(fact.end)) is not None:
                        of.setdefault(fact.type, []).append(thing)
                value = result.properties.get("value")
                lacks = [
                    what
                    for what, there in (
                        ("number", isinstance(value, int | float) and math.isfinite(value)),
                        ("model", "OF_MODEL" in of),
                        ("dataset or benchmark", "ON_DATASET" in of),
                    )
                    if not there
                ]
                if paper.properties.get("withdrawn"):
                    self.left_out["of withdrawn papers"] += 1
                elif lacks:
                    self.left_out[f"without a {' or a '.join(lacks)}"] += 1
                else:
                    self.count += 1
                    task, metric = (next(iter(of.get(kind, [])), None) for kind in ("FOR_TASK", "IN_METRIC"))
                    for model, data in itertools.product(of["OF_MODEL"], of["ON_DATASET"]):
                        yield Claim(paper, report, result, model, data, task, metric)

    def told(self) -> tuple[str, ...]:
        """What there is to say of them, in lines."""
        left = sum(self.left_out.values())
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.left_out.most_common())
        return (f"{self.count} claims written", *([f"{left} results left out: {reasons}"] if left else []))


@dataclass(frozen=True, slots=True)
class Registered:
    """A benchmark that is registered at Hugging Face, as the user's table names it."""

    id: str
    task_id: str
    metric: str
    revision: str


def read_table(path: Path) -> dict[str, list[Registered]]:
    """The user's table by lower-case name: columns name, id, task_id, and perhaps metric and revision.

    Raises `UsageError` where it cannot be read or lacks a column or a value.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    table: dict[str, list[Registered]] = {}
    for number, row in enumerate(rows, 2):
        given = {str(key).strip().lower(): str(value or "").strip() for key, value in row.items()}
        found = {name: next((given[key] for key in keys if key in given), "") for name, keys in _MEASURES.items()}
        if lacking := [name for name in ("name", "id", "task_id") if not found[name]]:
            raise UsageError(
                f"{path}:{number}: lacks {', '.join(lacking)}; the columns are name, id, task_id, metric, revision"
            )
        entry = Registered(found["id"], found["task_id"], found["metric"].casefold(), found["revision"])
        table.setdefault(found["name"].casefold(), []).append(entry)
    if not table:
        raise UsageError(f"{path}: holds no rows; the columns are name, id, task_id, metric, revision")
    return table


def write_hugging_face(part: Part, folder: Path, table: Mapping[str, list[Registered]]) -> tuple[str, ...]:
    """A folder for each model: `.eval_results/kg.yaml` for what `table` has an id for, `README.md` for the rest."""
    registered = 0
    with spooled(part, _OF_RESULT, _LABELS) as spool:
        claims = Claims(spool)
        ordered = spool.in_order(([claim.model.id], _flat(claim, _registered(claim, table))) for claim in claims)
        for (model,), group in itertools.groupby(ordered, key=lambda item: item[0]):
            items = [own for _, own in group]
            home = folder / file_name(model)
            home.mkdir()
            entries = [entry for item in items for entry in item["entries"]]
            rest = [item["index"] for item in items if not item["entries"]]
            registered += len(items) - len(rest)
            if entries:
                (home / ".eval_results").mkdir()
                _put(home / ".eval_results" / "kg.yaml", yaml(entries))
            if rest:
                _put(home / "README.md", _card(items[0]["model"], rest))
        told = claims.told()
    if not table:
        return told
    return (*told, f"{registered} of them in .eval_results, the others in model-index (README.md)")


def _registered(claim: Claim, table: Mapping[str, list[Registered]]) -> list[Registered]:
    names = [claim.data.id, _name(claim.data), *(claim.data.properties.get("aliases") or [])]
    measures = {claim.measure.casefold()}
    if claim.metric:
        measures |= {alias.casefold() for alias in claim.metric.properties.get("aliases") or []}
    entries = dict.fromkeys(entry for name in names for entry in table.get(str(name).casefold(), []))
    return [entry for entry in entries if not entry.metric or entry.metric in measures]


def _flat(claim: Claim, registered: Sequence[Registered]) -> dict[str, Any]:
    """A claim as entries of `.eval_results`, and as a result of `model-index`."""
    url = clean(address(claim.paper.properties))
    place = claim.place
    source = {"url": url, "name": f"{_name(claim.paper)} (abstract)"} if url else None
    day = claim.paper.properties.get("published")
    sure = f", confidence {place['confidence']}" if "confidence" in place else ""
    told = f" {claim.unit}" if claim.unit else ""
    whose = f" ({place['whose']})" if "whose" in place else ""
    notes = (
        f"Claimed in an abstract, not run again: {claim.measure or 'no metric named'} {claim.value:g}{told}{whose}. "
        f"Sentence, characters {place.get('start', '?')} to "
        f"{place.get('end', '?')} of title and abstract{sure}: {place.get('sentence', '')}"
    )
    entries = [
        _present(
            dataset=_present(id=entry.id, task_id=entry.task_id, revision=entry.revision),
            value=claim.value,
            date=str(day) if day else None,
            source=source,
            notes=notes,
        )
        for entry in registered
    ]
    metric = claim.measure or "unknown"
    index = _present(
        task=_present(
            type=_slug(claim.task) if claim.task else "other", name=_name(claim.task) if claim.task else None
        ),
        # Not the id of data at the hub, which nobody has told us.
        dataset={"type": _slug(claim.data), "name": _name(claim.data)},
        metrics=[
            {
                "type": _slug(claim.metric) if claim.metric else metric,
                "name": metric,
                "value": claim.value,
                "args": place,
            }
        ],
        source=source and {"name": source["name"], "url": url},
    )
    return {"entries": entries, "index": index, "model": _name(claim.model)}


def _card(model: str, results: Sequence[dict[str, Any]]) -> str:
    """A model card. Results of one task and dataset are one result with several metrics: its reader wants that."""
    head = yaml({"model-index": [{"name": model, "results": list(results)}]})
    return f"---\n{head}---\n\nNumbers that abstracts of papers claim. They were not run again.\n"


def write_every_eval_ever(part: Part, folder: Path) -> tuple[str, ...]:
    """A folder for each paper, in it a JSON file for each model."""
    with spooled(part, _OF_RESULT, _LABELS) as spool:
        claims = Claims(spool)
        ordered = spool.in_order(([claim.paper.id, claim.model.id], _evaluation(claim)) for claim in claims)
        for (paper, model), group in itertools.groupby(ordered, key=lambda item: item[0]):
            items = [own for _, own in group]
            # Who ran it is said of the file: where the sentences differ in that, nobody can say.
            said = {item["whole"]["source_metadata"]["evaluator_relationship"] for item in items}
            whole = items[0]["whole"]
            if len(said) > 1:
                whole["source_metadata"]["evaluator_relationship"] = "other"
            whole["evaluation_results"] = [item["result"] for item in items]
            home = folder / file_name(paper)
            home.mkdir(exist_ok=True)
            _put(home / f"{file_name(model)}.json", as_json(whole, indent=1) + "\n")
        return claims.told()


def _evaluation(claim: Claim) -> dict[str, Any]:
    day = claim.paper.properties.get("published")
    seconds = "0"
    if day:
        midnight = datetime.datetime.combine(datetime.date.fromisoformat(str(day)), datetime.time(), datetime.UTC)
        seconds = str(int(midnight.timestamp()))
    url = clean(address(claim.paper.properties))
    known = [_name(claim.metric), *(claim.metric.properties.get("aliases") or [])] if claim.metric else []
    whose = str(claim.result.properties.get("whose") or "")
    data = _name(claim.data)
    return {
        "whole": {
            "schema_version": _SCHEMA_VERSION,
            "evaluation_id": f"{file_name(claim.paper.id)}/{file_name(claim.model.id)}/{seconds}",
            "retrieved_timestamp": seconds,
            "source_metadata": {
                "source_name": f"Abstract of: {_name(claim.paper)}",
                "source_type": "documentation",
                "source_organization_name": "paper-kg",
                "evaluator_relationship": {"own": "first_party", "baseline": "third_party"}.get(whose, "other"),
                "additional_details": {"paper": clean(claim.paper.id)},
            },
            "eval_library": {"name": "unknown", "version": "unknown"},
            "model_info": {
                "name": _name(claim.model),
                "id": claim.model.id,
                "additional_details": {"deployment_type": "unknown", "model_availability": "unknown"},
            },
        },
        "result": {
            "evaluation_result_id": claim.result.id,
            "evaluation_name": data,
            "source_data": _present(
                dataset_name=data,
                source_type="url" if url else "other",
                url=[url] if url else None,
            ),
            "metric_config": _present(
                metric_name=claim.measure,
                metric_unit={"%": "percent"}.get(claim.unit, claim.unit),
                lower_is_better=lower_is_better(known),
            ),
            "score_details": {"score": claim.value, "details": claim.place},
        },
    }


def write_papers_with_code(part: Part, out: TextIO) -> tuple[str, ...]:
    """Papers with Code's tables: a list of tasks with their datasets and rows. It has no place for a sentence."""
    with spooled(part, (*_OF_RESULT, "HAS_CODE"), (*_LABELS, "Repository")) as spool:
        claims = Claims(spool)
        ordered = spool.in_order(_rows(claims, spool))
        out.write("[")
        tasks = itertools.groupby(ordered, key=lambda item: item[0][:2])
        for number, ((_, task), of_task) in enumerate(tasks):
            head = {
                "task": task,
                "description": "",
                "categories": [],
                "synonyms": [],
                "subtasks": [],
                "source_link": None,
            }
            out.write(f'{"," if number else ""}\n{as_json(head)[:-1]}, "datasets": [')
            for place, ((_, _, _, data), group) in enumerate(itertools.groupby(of_task, key=lambda item: item[0][:4])):
                out.write(f"{',' if place else ''}\n{as_json(_table(data, [own for _, own in group]))}")
            out.write("]}")
        out.write("\n]\n")
        return claims.told()


def _rows(claims: Claims, spool: Spool) -> Iterator[tuple[list[Any], Any]]:
    for claim in claims:
        code = [spool.node(fact.end) for fact in spool.facts_from(claim.paper.id) if fact.type == "HAS_CODE"]
        links = [{"title": _name(node), "url": clean(str(node.properties.get("url") or ""))} for node in code if node]
        row = {
            "model_name": _name(claim.model),
            "paper_title": _name(claim.paper),
            "paper_url": clean(address(claim.paper.properties)),
            "paper_date": claim.paper.properties.get("published"),
            "code_links": links,
            "model_links": [],
            "uses_additional_data": False,
        }
        task, data = claim.task, claim.data
        key = [
            task.id if task else "",
            _name(task) if task else "Unknown",
            data.id,
            _name(data),
            claim.paper.id,
            claim.model.id,
        ]
        yield (
            key,
            {
                "row": row,
                "metric": claim.measure or "unknown",
                "value": f"{claim.value:.12g}{claim.unit if claim.unit == '%' else ''}",
            },
        )


def _table(data: str, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A dataset's table: the numbers of one model in one paper are one row, as long as no metric has two of them."""
    rows: list[dict[str, Any]] = []
    for item in items:
        same = [row for row in rows if item["row"].items() <= row.items() and item["metric"] not in row["metrics"]]
        if same:
            same[0]["metrics"][item["metric"]] = item["value"]
        else:
            rows.append({**item["row"], "metrics": {item["metric"]: item["value"]}})
    metrics = list(dict.fromkeys(name for row in rows for name in row["metrics"]))
    empty = {"description": "", "dataset_links": [], "dataset_citations": [], "subdatasets": []}
    return {"dataset": data, **empty, "sota": {"metrics": metrics, "rows": rows}}


def write_orkg(part: Part, folder: Path) -> tuple[str, ...]:
    """A folder for each paper, as the client's `directory_harvest` takes it; `papers.csv` says which is which.

    A contribution is a model of the paper. ORKG has a word for neither the sentence nor how sure it is: the label of an
    evaluation holds the sentence.
    """
    with spooled(part, (*_OF_RESULT, "HAS_CODE"), (*_LABELS, "Repository")) as spool:
        claims = Claims(spool)
        ordered = spool.in_order(_contributions(claims, spool))
        with (folder / "papers.csv").open("w", encoding="utf-8", newline="") as index:
            writer = csv.writer(index, lineterminator="\n")
            writer.writerow(["folder", "id", "title", "url", "published"])
            for paper, of_paper in itertools.groupby(ordered, key=lambda item: item[0][0]):
                home = folder / file_name(paper)
                home.mkdir()
                for number, (_, group) in enumerate(itertools.groupby(of_paper, key=lambda item: item[0][1]), 1):
                    items = [own for _, own in group]
                    if number == 1:
                        writer.writerow([home.name, *items[0]["paper"]])
                    text = as_json(_contribution(items, number), indent=1)
                    _put(home / f"contribution-{number}.json", text + "\n")
        return claims.told()


def _contributions(claims: Claims, spool: Spool) -> Iterator[tuple[list[Any], Any]]:
    from kg.export.text import harmless

    for claim in claims:
        code = [spool.node(fact.end) for fact in spool.facts_from(claim.paper.id) if fact.type == "HAS_CODE"]
        own = claim.paper.properties
        yield (
            [claim.paper.id, claim.model.id],
            {
                "paper": [
                    harmless(claim.paper.id),
                    harmless(_name(claim.paper)),
                    harmless(address(own)),
                    own.get("published") or "",
                ],
                "code": [clean(str(node.properties.get("url") or "")) for node in code if node],
                "model": _name(claim.model),
                "data": _name(claim.data),
                "task": _name(claim.task) if claim.task else "",
                "metric": claim.measure,
                "value": f"{claim.value:.12g}",
                "unit": claim.unit,
                "sentence": claim.place.get("sentence", ""),
            },
        )


def _contribution(items: Sequence[dict[str, Any]], number: int) -> dict[str, Any]:
    count = itertools.count(1)

    def resource(kind: str, label: str, **values: Any) -> dict[str, Any]:
        filled = {name: value for name, value in values.items() if value}
        return {"@id": f"_:n{next(count)}", "@type": [f"{_ORKG}class/{kind}"], "label": label, **filled}

    context = {"label": "http://www.w3.org/2000/01/rdf-schema#label"}
    context |= {name: f"{_ORKG}predicate/{name}" for name in _PREDICATES}
    benchmarks = []
    for item in items:
        measure = item["metric"] or "number"
        if item["unit"]:
            measure = f"{measure} in {item['unit']}"
        evaluation = resource(
            "Evaluation",
            item["sentence"] or f"{item['data']} {measure}",
            HAS_VALUE=[item["value"]],
            HAS_METRIC=[resource("Metric", measure)],
        )
        data = [resource("Dataset", item["data"])]
        benchmarks.append(
            resource("Benchmark", f"Benchmark {item['data']}", HAS_DATASET=data, HAS_EVALUATION=[evaluation])
        )
    first = items[0]
    tasks = dict.fromkeys(item["task"] for item in items if item["task"])
    whole = resource(
        "Contribution",
        f"Contribution {number}",
        P32=[resource("Problem", task) for task in tasks],
        HAS_MODEL=[resource("Model", first["model"])],
        HAS_SOURCE_CODE=first["code"],
        HAS_BENCHMARK=benchmarks,
    )
    return {"@context": context, **whole}


def _name(node: Node | None) -> str:
    return clean(str(node.properties.get("name") or node.id)) if node else ""


def _slug(node: Node) -> str:
    """The part of an id behind its label: `image-classification` of `task:image-classification`."""
    return node.id.partition(":")[2] or node.id


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _put(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
