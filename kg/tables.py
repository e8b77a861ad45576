"""Step 4: papers, extractions and resolved things become rows by schema, and the rows go into a store."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.links import repository_of
from kg.records import ROLES, Entity, Extraction, Link, Listing, Paper, Resolution, ResultClaim, slug
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIPS, ROLE_RELATIONSHIPS

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
        for number, claim in enumerate(extraction.results, 1):
            _add_result(build, paper, extraction, ids, label_of, claim, number)
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
    )
    for rank, author in enumerate(paper.authors, 1):
        author_id = slug(author)
        build.node("Author", id=author_id, name=author)
        build.relate(("WROTE", "Author", "Paper"), author_id, paper.id, rank=rank)


def _evidence(paper: Paper, extraction: Extraction, start: int, end: int) -> Row:
    first, last = extraction.sentence_at(start, end)
    return {"evidence": paper.text[first:last], "start": start, "end": end}


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
        build.relate(
            (ROLE_RELATIONSHIPS[chief.role], "Paper", label_of[thing_id]),
            paper.id,
            thing_id,
            surfaces=list(dict.fromkeys(surface for entity in entities for surface in entity.surfaces)),
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
    number: int,
) -> None:
    value, unit = parse_value(claim.value)
    result_id = f"{paper.id}#{number}"
    head = f"{claim.model}: " if claim.model else ""
    tail = f" on {claim.dataset}" if claim.dataset else ""
    build.node(
        "Result",
        id=result_id,
        name=f"{head}{claim.value} {claim.metric}{tail}".strip(),
        value=value,
        unit=unit,
        text=paper.text[claim.start : claim.end],
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


def parse_value(text: str) -> tuple[float | None, str]:
    """The number and the unit of a value as written: `"90.94%"` gives `(90.94, "%")`, `"1,024 ms"` `(1024.0, "ms")`."""
    match = re.search(r"[-+]?\d[\d,]*(?:\.\d+)?", text)
    if not match:
        return None, ""
    return float(match.group().replace(",", "")), text[match.end() :].strip()
