"""What the papers themselves say: which short form stands for what, and with which type, counted over the corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kg.records import Entity, EntityType, Extraction
from kg.resolve.normalise import normalise
from kg.resolve.score import close, in_order

Found = Sequence[tuple[str, Extraction]]  # pairs of paper id and extraction, sorted by id
# A short form of so many things (ML, AI) is compared with its most frequent long forms only.
_MOST_SENSES = 40


@lru_cache(maxsize=200_000)
def forms(name: str, surfaces: tuple[str, ...]) -> tuple[str, str]:
    """Keys of an entity's short and long form; (its key, "") where it has only one."""
    normal = {surface: normalise(surface) for surface in surfaces}
    distinct = set(normal.values())
    if len(distinct) < 2:
        return normalise(name), ""
    short = min(distinct, key=lambda key: (len(key), key))
    # Of "KG-RAG" and "RAG" in one entity the paper means its own: the one that holds the other.
    words = [key for surface, key in normal.items() if " " not in surface.strip()]
    widest = max(words, key=lambda key: (len(key), key), default="")
    if widest != short and short in widest:
        return widest, ""
    # A longer surface that holds the short one extends it ("GPT-4", "OpenAI GPT-4"); it does not define it.
    longer = {key for surface, key in normal.items() if " " in surface.strip() and not holds(surface, short)}
    # "ROUGE-1 (R1)" and "Shape-from-Template (SfT)" define as well, where the letters say so.
    longer |= {key for key in words if len(key) > len(short) + 2 and in_order(short, key)}
    if longer:
        # Of two long forms the one that the letters spell: the other is another thing of the same initials.
        return short, max(longer, key=lambda key: (in_order(short, key), len(key), key))
    if len(set(words)) > 1 and not in_order(short, widest):
        return short, ""  # "BAcc (balanced Accuracy)" whose long form was cut: not accuracy
    return normalise(name), ""


def holds(surface: str, short: str) -> bool:
    """Whether a word or two of `surface` are the name with the key `short`."""
    words = surface.split()
    runs = (*words, *(" ".join(pair) for pair in pairwise(words)))
    return any(normalise(run) == short for run in runs)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Definitions, counted.

    `leads` maps (short, long) to the spelling of the long form that most papers use; `senses` a short form to its
    leads, most frequent first; `types` the votes for each (short, lead); `papers` how many papers say (short, long);
    `best` the short form that most papers give a long one; `kinds` the votes for the type of each name's key.
    """

    leads: Mapping[tuple[str, str], str]
    senses: Mapping[str, tuple[str, ...]]
    types: Mapping[tuple[str, str], Counter[EntityType]]
    papers: Mapping[tuple[str, str], int]
    best: Mapping[str, str]
    kinds: Mapping[str, Counter[EntityType]]

    def scores(self) -> Iterator[tuple[str, str]]:
        """Keys of metrics named with and without a last "score"; with it first."""
        for key in sorted(self.kinds):
            head = key.removesuffix("score")
            if head != key and head in self.kinds and self._is(key, "Metric") and self._is(head, "Metric", "Task"):
                yield key, head

    def _is(self, key: str, *kinds: EntityType) -> bool:
        """Whether most papers take the name with this key for one of `kinds`."""
        return 2 * sum(self.kinds[key][kind] for kind in kinds) > self.kinds[key].total()

    def extended(self, short: str, long: str) -> bool:
        """Whether `long` is more than `short` stands for ("Biomedical Question Answering (QA)"): a thing of its own."""
        return _extends(short, long, self.senses.get(short, ()))

    def sense(self, short: str, kind: EntityType | None) -> str:
        """The long form that a bare mention of `short` means; "" where no paper says.

        Of several senses the one with votes for the mention's type, then the one that most papers have.
        """
        senses = self.senses.get(short, ())
        if not senses:
            return ""
        return next((lead for lead in senses if kind and self.types[short, lead][kind]), senses[0])


def gather(found: Found) -> Evidence:
    """Count the definitions of all papers; each paper has one voice for each pair."""
    papers: Counter[tuple[str, str]] = Counter()
    votes: dict[tuple[str, str], Counter[EntityType]] = defaultdict(Counter)
    kinds: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for _, extraction in found:
        said: set[tuple[str, str]] = set()
        for entity in extraction.entities:
            pair = forms(entity.name, entity.surfaces)
            kinds[pair[0]][entity.type] += 1
            if pair[1]:
                said.add(pair)
                votes[pair][entity.type] += 1
        papers.update(said)
    longs: dict[str, list[str]] = defaultdict(list)
    shorts: dict[str, list[str]] = defaultdict(list)
    for short, long in papers:
        longs[short].append(long)
        shorts[long].append(short)
    leads: dict[tuple[str, str], str] = {}
    types: dict[tuple[str, str], Counter[EntityType]] = defaultdict(Counter)
    weight: Counter[tuple[str, str]] = Counter()
    for short, of_short in longs.items():
        for long, lead in _classes(short, {long: papers[short, long] for long in of_short}).items():
            leads[short, long] = lead
            types[short, lead].update(votes[short, long])
            weight[short, lead] += papers[short, long]
    senses = {
        short: tuple(sorted({leads[short, long] for long in of_short}, key=lambda lead: (-weight[short, lead], lead)))
        for short, of_short in longs.items()
    }
    senses = {
        short: tuple(lead for lead in leads if not _extends(short, lead, leads)) for short, leads in senses.items()
    }
    best = {long: min(of_long, key=lambda s: (-papers[s, long], s)) for long, of_long in shorts.items()}
    return Evidence(leads, senses, types, papers, best, kinds)


def _extends(short: str, long: str, senses: Iterable[str]) -> bool:
    return any(
        long != sense and long.endswith(sense) and in_order(short, sense) and len(sense) >= 2 * len(short)
        for sense in senses
    )


def _classes(short: str, counts: Mapping[str, int]) -> dict[str, str]:
    """Each long form of one short form -> the most frequent one that is a spelling of it."""
    leads: list[str] = []
    lead_of: dict[str, str] = {}
    for long in sorted(counts, key=lambda long: (-counts[long], long)):
        lead = next((lead for lead in leads[:_MOST_SENSES] if close(short, lead, long)), long)
        if lead == long:
            leads.append(long)
        lead_of[long] = lead
    return lead_of


def entities(found: Found) -> Iterable[tuple[str, Entity]]:
    """Every entity with the id of its paper."""
    for paper_id, extraction in found:
        for entity in extraction.entities:
            yield paper_id, entity
