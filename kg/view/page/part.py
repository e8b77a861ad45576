"""A part of a graph: its nodes, what joins them, and the forms in which it leaves: NetworkX, a page, a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.answers import counted
from kg.ask import around as neighbourhood
from kg.ask.backing import Backing
from kg.ask.cells import drawn
from kg.ask.naming import called
from kg.errors import UsageError
from kg.export import nodes, relationships
from kg.records import Node, Relationship
from kg.stores import Rows, Store
from kg.view.page.payload import make_payload
from kg.view.page.picture import render, write_page

if TYPE_CHECKING:
    import networkx as nx

_HEIGHT = 560  # pixels of the picture in a notebook


@dataclass(frozen=True, slots=True)
class Part:
    """Nodes and the relationships between them.

    `title` says what they are; `centre` is the id of the node in the middle, where there is one; `left` is how many
    more neighbours it has; `note` says which other things have its name.
    """

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]
    title: str = ""
    centre: str = ""
    left: int = 0
    note: str = ""
    ways: tuple[tuple[str, ...], ...] = field(default=())

    def to_networkx(self) -> nx.MultiDiGraph:
        """A NetworkX graph: nodes by id with `label` and their properties, edges with `type` and theirs.

        The key of an edge is its type.
        """
        import networkx as nx

        graph = nx.MultiDiGraph()
        for node in self.nodes:
            graph.add_node(node.id, label=node.label, **{k: v for k, v in node.properties.items() if k != "id"})
        for one in self.relationships:
            graph.add_edge(one.start, one.end, key=one.type, type=one.type, **one.properties)
        return graph

    def payload(self) -> dict[str, Any]:
        """What a page shows of it."""
        return make_payload(self.nodes, self.relationships, title=self.title)

    def save(self, output: str | Path) -> int:
        """Write it as one HTML page that works with the network off; returns how many nodes it has."""
        write_page(self.payload(), Path(output))
        return len(self.nodes)

    def __repr__(self) -> str:
        joined = counted(len(self.relationships), "relationship")
        return f"<Part {self.title!r}: {counted(len(self.nodes), 'node')}, {joined}>"

    def _repr_html_(self) -> str:
        """The interactive picture, for a notebook: a page of its own inside a frame, so that nothing gets out."""
        page = html.escape(render(self.payload()))
        style = f"width:100%;height:{_HEIGHT}px;border:1px solid #ccc"
        allowed = "allow-scripts allow-downloads allow-popups"
        title = html.escape(self.title)
        return f'<iframe sandbox="{allowed}" title="{title}" style="{style}" srcdoc="{page}"></iframe>'


def whole(store: Store, title: str) -> Part:
    """All nodes and relationships of a store."""
    return Part(tuple(nodes(store)), tuple(relationships(store)), title)


def around(backing: Backing, name: str, most: int = neighbourhood.USUAL) -> Part:
    """What is around the node called `name`, at most `most` nodes; the same that the explorer draws.

    Raises `UsageError` where nothing has this name.
    """
    centre = called(backing.index, name)
    ids, neighbours = neighbourhood.around(backing, centre.entry.id, most)
    nodes = backing.nodes(ids)
    return Part(
        tuple(nodes),
        tuple(neighbourhood.between(backing, nodes)),
        f"Around {centre.entry.name}",
        centre.entry.id,
        max(0, neighbours + 1 - len(nodes)),
        centre.note,
    )


def path(backing: Backing, one: str, other: str) -> Part:
    """The shortest ways between the nodes called `one` and `other`; `ways` has them as ids.

    Raises `UsageError` where one has no node, or no path joins them within eight relationships.
    """
    start, end = called(backing.index, one).entry, called(backing.index, other).entry
    ways = neighbourhood.path(backing, start.id, end.id)
    if not ways:
        raise UsageError(f"no path joins {start.name} and {end.name} within eight relationships; choose another pair")
    nodes = backing.nodes(list(dict.fromkeys(key for way in ways for key in way)))
    relationships = tuple(neighbourhood.between(backing, nodes))
    return Part(tuple(nodes), relationships, f"From {start.name} to {end.name}", ways=tuple(tuple(way) for way in ways))


def from_rows(backing: Backing, answer: Rows, title: str = "") -> Part:
    """The nodes that an answer holds and what joins them: nodes, ends of relationships, ids and whole names.

    Raises `UsageError` where it holds none.
    """
    ids = drawn(answer, backing.index)
    nodes = backing.nodes(ids[: neighbourhood.MOST])
    if not nodes:
        raise UsageError("the answer holds no nodes to draw; return nodes, relationships, or ids (`RETURN n.id`)")
    relationships = tuple(neighbourhood.between(backing, nodes))
    return Part(tuple(nodes), relationships, title, left=max(0, len(set(ids)) - neighbourhood.MOST))
