"""What is new in the fixed graph, by every way to ask, kept in `golden.json` for every store to agree with.

python -m tests.news.golden    writes it again, from the embedded store; read the difference before keeping it
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from kg.answers import plain
from kg.ask.news import as_records, news_of, news_since
from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from tests.stores.fixed_graph import fixed_graph

FILE = Path(__file__).parent / "golden.json"
ASKED = (("since", "2024-01-01"), ("since", "sample"), ("since", "january.jsonl"), ("feed", "january.jsonl"))


def answers(store: Store) -> dict[str, list[dict[str, Any]]]:
    """What `store` says is new, for everything in `ASKED`."""
    ways = {"since": news_since, "feed": news_of}
    return {f"{way} {what}": [plain(r) for r in as_records(ways[way](store, what))] for way, what in ASKED}


def main() -> int:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        store = LadybugStore(Path(folder) / "graph")
        store.replace(fixed_graph())
        FILE.write_text(json.dumps(answers(store), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
