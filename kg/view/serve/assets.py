"""What `kg serve` gives the browser besides the graph: the page, its scripts and its style sheets."""

from __future__ import annotations

import functools
import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from kg.view.page.scripts import joined, vis_network

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_DRAWING = "vis-network.js"  # large, and wanted by pictures alone


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: `plain`, or `packed` with gzip to who takes that."""

    plain: bytes
    packed: bytes
    type: str


@functools.cache
def assets() -> dict[str, Asset]:
    """What is served besides the graph, by name: nothing that a request says becomes a path."""
    folder = files("kg.view") / "web"
    sheets = [(folder / name).read_text("utf-8") for name in ("explorer.css", "app.css")]
    texts = {
        "app.js": joined("app.js"),
        "app.css": "".join(sheets),
        "icon.svg": (folder / "icon.svg").read_text("utf-8"),
        _DRAWING: vis_network(),
    }
    return {name: _packed(text.encode("utf-8"), _TYPES[name[name.rfind(".") :]]) for name, text in texts.items()}


def _packed(text: bytes, type_: str) -> Asset:
    # Without the time of packing, equal files give equal bytes.
    return Asset(text, gzip.compress(text, 6, mtime=0), type_)


@functools.cache
def version() -> str:
    """A name for these files with what is in them: other contents, another name."""
    found = hashlib.sha256()
    for name, asset in sorted(assets().items()):
        found.update(f"{name} {len(asset.plain)}\n".encode() + asset.plain)
    return found.hexdigest()[:16]


@functools.cache
def page(*, drawing: bool) -> bytes:
    """The page, the same for every address, which its scripts read; with `drawing`, it asks for what draws at once."""
    folder = files("kg.view") / "web"
    parts = {name: (folder / f"{name}.html").read_text("utf-8") for name in ("search", "stage")}
    at = f"/static/{version()}"
    ahead = f'<link rel="modulepreload" href="{at}/{_DRAWING}">\n' if drawing else ""
    text = Template((folder / "app.html").read_text("utf-8")).substitute(parts, at=at, ahead=ahead)
    return text.encode("utf-8")
