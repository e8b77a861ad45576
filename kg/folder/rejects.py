"""Records that could not be read: counted, the first few held, and all of them kept in a file of the graph folder.

A feed may hold millions of them, so no list of them is ever in memory.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from kg.records import SetAside
from kg.stores.files import publish

FILE = "set-aside.jsonl"
# How many are held.
SAMPLE = 20


@dataclass
class Aside:
    """How many records were set aside, the first `SAMPLE` of them, and the file that has them all, if one has.

    `id_taken` is how many of them have the id of another paper.
    """

    count: int = 0
    id_taken: int = 0
    sample: list[SetAside] = field(default_factory=list)
    file: Path | None = None

    def add(self, item: SetAside) -> None:
        """Count `item`."""
        self.count += 1
        self.id_taken += bool(item.paper)
        if len(self.sample) < SAMPLE:
            self.sample.append(item)

    @property
    def first(self) -> str:
        """Where the first of them stood, and why it could not be read."""
        item = self.sample[0]
        return f"{item.source}, {item.position}: {item.reason}"


class AsideFile:
    """`set-aside.jsonl` in the folder `graph`: records are added as they come, each once whatever is read how often.

    What was added is there, as a whole, when the `with` block ends without an error. Raises `OSError` where the disk
    does not take it.
    """

    def __init__(self, graph: Path) -> None:
        self.path = graph / FILE
        self._unfinished = self.path.with_name(f"{FILE}.unfinished")
        self._file: BinaryIO | None = None
        self._known: sqlite3.Connection | None = None

    def __enter__(self) -> AsideFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._known:
            self._known.close()
        if self._file:
            try:
                self._file.close()
                if kind is None:
                    publish(self._unfinished, self.path)
            finally:
                self._unfinished.unlink(missing_ok=True)

    def add(self, item: SetAside) -> None:
        """Add a record, unless it is there."""
        line = json.dumps({name: value for name, value in dataclasses.asdict(item).items() if value}, sort_keys=True)
        self._write(self._file or self._opened(), line.encode())

    def _opened(self) -> BinaryIO:
        """The new file, with what the old one holds."""
        # A table without a name lies in a file that the engine deletes itself, and of which it holds a little.
        self._known = sqlite3.connect("")
        self._known.execute("PRAGMA journal_mode = OFF")
        self._known.execute("CREATE TABLE lines (hash BLOB PRIMARY KEY) WITHOUT ROWID")
        self._file = self._unfinished.open("wb")
        with contextlib.suppress(FileNotFoundError), self.path.open("rb") as old:
            for line in old:
                self._write(self._file, line.rstrip(b"\n"))
        return self._file

    def _write(self, file: BinaryIO, line: bytes) -> None:
        assert self._known is not None  # noqa: S101 - made with the file
        try:
            key = hashlib.sha256(line).digest()[:16]
            new = self._known.execute("INSERT OR IGNORE INTO lines VALUES (?)", (key,)).rowcount
        except sqlite3.Error as error:
            raise OSError(f"the list of what was set aside: {error}") from None
        if new:
            file.write(line + b"\n")
