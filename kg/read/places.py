"""What stands for several feeds: a folder, or a pattern with `*`."""

from __future__ import annotations

import glob
from pathlib import Path

from kg.errors import SourceError
from kg.read.source import clean_name


def is_folder(location: str) -> bool:
    """Whether `location` is a folder."""
    try:
        return bool(location) and location != "-" and Path(location).is_dir()
    except (OSError, ValueError):
        return False


def files_in(location: str) -> list[Path]:
    """All that lies in a folder and is not hidden, in the order of the names."""
    try:
        return sorted(path for path in Path(location).iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise SourceError(
            f"{clean_name(location)}: cannot be read ({error.strerror or error}); check permissions"
        ) from None


def matching(location: str) -> list[str] | None:
    """The files that fit a pattern, sorted; None where `location` is no pattern, or is a file by that very name.

    Raises `SourceError` where no file fits.
    """
    if not glob.has_magic(location) or location.lower().startswith(("http://", "https://", "ftp://")):
        return None
    try:
        if Path(location).exists():
            return None
        found = sorted(path for path in glob.glob(location) if Path(path).is_file())
    except (OSError, ValueError):
        return None
    if not found:
        raise SourceError(f"{clean_name(location)}: no such file, and no file fits it as a pattern; check the path")
    return found
