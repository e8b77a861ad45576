"""Where an export goes. What was there stays until the new one is whole, and files that are not ours stay anyway."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from kg.errors import StoreError, UsageError
from kg.stores.files import publish

# Lies in each folder that was written: the format in its first line, then the files.
MARK = ".kg-export"


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """The path of a file to write, which takes the place of `path` when it is whole."""
    if path.is_dir():
        raise UsageError(f"{path}: is a folder, and this format is one file; name the file with -o")
    if path.exists() and not path.is_file():  # a pipe or a device
        yield path
        return
    try:
        path = path.resolve()
        with tempfile.TemporaryDirectory(prefix=".kg-export-", dir=path.parent) as work:
            unfinished = Path(work) / path.name
            yield unfinished
            publish(unfinished, path)
    except OSError as error:
        raise _cannot(path, error) from None


@contextlib.contextmanager
def text_file(output: Path | TextIO) -> Iterator[TextIO]:
    """A text stream that ends up as the file `output`, or is `output` itself."""
    if not isinstance(output, Path):
        yield output
        return
    with new_file(output) as path, path.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextlib.contextmanager
def new_folder(path: Path, form: str) -> Iterator[Path]:
    """A folder to write files of the format `form` into, which end up in `path`.

    There may be an earlier export of this format in `path`: its files are replaced, and others beside them stay.
    Raises `UsageError` where `path` holds files and none of an earlier export, or is a file.
    """
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path}: is a file, and {form} is a folder of files; name a folder with -o")
    try:
        earlier = _earlier(path, form)
        new = not path.is_dir()
        path.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=".kg-export-", dir=path) as name:
                work = Path(name)
                yield work
                files = sorted(file.relative_to(work).as_posix() for file in work.rglob("*") if file.is_file())
                if clash := next((file for file in files if file not in earlier and (path / file).exists()), None):
                    raise UsageError(f"{path / clash}: is there already and not from kg; choose another folder with -o")
                _mark(path, form, sorted(earlier.union(files)))  # so that a stop in between leaves no stranger
                for entry in sorted(work.iterdir()):  # a whole folder at once, where there is none yet
                    if not (path / entry.name).exists():
                        os.rename(entry, path / entry.name)
                for file in files:
                    if (work / file).exists():
                        (path / file).parent.mkdir(parents=True, exist_ok=True)
                        os.replace(work / file, path / file)
                _remove(path, earlier.difference(files))
                _mark(path, form, files)
        finally:
            if new and not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise _cannot(path, error) from None


def _earlier(path: Path, form: str) -> set[str]:
    """The files of an earlier export of this format in `path`."""
    if not path.is_dir() or not any(path.iterdir()):
        return set()
    mark = path / MARK
    if not mark.is_file():
        raise UsageError(f"{path}: holds files that are not from kg; choose another folder with -o")
    found, *files = mark.read_text(encoding="utf-8").splitlines() or [""]
    if found != form:
        raise UsageError(f"{path}: holds an export as {found or 'something else'}; choose another folder with -o")
    # The list is a file that anybody can write: nothing outside the folder is ours.
    return {file for file in files if not file.startswith(("/", "\\")) and ".." not in file.split("/")}


def _mark(path: Path, form: str, files: list[str]) -> None:
    (path / MARK).write_text("\n".join([form, *files, ""]), encoding="utf-8")


def _remove(path: Path, files: set[str]) -> None:
    for file in files:
        (path / file).unlink(missing_ok=True)
    for folder in sorted({(path / file).parent for file in files} - {path}, reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)


def _cannot(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: cannot be written ({error.strerror or error}); choose another -o")
