"""What a graph folder knows of itself, in the file `graph.json`: its settings, and what it wrote where.

The settings (extractor, least confidence) hold until a command changes them. What was written is kept by size and hash:
the database, the parts of the ledger, the list of what was set aside. So a file that is lost, damaged or another
graph's is known for what it is. The file is written as a whole, last, and holds a hash of itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kg
from kg.errors import StoreError
from kg.folder.ledger import FORMAT, Ledger
from kg.stores.files import write_whole
from kg.stores.seal import SETTINGS, Seal, sha256

# Of version 0.1.0, which kept no settings.
LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written; `rows` is how many rows a part of the ledger has."""

    size: int
    sha256: str
    rows: int = 0


@dataclass
class Settings:
    """What the folder `graph.json` lies in is. `inputs` is a hash of all that the database in place was made from.

    `parts` has the parts of the ledger by name; `decisions` is how many the curation file had, `curation` its hash.
    """

    extractor: str
    min_confidence: float
    inputs: str = ""
    database: Seal | None = None
    nodes: dict[str, int] = field(default_factory=dict)
    relationships: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Written] = field(default_factory=dict)
    decisions: int = 0
    curation: str = ""
    set_aside: Written | None = None

    def record(self, ledger: Ledger) -> None:
        """Take over what parts the ledger has now; those that are known are not read again."""
        self.parts = {
            path.name: self.parts.get(path.name) or written(path, ledger.rows(path)) for path in ledger.parts()
        }

    def write(self, graph: Path) -> None:
        """Put the settings into the folder `graph`."""
        data = {"format": FORMAT, "made_by": kg.__version__, **dataclasses.asdict(self)}
        write_whole(graph / SETTINGS, json.dumps({**data, "check": _check(data)}, indent=1, sort_keys=True))


class DamagedSettingsError(StoreError):
    """The settings are lost; `problem` says how."""

    def __init__(self, graph: Path, problem: str) -> None:
        super().__init__(
            f"{graph / SETTINGS}: {problem}; it kept the extractor and the least confidence. Restore it, or give both: "
            f"`kg build --graph {graph} --extractor NAME --min-confidence N` (fast and 0 where none were chosen)"
        )
        self.problem = problem


def written(path: Path, rows: int = 0) -> Written:
    """The file `path` as it is."""
    return Written(path.stat().st_size, sha256(path), rows)


def read_settings(graph: Path) -> Settings | None:
    """The settings of the folder `graph`; none where it has none, as those of version 0.1.0.

    Raises `DamagedSettingsError`, and `StoreError` where a newer version wrote them.
    """
    try:
        text = (graph / SETTINGS).read_text(encoding="utf-8")
    except FileNotFoundError:
        ledger = Ledger(graph / "ledger")
        if any(ledger.format(path) > 1 for path in ledger.parts()):
            raise DamagedSettingsError(graph, "is missing") from None
        return None
    except (OSError, UnicodeDecodeError):
        raise DamagedSettingsError(graph, "is damaged") from None
    try:
        data = json.loads(text)
        number = data.pop("format")
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        raise DamagedSettingsError(graph, "is damaged") from None
    if isinstance(number, int) and number > FORMAT:
        raise StoreError(
            f"{graph / SETTINGS}: a newer version of paper-kg wrote it (format {number}; this version knows {FORMAT}); "
            "install that version"
        )
    try:
        if data.pop("check") != _check({"format": number, **data}):
            raise ValueError
        del data["made_by"]
        return Settings(
            **{
                **data,
                "database": Seal.from_json(data["database"]) if data["database"] else None,
                "parts": {name: Written(**part) for name, part in data["parts"].items()},
                "set_aside": Written(**data["set_aside"]) if data["set_aside"] else None,
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DamagedSettingsError(graph, "is damaged") from None


def _check(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def settings_for_reading(
    graph: Path, extractor: str | None, min_confidence: float | None, default: str, *, thorough: bool = False
) -> Settings:
    """The settings of `graph` for one question, with what was given instead; nothing is written.

    Raises `StoreError` where the ledger has not the parts that it should have.
    """
    ledger = Ledger(graph / "ledger")
    settings = read_settings(graph)
    if settings is None:
        settings = Settings(ledger.last_extractor() or default, 0.0)
    for name, problem in ledger_problems(ledger, settings, thorough=thorough).items():
        raise StoreError(f"{ledger.folder / name}: {problem}; run `kg build --graph {graph}`, which says what to do")
    if extractor is not None:
        settings.extractor = extractor
    if min_confidence is not None:
        settings.min_confidence = min_confidence
    return settings


def another_graphs(ledger: Ledger, settings: Settings) -> bool:
    """Whether the settings are those of another graph: of all parts they name none is here, and sound ones are."""
    present = {path.name: path for path in ledger.parts()}
    wrong = ledger_problems(ledger, settings, thorough=True)
    return (
        bool(settings.parts)
        and all(name in wrong for name in settings.parts)
        and any(not ledger.problem(path) for path in present.values())
    )


def ledger_problems(ledger: Ledger, settings: Settings, *, thorough: bool = False) -> dict[str, str]:
    """The names of the parts that are lost or not as they were written, each with what is wrong; in order.

    Sizes are compared, and with `thorough` hashes.
    """
    found: dict[str, str] = {}
    present = {path.name: path for path in ledger.parts()}
    for name, part in settings.parts.items():
        path = present.get(name)
        if path is None:
            if not ledger.replaced(name):
                found[name] = "is missing"
        elif path.stat().st_size != part.size:
            found[name] = f"has {path.stat().st_size} bytes where it had {part.size}"
        elif thorough and sha256(path) != part.sha256:
            found[name] = "holds other bytes than were written"
    if not settings.parts:  # of version 0.1.0, or written anew
        found |= dict.fromkeys(ledger.gaps(), "is missing")
    for name in present:
        if name not in settings.parts and (problem := ledger.problem(present[name])):
            found[name] = problem
    for name in found:
        if name in present and ledger.format(present[name]) > FORMAT:
            ledger.problem(present[name])  # raises
    return dict(sorted(found.items()))
