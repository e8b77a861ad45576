"""The embedded store: a Ladybug database file in the graph folder, loaded by COPY and swapped in when complete.

Loading never updates a database in place. MERGE does not use the primary-key index there, and a second COPY of keys
that exist can end the process; a new file costs less, and readers keep the old one until the new one is whole.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import functools
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import QueryError, StoreError
from kg.records import Node, Relationship
from kg.schema import NODES, RELATIONSHIPS, PropertyType
from kg.stores.base import TOO_MUCH_MEMORY, Capabilities, GraphRowsLike, Limits, LoadProgress, Rows, storable
from kg.stores.files import publish
from kg.stores.lacking import without
from kg.stores.seal import DATABASE as DATABASE
from kg.stores.seal import check, clear_beside

_TYPES: dict[PropertyType, tuple[str, pa.DataType]] = {
    "STRING": ("STRING", pa.string()),
    "STRINGS": ("STRING[]", pa.list_(pa.string())),
    "INT": ("INT64", pa.int64()),
    "DOUBLE": ("DOUBLE", pa.float64()),
    "BOOL": ("BOOL", pa.bool_()),
    "DATE": ("DATE", pa.date32()),
}
# What comes out of a table of columns as it comes out of a row.
_PLAIN = frozenset(("STRING", "STRING[]", "INT64", "DOUBLE", "BOOL", "DATE"))
_CHUNK = 100_000
_READ = 10_000
# The engine keeps this much address space and memory for itself unless told; a graph of a million papers fits.
_BUFFER_BYTES = 1 << 30
# Neo4j's names for what this engine calls otherwise, so that one query runs on both.
_MACROS = ("CREATE MACRO type(r) AS label(r)", "CREATE MACRO head(l) AS list_extract(l, 1)")
# This engine has its own `labels(n)`, which gives a text where Neo4j gives a list, and no macro can stand in for it.
_LABELS = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)|\blabels\s*\(\s*(\w+)\s*\)""", re.IGNORECASE)


