"""What is known of one thing, on a page: who uses it over time, what goes with it, the numbers reported for it.

Every line of it names a paper and holds the sentence it was read from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.ask.backing import Backing
from kg.ask.cells import named, quote, reference
from kg.ask.words import PHRASES, clean, spellings
from kg.metrics import less_is_better
from kg.schema import ROLE_RELATIONSHIPS, THING_LABELS

MOST_RESULTS, MOST_LINES = 500, 25
_ROLES = tuple(ROLE_RELATIONSHIPS.values())
_FACT = "r.evidence, r.surfaces"
# What results point to, by the relationship that does.
_PARTS: Mapping[str, tuple[str, str]] = {
    "model": ("OF_MODEL", "Model|Method"),
    "dataset": ("ON_DATASET", "Dataset|Benchmark"),
    "task": ("FOR_TASK", "Task"),
    "metric": ("IN_METRIC", "Metric"),
}
_PART_OF_LABEL = {label: part for part, (_, labels) in _PARTS.items() for label in labels.split("|")}


@dataclass(frozen=True, slots=True)
class Section:
    """A list of a profile.

    `cypher` answers the other node's id, a paper's id, evidence, surfaces; `{label}` in it stands for the label of the
    node whose id is `$id`.
    """

    title: str
    about: str
    cypher: str


def _of_introducing(role: str, labels: str) -> str:
    return (
        f"MATCH (p:Paper)-[:INTRODUCES]->(n:{{label}}) WHERE n.id = $id "
        f"MATCH (p)-[r:{role}]->(o:{labels}) RETURN o.id, p.id, {_FACT}"
    )


_INTRODUCED = Section(
    "Introduced in",
    "Papers that introduce it",
    f"MATCH (p:Paper)-[r:INTRODUCES]->(n:{{label}}) WHERE n.id = $id RETURN p.id, p.id AS paper, {_FACT}",
)
_CODE = Section(
    "Code",
    "Repositories of the papers that introduce it",
    "MATCH (p:Paper)-[:INTRODUCES]->(n:{label}) WHERE n.id = $id "
    "MATCH (p)-[r:HAS_CODE]->(o:Repository) RETURN o.id, p.id, r.evidence",
)
_TASKS = Section(
    "Tasks", "Tasks of the papers that introduce it", _of_introducing("USES|EVALUATES_ON|MENTIONS", "Task")
)


def _usage(title: str, about: str, roles: str, other_roles: str, labels: str) -> Section:
    """What papers that have one of `roles` to it have one of `other_roles` to."""
    return Section(
        title,
        about,
        f"MATCH (p:Paper)-[:{roles}]->(n:{{label}}) WHERE n.id = $id "
        f"MATCH (p)-[r:{other_roles}]->(o:{labels}) WHERE o.id <> $id RETURN o.id, p.id, {_FACT}",
    )


_MODEL = (
    _INTRODUCED,
    Section("Trained on", "By the papers that introduce it", _of_introducing("TRAINS_ON", "Dataset|Benchmark")),
    Section("Evaluated on", "By the papers that introduce it", _of_introducing("EVALUATES_ON", "Dataset|Benchmark")),
    Section(
        "Compared with",
        "What papers set against it: one of the two is the paper's own",
        "MATCH (p:Paper)-[a:INTRODUCES|COMPARES_TO]->(n:{label}) WHERE n.id = $id "
        "MATCH (p)-[r:INTRODUCES|COMPARES_TO]->(o:Model|Method) WHERE o.id <> $id AND type(a) <> type(r) "
        f"RETURN o.id, p.id, {_FACT}",
    ),
    _TASKS,
    _CODE,
    _usage(
        "Evaluated with it",
        "Data of the papers that use it or compare with it",
        "USES|COMPARES_TO",
        "EVALUATES_ON",
        "Dataset|Benchmark",
    ),
    _usage("Used with it", "Models and methods of the papers that use it", "USES", "INTRODUCES|USES", "Model|Method"),
)
_DATA = (
    _INTRODUCED,
    _usage(
        "Evaluated on it",
        "Models and methods of the papers that evaluate on it",
        "EVALUATES_ON",
        "INTRODUCES",
        "Model|Method",
    ),
    _usage(
        "Trained on it", "Models and methods of the papers that train on it", "TRAINS_ON", "INTRODUCES", "Model|Method"
    ),
    _usage(
        "Baselines on it", "What papers that evaluate on it compare with", "EVALUATES_ON", "COMPARES_TO", "Model|Method"
    ),
    _usage("Goes with", "Other data the same papers evaluate on", "EVALUATES_ON", "EVALUATES_ON", "Dataset|Benchmark"),
    _CODE,
)
_ALL_ROLES = "|".join(_ROLES)
SECTIONS: Mapping[str, tuple[Section, ...]] = {
    "Model": _MODEL,
    "Method": _MODEL,
    "Dataset": _DATA,
    "Benchmark": _DATA,
    "Task": (
        _usage(
            "Introduced for it",
            "Models and methods of the papers that name it",
            _ALL_ROLES,
            "INTRODUCES",
            "Model|Method",
        ),
        _usage("Evaluated on", "Data that the papers evaluate on", _ALL_ROLES, "EVALUATES_ON", "Dataset|Benchmark"),
        _usage("Compared with", "Baselines of the papers", _ALL_ROLES, "COMPARES_TO", "Model|Method"),
    ),
    "Metric": (
        _usage("Measured on", "Data of the papers that name it", _ALL_ROLES, "EVALUATES_ON", "Dataset|Benchmark"),
    ),
}


def profile(backing: Backing, key: str) -> dict[str, Any]:
    """The profile of a thing; nodes of other labels have no sections and no years.

    Raises `UsageError` where no node has this id.
    """
    node = backing.node(key)
    entry = backing.index.get(key)
    label = node.label
    found: dict[str, Any] = {
        "node": named(entry) if entry else {"id": key, "label": label, "name": clean(str(node.properties.get("name")))},
        "aliases": [clean(str(alias), 300) for alias in spellings(node.properties.get("aliases") or [])],
        "years": [],
        "sections": [],
        "results": {"rows": [], "total": 0},
    }
    if label not in THING_LABELS:
        return found
    found["years"], found["undated"] = years(backing, key, label)
    for section in SECTIONS[label]:
        rows = backing.read(section.cypher.replace("{label}", label), {"id": key})
        if rows:
            found["sections"].append(_section(backing, section, rows))
    if label == "Model":
        found["sections"] += _variants(backing, key)
    found["results"] = results(backing, key, label)
    return found


def years(backing: Backing, key: str, label: str) -> tuple[list[dict[str, Any]], int]:
    """How many papers name a thing in each year, by role; and how many of them have no date."""
    query = f"MATCH (p:Paper)-[r:{_ALL_ROLES}]->(n:{label}) WHERE n.id = $id RETURN p.id, type(r)"
    counts: dict[int, Counter[str]] = {}
    undated = 0
    for paper, role in backing.read(query, {"id": key}):
        entry = backing.index.get(paper)
        if entry is None or entry.day is None:
            undated += 1
        else:
            counts.setdefault(entry.day.year, Counter())[role] += 1
    every = range(min(counts), max(counts) + 1) if counts else range(0)
    roles = {role: PHRASES[role][1] for role in _ROLES}
    return [
        {
            "year": year,
            "papers": sum(counts.get(year, Counter()).values()),
            "roles": {roles[role]: number for role in _ROLES if (number := counts.get(year, Counter())[role])},
        }
        for year in every
    ], undated


def _section(backing: Backing, section: Section, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The nodes of a section: most papers first, each with one paper's sentence."""
    papers: dict[str, dict[str, tuple[Any, ...]]] = {}
    for other, paper, evidence, *surfaces in rows:
        papers.setdefault(other, {}).setdefault(paper, (evidence, surfaces[0] if surfaces else None))
    entries = [entry for other in papers if (entry := backing.index.get(other))]
    entries.sort(key=lambda entry: (-len(papers[entry.id]), -entry.weight, entry.name, entry.id))
    lines = []
    for entry in entries[:MOST_LINES]:
        chosen = min(papers[entry.id], key=lambda paper: _newest(backing, paper))
        evidence, surfaces = papers[entry.id][chosen]
        lines.append(
            {
                "node": named(entry),
                "papers": len(papers[entry.id]),
                "paper": reference(backing.index, chosen),
                "quote": quote(evidence, surfaces or [entry.name]),
            }
        )
    return {"title": section.title, "about": section.about, "total": len(entries), "lines": lines}


