"""LaTeX in bibliographic fields: accents, special letters and escaped signs become characters; mathematics stays."""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text

# An accent with its letter (`\"o`, `\'{\i}`, `\v{c}`, `\c c`) or a letter of its own (`\ss`, `\o{}`), braced or not.
_ACCENTED = r"""(?:\\(?:["'`^~=.]\s*(?:\{\s*(?:\\[ij]|[A-Za-z])\s*\}|\\[ij](?![A-Za-z])|[A-Za-z])
    |[uvHtcdbrk](?:\s*\{\s*(?:\\[ij]|[A-Za-z]{1,2})\s*\}|\s+[A-Za-z](?![A-Za-z]))
    |(?:aa|AA|ae|AE|oe|OE|o|O|l|L|ss|i|j)(?![A-Za-z])(?:\{\}|\s+(?=[A-Za-z]))?))"""
_LETTER = re.compile(rf"\{{\s*{_ACCENTED}\s*\}}|{_ACCENTED}", re.VERBOSE)
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_MATH = re.compile(r"(?<!\\)(\$\$?.{1,2000}?(?<!\\)\$\$?|\\\(.{1,2000}?\\\))", re.DOTALL)
_BRACED = re.compile(r"(?<!\\)(?<![A-Za-z\\])\{([^{}]*)\}")
_NESTED = 8  # braces in braces
_LATEX = LatexNodes2Text()


def decode_accents(text: str) -> str:
    r"""`M{\"u}ller` as `Müller`; other commands and braces stay."""
    if "\\" not in text:
        return text
    return _LETTER.sub(_letter, text)


def _letter(match: re.Match[str]) -> str:
    return str(_LATEX.latex_to_text(match.group())).strip()


def decode(text: str) -> str:
    """The text of a BibTeX field: accents decoded, escaped signs and grouping braces undone, `$…$` as it is."""
    parts = _MATH.split(text)
    return "".join(part if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    text = decode_accents(text)
    for _ in range(_NESTED):
        text = _BRACED.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text)
