"""A program of its own: the same texts read here and on a Ray cluster of two nodes, one of which is killed half-way.

Ray leaves threads and warnings behind, so that it is not run in the process of the tests. Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.cluster_utils import Cluster

import kg.extraction.cluster as on_ray
from kg.extraction import Engine, extract_texts
from kg.folder.ledger import encode
from kg.pipeline import build
from tests.test_pipeline import exported

NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}
# So that there are many shards, and some are still to come when the node dies.
on_ray._SHARD = 40


def main() -> None:
    """Compare the answers, one by one, and then the graphs."""
    feed = Path(sys.argv[1])
    records = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    texts = [f"{record['title']}\n{record['abstract']}" for record in records]
    here = [encode(found) for found in extract_texts(texts, "rules", Engine(workers=1))]
    cluster = Cluster(initialize_head=True, head_node_args=NODE)
    second = cluster.add_node(**{k: v for k, v in NODE.items() if k != "include_dashboard"})
    cluster.wait_for_nodes()
    with tempfile.TemporaryDirectory() as work:
        there, seen = [], 0
        for found in extract_texts(texts, "rules", Engine("ray", address=cluster.address), work=Path(work)):
            there.append(encode(found))
            if len(there) == len(texts) // 3:
                seen = sum(node["Alive"] for node in ray.nodes())
                cluster.remove_node(second, allow_graceful=False)
        build([str(feed)], Path(work) / "here", extractor="rules")
        build([str(feed)], Path(work) / "there", extractor="rules", engine=Engine("ray", address=cluster.address))
        equal = exported(str(Path(work) / "here")) == exported(str(Path(work) / "there"))
        left = [path.name for path in Path(work).rglob(".shards-*")]
    cluster.shutdown()
    print(json.dumps({"nodes": seen, "answers": there == here, "graphs": equal, "left": left}))


if __name__ == "__main__":
    main()
