# ruff: noqa: E501 - patterns and lists that a line break would only hide
"""What an abstract calls things without their names: its own work, people, what went before; and well-known metrics.

They stand beside the names as candidates for whose number a claim is, and in what it is given.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from extractors.spans import plain
from kg import metrics

_HEAD = (
    r"(?:methods?|approach(?:es)?|models?|frameworks?|systems?|networks?|architectures?|pipelines?|algorithms?|techniques?|solutions?|agents?"
    r"|classifiers?|detectors?|ensembles?|polic(?:y|ies)|strateg(?:y|ies)|paradigms?|modules?|variants?|tools?|predictors?|estimators?|encoders?|transformers?)"
)
_OWN = re.compile(
    rf"\b(?:[Oo]ur|[Tt]he (?:proposed|presented|developed|resulting|introduced|final|full)|[Tt]his|[Pp]roposed)\s(?:(?!and\b|or\b|than\b|of\b|on\b|in\b|to\b|with\b|for\b|that\b|these\b|those\b|which\b|results?\b|can\b|is\b|are\b|we\b|show\w*\b)[\w-]+\s){{0,3}}?{_HEAD}\b"
    rf"|\b[Tt]he (?:model|method|framework|system|approach|network|pipeline|algorithm)\b(?! of\b)"
    r"|\b[Ww]e (?:\w+ly )?(?:achieve|obtain|reach|attain|report|get|set|observe)\b|\b[Oo]urs\b|\b(?<![\w-])[Ii]t (?:\w+ly |also )?(?:achieves|obtains|reaches|attains|scores|gets|yields)\b"
)
_HUMAN = re.compile(
    r"\b(?:[Hh]umans?(?: (?:experts?|annotators?|performance|baseline|level|raters?|evaluators?|accuracy|participants))?|clinicians|radiologists|physicians)\b"
)
_BASE = re.compile(
    r"\b(?:[Tt]he )?(?:(?:previous(?:ly)?|prior|existing|current|best|strongest|next|second|vanilla|standard|conventional|traditional|original|reported)[ -]){1,3}"
    rf"(?:best|SOTA|state[- ]of[- ]the[- ]art|baselines?|results?|record|{_HEAD})\b"
    r"|\b(?:the )?(?:\w+[ -])?baselines?\b|\bstate[- ]of[- ]the[- ]art(?: \w+)?(?= \(| at | of )|\b[Cc]hance\b|\brandom(?: guess(?:ing)?| baseline| chance)\b"
)
_TAILS = frozenset(
    (
        "accuracy",
        "accuracies",
        "error",
        "errors",
        "rate",
        "rates",
        "score",
        "scores",
        "precision",
        "recall",
        "sensitivity",
        "specificity",
        "coverage",
        "correlation",
        "similarity",
        "consistency",
        "agreement",
        "distance",
    )
)


# Short words that are names of other things too are left to the tagger.
_DOUBTFUL = frozenset(
    (
        "IS",
        "OA",
        "SR",
        "CD",
        "PER",
        "MAP",
        "ATE",
        "cost",
        "loss",
        "error",
        "energy",
        "memory",
        "parameters",
        "agreement",
        "delay",
        "Pearson",
        "Spearman",
        "Jaccard",
        "forgetting",
    )
)
_WORD = re.compile(r"[A-Za-z][\w@^'.-]*\w|[A-Za-z]")


@functools.cache
def _listed() -> dict[str, tuple[str, ...]]:
    """First word -> the listed metrics that begin with it, longest first."""
    found: dict[str, list[str]] = {}
    for name in metrics.names():
        if name not in _DOUBTFUL and (word := _WORD.match(name)):
            found.setdefault(word.group(), []).append(name)
    return {word: tuple(names) for word, names in found.items()}


def _metrics(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where a listed metric stands, or a word such as "rate" with the word that qualifies it."""
    listed, position, before = _listed(), first, (-1, -1)
    for word in _WORD.finditer(text, first, last):
        start, end = word.span()
        if start < position:
            continue
        name = next((n for n in listed.get(word.group(), ()) if text.startswith(n, start)), None)
        if name and not text[start + len(name) : start + len(name) + 1].isalnum():
            end = start + len(name)
        elif word.group() not in _TAILS:
            before = (start, end)
            continue
        if before[1] in (start - 1, end - 1) and text[before[1]] in " -":
            qualifier = text[before[0] : before[1]]
            if not _NO_QUALIFIER.match(f"{qualifier} ") and not qualifier.endswith(("'s", "’s")):
                start = before[0]
        yield start, end
        position, before = end, (start, end)


_NO_QUALIFIER = re.compile(
    r"^(?:(?:an?|the|of|in|and|with|at|its|their|our|for|both|on|by|to|from|is|has|high|higher|highest|average|overall|best|achieves?|achieving|reaching|reaches|"
    r"improv\w+|increas\w+|reduc\w+|lower\w*|better|top|strong|or|as|than|that|while|whose|which|this|these|all|no|only|into|raises?|boosts?|obtains?|attains?|mean|state-of-the-art)[ -])+",
    re.IGNORECASE,
)


def generics(text: str, first: int, last: int, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of what stands in a sentence outside the `taken` stretches; kind is Own, Human, Base, Metric."""
    found = [(a, b) for a, b in taken if a < last and first < b]

    def free(start: int, end: int) -> bool:
        return not any(start < b and a < end for a, b in found)

    for kind, pattern in (("Own", _OWN), ("Base", _BASE), ("Human", _HUMAN)):
        for match in pattern.finditer(text, first, last):
            start, end = match.span()
            if free(start, end):
                found.append((start, end))
                yield start, end, kind
    for start, end in _metrics(text, first, last):
        if free(start, end):
            found.append((start, end))
            yield start, end, "Metric"


_DETERMINER = re.compile(r"^(?:our|the|this|an?)\s", re.IGNORECASE)


def phrase(surface: str) -> str:
    """A descriptive phrase as the name of a claim's model: without its article; empty for "we" and "it"."""
    if re.match(r"(?:we|it|ours)\b", surface, re.IGNORECASE):
        return ""
    return plain(_DETERMINER.sub("", surface))
