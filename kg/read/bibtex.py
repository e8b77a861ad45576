"""BibTeX and BibLaTeX entries with abstracts, one at a time, so that memory holds one.

An entry is cut out by its braces and taken apart here, since fields of real files stand twice, join text with `#`, and
use macros in any case; bibtexparser splits the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from kg.read.fields import MAX_TEXT, folded, make_paper
from kg.read.latex import decode
from kg.read.people import SUFFIX, names_of, of_parts, person
from kg.read.source import MAX_RECORD, TOO_LONG, Source, entries_of
from kg.records import Entry, Paper, SetAside

_START = re.compile(r"\s*@\s*(\w+)\s*[{(]")
# What an entry begins with, also where the one before it was not closed.
_ENTRY = re.compile(r"@\s*\w+\s*[{(]\s*[^\s,={}()]+\s*,\s*(?:$|\w[\w-]*\s*=)")
_BETWEEN = re.compile(r"(?<=\})\s*(?=@\s*\w+\s*[{(]\s*[^\s,={}()]*\s*,)")
_HEAD = re.compile(r"^\s*@\s*\w+\s*[{(][^,={}\n]*,", re.MULTILINE)
_FIELD = re.compile(r"\b(?:title|abstract|author)\s*=", re.IGNORECASE)
_NO_PAPERS = {"comment", "preamble", "string"}
_KEY = re.compile(r"[\s,]*([^\s,={}()\"#]+)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_JOIN = re.compile(r"\s*#\s*")
_MARK = re.compile(r'[{}"\\]')
_BRACE = re.compile(r"[{}\\]")
_ARXIV = re.compile(
    r"\barxiv[:.\s/]*(?:preprint\s*)?(?:abs/)?(?:arxiv:)?\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})",
    re.IGNORECASE,
)
_CORR = re.compile(r"\s*abs/(\d{4}\.\d{4,5}|[a-z-]+/\d{7})")
_URL = re.compile(r"https?://[^\s{}]+")
_WRITTEN = re.compile(r"\\(?:url|href|path)\s*|[{}]")
_BARE_MONTHS = {
    month: month for month in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
}
TWICE = "a field stands twice in an entry; the first was taken"


def is_bibtex(head: str) -> bool:
    """Whether the text has an entry with a key and one of the fields that every entry has."""
    return bool(_HEAD.search(head) and _FIELD.search(head)) and not head.lstrip().startswith(("<", "{", "["))


def read_bibtex(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each entry in order; comments and preambles are passed over."""
    macros = dict(_BARE_MONTHS)

    def entries() -> Iterator[tuple[int, str, str]]:
        for line, text, broken in _blocks(source):
            kind = _START.match(text)
            name = kind.group(1).lower() if kind else ""
            if kind and name == "string":
                macros.update(_pairs(text[kind.end() :], macros)[0])
            if kind and name not in _NO_PAPERS:
                yield line, text, broken

    yield from entries_of(source, entries(), lambda text: _paper(text, macros, source.feed.name))


def _blocks(source: Source) -> Iterator[tuple[int, str, str]]:
    """Line, text and what is wrong of each `@…{…}`; what stands between them is a comment by BibTeX's rules."""
    start, size, depth, broken, unsure = 0, 0, 0, "", 0
    lines: list[str] = []
    for line in source.lines():
        begins = _START.match(line.text)
        if (depth <= 0 and begins) or (_ENTRY.match(line.text) and not unsure):
            # One that begins inside a field may be part of its text, or the field was not closed: which, the end tells.
            if depth > _fields_end(lines) and not broken:
                unsure = len(lines)
            else:
                yield from _apart(start, "\n".join(lines), broken)
                start, size, depth, broken, lines, unsure = line.number, 0, 0, "", [], 0
        elif depth > 0 and begins and unsure and _ENTRY.match(line.text):
            # A second one: the first was not closed.
            yield from _split(start, lines, unsure, broken)
            start, size, depth, broken, lines, unsure = line.number, 0, 0, "", [], 0
        if not start:
            continue
        broken = broken or line.broken
        size += len(line.text)
        if size > MAX_RECORD:
            broken = f"entry {TOO_LONG}"
        else:
            lines.append(line.text)
        depth += _opened(line.text)
        if depth <= 0 and "{" in lines[0]:  # what follows up to the next entry is a comment
            yield from _apart(start, "\n".join(lines), broken)
            start, size, depth, broken, lines, unsure = 0, 0, 0, "", [], 0
    if unsure:
        yield from _split(start, lines, unsure, broken)
    else:
        yield from _apart(start, "\n".join(lines), broken)


