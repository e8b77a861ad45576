"""Step 5: the named queries in `queries/`, parsed and run; read-only.

A query is a file `<theme>/<name>.cypher` whose head says what it is:

    // title: Papers that name a thing
    // about: Every paper that names it, with the role and the sentence.
    // param name: STRING = "CLIP" | the name or an alias, in any case
    // columns: paper, role, evidence
    // example: kg query papers/naming --name CLIP
    MATCH ...

A parameter without `= default` must be given. Types are STRING, INT, DOUBLE and DATE.

Where a query goes on from few nodes it found by name, it does so with OPTIONAL MATCH and drops the empty rows: with
MATCH the embedded engine's planner reads all relationships first (ten times slower on 30,000 papers).
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from kg.cypher import check, from_schema, refuse_unportable
from kg.errors import KgError, UsageError
from kg.stores.base import Limits, Rows, Store

ParameterType = Literal["STRING", "INT", "DOUBLE", "DATE"]
_PARAMETER = re.compile(r"^(\w+):\s*(STRING|INT|DOUBLE|DATE)(?:\s*=\s*(.+?))?\s*\|\s*(.+)$")
_WANTED: Mapping[ParameterType, str] = {
    "STRING": "a text",
    "INT": "a whole number",
    "DOUBLE": "a number",
    "DATE": "a day such as 2024-03-31",
}
_HEAD = re.compile(r"^//\s*(title|about|param|columns|example)[: ]\s*(.+)$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query. `default` is None where it must be given."""

    name: str
    type: ParameterType
    default: Any
    about: str

    def value(self, given: Any) -> Any:
        """`given`, a value or a text as typed, as a value of this parameter's type.

        Raises `UsageError` where it is none.
        """
        try:
            match self.type, given:
                case "INT", bool():
                    pass
                case "INT", str() | int():
                    return int(given)
                case "DOUBLE", str() | int() | float() if not isinstance(given, bool):
                    return float(given)
                case "DATE", datetime.date() if not isinstance(given, datetime.datetime):
                    return given
                case "DATE", str():
                    return datetime.date.fromisoformat(given)
                case "STRING", str():
                    return given
        except ValueError:
            pass
        raise UsageError(f"--{self.name} takes {_WANTED[self.type]}, not {given!r}")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question with a name: `theme/name`, what it answers, its parameters and its Cypher."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    example: str
    cypher: str


def query_folder() -> Path:
    """The folder of the named queries: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "queries"
    return inside if inside.is_dir() else package.parent / "queries"


def named_queries() -> dict[str, NamedQuery]:
    """All named queries by name, sorted."""
    folder = query_folder()
    files = sorted(folder.glob("*/*.cypher"))
    if not files:
        raise KgError(f"{folder}: holds no named queries; install paper-kg again")
    return {query.name: query for query in (parse_query(file, f"{file.parent.name}/{file.stem}") for file in files)}


def find_query(name: str) -> NamedQuery:
    """The query called `name`; its theme may be left out. Raises `UsageError` with the nearest names."""
    queries = named_queries()
    matches = [query for key, query in queries.items() if name in (key, key.partition("/")[2])]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UsageError(f"{name!r} is the name of several queries: {', '.join(query.name for query in matches)}")
    known = [*queries, *(key.partition("/")[2] for key in queries)]
    near = difflib.get_close_matches(name, known, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`kg query` lists them"
    raise UsageError(f"no query is called {name!r}; {hint}")


def parse_query(file: Path, name: str) -> NamedQuery:
    """Read a query file. Raises `KgError` with file and line where its head or its parameters are wrong."""
    head: dict[str, str] = {}
    parameters: list[Parameter] = []
    body: list[str] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("//"):
            body.append(line)
            continue
        match = _HEAD.match(line)
        if not match:
            raise KgError(f"{file}:{number}: a head line is title, about, param, columns or example")
        if match.group(1) == "param":
            parameters.append(_parameter(match.group(2), f"{file}:{number}"))
        else:
            head[match.group(1)] = match.group(2).strip()
    missing = [key for key in ("title", "about", "columns", "example") if key not in head]
    cypher = "\n".join(body).strip()
    if missing or not cypher:
        raise KgError(f"{file}: lacks {', '.join(missing) or 'the query itself'}")
    used, declared = set(re.findall(r"\$(\w+)", cypher)), {parameter.name for parameter in parameters}
    if used != declared:
        raise KgError(
            f"{file}: declares {sorted(declared - used)} without use, uses {sorted(used - declared)} undeclared"
        )
    columns = tuple(column.strip() for column in head["columns"].split(","))
    return NamedQuery(name, head["title"], head["about"], tuple(parameters), columns, head["example"], cypher)


def _parameter(text: str, place: str) -> Parameter:
    match = _PARAMETER.match(text)
    if not match:
        raise KgError(f"{place}: a parameter reads `name: TYPE = default | what it is`")
    name, kind, default, about = match.groups()
    value = None if default is None else json.loads(default)
    if kind == "DATE" and isinstance(value, str):
        value = datetime.date.fromisoformat(value)
    return Parameter(name, cast(ParameterType, kind), value, about)


def bind(query: NamedQuery, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values for all parameters of `query`, from values or texts. Raises `UsageError` for unknown or missing ones."""
    declared = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in declared:
            options = ", ".join(f"--{p}" for p in declared) or "none"
            raise UsageError(f"{query.name} has no parameter --{name}; it takes: {options}")
    values = {name: declared[name].value(one) for name, one in given.items()}
    for name, parameter in declared.items():
        if name not in values:
            if parameter.default is None:
                raise UsageError(f"{query.name} needs --{name}: {parameter.about}; for instance: {query.example}")
            values[name] = parameter.default
    return values


def run_query(store: Store, query: NamedQuery, given: Mapping[str, Any], limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
    """Run a named query with parameters as values or as typed."""
    return store.read(query.cypher, bind(query, given), limits)


def run_cypher(store: Store, text: str, parameters: Mapping[str, Any], limits: Limits = Limits()) -> Rows:  # noqa: B008 - frozen
    """Run a statement that a user wrote, if it only reads. Raises `QueryError` where it does more, or is no Cypher."""
    known = from_schema(text) if store.capabilities.embedded else None
    if known is not None:
        return known
    statement = check(text, parameters)
    if store.capabilities.embedded:
        refuse_unportable(statement, parameters)
    return store.ask(statement, parameters, limits)
