"""From what the user typed to a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.errors import UsageError
from kg.stores.base import Store


def _ladybug(where: str) -> Store:
    from kg.stores.ladybug import LadybugStore  # the engine is loaded by those who use it

    return LadybugStore(Path(where))


# Address scheme -> what opens it; a plain path is a graph folder with the embedded store in it.
STORES: dict[str, Callable[[str], Store]] = {"": _ladybug}


def open_store(where: str) -> Store:
    """The store at `where`: a graph folder. Raises `UsageError` for an address of an unknown kind."""
    scheme = where.partition("://")[0] if "://" in where else ""
    if scheme not in STORES:
        raise UsageError(f"{where}: no store for {scheme}://; give a graph folder")
    return STORES[scheme](where)
