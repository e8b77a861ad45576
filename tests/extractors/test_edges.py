"""The end of a name: what belongs to it, and what does not."""

from __future__ import annotations

import pytest

from extractors.edges import widen
from extractors.spans import Candidate
from kg.records import EntityType


def widened(text: str, name: str, kind: EntityType) -> list[str]:
    start = text.index(name)
    found = widen(text, [Candidate(start, start + len(name), kind, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0))])
    return [text[c.start : c.end] for c in found]


@pytest.mark.parametrize(
    ("text", "name", "kind", "whole"),
    [
        ("Results on SQuAD v1.1 improve.", "SQuAD", "Dataset", "SQuAD v1.1"),
        ("Results on SQuAD 1.1 improve.", "SQuAD 1", "Dataset", "SQuAD 1.1"),
        ("Results on GenEval 2 and others.", "GenEval", "Benchmark", "GenEval 2"),
        ("We train on IWSLT'14.", "IWSLT", "Dataset", "IWSLT'14"),
        ("We train on BraTS 2021, and", "BraTS", "Dataset", "BraTS 2021"),
        ("LoRA+ is used", "LoRA", "Method", "LoRA+"),
        ("QuIP# is used", "QuIP", "Method", "QuIP#"),
        ("Grad-CAM++ is used", "Grad-CAM", "Method", "Grad-CAM++"),
        (r"BERT$_{\text{base}}$ is used", "BERT", "Model", r"BERT$_{\text{base}}$"),
        ("BERT_{LARGE} is used", "BERT_{LARGE", "Model", "BERT_{LARGE}"),
        ("Gemma 2 9B IT is used", "Gemma 2 9B", "Model", "Gemma 2 9B IT"),
        ("Results on MBPP Plus are", "MBPP", "Benchmark", "MBPP Plus"),
        ("Llama 3.1 improves", "Llama", "Model", "Llama 3.1"),
    ],
)
def test_what_belongs_to_a_name(text: str, name: str, kind: EntityType, whole: str) -> None:
    assert widened(text, name, kind) == [whole]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("We run BERT 3 times on", "BERT", "Model"),
        ("We run BERT 1.5x faster", "BERT", "Model"),
        ("On ImageNet 2.5% better", "ImageNet", "Dataset"),
        ("On ImageNet 50 epochs", "ImageNet", "Dataset"),
        ("LoRA+QLoRA is used", "LoRA", "Method"),
        ("CLIP, Chat and BERT", "CLIP", "Model"),
        ("In GLUE Pro-rata shares", "GLUE", "Benchmark"),
        ("an accuracy 2 and more", "accuracy", "Metric"),
    ],
)
def test_what_does_not(text: str, name: str, kind: EntityType) -> None:
    assert widened(text, name, kind) == [name]


def test_a_name_ends_where_the_next_begins() -> None:
    text = "SQuAD 2.0 is"
    pair = [Candidate(0, 5, "Dataset", (0.0,) * 6), Candidate(6, 9, "Dataset", (0.0,) * 6)]
    assert [text[c.start : c.end] for c in widen(text, pair)] == ["SQuAD", "2.0"]


def test_the_first_part_of_a_hyphenated_word_is_no_name() -> None:
    assert widened("for multi-step planning", "multi", "Task") == []
