"""Packed files, known by their first bytes: gzip, bzip2, xz, and a zip archive that holds one file."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from typing import IO, Any, BinaryIO, cast

from kg.errors import SourceError

_OFFICE = {
    "xl/workbook.xml": "an Excel workbook",
    "word/document.xml": "a Word document",
    "content.xml": "a table or text of OpenOffice",
}


def _unzipped(stream: IO[bytes], name: str, stack: contextlib.ExitStack) -> IO[bytes]:
    if not stream.seekable():
        stream = stack.enter_context(spooled(stream))
    try:
        archive = stack.enter_context(zipfile.ZipFile(stream))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if office := next((said for part, said in _OFFICE.items() if part in archive.namelist()), None):
            raise SourceError(f"{name}: this is {office}, which kg does not read; save it as CSV in UTF-8")
        if len(members) != 1:
            raise SourceError(f"{name}: an archive of {len(members)} files; unpack it and name the feed files in it")
        return stack.enter_context(archive.open(members[0]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise EOFError(str(error)) from None


_OPENERS: dict[bytes, Callable[[IO[bytes], str, contextlib.ExitStack], Any]] = {
    b"\x1f\x8b": lambda stream, *_: gzip.GzipFile(fileobj=stream),
    b"BZh": lambda stream, *_: bz2.BZ2File(stream),
    b"\xfd7zXZ\0": lambda stream, *_: lzma.open(stream),  # noqa: SIM115 - read by the caller
    b"PK\x03\x04": _unzipped,
}


def unpacked(stream: io.BufferedReader, name: str, stack: contextlib.ExitStack) -> BinaryIO:
    """`stream` unpacked where it begins like a packed file, else itself.

    `name` is for the message of an error; `stack` closes what is opened.
    """
    head = stream.peek(8)[:8]
    for magic, opener in _OPENERS.items():
        if head.startswith(magic):
            return cast(BinaryIO, opener(stream, name, stack))
    return stream


def spooled(stream: IO[bytes]) -> BinaryIO:
    """All of `stream` in an unnamed temporary file, which can be read in any order."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as what reads it
    shutil.copyfileobj(stream, file)
    file.seek(0)
    return cast(BinaryIO, file)
