"""A person's decisions are written into the curation file; what the person wrote there, comments too, stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array

from kg.errors import UsageError
from kg.resolve.curation import Curation, parse_curation, read_curation
from kg.stores.files import write_whole


def add_decisions(path: Path, decisions: Curation) -> int:
    """Add `decisions` to the curation file `path`, which is made where it is not there; returns how many were new.

    A decision that is there already is not written twice. Raises `SourceError` where the file is not valid, and
    `UsageError` where a new decision contradicts one that is there; the file then stays as it is.
    """
    old = read_curation(path)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    file = tomlkit.parse(text)
    added = 0
    for key in ("same", "different"):
        known = {frozenset(names) for names in getattr(old, key)}
        added += _append(file, key, (list(n) for n in getattr(decisions, key) if frozenset(n) not in known))
    added += _append(file, "drop", (name for name in decisions.drop if name not in old.drop))
    for key in ("rename", "retype"):
        added += _set(file, key, getattr(old, key), getattr(decisions, key))
    if added:
        new = tomlkit.dumps(file)
        try:
            parse_curation(new, str(path))
        except Exception as error:
            raise UsageError(f"{error}; nothing was written") from None
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, new)
    return added


def _append(file: tomlkit.TOMLDocument, key: str, values: Iterable[Any]) -> int:
    """Add `values` to the list `key`, one a line."""
    new = list(values)
    if not new:
        return 0
    if key not in file:
        listed = tomlkit.array()
        # Before the tables: in TOML a plain key belongs to the table above it.
        tables = [name for name, value in file.items() if isinstance(value, Mapping)]
        if tables:
            kept = {name: file.pop(name) for name in tables}
            file.add(key, listed)
            for name, value in kept.items():
                file.add(name, value)
        else:
            file.add(key, listed)
    listed = file[key]
    assert isinstance(listed, Array)  # noqa: S101 - `read_curation` has checked it
    for value in new:
        listed.append(value)
    listed.multiline(True)
    return len(new)


def _set(file: tomlkit.TOMLDocument, key: str, old: Mapping[str, str], new: Mapping[str, str]) -> int:
    """Set names in the table `key`."""
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if changed and key not in file:
        file.add(key, tomlkit.table())
    for name, value in changed.items():
        file[key][name] = value
    return len(changed)
