"""What the tests of readers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.read import Reading, read
from kg.records import Entry, Note, SetAside


class Parse:
    """Writes data to a file and reads it: gives the entries and what was set aside; `notes` has what else was said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[Note] = []

    def __call__(self, data: str | bytes, name: str = "feed", **said: object) -> tuple[list[Entry], list[SetAside]]:
        (self.folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        items = list(read(str(self.folder / name), Reading(**said)))  # type: ignore[arg-type]
        self.notes = [i for i in items if isinstance(i, Note)]
        return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, SetAside)]


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    return Parse(tmp_path)
