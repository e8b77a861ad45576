"""The objects in JSON text, one at a time: JSON Lines, one array, an API's page with the objects in a list, or several.

Memory holds one object and a chunk; an object that is broken or too long is passed over and what follows is read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.errors import SourceError
from kg.read.source import KEPT, MAX_RECORD, TOO_LONG, Source

_CHUNK = 1 << 20
_DECODER = json.JSONDecoder(strict=False)  # control characters in strings, NUL among them, become spaces later
_SPACE = re.compile(r"[\s\ufeff]*")
# The start of a page: other members, flat as they are, and then the list.
_LIST_KEYS = ("results", "data", "papers", "items", "notes", "records", "articles", "documents", "hits")
# Members that hold the page, or a single object.
_AROUND = ("message", "resultList", "result", "response", "search-results", "hits")
_FLAT = r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\[[^\[\]{}]*\]|\"(?:[^\"\\]|\\.)*\"|[\w.+-]+)"
_MEMBERS = rf'(?:\s*"(?!(?:title|abstract|id|key|DOI|doi|paperId)")[\w@$:.-]+"\s*:\s*{_FLAT}\s*,){{0,60}}?'
_PAGE = re.compile(
    rf'\{{{_MEMBERS}\s*(?:"(?:{"|".join(_AROUND)})"\s*:\s*(\{{){_MEMBERS}\s*)?"(?:{"|".join((*_LIST_KEYS, "result"))})"\s*:\s*\[(?=\s*[\{{\]])'
)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_MARK = re.compile(r'["{}\[\],]')
_IN_STRING = re.compile(r'["\\]')


@dataclass(frozen=True, slots=True)
class Item:
    """A value and where it stood, or, where `broken` says why, the beginning of its text."""

    position: str
    value: Any
    broken: str = ""
    raw: str = ""


def json_items(source: Source) -> Iterator[Item]:
    """Yield the objects of `source` in order; of a line or object that is a page, the objects in its list."""
    head = source.head.lstrip()
    by_line = head.startswith("{") and not _PAGE.match(head) and _is_lines(head)
    yield from _lines(source) if by_line else _Documents(source).items()


def _is_lines(head: str) -> bool:
    """Whether each line is a value of its own; of an object over several lines, none is."""
    lines = head.split("\n")
    return len(lines) == 1 or not lines[0].rstrip().endswith(("{", "[", ",", ":")) or any(map(_is_object, lines))


def _is_object(line: str) -> bool:
    try:
        return line.startswith("{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(source: Source) -> Iterator[Item]:
    for line in source.lines():
        position = f"line {line.number}"
        if line.broken:
            yield Item(position, None, line.broken, line.text)
        elif line.text.strip():
            try:
                value = _DECODER.decode(line.text)
            except (ValueError, RecursionError) as error:
                yield Item(position, None, _reason(error), line.text[:KEPT])
            else:
                yield from _listed(Item(position, value, raw=line.text[:KEPT]))


def _listed(item: Item) -> Iterator[Item]:
    """The objects in the list of a page; `item` itself where it is none."""
    page = item.value
    listed = None
    if isinstance(page, dict) and not ("title" in page or "abstract" in page):
        pages = [page, *(inner for key in _AROUND if isinstance(inner := page.get(key), dict))]
        listed = next((p[key] for p in pages for key in (*_LIST_KEYS, "result") if _of_objects(p.get(key))), None)
        if listed is None and len(pages) > 1 and {"title", "abstract", "DOI"} & pages[1].keys():
            listed = [pages[1]]
    if listed is None:
        yield item
        return
    for number, value in enumerate(listed, 1):
        yield Item(f"{item.position}, item {number}", value, raw=json.dumps(value)[:KEPT])


def _of_objects(value: Any) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON ({error.msg} at column {error.colno})"
    return "not valid JSON (nested too deeply)" if isinstance(error, RecursionError) else f"not valid JSON ({error})"


class _Documents:
    """JSON values one after the other, whatever white space there is, with a window on the text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False

    def items(self) -> Iterator[Item]:
        """All objects in order. Raises `SourceError` where the text ends inside a list."""
        number = 0
        while self._peek():
            page = _PAGE.match(self._text, self._at)
            if page or self._text[self._at] == "[":
                self._at = page.end() if page else self._at + 1
                while self._peek() not in ("", "]"):
                    if self._text[self._at] == ",":
                        self._at += 1
                        continue
                    number += 1
                    yield self._item(f"item {number}")
                if not self._peek():
                    raise SourceError(f"{self._source.name}: ends inside a list, after item {number}; fetch it again")
                self._at += 1
                if page:
                    self._pass(depth=2 if page.group(1) else 1)
                continue
            if self._text[self._at] == ",":  # lines that end like those of an array
                self._at += 1
                continue
            number += 1
            if self._text[self._at] != "{":
                yield Item(f"item {number}", None, "no JSON from here on", self._text[self._at : self._at + KEPT])
                return
            yield from _listed(self._item(f"item {number}"))

    def _item(self, position: str) -> Item:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # The window may end inside the value.
                near_end = error.pos > len(self._text) - 64 or error.msg.startswith("Unterminated string")
                if near_end and len(self._text) - self._at < MAX_RECORD and self._more():
                    continue
                too_long = near_end and not self._ended
                return Item(position, None, TOO_LONG if too_long else f"not valid JSON ({error.msg})", self._pass())
            except (ValueError, RecursionError) as error:
                return Item(position, None, _reason(error), self._pass())
            if end == len(self._text) and self._more():
                continue  # a number may go on
            raw = self._text[self._at : end]
            self._at = end
            if _NOT_UTF8.search(raw):
                return Item(position, None, "not valid UTF-8", _NOT_UTF8.sub("\ufffd", raw[:KEPT]))
            return Item(position, value, raw=raw[:KEPT])

    def _pass(self, depth: int = 0) -> str:
        """Pass over a value (or to the end of the object that is `depth` deep); returns the beginning of its text."""
        raw, in_string = "", False
        start = self._at
        while True:
            pattern = _IN_STRING if in_string else _MARK
            match = pattern.search(self._text, self._at)
            if match is None or (match.group() == "\\" and match.end() == len(self._text)):
                self._at = len(self._text) if match is None else match.start()
                raw = (raw + self._text[start : start + KEPT])[:KEPT]
                if not self._more():
                    self._at = len(self._text)
                    break
                start = self._at
                continue
            mark, self._at = match.group(), match.end()
            if mark == "\\":
                self._at += 1
            elif mark == '"':
                in_string = not in_string
            elif mark in "{[":
                depth += 1
            elif depth == 0:  # the end of the list, or a comma: what it ends was no object
                self._at = match.start()
                while self._text.startswith("}", self._at):
                    self._at += 1  # what closes nothing is no value, and must not be met again
                raw = (raw + self._text[start : min(self._at, start + KEPT)])[:KEPT]
                break
            elif mark in "}]":
                depth -= 1
                if depth == 0:
                    raw = (raw + self._text[start : min(self._at, start + KEPT)])[:KEPT]
                    break
        return _NOT_UTF8.sub("\ufffd", raw)

    def _peek(self) -> str:
        """The next character that is no white space, which the window then begins with; "" at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Widen the window by a chunk; what lies behind is let go. Says whether there was more."""
        chunk = self._source.stream.read(_CHUNK)
        self._ended = not chunk
        self._text = self._text[self._at :] + self._decoder.decode(chunk, final=self._ended)
        self._at = 0
        return bool(chunk)
