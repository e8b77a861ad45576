"""Putting complete files in place, so that whatever stops the machine leaves the old file or the whole new one."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def publish(unfinished: Path, final: Path) -> None:
    """Rename `unfinished`, which is complete, to `final`, and see to it that the disk holds both the data and the name.

    Without the flush in between, a power cut after the rename may leave the new name with no data behind it.
    """
    with unfinished.open("r+b") as file:
        os.fsync(file.fileno())
    os.replace(unfinished, final)
    with contextlib.suppress(OSError):  # a system that cannot open folders flushes their entries itself
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` as a whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    publish(unfinished, path)
