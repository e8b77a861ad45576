"""Step 1: a source becomes papers, one at a time; a record that cannot be read becomes a `SetAside`.

The format is recognised by content, not by the file's name. A new format is a function in its own file and a line in
`READERS`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from kg.errors import SourceError, UsageError
from kg.read.arxiv_atom import is_arxiv_atom, read_arxiv_atom
from kg.read.arxiv_oai import is_arxiv_oai, read_arxiv_oai
from kg.read.bibtex import is_bibtex, read_bibtex
from kg.read.delimited import is_delimited, read_delimited
from kg.read.hf_text import is_hf_text, read_hf_text
from kg.read.jsonl import SHAPES, is_jsonl, read_jsonl
from kg.read.parquet import is_parquet, read_parquet
from kg.read.ris import is_ris, read_ris
from kg.read.source import Source, open_source
from kg.read.twice import one_title_an_id
from kg.records import Entry, SetAside

__all__ = ["READERS", "Reading", "read"]

Reader = Callable[[Source], Iterator[Entry | SetAside]]
Recogniser = Callable[[str], bool]

# Name -> (does the head of the text look like it, the reader). The first that recognises the head is taken, so the
# text dump, which is nearly any text, comes last.
READERS: dict[str, tuple[Recogniser, Reader]] = {
    "parquet": (is_parquet, read_parquet),
    "json": (is_jsonl, read_jsonl),
    "arxiv-atom": (is_arxiv_atom, read_arxiv_atom),
    "arxiv-oai": (is_arxiv_oai, read_arxiv_oai),
    "bibtex": (is_bibtex, read_bibtex),
    "ris": (is_ris, read_ris),
    "csv": (is_delimited, read_delimited),
    "hf-text": (is_hf_text, read_hf_text),
    # Forms of JSON objects, which "json" tells apart by itself.
    **{name: (lambda _: False, partial(read_jsonl, shape=shape)) for name, shape in SHAPES.items()},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says of a feed: its format, where its content does not tell; its columns; its text's encoding."""

    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


def read(location: str, reading: Reading = Reading()) -> Iterator[Entry | SetAside]:
    """Yield the papers of `location` (a path, plain or packed, or `-` for standard input) in their order.

    Raises `SourceError` where the source as a whole cannot be read, also after papers were yielded (a gzip that ends
    early, a file that was written to meanwhile) and where it held no paper at all; `UsageError` where `reading` does
    not fit.
    """
    if reading.format is not None and reading.format not in READERS:
        raise UsageError(f"no format {reading.format!r}; there are: {', '.join(READERS)}")
    items = 0
    with open_source(location, reading.encoding) as source:
        source.columns = reading.columns
        for item in one_title_an_id(_reader(source, reading)(source), source):
            items += 1
            yield item
    if not items:
        raise SourceError(f"{source.name}: holds no paper; a feed needs a title and an abstract for each")


def _reader(source: Source, reading: Reading) -> Reader:
    if reading.format:
        return READERS[reading.format][1]
    known = (reader for recognise, reader in READERS.values() if recognise(source.head))
    found = next(known, None)
    if found is None:
        raise SourceError(f"{source.name}: not a format that kg reads ({', '.join(READERS)}); see `kg build --help`")
    # Text whose columns the user names is a table, whatever its first line looks like.
    return read_delimited if source.columns and found is read_hf_text else found
