"""Bytes from a path or standard input: unpacked, recoded, bounded by line, with the head to tell the format."""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import os
import stat
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import SourceError, UsageError
from kg.read.encodings import encoding_of, recoded
from kg.read.foreign import foreign_bytes
from kg.read.unpack import unpacked
from kg.records import Entry, Feed, Paper, SetAside

HEAD_BYTES = 65_536
# A longer record is no abstract; reading it whole would let one record take all memory.
MAX_RECORD = 16 * 1024 * 1024
TOO_LONG = f"longer than {MAX_RECORD // 2**20} MiB"
# What is kept of a record that could not be read.
KEPT = 10_000
PARQUET = "PAR1"
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile)
_SUFFIXES = {".gz", ".bz2", ".xz", ".zip", ".txt", ".jsonl", ".json", ".ndjson", ".xml", ".atom", ".bib", ".ris",
             ".csv", ".tsv", ".parquet", ".nbib", ".enw", ".ciw", ".rss"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `broken` is "", or says why `text` is not what stood there (it is then cut)."""

    number: int
    text: str
    broken: str = ""


@dataclass
class Source:
    """An open source. `head` is its first 64 KiB as text, already peeked at; `stream` still holds everything.

    `columns` maps fields (`title`, `abstract`, …) to the source's own names for them, as far as the user said so.
    """

    name: str
    feed: Feed
    head: str
    stream: BinaryIO
    columns: Mapping[str, str] = field(default_factory=dict)
    recoded: bool = False  # its bytes are UTF-8 now, whatever the text says of itself

    def lines(self) -> Iterator[Line]:
        """Yield the lines in order, numbered from 1; one longer than 16 MiB comes cut, with `broken` saying so."""
        number = 0
        while raw := self.stream.readline(MAX_RECORD):
            number += 1
            if len(raw) == MAX_RECORD and not raw.endswith(b"\n"):
                while (rest := self.stream.readline(MAX_RECORD)) and not rest.endswith(b"\n"):
                    pass
                yield Line(number, raw[:KEPT].decode("utf-8", "replace"), f"line {TOO_LONG}")
                continue
            raw = raw.rstrip(b"\r\n")
            try:
                yield Line(number, raw.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                yield Line(number, raw[:KEPT].decode("utf-8", "replace"), f"not valid UTF-8 at byte {error.start}")

    def aside(self, position: str, reason: str, raw: str) -> SetAside:
        """A record that could not be read, its text cut to what is kept."""
        return SetAside(self.name, position, reason, raw[:KEPT])


def entries_of(
    source: Source, records: Iterable[tuple[int, str, str]], paper_of: Callable[[str], Paper]
) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each of `records` (line, text, what is wrong of it), or what was set aside.

    `paper_of` makes a text a paper, and raises `ValueError` with the reason where it is none.
    """
    rank = 0
    for line, text, broken in records:
        try:
            if broken:
                raise ValueError(broken)
            paper = paper_of(text)
        except ValueError as error:
            yield source.aside(f"line {line}", str(error), text)
        else:
            rank += 1
            yield Entry(paper, source.feed, rank)


def feed_name(location: str) -> str:
    """The name of a feed: its file name without the endings that only tell the format; `stdin` for `-`."""
    if location == "-":
        return "stdin"
    path = Path(location)
    while path.suffix.lower() in _SUFFIXES and path.stem:
        path = path.with_suffix("")
    return clean_name(path.name)


def clean_name(text: str) -> str:
    """The name of a file as it is shown and kept: what controls a terminal, or is no letter, is a space."""
    if text.isprintable():
        return text
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split()) or "feed"


def source_of(name: str, data: bytes) -> Source:
    """Bytes at hand, in UTF-8, as a source."""
    return Source(name, Feed(name), _as_text(name, data[:HEAD_BYTES]), io.BytesIO(data))


