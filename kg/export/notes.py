"""A vault of Markdown notes for Obsidian: one for each node, with links to what it is joined with.

A note lies in the folder of its label, under a name made of its id. Text is escaped: it can be no markup, no tag, and
no code that a plug-in would run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.export.part import Part
from kg.export.spool import Spool, spooled
from kg.export.text import address, clean, file_name, yaml
from kg.records import Node, Relationship

_MARKUP = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>$%~=^&:@\"']")
# Signs that end a link or begin code, and what is shown for them: a link has no escapes.
_IN_LINK = str.maketrans("[]|#^<>`%$", "()/＃ˆ‹›'％＄")
_HEADS = ("id", "name", "title", "abstract")


def write_obsidian(part: Part, folder: Path) -> None:
    """`LABEL/ID.md` for each node."""
    with spooled(part) as spool:
        for kind in part.kinds():
            home = folder / kind.label
            for node in spool.nodes(kind.label):
                home.mkdir(exist_ok=True)
                (home / f"{file_name(node.id)}.md").write_text(_note(node, spool), encoding="utf-8", newline="\n")


def _note(node: Node, spool: Spool) -> str:
    name = _line(node.properties.get("name") or node.id)
    aliases = [_line(alias) for alias in node.properties.get("aliases") or []]
    own = {
        key: value for key, value in node.properties.items() if key not in (*_HEADS, "aliases") and value is not None
    }
    if node.label == "Paper" and address(node.properties):
        own["url"] = address(node.properties)
    # Obsidian finds a note by its aliases: the name is one, for the file has another.
    head = {"id": node.id, "type": node.label, "aliases": list(dict.fromkeys([name, *aliases])), **own}
    lines = ["---", yaml(head).rstrip("\n"), "---", "", f"# {escaped(name)}", ""]
    if abstract := node.properties.get("abstract"):
        lines += [escaped(_line(abstract)), ""]
    lines += _section(spool.facts_from(node.id), spool, outward=True)
    lines += _section(spool.facts_to(node.id), spool, outward=False)
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(facts: Iterable[Relationship], spool: Spool, *, outward: bool) -> list[str]:
    lines: list[str] = []
    last = ""
    for fact in facts:
        if fact.type != last:
            last = fact.type
            words = fact.type.replace("_", " ").lower()
            title = words.capitalize() if outward else f"{words.capitalize()}, from the other side"
            lines += ["", f"## {title}", ""] if lines else [f"## {title}", ""]
        other = spool.head(fact.end if outward else fact.start)
        if other is None:
            continue
        lines.append(f"- {link(other)}{_about(fact.properties)}")
        if outward and (evidence := fact.properties.get("evidence")):
            lines.append(f"    - {escaped(_line(evidence))}")
    return [*lines, ""] if lines else []


def _about(properties: dict[str, Any]) -> str:
    """How sure a relationship is, and all else that is short."""
    skipped = ("evidence", "surfaces", "extractor")
    told = [
        f"{name.replace('_', ' ')} {escaped(_line(str(value)))}"
        for name, value in properties.items()
        if name not in skipped and value is not None
    ]
    return f" ({', '.join(told)})" if told else ""


def link(node: Node) -> str:
    """A link to the note of a node, shown as its name."""
    shown = _line(node.properties.get("name") or node.id).translate(_IN_LINK).strip() or "note"
    return f"[[{node.label}/{file_name(node.id)}|{shown}]]"


def escaped(text: str) -> str:
    """`text` with a backslash before each sign that Markdown or a plug-in could take for something."""
    return _MARKUP.sub(lambda match: f"\\{match.group()}", text)


def _line(text: Any) -> str:
    return " ".join(clean(str(text)).split())
