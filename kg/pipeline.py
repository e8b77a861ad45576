"""Steps 1 to 4: feeds in, graph out. The graph is made from the ledger and the curation file alone."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import extractors
from kg.errors import SourceError, StoreError, UsageError
from kg.extraction import Engine, confident, extract_texts
from kg.folder import place as folder
from kg.folder.ledger import Ledger
from kg.folder.rejects import Aside, AsideFile
from kg.read import Reading, read
from kg.records import Entry, Extraction, Listing, Paper, SetAside
from kg.resolve import SecondText, join_papers, read_curation, resolve_names
from kg.resolve.papers import identities
from kg.stores import LoadProgress, Store, open_store
from kg.tables import GraphRows, graph_rows

# Shows how far a stage is: its name, what it yields, how much that will be.
Progress = Callable[[str, Iterable[Any], int], Iterable[Any]]
# A part of the ledger holds this many texts: what a killed build loses at most.
_PART = 1000


@dataclass
class Summary:
    """What a build did. `seconds` has the time by stage; `set_aside` tells of what could not be read.

    `replaced` is how many papers have another text than they had, by an entry that is new; `retitled` how many of those
    have another title.
    """

    entries: int = 0
    papers: int = 0
    new: int = 0
    replaced: int = 0
    retitled: int = 0
    removed: int = 0
    extracted: int = 0
    set_aside: Aside = field(default_factory=Aside)
    changed: bool = False
    nodes: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to `stage`."""
        started = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


def build(
    feeds: Sequence[str],
    graph: Path,
    *,
    extractor: str = extractors.DEFAULT,
    min_confidence: float = 0.0,
    engine: Engine | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    reading: Reading = Reading(),  # noqa: B008 - frozen
    server: tuple[Store, LoadProgress] | None = None,
) -> Summary:
    """Read `feeds` into the graph folder `graph`, extract what is new, resolve and load.

    Adding a feed again changes nothing; a paper whose text has changed since is replaced. With no feeds the graph is
    brought up to date: what another version of the extractor read is read again. `fresh` reads every text again.
    Facts less sure than `min_confidence` stay in the ledger and out of the graph. `reading` says what the content of
    the feeds does not tell. The store of `server` is made to hold the same graph, and what stands beside it is told how
    far that is.

    Raises `SourceError` before anything is changed where a feed cannot be read, `StoreError` where the folder cannot
    be written or another build holds it, `UsageError` where there are neither feeds nor a graph.
    """
    if not feeds and not (graph / "ledger").is_dir():
        raise UsageError(f"{graph}: holds no graph yet; name a feed: kg build FEED --graph {graph}")
    with folder.locked(graph):
        run = _Run(graph, extractor, min_confidence, engine, progress)
        with run.summary.timed("read"):
            ids = run.ledger.paper_ids()
            known = set(ids)
            with AsideFile(graph) as kept:
                run.ledger.add_entries(run.read(feeds, reading, kept))
                run.join_new(kept, len(ids))
            run.summary.new = sum(paper.id not in known for paper in run.papers)
        run.derive(fresh=fresh)
        if server:
            with run.summary.timed("server"):
                server[0].replace(run.rows(), server[1])
        return run.summary


