# ruff: noqa: E501 - patterns and lists that a line break would only hide
"""What is known of metrics: names, unit, range, and whether less is better. Imports nothing of ours.

A metric that no list names is judged by the words of its name; `less_is_better` then says more unless a word tells
otherwise. Values in percent and fractions of one metric meet on the percent scale.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

# One metric a line: names (the first is the canonical one), "/", unit and range. Units: `%` (given in percent or as a
# fraction; 0 to 100), `1` (a number of its own range), a unit, or nothing. "<" before: less is better.
_LISTED = """
accuracy, acc, top-1 accuracy, top-1, top-1 acc, top1 accuracy, overall accuracy, classification accuracy, test accuracy, average accuracy, mean accuracy, balanced accuracy, zero-shot accuracy, answer accuracy, execution accuracy, OA / %
top-5 accuracy, top-5, top5 accuracy / %
F1, F1 score, F1-score, F-score, F-measure, F1 measure, macro F1, macro-F1, micro F1, micro-F1, weighted F1, macro F1-score, F0.5, F2 / %
precision, P@1, P@5, P@10, precision@1, positive predictive value, PPV / %
recall, R@1, R@5, R@10, recall@1, recall@5, recall@10, recall@20, recall@100, recall rate, sensitivity, true positive rate, TPR, hit rate, Hits@1, Hits@3, Hits@10, H@1, H@10 / %
specificity, true negative rate, TNR / %
exact match, EM, exact match accuracy / %
AUC, AUROC, ROC-AUC, ROC AUC, AUC-ROC, area under the curve, AUPRC, AUC-PR, PR-AUC, pixel-level AUROC, image-level AUROC / %
average precision, AP, AP50, AP75, box AP, mask AP, mAP, mean average precision, mAP@50, mAP50, mAP@0.5, MAP, mAP50-95 / %
IoU, mIoU, mean IoU, mean intersection over union, intersection over union, Jaccard, Jaccard index / %
Dice, Dice score, Dice coefficient, DSC, Dice similarity coefficient / %
PQ, panoptic quality / %
HOTA, MOTA, IDF1 / 1 -100 100
NDS / %
AMOTA / %
success rate, SR, task success rate, pass rate, completion rate, resolve rate, resolved rate, solve rate, task completion rate, attack success rate, ASR, SPL, win rate, win-rate, detection rate, refusal rate / %
pass@1, pass@k, pass@5, pass@10, pass@100, Pass@1, avg@k / %
BLEU, BLEU score, BLEU-1, BLEU-4, SacreBLEU, GLEU, chrF, chrF++ / %
ROUGE, ROUGE-1, ROUGE-2, ROUGE-L / %
METEOR, SPICE / %
CIDEr, CIDEr-D / 1 0 1000
BERTScore, COMET, BLEURT / %
MRR, mean reciprocal rank, MRR@10 / %
NDCG, nDCG, nDCG@10, NDCG@10, NDCG@5 / %
UAS, LAS / %
Smatch / %
PCK, PCKh / %
Matthews correlation, MCC, Matthews correlation coefficient, Pearson correlation, Pearson, PLCC, PCC, Spearman correlation, Spearman, SRCC, SROCC, Kendall's tau, Cohen's kappa, kappa, quadratic weighted kappa, QWK, R2, R^2, R-squared, coefficient of determination / 1 -100 100
PSNR, peak signal-to-noise ratio / dB
SSIM, MS-SSIM, structural similarity / %
SI-SDR, SI-SNR, SDR / dB
PESQ / 1 -0.5 4.64
STOI / %
MOS, mean opinion score / 1 0 5
Inception Score, IS / 1 1 1000
CLIP score, CLIPScore / 1 0 100
Elo, Elo rating / 1 0 5000
silhouette score / 1 -1 1
throughput, frames per second, FPS, tokens per second / 1 0 1e12
compression ratio, speedup, speed-up / x
Sharpe ratio / 1 -100 100
agreement, inter-annotator agreement, Krippendorff's alpha / %
< FID, Fréchet Inception Distance, Frechet Inception Distance, FID-50K, gFID, rFID, KID, FVD, FAD, CMMD / 1 0 10000
< LPIPS, DISTS, NIQE, BRISQUE, perceptual distance / 1 0 200
< perplexity, PPL, validation perplexity, test perplexity / 1 1 1e12
< bits per dimension, BPD, bpd, bits per byte, BPB, bits per character, bit per character, BPC / 1 0 100
< cross-entropy, negative log-likelihood, NLL, log loss, loss / 1
< word error rate, WER, MER / rate
< character error rate, CER / rate
< phoneme error rate, PER, diarization error rate, DER, translation error rate, TER / rate
< error rate, error, top-1 error, top-5 error, test error, classification error / %
< equal error rate, EER, minDCF / %
< false positive rate, FPR, FPR95, false negative rate, FNR, false alarm rate, miss rate, hallucination rate, collision rate, forgetting / %
< MAE, mean absolute error / 1
< MSE, mean squared error / 1
< RMSE, root mean squared error, root mean square error, NRMSE / 1
< MAPE, mean absolute percentage error, absolute relative error, AbsRel, relative error / 1
< ECE, expected calibration error, Brier score, calibration error / %
< MPJPE, PA-MPJPE, MPVPE, mean per joint position error / mm
< ADE, FDE, minADE, minFDE, average displacement error, final displacement error / m
< ATE, absolute trajectory error, RPE, end-point error, EPE / 1
< Chamfer distance, CD, Hausdorff distance, HD95, average surface distance, ASD, Wasserstein distance, edit distance / 1
< latency, inference time, runtime, run time, response time, training time, time to first token, delay / s
< FLOPs, GFLOPs, MACs, number of parameters, number of params, parameters, model size, memory, memory usage, peak memory, energy consumption, energy, cost / 1
< mel-cepstral distortion, MCD / dB
< CRPS, regret, cumulative regret / 1
"""
# Words of a name that no line has: of what has one, less is better.
_LESS = frozenset(
    [
        "error",
        "errors",
        "loss",
        "losses",
        "perplexity",
        "ppl",
        "nll",
        "bpd",
        "bpb",
        "bpc",
        "entropy",
        "regret",
        "divergence",
        "distance",
        "deviation",
        "distortion",
        "fid",
        "kid",
        "fvd",
        "fad",
        "lpips",
        "niqe",
        "brisque",
        "chamfer",
        "wasserstein",
        "hausdorff",
        "hd95",
        "wer",
        "cer",
        "ter",
        "eer",
        "der",
        "mcd",
        "dcf",
        "mindcf",
        "brier",
        "mae",
        "mse",
        "rmse",
        "mape",
        "nmse",
        "nrmse",
        "rmsle",
        "absrel",
        "mpjpe",
        "epe",
        "ate",
        "rpe",
        "ade",
        "fde",
        "minade",
        "minfde",
        "ece",
        "crps",
        "shd",
        "per",
        "latency",
        "time",
        "runtime",
        "delay",
        "overhead",
        "flops",
        "gflops",
        "mflops",
        "macs",
        "gmacs",
        "parameters",
        "params",
        "memory",
        "footprint",
        "forgetting",
        "cost",
        "energy",
        "emissions",
        "carbon",
        "hallucination",
        "hallucinations",
        "toxicity",
        "fpr",
        "fpr95",
        "fnr",
        "violations",
        "violation",
        "leakage",
    ]
)
_LESS_PHRASE = re.compile(
    r"\bbits? per (?:dim(?:ension)?|byte|char(?:acter)?)\b|\bfalse[ -](?:positive|negative|alarm)s?\b|\bmiss(?:ed)? rate\b"
    r"|\bfr[ée]chet\b|\bcollision rate\b|\btime to\b|\bmodel size\b"
)
# What turns one of these round: less memory is better, and more memory reduction.
_MORE = re.compile(
    r"\b(?:reductions?|savings?|improvements?|gains?|speed-?ups?|recall|f1|accuracy|acc|per second|efficiency|skill"
    r"|awareness|true)\b"
)
_WORDS = re.compile(r"[^\W_]+")
_PLAIN = re.compile(r"[\s\-_‐‑–]+")


@dataclass(frozen=True, slots=True)
class Measure:
    """A known metric: canonical name, unit (`%`, `1`, `dB`, …), the least and the greatest value on that scale."""

    name: str
    unit: str
    low: float
    high: float
    less: bool


@functools.cache
def measures() -> dict[str, Measure]:
    """Folded name -> measure, of all listed names."""
    found: dict[str, Measure] = {}
    for line in _LISTED.strip().splitlines():
        head, _, tail = line.rpartition(" / ")
        less = head.startswith("< ")
        unit, *limits = tail.split()
        low, high = map(float, limits) if limits else (0.0, 100.0 if unit == "%" else float("inf"))
        if unit == "dB" and not less:
            low = float("-inf")
        names = [name.strip() for name in head.removeprefix("< ").split(",")]
        for name in names:
            found.setdefault(_fold(name), Measure(name, unit, low, high, less))
    return found


def names() -> tuple[str, ...]:
    """All listed names as they are written, longest first."""
    listed = {
        name.strip()
        for line in _LISTED.strip().splitlines()
        for name in line.rpartition(" / ")[0].removeprefix("< ").split(",")
    }
    return tuple(sorted(listed, key=lambda name: (-len(name), name)))


def measure_of(name: str) -> Measure | None:
    """The listed measure called `name`, with what qualifies it left off ("macro F1", "F1 (%)", "accuracy on dev")."""
    folded = _fold(re.sub(r"\s*\(.*?\)|\s+on\s.*$", "", name)) or _fold(name)
    table = measures()
    if folded in table:
        return table[folded]
    words = folded.split()
    for start in range(1, len(words)):
        if (tail := " ".join(words[start:])) in table:
            return table[tail]
    return None


def less_is_better(names: Iterable[str]) -> bool:
    """Whether less is better of the metric with these names: an error rate, a distance, a cost."""
    return any(_is_less(name) for name in names)


def impossible(metric: str, value: float, unit: str) -> bool:
    """Whether no such value can be: accuracy 840 %, a Dice of 93 given as a fraction of 1, a negative FID."""
    known = measure_of(metric)
    if known is None:
        return unit == "%" and _is_share(metric) and not 0 <= value <= 100
    if unit == "%" and known.unit == "%":
        return not 0 <= value <= 100
    if known.unit == "%" and not unit:
        return not 0 <= value <= 100
    if known.unit in ("1", unit):
        return not known.low <= value <= known.high
    return False


def on_one_scale(metric: str, value: float, unit: str) -> tuple[float, str]:
    """The value and unit on which numbers of one metric can be compared: a fraction of a share becomes percent.

    0.912 of Dice and 91.2 % are (91.2, "%"); other metrics stay as they are, but for milliseconds and the like.
    """
    known = measure_of(metric)
    unit = {"percent": "%", "sec": "s", "seconds": "s", "second": "s"}.get(unit, unit)
    if known and known.unit in ("%", "rate"):
        if not unit and 0 <= value <= 1:
            return round(value * 100, 10), "%"
        if not unit:
            return value, "%"
    if unit == "ms":
        return round(value / 1000, 10), "s"
    if unit == "cm":
        return round(value * 10, 10), "mm"
    return value, unit


def _fold(name: str) -> str:
    return _PLAIN.sub(" ", name.casefold()).strip()


def _is_share(metric: str) -> bool:
    """Whether a name nobody listed is that of a share of cases."""
    return bool(re.search(r"\b(?:accuracy|precision|recall|f1|success|coverage)\b", metric.casefold()))


def _is_less(name: str) -> bool:
    folded = name.casefold()
    if known := measures().get(_fold(name)):
        return known.less
    if _MORE.search(folded):
        return False
    return bool(_LESS_PHRASE.search(folded)) or not _LESS.isdisjoint(_WORDS.findall(folded))
