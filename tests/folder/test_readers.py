"""Two processes hold the graph open and read, while a third builds: each answer is the old graph or the new one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kg.pipeline import build
from tests.conftest import PAPERS, as_jsonl

READER = """
import sys
from kg.stores import open_store
held = open_store(sys.argv[1])
count = "MATCH (p:Paper) RETURN count(p) AS n"
print(held.read(count).rows[0][0], flush=True)
seen = set()
for line in sys.stdin:
    if line == "end\\n":
        break
    fresh = open_store(sys.argv[1])
    seen.add((held.read(count).rows[0][0], fresh.read(count).rows[0][0]))
    fresh.close()
    print("read", flush=True)
print(sorted(seen), held.read("MATCH (p:Paper) RETURN p.abstract").rows == held.read(
    "MATCH (p:Paper) RETURN p.abstract").rows, flush=True)
"""


def test_two_read_while_a_third_builds(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(as_jsonl(PAPERS[:1]))
    two.write_text(as_jsonl(PAPERS[1:]))
    graph = tmp_path / "g"
    build([str(one)], graph, extractor="rules")
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(graph)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "1\n"
    builder = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", str(two), "--graph", str(graph)], stdout=subprocess.DEVNULL
    )
    while True:
        done = builder.poll() is not None
        for reader in readers:
            assert reader.stdin
            assert reader.stdout
            reader.stdin.write("again\n")
            reader.stdin.flush()
            assert reader.stdout.readline() == "read\n"
        if done:
            break
    assert builder.returncode == 0
    for reader in readers:
        out, _ = reader.communicate("end\n")
        assert reader.returncode == 0
        assert out in ("[(1, 1), (1, 3)] True\n", "[(1, 3)] True\n")
