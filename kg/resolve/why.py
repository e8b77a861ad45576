"""Why two names are one node, or are not: the reasons, and the papers and sentences behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.clean import clean
from kg.records import Entity, Extraction, Paper, Resolution
from kg.resolve.curation import Curation
from kg.resolve.decide import Unit
from kg.resolve.evidence import Found
from kg.resolve.names import Grouped, assemble, group_names, sorted_papers
from kg.resolve.normalise import normalise
from kg.resolve.review import likeness
from kg.resolve.score import Reason, reason


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paper that names one of the two, or both."""

    name: str
    paper: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`ids` has the node of each name, "" where no paper names it (or a person dropped it)."""

    one: str
    other: str
    same: bool
    ids: tuple[str, str]
    reasons: tuple[Reason, ...]
    sentences: tuple[Sentence, ...]


def why(
    extractions: Iterable[tuple[str, Extraction]],
    papers: Mapping[str, Paper],
    one: str,
    other: str,
    curation: Curation | None = None,
    *,
    most: int = 3,
) -> Explanation:
    """Why `one` and `other` are one node or two, with up to `most` sentences each; `papers` maps id to paper.

    Each of the two is a name, or the id of a node, present or former.
    """
    found = sorted_papers(extractions)
    curation = curation or Curation()
    grouped = group_names(found, curation)
    resolution = assemble(found, grouped, curation)
    ids = _ids(found, grouped, resolution)
    one, other = _name(one, grouped, resolution, ids), _name(other, grouped, resolution, ids)
    first, second = grouped.units.home(one), grouped.units.home(other)
    same = grouped.clusters.root(first) == grouped.clusters.root(second)
    reasons = _reasons_same(grouped, one, other) if same else _reasons_apart(grouped, curation, one, other)
    sentences = (*_sentences(found, papers, one, other, most), *_sentences(found, papers, other, one, most))
    return Explanation(
        one,
        other,
        same,
        (ids.get(grouped.clusters.root(first), ""), ids.get(grouped.clusters.root(second), "")),
        tuple(reasons),
        tuple(dict.fromkeys(sentences)),
    )


def _ids(found: Found, grouped: Grouped, resolution: Resolution) -> dict[Unit, str]:
    return {
        grouped.clusters.root(grouped.units.of(entity)): thing_id
        for paper_id, extraction in found
        for entity, thing_id in zip(extraction.entities, resolution.of_paper[paper_id], strict=True)
    }


def _name(asked: str, grouped: Grouped, resolution: Resolution, ids: Mapping[Unit, str]) -> str:
    """What is asked for; where that is the id of a node, a name that means this node and no other."""
    if ":" not in asked:
        return asked
    things = [t for t in resolution.things if t.id == asked] or [t for t in resolution.things if asked in t.aliases]
    if not things:
        return asked
    spellings = (things[0].name, *things[0].aliases)
    return next((s for s in spellings if ids.get(grouped.root(s)) == things[0].id), things[0].name)


def _reasons_same(grouped: Grouped, one: str, other: str) -> list[Reason]:
    first, second = grouped.units.home(one), grouped.units.home(other)
    if normalise(one) == normalise(other):
        return [
            Reason("same spelling", f"both are “{normalise(one)}” once case, joints and mark-up are taken off", 1.0)
        ]
    reasons = [
        reason("known alias", f"“{name}” is a spelling of “{unit[1].partition(' ')[2]}” in the table of known names")
        for name, unit in ((one, first), (other, second))
        if unit[0] == "known" and unit[1].partition(" ")[2] != name
    ]
    # A bare short form stands for the long form that most papers give it.
    reasons += [
        reason("usual long form", f"“{name}” stands for “{unit[2]}” in most papers that say what it stands for")
        for name, unit in ((one, first), (other, second))
        if unit[0] == "sense"
    ]
    return reasons + grouped.clusters.path(first, second)


def _reasons_apart(grouped: Grouped, curation: Curation, one: str, other: str) -> list[Reason]:
    first, second = grouped.units.home(one), grouped.units.home(other)
    reasons = [
        reason("curated different", f"the curation file says that “{one}” and “{other}” are different")
        for names in curation.different
        if {first, second} <= {grouped.units.home(name) for name in names}
    ]
    reasons += grouped.clusters.refusals(first, second)
    for name, unit in ((one, first), (other, second)):
        if unit[0] == "sense":
            reasons.append(Reason("long form", f"“{name}” stands for “{unit[2]}”", 0.0))
        elif unit[0] == "known":
            kind, _, known = unit[1].partition(" ")
            reasons.append(Reason("known name", f"“{name}” is the {kind} “{known}” in the table of known names", 0.0))
    reasons += likeness(one, other)
    return reasons or [Reason("no evidence", f"nothing joins “{one}” and “{other}”", 0.0)]


def _sentences(found: Found, papers: Mapping[str, Paper], name: str, other: str, most: int) -> Sequence[Sentence]:
    """Papers that name `name`: first those that name `other` as well."""
    key, wanted = normalise(name), normalise(other)
    both: list[Sentence] = []
    alone: list[Sentence] = []
    for paper_id, extraction in found:
        paper = papers.get(paper_id)
        for entity in extraction.entities:
            if paper is None or len(both) >= most:
                break
            keys = {normalise(surface) for surface in entity.surfaces}
            if key in keys and (wanted in keys or len(alone) < most):
                sentence = Sentence(name, paper_id, paper.title, _text(paper, extraction, entity, key))
                (both if wanted in keys else alone).append(sentence)
    return (both + alone)[:most]


def _text(paper: Paper, extraction: Extraction, entity: Entity, key: str) -> str:
    mention = next((m for m in entity.mentions if normalise(m.text) == key), entity.mentions[0])
    cleaned = clean(paper.text)
    start, end = cleaned.seen(*extraction.sentence_at(mention.start, mention.end))
    return " ".join(cleaned.text[start:end].split())
