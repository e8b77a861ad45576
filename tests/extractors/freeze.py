"""`python -m tests.extractors.freeze` writes what the pipeline finds in the bundled feed, to be looked through."""

from __future__ import annotations

import json

from kg.extract import as_json, extract
from kg.read import read
from kg.records import Entry
from tests.extractors.test_tagger import FROZEN, NLP, SAMPLE

if __name__ == "__main__":
    papers = [item.paper for item in read(str(SAMPLE)) if isinstance(item, Entry)]
    lines = []
    for paper, extraction in extract(papers, NLP):
        record = as_json(paper, extraction)
        for entity in record["entities"]:
            del entity["mentions"]
        lines.append(json.dumps(record, ensure_ascii=False))
    FROZEN.parent.mkdir(exist_ok=True)
    FROZEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
