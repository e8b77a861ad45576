"""The lexicon: in how many annotated papers a run of words stands, and in how many it is annotated as which type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from extractors.lexicon import word_runs
from extractors.spans import same_key
from extractors.train.data import Paper
from kg.records import ENTITY_TYPES

# A run that is never a name is kept where it is frequent and short enough to be taken for one.
_LEAST_PAPERS, _MOST_CHARACTERS = 6, 40


def build_lexicon(papers: Sequence[Paper]) -> dict[str, list[int]]:
    """Key -> (papers it stands in, then papers in which it is annotated as each of `ENTITY_TYPES`), sorted."""
    stands: Counter[str] = Counter()
    annotated: dict[str, list[int]] = defaultdict(lambda: [0] * len(ENTITY_TYPES))
    for paper in papers:
        stands.update({key for key, _, _ in word_runs(paper.text)})
        types = {same_key(s): ENTITY_TYPES.index(e["type"]) for e in paper.entities for s in e["surfaces"]}
        for key, kind in types.items():
            annotated[key][kind] += 1
    lexicon = {key: [max(stands[key], sum(counts)), *counts] for key, counts in annotated.items()}
    for key, count in stands.items():
        if key not in lexicon and count >= _LEAST_PAPERS and len(key) <= _MOST_CHARACTERS:
            lexicon[key] = [count] + [0] * len(ENTITY_TYPES)
    return dict(sorted(lexicon.items()))
