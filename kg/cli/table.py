"""Answers as tables for a terminal. Returns what to print and prints nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from kg.answers import cell_text, printable

# A rule under the head and one space between columns: two characters, with the one that pads each cell.
_BOX = box.Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_GAP = 2  # characters between two columns


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], width: int = 80) -> Table:
    """A table of at most `width` characters a line: narrow columns stay whole, wide ones share the rest and wrap."""
    drawn = Table(box=_BOX, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    cells = [[Text(printable(cell_text(value))) for value in row] for row in rows]
    wanted = [max([cell_len(column), *(row[i].cell_len for row in cells)]) for i, column in enumerate(columns)]
    for index, (column, most) in enumerate(
        zip(columns, _share(wanted, width - _GAP * (len(columns) - 1)), strict=True)
    ):
        numeric = bool(rows) and all(isinstance(row[index], int | float | None) for row in rows)
        drawn.add_column(Text(printable(column)), justify="right" if numeric else "left", overflow="fold", width=most)
    for row in cells:
        drawn.add_row(*row)
    return drawn


def _share(wanted: Sequence[int], room: int) -> list[int]:
    """Widths that add up to at most `room`: the narrowest first get what they want, the others the same each."""
    widths = [0] * len(wanted)
    left = room
    for done, index in enumerate(sorted(range(len(wanted)), key=lambda i: wanted[i])):
        widths[index] = max(1, min(wanted[index], left // (len(wanted) - done)))
        left -= widths[index]
    return widths
