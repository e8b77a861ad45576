"""How much faster extraction is on more cores: one worker on one core, then two on two, in short alternating runs.

    python -m benchmarks.cores FEED [--papers 400] [--rounds 3]

Prints abstracts a second from the first answer to the last (starting workers takes as long for ten abstracts as for
millions; that time has its own column), the processor time by abstract, and the ratio of the medians.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import time

from kg.extraction import Engine, cores, extract_texts
from kg.read import read
from kg.records import Entry

RUN = ["{feed}"]


def measure(texts: list[str], workers: int) -> tuple[float, float, float]:
    """Abstracts a second, seconds to the first answer, milliseconds of processor time by abstract."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before = sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)
    started = time.perf_counter()
    answers = extract_texts(texts, "fast", Engine(workers=workers))
    next(iter(answers))
    first = time.perf_counter()
    count = sum(1 for _ in answers)
    ended = time.perf_counter()
    used = sum(sum(resource.getrusage(kind)[:2]) for kind in kinds) - before
    return count / (ended - first), first - started, 1000 * used / len(texts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feed")
    parser.add_argument("--papers", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    entries = (item for item in read(options.feed) if isinstance(item, Entry))
    texts = [entry.paper.text for entry in itertools.islice(entries, options.papers)]
    available = sorted(os.sched_getaffinity(0))
    rates: dict[int, list[float]] = {}
    print(f"{len(texts)} abstracts, {cores()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'cores':>5} {'abstracts/s':>12} {'start s':>8}")
    for _ in range(options.rounds):
        for count in (1, 2):
            os.sched_setaffinity(0, available[:count])
            rate, start, _ = measure(texts, count)
            rates.setdefault(count, []).append(rate)
            print(f"{count:5} {rate:12.1f} {start:8.1f}", flush=True)
    print(f"two cores: {statistics.median(rates[2]) / statistics.median(rates[1]):.2f} times one")


if __name__ == "__main__":
    main()
