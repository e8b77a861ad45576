"""The answers that every store must give to the named queries on the fixed graph, kept in `golden/`, a file a query.

python -m tests.queries.golden    writes them again, from the embedded store; read the difference before keeping it
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from kg.answers import plain
from kg.ask.named import NamedQuery, named_queries, run_query
from kg.stores import Limits, Store
from kg.stores.ladybug import LadybugStore
from tests.stores.fixed_graph import fixed_graph

FOLDER = Path(__file__).parent / "golden"
COMMAND = "python -m tests.queries.golden"


def path(query: NamedQuery) -> Path:
    """The file with the answers to `query`."""
    return FOLDER / f"{query.name.replace('/', '__')}.json"


def parameter_sets(query: NamedQuery) -> list[dict[str, str]]:
    """The example's parameters, and none at all where all have a default."""
    words = shlex.split(query.example)[3:]
    sets = [dict(zip((word.removeprefix("--") for word in words[::2]), words[1::2], strict=True))]
    return sets if any(p.default is None for p in query.parameters) or not sets[0] else [*sets, {}]


def answers(store: Store, query: NamedQuery) -> dict[str, Any]:
    """What `store` answers, in the form of the file: the same text for the same rows in the same order."""
    found = []
    for given in parameter_sets(query):
        answer = run_query(store, query, given, Limits(rows=None))
        found.append({"given": given, "columns": list(answer.columns), "rows": plain(answer.rows)})
    return {"query": query.name, "made by": COMMAND, "answers": found}


def text(golden: dict[str, Any]) -> str:
    """The file's text: a row a line, so that a difference shows which rows changed."""
    head = [f"  {json.dumps(key)}: {json.dumps(golden[key])}," for key in ("query", "made by")]
    parts = []
    for answer in golden["answers"]:
        rows = ",\n".join(f"        {json.dumps(row, ensure_ascii=False)}" for row in answer["rows"])
        own = [f'      "{key}": {json.dumps(answer[key])},\n' for key in ("given", "columns")]
        parts.append(f'    {{\n{"".join(own)}      "rows": [\n{rows}\n      ]\n    }}')
    return "\n".join(["{", *head, '  "answers": [', ",\n".join(parts), "  ]", "}", ""])


def main() -> int:
    """Write all files, and remove those of queries that are gone."""
    queries = named_queries()
    with tempfile.TemporaryDirectory() as folder:
        store = LadybugStore(Path(folder) / "graph")
        store.replace(fixed_graph())
        written = {path(query): text(answers(store, query)) for query in queries.values()}
        store.close()
    FOLDER.mkdir(exist_ok=True)
    for old in set(FOLDER.glob("*.json")) - written.keys():
        old.unlink()
    for file, content in written.items():
        file.write_text(content, encoding="utf-8")
    sys.stdout.write(f"{len(written)} files in {FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
