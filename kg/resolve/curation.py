"""What a person decided: `curation.toml` in the graph folder. It always wins; without a line there is no effect of it.

same = [["MS-COCO", "Microsoft COCO"]]      # one node
different = [["SAM", "SAM-Med"]]            # never one node
drop = ["Ours"]                             # no node
[rename]
"llama" = "LLaMA"                           # the node's name
[retype]
"MAE" = "Model"                             # the node's label
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, cast

from kg.errors import SourceError
from kg.folder.place import CURATION
from kg.records import EntityType
from kg.schema import THING_LABELS

_KEYS = ("same", "different", "drop", "rename", "retype")


@dataclass(frozen=True, slots=True)
class Curation:
    """A person's decisions, each by names as they are written in papers."""

    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()
    drop: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    retype: Mapping[str, EntityType] = field(default_factory=dict)


def read_curation(path: Path) -> Curation:
    """The decisions in the file `path`; none where there is no file. Raises `SourceError` naming file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Curation()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error}); make it a text file in UTF-8") from None
    return parse_curation(text, str(path))


def parse_curation(text: str, source: str = CURATION) -> Curation:
    """The decisions in `text`; `source` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = line.group(1) if line else str(text.count("\n") + 1)
        problem = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise SourceError(f"{source}:{where}: is not TOML ({problem}); mend or remove the line") from None
    return _Reader(text, source).curation(data)


class _Reader:
    """Checks what TOML gave; an error names the line that holds the offending name."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def curation(self, data: Mapping[str, Any]) -> Curation:
        for key in data:
            if key not in _KEYS:
                raise self._error(key, f"“{key}” is not one of {', '.join(_KEYS)}")
        same, different = self._groups(data, "same"), self._groups(data, "different")
        apart = {frozenset(pair) for names in different for pair in combinations(names, 2)}
        for names in same:
            for pair in combinations(names, 2):
                if frozenset(pair) in apart:
                    raise self._error(pair[0], f"“{pair[0]}” and “{pair[1]}” are both same and different")
        retype = self._names(data, "retype")
        for name, kind in retype.items():
            if kind not in THING_LABELS:
                raise self._error(name, f"“{kind}” is not one of {', '.join(THING_LABELS)}", under="retype")
        drop = data.get("drop", [])
        if not isinstance(drop, list) or not all(isinstance(name, str) and name.strip() for name in drop):
            raise self._error("drop", "drop takes a list of names")
        return Curation(
            same, different, tuple(drop), self._names(data, "rename"), cast("dict[str, EntityType]", retype)
        )

    def _groups(self, data: Mapping[str, Any], key: str) -> tuple[tuple[str, ...], ...]:
        groups = data.get(key, [])
        if not isinstance(groups, list):
            raise self._error(key, f"{key} takes a list of lists of names")
        for group in groups:
            named = isinstance(group, list) and all(isinstance(name, str) and name.strip() for name in group)
            if not named or len(set(group)) < 2:
                first = group[0] if isinstance(group, list) and group and isinstance(group[0], str) else key
                raise self._error(first, f"each entry of {key} takes two or more different names", under=key)
        return tuple(tuple(group) for group in groups)

    def _names(self, data: Mapping[str, Any], key: str) -> dict[str, str]:
        table = data.get(key, {})
        if not isinstance(table, dict):
            raise self._error(key, f'{key} takes lines like "name" = "value" under [{key}]')
        for name, value in table.items():
            if not isinstance(value, str) or not value.strip() or not name.strip():
                raise self._error(name, f"{key} of “{name}” takes one text that is not empty", under=key)
        return dict(table)

    def _error(self, mark: str, problem: str, under: str = "") -> SourceError:
        first = next((n for n, line in enumerate(self._lines) if under and under in line), 0)
        numbers = [n for n, line in enumerate(self._lines) if n >= first and mark in line]
        return SourceError(f"{self._source}:{(numbers or [first])[0] + 1}: {problem}; mend or remove the line")
