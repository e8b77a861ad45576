"""Every store says the same of what is new."""

from __future__ import annotations

import json

from kg.stores import Store
from tests.ask.news import golden
from tests.stores.fixed_graph import fixed_graph


def test_every_store_gives_the_golden_news(store: Store) -> None:
    store.replace(fixed_graph())
    assert json.loads(json.dumps(golden.answers(store))) == json.loads(golden.FILE.read_text(encoding="utf-8"))
