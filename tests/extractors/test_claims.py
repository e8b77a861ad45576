# ruff: noqa: E501 - patterns and lists that a line break would only hide
"""What is claimed of numbers: traps that must not be claimed, and sentences of which the right reading is plain."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from spacy.language import Language

import extractors
from extractors.numbers import value_of
from kg.metrics import impossible, less_is_better, on_one_scale
from kg.records import Extraction, Paper
from kg.tables import claim_keys, parse_value

TRAPS = [
    json.loads(line)
    for line in Path(__file__).with_name("claims").joinpath("traps.jsonl").read_text("utf-8").splitlines()
]
SHARED = Path(__file__).parents[3] / "shared" / "corpora" / "nlp-tdms-metrics.tsv"


@cache
def pipeline() -> Language:
    return extractors.load()


@cache
def read(text: str) -> Extraction:
    return extractors.extraction(pipeline()(text))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["title"])
def test_no_forbidden_number_is_claimed(trap: dict[str, list[str]]) -> None:
    claimed = {claim.value.rstrip("%") for claim in read(f"{trap['title']}\n{trap['abstract']}").results}
    assert claimed.isdisjoint(value.rstrip("%x") for value in trap["forbid"])


def test_lists_and_brackets_and_clauses_are_read_as_they_stand() -> None:
    found = read(
        "LeafNet\nWe present LeafNet. LeafNet reaches 84.5% top-1 accuracy on ImageNet, surpassing ResNet-50 (76.1%) and ViT-B/16 (81.8%)."
    )
    assert [(c.value, c.model, c.dataset, c.whose) for c in found.results] == [
        ("84.5%", "LeafNet", "ImageNet", "own"),
        ("76.1%", "ResNet-50", "ImageNet", "baseline"),
        ("81.8%", "ViT-B/16", "ImageNet", "baseline"),
    ]


def test_the_id_of_a_claim_stays_when_another_comes_before_it() -> None:
    sentence = "RiverNet reaches 84.5% top-1 accuracy on ImageNet."
    keys = []
    for more in ("", "RiverNet reaches 97.1% accuracy on CIFAR-10. "):
        paper = Paper("arxiv:1", "RiverNet", f"We present RiverNet. {more}{sentence}")
        keys.append(claim_keys(paper, read(paper.text)))
    assert len(keys[0]) == 1
    assert keys[0][0] in keys[1]


def test_older_extractions_still_load() -> None:
    old = {"entities": [], "links": [], "sentences": [], "results": [
        {"model": "A", "dataset": "", "metric": "", "value": "1", "task": "", "start": 0, "end": 1, "confidence": 0.5}
    ]}  # fmt: skip
    assert Extraction.from_json(old).results[0].whose == ""


def test_what_a_model_is_fine_tuned_from_is_its_basis() -> None:
    found = read(
        "RiverLM: A Model for Rivers\nWe present RiverLM, a language model fine-tuned from LLaMA-7B for hydrology."
    )
    assert [(b.name, b.base) for b in found.bases] == [("RiverLM", "LLaMA-7B")]


@pytest.mark.parametrize(
    ("text", "value"), [("1,024 ms", 1024), ("28,4", 28.4), ("1.234,5", 1234.5), (".87", 0.87), ("91.2%", 91.2)]
)
def test_values(text: str, value: float) -> None:
    assert value_of(text) == value == parse_value(text)[0]


LESS = """FID|FVD|KID|LPIPS|WER|CER|word error rate|perplexity|PPL|bits per byte|RMSE|MAE|MSE|MAPE|ECE|MPJPE|minADE|EPE|NLL
latency|GFLOPs|top-5 error|false positive rate|hallucination rate|Hausdorff distance|HD95|Brier score|EER|AbsRel|collision rate"""
MORE = """accuracy|top-1 accuracy|F1|macro-F1|mIoU|Dice|mAP|AP50|AUROC|AUPRC|recall@10|precision|EM|BLEU|ROUGE-L|METEOR|CIDEr
PSNR|SSIM|MOS|nDCG@10|MRR|HOTA|MOTA|PQ|pass@1|success rate|win rate|Spearman|kappa|throughput|speedup|SI-SDR"""


@pytest.mark.parametrize("name", LESS.replace("\n", "|").split("|"))
def test_less_is_better(name: str) -> None:
    assert less_is_better([name])


@pytest.mark.parametrize("name", MORE.replace("\n", "|").split("|"))
def test_more_is_better(name: str) -> None:
    assert not less_is_better([name])


# The list says that more parameters and more error are better; it is mistaken there.
MISTAKEN = {"Number of params", "Error"}


def test_the_directions_of_a_published_list() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED.name} is not beside the checkout")
    rows = [line.rstrip("\n").split("\t") for line in SHARED.read_text("utf-8").splitlines()]
    assert {name for _, name, more in rows if less_is_better([name]) == (more == "1")} == MISTAKEN


def test_impossible_values_and_one_scale() -> None:
    assert impossible("accuracy", 840, "%")
    assert impossible("Dice", -0.2, "")
    assert not impossible("perplexity", 840, "")
    assert on_one_scale("Dice", 0.912, "") == on_one_scale("Dice score", 91.2, "%") == (91.2, "%")
    assert on_one_scale("FID", 0.9, "") == (0.9, "")
