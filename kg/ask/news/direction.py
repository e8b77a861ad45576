"""Whether more or less of a metric is better, told by its names."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Words of a name, in lower case: of what has one, less is better.
_LESS_WORDS = """
error errors loss losses perplexity ppl nll bpd bpb bpc entropy regret divergence distance deviation
fid kid fvd fad lpips niqe brisque chamfer wasserstein
wer cer ter eer der mcd dcf mindcf
mae mse rmse mape nmse nrmse rmsle absrel mpjpe epe ate rpe ade fde minade minfde ece crps shd
latency time runtime delay overhead flops gflops mflops macs gmacs parameters params memory footprint
cost energy emissions carbon hallucination hallucinations toxicity
"""
_LESS = frozenset(_LESS_WORDS.split())
_LESS_PHRASE = re.compile(
    r"\bbits? per (?:dim(?:ension)?|byte|char(?:acter)?)\b|\bfalse (?:positive|negative|alarm)s?\b|\bmiss(?:ed)? rate\b"
    r"|\bfr[ée]chet\b|\bcollision rate\b"
)
# What turns one of these round: less memory is better, and more memory reduction.
_MORE = re.compile(r"\b(?:reductions?|savings?|improvements?|gains?|speed-?ups?|recall|f1|accuracy|per second)\b")


def lower_is_better(names: Iterable[str]) -> bool:
    """Whether less is better of the metric with these names: an error rate, a distance, a cost."""
    return any(_is_less(name.casefold()) for name in names)


def _is_less(name: str) -> bool:
    if _MORE.search(name):
        return False
    return bool(_LESS_PHRASE.search(name)) or not _LESS.isdisjoint(re.findall(r"[^\W_]+", name))
