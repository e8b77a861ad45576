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
from kg.records import ROLES, Entry, Extraction, Feed, Paper, digest
from kg.schema import THING_LABELS
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
        ("withdrawn", pa.bool_()),
    ]
)
_EXTRACTIONS = pa.schema([("content", pa.string()), ("extractor", pa.string()), ("extraction", pa.string())])
_SCHEMAS = {"entries": _ENTRIES, "extractions": _EXTRACTIONS}
_NAME = re.compile(r"(entries|extractions)-(\d+)(\.base)?\.parquet")
# Columns that may be missing or null in a part, as in one that an older version wrote, and what holds then. Every other
# column must be there, and full.
_DEFAULTS: dict[str, Any] = {
    "feed_published": None, "published": None, "url": "", "source": "", "authors": [],
    "withdrawn": None,
}  # fmt: skip
# Columns that came after format 1: an entry that has nothing there has the hash that it had without them.
_LATER: tuple[str, ...] = ("withdrawn",)
# What wrote a part says so in it; parts of version 0.1.0 (format 1) do not.
FORMAT = 2
_MARK = b"paper-kg.format"
# Rows that are held at once while parts are written or read.
_ROWS = 1024
# So many parts of a kind are left before they are made one.
_MANY = 64


class DamagedPartError(StoreError):
    """The part at `path` cannot be used; `problem` says why."""

    def __init__(self, path: Path, problem: str) -> None:
        again = (
            "delete it, for what it holds is extracted again"
            if path.name.startswith("extractions")
            else "restore it from a copy, or go on without it with `kg build --accept-loss`"
        )
        super().__init__(f"{path}: this part of the ledger {problem}; {again}")
        self.path, self.problem = path, problem


