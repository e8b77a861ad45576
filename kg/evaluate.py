"""Scores of extraction against annotated abstracts: precision, recall and F1 by type, roles, results and links.

An entity counts as found when a predicted one of the same type has a surface that is the same name (case, hyphens,
spaces, mark-up and a plural s aside) as one of the gold entity's; each is found once, and what finds none is wrong.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.spans import same_key
from kg.errors import SourceError, StoreError
from kg.records import ENTITY_TYPES, title_key

_CORE = ("Model", "Method", "Dataset", "Benchmark")
_LOOSE = {"Method": "Model", "Benchmark": "Dataset"}
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one row: found, wrong, missed."""

    found: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of those predicted, the share that is right, in percent."""
        return 100 * self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """Of those to be found, the share that was, in percent."""
        return 100 * self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both, in percent."""
        return 200 * self.found / max(1, 2 * self.found + self.wrong + self.missed)


def read_gold(path: Path) -> dict[str, Item]:
    """Title key -> gold record. Raises `SourceError` where the file is no such JSONL."""
    try:
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {title_key(record["title"]): record for record in records}
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}); check the path") from None
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"{path}: is no gold file ({error}); each line needs title, entities, results, links"
        ) from None


def evaluate(gold: Mapping[str, Item], predicted: Iterable[Item]) -> dict[str, Score]:
    """Row name -> score. `predicted` are objects as `kg extract` prints them; a paper without one counts as missed."""
    by_title = {title_key(item["title"]): item for item in predicted}
    totals: dict[str, Counter[str]] = defaultdict(Counter)

    def add(row: str, pairs: int, wrong: int, missed: int) -> None:
        totals[row] += Counter(found=pairs, wrong=wrong, missed=missed)

    for title, wanted in gold.items():
        given = by_title.get(title, {})
        pairs: list[tuple[Item, Item]] = []
        for kind in ENTITY_TYPES:
            counts = _match_entities(_typed(wanted, (kind,)), _typed(given, (kind,)), pairs if kind in _CORE else [])
            add(kind, *counts)
            if kind in _CORE:
                add("the four, typed", *counts)
        add("the four, Model = Method, Dataset = Benchmark", *_loose(wanted, given))
        for role_row, right in (("role", lambda a, b: a == b), ("role introduces", None)):
            _add_roles(add, role_row, pairs, right)
        for row, parts in (("results: value", ()), ("results: value, metric, model", ("metric", "model"))):
            add(row, *_match_results(wanted.get("results", []), given.get("results", []), parts))
        for row, kinds in (("links", None), ("links: repositories", "repository")):
            expected, got = (_urls(side, kinds) for side in (wanted, given))
            add(row, len(expected & got), len(got - expected), len(expected - got))
    return {row: Score(c["found"], c["wrong"], c["missed"]) for row, c in totals.items()}


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One thing that was found, wrong (in no annotation) or missed; `wanted` and `given` are roles, or values."""

    title: str
    kind: str
    name: str
    verdict: str
    wanted: str
    given: str


def cases(gold: Mapping[str, Item], predicted: Iterable[Item]) -> list[Case]:
    """Every single case behind the scores, sorted; kept in version control they show what a change changed."""
    by_title = {title_key(item["title"]): item for item in predicted}
    found: list[Case] = []
    for title, wanted in gold.items():
        given, name = by_title.get(title, {}), str(wanted.get("title", title))
        for kind in ENTITY_TYPES:
            pairs: list[tuple[Item, Item]] = []
            sides = _typed(wanted, (kind,)), _typed(given, (kind,))
            _match_entities(*sides, pairs)
            right, hit = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
            found += [Case(name, kind, a["name"], "found", a["role"], b.get("role", "")) for a, b in pairs]
            found += [Case(name, kind, a["name"], "missed", a["role"], "") for a in sides[0] if id(a) not in right]
            found += [Case(name, kind, b["name"], "wrong", "", b["role"]) for b in sides[1] if id(b) not in hit]
        found += _value_cases(name, wanted.get("results", []), given.get("results", []))
        expected, got = _urls(wanted, None), _urls(given, None)
        for url in expected | got:
            verdict = "found" if url in expected & got else "missed" if url in expected else "wrong"
            found.append(Case(name, "link", url, verdict, "", ""))
    return sorted(found)


def write_cases(path: Path, found: Iterable[Case]) -> None:
    """Write the cases as CSV, a line each; raises `StoreError` where that cannot be."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(field.name for field in dataclasses.fields(Case))
            writer.writerows(dataclasses.astuple(case) for case in found)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); choose another --cases") from None


