"""Names that are whole: widened, cut or left out as a reader would."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acronyms import find_acronyms, spells
from extractors.spans import Candidate
from extractors.whole import is_name, whole

MASSES = (0.1, 0.1, 0.1, 0.1, 0.5, 0.1)


def names(text: str, *parts: str, kind: str = "Method") -> list[str]:
    found = [Candidate(text.index(part), text.index(part) + len(part), kind, MASSES) for part in parts]  # type: ignore[arg-type]
    return [text[c.start : c.end] for c in whole(text, found, find_acronyms(text))]


@pytest.mark.parametrize(
    ("text", "part", "name"),
    [
        ("We use SHA_Dark here.", "SHA", "SHA_Dark"),
        ("The VLM-as-formalizer idea.", "VLM", "VLM-as-formalizer"),
        ("A CLIP-based model.", "CLIP", "CLIP"),
        ("A non-MPEG-4 stream.", "MPEG-4", "MPEG-4"),
        ("The RGB-HSI camera.", "HSI", "RGB-HSI"),
        ("The worst-group accuracy is low.", "group accuracy", "worst-group accuracy"),
        ("Human-object interaction (HOI) detection is hard.", "HOI) detection", None),
        ("Text-to-Image (T2I) models.", "Text-to-Image (T2I", "Text-to-Image"),
        ("We use divide and conquer.", "divide and", "divide"),
        ("Of the R(2+1)D kind.", "R(2+1", "R(2+1)D"),
    ],
)
def test_a_name_is_whole(text: str, part: str, name: str | None) -> None:
    assert names(text, part) == [name or "Human-object interaction (HOI) detection"]


def test_nothing_is_widened_over_another_name() -> None:
    assert names("PHAF-Personalized Hand Avatars in a Flash", "PHAF", "Personalized Hand Avatars") == [
        "PHAF",
        "Personalized Hand Avatars",
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *[(name, "Model") for name in ("RTX 4090", "NVIDIA A100", "TPU v4", "A100 GPUs", "Jetson Orin", "540B", "7B")],
        *[(name, "Benchmark") for name in ("CVPR 2025", "NeurIPS", "ICLR'24", "2025")],
        *[("to me", "Method"), ("web data", "Dataset"), ("HOI) detection", "Task"), (r"\textbf", "Method")],
    ],
)
def test_what_is_no_name(name: str, kind: str) -> None:
    assert not is_name(name, kind)


@pytest.mark.parametrize("name", ["IWSLT 2025", "GPT-4", "A3C", "3DGS", "CoNLL-2003", "V-JEPA", "H2O", "BERT"])
def test_what_is_a_name(name: str) -> None:
    assert is_name(name, "Benchmark")


WORDS = st.sampled_from(
    ["SHA_Dark", "(HOI)", "HOI", "low-CFG", "of", "the", "GPT-4", "a-b-C", "x", "(", ")", "Net,", "U", "[a]"]
)


@given(
    st.lists(WORDS, min_size=1, max_size=12).map(" ".join),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5),
)
def test_names_are_balanced_disjoint_and_uncut(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(s, min(s + n, len(text))) for s, n in places if s < len(text)]
    found = whole(text, [Candidate(s, e, "Method", MASSES) for s, e in spans], find_acronyms(text))
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start
    for c in found:
        name = text[c.start : c.end]
        assert name.count("(") == name.count(")")
        assert name.strip() == name
        assert not (c.start and text[c.start - 1].isalnum() and text[c.start].isalnum())
        assert not (text[c.end : c.end + 1].isalnum() and text[c.end - 1].isalnum())


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("U-Net", "universal applicability across diverse architectures", False),
        ("LoRA", "Low-Rank Adaptation", True),
        ("BERT", "Bidirectional Encoder Representations from Transformers", True),
        ("DETR", "DEtection TRansformer", True),
        ("ViTs", "Vision Transformers", True),
    ],
)
def test_a_short_form_is_spelled_by_its_long_form(short: str, long: str, *, expected: bool) -> None:
    assert spells(short, long) is expected
