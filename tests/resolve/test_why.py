"""Why two names are one node or are not, and which pairs a person should see."""

from __future__ import annotations

from kg.records import Entity, EntityType, Extraction, Mention, Paper
from kg.resolve import Curation, Explanation, review, why

TEXTS: dict[str, tuple[str, list[tuple[EntityType, tuple[str, ...]]]]] = {
    "a": ("We present Zero All Pairs (ZAP). It is good.", [("Method", ("ZAP", "Zero All Pairs"))]),
    "b": ("Unlike ZAP, we train on MS-COCO.", [("Method", ("ZAP",)), ("Dataset", ("MS-COCO",))]),
    "c": ("Zero All Pairs is studied on COCO.", [("Method", ("Zero All Pairs",)), ("Dataset", ("COCO",))]),
    "d": ("PlanktonNett is new.", [("Dataset", ("PlanktonNett",))]),
    "e": ("PlanktonNet is old. PlanktonNet2 is not.", [("Dataset", ("PlanktonNet",)), ("Dataset", ("PlanktonNet2",))]),
}


def inputs() -> tuple[list[tuple[str, Extraction]], dict[str, Paper]]:
    extractions, papers = [], {}
    for paper_id, (text, named) in TEXTS.items():
        paper = Paper(paper_id, f"Title {paper_id}", text)
        entities = []
        for kind, surfaces in named:
            starts = [paper.text.index(surface) for surface in surfaces]
            mentions = tuple(Mention(i, i + len(s), s, 0.9) for i, s in zip(starts, surfaces, strict=True))
            entities.append(Entity(surfaces[0], kind, "uses", surfaces, mentions, 0.9))
        stops = [i + 1 for i, c in enumerate(paper.text) if c in ".\n"]
        sentences = tuple(zip([0, *stops[:-1]], stops, strict=True))
        extractions.append((paper_id, Extraction(tuple(entities), (), (), sentences)))
        papers[paper_id] = paper
    return extractions, papers


def explained(one: str, other: str, curation: Curation | None = None) -> Explanation:
    return why(*inputs(), one, other, curation)


def test_a_definition_is_the_reason_with_its_sentence() -> None:
    answer = explained("ZAP", "Zero All Pairs")
    assert answer.same
    assert answer.ids == ("method:zap", "method:zap")
    assert [r.kind for r in answer.reasons] == ["usual long form"] * len(answer.reasons)
    assert answer.reasons
    first = answer.sentences[0]
    assert (first.paper, first.title, first.text) == ("a", "Title a", "We present Zero All Pairs (ZAP).")


def test_a_known_alias_is_the_reason() -> None:
    answer = explained("MS-COCO", "COCO")
    assert answer.same
    assert [r.kind for r in answer.reasons] == ["known alias"]


def test_spelling_is_the_reason() -> None:
    assert [r.kind for r in explained("ms coco", "MS-COCO").reasons] == ["same spelling"]


def test_a_person_is_the_reason() -> None:
    apart = explained("ZAP", "Zero All Pairs", Curation(different=(("ZAP", "Zero All Pairs"),)))
    assert not apart.same
    assert apart.reasons[0].kind == "curated different"
    joined = explained("COCO", "PlanktonNet", Curation(same=(("COCO", "PlanktonNet"),)))
    assert joined.same
    assert "curated same" in [r.kind for r in joined.reasons]


def test_versions_are_the_reason() -> None:
    answer = explained("PlanktonNet", "PlanktonNet2")
    assert not answer.same
    assert "versions differ" in [r.kind for r in answer.reasons]


def test_a_name_that_no_paper_has_has_no_node() -> None:
    answer = explained("ZAP", "Nowhere")
    assert answer.ids == ("method:zap", "")
    assert [r.kind for r in answer.reasons][-1:] != []


def test_review_lists_near_spellings_and_no_versions() -> None:
    doubts = review(inputs()[0])
    assert [(d.one.name, d.other.name) for d in doubts] == [("PlanktonNet", "PlanktonNett")]
    assert doubts[0].line == '["PlanktonNet", "PlanktonNett"]'
    assert review(inputs()[0], Curation(same=(("PlanktonNet", "PlanktonNett"),))) == []
    assert review(inputs()[0], Curation(different=(("PlanktonNet", "PlanktonNett"),))) == []


def test_an_id_stands_for_its_node_and_so_does_a_former_one() -> None:
    papers = [
        ("a", "Dataset", "Zeta-Net"),
        *((f"b{i}", "Model", "Zeta-Net") for i in range(3)),  # by now a model
    ]
    extractions = [
        (key, Extraction((Entity(name, kind, "uses", (name,), (Mention(0, 1, name, 0.9),), 0.9),), (), (), ()))
        for key, kind, name in papers
    ]
    answer = why(extractions, {}, "model:zeta-net", "dataset:zeta-net")
    assert (answer.same, answer.ids) == (True, ("model:zeta-net", "model:zeta-net"))
    assert why(extractions, {}, "model:zeta-net", "model:nowhere").same is False
