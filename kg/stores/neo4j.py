"""The server store: a Neo4j 5 database, reached over Bolt with the official driver.

The database is meant for this graph. Loading changes and removes nodes that carry a label of the schema, and
relationships of the schema's types between them; everything else in the database is left as it is.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import neo4j
import neo4j.graph
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from kg.errors import QueryError, StoreError, UsageError
from kg.records import Node, Relationship
from kg.schema import NODE_BY_LABEL, NODES, RELATIONSHIP_BY_NAME, RELATIONSHIPS
from kg.stores.base import Capabilities, GraphRowsLike, Limits, LoadProgress, Rows
from kg.stores.neo4j_load import CONSTRAINTS, load

USER_VARIABLE = "KG_NEO4J_USER"
PASSWORD_VARIABLE = "KG_NEO4J_PASSWORD"  # noqa: S105 - the name of a variable
OLDEST = 5  # major version of the server
_CONNECT_SECONDS = 10.0
# How long a transaction is tried again after a deadlock or a lost connection.
_RETRY_SECONDS = 15.0
_FETCH = 1000
_FORM = "neo4j://user@host:port/database"
# Errors with these codes have nothing to do with what was asked.
_NOT_THE_QUERY = ("Neo.ClientError.Security", "Neo.ClientError.Database")
_UNKNOWN = {"01N50": "label", "01N51": "relationship type", "01N52": "property"}
_KNOWN = {
    "label": set(NODE_BY_LABEL),
    "relationship type": set(RELATIONSHIP_BY_NAME),
    "property": {name for n in NODES for name, _ in n.properties}
    | {name for r in RELATIONSHIPS for name, _ in r.properties},
}
# The driver logs every notification of the server; without a handler Python would print them to standard error.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Neo4jStore:
    """The database at `where`, `neo4j://user@host:port/database`; connected to when it is first used.

    The user is `user`, else that of the address, else the environment variable KG_NEO4J_USER, else `neo4j`; the
    password is `password`, else the environment variable `password_env`, KG_NEO4J_PASSWORD if not given; without
    either the server is asked without one. Port 7687 and the user's home database are taken where they are not given.
    Two loads at the same time end in a mixture of both; load again then. Raises `UsageError` for a bad address, or
    where `password_env` is given and not set.
    """

    capabilities = Capabilities(name="neo4j", embedded=False)

    def __init__(self, where: str, password: str | None = None, *, user: str = "", password_env: str = "") -> None:
        self.address, in_address, self._database = _parse(where)
        self._where = where
        self._user = user or in_address or os.environ.get(USER_VARIABLE) or "neo4j"
        self._password_env = password_env or PASSWORD_VARIABLE
        self._password = os.environ.get(self._password_env) if password is None else password
        if password_env and self._password is None:
            raise UsageError(
                f"--password-env {password_env}: the environment has no such variable; set it, or name another"
            )
        self._driver: neo4j.Driver | None = None

    def exists(self) -> bool:
        """Whether the database holds a node of ours, or has been made ready for one."""
        ready = "SHOW CONSTRAINTS YIELD name WHERE name IN $names RETURN count(*)"
        labels = "|".join(node.label for node in NODES)
        count = self.read(ready, {"names": [name for name, _ in CONSTRAINTS]}).rows[0][0]
        return bool(count) or bool(self.read(f"MATCH (n:{labels}) RETURN 1 LIMIT 1").rows)

    def replace(self, rows: GraphRowsLike, progress: LoadProgress | None = None) -> None:
        """Make the database hold exactly `rows`, in many transactions; a load cut short is mended by the next."""
        done = [0, 0]

        def tick(count: int, total: int) -> None:
            done[:] = count, total
            if progress:
                progress(count, total)

        try:
            with self._connected().session(database=self._database) as session:
                load(session, rows, tick)
        except (Neo4jError, DriverError) as error:
            if _is_gone(error):
                at = f"after {done[0]:,} of {done[1]:,} rows" if done[1] else "before the first row"
                raise StoreError(
                    f"{self.address}: the server went away {at} ({_reason(error)}); load again when it is back, "
                    "that completes the graph"
                ) from None
            self._fail(error)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement in a transaction that the server keeps from writing, within `limits`."""

        # The server takes 0 for no limit at all.
        @neo4j.unit_of_work(timeout=max(limits.seconds, 0.001))
        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            return _answer(transaction, cypher, dict(parameters or {}), limits.rows)

        fetch = _FETCH if limits.rows is None else min(_FETCH, limits.rows + 1)
        driver = self._connected()
        try:
            with driver.session(database=self._database, fetch_size=fetch) as session:
                return session.execute_read(work)
        except (Neo4jError, DriverError) as error:
            code = getattr(error, "code", None) or ""
            if "TransactionTimedOut" in code:
                message = f"stopped after {limits.seconds:g} s; ask for less, or raise the time limit"
                raise QueryError(message) from None
            if isinstance(error, DriverError) or code.startswith(_NOT_THE_QUERY):
                self._fail(error)
            raise QueryError(_line(error)) from None

    def answer(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement as it is: the server speaks openCypher."""
        return self.read(cypher, parameters, limits)

    def ask(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement from a process of its own: the server looks at its time limit only between rows."""
        from kg.stores.apart import read_apart

        make = functools.partial(Neo4jStore, self._where, self._password, user=self._user)
        return read_apart(make, cypher, parameters or {}, limits)

    def close(self) -> None:
        """Close the connections, if there are any."""
        if self._driver is not None:
            self._driver.close()
        self._driver = None

    def _connected(self) -> neo4j.Driver:
        """The driver, after a first statement has shown that address, password, database and version are right."""
        if self._driver is not None:
            return self._driver
        driver: neo4j.Driver | None = None
        try:
            driver = neo4j.GraphDatabase.driver(
                self.address,
                auth=(self._user, self._password) if self._password else None,
                connection_timeout=_CONNECT_SECONDS,
                max_transaction_retry_time=_RETRY_SECONDS,
                user_agent="paper-kg",
            )
            with driver.session(database=self._database, default_access_mode=neo4j.READ_ACCESS) as session:
                agent = session.run("RETURN 1").consume().server.agent
        except (Neo4jError, DriverError, ValueError) as error:
            if driver is not None:
                driver.close()
            self._fail(error)
        if problem := version_problem(agent):
            driver.close()
            raise StoreError(f"{self.address}: {problem}")
        self._driver = driver
        return driver

    def _fail(self, error: Exception) -> NoReturn:
        """Raise the `StoreError` that says what to do about `error`."""
        code = getattr(error, "code", None) or ""
        if code.endswith("AuthenticationRateLimit"):
            what = "too many wrong passwords; wait a few seconds, then try again with the right one"
        elif code.endswith("CredentialsExpired"):
            what = f"the password of user {self._user} must be changed on the server before it can be used"
        elif isinstance(error, AuthError) and not self._password:
            what = f"asks for a password; put it into the environment variable {self._password_env}"
        elif isinstance(error, AuthError):
            what = f"refused user {self._user} with this password; correct {self._password_env} or the user"
        elif code.endswith("DatabaseNotFound"):
            what = f"has no database {self._database}; create it there, or leave it out of the address"
        elif code.endswith("Security.Forbidden"):
            what = f"user {self._user} may not do this ({_line(error)}); use another user, or have the right granted"
        elif isinstance(error, Neo4jError):
            what = f"{_line(error)} ({code})"
        else:
            what = f"no answer over Bolt ({_reason(error)}); is Neo4j running there, and is this its Bolt port?"
            if "+s" in self.address.partition(":")[0]:
                what += " If it has no certificate, leave +s out of the address"
        raise StoreError(f"{self.address}: {what}") from None


def version_problem(agent: str) -> str:
    """What is wrong with a server that calls itself `agent`, or "". Servers other than Neo4j are let pass."""
    match = re.match(r"Neo4j/(\d+)(\S*)", agent)
    if match and int(match.group(1)) < OLDEST:
        return f"is Neo4j {match.group(1)}{match.group(2)}; version {OLDEST} or later is needed, so upgrade the server"
    return ""


def _parse(where: str) -> tuple[str, str, str | None]:
    """Address for the driver, user, database."""
    try:
        parts = urlsplit(where)
    except ValueError:  # a bracket without its other half
        raise UsageError(f"no address of a server; write {_FORM}") from None
    host = parts.netloc.rpartition("@")[2]
    address = f"{parts.scheme}://{host}" + (f"?{parts.query}" if parts.query else "")
    if parts.password is not None:
        raise UsageError(f"{address}: a password in an address can be read by others; put it into {PASSWORD_VARIABLE}")
    try:
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:  # of .port
        sound = False
    database = unquote(parts.path.strip("/"))
    if not sound or "/" in database or parts.fragment:
        raise UsageError(f"{address}: no address of a server; write {_FORM}")
    return address, unquote(parts.username or ""), database or None


def _answer(transaction: neo4j.ManagedTransaction, cypher: str, parameters: dict[str, Any], limit: int | None) -> Rows:
    try:
        result = transaction.run(cypher, parameters)
    except (TypeError, ValueError, OverflowError) as error:  # from packing: a type, number or string Bolt cannot hold
        raise QueryError(f"cannot be sent to the server: {_line(error)}") from None
    columns = tuple(result.keys())
    records = list(result) if limit is None else result.fetch(limit + 1)
    cut = limit is not None and len(records) > limit
    _check_names(result.consume())
    cells = [record.values() for record in records[:limit]]
    ids = _ids(transaction, cells)
    return Rows(columns, tuple(tuple(_value(cell, ids) for cell in row) for row in cells), cut)


def _check_names(summary: neo4j.ResultSummary) -> None:
    """Refuse names that neither the schema nor the database has: the server would only warn, and find nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # driver 5 has these only as a preview
        statuses = summary.gql_status_objects
    for status in statuses:
        if kind := _UNKNOWN.get(status.gql_status):
            name = re.search(r"`(.*?)`", status.status_description)
            if name and name.group(1) not in _KNOWN[kind]:
                hint = f"; there are: {', '.join(sorted(_KNOWN[kind]))}" if kind != "property" else ""
                raise QueryError(f"no {kind} is called {name.group(1)}{hint}")


def _ids(transaction: neo4j.ManagedTransaction, cells: list[list[Any]]) -> dict[str, str]:
    """The server's element id -> our id, for all nodes in `cells` and at the ends of relationships in them.

    The server sends the ends of a relationship without their properties.
    """
    ids: dict[str, str] = {}
    ends: set[str] = set()
    for cell in _inner(cells):
        if isinstance(cell, neo4j.graph.Node):
            ids[cell.element_id] = str(cell.get("id", ""))
        elif isinstance(cell, neo4j.graph.Relationship):
            ends |= {node.element_id for node in cell.nodes if node is not None}
    if missing := sorted(ends - ids.keys()):
        query = "UNWIND $ids AS i MATCH (n) WHERE elementId(n) = i RETURN i, n.id"
        ids.update((element, str(own)) for element, own in transaction.run(query, {"ids": missing}) if own is not None)
    return ids


def _inner(value: Any) -> Iterator[Any]:
    """All graph nodes and relationships at any depth of `value`."""
    if isinstance(value, neo4j.graph.Path):
        yield from (*value.nodes, *value.relationships)
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _inner(item)
    elif isinstance(value, neo4j.graph.Entity):
        yield value


def _value(cell: Any, ids: Mapping[str, str]) -> Any:
    """A cell in the form of `Rows`."""
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    if isinstance(cell, list):
        return [_value(item, ids) for item in cell]
    if isinstance(cell, dict):
        return {name: _value(item, ids) for name, item in cell.items()}
    if isinstance(cell, neo4j.graph.Path):
        return [_value(item, ids) for item in (*cell.nodes, *cell.relationships)]
    if isinstance(cell, neo4j.graph.Node):
        label = next((node.label for node in NODES if node.label in cell.labels), min(cell.labels, default=""))
        return Node(label, _declared(cell, NODE_BY_LABEL.get(label), ids))
    if isinstance(cell, neo4j.graph.Relationship):
        start, end = (ids.get(node.element_id, "") if node is not None else "" for node in cell.nodes)
        return Relationship(cell.type, start, end, _declared(cell, RELATIONSHIP_BY_NAME.get(cell.type), ids))
    if isinstance(cell, neo4j.time.Date):
        return cell.to_native()
    text: Callable[[], str] | None = getattr(cell, "iso_format", None)  # times and durations
    return text() if text else str(cell)


def _declared(cell: neo4j.graph.Entity, kind: Any, ids: Mapping[str, str]) -> dict[str, Any]:
    """The properties of `cell`, with None for those of its type that it lacks: Neo4j has no nulls in store."""
    own = {name: _value(item, ids) for name, item in cell.items()}
    return own if kind is None else {name: own.get(name) for name, _ in kind.properties}


def _is_gone(error: Exception) -> bool:
    return isinstance(error, DriverError) or (getattr(error, "code", None) or "").endswith("DatabaseUnavailable")


def _reason(error: BaseException) -> str:
    """The first cause of a failed connection: the driver wraps it in general advice."""
    while isinstance(error, ExceptionGroup) or error.__cause__:
        error = error.exceptions[0] if isinstance(error, ExceptionGroup) else error.__cause__ or error
    return _line(error)


def _line(error: BaseException) -> str:
    """The message in one line: what the server says, without the driver's wrapping."""
    return " ".join((getattr(error, "message", None) or str(error)).split())
