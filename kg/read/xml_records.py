"""The repeated elements of an XML file, one at a time; memory holds one, whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from kg.errors import SourceError
from kg.read.fields import folded
from kg.read.source import KEPT, MAX_RECORD, TOO_LONG, Source

_CHUNK = 1 << 16
# An element costs about as much memory as so many characters.
_ELEMENT = 200


class _Records(TreeBuilder):
    """Builds elements and lets go of each `tag` when it is complete; of one that is too long the rest is left out."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag
        self.complete: list[tuple[Any, bool]] = []
        self.calls = 0
        self._size = 0
        self._skipped = 0
        self._open: list[Any] = []

    def start(self, tag: Any, attributes: Any) -> Any:
        self.calls += 1
        self._size += _ELEMENT + sum(map(len, attributes.values()))
        if self._size > MAX_RECORD and len(self._open) > 1:
            self._skipped += 1
            return None
        self._open.append(super().start(tag, attributes))
        return self._open[-1]

    def data(self, text: str) -> None:
        self.calls += 1
        self._size += len(text)
        if self._size <= MAX_RECORD:
            super().data(text)

    def end(self, tag: Any) -> Any:
        self.calls += 1
        if self._skipped:
            self._skipped -= 1
            return None
        element = super().end(tag)
        self._open.pop()
        if tag == self.tag:
            self.complete.append((element, self._size > MAX_RECORD))
            self._size = 0
            if self._open:
                self._open[-1].remove(element)
        return element


def xml_records(source: Source, tag: str, *, doctype: bool = False) -> Iterator[tuple[int, Any, bool]]:
    """Yield number (from 1), element and whether it was too long of each `tag`, and at the end (0, the root, False).

    Raises `SourceError` where the text is not well-formed XML, or uses what a feed has no need of: a document type,
    unless `doctype` says that such files have one, and entities in any case.
    """
    number = 0
    target = _Records(tag)
    parser = DefusedXMLParser(target=target, encoding="utf-8" if source.recoded else None, forbid_dtd=not doctype)
    try:
        silent = 0
        while chunk := source.stream.read(_CHUNK):
            before = target.calls
            parser.feed(chunk)
            silent = 0 if target.calls > before else silent + len(chunk)
            if silent > MAX_RECORD:
                raise SourceError(f"{source.name}: has a tag {TOO_LONG}; fetch it again")
            for element, long in target.complete:
                number += 1
                yield number, element, long
            target.complete.clear()
        root = parser.close()
        for element, long in target.complete:
            number += 1
            yield number, element, long
        yield 0, root, False
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # the last: an unknown encoding
        raise SourceError(f"{source.name}: is not well-formed XML ({error}); fetch it again") from None


def child_text(element: Any, tag: str) -> str:
    """The text of a child, its line breaks and indents folded: they are the XML's, not the abstract's."""
    return folded(element.findtext(tag) or "")


def all_text(element: Any) -> str:
    """The text in an element, as much of it as is kept of what is set aside."""
    kept, size = [], 0
    for text in element.itertext():
        kept.append(text[:KEPT])
        size += len(text)
        if size > KEPT:
            break
    return folded("".join(kept))
