"""From feed to answered query: time by stage, peak memory, and how both grow; beside spaCy on the same texts.

    python -m benchmarks.scale FEED [--sizes 3000 30000] [--more 300] [--reuse GRAPH] [--no-spacy]

For each size the first so many papers of the feed are built into a new graph by `kg build` in a process of its own,
with a worker for each core, a question is asked, and the next `--more` papers are added. Memory is that of all the
processes of a build together (proportional set size, looked at four times a second). With `--reuse`, extractions are
taken from that graph folder, and extraction is not measured. The exponent is that of time or memory over papers: 1 is
linear.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import spacy

from benchmarks.extraction import stock
from kg.folder.ledger import Ledger
from kg.read import read
from kg.records import Entry, Paper

RUN = ["{feed}"]
STAGES = ("read", "extract", "resolve", "load")
QUERY = ("query", "datasets/most-used", "--format", "json")


def record(paper: Paper) -> str:
    """A line of JSON that the reader takes back."""
    fields = {
        "title": paper.title,
        "abstract": paper.abstract,
        "arxiv_id": paper.id.removeprefix("arxiv:") if paper.id.startswith("arxiv:") else None,
        "authors": list(paper.authors),
        "date": paper.published.isoformat() if paper.published else None,
    }
    return json.dumps({name: value for name, value in fields.items() if value})


def memory(session: int) -> int:
    """Bytes of all processes of a session, what they share counted once."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == session:
                found = re.search(r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(), re.MULTILINE)
                total += int(found[1]) * 1024 if found else 0
        except (OSError, ValueError):  # gone by now
            continue
    return total


def run(*arguments: str) -> tuple[str, float, float]:
    """Run `kg` with `arguments`; what it printed, seconds, and the peak of its memory in GiB."""
    command = [sys.executable, "-m", "kg", *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.25)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    watcher.join()
    assert process.returncode == 0, printed
    return printed, time.perf_counter() - started, peak / 2**30


def stages(printed: str) -> dict[str, float]:
    """Seconds by stage from what `kg build` printed."""
    return {stage: float(seconds) for stage, seconds in re.findall(r"(\w+) ([\d.]+) s\b", printed)}


def borrow(source: Path, graph: Path, papers: Sequence[Paper]) -> None:
    """Put the extractions of `papers` that the graph folder `source` has into the one at `graph`."""
    wanted = {paper.content_hash for paper in papers}
    ledger = Ledger(graph / "ledger")
    for part in sorted((source / "ledger").glob("extractions-*.parquet")):
        rows = [row for row in pq.read_table(part).to_pylist() if row["content"] in wanted]
        for extractor, found in itertools.groupby(rows, key=lambda row: row["extractor"]):
            ledger.add_encoded(extractor, ((row["content"], row["extraction"]) for row in found))


def one_size(papers: list[Paper], size: int, more: int, reuse: Path | None, work: Path) -> dict[str, float]:
    """Build, ask, add; seconds by what was done, and GiB."""
    graph, feed, rest = work / f"g{size}", work / f"{size}.jsonl", work / f"{size}-more.jsonl"
    feed.write_text("".join(f"{record(paper)}\n" for paper in papers[:size]), encoding="utf-8")
    rest.write_text("".join(f"{record(paper)}\n" for paper in papers[size : size + more]), encoding="utf-8")
    if reuse:
        borrow(reuse, graph, papers[:size])
    printed, total, peak = run("build", str(feed), "--graph", str(graph))
    found = stages(printed)
    _, asked, _ = run(*QUERY, "--graph", str(graph))
    _, again, _ = run("build", str(feed), "--graph", str(graph))
    added, _, _ = run("build", str(rest), "--graph", str(graph))
    of_added = stages(added)
    return {
        **{stage: found.get(stage, 0.0) for stage in STAGES},
        "start": total - sum(found.values()),
        "query": asked,
        "feed to answer": total + asked,
        "peak GiB": peak,
        "feed again": again,
        f"add {more}": sum(of_added.values()),
        f"add {more}, but extract": sum(of_added.values()) - of_added.get("extract", 0.0),
    }


def beside(papers: Sequence[Paper]) -> dict[str, float]:
    """Seconds that spaCy's tokenizer and a stock pipeline take for the texts, in one process."""
    found = {}
    for name, nlp in (("spaCy tokenizer", spacy.blank("en")), ("stock spaCy", stock())):
        started = time.perf_counter()
        for _ in nlp.pipe((paper.text for paper in papers), batch_size=64):
            pass
        found[name] = time.perf_counter() - started
    return found


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feed")
    parser.add_argument("--sizes", nargs=2, type=int, default=[3000, 30_000])
    parser.add_argument("--more", type=int, default=300)
    parser.add_argument("--reuse", type=Path)
    parser.add_argument("--no-spacy", action="store_true")
    options = parser.parse_args()
    entries = (item for item in read(options.feed) if isinstance(item, Entry))
    papers = [entry.paper for entry in itertools.islice(entries, max(options.sizes) + options.more)]
    sizes = [min(size, len(papers) - options.more) for size in options.sizes]
    columns = []
    with tempfile.TemporaryDirectory() as work:
        for size in sizes:
            measured = one_size(papers, size, options.more, options.reuse, Path(work))
            columns.append(measured if options.no_spacy else measured | beside(papers[:size]))
    print(f"{'seconds':24} {sizes[0]:>10,} {sizes[1]:>10,} {'exponent':>9}")
    for name in columns[0]:
        small, large = columns[0][name], columns[1][name]
        grown = math.log(large / small) / math.log(sizes[1] / sizes[0]) if small > 0 and large > 0 else math.nan
        print(f"{name:24} {small:10.2f} {large:10.2f} {grown:9.2f}")
    if options.reuse:
        print("extractions were taken from another graph: extract is not a measure of extraction")


if __name__ == "__main__":
    main()
