"""Step 6: the graph as a page. `select` picks a part, `payload` makes its data, `picture` one file of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.records import Node, Relationship
from kg.view.page.payload import make_payload
from kg.view.page.picture import write_page

__all__ = ["draw"]


def draw(part: tuple[Sequence[Node], Sequence[Relationship]], output: Path, *, title: str) -> int:
    """Write the page of `part` to `output`; returns how many nodes `part` has."""
    nodes, relationships = part
    write_page(make_payload(nodes, relationships, title=title), output)
    return len(nodes)
