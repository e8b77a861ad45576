"""What the embedded database of a graph folder must be: its size, its hash, the engine that wrote it.

The file `graph.json` of the folder holds it (see `kg.folder.settings`). Who opens the database looks first whether it
fits: the engine may end the whole process over a damaged file, and over another graph's it says nothing.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import StoreError

DATABASE = "graph.lbug"
SETTINGS = "graph.json"
# What the engine writes beside a database while that is written to; ours are whole without.
_BESIDE = (".wal", ".shadow")
# How often the settings are read anew where a build is just replacing the database.
_LOOKS = 20


@dataclass(frozen=True, slots=True)
class Seal:
    """A whole database file: bytes, SHA-256, time of the last change, and what wrote it."""

    size: int
    sha256: str
    mtime: int
    engine: str
    version: str
    storage: int

    @classmethod
    def from_json(cls, data: Any) -> Seal | None:
        """The seal in parsed JSON; none where it is none."""
        try:
            return cls(**data)
        except TypeError:
            return None


def engine() -> tuple[str, str, int]:
    """The installed engine: its name, its version, the version of its files."""
    import ladybug  # its native library takes a while to load

    return "ladybug", str(ladybug.__version__), int(ladybug.Database.get_storage_version())


def sha256(path: Path) -> str:
    """The hash of what the file `path` holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.lru_cache(maxsize=8)
def _sha256_of(path: Path, inode: int, size: int, mtime: int) -> str:  # noqa: ARG001 - what tells two contents apart
    return sha256(path)


def sealed(folder: Path) -> Seal:
    """The seal of the database that has just been put into `folder`."""
    path = folder / DATABASE
    stat = path.stat()
    return Seal(stat.st_size, sha256(path), stat.st_mtime_ns, *engine())


def misfit(folder: Path, seal: Seal, *, thorough: bool = False) -> str:
    """How the database in `folder` differs from `seal`, as the end of a sentence; "" where it fits.

    Reads the whole file where its time of change is another one, or with `thorough`.
    """
    path = folder / DATABASE
    for end in _BESIDE:
        beside = path.with_name(path.name + end)
        if beside.exists():
            return f"has a file {beside.name} beside it that is not its own"
    try:
        stat = path.stat()
        if stat.st_size != seal.size:
            return f"has {stat.st_size} bytes where it had {seal.size}"
        if thorough:
            found = sha256(path)
        elif stat.st_mtime_ns == seal.mtime:
            found = seal.sha256
        else:  # copied, say
            found = _sha256_of(path, stat.st_ino, stat.st_size, stat.st_mtime_ns)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if found == seal.sha256 else "holds other bytes than were written"


def outdated(seal: Seal) -> str:
    """Which engine wrote the database, where the installed one cannot read its files; else ""."""
    name, version, storage = engine()
    if (seal.engine, seal.storage) == (name, storage):
        return ""
    return f"was made by {seal.engine} {seal.version}, and {name} {version} has another file format"


def clear_beside(folder: Path) -> None:
    """Delete what lies beside the database and is not its own."""
    for end in _BESIDE:
        (folder / f"{DATABASE}{end}").unlink(missing_ok=True)


def check(folder: Path) -> None:
    """Raise `StoreError` where the database does not fit its folder, as far as that is known without reading it all.

    A folder without settings was made by an old version, and is believed.
    """
    text = _settings(folder)
    for _ in range(_LOOKS):
        seal = _seal_in(text, folder)
        if seal is None:
            return
        problem = outdated(seal) or misfit(folder, seal)
        if not problem:
            return
        # A build takes the seal away before it replaces the database.
        before, text = text, _settings(folder)
        if before == text:
            raise StoreError(
                f"{folder / DATABASE}: {problem}; the database does not fit its folder: run "
                f"`kg build --graph {folder}` to make it again"
            )


def _settings(folder: Path) -> str:
    try:
        return (folder / SETTINGS).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _seal_in(text: str, folder: Path) -> Seal | None:
    if not text and not (folder / SETTINGS).exists():
        return None
    try:
        data = json.loads(text)
        found = data["database"]
    except (ValueError, RecursionError, TypeError, KeyError):
        raise StoreError(
            f"{folder / SETTINGS}: is damaged; run `kg build --graph {folder}`, which says what to do"
        ) from None
    return Seal.from_json(found) if found else None
