"""How fast extraction is, beside spaCy's tokenizer alone and a stock spaCy pipeline, on the same abstracts in one run.

    python benchmarks/extraction.py FEED [--papers 3000]

The stock pipeline is a blank English one with an untrained named-entity recogniser of spaCy's default size, since no
trained pipeline of spaCy's own is on PyPI. `nlp.pipe` as it comes: one process each. Prints a table with ratios to it.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import resource
import time
from collections.abc import Callable

import spacy
from spacy.language import Language

import extractors
from kg.read import read
from kg.records import ENTITY_TYPES, Entry

RUN = ["{feed}"]


def stock() -> Language:
    """A blank pipeline with an untrained NER of the default size."""
    nlp = spacy.blank("en")
    recogniser = nlp.add_pipe("ner")
    for kind in ENTITY_TYPES:
        recogniser.add_label(kind)  # type: ignore[attr-defined]
    nlp.initialize()
    return nlp


def main() -> None:
    """Run all of them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feed")
    parser.add_argument("--papers", type=int, default=3000)
    options = parser.parse_args()
    entries = (item for item in read(options.feed) if isinstance(item, Entry))
    texts = [entry.paper.text for entry in itertools.islice(entries, options.papers)]
    candidates: dict[str, Callable[[], Language]] = {
        "spaCy tokenizer alone": lambda: spacy.blank("en"),
        "stock: blank + untrained NER": stock,
        **{f"kg {name}": lambda name=name: extractors.load(name) for name in extractors.PIPELINES},
    }
    rates: dict[str, float] = {}
    loads: dict[str, float] = {}
    for name, make in candidates.items():
        started = time.perf_counter()
        nlp = make()
        nlp("One sentence to warm up with.")
        loads[name] = time.perf_counter() - started
        started = time.perf_counter()
        for _ in nlp.pipe(texts, batch_size=64):
            pass
        rates[name] = len(texts) / (time.perf_counter() - started)
    print(
        f"{len(texts)} abstracts; Python {platform.python_version()}, spaCy {spacy.__version__}, {os.cpu_count()} cores"
    )
    print(f"{'pipeline':30} {'load s':>7} {'abstracts/s':>12} {'of stock':>9}")
    for name, rate in rates.items():
        print(f"{name:30} {loads[name]:7.2f} {rate:12.1f} {rate / rates['stock: blank + untrained NER']:9.2f}")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB, all of them in one process"
    )


if __name__ == "__main__":
    main()
