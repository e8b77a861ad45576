"""What a paper denies or only supposes is no tie to it."""

from __future__ import annotations

import pytest

from extractors.hedges import denied, guard_roles
from extractors.sentences import split_sentences
from kg.records import Entity, Mention


@pytest.mark.parametrize(
    "before",
    [
        "We do not use |ImageNet| at any stage.",
        "The model is not trained on |ImageNet|.",
        "Our approach doesn't require |ImageNet| labels.",
        "It works without access to |ImageNet|.",
        "It is learnt without pre-training on the |ImageNet| collection.",
        "We never evaluate our method on |ImageNet|.",
        "Neither uses |ImageNet|.",
        "We build on web images instead of |ImageNet|.",
        "Rather than using |ImageNet|, we crawl the web.",
        "It was never fine-tuned on COCO or |ImageNet|.",
        "In future work, we will evaluate it on |ImageNet|.",
        "We plan to test it on |ImageNet|.",
        "We leave experiments on |ImageNet| to others.",
        "The recipe could be applied to |ImageNet| too.",
    ],
)
def test_denials_and_suppositions(before: str) -> None:
    head, _, tail = before.split("|")
    assert denied(head + "ImageNet" + tail, len(head))


@pytest.mark.parametrize(
    "before",
    [
        "We use |ImageNet| and do not need labels.",
        "We evaluate not only on COCO but also on |ImageNet|.",
        "We train not just on COCO and |ImageNet| but on more.",
        "It does not use labels, but is trained on |ImageNet|.",
        "Without bells and whistles our model reaches 80% on |ImageNet|.",
        "We cannot explain why it fails on |ImageNet|.",
        "To support future work we release |ImageNet|.",
        "It does not overfit when trained on |ImageNet|.",
        "Without extra data, we train on |ImageNet|.",
    ],
)
def test_what_denies_nothing(before: str) -> None:
    head, _, tail = before.split("|")
    assert not denied(head + "ImageNet" + tail, len(head))


def entity(text: str, name: str, kind: str = "Dataset", best: int = 0) -> Entity:
    places = [i for i in range(len(text)) if text.startswith(name, i)]
    mentions = tuple(Mention(i, i + len(name), name, 0.9) for i in places)
    return Entity(name, kind, "trains_on", (name,), mentions, 0.9, best)  # type: ignore[arg-type]


def guarded(text: str, given: Entity) -> Entity:
    return guard_roles(text, [given], split_sentences(text, []))[0]


def test_a_name_that_is_only_denied_is_a_mention() -> None:
    text = "A Title\nWe do not train on ImageNet. It never uses ImageNet."
    assert guarded(text, entity(text, "ImageNet")).role == "mentions"


def test_another_mention_that_affirms_becomes_the_evidence() -> None:
    text = "A Title\nIt is not trained on COCO. We test on COCO."
    after = guarded(text, entity(text, "COCO"))
    assert (after.role, after.best) == ("trains_on", 1)


def test_metrics_are_left_alone() -> None:
    text = "A Title\nWe do not use accuracy."
    assert guarded(text, entity(text, "accuracy", "Metric")).role == "trains_on"
