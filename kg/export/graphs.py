"""Forms for programs that draw and count: GraphML, GEXF, Cytoscape's JSON; written as the graph is read.

Gephi drops an edge whose id it has seen, takes keys called d3 or d7 for labels, and knows `type` of GEXF as the
direction only: so every edge has an id of its own, keys have names, and GEXF says `node_type` and `edge_type`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

from kg.export.part import Part
from kg.export.text import as_json, clean, plain, xml
from kg.records import Node, Relationship
from kg.schema import THING_LABELS, PropertyType

Point = tuple[float, float]
# Gives each of some nodes a place.
Layout = Callable[[Sequence[Node], Sequence[Relationship]], Mapping[str, Point]]
# To place more nodes than this takes minutes, and nobody can read such a picture.
MOST_PLACED = 3_000
# The colours of the explorer, by day.
COLOURS: Mapping[str, str] = {
    "Paper": "#98a1b0",
    "Model": "#2f6fdb",
    "Method": "#1d9a69",
    "Dataset": "#e0702a",
    "Benchmark": "#c79a05",
    "Task": "#8b57d8",
    "Metric": "#d8408f",
    "Repository": "#4b566b",
    "Page": "#7f8ba0",
    "Result": "#b9363c",
    "Feed": "#20242b",
    "Author": "#2f9fbd",
}
OTHER_COLOUR = "#8a8a80"
_GRAPHML: Mapping[PropertyType, str] = {"INT": "long", "DOUBLE": "double", "BOOL": "boolean"}
_GEXF: Mapping[PropertyType, str] = {"INT": "long", "DOUBLE": "double", "BOOL": "boolean"}
_START_DAYS = ("published", "first_seen")


def places_of(part: Part, layout: Layout | None) -> Mapping[str, Point]:
    """The places of the nodes by id, where there are few enough; else none."""
    if layout is None:
        return {}
    nodes: list[Node] = []
    for node in part.nodes():
        nodes.append(node)
        if len(nodes) > MOST_PLACED:
            return {}
    return layout(nodes, list(part.relationships()))


def write_graphml(part: Part, out: TextIO) -> None:
    """GraphML: the name is `label`, the type of a node or a relationship is `type`, a list is JSON."""
    of_nodes, of_edges = _columns(part)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    out.write('<key id="label" for="node" attr.name="label" attr.type="string"/>\n')
    for place, columns in (("node", of_nodes), ("edge", of_edges)):
        for name, kind in {"type": "STRING", **columns}.items():
            form = _GRAPHML.get(kind, "string")
            out.write(f'<key id="{place}_{name}" for="{place}" attr.name="{name}" attr.type="{form}"/>\n')
    out.write('<graph id="papers" edgedefault="directed">\n')
    for node in part.nodes():
        data = _data("node", {**node.properties, "type": node.label}, skip="id")
        out.write(f'<node id="{xml(node.id)}"><data key="label">{xml(_name(node))}</data>{data}</node>\n')
    for number, fact in enumerate(part.relationships(), 1):
        data = _data("edge", {**fact.properties, "type": fact.type})
        ends = f'source="{xml(fact.start)}" target="{xml(fact.end)}"'
        out.write(f'<edge id="e{number}" {ends}>{data}</edge>\n')
    out.write("</graph>\n</graphml>\n")


def write_gexf(part: Part, out: TextIO, layout: Layout | None = None) -> None:
    """GEXF 1.2: names as labels, days, colours, sizes; places too, where there are few enough nodes."""
    places = places_of(part, layout)
    of_nodes, of_edges = _columns(part)
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" '
        'xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n'
        '<graph mode="dynamic" timeformat="date" defaultedgetype="directed">\n'
    )
    numbers: dict[str, dict[str, str]] = {}
    for place, columns in (("node", of_nodes), ("edge", of_edges)):
        numbers[place] = {}
        out.write(f'<attributes class="{place}" mode="static">\n')
        for name, kind in {f"{place}_type": "STRING", **columns}.items():
            numbers[place][name] = f"{place}_{name}"
            # `start` and `end` are the time in which an edge exists.
            title = {"start": "from_char", "end": "to_char"}.get(name, name)
            form = _GEXF.get(kind, "string")
            out.write(f'<attribute id="{place}_{name}" title="{title}" type="{form}"/>\n')
        out.write("</attributes>\n")
    out.write("<nodes>\n")
    for node in part.nodes():
        values = _values({"node_type": node.label, **node.properties}, numbers["node"])
        day = next((node.properties[key] for key in _START_DAYS if node.properties.get(key)), None)
        start = f' start="{plain(day)}"' if day else ""
        out.write(
            f'<node id="{xml(node.id)}" label="{xml(_name(node))}"{start}>{values}{_drawn(node, places)}</node>\n'
        )
    out.write("</nodes>\n<edges>\n")
    for number, fact in enumerate(part.relationships(), 1):
        values = _values({"edge_type": fact.type, **fact.properties}, numbers["edge"])
        ends = f'source="{xml(fact.start)}" target="{xml(fact.end)}"'
        out.write(f'<edge id="e{number}" {ends} label="{fact.type}">{values}</edge>\n')
    out.write("</edges>\n</graph>\n</gexf>\n")


def write_cytoscape(part: Part, out: TextIO, layout: Layout | None = None) -> None:
    """Cytoscape's JSON: an element a line.

    `value` and `key` are what NetworkX knows nodes and edges by: a property that is called like one of the form's own
    words gets `own_` before its name.
    """
    places = places_of(part, layout)
    out.write('{"data": {"name": "papers"}, "directed": true, "multigraph": true, "elements": {"nodes": [')
    for number, node in enumerate(part.nodes()):
        head: dict[str, Any] = {
            "id": node.id,
            "value": node.id,
            "name": _name(node),
            "type": node.label,
            "label": _name(node),
        }
        data = {**head, **_beside(head, node.properties)}
        element: dict[str, Any] = {"data": data}
        if node.id in places:
            x, y = places[node.id]
            element["position"] = {"x": x, "y": y}
        out.write(f"{',' if number else ''}\n{as_json(element)}")
    out.write('\n], "edges": [')
    for number, fact in enumerate(part.relationships(), 1):
        head = {"id": f"e{number}", "source": fact.start, "target": fact.end, "interaction": fact.type}
        head["key"] = number
        data = {**head, **_beside(head, fact.properties)}
        out.write(f"{',' if number > 1 else ''}\n{as_json({'data': data})}")
    out.write("\n]}}\n")


def size_of(node: Node) -> float:
    """How large a node is drawn: a thing by the number of papers that name it, as in the explorer."""
    papers = node.properties.get("papers")
    if node.label in THING_LABELS and isinstance(papers, int):
        return round(min(4.0 + 3.2 * math.sqrt(max(papers - 1, 0)), 28.0), 1)
    return {"Paper": 5.5, "Feed": 11.0, "Result": 3.5}.get(node.label, 4.0)


def _columns(part: Part) -> tuple[dict[str, PropertyType], dict[str, PropertyType]]:
    """The properties of all nodes, without the id, and of all relationships; text where types differ."""
    of_nodes = _united([part.properties(kind) for kind in part.kinds()])
    of_nodes.pop("id", None)
    return of_nodes, _united([kind.properties for kind in part.relationship_kinds()])


def _united(groups: Sequence[Sequence[tuple[str, PropertyType]]]) -> dict[str, PropertyType]:
    united: dict[str, PropertyType] = {}
    for group in groups:
        for name, kind in group:
            united[name] = kind if united.get(name, kind) == kind else "STRING"
    return united


def _data(place: str, values: Mapping[str, Any], skip: str = "") -> str:
    return "".join(
        f'<data key="{place}_{name}">{xml(plain(value))}</data>'
        for name, value in values.items()
        if value is not None and name != skip
    )


def _values(values: Mapping[str, Any], ids: Mapping[str, str]) -> str:
    cells = (
        f'<attvalue for="{ids[name]}" value="{xml(plain(value))}"/>'
        for name, value in values.items()
        if value is not None and name in ids
    )
    return f"<attvalues>{''.join(cells)}</attvalues>"


def _drawn(node: Node, places: Mapping[str, Point]) -> str:
    red, green, blue = (int(COLOURS.get(node.label, OTHER_COLOUR)[at : at + 2], 16) for at in (1, 3, 5))
    look = f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
    if node.id in places:
        x, y = places[node.id]
        look += f'<viz:position x="{x}" y="{y}" z="0.0"/>'
    return f'{look}<viz:size value="{size_of(node)}"/>'


def _name(node: Node) -> str:
    return str(node.properties.get("name") or node.id)


def _beside(head: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """`properties` beside the words of the form. What is null is left out: Cytoscape would make a text of it."""
    return {
        f"own_{name}" if name in head else name: clean(value) if isinstance(value, str) else value
        for name, value in properties.items()
        if value is not None and not (name in ("id", "name") and name in head)
    }