def _value_cases(title: str, gold: Sequence[Item], given: Sequence[Item]) -> list[Case]:
    def said(claim: Item) -> str:
        return " | ".join(str(claim.get(part, "")) for part in ("value", "metric", "model", "dataset"))

    left = list(given)
    found = []
    for wanted in gold:
        same = next((c for c in left if _number(c["value"]) == _number(wanted["value"]) is not None), None)
        if same is not None:
            left.remove(same)
        verdict = "missed" if same is None else "found"
        found.append(Case(title, "result", wanted["value"], verdict, said(wanted), "" if same is None else said(same)))
    return found + [Case(title, "result", claim["value"], "wrong", "", said(claim)) for claim in left]


def _add_roles(
    add: Callable[[str, int, int, int], None],
    row: str,
    pairs: Sequence[tuple[Item, Item]],
    right: Callable[[str, str], bool] | None,
) -> None:
    for wanted, given in pairs:
        a, b = wanted["role"], given.get("role", "")
        if right is not None:
            add(row, int(right(a, b)), int(not right(a, b)), int(not right(a, b)))
        elif "introduces" in (a, b):
            add(row, int(a == b), int(a != b and b == "introduces"), int(a != b and a == "introduces"))


def _typed(record: Item, kinds: Sequence[str]) -> list[Item]:
    return [entity for entity in record.get("entities", []) if entity["type"] in kinds]


def _keys(entity: Item) -> set[str]:
    return {same_key(surface) for surface in [entity.get("name", ""), *entity.get("surfaces", [])] if surface}


def _match_entities(gold: list[Item], given: list[Item], pairs: list[tuple[Item, Item]]) -> tuple[int, int, int]:
    used: set[int] = set()
    for wanted in gold:
        for index, entity in enumerate(given):
            if index not in used and _keys(wanted) & _keys(entity):
                used.add(index)
                pairs.append((wanted, entity))
                break
    return len(used), len(given) - len(used), len(gold) - len(used)


def _loose(wanted: Item, given: Item) -> tuple[int, int, int]:
    found = wrong = missed = 0
    for kind in ("Model", "Dataset"):
        sides = [[e for e in _typed(s, _CORE) if _LOOSE.get(e["type"], e["type"]) == kind] for s in (wanted, given)]
        a, b, c = _match_entities(sides[0], sides[1], [])
        found, wrong, missed = found + a, wrong + b, missed + c
    return found, wrong, missed


def _number(value: Any) -> float | None:
    match = re.search(r"[-+]?\d[\d,]*\.?\d*", str(value))
    return float(match.group().replace(",", "")) if match else None


def _match_results(gold: list[Item], given: list[Item], parts: Sequence[str]) -> tuple[int, int, int]:
    used: set[int] = set()
    for wanted in gold:
        for index, claim in enumerate(given):
            same = _number(wanted["value"]) is not None and _number(wanted["value"]) == _number(claim["value"])
            if index not in used and same and all(_agree(wanted.get(p), claim.get(p)) for p in parts):
                used.add(index)
                break
    return len(used), len(given) - len(used), len(gold) - len(used)


def _agree(wanted: str | None, given: str | None) -> bool:
    """Whether one name is inside the other; a part that gold leaves open agrees with anything."""
    if not wanted:
        return True
    a, b = same_key(wanted), same_key(given or "")
    return bool(given) and (a in b or b in a)


def _urls(record: Item, kind: str | None) -> set[str]:
    links = [link for link in record.get("links", []) if kind is None or link["kind"] == kind]
    clean = (re.sub(r"^https?://(www\.)?", "", link["url"].strip()).rstrip("/").casefold() for link in links)
    return {re.sub(r"\.git$", "", url) for url in clean}
