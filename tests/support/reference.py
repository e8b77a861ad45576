"""The reference pages of `docs/`, made from the program itself.

    python -m tests.support.reference        write them anew

A test holds the pages equal to what this makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.main import get_command

from kg.ask.named import named_queries
from kg.cli import app
from kg.schema import NODES, RELATIONSHIPS

DOCS = Path(__file__).parent.parent.parent / "docs"
_TYPES = {
    "STRING": "text",
    "STRINGS": "list of texts",
    "INT": "whole number",
    "DOUBLE": "number",
    "BOOL": "true or false",
    "DATE": "date",
}
_MADE = "<!-- Made by `python -m tests.support.reference`. Change the program, not this page. -->\n"


def commands() -> str:
    """`docs/commands.md`: every command with its arguments and options."""
    lines = ["# Commands", "", _MADE]
    lines.append("Errors are one line on standard error. The exit status is 2 for wrong use and 1 for a failure.\n")
    for name, command in _all(get_command(app), "kg"):
        lines += [f"## `{name}`", "", *_paragraphs(command.help or ""), ""]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["| option | what it does |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _all(command: Any, name: str) -> list[tuple[str, Any]]:
    """The commands below `command`, each with its whole name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [found for key, one in inner.items() for found in _all(one, f"{name} {key}")]


def _paragraphs(text: str) -> list[str]:
    return [line for part in text.split("\n\n") for line in (" ".join(part.split()), "")][:-1]


def _row(parameter: Any) -> str:
    """A row of the table of a command's options."""
    if parameter.param_type_name == "argument":
        name = f"`{(parameter.metavar or parameter.name.upper()).strip('[]')}`"
    else:
        flag = parameter.is_flag or parameter.metavar is None
        name = ", ".join(f"`{one}`" for one in parameter.opts)
        name += "" if flag or not parameter.metavar else f" `{parameter.metavar}`"
    name = name.replace("|", "\\|")
    default = parameter.default
    shown = default not in (None, "", False, [], ()) and not callable(default)
    usual = f" Default: `{default}`." if shown else ""
    return f"| {name} | {_cell(parameter.help or '')}{usual} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def schema() -> str:
    """`docs/schema.md`: node labels and relationship types with their properties."""
    lines = ["# The graph", "", _MADE]
    lines += [
        "Every node has an `id`, which is unique in the whole graph. Any other property may be missing (null).",
        "",
    ]
    lines += ["## Nodes", "", "| label | what it is | properties |", "|---|---|---|"]
    lines += [f"| `{node.label}` | {node.about} | {_properties(node.properties)} |" for node in NODES]
    lines += ["", "## Relationships", "", "| type | from | to | what it says | properties |", "|---|---|---|---|---|"]
    for one in RELATIONSHIPS:
        starts, ends = (" or ".join(dict.fromkeys(pair[side] for pair in one.pairs)) for side in (0, 1))
        lines.append(f"| `{one.name}` | {starts} | {ends} | {one.about} | {_properties(one.properties)} |")
    return "\n".join(lines) + "\n"


def _properties(properties: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"`{name}` ({_TYPES[kind]})" for name, kind in properties)


def queries() -> str:
    """`docs/queries.md`: the named queries with their parameters."""
    lines = ["# Named queries", "", _MADE]
    lines += ["`kg query NAME --PARAM VALUE` runs one; `kg query NAME --help` shows its parameters.", ""]
    theme = ""
    for query in named_queries().values():
        if query.name.partition("/")[0] != theme:
            theme = query.name.partition("/")[0]
            lines += [f"## {theme}", ""]
        lines += [f"### `{query.name}`", "", f"{query.title}. {query.about}", ""]
        for parameter in query.parameters:
            usual = "must be given" if parameter.default is None else f"default `{parameter.default}`"
            lines.append(f"- `--{parameter.name}` ({_TYPES[parameter.type]}, {usual}): {parameter.about}")
        lines += ["" if query.parameters else "It takes no parameters.\n"]
        lines += [f"Columns: {', '.join(f'`{column}`' for column in query.columns)}", "", f"    {query.example}", ""]
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"commands.md": commands, "schema.md": schema, "queries.md": queries}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
