"""Texts as the forms of other programs can hold them. Each character stays one, so that offsets stay right."""

from __future__ import annotations

import datetime
import json
import math
import re
from typing import Any
from urllib.parse import quote

from kg.records import digest

# What XML 1.0 cannot hold at all, escaped or not; many other readers stop at it as well.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_IN_XML = re.compile('[&<>"\t\n\r]')
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
# What YAML must have as an escape in quotes, beside what JSON escapes.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# Ends of lines to many readers of lines, beside those that JSON escapes.
_LINE_END = re.compile("[\x7f-\x9f\u2028\u2029]")
_PLAIN_ID = re.compile(r"[a-z]+:[a-z0-9.]+(?:-[a-z0-9.]+)*")
_LONGEST_NAME = 120


def clean(text: str) -> str:
    """`text` with U+FFFD for each character that is none to other programs."""
    return _NOT_TEXT.sub("\ufffd", text)


def xml(text: str) -> str:
    """`text` as it can stand between tags and in an attribute; line ends and tabs come back as they were."""
    return _IN_XML.sub(lambda match: _XML[match.group()], clean(text))


def harmless(text: str) -> str:
    """`text` as a spreadsheet takes it for text: one that begins like a formula gets an apostrophe."""
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text


def as_json(value: Any, indent: int | None = None) -> str:
    """`value` as JSON: dates as days, null for numbers that are none, and no sign that could be the end of a line."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=datetime.date.isoformat, indent=indent)
    except ValueError:
        return as_json(_finite(value), indent)
    return _LINE_END.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def plain(value: Any) -> str:
    """A property as text: days as 2024-03-31, lists as JSON, numbers as Python writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return as_json(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


def yaml(value: Any, indent: int = 0) -> str:
    """`value`, made of dicts, lists, texts and numbers, as YAML in blocks; each text in quotes."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return "".join(
            f"{pad}{key}:\n{yaml(item, indent + 2)}" if _deep(item) else f"{pad}{key}: {yaml(item)}\n"
            for key, item in value.items()
        )
    if isinstance(value, list) and value:
        parts = (yaml(item, indent + 2) if _deep(item) else f"{pad}  {yaml(item)}\n" for item in value)
        return "".join(f"{pad}- {part[indent + 2 :]}" for part in parts)
    if isinstance(value, str):
        text = json.dumps(clean(value), ensure_ascii=False)
        return _NOT_YAML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return as_json(value)


def _deep(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def file_name(key: str) -> str:
    """A name for a file made of a node's id: letters in lower case, digits, dots and hyphens, at most 140 of them.

    Ids that would get the same name, on a disk that takes `A` for `a` too, get a part of their hash.
    """
    name = re.sub(r"[^a-z0-9.]+", "-", key.lower()).strip("-.")
    if _PLAIN_ID.fullmatch(key) and len(name) <= _LONGEST_NAME and not name.endswith("."):
        return name
    return f"{name[:_LONGEST_NAME].strip('-.')}-{digest(key)}".lstrip("-")


def address(paper: dict[str, Any]) -> str:
    """Where a paper can be read: its own address, or that of its identifier; "" where it has neither."""
    url = paper.get("url")
    if url:
        return str(url)
    scheme, _, rest = str(paper["id"]).partition(":")
    start = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}.get(scheme)
    return f"{start}{quote(rest, safe='/.:;()-_')}" if start else ""
