"""Step 1: a source becomes papers, one at a time; a record that cannot be read becomes a `SetAside`.

The format is recognised by content, not by the file's name. A new format is a function in its own file and a line in
`READERS`.
"""

from collections.abc import Callable, Iterator

from kg.errors import SourceError
from kg.read.arxiv_atom import is_arxiv_atom, read_arxiv_atom
from kg.read.hf_text import is_hf_text, read_hf_text
from kg.read.jsonl import is_jsonl, read_jsonl
from kg.read.source import Source, open_source
from kg.records import Entry, SetAside

__all__ = ["READERS", "read"]

Reader = Callable[[Source], Iterator[Entry | SetAside]]
Recogniser = Callable[[str], bool]

# Name -> (does the head of the text look like it, the reader). The first that recognises the head is taken, so the
# text dump, which is nearly any text, comes last.
READERS: dict[str, tuple[Recogniser, Reader]] = {
    "jsonl": (is_jsonl, read_jsonl),
    "arxiv-atom": (is_arxiv_atom, read_arxiv_atom),
    "hf-text": (is_hf_text, read_hf_text),
}


def read(location: str) -> Iterator[Entry | SetAside]:
    """Yield the papers of `location` (a path, plain or gzipped, or `-` for standard input) in their order.

    Raises `SourceError` where the source as a whole cannot be read, also after papers were yielded (a gzip that ends
    early) and where it held no paper at all.
    """
    papers = set_aside = 0
    with open_source(location) as source:
        reader = next((reader for recognise, reader in READERS.values() if recognise(source.head)), None)
        if reader is None:
            raise SourceError(
                f"{source.name}: not a format that kg reads ({', '.join(READERS)}); see `kg build --help`"
            )
        for item in reader(source):
            if isinstance(item, Entry):
                papers += 1
            else:
                set_aside += 1
            yield item
    if not papers and not set_aside:
        raise SourceError(f"{source.name}: holds no paper; a feed needs a title and an abstract for each")
