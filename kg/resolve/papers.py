"""Entries become papers: one for each paper, whatever feeds list it and under whichever id."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg.records import Entry, Feed, Listing, Paper, SetAside, title_key
from kg.resolve.same import alike_abstracts, one_paper


@dataclass(frozen=True, slots=True)
class SecondText:
    """An entry with another text than its paper had until then.

    `number` is the entry's, from 0, in the order in which entries were added. With `another` the text is clearly that
    of another paper, and is left out; else it took the place of the text of `before`.
    """

    number: int
    paper_id: str
    entry: Entry
    before: Entry
    another: bool

    @property
    def retitled(self) -> bool:
        """Whether the title is another one too."""
        return title_key(self.entry.paper.title) != title_key(self.before.paper.title)

    def set_aside(self) -> SetAside:
        """What to say of the text that is left out."""
        rank, feed = self.before.rank, self.before.feed.name
        reason = f"{self.paper_id} is another paper already, number {rank} of {feed}; give each its own id"
        entry = self.entry
        return SetAside(entry.feed.name, f"paper {entry.rank}", reason, entry.paper.text, self.paper_id)


def join_papers(
    entries: Iterable[Entry], notice: Callable[[SecondText], None] | None = None
) -> tuple[list[Paper], list[Listing]]:
    """One `Paper` for each, sorted by id, and the feeds, sorted by name.

    Entries with one id are one paper, and so is an entry that has only its title with one that has the same title and
    an arXiv id or DOI (where several have, the first by id), and one that has a DOI with the only one that has the same
    title and an arXiv id, where the abstracts are alike. Of several texts the one added last holds; a field that
    is missing there is filled from the others. A text that is clearly another paper's leaves the id to the first that
    has it, and is in no feed's list. What stood at the same place of the same feed before counts no more.

    `notice` is told of each second text, in the order of the entries.
    """
    entries = list(entries)
    paper_of = identities(entries)
    ids = [paper_of(entry.paper) for entry in entries]
    # The last entry at each place, in the order in which the places were first filled.
    last = {entry.place: number for number, entry in enumerate(entries)}
    owner = _others(entries, ids, last.values())
    held: dict[str, Entry] = {}
    papers: dict[str, Paper] = {}
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    feeds: dict[str, Feed] = {}
    for number, (paper_id, entry) in enumerate(zip(ids, entries, strict=True)):
        name = entry.feed.name
        if name not in feeds or entry.feed.published:
            feeds[name] = entry.feed
        stands = last[entry.place] == number
        another = last[entry.place] in owner
        before = owner[last[entry.place]] if another else held.get(paper_id)
        if notice and before and before.paper.text != entry.paper.text and (stands or not another):
            notice(SecondText(number, paper_id, entry, before, another))
        if another:
            continue
        held[paper_id] = entry
        if stands:
            papers[paper_id] = _newer(papers.get(paper_id), dataclasses.replace(entry.paper, id=paper_id))
            ranks[name][paper_id] = min(entry.rank, ranks[name].get(paper_id, entry.rank))
    listings = [
        Listing(feeds[name], tuple(sorted(ranks[name].items(), key=lambda item: (item[1], item[0]))))
        for name in sorted(feeds)
    ]
    return [papers[paper_id] for paper_id in sorted(papers)], listings


def _others(entries: Sequence[Entry], ids: Sequence[str], standing: Iterable[int]) -> dict[int, Entry]:
    """Numbers of the entries that are not the paper that has their id -> the first entry of that paper.

    `standing` has the numbers of those that count, the one with the first claim first.
    """
    texts: dict[str, list[Entry]] = {}
    others: dict[int, Entry] = {}
    for number in standing:
        entry = entries[number]
        same = texts.setdefault(ids[number], [entry])
        if not any(one_paper(entry.paper, known.paper) for known in same):
            others[number] = same[0]
        elif entry.paper.text != same[-1].paper.text:
            same.append(entry)
    return others


def identities(entries: Iterable[Entry]) -> Callable[[Paper], str]:
    """Which paper's id each of the papers in `entries` has in the graph."""
    # Title key -> the paper that was added last with an id of its own; where several ids have the title, one for each.
    titled: dict[str, Paper] = {}
    shared: dict[str, dict[str, Paper]] = {}
    for paper in (entry.paper for entry in entries if not entry.paper.id.startswith("paper:")):
        key = title_key(paper.title)
        if key in shared:
            shared[key][paper.id] = paper
        elif (known := titled.setdefault(key, paper)).id == paper.id:
            titled[key] = paper
        else:
            shared[key] = {known.id: known, paper.id: paper}
    one_of: dict[str, str] = {}
    for of_title in shared.values():
        # Where several preprints have one title, the title tells too little.
        match [paper_id for paper_id in of_title if paper_id.startswith("arxiv:")]:
            case [preprint]:
                for paper_id, paper in of_title.items():
                    if paper_id != preprint and alike_abstracts(paper, of_title[preprint]):
                        one_of[paper_id] = min(preprint, one_of.get(paper_id, preprint))

    def paper_of(paper: Paper) -> str:
        key, paper_id = title_key(paper.title) if paper.id.startswith("paper:") else "", paper.id
        if key in titled:
            paper_id = min(shared.get(key, (titled[key].id,)))
        return one_of.get(paper_id, paper_id)

    return paper_of


def _newer(old: Paper | None, new: Paper) -> Paper:
    if old is None:
        return new
    return dataclasses.replace(
        new,
        published=new.published or old.published,
        url=new.url or old.url,
        authors=new.authors or old.authors,
        source=min(old.source, new.source),
        withdrawn=new.withdrawn or old.withdrawn,
    )
