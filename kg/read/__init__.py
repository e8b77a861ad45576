"""Step 1: a source becomes papers, one at a time; a record that cannot be read becomes a `SetAside`.

The format is recognised by content, not by the file's name. A new format is a function in its own file and a line in
`READERS`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kg.errors import SourceError, UsageError
from kg.read.arxiv_atom import is_arxiv_atom, is_rss, read_arxiv_atom, read_rss
from kg.read.arxiv_oai import is_arxiv_oai, read_arxiv_oai
from kg.read.bibtex import is_bibtex, read_bibtex
from kg.read.delimited import is_delimited, read_delimited
from kg.read.foreign import foreign
from kg.read.hf_text import is_hf_text, read_hf_text
from kg.read.jsonl import SHAPES, is_jsonl, read_jsonl
from kg.read.parquet import is_parquet, read_parquet
from kg.read.places import files_in, is_folder, matching
from kg.read.source import Source, clean_name, open_source
from kg.read.tagged import (
    is_endnote,
    is_nbib,
    is_ris,
    is_web_of_science,
    read_endnote,
    read_nbib,
    read_ris,
    read_web_of_science,
)
from kg.read.twice import one_title_an_id
from kg.read.xml_library import is_endnote_xml, is_pubmed_xml, read_endnote_xml, read_pubmed_xml
from kg.records import Entry, Note, SetAside

__all__ = ["READERS", "Reading", "read"]

Reader = Callable[[Source], Iterator[Entry | SetAside]]
Recogniser = Callable[[str], bool]

# Name -> (does the head of the text look like it, the reader). The first that recognises the head is taken, so the
# text dump, which is nearly any text, comes last.
READERS: dict[str, tuple[Recogniser, Reader]] = {
    "parquet": (is_parquet, read_parquet),
    "json": (is_jsonl, read_jsonl),
    "arxiv-atom": (is_arxiv_atom, read_arxiv_atom),
    "rss": (is_rss, read_rss),
    "arxiv-oai": (is_arxiv_oai, read_arxiv_oai),
    "pubmed-xml": (is_pubmed_xml, read_pubmed_xml),
    "endnote-xml": (is_endnote_xml, read_endnote_xml),
    "nbib": (is_nbib, read_nbib),
    "web-of-science": (is_web_of_science, read_web_of_science),
    "endnote": (is_endnote, read_endnote),
    "ris": (is_ris, read_ris),
    "bibtex": (is_bibtex, read_bibtex),
    "csv": (is_delimited, read_delimited),
    "hf-text": (is_hf_text, read_hf_text),
    # Forms of JSON objects, which "json" tells apart by itself.
    **{name: (lambda _: False, partial(read_jsonl, shape=shape)) for name, shape in SHAPES.items()},
}


NO_FEED = "a file in the folder is no feed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says of a feed: its format, where its content does not tell; its columns; its text's encoding."""

    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


def read(location: str, reading: Reading = Reading()) -> Iterator[Entry | SetAside | Note]:
    """Yield the papers of `location` in their order: a path, plain or packed, or `-` for standard input.

    Of a folder, or a pattern such as `feeds/*.bib`, all feeds in the order of their names. A feed may hold nothing.
    Raises `SourceError` where the source as a whole cannot be read, also after papers were yielded (a gzip that ends
    early, a file that was written to meanwhile); `UsageError` where `reading` does not fit.
    """
    if reading.format is not None and reading.format not in READERS:
        raise UsageError(f"no format {reading.format!r}; there are: {', '.join(READERS)}")
    if is_folder(location):
        yield from _folder(location, reading)
    elif (files := matching(location)) is not None:
        for file in files:
            yield from _file(file, reading)
    else:
        yield from _file(location, reading)


def _folder(location: str, reading: Reading) -> Iterator[Entry | SetAside | Note]:
    """What the feeds in a folder hold; of what is no feed there, notes."""
    feeds = 0
    for path in files_in(location):
        shown = clean_name(str(path))
        if path.is_dir():
            yield Note(shown, "", "a folder in the folder was not opened", path.name)
            continue
        if why := _no_feed(path, reading):
            yield Note(shown, "", NO_FEED, why)
            continue
        feeds += 1
        yield from _file(str(path), reading, in_folder=True)
    if not feeds:
        raise SourceError(f"{clean_name(location)}: holds no feed that kg reads; see `kg build --help`")


def _no_feed(path: Path, reading: Reading) -> str:
    """Why a file is no feed, or ""."""
    try:
        with open_source(str(path), reading.encoding) as source:
            source.columns = reading.columns
            _reader(source, reading)
    except SourceError as error:
        return str(error)
    return ""


def _file(location: str, reading: Reading, *, in_folder: bool = False) -> Iterator[Entry | SetAside | Note]:
    items = 0
    with open_source(location, reading.encoding) as source:
        if not source.head.strip():
            return
        source.columns = reading.columns
        reader = _reader(source, reading)
        found = one_title_an_id(reader(source), source)
        if in_folder and reader is read_hf_text:  # which is what nearly any text looks like: a README, a licence
            first = next((item for item in found if isinstance(item, Entry)), None)
            if first is None:
                yield Note(source.name, "", NO_FEED, "holds no paper")
                return
            yield first
        for item in found:
            items += 1
            if isinstance(item, Entry):
                for kind, text in item.paper.notes:
                    yield Note(source.name, f"paper {item.rank}", kind, text)
            yield item
    if not items and reader is read_hf_text:  # which is what nearly any text looks like
        raise SourceError(f"{source.name}: holds no paper; a feed needs a title and an abstract for each")


def _reader(source: Source, reading: Reading) -> Reader:
    if reading.format:
        return READERS[reading.format][1]
    known = (reader for recognise, reader in READERS.values() if recognise(source.head))
    found = next(known, None)
    if found in (None, read_hf_text, read_jsonl, read_delimited) and (said := foreign(source.head)):
        raise SourceError(f"{source.name}: {said}")
    if found is None:
        raise SourceError(f"{source.name}: not a format that kg reads ({', '.join(READERS)}); see `kg build --help`")
    # Text whose columns the user names is a table, whatever its first line looks like.
    return read_delimited if source.columns and found is read_hf_text else found
