"""What a text says is trained on has that role, whatever the tagger makes of it."""

from __future__ import annotations

import pytest

import extractors
from extractors.trained import mark_trained_on
from kg.records import Entity, EntityType, Mention, Role

NAMES = ("ImageNet", "COCO", "MNIST", "Frey Face")


def entity(text: str, name: str, kind: EntityType, role: Role) -> Entity:
    start = text.index(name)
    mention = Mention(start, start + len(name), name, 0.9)
    return Entity(name, kind, role, (name,), (mention,), 0.9)


def trained_on(text: str, kind: EntityType = "Dataset", role: Role = "evaluates_on") -> list[str]:
    found = [entity(text, name, kind, role) for name in NAMES if name in text]
    return sorted(e.name for e in mark_trained_on(text, found) if e.role == "trains_on")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FooNet is trained on COCO.", ["COCO"]),
        ("FooNet\nIt is pre-trained only on the large-scale ImageNet and tested on COCO.", ["ImageNet"]),
        ("Models are trained on the MNIST and Frey Face datasets.", ["Frey Face", "MNIST"]),
        ("Training on ImageNet (1.2 million images), COCO, and MNIST takes a day.", ["COCO", "ImageNet", "MNIST"]),
        ("We pretrain from scratch, and we test on COCO.", []),
        ("We train and evaluate it on COCO.", []),
        ("It is trained on pictures and compared with others on COCO.", []),
        ("It is trained on COCO. MNIST is for testing.", ["COCO"]),
        ("It is constrained on COCO.", []),
    ],
)
def test_the_words_decide(text: str, names: list[str]) -> None:
    assert trained_on(text) == names


def test_what_is_introduced_and_what_is_no_data_keep_their_role() -> None:
    text = "Models that are trained on COCO do better."
    assert trained_on(text, role="introduces") == []
    assert trained_on(text, kind="Model") == []


def test_the_mention_that_says_so_is_the_evidence() -> None:
    text = "We test on COCO. FooNet is trained on COCO."
    first, second = text.index("COCO"), text.rindex("COCO")
    mentions = tuple(Mention(start, start + 4, "COCO", 0.9) for start in (first, second))
    found = Entity("COCO", "Dataset", "evaluates_on", ("COCO",), mentions, 0.9)
    (marked,) = mark_trained_on(text, [found])
    assert (marked.role, marked.best) == ("trains_on", 1)


def test_a_denial_is_heard_all_the_same() -> None:
    text = "FooNet: Segmentation of Images\nFooNet is never trained on ImageNet."
    found = {e.name: e.role for e in extractors.extraction(extractors.load()(text)).entities}
    assert found["ImageNet"] == "mentions"
