"""Steps 1 to 4: feeds in, graph out. The graph is made from the ledger and the curation file alone."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

import extractors
from kg.errors import SourceError, StoreError
from kg.extract import confident, extract
from kg.ledger import Ledger
from kg.load import GraphRows, graph_rows
from kg.read import read
from kg.records import Entry, Extraction, Listing, Paper, SetAside
from kg.resolve import join_papers, read_curation, resolve_names
from kg.resolve.curation import FILE as CURATION
from kg.resolve.curation import Curation
from kg.stores import LoadProgress, Store, open_store

Progress = Callable[[str, Iterable[Paper], int], Iterable[Paper]]
# A part of the ledger holds this many texts: what a killed build loses at most.
_PART = 1000


@dataclass
class Summary:
    """What a build did. `seconds` has the time by stage; `set_aside` what could not be read, in order."""

    entries: int = 0
    papers: int = 0
    new: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    set_aside_file: Path | None = None
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
    progress: Progress | None = None,
    server: tuple[Store, LoadProgress] | None = None,
) -> Summary:
    """Read `feeds` into the graph folder `graph`, extract what is new, resolve and load.

    Facts less sure than `min_confidence` stay in the ledger and out of the graph; the store of `server` is made to hold
    the same graph, and what stands beside it is told how far that is. Adding a feed again changes
    nothing. Raises `SourceError` before anything is changed where a feed cannot be read,
    `StoreError` where the folder cannot be written or another build holds it.
    """
    summary = Summary()
    with summary.timed("read"):
        entries = _read(feeds, summary)
    with _locked(graph):
        curation = read_curation(graph / CURATION)
        ledger = Ledger(graph / "ledger")
        _keep_set_aside(graph, summary)
        with summary.timed("read"):
            known = {entry.paper.id for entry in ledger.entries()}
            ledger.add_entries(entries)
            papers, listings = join_papers(ledger.entries())
            summary.new = len({paper.id for paper in papers} - known)
            summary.papers = len(papers)
        with summary.timed("extract"):
            _extract_missing(ledger, papers, extractor, progress)
        with summary.timed("resolve"):
            rows = _rows(ledger, papers, listings, curation, extractor, min_confidence)
        with summary.timed("load"):
            summary.changed = _load(graph, rows)
        if server:
            with summary.timed("server"):
                server[0].replace(rows, server[1])
    summary.nodes = {label: len(of_label) for label, of_label in rows.nodes.items()}
    for (name, _, _), of_relation in rows.relationships.items():
        summary.relationships[name] = summary.relationships.get(name, 0) + len(of_relation)
    return summary


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
    ledger = Ledger(graph / "ledger")
    papers, listings = join_papers(ledger.entries())
    extracted = ledger.extracted(extractors.version(extractor))
    if not papers or any(paper.content_hash not in extracted for paper in papers):
        raise StoreError(f"{graph}: holds no graph made by {extractor}; make one with `kg build FEED --graph {graph}`")
    rows = _rows(ledger, papers, listings, read_curation(graph / CURATION), extractor, min_confidence)
    store.replace(rows, progress)
    return rows


def _rows(
    ledger: Ledger,
    papers: Sequence[Paper],
    listings: Sequence[Listing],
    curation: Curation,
    extractor: str,
    min_confidence: float,
) -> GraphRows:
    signature = extractors.version(extractor)
    found = ledger.extractions(signature)
    of_paper = {paper.id: confident(found[paper.content_hash], min_confidence) for paper in papers}
    return graph_rows(papers, listings, of_paper, resolve_names(of_paper.items(), curation), signature)


def _read(feeds: Sequence[str], summary: Summary) -> list[Entry]:
    entries: list[Entry] = []
    for feed in feeds:
        before, reasons = len(entries), len(summary.set_aside)
        for item in read(feed):
            if isinstance(item, Entry):
                entries.append(item)
            else:
                summary.set_aside.append(item)
        if len(entries) == before:
            first = summary.set_aside[reasons]
            count = len(summary.set_aside) - reasons
            raise SourceError(f"{first.source}: none of {count} records can be read; {first.position}: {first.reason}")
    summary.entries = len(entries)
    return entries


@contextmanager
def _locked(graph: Path) -> Iterator[None]:
    """Hold the graph folder for one build; made where it is not there."""
    lock = FileLock(graph / ".lock", timeout=0)
    try:
        graph.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise StoreError(f"{graph}: another build is writing to it; wait until it is done") from None
    except (FileExistsError, NotADirectoryError):
        raise StoreError(f"{graph}: is not a folder; choose another --graph") from None
    except OSError as error:
        raise StoreError(f"{graph}: cannot be written ({error.strerror or error}); choose another --graph") from None
    try:
        yield
    finally:
        lock.release()


def _keep_set_aside(graph: Path, summary: Summary) -> None:
    """Write the records that could not be read to `set-aside.jsonl` in the graph folder, each once."""
    if not summary.set_aside:
        return
    summary.set_aside_file = graph / "set-aside.jsonl"
    lines = [json.dumps(dataclasses.asdict(item), sort_keys=True) for item in summary.set_aside]
    known = set(summary.set_aside_file.read_text().splitlines()) if summary.set_aside_file.exists() else set()
    with summary.set_aside_file.open("a") as file:
        file.writelines(f"{line}\n" for line in dict.fromkeys(lines) if line not in known)


def _extract_missing(ledger: Ledger, papers: Sequence[Paper], extractor: str, progress: Progress | None) -> None:
    """Extract what this version of the extractor has not read yet, a part of the ledger at a time."""
    signature = extractors.version(extractor)
    done = ledger.extracted(signature)
    missing = list({p.content_hash: p for p in papers if p.content_hash not in done}.values())
    if not missing:
        return
    nlp = extractors.load(extractor)
    shown: Iterable[Paper] = progress("extract", missing, len(missing)) if progress else missing
    part: list[tuple[str, Extraction]] = []
    for paper, extraction in extract(shown, nlp):
        part.append((paper.content_hash, extraction))
        if len(part) == _PART:
            ledger.add_extractions(signature, part)
            part = []
    ledger.add_extractions(signature, part)


def _load(graph: Path, rows: GraphRows) -> bool:
    """Replace the stored graph where it differs; says whether it did. The fingerprint is written last."""
    fingerprint, state = rows.fingerprint(), graph / "loaded"
    store = open_store(str(graph))
    if state.exists() and state.read_text() == fingerprint and store.exists():
        return False
    state.unlink(missing_ok=True)
    store.replace(rows)
    state.write_text(fingerprint)
    return True
