"""What the schema alone answers: `CALL db.labels()` and its kin, and `SHOW` of functions, procedures and indexes.

These go to no engine, and only in the few forms written here; the guard refuses every other CALL and SHOW.
"""

from __future__ import annotations

import re

from kg.answers import Rows
from kg.cypher.evaluate import LABELS, PROPERTIES, TYPES

_CALLS = {
    "db.labels": ("label", LABELS),
    "db.relationshiptypes": ("relationshipType", TYPES),
    "db.propertykeys": ("propertyKey", PROPERTIES),
}
_CALL = re.compile(
    r"\s*CALL\s+(db\.\w+)\s*\(\s*\)(?:\s+YIELD\s+(\w+)(?:\s+RETURN\s+(?P<r>\w+)(?:\s+ORDER\s+BY\s+(?P<o>\w+))?)?)?\s*;?\s*",
    re.IGNORECASE,
)


def from_schema(text: str) -> Rows | None:
    """The answer to a question about the schema, or None where `text` is something else."""
    found = _CALL.fullmatch(text) if len(text) < 300 else None
    if not found or found.group(1).lower() not in _CALLS:
        return None
    column, names = _CALLS[found.group(1).lower()]
    if any(name not in (None, column) for name in (found.group(2), found.group("r"), found.group("o"))):
        return None
    if found.group("o"):
        names = tuple(sorted(names))
    return Rows((column,), tuple((name,) for name in names))