def _newest(backing: Backing, paper: str) -> tuple[int, str]:
    entry = backing.index.get(paper)
    return (-entry.day.toordinal() if entry and entry.day else 0, paper)


def _variants(backing: Backing, key: str) -> list[dict[str, Any]]:
    found = []
    for title, about, pattern in (
        ("Is a variant of", "The family it belongs to", "(n:Model)-[r:VARIANT_OF]->(o:Model)"),
        ("Variants", "Versions and sizes of it", "(n:Model)<-[r:VARIANT_OF]-(o:Model)"),
    ):
        rows = backing.read(f"MATCH {pattern} WHERE n.id = $id RETURN o.id, r.reason", {"id": key})
        pairs = [(entry, reason) for other, reason in rows if (entry := backing.index.get(other))]
        pairs.sort(key=lambda pair: (-pair[0].weight, pair[0].name, pair[0].id))
        lines = [{"node": named(entry), "note": clean(str(reason or ""), 300)} for entry, reason in pairs[:MOST_LINES]]
        if lines:
            found.append({"title": title, "about": about, "total": len(pairs), "lines": lines})
    return found


def results(backing: Backing, key: str, label: str) -> dict[str, Any]:
    """The numbers reported for a thing, each with model, data, task, metric, paper and sentence.

    By metric and unit, those with the most numbers first; the best number first in each.
    """
    relationship = _PARTS[_PART_OF_LABEL[label]][0]
    query = (
        f"MATCH (x:Result)-[:{relationship}]->(n:{label}) WHERE n.id = $id MATCH (p:Paper)-[r:REPORTS]->(x) "
        "RETURN x.id, x.value, x.unit, x.text, p.id, r.evidence, r.confidence"
    )
    rows = [row for row in backing.read(query, {"id": key}) if isinstance(row[1], int | float)]
    parts: dict[str, dict[str, str]] = {}
    for part, (type_, labels) in _PARTS.items():
        query = f"MATCH (x:Result)-[:{type_}]->(m:{labels}) WHERE x.id IN $ids RETURN x.id, m.id ORDER BY x.id, m.id"
        parts[part] = dict(map(tuple, reversed(backing.read(query, {"ids": [row[0] for row in rows]}))))
    lines = []
    for own, value, unit, text, paper, evidence, confidence in rows:
        others = {part: reference(backing.index, parts[part].get(own, "")) for part in _PARTS}
        surfaces = [str(text or ""), f"{value:g}"]
        lines.append(
            {
                "id": own,
                "value": plain_number(value),
                "unit": clean(str(unit or ""), 30),
                **others,
                "paper": reference(backing.index, paper),
                "quote": quote(evidence, surfaces),
                "confidence": round(float(confidence), 2) if isinstance(confidence, int | float) else None,
            }
        )
    count = Counter(map(_measure, lines))
    lines.sort(key=lambda line: (-count[_measure(line)], _measure(line), _worth(line), line["id"]))
    return {"rows": lines[:MOST_RESULTS], "total": len(lines)}


def plain_number(value: float) -> float:
    """A whole number without the point that JSON would give it."""
    return int(value) if float(value).is_integer() else value


def _measure(line: Mapping[str, Any]) -> tuple[str, str]:
    return (line["metric"] or {}).get("name", "~"), line["unit"]


def _worth(line: Mapping[str, Any]) -> float:
    less = less_is_better([_measure(line)[0]])
    return float(line["value"]) if less else -float(line["value"])


def boards(backing: Backing, most: int = 50) -> list[dict[str, Any]]:
    """The datasets and benchmarks with the most reported numbers."""
    rows = backing.read(
        "MATCH (x:Result)-[:ON_DATASET]->(d:Dataset|Benchmark) RETURN d.id AS id, count(*) AS results "
        "ORDER BY results DESC, id"
    )
    found = ((backing.index.get(key), number) for key, number in rows[:most])
    return [{"node": named(entry), "results": number} for entry, number in found if entry]