def remove(
    graph: Path,
    papers: Collection[str] = (),
    feed: str | None = None,
    *,
    extractor: str = extractors.DEFAULT,
    min_confidence: float = 0.0,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Take `papers` (ids) and all that only the feed called `feed` lists out of the graph folder, with their texts.

    A paper that is added again is there again. Raises `UsageError` before anything is changed where one of them is not
    in the graph; else like `build`.
    """
    if not (graph / "ledger").is_dir():
        raise UsageError(f"{graph}: holds no graph yet; there is nothing to remove")
    with folder.locked(graph):
        run = _Run(graph, extractor, min_confidence, engine, progress)
        with run.summary.timed("read"):
            run.join()
            before = {paper.id for paper in run.papers}
            feeds = [listing.feed.name for listing in run.listings]
            if feed is not None and feed not in feeds:
                raise UsageError(f"{graph}: no feed is called {feed!r}; there are: {', '.join(feeds)}")
            paper_of = identities(run.ledger.entries())
            ids = {entry.paper.id: paper_of(entry.paper) for entry in run.ledger.entries()}
            wanted = {ids[_full_id(paper_id, ids, graph)] for paper_id in papers}
            run.ledger.remove_entries(lambda entry: entry.feed.name != feed and paper_of(entry.paper) not in wanted)
            run.join()
            run.summary.removed = len(before) - len(run.papers)
        return run.derive()


def load_into(
    store: Store,
    graph: Path,
    *,
    extractor: str = extractors.DEFAULT,
    min_confidence: float = 0.0,
    progress: LoadProgress | None = None,
) -> GraphRows:
    """Make `store` hold the graph of the graph folder `graph`; returns its rows. Doing it twice changes nothing.

    Raises `StoreError` where the folder has no extractions by `extractor`, or the store cannot be loaded.
    """
    run = _Run(graph, extractor, min_confidence)
    run.join()
    if not run.papers or run.missing():
        raise StoreError(f"{graph}: holds no graph made by {extractor}; make one with `kg build FEED --graph {graph}`")
    rows = run.rows()
    store.replace(rows, progress)
    return rows


class _Run:
    """One run over a graph folder: what it was asked for, what it read, what it did."""

    def __init__(
        self,
        graph: Path,
        extractor: str,
        min_confidence: float,
        engine: Engine | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.graph = graph
        self.extractor, self.signature = extractor, extractors.version(extractor)
        self.min_confidence = min_confidence
        self.engine = engine
        self.progress = progress
        self.curation = read_curation(graph / folder.CURATION)
        self.ledger = Ledger(graph / "ledger")
        self.summary = Summary()
        self.papers: list[Paper] = []
        self.listings: list[Listing] = []
        # Hashes of the places of the entries that were read; a feed may list millions.
        self._places: set[int] = set()

    def read(self, feeds: Sequence[str], reading: Reading, kept: AsideFile) -> Iterator[Entry]:
        """The entries of all feeds; what cannot be read is set aside."""
        for feed in feeds:
            entries, of_feed = self.summary.entries, Aside()
            for item in read(feed, reading):
                if isinstance(item, Entry):
                    self.summary.entries += 1
                    self._places.add(hash(item.place))
                    yield item
                else:
                    of_feed.add(item)
                    self.set_aside(item, kept)
            if self.summary.entries == entries:
                first = of_feed.sample[0]
                raise SourceError(
                    f"{first.source}: none of {of_feed.count} records can be read; {first.position}: {first.reason}"
                )

    def set_aside(self, item: SetAside, kept: AsideFile) -> None:
        """Count and keep a record that is no paper of the graph."""
        self.summary.set_aside.add(item)
        self.summary.set_aside.file = kept.path
        kept.add(item)

    def join(self) -> None:
        """Take the papers and feeds from the ledger."""
        self.papers, self.listings = join_papers(self.ledger.entries())

    def join_new(self, kept: AsideFile, before: int) -> None:
        """Like `join`; what the entries that were read say otherwise than others is counted, or set aside.

        `before` is how many entries the ledger had.
        """
        summary = self.summary
        replaced: dict[str, bool] = {}

        def notice(second: SecondText) -> None:
            if second.another and hash(second.entry.place) in self._places:
                summary.entries -= 1
                self.set_aside(second.set_aside(), kept)
            elif not second.another and second.number >= before:
                replaced[second.paper_id] = replaced.get(second.paper_id, False) or second.retitled

        self.papers, self.listings = join_papers(self.ledger.entries(), notice)
        summary.replaced, summary.retitled = len(replaced), sum(replaced.values())

    def missing(self, *, fresh: bool = False) -> list[Paper]:
        """A paper for each text that this version of the extractor has not read; with `fresh`, for every text."""
        done = set() if fresh else self.ledger.extracted(self.signature)
        return list({p.content_hash: p for p in self.papers if p.content_hash not in done}.values())

    def derive(self, *, fresh: bool = False) -> Summary:
        """Extract what is missing, make the graph anew and put it in place."""
        summary = self.summary
        with summary.timed("extract"):
            self._extract(self.missing(fresh=fresh))
            self.ledger.merge()
        summary.papers = len(self.papers)
        inputs = folder.inputs(self.graph, self.signature, self.min_confidence)
        store, loaded = open_store(str(self.graph)), folder.Loaded(self.graph)
        if store.exists() and loaded.inputs == inputs:
            summary.nodes, summary.relationships = loaded.nodes, loaded.relationships
            return summary
        with _without_collection():
            with summary.timed("resolve"):
                rows = self.rows()
            with summary.timed("load"):
                loaded.forget()
                store.replace(rows)
        summary.changed = True
        summary.nodes = {label: len(of_label) for label, of_label in rows.nodes.items()}
        for (name, _, _), of_relation in rows.relationships.items():
            summary.relationships[name] = summary.relationships.get(name, 0) + len(of_relation)
        loaded.remember(inputs, summary.nodes, summary.relationships)
        return summary

    def rows(self) -> GraphRows:
        """The rows of the graph."""
        found = self.ledger.extractions(self.signature)
        of_paper = {paper.id: confident(found[paper.content_hash], self.min_confidence) for paper in self.papers}
        texts = {paper.id: paper.text for paper in self.papers}
        resolution = resolve_names(of_paper.items(), self.curation, texts)
        return graph_rows(self.papers, self.listings, of_paper, resolution, self.signature)

    def _extract(self, missing: Sequence[Paper]) -> None:
        """Put what the texts of `missing` say into the ledger, a part at a time; also when stopped half-way."""
        if not missing:
            return
        found: Iterable[Extraction] = extract_texts(
            (paper.text for paper in missing), self.extractor, self.engine, work=self.graph
        )
        if self.progress:
            found = self.progress("extract", found, len(missing))
        part: list[tuple[str, Extraction]] = []
        try:
            for paper, extraction in zip(missing, found, strict=True):
                part.append((paper.content_hash, extraction))
                if len(part) == _PART:
                    full, part = part, []
                    self.ledger.add_extractions(self.signature, full)
        finally:
            self.ledger.add_extractions(self.signature, part)
            self.summary.extracted = len(missing)


def _full_id(paper_id: str, known: Collection[str], graph: Path) -> str:
    """The id of a paper of the graph, also where its scheme was left out."""
    for full in (paper_id, f"arxiv:{paper_id}", f"doi:{paper_id.lower()}"):
        if full in known:
            return full
    raise UsageError(f"{graph}: has no paper {paper_id!r}; nothing was removed. The ids are those of the Paper nodes")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Without the search for reference cycles: rows have none, and to look through millions of them takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
