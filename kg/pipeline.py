"""Steps 1 to 4: feeds in, graph out. The graph is made from the ledger and the curation file alone."""

from __future__ import annotations

import dataclasses
import gc
import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import extractors
from extractors.language import is_english
from kg.answers import counted
from kg.errors import SourceError, StoreError, UsageError
from kg.extraction import Engine, confident, extract_texts
from kg.folder import place as folder
from kg.folder import rejects
from kg.folder.ledger import DamagedPartError, Ledger
from kg.folder.rejects import Aside, AsideFile, Remarks
from kg.folder.settings import (
    LOADED,
    DamagedSettingsError,
    Settings,
    another_graphs,
    ledger_problems,
    read_settings,
    settings_for_reading,
    written,
)
from kg.read import Reading, read
from kg.records import Entry, Extraction, Listing, Note, Paper, SetAside
from kg.resolve import Curation, SecondText, join_papers, read_curation, resolve_names
from kg.resolve.papers import identities
from kg.schema import NODES, RELATIONSHIPS
from kg.stores import LoadProgress, Store, open_store
from kg.stores.seal import DATABASE, SETTINGS, misfit, outdated, sealed, sha256
from kg.stores.seal import engine as store_engine
from kg.tables import ROWS_VERSION, GraphRows, graph_rows

T = TypeVar("T")
# Shows how far a stage is: its name, what it yields, how much that will be.
Progress = Callable[[str, Iterable[Any], int], Iterable[Any]]
# A part of the ledger holds this many texts: what a killed build loses at most.
_PART = 1000


@dataclass
class Summary:
    """What a build did. `seconds` has the time by stage; `set_aside` tells of what could not be read.

    `remarks` counts what was read but not wholly understood, by kind.

    `replaced` is how many papers have another text than they had, by an entry that is new; `retitled` how many of those
    have another title. `notes` are sentences for the user: what was found damaged, which setting has changed.
    """

    entries: int = 0
    papers: int = 0
    new: int = 0
    replaced: int = 0
    retitled: int = 0
    removed: int = 0
    extracted: int = 0
    set_aside: Aside = field(default_factory=Aside)
    remarks: Remarks = field(default_factory=Remarks)
    changed: bool = False
    nodes: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

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
    extractor: str | None = None,
    min_confidence: float | None = None,
    engine: Engine | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    reading: Reading = Reading(),  # noqa: B008 - frozen
    server: tuple[Store, LoadProgress] | None = None,
    accept_loss: bool = False,
) -> Summary:
    """Read `feeds` into the graph folder `graph`, extract what is new, resolve and load.

    Adding a feed again changes nothing; a paper whose text has changed since is replaced. With no feeds the graph is
    brought up to date: what another version of the extractor read is read again. `fresh` reads every text again.
    Facts less sure than `min_confidence` stay in the ledger and out of the graph. `extractor` and `min_confidence` are
    settings that the folder keeps: given, they change them. `reading` says what the content of the feeds does not tell.
    The store of `server` is made to hold the same graph, and what stands beside it is told how far that is.

    A damaged database is made again, and damaged extractions are; with `accept_loss` the build goes on without entries
    that are lost. `Summary.notes` says so.

    Raises `SourceError` before anything is changed where a feed cannot be read, `StoreError` where the folder cannot
    be written, another build holds it, or entries are lost, `UsageError` where there are neither feeds nor a graph.
    """
    if not feeds and not (graph / "ledger").is_dir():
        raise UsageError(f"{graph}: holds no graph yet; name a feed: kg build FEED --graph {graph}")
    with folder.locked(graph):
        run = _Run.opened(graph, extractor, min_confidence, accept_loss, engine, progress)
        with run.begun(), run.summary.timed("read"):
            held, last = run.ledger.held()
            before, known = len(held), {entry.paper.id for entry in held}
            with AsideFile(graph) as kept:
                run.ledger.add_entries(run.read(feeds, reading, kept), last, held)
                run.join_new(held, kept, before)
            run.summary.new = sum(paper.id not in known for paper in run.papers)
        run.keep_ledger()
        rows = run.derive(fresh=fresh)
        if server:
            with run.summary.timed("server"):
                server[0].replace(rows or run.rows(), server[1])
        return run.summary