def _fields_end(lines: list[str]) -> int:
    """How deep a block is where a new entry may begin: of a comment, which may hold entries, at no depth."""
    kind = _START.match(lines[0]) if lines else None
    return 0 if kind and kind.group(1).lower() in _NO_PAPERS else 1


def _split(start: int, lines: list[str], at: int, broken: str) -> Iterator[tuple[int, str, str]]:
    """A block that was not closed before the entry at line `at` of it began."""
    yield from _apart(start, "\n".join(lines[:at]), broken)
    yield from _apart(start + at, "\n".join(lines[at:]), broken)


def _opened(text: str) -> int:
    """How many more braces a line opens than it closes; escaped ones count, as they do for BibTeX."""
    return text.count("{") - text.count("}")


def _apart(line: int, text: str, broken: str) -> Iterator[tuple[int, str, str]]:
    """The entries of a block, where several share a line."""
    if text and broken:
        yield line, text, broken
        return
    done = seen = depth = 0
    for between in _BETWEEN.finditer(text):
        depth += _opened(text[seen : between.start()])
        seen = between.start()
        if depth <= 0:  # else it is in the text of a field
            yield line, text[done : between.start()], ""
            line += text.count("\n", done, between.end())
            done = between.end()
    if text:
        yield line, text[done:], ""


def _pairs(text: str, macros: Mapping[str, str]) -> tuple[dict[str, str], list[str], str]:
    """Key -> value of the fields in `text`, keys in lower case; keys that stand twice; what is wrong, or "".

    Of several with one key the first holds. Text that is joined with `#` is one, macros stand for what they are.
    """
    fields: dict[str, str] = {}
    twice: list[str] = []
    at = 0
    while match := _KEY.match(text, at):
        key, at = match.group(1).lower(), match.end()
        parts: list[str] = []
        while True:
            part, end = _value(text, at, macros)
            if end < 0:
                return fields, twice, f"the value of {key} has no end"
            parts.append(part)
            joined = _JOIN.match(text, end)
            at = joined.end() if joined else end
            if not joined:
                break
        if key in fields:
            twice.append(key)
        else:
            fields[key] = "".join(parts)
    rest = text[at:].strip().lstrip(",").strip()
    return fields, twice, "" if rest in ("}", ")", "") else f"no field at {rest[:20]!r}"


