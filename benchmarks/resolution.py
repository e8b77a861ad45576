"""How fast names become nodes and in how much memory, as papers grow; beside joining by likeness of spelling.

    python benchmarks/resolution.py GRAPH [--sizes 3000 10000 30000] [--rival-sizes 1000 3000]

GRAPH is a folder that `kg build` made; what it extracted is resolved, each size in a process of its own. The rival is
what fuzzy resolvers of graph builders do (neo4j-graphrag's FuzzyMatchResolver, for one): all pairs of names of one
label are compared by RapidFuzz's WRatio, and those of 80 and more are one node, along chains. Both are also asked for
the labelled pairs of tests/resolve, the rival with the two names alone.
"""

from __future__ import annotations

import argparse
import gc
import math
import multiprocessing
import os
import platform
import re
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

import extractors
from kg.folder.ledger import Ledger
from kg.records import Extraction
from kg.resolve import join_papers, normalise, resolve_names
from kg.resolve.evidence import forms

RUN = ["{graph}"]

PAIRS = [Path(__file__).parents[1] / "tests" / "resolve" / name for name in ("pairs.csv", "hard_pairs.csv")]
LIKE = 80  # the rival's threshold
_ROWS = 512  # of the rival's matrix at a time


class Run(NamedTuple):
    """One measurement: seconds by the clock and of the processor, and the most MiB that it took beside its input."""

    papers: int
    mentions: int
    nodes: int
    seconds: float
    cpu: float
    mebibytes: float


def inputs(graph: str, size: int, extractor: str) -> tuple[dict[str, Extraction], dict[str, str]]:
    """Extractions and texts of the first `size` papers by id."""
    ledger = Ledger(Path(graph) / "ledger")
    papers, _ = join_papers(ledger.entries())
    found = ledger.extractions(extractor)
    papers = [paper for paper in papers if paper.content_hash in found][:size]
    return {p.id: found[p.content_hash] for p in papers}, {p.id: p.text for p in papers}


def measured(of_paper: Mapping[str, Extraction], join: Callable[[], int]) -> Run:
    """Run `join`, which gives the number of nodes, once for the time and once more for the memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    nodes = join()
    seconds, used = time.perf_counter() - wall, time.process_time() - cpu
    normalise.cache_clear()
    forms.cache_clear()
    gc.collect()
    tracemalloc.start()
    join()
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    mentions = sum(len(entity.mentions) for extraction in of_paper.values() for entity in extraction.entities)
    return Run(len(of_paper), mentions, nodes, seconds, used, peak)


def ours(graph: str, size: int, extractor: str) -> Run:
    """Resolve as `kg build` does."""
    of_paper, texts = inputs(graph, size, extractor)
    return measured(of_paper, lambda: len(resolve_names(of_paper.items(), texts=texts).things))


def rival(graph: str, size: int, extractor: str) -> Run:
    """Join names of one label by likeness, along chains."""
    of_paper, _ = inputs(graph, size, extractor)
    names: dict[str, set[str]] = defaultdict(set)
    for extraction in of_paper.values():
        for entity in extraction.entities:
            names[entity.type].add(entity.name)
    return measured(of_paper, lambda: sum(_chains(sorted(of_type)) for of_type in names.values()))


def _chains(names: list[str]) -> int:
    """How many nodes the names of one label become."""
    parent = list(range(len(names)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for start in range(0, len(names), _ROWS):
        rows = names[start : start + _ROWS]
        alike = process.cdist(rows, names, scorer=fuzz.WRatio, score_cutoff=LIKE, dtype=np.uint8, workers=-1)
        for row, column in zip(*np.nonzero(alike), strict=True):
            parent[root(start + int(row))] = root(int(column))
    return sum(root(i) == i for i in range(len(names)))


def quality() -> list[tuple[str, float, float]]:
    """Precision and recall of both on the labelled pairs of two plain names of one type, test parts only."""
    from tests.resolve.pairs import read_pairs, resolved

    pairs = [pair for path in PAIRS for pair in read_pairs(path)]
    mark = re.compile(" [=<>] ")
    pairs = [p for p in pairs if p.part == "test" and not mark.search(p.one + p.other) and "|" not in p.type]
    found = {
        "kg": [resolved(p) == "same" for p in pairs],
        "WRatio": [fuzz.WRatio(p.one, p.other) >= LIKE for p in pairs],
    }
    same = [p.verdict == "same" for p in pairs]
    return [
        (
            name,
            100 * sum(a and b for a, b in zip(joined, same, strict=True)) / sum(joined),
            100 * sum(a and b for a, b in zip(joined, same, strict=True)) / sum(same),
        )
        for name, joined in found.items()
    ]


def exponent(first: Run, last: Run) -> float:
    """The power of the number of papers with which processor time grows; below 2 by far if nothing is squared."""
    return math.log(last.cpu / first.cpu) / math.log(last.papers / first.papers)


def main() -> None:
    """Run all sizes and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3000, 10000, 30000])
    parser.add_argument("--rival-sizes", type=int, nargs="*", default=[1000, 3000])
    parser.add_argument("--extractor", default=extractors.version(), help="version that signed the extractions")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':8} {'papers':>7} {'mentions':>9} {'nodes':>7} {'seconds':>8} {'cpu s':>7} {'MiB':>6}")
    fresh = multiprocessing.get_context("spawn")
    for name, measure, sizes in (("kg", ours, options.sizes), ("WRatio", rival, options.rival_sizes)):
        runs = []
        for size in sizes:
            with fresh.Pool(1) as pool:
                run = pool.apply(measure, (options.graph, size, options.extractor))
            runs.append(run)
            print(
                f"{name:8} {run.papers:7} {run.mentions:9} {run.nodes:7} {run.seconds:8.1f} {run.cpu:7.1f}"
                f" {run.mebibytes:6.0f}"
            )
        if len(runs) > 1:
            print(f"{name:8} cpu time grows with papers to the power of {exponent(runs[0], runs[-1]):.2f}")
    for name, precision, recall in quality():
        print(f"{name:8} on labelled pairs: precision {precision:.1f}, recall {recall:.1f}")


if __name__ == "__main__":
    main()
