"""Which metrics are better when lower."""

from __future__ import annotations

import pytest

from kg.ask.news.direction import lower_is_better


@pytest.mark.parametrize(
    "name",
    ["FID", "FID-50K", "word error rate", "WER", "perplexity", "top-5 error", "RMSE", "latency", "bits per dimension",
     "Fréchet Inception Distance", "Chamfer distance", "LPIPS", "GFLOPs", "inference time", "false positive rate",
     "memory usage", "expected calibration error", "cross-entropy", "hallucination rate"],
)  # fmt: skip
def test_less_is_better(name: str) -> None:
    assert lower_is_better([name])


@pytest.mark.parametrize(
    "name",
    ["accuracy", "top-1 accuracy", "BLEU", "F1", "mIoU", "mAP@50", "AUROC", "PSNR", "pass@1", "throughput",
     "frames per second", "tokens per second", "error reduction", "memory savings", "speedup", "recall@10",
     "ADE20K mIoU", "win rate", "CIDEr", "METEOR", "per-class accuracy", "success rate", ""],
)  # fmt: skip
def test_more_is_better(name: str) -> None:
    assert not lower_is_better([name])


def test_an_alias_may_tell() -> None:
    assert lower_is_better(["Hits", "mean position error"])
