"""Step 4: papers, extractions and resolved things become rows by schema, and the rows go into a store."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extractors.clean import Clean, clean
from extractors.links import repository_of
from extractors.numbers import value_of
from kg.records import ROLES, Basis, Entity, Extraction, Link, Listing, Paper, Resolution, ResultClaim, digest, slug
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS, ROLE_RELATIONSHIPS

# Raise it with every change of this module, or of those that it and `kg.resolve` are made of, that can alter a row:
# a graph that was made by another number is made again.
ROWS_VERSION = 2
Row = dict[str, Any]
Relation = tuple[str, str, str]  # (type, label it comes from, label it goes to)


@dataclass
class GraphRows:
    """A whole graph as rows by schema, each list is sorted, so equal graphs are equal.

    `nodes` maps a label to rows with the properties of its `NodeType`; `relationships` maps (type, from label, to
    label) to rows with `from` and `to` (ids) and the properties of its `RelationshipType`. What is missing is `None`.
    """

    nodes: dict[str, list[Row]] = field(default_factory=dict)
    relationships: dict[Relation, list[Row]] = field(default_factory=dict)


class _Builder:
    """Collects rows; the first of several with one key stays."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, Row]] = {node.label: {} for node in NODES}
        self.relationships: dict[Relation, dict[tuple[str, str], Row]] = {
            (relationship.name, source, target): {}
            for relationship in RELATIONSHIPS
            for source, target in relationship.pairs
        }

    def node(self, label: str, **properties: Any) -> None:
        if properties["id"] not in self.nodes[label]:
            row: Row = {name: properties.get(name) for name, _ in NODE_BY_LABEL[label].properties}
            self.nodes[label][row["id"]] = row

    def relate(self, relation: Relation, source: str, target: str, **properties: Any) -> None:
        self.relationships[relation].setdefault((source, target), {"from": source, "to": target, **properties})

    def rows(self) -> GraphRows:
        return GraphRows(
            {label: [rows[key] for key in sorted(rows)] for label, rows in self.nodes.items()},
            {relation: [rows[key] for key in sorted(rows)] for relation, rows in self.relationships.items()},
        )


def graph_rows(
    papers: Sequence[Paper],
    listings: Sequence[Listing],
    extractions: Mapping[str, Extraction],
    resolution: Resolution,
    extractor: str,
) -> GraphRows:
    """The rows of the graph. `extractions` maps a paper's id to what was found in it, `extractor` signs the facts."""
    build = _Builder()
    first_seen: dict[str, datetime.date] = {}
    label_of = {thing.id: thing.type for thing in resolution.things}
    for paper in papers:
        _add_paper(build, paper)
        extraction = extractions[paper.id]
        ids = resolution.of_paper[paper.id]
        if "" in ids:  # a person dropped these names
            kept = tuple(e for e, thing_id in zip(extraction.entities, ids, strict=True) if thing_id)
            extraction, ids = dataclasses.replace(extraction, entities=kept), tuple(filter(None, ids))
        _add_facts(build, paper, extraction, ids, label_of, extractor)
        for thing_id in ids:
            if paper.published:
                first_seen[thing_id] = min(first_seen.get(thing_id, paper.published), paper.published)
        for link in extraction.links:
            _add_link(build, paper, extraction, link)
        for key, claim in zip(claim_keys(paper, extraction), extraction.results, strict=True):
            _add_result(build, paper, extraction, ids, label_of, claim, f"{paper.id}#{key}")
        for basis in extraction.bases:
            _add_basis(build, paper, extraction, ids, label_of, basis)
    for thing in resolution.things:
        build.node(
            thing.type,
            id=thing.id,
            name=thing.name,
            aliases=list(thing.aliases),
            papers=thing.papers,
            first_seen=first_seen.get(thing.id),
        )
    for variant, family, reason in resolution.variants:
        build.relate(("VARIANT_OF", "Model", "Model"), variant, family, reason=reason)
    for listing in listings:
        build.node("Feed", id=listing.feed.name, name=listing.feed.name, published=listing.feed.published)
        for paper_id, rank in listing.papers:
            build.relate(("LISTS", "Feed", "Paper"), listing.feed.name, paper_id, rank=rank)
    return build.rows()


def _add_paper(build: _Builder, paper: Paper) -> None:
    build.node(
        "Paper",
        id=paper.id,
        name=paper.title,
        title=paper.title,
        abstract=paper.abstract,
        published=paper.published,
        url=paper.url,
        source=paper.source,
        withdrawn=paper.withdrawn or None,
    )
    for rank, author in enumerate(paper.authors, 1):
        author_id = slug(author)
        build.node("Author", id=author_id, name=author)
        build.relate(("WROTE", "Author", "Paper"), author_id, paper.id, rank=rank)


@lru_cache(maxsize=4)
def _clean(text: str) -> Clean:
    """The text as people see it; the facts of one paper come one after the other."""
    return clean(text)


def _seen(paper: Paper, start: int, end: int) -> str:
    """What stands at `start` to `end` of the paper's text, without mark-up."""
    cleaned = _clean(paper.text)
    first, last = cleaned.seen(start, end)
    return cleaned.text[first:last]


def _evidence(paper: Paper, extraction: Extraction, start: int, end: int) -> Row:
    """The sentence without mark-up; `start` and `end` count characters of the text as it is stored."""
    return {"evidence": _seen(paper, *extraction.sentence_at(start, end)), "start": start, "end": end}


