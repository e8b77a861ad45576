"""The names of a graph in memory: what a user looks for as they type, and what a node's id stands for.

Words lie sorted, with the numbers of the entries that hold them one after the other, so that all entries with a word
that begins in some way are one slice. A word that begins no other word is compared with all words by edit distance.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.schema import THING_LABELS
from kg.stores.base import Limits, Store

# In this order a name that fits equally well is listed.
LABELS = (*THING_LABELS, "Paper", "Repository", "Author", "Feed")
MOST_WORDS, MOST_CHARACTERS = 8, 100
_ALL = Limits(seconds=300, rows=None)
_WORD = re.compile(r"[^\W_]+")
# How far a word of an entry is from a word that was typed.
_EXACT, _PREFIX, _INSIDE, _TYPO, _NOT = 0, 1, 3, 6, 99
_REFINED = 300  # this many of the best entries are compared as a whole


@dataclass(frozen=True, slots=True)
class Entry:
    """A node as lists show it. `weight`: how many papers name it; `day`: published or first seen."""

    id: str
    label: str
    name: str
    aliases: tuple[str, ...]
    weight: int
    day: datetime.date | None


def fold(text: str) -> str:
    """What two spellings of a name have in common: case and accents taken off."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """The words of a folded text, in order."""
    return _WORD.findall(text)


def read_entries(store: Store) -> list[Entry]:
    """All nodes that have a name to look for, by label and id."""
    entries: list[Entry] = []
    for label in LABELS:
        own = {"Paper": ", n.published", "Feed": ", n.published", "Repository": "", "Author": ""}
        extra = own.get(label, ", n.first_seen, n.papers, n.aliases")
        rows = store.read(f"MATCH (n:{label}) RETURN n.id AS id, n.name{extra} ORDER BY id", limits=_ALL).rows
        for row in rows:
            key, name, day, papers, aliases = (*row, None, None, None)[:5]
            date = day if isinstance(day, datetime.date) else None
            entries.append(Entry(key, label, name or key, tuple(aliases or ()), papers or 0, date))
    return entries


class Index:
    """Finds entries by their names. Made once for a graph; searching does not change it."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.number = {entry.id: number for number, entry in enumerate(entries)}
        self._names = [tuple(fold(name) for name in (entry.name, *entry.aliases)) for entry in entries]
        postings: dict[str, list[int]] = {}
        for number, names in enumerate(self._names):
            for word in {word for name in names for word in words(name)}:
                postings.setdefault(word, []).append(number)
        self._words = sorted(postings)
        # All words in one text, to look for what stands inside of them, and where each begins.
        self._text = "\n".join(self._words)
        self._begins = list(accumulate((len(word) + 1 for word in self._words[:-1]), initial=0))
        self._by_length: dict[int, tuple[list[int], list[str]]] = {}
        for place, word in enumerate(self._words):
            places, same = self._by_length.setdefault(len(word), ([], []))
            places.append(place)
            same.append(word)
        starts = np.cumsum([0, *(len(postings[word]) for word in self._words)])
        self._starts: npt.NDArray[np.int64] = starts
        self._numbers = np.fromiter(
            (number for word in self._words for number in postings[word]), np.int32, int(starts[-1])
        )
        # Among equals what more papers name comes first, then by label, then the newest paper.
        order = sorted(range(len(entries)), key=lambda number: _before(entries[number]))
        self._order = np.empty(len(entries), np.int32)
        self._order[order] = np.arange(len(entries))
        self._exact: dict[str, int] | None = None
        self._labels = np.array([LABELS.index(entry.label) for entry in entries], np.int8)

    def get(self, key: str) -> Entry | None:
        """The entry of the node `key`."""
        number = self.number.get(key)
        return None if number is None else self.entries[number]

    def called(self, name: str) -> Entry | None:
        """The entry with exactly this name, the one that most papers name where there are several."""
        if self._exact is None:
            by_rank = sorted(range(len(self.entries)), key=lambda number: -int(self._order[number]))
            self._exact = {self.entries[number].name: number for number in by_rank}
        number = self._exact.get(name)
        return None if number is None else self.entries[number]

    def fitting(self, name: str) -> list[Entry]:
        """The entries that `name` is the id of, or else a name or an alias of, in any case; most papers first.

        An entry that goes by the name itself comes before those that have it as an alias.
        """
        if (whole := self.get(name)) is not None:
            return [whole]
        wanted = fold(name).strip()
        found = [
            (names.index(wanted) > 0, int(self._order[number]), number)
            for number, names in enumerate(self._names)
            if wanted in names
        ]
        return [self.entries[number] for _, _, number in sorted(found)]

    def top(self, label: str, most: int) -> list[Entry]:
        """The entries of `label` that most papers name, at most `most`; papers: the newest."""
        found = np.flatnonzero(self._labels == LABELS.index(label))
        return [self.entries[number] for number in found[np.argsort(self._order[found], kind="stable")][:most]]

    def search(self, text: str, most: int = 12, labels: Iterable[str] = ()) -> tuple[list[Entry], int]:
        """The best `most` entries whose names hold every word of `text`, and how many there are.

        The last word may be half typed. Where no name holds a word, the words nearest to it are taken. Words past
        `MOST_WORDS` and characters past `MOST_CHARACTERS` are not looked at.
        """
        wanted = words(fold(text[:MOST_CHARACTERS]))[:MOST_WORDS]
        if not wanted:
            return [], 0
        total = np.zeros(len(self.entries), np.int16)
        for word in wanted:
            total += self._distance(word)
        fits = total < _NOT
        if chosen := [LABELS.index(label) for label in labels if label in LABELS]:
            fits &= np.isin(self._labels, chosen)
        found = np.flatnonzero(fits)
        best = found[np.lexsort((self._order[found], total[found]))][:_REFINED]
        whole = " ".join(wanted)
        ranked = sorted(best, key=lambda number: (*self._fit(number, whole, int(total[number])), self._order[number]))
        return [self.entries[number] for number in ranked[:most]], len(found)

    def alias(self, entry: Entry, text: str) -> dict[str, str]:
        """`{"alias": …}` where an alias of the entry fits what was typed and its name does not; else nothing."""
        wanted = words(fold(text[:MOST_CHARACTERS]))[:MOST_WORDS]
        for slips in (False, True):
            fits = [all(_holds(name, word, slips) for word in wanted) for name in self._names[self.number[entry.id]]]
            if True in fits:
                return {} if fits[0] else {"alias": entry.aliases[fits.index(True) - 1]}
        return {}

    def _distance(self, word: str) -> npt.NDArray[np.int16]:
        """For each entry, how far its nearest word is from `word`."""
        distance = np.full(len(self.entries), _NOT, np.int16)
        first, last = bisect_left(self._words, word), bisect_left(self._words, word + "\U0010ffff")
        if len(word) > 2:
            at = self._text.find(word)
            while at >= 0:
                place = bisect_right(self._begins, at) - 1
                distance[self._at(place, place + 1)] = _INSIDE
                at = self._text.find(word, self._begins[place] + len(self._words[place]))
        distance[self._at(first, last)] = _PREFIX
        if first < last and self._words[first] == word:
            distance[self._at(first, first + 1)] = _EXACT
        if len(word) > 3 and int((distance < _NOT).sum()) < 3:
            allowed = _allowed(word)
            for length in range(len(word) - allowed, len(word) + allowed + 1):
                places, same = self._by_length.get(length, ([], []))
                for _, away, place in process.extract(word, same, scorer=OSA.distance, score_cutoff=allowed, limit=20):
                    self._lower(distance, places[place], _TYPO + int(away))
            # As one types, the slip stands in the beginning of a longer word; its first letter is seldom the slip.
            first, last = bisect_left(self._words, word[0]), bisect_left(self._words, word[0] + "\U0010ffff")
            cut = [other[: len(word)] for other in self._words[first:last]]
            for _, away, place in process.extract(word, cut, scorer=OSA.distance, score_cutoff=1, limit=20):
                self._lower(distance, first + place, _TYPO + 1 + int(away))
        return distance

    def _lower(self, distance: npt.NDArray[np.int16], place: int, away: int) -> None:
        """Entries that hold the word at `place` are at most `away`."""
        spot = self._at(place, place + 1)
        distance[spot] = np.minimum(distance[spot], away)

    def _at(self, first: int, last: int) -> npt.NDArray[np.int32]:
        """The numbers of the entries that hold one of the words from `first` up to `last`."""
        return self._numbers[self._starts[first] : self._starts[last]]

    def _fit(self, number: int, whole: str, total: int) -> tuple[int, int]:
        """How well the names of an entry fit all that was typed: the whole name, its beginning, else by its words."""
        best = 3
        for order, name in enumerate(self._names[number]):
            line = " ".join(words(name))
            if line == whole and (order == 0 or len(whole) > 2):  # one or two letters are many things' short form
                best = min(best, 0 if order == 0 else 1)
            elif line.startswith(whole):
                best = min(best, 2)
        return best, total if best == 3 else 0


def _allowed(word: str) -> int:
    """How many slips a word that was typed can have."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2


def _holds(name: str, word: str, slips: bool) -> bool:
    """Whether a word that was typed stands in a folded name: as it is, or with `slips` as a word or its beginning."""
    if word in name:
        return True
    near = _allowed(word) if slips else 0
    return near > 0 and any(
        min(OSA.distance(word, other), OSA.distance(word, other[: len(word)])) <= near for other in words(name)
    )


def _before(entry: Entry) -> tuple[Any, ...]:
    """The place of an entry among others that fit equally well."""
    age = -entry.day.toordinal() if entry.day and entry.label == "Paper" else 0
    return (-entry.weight, LABELS.index(entry.label), age, entry.id)
