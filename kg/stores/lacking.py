"""Types that a database has no table for, because a package brought them after it was built, are read as empty."""

from __future__ import annotations

import re
from collections.abc import Collection

# A text, a back-ticked name, or the labels of a node: `(n:A|B` with what may open its map.
_PATTERN = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)"""
    r"""|(\(\s*\w*\s*:\s*)(`?\w+`?(?:\s*\|\s*:?\s*`?\w+`?)*)(\s*\{)?"""
)
# A type that every database has, with the properties that an added one has; no node of it has this id.
_NOBODY = "Task", "id: ''"


def without(statement: str, lacking: Collection[str]) -> str:
    """`statement` as it is answered where the types in `lacking` have no nodes and no table."""

    def replace(match: re.Match[str]) -> str:
        text, head, labels, brace = match.groups()
        if text is not None:
            return text
        names = [name.strip(" \t\r\n`:") for name in labels.split("|")]
        kept = [name for name in names if name not in lacking]
        if len(kept) == len(names):
            return match.group()
        if kept:
            return head + "|".join(kept) + (brace or "")
        label, nobody = _NOBODY
        if brace is None:
            return f"{head}{label} {{{nobody}}}"
        return f"{head}{label} {{{nobody}, "

    return _PATTERN.sub(replace, statement)
