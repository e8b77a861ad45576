"""From what the user typed to a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kg.errors import UsageError
from kg.stores.base import Store


def _ladybug(where: str, user: str, password_env: str) -> Store:  # noqa: ARG001 - a file asks for neither
    from kg.stores.ladybug import LadybugStore  # the engine is loaded by those who use it

    return LadybugStore(Path(where))


def _neo4j(where: str, user: str, password_env: str) -> Store:
    from kg.stores.neo4j import Neo4jStore

    return Neo4jStore(where, user=user, password_env=password_env)


# Address scheme -> what opens it; a plain path is a graph folder with the embedded store in it.
STORES: dict[str, Callable[[str, str, str], Store]] = {
    "": _ladybug,
    **dict.fromkeys(("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"), _neo4j),
}


def open_store(where: str, user: str = "", password_env: str = "") -> Store:
    """The store at `where`: a graph folder, or the address of a Neo4j server, `neo4j://user@host:port/database`.

    `user` and the environment variable `password_env` are for a server; without them see `Neo4jStore`.
    Raises `UsageError` for an address of an unknown kind, or a variable that is not set.
    """
    scheme = where.partition("://")[0].lower() if "://" in where else ""
    if scheme not in STORES:
        known = ", ".join(f"{name}://" for name in STORES if name)
        raise UsageError(f"no store for {scheme}:// addresses; give a graph folder, or an address with {known}")
    return STORES[scheme](where, user, password_env)
