"""The scripts of the pages: plain modules, joined into one script, so that a browser asks once and not for each."""

from __future__ import annotations

import re
from importlib.resources import files

from kg.errors import KgError

# vis-network as pyvis 0.3.2 ships it; its style sheet is for buttons and pop-ups that the pages do not use.
_VIS = ("templates", "lib", "vis-9.1.2", "vis-network.min.js")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:class|const|function) (\w+))", re.MULTILINE)


def joined(first: str) -> str:
    """The module `first` with all it imports as one script: each a function that gives what it exports.

    Each stands after what it imports, and once. None may import one that imports it.
    """
    folder = files("kg.view") / "web"
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (folder / name).read_text("utf-8")
        for match in _IMPORT.finditer(text):
            if match[2] not in parts:
                add(match[2])
        exported = ", ".join(match[2] for match in _EXPORT.finditer(text))
        body = _EXPORT.sub(r"\1", _IMPORT.sub(_taken, text))
        parts[name] = f'modules["./{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'

    add(first)
    return '{\n"use strict";\nconst modules = {};\n' + "".join(parts.values()) + "}\n"


def _taken(match: re.Match[str]) -> str:
    """An import as a constant: `{ table as csv }` of a module is its `{ table: csv }`."""
    return f'const {{{match[1].replace(" as ", ": ")}}} = modules["./{match[2]}"];'


def vis_network() -> str:
    """vis-network's own file out of the installed pyvis."""
    file = files("pyvis").joinpath(*_VIS)
    if not file.is_file():
        raise KgError("pyvis is installed without its vis-network 9.1.2; install pyvis 0.3.2")
    return asset(file.read_text("utf-8"), "script")


def asset(text: str, element: str) -> str:
    """A file as it can stand inside its element: line ends as the browser counts them, no map to ask for."""
    text = re.sub(r"\r\n?", "\n", text)
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    if re.search(rf"</{element}|<!--", text, re.IGNORECASE):
        raise KgError(f"a file of the page holds the end of its own <{element}> element")
    return text
