"""Text in other encodings than UTF-8, recoded on the way; what is no text there is no UTF-8 here."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, cast

from kg.errors import UsageError

_CHUNK = 65_536
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str | None:
    """The encoding that the first bytes tell: UTF-16 and UTF-32 by their mark, UTF-16 also by its zeros; else None."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    pairs = memoryview(head)[: len(head) // 2 * 2]
    if len(pairs) < 8:
        return None
    even, odd = (bytes(pairs[start::2]).count(0) / (len(pairs) // 2) for start in (0, 1))
    # Latin letters have a zero byte each; text in UTF-8 has none.
    if odd > 0.4 and even < 0.02:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.02 else None


def recoded(stream: BinaryIO, encoding: str) -> BinaryIO:
    """`stream`, in `encoding`, as UTF-8. Raises `UsageError` for an encoding that is not known."""
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)  # not one of those that are no text encodings
    except LookupError:
        raise UsageError(f"no encoding {encoding!r}; there are utf-8, utf-16, latin-1, cp1252, gb18030, …") from None
    return stream if codec.name == "utf-8" else cast(BinaryIO, io.BufferedReader(_Recoded(stream, codec.name)))


class _Recoded(io.RawIOBase):
    """Bytes in UTF-8 of a stream in another encoding."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        # Both keep what is no text as lone surrogates, which are no UTF-8: the record is set aside where it is read.
        self._errors = "surrogatepass" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(self._errors)
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        """Fill `target`; 0 at the end."""
        while not self._ready and not self._ended:
            chunk = self._stream.read(_CHUNK)
            self._ended = not chunk
            try:
                text = self._decoder.decode(chunk, final=self._ended)
                self._ready = text.encode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                self._decoder.reset()
                self._ready = b"\xff"
        view = memoryview(cast(bytearray, target))
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
