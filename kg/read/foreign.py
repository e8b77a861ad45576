"""Forms that are recognised and not read: each is named, with what to do instead."""

from __future__ import annotations

import re

_EXPORT = "export it as RIS, BibTeX or CSV"
_ROOT = re.compile(
    r"(?:<\?[^>]{0,2000}\?>\s*|<!--.{0,4000}?-->\s*|<!DOCTYPE[^>\[]{0,2000}(?:\[.{0,4000}?\]\s*)?>\s*)*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)",
    re.DOTALL,
)
# By the root of the XML, without its prefix.
_ROOTS = {
    "modsCollection": ("MODS XML", _EXPORT),
    "mods": ("MODS XML", _EXPORT),
    "collection": ("MARC XML", _EXPORT),
    "dblp": ("DBLP's XML, which has no abstracts", "take the abstracts from arXiv, Crossref or OpenAlex"),
    "RDF": ("RDF", "export the library as CSL JSON, RIS or BibTeX"),
    "html": ("a web page", "save the export of the site, or see `kg fetch --help`"),
    "article": ("JATS XML", "give the paper's record of Crossref or PubMed, or RIS"),
    "TEI": ("TEI XML", _EXPORT),
    "OpenSearchDescription": ("a description of a search", "fetch the answers"),
    "bibtex": ("BibTeX in XML", "export it as BibTeX"),
    "oecd": ("XML", _EXPORT),
}
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), name, instead)
    for pattern, name, instead in (
        (r"\A%PDF-", "a PDF", "give a list with titles and abstracts; kg reads no full texts"),
        (r"\A\s*(?:%[^\n]*\n)*\s*\\(?:documentclass|begin\{document\})", "LaTeX", "give the .bib file with abstracts"),
        (r"\A\s*(?:#[^\n]*\n)*\s*cff-version:", "a citation file (CFF)", "export it as BibTeX with an abstract"),
        (r"^=LDR\s|\ALEADER \d{5}", "MARC", _EXPORT),
        (r"\A\d{5}[a-z]{2}[a-z ]{2}a?22\d{5}", "MARC", _EXPORT),
        (r"\A\{\\rtf", "Rich Text", _EXPORT),
        (r"\A<!doctype html|\A\s*<html", "a web page", "save the export of the site, or see `kg fetch --help`"),
        (r"\A---\s*\n(?:[\s\S]{0,2000}\n)?references:", "a bibliography in YAML", "export it as CSL JSON or BibTeX"),
        (r"\A[\w-]+:\n {2,4}type: \w+\n", "a bibliography in YAML", "export it as CSL JSON or BibTeX"),
        (r"\A\s*\\\\\n\\\\\n?arxiv:|^\\\\\s*\narXiv:\d{4}\.", "a mail of arXiv", "fetch the feed: `kg fetch arxiv`"),
    )
)
# By the first bytes of files that are no text.
_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "give a list with titles and abstracts; kg reads no full texts"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file", "save it as CSV in UTF-8"),
    (
        b"SQLite format 3\0",
        "an SQLite database (a library of Zotero or Mendeley?)",
        "export the library as CSL JSON or RIS",
    ),
)


def root_of(head: str) -> str:
    """The name of the root element of XML that `head` begins, without its prefix; "" where it is no XML."""
    rest = head.lstrip("\ufeff \t\r\n")
    match = _ROOT.match(rest) if rest.startswith("<") else None
    return match.group(1) if match else ""


def foreign(head: str) -> str:
    """What to say of text that is recognised and not read; "" where it is not recognised."""
    for pattern, name, instead in _TEXTS:
        if pattern.search(head[:4000]):
            return _said(name, instead)
    if root := root_of(head):
        return _said(*_ROOTS.get(root, (f"XML with the root {root[:40]!r}", _EXPORT)))
    return ""


def foreign_bytes(head: bytes) -> str:
    """As `foreign`, of a file that is no text."""
    return next((_said(name, instead) for magic, name, instead in _BYTES if head.startswith(magic)), "")


def _said(name: str, instead: str) -> str:
    return f"this is {name}, which kg does not read; {instead}"