def remove(
    graph: Path,
    papers: Collection[str] = (),
    feed: str | None = None,
    *,
    extractor: str | None = None,
    min_confidence: float | None = None,
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
        run = _Run.opened(graph, extractor, min_confidence, False, engine, progress)
        with run.summary.timed("read"):
            entries = list(run.ledger.entries())
            run.join(entries)
            before = {paper.id for paper in run.papers}
            feeds = [listing.feed.name for listing in run.listings]
            if feed is not None and feed not in feeds:
                raise UsageError(f"{graph}: no feed is called {feed!r}; there are: {', '.join(feeds)}")
            paper_of = identities(entries)
            ids = {entry.paper.id: paper_of(entry.paper) for entry in entries}
            wanted = {ids[_full_id(paper_id, ids, graph)] for paper_id in papers}
            run.ledger.remove_entries(lambda entry: entry.feed.name != feed and paper_of(entry.paper) not in wanted)
            run.join(run.ledger.entries())
            run.summary.removed = len(before) - len(run.papers)
        run.keep_ledger()
        run.derive()
        return run.summary


def load_into(
    store: Store,
    graph: Path,
    *,
    extractor: str | None = None,
    min_confidence: float | None = None,
    progress: LoadProgress | None = None,
) -> GraphRows:
    """Make `store` hold the graph of the graph folder `graph`; returns its rows. Doing it twice changes nothing.

    `extractor` and `min_confidence` are those of the folder where they are not given; the folder stays as it is.
    Raises `StoreError` where the folder has no extractions by the extractor, or the store cannot be loaded.
    """
    settings = settings_for_reading(graph, extractor, min_confidence, extractors.DEFAULT, thorough=True)
    run = _Run(graph, settings)
    run.join(run.ledger.entries())
    if not run.papers or run.missing():
        raise StoreError(
            f"{graph}: holds no graph made by {settings.extractor}; make one with `kg build FEED --graph {graph}`"
        )
    rows = run.rows()
    store.replace(rows, progress)
    return rows


class _Run:
    """One run over a graph folder: what it was asked for, what it read, what it did."""

    def __init__(
        self,
        graph: Path,
        settings: Settings,
        engine: Engine | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.graph = graph
        self.settings = settings
        self.signature = extractors.version(settings.extractor)
        self.engine = engine
        self.progress = progress
        self.curation = read_curation(graph / folder.CURATION)
        self.ledger = Ledger(graph / "ledger")
        self.summary = Summary()
        self.papers: list[Paper] = []
        self.listings: list[Listing] = []
        # Hashes of the places of the entries that were read; a feed may list millions.
        self._places: set[int] = set()

    @classmethod
    def opened(
        cls,
        graph: Path,
        extractor: str | None,
        min_confidence: float | None,
        accept_loss: bool,
        engine: Engine | None,
        progress: Progress | None,
    ) -> _Run:
        """A run that may write: with the settings of the folder or those given, and a ledger that is whole."""
        settings, notes = _settings(graph, extractor, min_confidence)
        run = cls(graph, settings, engine, progress)
        run.summary.notes = notes
        run._mend_ledger(accept_loss)
        kept = graph / rejects.FILE
        if settings.set_aside and (not kept.exists() or written(kept) != settings.set_aside):
            notes.append(
                f"{rejects.FILE} is not as it was written; to have what it lacks, read the feeds with bad records again"
            )
        if settings.inputs and _curation_hash(graph) != settings.curation:
            notes.append(
                f"{folder.CURATION} has changed: it holds {_count(_decisions(run.curation), 'decision')} (it held "
                f"{settings.decisions}); the graph follows it"
            )
        return run

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Keep the settings before the first part of the ledger is written, unless nothing comes of it."""
        path = self.graph / SETTINGS
        first = not path.exists()
        if first:
            self.settings.write(self.graph)
        try:
            yield
        except BaseException:
            if first and not self.ledger.parts():
                path.unlink(missing_ok=True)
            raise

    def _mend_ledger(self, accept_loss: bool) -> None:
        """Say which parts are lost or damaged; go on without those that can be made again or that the user gave up."""
        problems = ledger_problems(self.ledger, self.settings, thorough=True)
        entries = [name for name in problems if name.startswith("entries")]
        if entries and not accept_loss:
            path, count = self.ledger.folder / entries[0], self._lost(entries[:1])
            more = f" (and {len(entries) - 1} more)" if len(entries) > 1 else ""
            raise StoreError(
                f"{path}: this part of the ledger{count} {problems[entries[0]]}{more}; restore it from a copy, or "
                f"go on without it: `kg build --graph {self.graph} --accept-loss`"
            )
        for name, problem in problems.items():
            self.ledger.put_aside(name)
            if name in entries:
                self.summary.notes.append(
                    f"ledger/{name} {problem}: the graph goes on without it{self._lost([name])}, as --accept-loss says"
                )
            else:
                self.summary.notes.append(f"ledger/{name} {problem}: what it held is extracted again")
        if problems:
            self.settings.record(self.ledger)

    def _lost(self, names: Sequence[str]) -> str:
        rows = [self.settings.parts[name].rows for name in names if name in self.settings.parts]
        return f" ({sum(rows)} {'entry' if sum(rows) == 1 else 'entries'})" if rows else ""

    def keep_ledger(self) -> None:
        """Keep what parts the ledger has, so that one that is lost from now on is known."""
        before = dict(self.settings.parts)
        self.settings.record(self.ledger)
        if self.settings.parts != before:
            self.settings.write(self.graph)

    def read(self, feeds: Sequence[str], reading: Reading, kept: AsideFile) -> Iterator[Entry]:
        """The entries of all feeds; what cannot be read is set aside."""
        for feed in feeds:
            entries, of_feed = self.summary.entries, Aside()
            for item in read(feed, reading):
                if isinstance(item, Entry):
                    self.summary.entries += 1
                    self._places.add(hash(item.place))
                    yield item
                elif isinstance(item, Note):
                    self.summary.remarks.add(item)
                else:
                    of_feed.add(item)
                    self.set_aside(item, kept)
            if self.summary.entries == entries and of_feed.count:
                first = of_feed.sample[0]
                raise SourceError(
                    f"{first.source}: none of {of_feed.count} records can be read; {first.position}: {first.reason}"
                )

    def set_aside(self, item: SetAside, kept: AsideFile) -> None:
        """Count and keep a record that is no paper of the graph."""
        self.summary.set_aside.add(item)
        self.summary.set_aside.file = kept.path
        kept.add(item)

    def join(self, entries: Iterable[Entry]) -> None:
        """Take the papers and feeds from the entries of the ledger."""
        self.papers, self.listings = join_papers(entries)

    def join_new(self, entries: Sequence[Entry], kept: AsideFile, before: int) -> None:
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

        self.papers, self.listings = join_papers(entries, notice)
        summary.replaced, summary.retitled = len(replaced), sum(replaced.values())

    def missing(self, *, fresh: bool = False) -> list[Paper]:
        """A paper for each text that this version of the extractor has not read; with `fresh`, for every text."""
        done = set() if fresh else self.ledger.extracted(self.signature)
        return list({p.content_hash: p for p in self.papers if p.content_hash not in done}.values())

    def derive(self, *, fresh: bool = False) -> GraphRows | None:
        """Extract what is missing, make the graph anew and put it in place; its rows, or none where it stays."""
        summary, settings = self.summary, self.settings
        with summary.timed("extract"):
            self._extract(self._sound(lambda: self.missing(fresh=fresh)))
            self.ledger.merge()
        summary.papers = len(self.papers)
        settings.record(self.ledger)
        database = self._database_fits()
        if database and settings.inputs == self._inputs():
            summary.nodes, summary.relationships = settings.nodes, settings.relationships
            self._keep()
            return None
        with _without_collection():
            with summary.timed("resolve"):
                rows = self.rows()
            # From here on until the end the folder vouches for no database: a reader takes the one there is.
            settings.inputs, settings.database = "", None
            settings.write(self.graph)
            with summary.timed("load"):
                open_store(str(self.graph)).replace(rows)
        summary.changed = True
        summary.nodes = {label: len(of_label) for label, of_label in rows.nodes.items()}
        for (name, _, _), of_relation in rows.relationships.items():
            summary.relationships[name] = summary.relationships.get(name, 0) + len(of_relation)
        settings.record(self.ledger)
        settings.inputs, settings.database = self._inputs(), sealed(self.graph)
        settings.nodes, settings.relationships = summary.nodes, summary.relationships
        self._keep()
        (self.graph / LOADED).unlink(missing_ok=True)
        return rows

    def _database_fits(self) -> bool:
        """Whether the database is the one that the folder should have; what is wrong with it is noted."""
        seal = self.settings.database
        if seal is None:
            return False
        problem = outdated(seal) or misfit(self.graph, seal, thorough=True)
        if problem:
            self.summary.notes.append(f"{DATABASE} {problem}: it is made again from the ledger")
        return not problem

    def _keep(self) -> None:
        """Write the settings, where they are not as they were written."""
        settings, kept = self.settings, self.graph / rejects.FILE
        settings.decisions, settings.curation = _decisions(self.curation), _curation_hash(self.graph)
        settings.set_aside = written(kept) if kept.exists() else None
        if settings.database:  # its time of change is another one after a copy
            mtime = (self.graph / DATABASE).stat().st_mtime_ns
            settings.database = dataclasses.replace(settings.database, mtime=mtime)
        try:
            same = read_settings(self.graph) == settings
        except DamagedSettingsError:
            same = False
        if not same:
            settings.write(self.graph)

    def _inputs(self) -> str:
        """A hash of all that the graph is made from: ledger, curation, settings, and what makes rows of them.

        While it is the same the graph is the same, so that a feed added again costs no more than to read it.
        """
        settings = self.settings
        made_by = (ROWS_VERSION, NODES, RELATIONSHIPS, store_engine(), self.signature, settings.min_confidence)
        state = hashlib.sha256(repr(made_by).encode())
        tables = sorted((file for file in files("kg.resolve").iterdir() if file.name.endswith(".jsonl")), key=str)
        curation = self.graph / folder.CURATION
        for file in (*tables, *((curation,) if curation.exists() else ())):
            state.update(f"\n{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
        for path in self.ledger.parts():
            state.update(f"\n{path.name} {settings.parts[path.name].sha256}".encode())
        return state.hexdigest()

    def rows(self) -> GraphRows:
        """The rows of the graph."""
        found = self._sound(lambda: self.ledger.extractions(self.signature))
        least = self.settings.min_confidence
        of_paper = {paper.id: confident(found[paper.content_hash], least) for paper in self.papers}
        texts = {paper.id: paper.text for paper in self.papers}
        resolution = resolve_names(of_paper.items(), self.curation, texts)
        return graph_rows(self.papers, self.listings, of_paper, resolution, self.signature)

    def _sound(self, read: Callable[[], T]) -> T:
        """What `read` reads from the extractions; what turns out to be damaged is taken out and extracted again."""
        while True:
            try:
                return read()
            except DamagedPartError as error:
                if not error.path.name.startswith("extractions"):
                    raise
                self.ledger.put_aside(error.path.name)
                self.summary.notes.append(f"ledger/{error.path.name} {error.problem}: what it held is extracted again")
            self._extract(self._sound(self.missing))

    def _extract(self, missing: Sequence[Paper]) -> None:
        """Put what the texts of `missing` say into the ledger, a part at a time; also when stopped half-way."""
        if not missing:
            return
        found: Iterable[Extraction] = extract_texts(
            (paper.text for paper in missing), self.settings.extractor, self.engine, work=self.graph
        )
        if self.progress:
            found = self.progress("extract", found, len(missing))
        part: list[tuple[str, Extraction]] = []
        foreign: list[str] = []
        try:
            for paper, extraction in zip(missing, found, strict=True):
                # Nothing is guessed in a text that is not English: that is said, so that nobody looks for its names.
                if not extraction.entities and not is_english(paper.text):
                    foreign.append(paper.id)
                part.append((paper.content_hash, extraction))
                if len(part) == _PART:
                    full, part = part, []
                    self.ledger.add_extractions(self.signature, full)
        finally:
            self.ledger.add_extractions(self.signature, part)
            self.summary.extracted += len(missing)
        if foreign:
            texts = counted(len(foreign), "text")
            self.summary.notes.append(f"{texts} not in English: only links were read; the first: {foreign[0]}")


def _settings(graph: Path, extractor: str | None, min_confidence: float | None) -> tuple[Settings, list[str]]:
    """The settings for a build, and what to say of them."""
    ledger, notes = Ledger(graph / "ledger"), []
    try:
        settings = read_settings(graph)
        if settings and another_graphs(ledger, settings):
            raise DamagedSettingsError(graph, "is another graph's")
    except DamagedSettingsError as error:
        if extractor is None or min_confidence is None:
            raise
        notes.append(f"{SETTINGS} {error.problem}: it is written anew")
        settings = Settings(extractor, min_confidence)
    if settings is None and not ledger.parts():
        settings = Settings(extractor or extractors.DEFAULT, min_confidence or 0.0)
    elif settings is None:
        settings = Settings(extractor or ledger.last_extractor() or extractors.DEFAULT, min_confidence or 0.0)
        notes.append(
            f"this graph was made by version 0.1.0; from now on it keeps extractor {settings.extractor} and "
            f"min_confidence {settings.min_confidence}, until a command changes them"
        )
    if extractor is not None and extractor != settings.extractor:
        notes.append(f"extractor is now {extractor} (it was {settings.extractor})")
        settings.extractor = extractor
    if min_confidence is not None and min_confidence != settings.min_confidence:
        notes.append(f"min_confidence is now {min_confidence} (it was {settings.min_confidence})")
        settings.min_confidence = min_confidence
    return settings, notes


def _decisions(curation: Curation) -> int:
    """How many decisions the curation file holds."""
    return sum(len(getattr(curation, one.name)) for one in dataclasses.fields(curation))


def _curation_hash(graph: Path) -> str:
    path = graph / folder.CURATION
    return sha256(path) if path.exists() else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
