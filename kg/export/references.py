"""Lists of papers for reference managers: BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from kg.export.part import Part
from kg.export.spool import Spool, spooled
from kg.export.text import address, as_json, clean, file_name

_TEX = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_",
    "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
}  # fmt: skip
_TEX_SIGN = re.compile(r"[\\{}$&%#_~^]")
_PARTICLES = frozenset(
    "van von der den de del della di da dos du la le ter ten zu zur af av bin ibn al el".split()  # noqa: SIM905
)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper as reference managers see it."""

    paper: dict[str, Any]
    authors: list[str]

    @property
    def key(self) -> str:
        """What it is cited by."""
        return file_name(str(self.paper["id"]))

    @property
    def arxiv(self) -> str:
        """Its number at arXiv, or ""."""
        return self._number("arxiv")

    @property
    def doi(self) -> str:
        """Its DOI, or ""."""
        return self._number("doi")

    @property
    def date(self) -> str:
        """The day it was published, as 2024-03-31, or ""."""
        return str(self.paper.get("published") or "")

    def text(self, name: str) -> str:
        """A property in one line."""
        return " ".join(clean(str(self.paper.get(name) or "")).split())

    def _number(self, scheme: str) -> str:
        start, _, rest = str(self.paper["id"]).partition(":")
        return clean(rest) if start == scheme else ""


def references(spool: Spool) -> Iterator[Reference]:
    """The papers by id, with their authors in order."""
    for paper in spool.nodes("Paper"):
        wrote = [fact for fact in spool.facts_to(paper.id) if fact.type == "WROTE"]
        wrote.sort(key=lambda fact: fact.properties.get("rank") or 0)
        people = [spool.head(fact.start) for fact in wrote]
        names = [" ".join(clean(str(person.properties["name"])).split()) for person in people if person]
        yield Reference(paper.properties, [name for name in names if name])


def split_name(name: str) -> dict[str, str]:
    """`name` as CSL has it: family and given name; the whole as `literal` where it is one word."""
    family, comma, given = name.partition(",")
    if comma and given.strip() and family.strip():
        return {"family": family.strip(), "given": given.strip()}
    words = name.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return {"literal": name}
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    parts = {"family": " ".join(words[at:]), "given": " ".join(words[:at])}
    return parts | ({"suffix": suffix} if suffix else {})


def write_bibtex(part: Part, out: TextIO) -> None:
    """BibTeX: signs that TeX reads are escaped, titles keep their capitals."""
    for number, entry in enumerate(_all(part)):
        date = entry.date
        fields = {
            "title": f"{{{_tex(entry.text('title'))}}}",
            "author": " and ".join(_bibtex_name(name) for name in entry.authors),
            "year": date[:4],
            "date": date,
            "eprint": _tex(entry.arxiv),
            "archiveprefix": "arXiv" if entry.arxiv else "",
            "doi": _tex(entry.doi),
            "url": _tex(clean(address(entry.paper))),
            "abstract": _tex(entry.text("abstract")),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        form = "article" if entry.doi else "misc"
        out.write(f"{chr(10) if number else ''}@{form}{{{entry.key},\n{lines}}}\n")


def _bibtex_name(name: str) -> str:
    parts = split_name(name)
    if "literal" in parts or re.search(r"\band\b", name, re.IGNORECASE):
        return f"{{{_tex(name)}}}"
    suffix = f", {_tex(parts['suffix'])}" if "suffix" in parts else ""
    return f"{_tex(parts['family'])}{suffix}, {_tex(parts['given'])}"


def _tex(text: str) -> str:
    return _TEX_SIGN.sub(lambda match: _TEX[match.group()], text)


def write_ris(part: Part, out: TextIO) -> None:
    """RIS: papers of arXiv as UNPB (a preprint), others as JOUR; the number at arXiv is in AN."""
    for entry in _all(part):
        lines = [("TY", "JOUR" if entry.doi else "UNPB" if entry.arxiv else "GEN"), ("TI", entry.text("title"))]
        for name in entry.authors:
            parts = split_name(name)
            written = [parts.get(piece) for piece in ("family", "given", "suffix")]
            lines.append(("AU", ", ".join(piece for piece in written if piece) or name))
        day = entry.date.replace("-", "/")
        lines += [("PY", entry.date[:4]), ("DA", day), ("DO", entry.doi)]
        lines += [("AN", f"arXiv:{entry.arxiv}" if entry.arxiv else ""), ("UR", clean(address(entry.paper)))]
        lines.append(("AB", entry.text("abstract")))
        out.writelines(f"{tag}  - {' '.join(value.split())}\n" for tag, value in lines if value)
        out.write("ER  - \n\n")


def write_csl(part: Part, out: TextIO) -> None:
    """CSL-JSON: an item a line."""
    out.write("[")
    for number, entry in enumerate(_all(part)):
        item: dict[str, Any] = {
            "id": entry.key,
            "type": "article-journal" if entry.doi else "article",
            "title": entry.text("title"),
            "author": [split_name(name) for name in entry.authors],
            "issued": {"date-parts": [[int(piece) for piece in entry.date.split("-")]]} if entry.date else None,
            "DOI": entry.doi,
            "number": f"arXiv:{entry.arxiv}" if entry.arxiv else "",
            "publisher": "arXiv" if entry.arxiv else "",
            "URL": clean(address(entry.paper)),
            "abstract": entry.text("abstract"),
        }
        out.write(f"{',' if number else ''}\n{as_json({name: value for name, value in item.items() if value})}")
    out.write("\n]\n")


def _all(part: Part) -> Iterator[Reference]:
    with spooled(part, types=("WROTE",), labels=("Paper", "Author")) as spool:
        yield from references(spool)
