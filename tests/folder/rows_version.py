"""Which code makes rows, as it was when `ROWS_VERSION` was last looked at: `python -m tests.folder.rows_version`."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from kg.tables import ROWS_VERSION

ROOT = Path(__file__).parent.parent.parent
RECORD = Path(__file__).with_name("rows_version.txt")
# Where rows are made; what these import of ours takes part. The schema is compared by itself, in every build.
FIRST = ("kg.tables", "kg.resolve", "kg.records")
_LEFT_OUT = ("kg.schema", "kg.errors", "kg.plugins", "kg.folder", "kg.metrics.")


def file_of(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


def makers() -> dict[str, Path]:
    """The modules that make rows, by what they import."""
    found: dict[str, Path] = {}
    waiting = list(FIRST)
    while waiting:
        module = waiting.pop()
        path = file_of(module)
        if path is None or module in found or module.startswith(_LEFT_OUT) or module in ("kg", "extractors"):
            continue
        found[module] = path
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("kg", "extractors"):
                waiting += [str(node.module), *(f"{node.module}.{name.name}" for name in node.names)]
    return found


def state() -> str:
    """A line for the version, and one for each module."""
    lines = [f"ROWS_VERSION {ROWS_VERSION}"]
    for module, path in sorted(makers().items()):
        lines.append(f"{module} {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    RECORD.write_text(state(), encoding="utf-8")
