"""One HTML file that shows a graph: pyvis builds the network, our own template holds it.

The file needs no other file and no other host. pyvis' own template is not used: it asks two other hosts for files and
can set text as markup. What the browser may run is fixed by a Content-Security-Policy that names each script and style
sheet by its hash, so a script that came in with the data would not run even if it were markup.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from pyvis.edge import Edge
from pyvis.network import Network

from kg.errors import KgError
from kg.view.page.payload import embed
from kg.view.page.scripts import asset, joined, vis_network

_STYLES = ("explorer.css",)

# Physics is off: the places are computed before, so the page opens settled. Straight lines are the quick ones to draw.
_OPTIONS: Mapping[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"borderWidth": 0, "borderWidthSelected": 0, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "width": 1, "selectionWidth": 0, "hoverWidth": 0},
    "interaction": {"hover": True, "hoverConnectedEdges": False, "selectConnectedEdges": False, "zoomSpeed": 0.6},
}


def network(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The nodes, edges and options that vis-network draws, as pyvis builds them.

    A node's id is its place in the payload's `nodes`, an edge's id the place in its `edges`: no text of a feed is a
    key. Nodes without coordinates, and what leads to them, are left to the page to draw when asked.
    """
    net = Network(directed=True)
    shapes = {kind["name"]: kind["shape"] for kind in payload["types"]}
    drawn: dict[str, int] = {}
    for number, node in enumerate(payload["nodes"]):
        if "x" in node:
            drawn[node["id"]] = number
            place = {"x": node["x"], "y": node["y"], "size": node["size"]}
            label = node["label"]
            net.add_node(number, label=node["caption"], shape=shapes[label], group=label, **place)
    # `add_edge` looks through all edges and builds a list of all nodes at each call; the list it fills can be filled.
    net.edges = [
        Edge(drawn[edge["from"]], drawn[edge["to"]], id=number).options
        for number, edge in enumerate(payload["edges"])
        if edge["from"] in drawn and edge["to"] in drawn
    ]
    net.set_options(json.dumps(_OPTIONS))
    nodes, edges, _heading, _height, _width, options = net.get_network_data()
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def write_page(payload: Mapping[str, Any], path: Path) -> None:
    """Write the page to `path`; a file that stands there is replaced whole or not at all."""
    page = render(payload).encode("utf-8")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp")
    except OSError as error:
        raise KgError(f"{path}: cannot be written there ({error.strerror}); give -o a folder that exists") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(page)
        # A temporary file is for its owner alone; a page is made to be read by others, as far as the umask lets it.
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        os.replace(part, path)
    except OSError as error:
        raise KgError(f"{path}: cannot be written ({error.strerror}); check the disk and the rights") from error
    finally:
        part.unlink(missing_ok=True)


def render(payload: Mapping[str, Any]) -> str:
    """The whole page as text; equal payloads give equal pages."""
    static = files("kg.view") / "web"
    scripts = [vis_network(), asset(joined("explorer.js"), "script")]
    styles = [asset(static.joinpath(name).read_text("utf-8"), "style") for name in _STYLES]
    return Template(static.joinpath("explorer.html").read_text("utf-8")).substitute(
        policy=_policy(scripts, styles),
        search=static.joinpath("search.html").read_text("utf-8"),
        stage=static.joinpath("stage.html").read_text("utf-8"),
        styles="".join(f"<style>{text}</style>\n" for text in styles),
        scripts="".join(f"<script>{text}</script>\n" for text in scripts),
        picture=embed(network(payload)),
        facts=embed(payload),
    )


def _policy(scripts: list[str], styles: list[str]) -> str:
    """The Content-Security-Policy: these scripts and styles, nothing else, no connection, no text made markup."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    """How a policy names an inline script or style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"
