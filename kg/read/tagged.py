"""References in tagged lines: RIS, PubMed's nbib, Web of Science's plain text, EndNote's tags.

The four differ in how a tag is written and in what the tags mean, and real files of each are not written by the book:
carriage returns before a tag, one space after it, lines before the first reference, a last one without an end. So the
lines are read here, one reference at a time, so that memory holds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from kg.read.fields import folded, make_paper
from kg.read.markup import plain
from kg.read.people import names_of, person, short
from kg.read.source import MAX_RECORD, TOO_LONG, Line, Source, entries_of
from kg.records import Entry, Paper, SetAside

Values = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are tagged: `tag` has the tag and the value as groups; the tags with which a reference begins and ends.

    With `gap` an empty line ends a reference too, unless what follows goes on with it.
    """

    name: str
    tag: re.Pattern[str]
    begins: str
    ends: str
    paper: Callable[[Values, str], Paper]


def _ris(values: Values, source: str) -> Paper:
    urls = [url for tag in ("UR", "L1", "L2", "LK", "L3") for value in values.get(tag, ()) for url in _links(value)]
    dois = [*values.get("DO", ()), *values.get("DI", ()), *(v for v in values.get("M3", ()) if "10." in v)]
    names = [name for tag in ("AU", "A1") for name in values.get(tag, ())] or values.get("A2", [])
    return make_paper(
        plain(_first(values, "TI", "T1", "CT", "BT")),
        plain(_first(values, "AB", "N2")),
        ids=(*values.get("AN", ()), *dois, *values.get("ID", ()), *urls, *map(_among_words, values.get("N1", ()))),
        dates=(*values.get("DA", ()), *values.get("PY", ()), *values.get("Y1", ()), *values.get("PD", ())),
        url=next(iter(urls), ""),
        source=source,
        authors=tuple(name for text in names for name in (names_of(text) if ";" in text else (person(text),))),
        comment=" ".join(values.get("N1", ())),
    )


def _pubmed(values: Values, source: str) -> Paper:
    dois = [v.split()[0] for tag in ("LID", "AID") for v in values.get(tag, ()) if v.endswith("[doi]")]
    people = [person(name) for name in values.get("FAU", ())] or [short(name) for name in values.get("AU", ())]
    kinds = {kind.lower() for kind in values.get("PT", ())}
    return make_paper(
        plain(_first(values, "TI", "BTI")),
        plain(_first(values, "AB")),
        ids=(*dois, *map(_among_words, values.get("OID", ()))),
        dates=(*values.get("DP", ()), *values.get("DEP", ()), *values.get("EDAT", ())),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if (pmid := _first(values, "PMID")).isdigit() else "",
        source=source,
        authors=(*people, *(person(name, natural=True) for name in values.get("CN", ()))),
        withdrawn="retracted publication" in kinds or None,
    )


def _web_of_science(values: Values, source: str) -> Paper:
    people = values.get("AF") or values.get("AU") or []
    team = [person(name, natural=True) for name in values.get("CA", ())]
    return make_paper(
        plain(" ".join(values.get("TI", ()))),
        plain(" ".join(values.get("AB", ()))),
        ids=(*values.get("DI", ()), *values.get("AR", ())),
        dates=(*values.get("PD", ()), *values.get("PY", ()), *values.get("EA", ())),
        source=source,
        authors=(*map(person, people), *team),
        withdrawn=any("retracted publication" in kind.lower() for kind in values.get("DT", ())) or None,
    )


def _endnote(values: Values, source: str) -> Paper:
    urls = [url for value in values.get("U", ()) for url in _links(value)]
    return make_paper(
        plain(_first(values, "T")),
        plain(_first(values, "X")),
        ids=(*values.get("R", ()), *values.get("M", ()), *urls),
        dates=(*values.get("8", ()), *values.get("D", ())),
        url=next(iter(urls), ""),
        source=source,
        authors=tuple(name for text in values.get("A", ()) for name in (_endnote_name(text),)),
        comment=" ".join(values.get("Z", ())),
    )


def _endnote_name(text: str) -> str:
    """EndNote marks an organisation by a comma at its end."""
    return person(text.rstrip(", "), natural=True) if text.rstrip().endswith(",") else person(text)