class LadybugStore:
    """The database in the graph folder `folder`; opened read-only, when it is first read."""

    capabilities = Capabilities(name="ladybug", embedded=True)

    def __init__(self, folder: Path, checked: bool = False) -> None:
        self.path = folder / DATABASE
        # Whether the database is known to fit its folder.
        self._checked = checked
        self._database: Any = None
        self._connection: Any = None

    def exists(self) -> bool:
        """Whether the database file is there."""
        return self.path.exists()

    def replace(self, rows: GraphRowsLike, progress: LoadProgress | None = None) -> None:
        """Build a new database file beside the old one and swap it in."""
        self.close()
        folder = self.path.parent
        work: Path | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=".loading-", dir=folder))
            _build(work / DATABASE, rows, work, progress)
            clear_beside(folder)
            publish(work / DATABASE, self.path)
        except OSError as error:
            raise StoreError(
                f"{folder}: cannot be written ({error.strerror or error}); choose another --graph"
            ) from None
        except RuntimeError as error:
            raise StoreError(
                f"{folder}: the database could not be built ({_line(error)}); the old graph is kept"
            ) from None
        finally:
            if work is not None:
                shutil.rmtree(work, ignore_errors=True)

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement in the engine's read-only mode, within `limits`."""
        connection = self._open()
        connection.set_query_timeout(max(1, int(limits.seconds * 1000)))
        try:
            result = self._run(connection, _bridge(cypher), dict(parameters or {}))
        except (RuntimeError, TypeError, ValueError) as error:  # TypeError: a statement with a lone surrogate
            raise _refused(error, limits) from None
        if isinstance(result, list):
            raise QueryError("more than one statement; give one at a time")
        with contextlib.closing(result):
            columns = tuple(result.get_column_names())
            if limits.rows is None and _PLAIN.issuperset(result.get_column_data_types()):
                # By columns, the same rows take a fifth of the time.
                table = result.get_as_arrow(_CHUNK)
                return Rows(columns, tuple(zip(*(column.to_pylist() for column in table.columns), strict=True)))
            rows: list[tuple[Any, ...]] = []
            while result.has_next():
                if limits.rows is not None and len(rows) == limits.rows:
                    return Rows(columns, tuple(rows), cut=True)
                rows.append(tuple(result.get_next()))
        ids = self._ids(rows)
        return Rows(columns, tuple(tuple(_value(cell, ids) for cell in row) for row in rows))

    def answer(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement of openCypher in this process: patterns by the engine, everything else by `kg.cypher`."""
        from kg.cypher.run import Runner

        return Runner(cypher, parameters or {}, functools.partial(self._fetch, limits)).answer(limits.rows)

    def _fetch(self, limits: Limits, statement: str, parameters: Mapping[str, Any]) -> Iterator[list[list[Any]]]:
        """The answer to a statement of our own making as lists of columns, some rows at a time."""
        connection = self._open()
        connection.set_query_timeout(max(1, int(limits.seconds * 1000)))
        try:
            result = self._run(connection, statement, dict(parameters))
        except (RuntimeError, TypeError, ValueError) as error:
            raise _refused(error, limits) from None
        with contextlib.closing(result):
            table = result.get_as_arrow(_CHUNK)
        for start in range(0, table.num_rows, _READ):
            yield [column.to_pylist() for column in table.slice(start, _READ).columns]

    def ask(self, cypher: str, parameters: Mapping[str, Any] | None = None, limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
        """Run one statement in a process of its own, within `limits` of time and rows, and of memory."""
        from kg.stores.apart import read_apart

        if not self._checked:
            check(self.path.parent)
        return read_apart(functools.partial(LadybugStore, self.path.parent, True), cypher, parameters or {}, limits)

    def close(self) -> None:
        """Close the database, if it is open."""
        for part in (self._connection, self._database):
            if part is not None:
                part.close()
        self._connection = self._database = None

    def _open(self) -> Any:
        if self._connection is None:
            import ladybug  # its native library takes a while to load

            if not self._checked:
                check(self.path.parent)
            if not self.path.exists():
                raise StoreError(
                    f"{self.path.parent}: holds no graph yet; make one with `kg build FEED --graph {self.path.parent}`"
                )
            try:
                self._database = ladybug.Database(str(self.path), read_only=True, buffer_pool_size=_BUFFER_BYTES)
                self._connection = ladybug.Connection(self._database)
            except RuntimeError as error:
                raise StoreError(
                    f"{self.path}: cannot be opened ({_line(error)}); run `kg build --graph {self.path.parent}` to "
                    "make it again"
                ) from None
        return self._connection

    def _run(self, connection: Any, statement: str, parameters: dict[str, Any]) -> Any:
        try:
            return connection.execute(statement, parameters)
        except RuntimeError as error:
            if "does not exist" not in str(error):
                raise
            tables = connection.execute("CALL show_tables() RETURN name")
            have = set()
            while tables.has_next():
                have.add(tables.get_next()[0])
            changed = without(statement, {node.label for node in NODES} - have)
            if changed == statement:
                raise
            return connection.execute(changed, parameters)

    def _ids(self, rows: list[tuple[Any, ...]]) -> dict[tuple[int, int], str]:
        """Internal id -> our id for the nodes at the ends of relationships in `rows`.

        The engine gives a relationship with the internal ids of its ends only.
        """
        ids: dict[tuple[int, int], str] = {}
        ends: set[tuple[int, int]] = set()
        for row in rows:
            for cell in _inner(row):
                if "_SRC" in cell:
                    ends |= {_internal(cell["_SRC"]), _internal(cell["_DST"])}
                elif "_LABEL" in cell and "id" in cell:
                    ids[_internal(cell["_ID"])] = str(cell["id"])
        missing = ends - ids.keys()
        for label in (node.label for node in NODES) if missing else ():
            result = self._run(self._open(), f"MATCH (n:{label}) RETURN id(n), n.id LIMIT 1", {})
            if result.has_next() and (table := result.get_next()[0]["table"]) in {t for t, _ in missing}:
                wanted = sorted(offset for t, offset in missing if t == table)
                result = self._open().execute(
                    f"MATCH (n:{label}) WHERE offset(id(n)) IN $wanted RETURN id(n), n.id", {"wanted": wanted}
                )
                while result.has_next():
                    internal, own = result.get_next()
                    ids[_internal(internal)] = own
        return ids


def create_tables(connection: Any) -> None:
    """Make the tables of the schema and the macros, in a database that has none."""
    for node in NODES:
        columns = ", ".join(f"`{name}` {_TYPES[kind][0]}" for name, kind in node.properties)
        connection.execute(f"CREATE NODE TABLE `{node.label}`({columns}, PRIMARY KEY(id))")
    for relationship in RELATIONSHIPS:
        pairs = ", ".join(f"FROM `{source}` TO `{target}`" for source, target in relationship.pairs)
        columns = "".join(f", `{name}` {_TYPES[kind][0]}" for name, kind in relationship.properties)
        connection.execute(f"CREATE REL TABLE `{relationship.name}`({pairs}{columns})")
    for macro in _MACROS:
        connection.execute(macro)


def _build(path: Path, rows: GraphRowsLike, work: Path, progress: LoadProgress | None) -> None:
    """A new database at `path` with `rows`; Parquet files on the way are put into `work`."""
    import ladybug

    database = ladybug.Database(str(path), buffer_pool_size=_BUFFER_BYTES, auto_checkpoint=False)
    connection = ladybug.Connection(database)
    try:
        create_tables(connection)
        done, total = 0, sum(map(len, (*rows.nodes.values(), *rows.relationships.values())))
        for node in NODES:
            part = rows.nodes.get(node.label, [])
            if file := _parquet(work, part, dict(node.properties)):
                connection.execute(f"COPY `{node.label}` FROM {file}")
                done = _tell(progress, done + len(part), total)
        for relationship in RELATIONSHIPS:
            types: dict[str, PropertyType] = {"from": "STRING", "to": "STRING", **dict(relationship.properties)}
            for source, target in relationship.pairs:
                part = rows.relationships.get((relationship.name, source, target), [])
                if file := _parquet(work, part, types):
                    connection.execute(f"COPY `{relationship.name}` FROM {file} (from='{source}', to='{target}')")
                    done = _tell(progress, done + len(part), total)
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
        database.close()


def _parquet(work: Path, rows: list[dict[str, Any]], types: Mapping[str, PropertyType]) -> str | None:
    """Write `rows` to a file in `work`; its path as a Cypher string, or None where there are no rows."""
    if not rows:
        return None
    path = work / "rows.parquet"
    schema = pa.schema([(name, _TYPES[kind][1]) for name, kind in types.items()])
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:  # so seldom that not every text is looked at beforehand
        table = pa.Table.from_pylist(storable(rows), schema=schema)
    pq.write_table(table, path)
    escaped = str(path.resolve()).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _tell(progress: LoadProgress | None, done: int, total: int) -> int:
    if progress:
        progress(done, total)
    return done


def _bridge(cypher: str) -> str:
    """`labels(n)` becomes a list of one label, as on Neo4j; strings and back-ticked names stay as they are."""
    return _LABELS.sub(lambda match: match.group(1) or f"[label({match.group(2)})]", cypher)


def _refused(error: Exception, limits: Limits) -> QueryError:
    """What the engine says of a statement, as our error."""
    message = _line(error)
    if "nterrupt" in message:
        message = f"stopped after {limits.seconds:g} s; ask for less, or raise the time limit"
    elif "bad_alloc" in message or "buffer pool is full" in message:
        message = TOO_MUCH_MEMORY
    return QueryError(message)


def _line(error: Exception) -> str:
    """The engine's message in one line."""
    return " ".join(str(error).split())


def _internal(value: Mapping[str, int]) -> tuple[int, int]:
    return value["table"], value["offset"]


def _inner(value: Any) -> Iterator[dict[str, Any]]:
    """All dicts at any depth of `value`."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _inner(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _inner(item)


def _value(cell: Any, ids: Mapping[tuple[int, int], str]) -> Any:
    """A cell in the form of `Rows`."""
    if isinstance(cell, list):
        return [_value(item, ids) for item in cell]
    if isinstance(cell, datetime.datetime):
        return cell.isoformat()
    if isinstance(cell, decimal.Decimal):  # what sum() gives for whole numbers
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if not isinstance(cell, dict):
        return cell
    if "_NODES" in cell and "_RELS" in cell:
        return [_value(item, ids) for item in [*cell["_NODES"], *cell["_RELS"]]]
    # A pattern over several labels gives each node the properties of all of them, null where they are not its own.
    own = {name: _value(item, ids) for name, item in cell.items() if not name.startswith("_")}
    if "_SRC" in cell:
        start, end = (ids.get(_internal(cell[side]), "") for side in ("_SRC", "_DST"))
        return Relationship(cell["_LABEL"], start, end, _declared(own, _RELATIONSHIP_PROPERTIES.get(cell["_LABEL"])))
    if "_LABEL" in cell:
        return Node(cell["_LABEL"], _declared(own, _NODE_PROPERTIES.get(cell["_LABEL"])))
    return own


_NODE_PROPERTIES = {node.label: [name for name, _ in node.properties] for node in NODES}
_RELATIONSHIP_PROPERTIES = {r.name: [name for name, _ in r.properties] for r in RELATIONSHIPS}


def _declared(properties: dict[str, Any], names: list[str] | None) -> dict[str, Any]:
    return properties if names is None else {name: properties.get(name) for name in names}
