"""From what the user typed to a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.errors import UsageError
from kg.stores.base import Store


def _ladybug(where: str) -> Store:
    from kg.stores.ladybug import LadybugStore  # the engine is loaded by those who use it

    return LadybugStore(Path(where))


def _neo4j(where: str) -> Store:
    from kg.stores.neo4j import Neo4jStore

    return Neo4jStore(where)


# Address scheme -> what opens it; a plain path is a graph folder with the embedded store in it.
STORES: dict[str, Callable[[str], Store]] = {
    "": _ladybug,
    **dict.fromkeys(("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"), _neo4j),
}


def open_store(where: str) -> Store:
    """The store at `where`: a graph folder, or the address of a Neo4j server, `neo4j://user@host:port/database`.

    Raises `UsageError` for an address of an unknown kind.
    """
    scheme = where.partition("://")[0].lower() if "://" in where else ""
    if scheme not in STORES:
        known = ", ".join(f"{name}://" for name in STORES if name)
        raise UsageError(f"no store for {scheme}:// addresses; give a graph folder, or an address with {known}")
    return STORES[scheme](where)
