"""What was read and what was extracted, kept as Parquet parts beside the graph; the graph is derived from it alone.

Two kinds of part: `entries-*.parquet` (a paper at its place in a feed) and `extractions-*.parquet` (what one version of
the extractor found in one text, keyed by the hash of the text). A part is written under another name and renamed when
complete, and none is ever changed, so a build that dies leaves only whole parts behind.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import StoreError
from kg.records import Entry, Extraction, Feed, Paper

_ENTRIES = pa.schema(
    [
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


class Ledger:
    """The ledger in `folder`, which is made with the first part written."""

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

    def add_entries(self, entries: Iterable[Entry]) -> list[Entry]:
        """Append the entries that are not in the ledger yet, as one part; returns those."""
        known = set(self.entries())
        new = [entry for entry in dict.fromkeys(entries) if entry not in known]
        self._write("entries", _ENTRIES, [_entry_row(entry) for entry in new])
        return new

    def extractions(self, extractor: str) -> dict[str, Extraction]:
        """Text hash -> what `extractor` found in the text."""
        return {
            row["content"]: Extraction.from_json(json.loads(row["extraction"]))
            for row in self._rows("extractions", extractor)
        }

    def extracted(self, extractor: str) -> set[str]:
        """The hashes of the texts that `extractor` has read."""
        return {row["content"] for row in self._rows("extractions", extractor, columns=["content"])}

    def add_extractions(self, extractor: str, found: Iterable[tuple[str, Extraction]]) -> None:
        """Append what `extractor` found, as one part; pairs of text hash and extraction."""
        rows = [
            {"content": content, "extractor": extractor, "extraction": json.dumps(extraction.to_json())}
            for content, extraction in found
        ]
        self._write("extractions", _EXTRACTIONS, rows)

    def _parts(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))

    def _rows(
        self, kind: str, extractor: str | None = None, columns: list[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        filters = None if extractor is None else [("extractor", "=", extractor)]
        for part in self._parts(kind):
            try:
                table = pq.read_table(part, columns=columns, filters=filters)
            except (OSError, pa.ArrowException) as error:
                raise StoreError(f"{part}: this part of the ledger cannot be read ({error}); restore it") from None
            for batch in table.to_batches(max_chunksize=1024):
                yield from batch.to_pylist()

    def _write(self, kind: str, schema: pa.Schema, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        last = self._parts(kind)[-1:]
        number = int(last[0].stem.rpartition("-")[2]) + 1 if last else 1
        path = self.folder / f"{kind}-{number:06d}.parquet"
        unfinished = path.with_suffix(".unfinished")
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), unfinished, compression="zstd")
        os.replace(unfinished, path)


def _entry_row(entry: Entry) -> dict[str, Any]:
    paper = entry.paper
    return {
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
