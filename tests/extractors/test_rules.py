"""Names, entities, roles and results by rules, each on sentences that show one behaviour."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractors
from extractors.names import find_names
from kg.errors import UsageError
from kg.records import Entity, Extraction

NLP = extractors.load("rules")


def read(text: str) -> Extraction:
    return extractors.extraction(NLP(text))


def entity(text: str, name: str) -> Entity:
    found = {e.name: e for e in read(text).entities}
    assert name in found, f"{name} not in {sorted(found)}"
    return found[name]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("T\nWe use CLIP.", "CLIP", "Model"),
        ("T\nWe use the FooBar-Bench suite.", "FooBar-Bench", "Benchmark"),
        ("T\nWe collect the FooBar dataset.", "FooBar", "Dataset"),
        ("T\nWe train FooBarNet.", "FooBarNet", "Model"),
        ("T\nWe propose CyclePrompt.", "CyclePrompt", "Method"),
        ("T\nWe do visual question answering.", "visual question answering", "Task"),
        ("T\nIt has an FID of 3.", "FID", "Metric"),
    ],
)
def test_types(text: str, name: str, kind: str) -> None:
    assert entity(text, name).type == kind


@pytest.mark.parametrize(
    "text",
    ["T\nLarge Language Models (LLMs) and VLMs use GPUs.", "T\nWe study Neural Networks.", "T\nIn COVID-19 times."],
)
def test_generic_words_are_no_names(text: str) -> None:
    assert read(text).entities == ()


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("FooNet: a Way to See\nIt works.", "FooNet", "introduces"),
        ("T\nWe propose FooNet.", "FooNet", "introduces"),
        ("T\nWe propose a network called FooNet.", "FooNet", "introduces"),
        ("T\nFooNet is a novel network.", "FooNet", "introduces"),
        ("T\nWe propose a way to prune ResNet-50 based on BERT.", "BERT", "uses"),
        ("T\nOurs is pre-trained on LAION-400M.", "LAION-400M", "trains_on"),
        ("T\nWe evaluate it on ImageNet.", "ImageNet", "evaluates_on"),
        ("T\nOurs outperforms GPT-4 by far.", "GPT-4", "compares_to"),
        ("T\nModels such as GPT-3 have grown.", "GPT-3", "mentions"),
    ],
)
def test_roles(text: str, name: str, role: str) -> None:
    assert entity(text, name).role == role


def test_a_short_form_and_its_long_form_are_one_entity() -> None:
    found = entity(
        "T\nWe propose Vision Retention Networks (ViR). ViR is quick, and Vision Retention Networks are small.", "ViR"
    )
    assert found.surfaces == ("Vision Retention Networks", "ViR")
    assert len(found.mentions) == 4


def test_a_name_inside_a_link_is_no_mention() -> None:
    assert read("T\nCode: https://github.com/openai/CLIP").entities == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("FooNet reaches 71.2% top-1 accuracy on ImageNet.", [("FooNet", "ImageNet", "top-1 accuracy", "71.2%")]),
        ("FooNet achieves an FID of 3.5 on COCO.", [("FooNet", "COCO", "FID", "3.5")]),
        ("FooNet improves accuracy by 2.1%.", []),
        ("We train FooNet with accuracy on 1,000 images.", []),
        ("FooNet has an accuracy 3.2% higher than before.", []),
    ],
)
def test_results(sentence: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = read(f"T\nWe propose FooNet. {sentence}").results
    assert [(r.model, r.dataset, r.metric, r.value) for r in found] == expected


def test_unknown_pipelines_are_named() -> None:
    with pytest.raises(UsageError, match="rules"):
        extractors.load("nosuch")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read_and_every_offset_holds(text: str) -> None:
    found = read(f"T\n{text}")
    whole = f"T\n{text}"
    for one in found.entities:
        assert one.surfaces
        for mention in one.mentions:
            assert whole[mention.start : mention.end] == mention.text
    assert Extraction.from_json(found.to_json()) == found


@given(
    st.lists(
        st.sampled_from(["CLIP", "ViT-B", "FooNet (FN)", "on", "ImageNet,", "a", "95%", "accuracy", "(", "We propose"])
    )
)
def test_names_are_disjoint_and_in_order(words: list[str]) -> None:
    spans = find_names(" ".join(words))
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_batches_do_not_matter() -> None:
    texts = [f"T{i}\nWe propose Foo{i}Net (F{i}N), trained on ImageNet." for i in range(20)]
    one, many = ([extractors.extraction(d) for d in NLP.pipe(texts, batch_size=size)] for size in (1, 7))
    assert one == many