def _value(text: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """A value that begins at `at` and where it ends; -1 where it does not."""
    mark = text[at : at + 1]
    if mark not in ("{", '"'):
        bare = _BARE.match(text, at)
        if not bare:
            return "", at if mark in (",", "}", ")") else -1
        word = bare.group().rstrip(")") if bare.end() >= len(text) - 1 else bare.group()
        return macros.get(word.lower(), word), at + len(word)
    depth, here = int(mark == "{"), at + 1
    pattern = _BRACE if mark == "{" else _MARK
    while found := pattern.search(text, here):
        here = found.end()
        match found.group():
            case "\\":
                # A quote after a backslash is an accent only in braces; a brace that is escaped counts for BibTeX.
                here += mark == "{" and text[here : here + 1] == "\\"
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if depth == 0 and mark == "{":
                    return text[at + 1 : here - 1], here
                if depth < 0:
                    return "", -1
            case _:
                if depth == 0:
                    return text[at + 1 : here - 1], here
    return "", -1


def _paper(text: str, macros: Mapping[str, str], source: str) -> Paper:
    """The paper of one entry's text."""
    start = _START.match(text)
    body = text[start.end() :] if start else text
    key = re.match(r"[^,={}\"]*(,|$)", body)
    fields, twice, wrong = _pairs(body[key.end() :] if key else body, macros)
    if wrong or not fields:
        raise ValueError(f"not a BibTeX entry ({wrong or 'it has no fields'})")
    plain: dict[str, str] = {
        name: _plain(fields[name])
        for name in ("title", "subtitle", "abstract", "date", "year", "month")
        if name in fields
    }
    title = plain.get("title", "")
    raw = {name: _WRITTEN.sub("", value).replace("\\_", "_").strip() for name, value in fields.items()
           if name in ("doi", "url", "eprint", "howpublished", "archiveprefix", "ee", "bdsk-url-1")}  # fmt: skip
    links = [
        link.group() for name in ("url", "howpublished", "ee", "bdsk-url-1") if (link := _URL.search(raw.get(name, "")))
    ]
    eprint = (
        ""
        if raw.get("eprinttype", fields.get("eprinttype", "arxiv")).lower().strip() not in ("arxiv", "")
        else raw.get("eprint", "")
    )
    return make_paper(
        title,
        plain.get("abstract", ""),
        ids=(eprint, *_named(fields), raw.get("doi", ""), *links),
        dates=_dates(plain, fields),
        url=raw.get("url", "") or next(iter(links), ""),
        source=source,
        authors=_authors(fields.get("author", "")),
        notes=((TWICE, ", ".join(dict.fromkeys(twice))),) if twice else (),
        comment=" ".join(_plain(fields.get(name, "")) for name in ("note", "comment", "annote", "pubstate")),
    )


def _named(fields: Mapping[str, str]) -> Iterator[str]:
    """ArXiv ids that stand in the text of a field."""
    for name in ("journal", "journaltitle", "note", "number", "howpublished", "publisher", "series", "pages"):
        if (value := fields.get(name)) and (found := _ARXIV.search(value)):
            yield found.group(1)
    if found := _CORR.match(fields.get("volume", "")):
        yield found.group(1)


def _dates(plain: Mapping[str, str], fields: Mapping[str, str]) -> tuple[str, ...]:
    """What tells the day, the most trusted first."""
    year, month, day = (
        plain.get("year", ""),
        plain.get("month", "").replace("~", " "),
        fields.get("day", "").strip(" {}"),
    )
    if month.strip().isdigit():
        month = ("", *_BARE_MONTHS)[int(month)] if 1 <= int(month) <= 12 else ""
    if month and day.isdigit():
        month = f"{month} {day}"
    return (plain.get("date", ""), month, year) if re.search(r"\b[12]\d{3}\b", year) else (plain.get("date", ""), year)


def _authors(value: str) -> tuple[str, ...]:
    """The names of an `author` field; a name in braces is one, whatever it holds."""
    value = folded(value)
    if not value:
        return ()
    whole = re.fullmatch(r"\{(.*)\}", value)
    if whole and whole.group(1).count("{") == 0 and re.search(r"\band\b.*,|,.*\band\b", whole.group(1)):
        value = whole.group(1)  # all of a list in braces of its own
    names: list[str] = []
    for name in split_multiple_persons_names(re.sub(r"\s+et\.?\s+al\b\.?\s*$", " and others", value)):
        names.extend(_author(name.strip().rstrip(",;")))
    return tuple(filter(None, names))


def _author(name: str) -> Iterator[str]:
    if re.fullmatch(r"\{.*\}", name) and _one_group(name):
        plain = " ".join(decode(name.strip("{} ")).split())
        yield plain if person(plain, natural=True) else ""
        return
    if not person(decode(name)):
        return
    if ";" in name and "{" not in name:
        yield from names_of(name)  # a list that some tools write where BibTeX wants "and"
        return
    try:
        parts = parse_single_name_into_parts(name, strict=False)
    except (ValueError, IndexError):
        yield person(decode(name))
        return
    if parts.jr and SUFFIX.fullmatch(" ".join(parts.first)) is None and SUFFIX.fullmatch(" ".join(parts.jr)) is None:
        yield person(decode(name))
        return
    if SUFFIX.fullmatch(" ".join(parts.first)) and parts.jr:  # `Li, Wei, Jr`, which is not BibTeX's order
        parts.first, parts.jr = parts.jr, parts.first
    if not parts.first:
        yield person(decode(name), natural=True)
        return
    first, last, von, after = (decode(" ".join(part)) for part in (parts.first, parts.last, parts.von, parts.jr))
    yield of_parts(first, last, after, von)


def _one_group(name: str) -> bool:
    depth = 0
    for index, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and index < len(name) - 1:
            return False
    return True


def _plain(value: str) -> str:
    return folded(decode(value)) if len(value) <= MAX_TEXT else value  # which is no abstract
