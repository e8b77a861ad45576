"""One feed that gives one id to two papers: the first keeps it, the others are set aside, so that none is lost."""

from __future__ import annotations

from collections.abc import Iterator

from kg.read.source import Source
from kg.records import Entry, SetAside, digest, title_key


def one_title_an_id(items: Iterator[Entry | SetAside], source: Source) -> Iterator[Entry | SetAside]:
    """Pass `items` on, but set aside an entry whose id had another title before in this feed.

    Which of two different papers has the id by right cannot be told here; that the later one silently took the place
    of the earlier one would lose a paper. (A paper whose abstract alone differs is the same paper, read twice.)
    """
    # A hash each, not the text: a feed may list millions.
    seen: dict[int, tuple[int, int]] = {}
    for item in items:
        if isinstance(item, Entry) and not item.paper.id.startswith("paper:"):
            title = int(digest(title_key(item.paper.title)), 16)
            first, rank = seen.setdefault(int(digest(item.paper.id), 16), (title, item.rank))
            if first != title:
                paper = item.paper
                yield SetAside(
                    source.name,
                    f"paper {item.rank}",
                    f"{paper.id} is another paper already, number {rank} of this feed; give each its own id",
                    paper.text,
                    paper.id,
                )
                continue
        yield item
