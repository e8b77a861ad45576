"""The trained pipeline and its parts: valid labels, exact offsets, the same result whatever runs beside a text."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import extractors
from extractors.calibrate import calibrate
from extractors.entities import group_mentions
from extractors.labels import LABELS, best_labels, label_runs
from extractors.lexicon import Lexicon, apply_lexicon, word_runs
from extractors.shape import FEATURE_SIZES, case_class, shape_features
from extractors.spans import Candidate
from extractors.tagger import Settings
from kg.records import Entity, Extraction, Mention

NLP = extractors.load("fast")


def found(text: str) -> Extraction:
    return extractors.extraction(NLP(text))


@given(arrays(np.float32, st.tuples(st.integers(0, 12), st.just(len(LABELS))), elements=st.floats(-20, 0, width=32)))
def test_a_name_begins_before_it_goes_on(scores: np.ndarray) -> None:  # type: ignore[type-arg]
    sequence = best_labels(scores)
    assert len(sequence) == len(scores)
    for before, label in zip([0, *sequence], sequence, strict=False):
        if LABELS[label].startswith("I-"):
            assert LABELS[before][2:] == LABELS[label][2:]
    covered = [i for first, last, _ in label_runs(sequence) for i in range(first, last)]
    assert covered == [i for i, label in enumerate(sequence) if label]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("...", 1),
        ("2024", 2),
        ("gpt4", 3),
        ("GPT4", 4),
        ("net", 5),
        ("CLIP", 7),
        ("Mamba", 9),
        ("LLMs", 10),
        ("mAP", 11),
    ],
)
def test_case_classes(word: str, expected: int) -> None:
    assert case_class(word) == expected


@given(st.text(max_size=80))
def test_shape_features_stay_within_their_tables(text: str) -> None:
    features = shape_features(text, {"the": 14})
    assert features.shape == (len(text) + 1, len(FEATURE_SIZES))
    assert (features >= 0).all()
    assert (features < np.array(FEATURE_SIZES)).all()


def one(start: int, end: int, kind: int = 0, mass: float = 0.9) -> Candidate:
    masses = [0.02] * 6
    masses[kind] = mass
    return Candidate(start, end, "Model", tuple(masses), (0.1, 0.1, 0.1, 0.1, 0.5, 0.1))


def test_the_lexicon_drops_retypes_and_adds() -> None:
    text = "We use Baseline and COCO with Foo on ImageNet."
    candidates = [one(7, 15), one(20, 24)]
    lexicon = {"baseline": [50, 1, 0, 0, 0, 0, 0], "coco": [30, 0, 0, 29, 1, 0, 0], "imagenet": [40, 0, 0, 39, 0, 0, 0]}
    kept = apply_lexicon(text, candidates, Lexicon(lexicon))
    assert [(text[c.start : c.end], c.type) for c in kept] == [("COCO", "Dataset"), ("ImageNet", "Dataset")]


def test_a_name_ends_with_the_title() -> None:
    text = "A Title\nDirect Preference Optimization wins."
    kept = apply_lexicon(text, [one(2, 38)], Lexicon({}))
    assert [text[c.start : c.end] for c in kept] == ["Direct Preference Optimization"]


def test_word_runs_do_not_cross_a_clause() -> None:
    runs = list(word_runs("on COCO, ADE20K and so on"))
    assert "cocoade20k" not in [key for key, _, _ in runs]
    assert ("ade20kand", 9, 19) in runs


def test_grouping_joins_a_short_form_by_its_initials() -> None:
    text = "Vision Retention Networks are good. ViR wins; VRN is new."
    entities = group_mentions(text, [one(0, 25), one(46, 49)])
    assert [entity.surfaces for entity in entities] == [("Vision Retention Networks", "VRN")]


def test_what_is_too_long_is_no_name() -> None:
    assert group_mentions("A" * 500, [one(0, 500)]) == []


def test_calibration_keeps_the_order() -> None:
    mention = Mention(0, 1, "X", 1.0)
    raw = [Entity("X", "Model", "uses", ("X",), (mention,), c) for c in (0.0, 0.2, 0.6, 0.95, 1.0)]
    scaled = [entity.confidence for entity in calibrate(raw, Settings(1.0, 0.7, 0.3))]
    assert scaled == sorted(scaled)
    assert all(0 < c < 1 for c in scaled)


TEXTS = [
    "FocusNet: Seeing with Less\nWe introduce FocusNet, trained on ImageNet-21k and evaluated on COCO and ADE20K.",
    "A Title\nDirect Preference Optimization (DPO) beats PPO. Our Llama-3-8B model reaches 71.2% accuracy on MMLU.",
    "Short\n",
    "",
]


def test_the_trained_pipeline_reads_names_roles_and_results() -> None:
    first, second = found(TEXTS[0]), found(TEXTS[1])
    roles = {entity.name: (entity.type, entity.role) for entity in first.entities}
    assert roles["FocusNet"][1] == "introduces"
    assert roles["COCO"] == ("Dataset", "evaluates_on")
    assert roles["ImageNet-21k"][0] == "Dataset"
    dpo = next(entity for entity in second.entities if "DPO" in entity.surfaces)
    assert "Direct Preference Optimization" in dpo.surfaces
    assert [(claim.value, claim.metric) for claim in second.results] == [("71.2%", "accuracy")]


def test_batches_and_neighbours_do_not_matter() -> None:
    alone = [found(text) for text in TEXTS]
    for size in (1, 3, 64):
        assert [extractors.extraction(doc) for doc in NLP.pipe(TEXTS * 3, batch_size=size)] == alone * 3


def test_a_text_longer_than_the_encoder_is_read_to_its_end() -> None:
    filler = "Nothing is said here about any of these things at all. " * 80
    entities = found(f"Title\n{filler}We evaluate on ImageNet.").entities
    assert [entity.name for entity in entities if entity.name == "ImageNet"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read_and_every_offset_holds(text: str) -> None:
    whole = f"T\n{text}"
    extraction = found(whole)
    for entity in extraction.entities:
        assert 0 <= entity.confidence <= 1
        for mention in entity.mentions:
            assert whole[mention.start : mention.end] == mention.text
    assert Extraction.from_json(json.loads(json.dumps(extraction.to_json()))) == extraction