def _add_facts(
    build: _Builder,
    paper: Paper,
    extraction: Extraction,
    ids: Sequence[str],
    label_of: Mapping[str, str],
    extractor: str,
) -> None:
    """One relationship to each thing: the strongest role, with all surfaces and the count of all mentions."""
    by_thing: dict[str, list[Entity]] = defaultdict(list)
    for thing_id, entity in zip(ids, extraction.entities, strict=True):
        by_thing[thing_id].append(entity)
    for thing_id, entities in by_thing.items():
        chief = min(entities, key=lambda entity: (ROLES.index(entity.role), -entity.confidence))
        best = chief.mentions[chief.best]
        # What the fact cuts out of the stored text is among its surfaces, also where mark-up stands inside the name.
        surfaces = [*(surface for entity in entities for surface in entity.surfaces), best.text]
        build.relate(
            (ROLE_RELATIONSHIPS[chief.role], "Paper", label_of[thing_id]),
            paper.id,
            thing_id,
            surfaces=list(dict.fromkeys(surfaces)),
            **_evidence(paper, extraction, best.start, best.end),
            mentions=sum(len(entity.mentions) for entity in entities),
            confidence=chief.confidence,
            extractor=extractor,
        )


def _add_link(build: _Builder, paper: Paper, extraction: Extraction, link: Link) -> None:
    evidence = _evidence(paper, extraction, link.start, link.end)
    repository = repository_of(link.url) if link.kind == "repository" else None
    if repository is None:
        build.node("Page", id=link.url, name=link.url.partition("//")[2] or link.url, kind=link.kind, url=link.url)
        build.relate(("LINKS_TO", "Paper", "Page"), paper.id, link.url, **evidence)
        return
    host, owner, name = repository
    path = "/".join(filter(None, (owner, name)))  # an account's own page has no name
    repository_id = f"{host}/{path}".lower()
    build.node(
        "Repository",
        id=repository_id,
        name=path,
        host=host,
        owner=owner,
        url=f"https://{host}/{path}",
    )
    build.relate(("HAS_CODE", "Paper", "Repository"), paper.id, repository_id, **evidence)


def _add_result(
    build: _Builder,
    paper: Paper,
    extraction: Extraction,
    ids: Sequence[str],
    label_of: Mapping[str, str],
    claim: ResultClaim,
    result_id: str,
) -> None:
    value, unit = parse_value(claim.value)
    head = f"{claim.model}: " if claim.model else ""
    tail = f" on {claim.dataset}" if claim.dataset else ""
    build.node(
        "Result",
        id=result_id,
        name=f"{head}{claim.value} {claim.metric}{tail}".strip(),
        value=value,
        unit=unit,
        text=_seen(paper, claim.start, claim.end),
        whose=claim.whose or None,
        setting=claim.setting or None,
        elsewhere=claim.elsewhere or None,
        confidence=claim.confidence,
    )
    build.relate(
        ("REPORTS", "Paper", "Result"),
        paper.id,
        result_id,
        **_evidence(paper, extraction, claim.start, claim.end),
        confidence=claim.confidence,
    )
    for relation, name in (
        ("OF_MODEL", claim.model),
        ("ON_DATASET", claim.dataset),
        ("FOR_TASK", claim.task),
        ("IN_METRIC", claim.metric),
    ):
        for thing_id in _named(name, extraction.entities, ids):
            if (relation, "Result", label_of[thing_id]) in build.relationships:
                build.relate((relation, "Result", label_of[thing_id]), result_id, thing_id)


def _named(name: str, entities: Sequence[Entity], ids: Sequence[str]) -> list[str]:
    """The thing of the first of the paper's entities that is called `name`, if there is one."""
    return [thing_id for entity, thing_id in zip(entities, ids, strict=True) if entity.name == name][:1]


def _add_basis(
    build: _Builder,
    paper: Paper,
    extraction: Extraction,
    ids: Sequence[str],
    label_of: Mapping[str, str],
    basis: Basis,
) -> None:
    """One relationship between the two things, of the first paper that says it."""
    for new in _named(basis.name, extraction.entities, ids):
        for base in _named(basis.base, extraction.entities, ids):
            relation = ("BASED_ON", label_of[new], label_of[base])
            if new != base and relation in build.relationships:
                evidence = _evidence(paper, extraction, basis.start, basis.end)
                build.relate(relation, new, base, paper=paper.id, **evidence, confidence=basis.confidence)


def claim_keys(paper: Paper, extraction: Extraction) -> list[str]:
    """What tells the claims of a paper apart: a hash of sentence, value and names, which stays as long as they stay.

    Of claims that are alike in all of it the second is `…-2`, and so on.
    """
    keys: list[str] = []
    seen: Counter[str] = Counter()
    for claim in extraction.results:
        first, last = extraction.sentence_at(claim.start, claim.end)
        sentence = " ".join(paper.text[first:last].split())
        key = digest("\x1f".join((sentence, claim.value, claim.metric, claim.model, claim.dataset)), 10)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return keys


def parse_value(text: str) -> tuple[float | None, str]:
    """The number and the unit of a value as written: `"90.94%"` gives `(90.94, "%")`, `"28,4"` `(28.4, "")`."""
    match = re.search(r"[-+]?(?:\d[\d.,]*\d|\d|\.\d+)", text)
    if not match:
        return None, ""
    worth = value_of(match.group())
    sign = -1 if match.group().startswith("-") else 1
    return (None if worth is None else sign * worth), text[match.end() :].strip()
