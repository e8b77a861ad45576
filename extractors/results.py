"""Reported numbers: a value, the metric it is given in, and what it was measured of and on, from one sentence.

Absolute scores only. Precision comes first: a number without a metric beside it, a difference ("improves by 2.1%") and
a count are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.spans import ENTITIES, RESULTS, SENTENCES
from kg.records import Entity, EntityType, Mention, ResultClaim

_NUMBER = re.compile(
    r"(?<![\w.,/@^_-])(\d+(?:,\d{3})*(?:\.\d+)?)\s?(\\?%|\$\\%\$|(?:dB|points?|ms|fps|FPS)\b)?(?![\w]|\.\d|-\w|/\d)"
)
_DIFFERENCE_BEFORE = re.compile(
    r"(?:\bby(?: (?:an? )?(?:average|mean|margin|up to|about|around|over|more than|at least|of|additional))*|[+±~]"
    r"|\bgains? of|\bimprovements? of"
    r"|\b(?:increase|decrease|drop|reduction|boost|margin)s? of(?: up to)?"
    r"|\b(?:extra|additional|another|absolute|relative)|\bup to|\bonly|\bless than|\bmore than)\s*\$?[+-]?\s*$",
    re.IGNORECASE,
)
_DIFFERENCE_AFTER = re.compile(
    r"^\s*(?:\\?%|points?|percentage points)?\s*(?:\(?(?:absolute|relative)\)?\s*)?"
    r"(?:improvement|gain|increase|decrease|reduction|boost|drop|higher|lower|better|worse|faster|more|fewer|less"
    r"|of the|times|×|x\b|points)",
    re.IGNORECASE,
)
# "on 1,000 images", "with 8 large GPUs": a number before a plural counts something.
_COUNT_AFTER = re.compile(r"^\s+(?:[a-z-]+\s+)?(?!this|its|as|is|across|versus|plus)[a-z-]{3,}s\b")
_REPORT = re.compile(
    r"\b(?:achiev|reach|attain|obtain|yield|score|report|result|get|record|with|of|set|state-of-the-art|sota|accuracy)\w*",
    re.IGNORECASE,
)
_NEAR = 45


def find_results(text: str, entities: Sequence[Entity], sentences: Sequence[tuple[int, int]]) -> list[ResultClaim]:
    """The claims of `text`, in order. Needs the entities, whose mentions name what a number belongs to."""
    claims = []
    for first, last in sentences[1:]:  # the title reports nothing
        sentence = text[first:last]
        placed = [
            (mention, entity) for entity in entities for mention in entity.mentions if first <= mention.start < last
        ]
        metrics = [(m, e) for m, e in placed if e.type == "Metric"]
        if not metrics or not _REPORT.search(sentence):
            continue
        for number in _NUMBER.finditer(sentence):
            start, end = first + number.start(), first + number.end()
            if any(m.start < end and start < m.end for m, _ in placed) or _is_no_score(sentence, number):
                continue
            metric = _nearest(metrics, start, end, _NEAR)
            if metric is None:
                continue
            subject = _subject(placed, start, sentence, first) or _introduced(entities)
            claims.append(
                ResultClaim(
                    model=subject,
                    dataset=_name(_nearest(_of(placed, "Dataset", "Benchmark"), start, end, 120)),
                    metric=_name(metric),
                    value=re.sub(r"[\\$\s]", "", number.group()),
                    task=_name(_nearest(_of(placed, "Task"), start, end, 80)),
                    start=min(start, metric[0].start),
                    end=max(end, metric[0].end),
                    confidence=0.6,
                )
            )
    return claims


Placed = tuple[Mention, Entity]


def _of(placed: Sequence[Placed], *types: EntityType) -> list[Placed]:
    return [(mention, entity) for mention, entity in placed if entity.type in types]


def _name(placed: Placed | None) -> str:
    return placed[1].name if placed else ""


def _nearest(placed: Sequence[Placed], start: int, end: int, limit: int) -> Placed | None:
    """The one whose mention is closest to the number, at most `limit` characters away."""

    def distance(pair: Placed) -> int:
        return max(pair[0].start - end, start - pair[0].end)

    near = [pair for pair in placed if distance(pair) <= limit]
    return min(near, key=lambda pair: (distance(pair), pair[0].start)) if near else None


def _is_no_score(sentence: str, number: re.Match[str]) -> bool:
    """Whether the number is a difference or a count."""
    after = sentence[number.end() :]
    is_count = number.group(2) is None and _COUNT_AFTER.match(after)
    return bool(is_count or _DIFFERENCE_BEFORE.search(sentence[: number.start()]) or _DIFFERENCE_AFTER.match(after))


def _subject(placed: Sequence[Placed], start: int, sentence: str, first: int) -> str:
    """The last model or method before the number that the sentence does not compare with."""
    for mention, entity in reversed([p for p in _of(placed, "Model", "Method") if p[0].end <= start]):
        if not re.search(
            r"\b(?:than|over|against|surpassing|outperforming)\s*(?:the\s*)?$", sentence[: mention.start - first]
        ):
            return entity.name
    return ""


def _introduced(entities: Sequence[Entity]) -> str:
    return next((e.name for e in entities if e.role == "introduces" and e.type in ("Model", "Method")), "")


@Language.component("kg_results")
def results(doc: Doc) -> Doc:
    """Store the claims; runs last, after the roles."""
    data = doc.user_data
    data[RESULTS] = find_results(doc.text, data.get(ENTITIES, []), data.get(SENTENCES, []))
    return doc
