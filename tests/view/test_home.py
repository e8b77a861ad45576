"""What the first screen says is new."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from kg.ask.backing import Backing
from kg.ask.overview import feeds, new_in_feed
from kg.stores import open_store
from kg.tables import GraphRows

# paper, the feeds that list it, what it introduces how surely, what it uses
PAPERS: tuple[tuple[str, tuple[str, ...], dict[str, float | None], tuple[str, ...]], ...] = (
    ("arxiv:1", ("march",), {"first": 0.9}, ("known", "named")),
    ("arxiv:2", ("april",), {"new": 0.9, "known": 0.9, "unsure": 0.6, "several": 0.9, "loose": 0.9}, ()),
    ("arxiv:3", ("april",), {"newer": None, "several": 0.9}, ("new",)),
    ("arxiv:4", ("march", "april"), {"listed twice": 0.9}, ()),
    ("arxiv:5", (), {}, ("loose",)),
)


def graph() -> GraphRows:
    names = {name for _, _, introduced, used in PAPERS for name in (*introduced, *used)}
    things = [
        {
            "id": f"model:{name}",
            "name": name,
            "aliases": [],
            "papers": sum(name in (*introduced, *used) for _, _, introduced, used in PAPERS),
            "first_seen": datetime.date(2024, 3, 1),
        }
        for name in sorted(names)
    ]
    papers = [{"id": key, "name": key, "title": key, "abstract": "", "published": None} for key, *_ in PAPERS]
    days = {"march": datetime.date(2024, 3, 1), "april": datetime.date(2024, 4, 1)}

    def fact(paper: str, name: str, **more: Any) -> dict[str, Any]:
        return {"from": paper, "to": f"model:{name}", "surfaces": [], "mentions": 1} | more

    return GraphRows(
        {
            "Paper": papers,
            "Model": things,
            "Feed": [{"id": name, "name": name, "published": day} for name, day in days.items()],
        },
        {
            ("INTRODUCES", "Paper", "Model"): [
                fact(key, name, confidence=sure) for key, _, made, _ in PAPERS for name, sure in made.items()
            ],
            ("USES", "Paper", "Model"): [fact(key, name) for key, _, _, used in PAPERS for name in used],
            ("LISTS", "Feed", "Paper"): [
                {"from": feed, "to": key, "rank": 1} for key, listed, _, _ in PAPERS for feed in listed
            ],
        },
    )


def test_new_is_what_no_paper_known_before_names(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.replace(graph())
    store.close()
    backing = Backing(str(tmp_path))
    assert [feed["id"] for feed in feeds(backing)] == ["april", "march"]
    assert [one["name"] for one in new_in_feed(backing, "april")] == ["new", "newer"]
    assert [one["name"] for one in new_in_feed(backing, "march")] == ["first"]
    backing.close()
