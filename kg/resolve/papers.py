"""Entries become papers: one for each paper, whatever feeds list it and under whichever id."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable

from kg.records import Entry, Feed, Listing, Paper, title_key


def join_papers(entries: Iterable[Entry]) -> tuple[list[Paper], list[Listing]]:
    """One `Paper` for each, sorted by id, and the feeds, sorted by name.

    Entries with one id are one paper, and so is an entry that has only its title with one that has the same title and
    an arXiv id or DOI (where several have, the first by id). Of several texts the one added last holds; a field that
    is missing there is filled from the others.
    """
    entries = list(entries)
    paper_of = identities(entries)
    papers: dict[str, Paper] = {}
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    feeds: dict[str, Feed] = {}
    for entry in entries:
        paper = entry.paper
        paper_id = paper_of(paper)
        papers[paper_id] = _newer(papers.get(paper_id), dataclasses.replace(paper, id=paper_id))
        name = entry.feed.name
        ranks[name][paper_id] = min(entry.rank, ranks[name].get(paper_id, entry.rank))
        if name not in feeds or entry.feed.published:
            feeds[name] = entry.feed
    listings = [
        Listing(feeds[name], tuple(sorted(ranks[name].items(), key=lambda item: (item[1], item[0]))))
        for name in sorted(feeds)
    ]
    return [papers[paper_id] for paper_id in sorted(papers)], listings


def identities(entries: Iterable[Entry]) -> Callable[[Paper], str]:
    """Which paper's id each of the papers in `entries` has in the graph."""
    known: dict[str, str] = {}
    for paper_id, title in {(entry.paper.id, entry.paper.title) for entry in entries}:
        if not paper_id.startswith("paper:"):
            key = title_key(title)
            known[key] = min(paper_id, known.get(key, paper_id))

    def paper_of(paper: Paper) -> str:
        return known.get(title_key(paper.title), paper.id) if paper.id.startswith("paper:") else paper.id

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
    )
