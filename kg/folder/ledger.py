"""What was read and what was extracted, kept as Parquet parts beside the graph; the graph is derived from it alone.

Two kinds of part: `entries-*.parquet` (a paper at its place in a feed) and `extractions-*.parquet` (what one version of
the extractor found in one text, keyed by the hash of the text). A part is written under another name and renamed when
complete, and none is ever changed, so a build that dies leaves only whole parts behind. Their order is that of their
numbers; no clock is asked. A part `….base.parquet` stands for all parts of its kind with lower numbers: to write one is
how many small parts become one, and how entries are removed; the rename makes it hold, and the parts it stands for are
deleted after that, by this run or the next.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg.errors import StoreError
from kg.records import Entry, Extraction, Feed, Paper, digest
from kg.stores.files import publish

_ENTRIES = pa.schema(
    [
        # Two hashes, so that to find what is new does not need all the texts: of the place (feed, paper, rank), and of
        # the whole entry.
        ("place", pa.string()),
        ("hash", pa.string()),
        # Which text extraction reads.
        ("content", pa.string()),
        ("feed", pa.string()),
        ("feed_published", pa.date32()),
        ("rank", pa.int64()),
        ("id", pa.string()),
        ("title", pa.string()),
        ("abstract", pa.string()),
        ("published", pa.date32()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("authors", pa.list_(pa.string())),
    ]
)
_EXTRACTIONS = pa.schema([("content", pa.string()), ("extractor", pa.string()), ("extraction", pa.string())])
_SCHEMAS = {"entries": _ENTRIES, "extractions": _EXTRACTIONS}
_NAME = re.compile(r"(entries|extractions)-(\d+)(\.base)?\.parquet")
# Rows that are held at once while parts are written or read.
_ROWS = 1024
# So many parts of a kind are left before they are made one.
_MANY = 64


class Ledger:
    """The ledger in `folder`, which is made with the first part written. One process at a time may write to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> Iterator[Entry]:
        """All entries in the order in which they were added."""
        for row in self._rows("entries"):
            paper = Paper(
                id=row["id"],
                title=row["title"],
                abstract=row["abstract"],
                published=row["published"],
                url=row["url"],
                source=row["source"],
                authors=tuple(row["authors"]),
            )
            yield Entry(paper, Feed(row["feed"], row["feed_published"]), row["rank"])

    def paper_ids(self) -> list[str]:
        """The id that the paper of each entry has in it, in the order in which they were added."""
        return [row["id"] for row in self._rows("entries", columns=["id"])]

    def add_entries(self, entries: Iterable[Entry]) -> int:
        """Append the entries that differ from the last one at their place in their feed, as one part; returns how many.

        Holds `_ROWS` of them at a time. Where `entries` raises, nothing is added.
        """
        last = {row["place"]: row["hash"] for row in self._rows("entries", columns=["place", "hash"])}

        def new() -> Iterator[dict[str, Any]]:
            for entry in entries:
                row = _entry_row(entry)
                if last.get(row["place"]) != row["hash"]:
                    last[row["place"]] = row["hash"]
                    yield row

        return self._write("entries", new())

    def remove_entries(self, keep: Callable[[Entry], bool]) -> int:
        """Leave only the entries of which `keep` is true; returns how many went. Their texts leave the disk with them.

        Added again, an entry is there again.
        """
        chosen = [keep(entry) for entry in self.entries()]
        if not all(chosen):
            wanted = iter(chosen)
            self._write_base("entries", lambda table: table.filter([next(wanted) for _ in range(len(table))]))
            self._merge_extractions()
        return chosen.count(False)

    def extractions(self, extractor: str) -> dict[str, Extraction]:
        """Text hash -> what `extractor` found in the text."""
        return {
            row["content"]: decode(row["extraction"])
            for row in self._rows("extractions", extractor, columns=["content", "extraction"])
        }

    def extracted(self, extractor: str) -> set[str]:
        """The hashes of the texts that `extractor` has read."""
        return {row["content"] for row in self._rows("extractions", extractor, columns=["content"])}

    def add_extractions(self, extractor: str, found: Iterable[tuple[str, Extraction]]) -> None:
        """Append what `extractor` found, as one part; pairs of text hash and extraction."""
        self.add_encoded(extractor, ((content, encode(extraction)) for content, extraction in found))

    def add_encoded(self, extractor: str, found: Iterable[tuple[str, str]]) -> None:
        """Like `add_extractions`, with extractions as `encode` gives them."""
        self._write(
            "extractions",
            ({"content": content, "extractor": extractor, "extraction": text} for content, text in found),
        )

    def parts(self) -> list[Path]:
        """The files that hold, in order."""
        return [path for kind in _SCHEMAS for path in self._parts(kind)]

    def tidy(self) -> None:
        """Delete what a run that died has left behind, and what a base part stands for."""
        for leftover in self.folder.glob("*.unfinished"):
            leftover.unlink(missing_ok=True)
        for kind in _SCHEMAS:
            held = set(self._parts(kind))
            for path in self.folder.glob(f"{kind}-*.parquet"):
                if path not in held and _NAME.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def merge(self) -> None:
        """Make one part of many of a kind, where there are many; what it says stays the same."""
        if len(self._parts("entries")) > _MANY:
            self._write_base("entries", lambda table: table)
        if len(self._parts("extractions")) > _MANY:
            self._merge_extractions()

    def _merge_extractions(self) -> None:
        """One part of all extractions: the last of each text, and none of a text that no entry has any more."""
        texts = {row["content"] for row in self._rows("entries", columns=["content"])}
        last: dict[tuple[str, str], int] = {}
        for number, row in enumerate(self._rows("extractions", columns=["content", "extractor"])):
            if row["content"] in texts:
                last[row["content"], row["extractor"]] = number
        kept, seen = set(last.values()), 0

        def choose(table: pa.Table) -> pa.Table:
            nonlocal seen
            chosen = [number in kept for number in range(seen, seen + len(table))]
            seen += len(table)
            return table.filter(chosen)

        self._write_base("extractions", choose)

    def _parts(self, kind: str) -> list[Path]:
        """The parts of a kind that hold, in the order in which they were written: the last base and what followed."""
        paths = self.folder.glob(f"{kind}-*.parquet")
        found = sorted((int(m[2]), bool(m[3]), path) for path in paths if (m := _NAME.fullmatch(path.name)))
        first = max((index for index, (_, is_base, _) in enumerate(found) if is_base), default=0)
        return [path for _, _, path in found[first:]]

    def _tables(self, kind: str, extractor: str | None = None, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """The rows of the parts of a kind, in order, up to `_ROWS` at a time."""
        for part in self._parts(kind):
            try:
                with pq.ParquetFile(part) as file:
                    wanted = columns and [*columns, *(["extractor"] if extractor is not None else [])]
                    for batch in file.iter_batches(_ROWS, columns=wanted):
                        table = pa.Table.from_batches([batch])
                        if extractor is not None:
                            table = table.filter(pc.equal(table["extractor"], extractor))
                        yield table
            except FileNotFoundError:
                raise StoreError(f"{part}: another build has just merged the ledger; run the command again") from None
            except (OSError, pa.ArrowException) as error:
                raise StoreError(f"{part}: this part of the ledger cannot be read ({error}); restore it") from None

    def _rows(
        self, kind: str, extractor: str | None = None, columns: list[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        for table in self._tables(kind, extractor, columns):
            yield from table.to_pylist()

    def _write_base(self, kind: str, choose: Callable[[pa.Table], pa.Table]) -> None:
        """Write a part that stands for all there are, with the rows that `choose` takes, and delete those."""
        if self._parts(kind):
            self._publish(kind, (choose(table) for table in self._tables(kind)), ".base")
            self.tidy()

    def _write(self, kind: str, rows: Iterable[dict[str, Any]]) -> int:
        """Append a part with `rows`, or none where there are none; returns how many there were."""
        written = 0

        def tables() -> Iterator[pa.Table]:
            nonlocal written
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append(row)
                if len(batch) == _ROWS:
                    yield pa.Table.from_pylist(batch, schema=_SCHEMAS[kind])
                    written += len(batch)
                    batch = []
            if batch:
                yield pa.Table.from_pylist(batch, schema=_SCHEMAS[kind])
                written += len(batch)

        self._publish(kind, tables(), "")
        return written

    def _publish(self, kind: str, tables: Iterator[pa.Table], mark: str) -> None:
        last = self._parts(kind)[-1:]
        match = _NAME.fullmatch(last[0].name) if last else None
        path = self.folder / f"{kind}-{int(match[2]) + 1 if match else 1:06d}{mark}.parquet"
        unfinished = path.with_suffix(".unfinished")
        try:
            first = next(tables, None)
            if first is None and not mark:
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            with pq.ParquetWriter(unfinished, _SCHEMAS[kind], compression="zstd") as writer:
                for table in itertools.chain(() if first is None else (first,), tables):
                    writer.write_table(table)
            publish(unfinished, path)
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise


def encode(extraction: Extraction) -> str:
    """An extraction as the ledger holds it."""
    return json.dumps(extraction.to_json())


def decode(text: str) -> Extraction:
    """The inverse of `encode`."""
    return Extraction.from_json(json.loads(text))


def _entry_row(entry: Entry) -> dict[str, Any]:
    paper = entry.paper
    row = {
        "feed": entry.feed.name,
        "feed_published": entry.feed.published,
        "rank": entry.rank,
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "published": paper.published,
        "url": paper.url,
        "source": paper.source,
        "authors": list(paper.authors),
    }
    place = digest(repr(entry.place), 32)
    return {"place": place, "hash": digest(repr(row), 32), "content": paper.content_hash, **row}