RIS = Dialect("reference", re.compile(r"\s{0,3}([A-Z][A-Z0-9])\s{1,2}-(?:\s|(?=\S)|$)(.*)"), "TY", "ER", _ris)
NBIB = Dialect("record", re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)"), "PMID", "", _pubmed)
WOS = Dialect("record", re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$"), "PT", "ER", _web_of_science)
ENW = Dialect("reference", re.compile(r"\s{0,3}%([A-Z0-9?@!#$&()*+<>=^~\[\]])(?: (.*)|)$"), "0", "", _endnote)
# Tags of Web of Science whose lines are a value each.
_LISTS = {"AU", "AF", "CA", "BE", "ED", "BA", "BF", "DT"}


def is_ris(head: str) -> bool:
    """Whether the text has a reference's type, `TY  - `, and before it at most a few lines."""
    return bool(
        re.match(r"(?:[^\n]{0,200}[\r\n]+){0,12}?[\s\ufeff]{0,4}TY\s{1,2}-\s?[A-Z]{3,5}\s", head.replace("\r", "\n"))
    )


def is_nbib(head: str) -> bool:
    """Whether the text begins with a number of PubMed, `PMID- 1`."""
    return bool(re.match(r"[\s\ufeff]*PMID ?- ?\d", head))


def is_web_of_science(head: str) -> bool:
    """Whether the text begins like an export of Web of Science: `FN …`, or `PT J` and another tag."""
    return bool(re.match(r"[\s\ufeff]*(?:FN [^\n]*\n(?:VR|PT)\b|(?:VR [^\n]*\n)?PT [A-Z]\r?\n[A-Z][A-Z0-9] )", head))


def is_endnote(head: str) -> bool:
    """Whether the text begins with a reference's type, `%0 Journal Article`, and has tags of its kind."""
    return bool(re.match(r"[\s\ufeff]*%0 [^\n]+\n(?:[^\n]*\n){0,3}?\s*%[A-Z0-9?@] ", head))


def read_tagged(source: Source, dialect: Dialect) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each reference in order."""
    yield from entries_of(source, _references(source, dialect), lambda text: _paper(text, dialect, source.feed.name))


read_ris = partial(read_tagged, dialect=RIS)
read_nbib = partial(read_tagged, dialect=NBIB)
read_web_of_science = partial(read_tagged, dialect=WOS)
read_endnote = partial(read_tagged, dialect=ENW)


def _references(source: Source, dialect: Dialect) -> Iterator[tuple[int, str, str]]:
    """Line, text and what is wrong of each reference, also of one whose end is missing."""
    start, size, broken = 0, 0, ""
    lines: list[str] = []
    for line in _lines(source):
        tag = match.group(1) if (match := dialect.tag.match(line.text)) else ""
        if tag == dialect.begins:
            if lines:
                yield start, "\n".join(lines), broken
            start, size, broken, lines = line.number, 0, "", []
        elif not lines:
            # Between references stand numbers, and what a provider says of itself; where there was no end, they follow.
            if line.broken:
                yield line.number, line.text, line.broken
            elif tag and tag not in ("FN", "VR", "EF", dialect.ends) and dialect is not WOS:
                start, size, broken = line.number, 0, ""  # the type is missing
            if not tag or tag in ("FN", "VR", "EF", dialect.ends):
                continue
        broken = broken or line.broken
        size += len(line.text)
        if size > MAX_RECORD:
            broken = f"{dialect.name} {TOO_LONG}"
        else:
            lines.append(line.text)
        if tag and tag == dialect.ends:
            yield start, "\n".join(lines), broken
            size, broken, lines = 0, "", []
    if lines:
        yield start, "\n".join(lines), broken


def _lines(source: Source) -> Iterator[Line]:
    """The lines; a carriage return ends one too, wherever it stands."""
    for line in source.lines():
        if "\r" not in line.text:
            yield line
            continue
        for part in line.text.split("\r"):
            yield Line(line.number, part, line.broken)


def _paper(text: str, dialect: Dialect, source: str) -> Paper:
    values: Values = {}
    tag = ""
    for line in text.split("\n"):
        match = dialect.tag.match(line)
        if match and not (dialect is NBIB and line.startswith(" ")):
            tag = match.group(1)
            values.setdefault(tag, []).append((match.group(2) or "").strip())
        elif tag and (more := line.strip()):
            if dialect is WOS and tag in _LISTS:
                values[tag].append(more)
            else:
                values[tag][-1] = f"{values[tag][-1]} {more}".strip()
    return dialect.paper({tag: [v for v in found if v] for tag, found in values.items()}, source)


def _first(values: Values, *tags: str) -> str:
    return next((folded(value) for tag in tags for value in values.get(tag, ()) if value), "")


def _links(value: str) -> list[str]:
    return [part for part in re.split(r"[\s;]+", value) if part]


def _among_words(text: str) -> str:
    """An arXiv id that stands among other words."""
    found = re.search(r"\barxiv:\s?(\d{4}\.\d{4,5})", text[:2000], re.IGNORECASE)
    return found.group(1) if found else ""
