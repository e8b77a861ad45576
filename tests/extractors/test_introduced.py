"""What a text plainly introduces, and what only looks like it."""

from __future__ import annotations

import pytest

from extractors.introduced import mark_introduced
from kg.records import Entity, Mention


def role(text: str, *surfaces: str, kind: str = "Model") -> str:
    places = [(text.index(s), s) for s in surfaces]
    mentions = tuple(Mention(at, at + len(s), s, 0.9) for at, s in sorted(places))
    entity = Entity(surfaces[0], kind, "uses", surfaces, mentions, 0.9)  # type: ignore[arg-type]
    return mark_introduced(text, [entity])[0].role


@pytest.mark.parametrize(
    "text",
    [
        "FooNet: Learning to See\nWe train it.",
        "FooNet : Learning to See\nWe train it.",
        "FooNet\nWe train it.",
        "Learning to See\nWe introduce FooNet, which sees.",
        "Learning to See\nIn this work, we also propose the FooNet (FN), a network.",
        "Learning to See\nThis paper presents FooNet. It sees.",
        "Learning to See\nWe release FooNet dataset, which is large.",
    ],
)
def test_introduced(text: str) -> None:
    assert role(text, "FooNet") == "introduces"


@pytest.mark.parametrize(
    "text",
    [
        "FooNet: A Survey\nMuch has been done.",
        "FooNet: What We Know\nMuch has been done.",
        "FooNet Revisited: Learning to See\nMuch has been done.",
        "Learning to See\nWe propose a FooNet architecture with less.",
        "Learning to See\nWe propose FooNet-based learning.",
        "Learning to See\nWe introduce attention into FooNet, which sees.",
        "Learning to See\nThey introduce FooNet, which sees.",
    ],
)
def test_not_introduced(text: str) -> None:
    assert role(text, "FooNet") == "uses"


def test_a_title_that_begins_with_a_task_introduces_none() -> None:
    assert role("Image Captioning: A New Way\nIt is new.", "Image Captioning", kind="Task") == "uses"
