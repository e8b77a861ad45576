"""Hard name pairs through the whole path: sentences, `kg build`, `kg cypher`. `python -m tests.resolve.built` freezes.

A side of a pair is a name as a paper writes it, or a definition: "short = long" stands in its paper as "long (short)",
"short < long" as "short, short for long", "short > long" as "long, dubbed short". Each side has a paper of its own. Two
names are one node where the graph has one node that has both as name or alias; where several nodes have a name, it is
the one that the name's own paper names. A name that no node has was lost by extraction, not by resolution.

All pairs that share a name are in one part; rules are tuned on the development part only.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.resolve.pairs import Pair, read_pairs

PAIRS = Path(__file__).with_name("hard_pairs.csv")
RESULTS = Path(__file__).with_name("hard_pairs_results.csv")

_MARKS = {" = ": "{long} ({short})", " < ": "{short}, short for {long},", " > ": "{long}, dubbed {short},"}
_SENTENCES: dict[str, tuple[str, ...]] = {
    "Model": (
        "We study {x} under distribution shift. Across all settings {again} outperforms the other models we tried.",
        "In this work we compare {x} with several strong models. We find that {again} is more robust.",
        "Our analysis starts from {x} as the backbone. Fine-tuning {again} gives the best results.",
    ),
    "Method": (
        "We revisit {x} and explain when it helps. Training with {again} improves stability.",
        "Our experiments apply {x} to several models. We show that {again} is effective.",
        "We analyse why {x} works in practice. A variant without {again} performs worse.",
    ),
    "Dataset": (
        "We run experiments on {x} to verify our claims. Results on {again} show consistent gains.",
        "The model is trained on {x} with standard splits. We also report an ablation on {again}.",
        "We audit label noise in {x} by hand. Models trained on {again} inherit these errors.",
    ),
    "Benchmark": (
        "We evaluate ten systems on {x} and report the results. Scores on {again} vary widely.",
        "Our agent is tested on {x} against recent baselines. It improves performance on {again}.",
        "We examine contamination in {x} with a new probe. Rankings on {again} change little.",
    ),
    "Task": (
        "We address {x} with a simple approach. Prior work on {again} relies on costly labels.",
        "This paper surveys recent progress in {x} and its open problems. Methods for {again} are grouped by design.",
        "We present a unified study of {x} across domains. Our results advance {again} considerably.",
    ),
    "Metric": (
        "We report {x} for all systems. Our approach improves {again} over the baselines.",
        "Performance is measured by {x} on the held-out split. The gain in {again} is significant.",
        "We evaluate with {x} and discuss its limits. A higher {again} does not imply better quality.",
    ),
}


class Node(NamedTuple):
    """A thing of the graph: its name and aliases, and the ids of the papers that name it."""

    id: str
    names: frozenset[str]
    papers: frozenset[str]


def forms(side: str) -> tuple[str, str]:
    """Short and long form of a side; the long form is "" where it has only one."""
    for mark in _MARKS:
        short, found, long = side.partition(mark)
        if found:
            return short, long
    return side, ""


def papers(pairs: Iterable[Pair]) -> dict[tuple[str, str], dict[str, str]]:
    """A paper for each side: a record of a feed in JSON Lines."""
    records: dict[tuple[str, str], dict[str, str]] = {}
    for side in dict.fromkeys(side for pair in pairs for side in pair.sides):
        number = len(records)
        short, long = forms(side[0])
        mark = next((m for m in _MARKS if m in side[0]), "")
        first = _MARKS[mark].format(short=short, long=long) if mark else side[0]
        sentences = _SENTENCES[side[1]]
        text = sentences[number % len(sentences)].format(x=first, again=short)
        records[side] = {"title": f"A closer look, part {number}", "abstract": text, "arxiv_id": f"2501.{number:05}"}
    return records


def build(pairs: Iterable[Pair], folder: Path, extractor: str = "") -> dict[tuple[str, str], str]:
    """Build the graph of the pairs into `folder`; gives the paper id of each side."""
    records = papers(pairs)
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(record) + "\n" for record in records.values()))
    options = ["--extractor", extractor] if extractor else []
    _kg("build", str(feed), "--graph", str(folder / "graph"), *options)
    return {side: f"arxiv:{record['arxiv_id']}" for side, record in records.items()}


def nodes(folder: Path) -> list[Node]:
    """All named things of the graph in `folder`, as `kg cypher` gives them."""
    query = (
        "MATCH (p:Paper)-[]->(n) WHERE n.aliases IS NOT NULL "
        "RETURN n.id AS id, n.name AS name, n.aliases AS aliases, p.id AS paper"
    )
    rows: list[dict[str, Any]] = json.loads(
        _kg("cypher", query, "--graph", str(folder / "graph"), "--format", "json", "--limit", "1000000")
    )
    names: dict[str, set[str]] = defaultdict(set)
    of_paper: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        names[row["id"]].update((row["name"], *row["aliases"]))
        of_paper[row["id"]].add(row["paper"])
    return [Node(key, frozenset(names[key]), frozenset(of_paper[key])) for key in sorted(names)]


def resolved(pair: Pair, graph: list[Node], paper_of: dict[tuple[str, str], str]) -> str:
    """What the graph says of the pair: "same", "different", or "lost" where extraction has no such name."""
    shorts = {forms(text)[0] for text, _ in pair.sides}
    found = []
    for text, kind in pair.sides:
        short, long = forms(text)
        name = long if long and len(shorts) == 1 else short
        having = [node for node in graph if name in node.names]
        own = [node for node in having if paper_of[text, kind] in node.papers]
        found.append({node.id for node in (own if len(having) > 1 and own else having)})
    if not all(found):
        return "lost"
    return "same" if found[0] & found[1] else "different"


def scores(results: Iterable[tuple[Pair, str]]) -> tuple[float, float, float]:
    """Precision and recall of what is joined, in percent, where both names are in the graph; and recall over all."""
    count = Counter((pair.verdict, found) for pair, found in results)
    right, wrong = count["same", "same"], count["different", "same"]
    missed = count["same", "different"]
    wanted = right + missed
    return 100 * right / (right + wrong), 100 * right / wanted, 100 * right / (wanted + count["same", "lost"])


def measure(folder: Path, part: str = "") -> Iterator[tuple[Pair, str]]:
    """Build all pairs and say what became of those of `part` (all where it is "")."""
    pairs = read_pairs(PAIRS)
    paper_of = build(pairs, folder)
    graph = nodes(folder)
    for pair in pairs:
        if not part or pair.part == part:
            yield pair, resolved(pair, graph, paper_of)


def _kg(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "kg", *arguments], capture_output=True, text=True, check=True)
    return re.sub(r"^[^\[{]*", "", done.stdout, count=1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        results = list(measure(Path(folder)))
    with RESULTS.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["one", "other", "verdict", "resolved"])
        writer.writerows([pair.one, pair.other, pair.verdict, found] for pair, found in results)
    for part in ("development", "test"):
        precision, recall, whole = scores(row for row in results if row[0].part == part)
        sys.stdout.write(f"{part}: precision {precision:.1f}, recall {recall:.1f}, of all pairs {whole:.1f}\n")


if __name__ == "__main__":
    main()
