"""Marked-up text of publishers (JATS, HTML) as the words that it shows."""

from __future__ import annotations

import html
import re

_TAGS = (
    "p|div|span|i|b|em|strong|u|sub|sup|sc|tt|br|h\\d|ul|ol|li|a|title|label|sec|italic|bold|underline|monospace|list|list-item"
    "|ext-link|inline-formula|disp-formula|tex-math|alternatives|abstract|named-content|styled-content|inline-graphic|xref|roman"
    "|font|section|small|overline|strike|fn|break|uri|def-list|def-item|blockquote|center|abstracttext"
)
_TAG = re.compile(rf"<(/?)(?:[a-z]{{2,6}}:)?({_TAGS})(?:\s[^<>]{{0,1000}})?/?>", re.IGNORECASE)
_MATHML = re.compile(r"<(?:mml:)?math\b.{0,5000}?</(?:mml:)?math>", re.DOTALL | re.IGNORECASE)
_ANY = re.compile(r"</?(?:mml|jats|m):[a-z-]+(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE)
_TEX = re.compile(r"<(?:jats:)?tex-math\b[^>]{0,300}>(.{0,3000}?)</(?:jats:)?tex-math>", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(r"\\documentclass.{0,2000}?\\begin\{document\}|\\end\{document\}", re.DOTALL)
_HEADING = re.compile(
    r"<(?:jats:)?(?:title|h\d|label)(?:\s[^<>]{0,300})?>\s*([^<>]{0,200}?)\s*[:.]?\s*</(?:jats:)?(?:title|h\d|label)>",
    re.IGNORECASE,
)
_BLOCK = {
    "p",
    "div",
    "br",
    "sec",
    "li",
    "list-item",
    "title",
    "section",
    "ul",
    "ol",
    "break",
    "blockquote",
    "disp-formula",
}
_ABSTRACT = re.compile(r"^\s*(?:abstract|summary|zusammenfassung)\s*[:.]?\s*$", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` without mark-up, its headings as `Background: …`, its entities as characters, on one line.

    A name in angle brackets that is no tag of such text stays.
    """
    if "<" in text:
        text = _TEX.sub(lambda match: _DOCUMENT.sub("", match[1]), text)
        text = _MATHML.sub(_letters, text)
        text = _HEADING.sub(lambda match: " " if _ABSTRACT.match(match[1]) or not match[1] else f" {match[1]}: ", text)
        text = _TAG.sub(lambda match: " " if match[2].lower() in _BLOCK else "", text)
        text = _ANY.sub("", text)
    if "&" in text:
        text = html.unescape(html.unescape(text) if "&amp;" in text else text)
    return " ".join(text.split())


def _letters(match: re.Match[str]) -> str:
    """A formula in MathML as its letters and signs."""
    return re.sub(r"\s+", "", re.sub(r"<[^<>]{0,1000}>", "", match.group()))
