"""The training code, on a few sentences: it needs the extra `train`, which is large, and is skipped without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractors.encode import counts, encode
from extractors.labels import LABELS
from extractors.tagger import shipped
from kg.records import ROLES

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("onnx", reason="the extra `train` is not installed")

from extractors.train.data import Example, Paper, hold_back, make_example  # noqa: E402 - only where torch is
from extractors.train.export import export  # noqa: E402
from extractors.train.fit import Recipe, Run, fit  # noqa: E402
from extractors.train.network import FULL, Network, Size  # noqa: E402
from extractors.train.thin import Thinned, Thinning, cut, distil, read_exported, sizes_of  # noqa: E402

# The export warns of a newer way, which does not know the fused operator.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::torch.jit.TracerWarning", "ignore::UserWarning"
)

TEXTS = ("FooNet for Bars\nWe present FooNet and test it on COCO.", "Bars again\nWe test BarNet on ImageNet and COCO.")


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    names = [("FooNet", "Model", "introduces"), ("COCO", "Dataset", "evaluates_on"), ("BarNet", "Model", "introduces")]
    entities = [{"surfaces": [name], "type": kind, "role": role} for name, kind, role in names]
    tagger: Any = shipped()
    return [make_example(tagger._tokenizer, Paper(text, text, entities, []), {}) for text in TEXTS]


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    torch.manual_seed(1)
    # Equal tensors would be written once, under one name.
    return {name: value + 0.01 * torch.randn_like(value) for name, value in Network().state_dict().items()}


def scores(path: Path, text: str) -> list[Any]:
    from onnxruntime import InferenceSession

    tagger: Any = shipped()
    encoded = encode(tagger._tokenizer, text, {})
    shape = counts(encoded.features)
    found: list[Any] = InferenceSession(str(path)).run(None, {"ids": encoded.ids[None], "shape": shape[None]})
    assert [score.shape for score in found] == [(1, len(encoded.ids), len(LABELS)), (1, len(encoded.ids), len(ROLES))]
    return found


def test_an_exported_network_is_read_back(state: dict[str, Any], tmp_path: Path) -> None:
    export(state, FULL, tmp_path / "whole.onnx")
    again = read_exported(tmp_path / "whole.onnx")
    assert again.keys() == state.keys()
    for name, value in state.items():
        assert (again[name] - value).abs().max() <= value.abs().max() / 64, name  # 8 bits
    scores(tmp_path / "whole.onnx", TEXTS[0])


def learnt(state: dict[str, Any], examples: list[Example], kept: Path, recipe: Thinning) -> Thinned:
    return distil(state, cut(state, examples, recipe), examples, kept, recipe)


def test_a_thinned_network_runs_alike_on_every_run(
    state: dict[str, Any], examples: list[Example], tmp_path: Path
) -> None:
    recipe = Thinning(layers=(0, 2, 5), heads=9, inner=1024, sample=2, batch=1)
    thinned, sizes = learnt(state, examples, tmp_path / "one.pt", recipe)
    assert sum(size.heads for size in sizes) == 9 * 3
    assert all(size.inner % 32 == 0 and size >= Size(4, 512) for size in sizes)
    assert sizes_of(thinned) == sizes
    export(thinned, sizes, tmp_path / "thin.onnx")
    again, _ = learnt(state, examples, tmp_path / "two.pt", recipe)
    assert all(bool((again[name] == value).all()) for name, value in thinned.items())
    assert np.isfinite(scores(tmp_path / "thin.onnx", TEXTS[1])[0]).all()


def test_a_network_of_full_size_is_the_whole_one(
    state: dict[str, Any], examples: list[Example], tmp_path: Path
) -> None:
    # Nothing is cut and nothing is learnt at a rate of zero.
    recipe = Thinning(layers=tuple(range(6)), heads=12, inner=1536, sample=2, rate=0.0)
    kept, sizes = learnt(state, examples, tmp_path / "run.pt", recipe)
    assert tuple(sizes) == FULL
    assert all(bool((kept[name] == value).all()) for name, value in state.items())


@pytest.mark.parametrize("stage", ["fit", "distil"])
def test_a_run_that_is_cut_off_goes_on_to_the_same_end(
    stage: str, state: dict[str, Any], examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(kept: Path) -> dict[str, Any]:
        if stage == "fit":
            return fit(examples, state, 1, kept, Recipe(epochs=2, batch=1, save_every=2))
        recipe = Thinning(layers=(0, 5), heads=4, inner=512, sample=2, batch=1, save_every=2)
        return learnt(state, examples * 2, kept, recipe).state

    whole = run(tmp_path / "whole.pt")
    save, done = Run.save, Run.done

    def killed(self: Run, step: int, *, averaged: bool) -> None:
        if step == 2:
            raise KeyboardInterrupt
        done(self, step, averaged=averaged)

    monkeypatch.setattr(Run, "done", killed)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut.pt")
    monkeypatch.setattr(Run, "done", done)
    saved: list[int] = []
    monkeypatch.setattr(Run, "save", lambda self: (saved.append(self.step), save(self)))
    again = run(tmp_path / "cut.pt")
    assert saved[0] == 4  # the first two batches were not done again
    assert all(bool((again[name] == value).all()) for name, value in whole.items())


def test_papers_are_held_back_from_each_kind_of_set() -> None:
    papers = [Paper(f"{kind}-{n}", "", [], [], kind) for kind in ("s00", "s41", "s50", "") for n in range(50)]
    parts = hold_back(papers, share=0.1)
    for part in ("dev", "test"):
        assert sorted(paper.set for paper in parts[part]) == ["s00"] * 5 + ["s41"] * 5 + ["s50"] * 5
    ids = [paper.id for part in parts.values() for paper in part]
    assert sorted(ids) == sorted(paper.id for paper in papers)
    assert hold_back(papers[::-1], share=0.1)["test"] == parts["test"]
