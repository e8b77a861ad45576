"""Bytes from a path or standard input, unpacked, bounded by line, with the head peeked at to recognise the format."""

from __future__ import annotations

import contextlib
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import SourceError
from kg.records import Feed

HEAD_BYTES = 65_536
# A longer line is no abstract; reading it whole would let one record take all memory.
MAX_LINE_BYTES = 16 * 1024 * 1024
_SUFFIXES = {".gz", ".txt", ".jsonl", ".json", ".ndjson", ".xml", ".atom"}


@dataclass
class Source:
    """An open source. `head` is its first 64 KiB as text, already peeked at; `stream` still holds everything."""

    name: str
    feed: Feed
    head: str
    stream: BinaryIO

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield (line number from 1, line without its end); `None` stands for a line longer than 16 MiB."""
        number = 0
        while line := self.stream.readline(MAX_LINE_BYTES):
            number += 1
            if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                while (rest := self.stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield number, None
            else:
                yield number, line.rstrip(b"\r\n")


def feed_name(location: str) -> str:
    """The name of a feed: its file name without the endings that only tell the format; `stdin` for `-`."""
    if location == "-":
        return "stdin"
    path = Path(location)
    while path.suffix.lower() in _SUFFIXES and path.stem:
        path = path.with_suffix("")
    return path.name


@contextlib.contextmanager
def open_source(location: str) -> Iterator[Source]:
    """Open `location` (`-` is standard input) for reading; every way of failing to read it is a `SourceError`."""
    name = "standard input" if location == "-" else location
    with contextlib.ExitStack() as stack:
        try:
            if location == "-":
                raw: BinaryIO = sys.stdin.buffer
            else:
                raw = stack.enter_context(Path(location).open("rb"))
            stream = io.BufferedReader(cast(io.RawIOBase, raw), HEAD_BYTES)
            if stream.peek(2)[:2] == b"\x1f\x8b":
                stream = io.BufferedReader(cast(io.RawIOBase, gzip.GzipFile(fileobj=stream)), HEAD_BYTES)
            head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
            yield Source(name, Feed(feed_name(location)), _as_text(name, head), stream)
        except FileNotFoundError:
            raise SourceError(f"{name}: no such file; check the path") from None
        except IsADirectoryError:
            raise SourceError(f"{name}: is a folder; name the feed files in it") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(
                f"{name}: the gzip data are damaged or end early ({error}); fetch the file again"
            ) from None
        except OSError as error:
            raise SourceError(
                f"{name}: cannot be read ({error.strerror or error}); check path and permissions"
            ) from None


def _as_text(name: str, head: bytes) -> str:
    """Decode the head, refusing what is no text at all."""
    if not head:
        raise SourceError(f"{name}: is empty; a feed needs a title and an abstract for each paper")
    text = head.decode("utf-8-sig", "replace")
    # NUL never occurs in text, but a hostile title may hold one; a binary file is full of them or of broken UTF-8.
    strange = sum(c in "\ufffd\0" or (c < " " and c not in "\t\n\r\f") for c in text)
    if strange > len(text) * 0.02 + 2:
        raise SourceError(f"{name}: is not text in UTF-8; convert it, or unpack it first if it is an archive")
    return text