@contextlib.contextmanager
def open_source(location: str, encoding: str | None = None) -> Iterator[Source]:
    """Open `location` (`-` is standard input) for reading; every way of failing to read it is a `SourceError`.

    `encoding` is that of its text where the bytes do not tell. A file that was written to while it was read is an
    error as well, at the end: what was read of it is neither its old state nor its new one.
    """
    name = "standard input" if location == "-" else clean_name(location)
    if location.lower().startswith(("http://", "https://", "ftp://")):
        raise UsageError(f"{name}: is an address, and feeds are files; fetch it first (see `kg fetch --help`)")
    with contextlib.ExitStack() as stack:
        try:
            raw = sys.stdin.buffer if location == "-" else stack.enter_context(Path(location).open("rb"))
            before = _state(raw)
            try:
                packed, _ = _headed(raw, seekable=location != "-" and raw.seekable())
                stream, head = _headed(unpacked(packed, name, stack))
                if encoding := encoding or encoding_of(head):
                    stream, head = _headed(recoded(stream, encoding))
                yield Source(name, Feed(feed_name(location)), _as_text(name, head), stream, recoded=bool(encoding))
            except (SourceError, *_DAMAGED):
                _unchanged(name, raw, before)  # a file half written looks damaged; say what it is
                raise
            _unchanged(name, raw, before)
        except FileNotFoundError:
            raise SourceError(f"{name}: no such file; check the path") from None
        except IsADirectoryError:
            raise SourceError(f"{name}: is a folder; name it, or the feed files in it") from None
        except _DAMAGED as error:
            raise SourceError(
                f"{name}: the packed data are damaged or end early ({error}); fetch the file again"
            ) from None
        except ValueError:  # a NUL in the path
            raise SourceError(f"{name!r}: is no path of a file; check the path") from None
        except OSError as error:
            raise SourceError(
                f"{name}: cannot be read ({error.strerror or error}); check path and permissions"
            ) from None


class _Headed(io.RawIOBase):
    """A stream that was read from already: what was read, and then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        """Fill `target`; 0 at the end."""
        view = memoryview(cast(bytearray, target))
        found, self._head = self._head or self._rest.read(len(view)), b""
        view[: len(found)] = found[: len(view)]
        self._head = found[len(view) :]
        return min(len(found), len(view))


def _headed(stream: BinaryIO, *, seekable: bool = False) -> tuple[io.BufferedReader, bytes]:
    """A stream with all that `stream` holds, and its first 64 KiB, however small the pieces are in which it comes."""
    head = stream.read(HEAD_BYTES)
    if seekable:
        stream.seek(0)
        return io.BufferedReader(cast(io.RawIOBase, stream), HEAD_BYTES), head
    return io.BufferedReader(_Headed(head, stream), HEAD_BYTES), head


def _state(raw: BinaryIO) -> tuple[int, int] | None:
    """What tells that a file was written to; None for what is no file (a pipe is written to while it is read)."""
    try:
        status = os.fstat(raw.fileno())
    except (OSError, ValueError):
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _unchanged(name: str, raw: BinaryIO, before: tuple[int, int] | None) -> None:
    if _state(raw) != before:
        raise SourceError(f"{name}: was changed while it was read; run again when it is complete") from None


def _as_text(name: str, head: bytes) -> str:
    """Decode the head, refusing what is no text at all."""
    if not head:
        return ""
    if head.startswith(PARQUET.encode()):
        return PARQUET
    text = head.decode("utf-8-sig", "replace")
    # NUL never occurs in text, but a hostile title may hold one; a binary file is full of them or of broken UTF-8.
    strange = sum(c in "\ufffd\0" or (c < " " and c not in "\t\n\r\f") for c in text)
    if said := foreign_bytes(head):
        raise SourceError(f"{name}: {said}")
    if strange > len(text) * 0.1 + 2:
        raise SourceError(
            f"{name}: is not text in UTF-8; give its --encoding (latin-1, cp1252), or unpack it if it is an archive"
        )
    return text