class Ledger:
    """The ledger in `folder`, which is made with the first part written. One process at a time may write to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> Iterator[Entry]:
        """All entries in the order in which they were added."""
        for part, row in self._rows("entries"):
            yield _entry(part, row)

    def held(self) -> tuple[list[Entry], dict[str, str]]:
        """All entries, and the hash of the last one at each place: what `add_entries` needs to know what is new."""
        entries: list[Entry] = []
        last: dict[str, str] = {}
        for part, row in self._rows("entries"):
            entries.append(_entry(part, row))
            last[row["place"]] = row["hash"]
        return entries, last

    def add_entries(
        self, entries: Iterable[Entry], last: dict[str, str] | None = None, held: list[Entry] | None = None
    ) -> int:
        """Append the entries that differ from the last one at their place in their feed, as one part; returns how many.

        Holds `_ROWS` of them at a time. Where `entries` raises, nothing is added. `last` is as `held` gives it, and
        read where it is not given; the list `held` gets what is appended.
        """
        if last is None:
            last = {row["place"]: row["hash"] for _, row in self._rows("entries", columns=["place", "hash"])}

        def new() -> Iterator[dict[str, Any]]:
            for entry in entries:
                row = _entry_row(entry)
                if last.get(row["place"]) != row["hash"]:
                    last[row["place"]] = row["hash"]
                    if held is not None:
                        held.append(entry)
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
            for put_aside in self.folder.glob("*.damaged"):  # they may hold the texts
                put_aside.unlink(missing_ok=True)
        return chosen.count(False)

    def extractions(self, extractor: str) -> dict[str, Extraction]:
        """Text hash -> what `extractor` found in the text."""
        found: dict[str, Extraction] = {}
        for part, row in self._rows("extractions", extractor, columns=["content", "extraction"]):
            try:
                found[row["content"]] = decode(row["extraction"])
            except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
                reason = " ".join(f"{type(error).__name__} {error}".split())[:120]
                raise DamagedPartError(part, f"holds an extraction that cannot be read ({reason})") from None
        return found

    def extracted(self, extractor: str) -> set[str]:
        """The hashes of the texts that `extractor` has read."""
        return {row["content"] for _, row in self._rows("extractions", extractor, columns=["content"])}

    def last_extractor(self) -> str:
        """The name of the extractor that read the last text, such as `fast`; "" where none has."""
        last = ""
        with contextlib.suppress(DamagedPartError):
            for _, row in self._rows("extractions", columns=["extractor"]):
                last = row["extractor"]
        return last.partition("+")[0].rpartition("-")[0]

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
        texts = {row["content"] for _, row in self._rows("entries", columns=["content"])}
        last: dict[tuple[str, str], int] = {}
        for number, (_, row) in enumerate(self._rows("extractions", columns=["content", "extractor"])):
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

    def format(self, part: Path) -> int:
        """Which format the part is in; 1 where it does not say, or cannot be read."""
        try:
            return int((pq.read_schema(part).metadata or {}).get(_MARK, b"1"))
        except (OSError, ValueError, pa.ArrowException):
            return 1

    def rows(self, part: Path) -> int:
        """How many rows the part has."""
        try:
            return int(pq.read_metadata(part).num_rows)
        except (OSError, pa.ArrowException) as error:
            raise DamagedPartError(part, f"cannot be read ({_reason(error)})") from None

    def problem(self, part: Path) -> str:
        """What is wrong with a part, by reading it all; "" where it is sound."""
        kind = part.name.partition("-")[0]
        try:
            for _ in self._read(part, kind, _SCHEMAS[kind].names):
                pass
        except DamagedPartError as error:
            return error.problem
        return ""

    def replaced(self, name: str) -> bool:
        """Whether a base part that is there stands for the part called `name` too."""
        match = _NAME.fullmatch(name)
        return match is not None and any(m[3] and int(m[2]) > int(match[2]) for m in self._names(match[1]))

    def gaps(self) -> list[str]:
        """The names of parts that must have been there, by the numbers of those that are."""
        missing = []
        for kind in _SCHEMAS:
            names = [m for path in self._parts(kind) if (m := _NAME.fullmatch(path.name))]
            numbers = {int(m[2]) for m in names}
            first = min(numbers, default=1) if any(m[3] for m in names) else 1
            missing += [f"{kind}-{n:06d}.parquet" for n in range(first, max(numbers, default=0)) if n not in numbers]
        return missing

    def put_aside(self, name: str) -> None:
        """Take the part called `name`, if it is there, out of the ledger; it stays in the folder as `….damaged`."""
        part = self.folder / name
        with contextlib.suppress(FileNotFoundError):
            part.replace(part.with_suffix(".damaged"))

    def _names(self, kind: str) -> list[re.Match[str]]:
        return [m for path in self.folder.glob(f"{kind}-*.parquet") if (m := _NAME.fullmatch(path.name))]

    def _tables(
        self, kind: str, extractor: str | None = None, columns: list[str] | None = None
    ) -> Iterator[tuple[Path, pa.Table]]:
        """The rows of the parts of a kind, in order, up to `_ROWS` at a time, each with its part."""
        wanted = [*columns, *(["extractor"] if extractor is not None else [])] if columns else _SCHEMAS[kind].names
        for part in self._parts(kind):
            for table in self._read(part, kind, wanted):
                if extractor is not None:
                    table = table.filter(pc.equal(table["extractor"], extractor))
                yield part, table

    def _read(self, part: Path, kind: str, wanted: list[str]) -> Iterator[pa.Table]:
        """The columns `wanted` of a part, as its kind has them."""
        try:
            with pq.ParquetFile(part) as file:
                marked = (file.schema_arrow.metadata or {}).get(_MARK, b"1")
                if not marked.isdigit() or int(marked) > FORMAT:
                    raise StoreError(
                        f"{part}: a newer version of paper-kg wrote this part of the ledger; install that version"
                    )
                present = [name for name in wanted if name in file.schema_arrow.names]
                for batch in file.iter_batches(_ROWS, columns=present):
                    yield _as_schema(part, pa.Table.from_batches([batch]), kind, wanted)
        except FileNotFoundError:
            raise StoreError(f"{part}: another build has just merged the ledger; run the command again") from None
        except (OSError, pa.ArrowException) as error:
            raise DamagedPartError(part, f"cannot be read ({_reason(error)})") from None

    def _rows(
        self, kind: str, extractor: str | None = None, columns: list[str] | None = None
    ) -> Iterator[tuple[Path, dict[str, Any]]]:
        for part, table in self._tables(kind, extractor, columns):
            for row in table.to_pylist():
                yield part, row

    def _write_base(self, kind: str, choose: Callable[[pa.Table], pa.Table]) -> None:
        """Write a part that stands for all there are, with the rows that `choose` takes, and delete those."""
        if self._parts(kind):
            self._publish(kind, (choose(table) for _, table in self._tables(kind)), ".base")
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
            with pq.ParquetWriter(unfinished, _marked(_SCHEMAS[kind]), compression="zstd") as writer:
                for table in itertools.chain(() if first is None else (first,), tables):
                    writer.write_table(table.replace_schema_metadata({_MARK: str(FORMAT)}))
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
    extraction = Extraction.from_json(json.loads(text))
    for entity in extraction.entities:
        if entity.type not in THING_LABELS or entity.role not in ROLES or not 0 <= entity.best < len(entity.mentions):
            raise ValueError(f"no thing of the schema: {entity.name!r}")
    return extraction


def _marked(schema: pa.Schema) -> pa.Schema:
    return schema.with_metadata({_MARK: str(FORMAT)})


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _as_schema(part: Path, table: pa.Table, kind: str, wanted: list[str]) -> pa.Table:
    """`table` with the columns `wanted` in the types of the schema, and defaults where a column is missing or null."""
    columns = []
    for name in wanted:
        type_ = _SCHEMAS[kind].field(name).type
        if name not in table.column_names:
            if name not in _DEFAULTS:
                raise DamagedPartError(part, f"has no column {name}")
            columns.append(pa.array([_DEFAULTS[name]] * len(table), type_))
            continue
        column = table[name]
        if not column.type.equals(type_):
            raise DamagedPartError(part, f"has {column.type} in the column {name} and not {type_}")
        if column.null_count and _DEFAULTS.get(name, name) is not None:
            if name not in _DEFAULTS:
                raise DamagedPartError(part, f"has nothing in the column {name} of a row")
            column = pa.array([_DEFAULTS[name] if value is None else value for value in column.to_pylist()], type_)
        columns.append(column)
    return pa.table(columns, schema=pa.schema([_SCHEMAS[kind].field(name) for name in wanted]))


def _entry(part: Path, row: dict[str, Any]) -> Entry:
    authors = row["authors"]
    if None in authors:
        raise DamagedPartError(part, "has nothing in the column authors of a row")
    paper = Paper(
        id=row["id"],
        title=row["title"],
        abstract=row["abstract"],
        published=row["published"],
        url=row["url"],
        source=row["source"],
        authors=tuple(authors),
        withdrawn=row["withdrawn"],
    )
    return Entry(paper, Feed(row["feed"], row["feed_published"]), row["rank"])


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
        "withdrawn": paper.withdrawn,
    }
    place = digest(repr(entry.place), 32)
    hashed = {name: value for name, value in row.items() if name not in _LATER or value != _DEFAULTS[name]}
    return {"place": place, "hash": digest(repr(hashed), 32), "content": paper.content_hash, **row}
