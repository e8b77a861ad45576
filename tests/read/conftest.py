"""What the tests of readers share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.read import Reading, read
from kg.records import Entry, SetAside

Parse = Callable[..., tuple[list[Entry], list[SetAside]]]


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    """Write data to a file and read it; returns the entries and what was set aside."""

    def run(data: str | bytes, name: str = "feed", **said: object) -> tuple[list[Entry], list[SetAside]]:
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        items = list(read(str(tmp_path / name), Reading(**said)))  # type: ignore[arg-type]
        return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, SetAside)]

    return run
