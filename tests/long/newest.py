"""The newest Neo4j, with Cypher 25, beside the one of every day: `python -m tests.long.newest`.

The contract suite, the named queries, loading and the table of cases on it. What differs from Neo4j 5.26 is listed.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.neo4j_server import NEWEST

TESTS = (
    "tests/stores/test_contract.py",
    "tests/stores/test_same_rows.py",
    "tests/stores/test_neo4j.py",
    "tests/stores/test_load.py",
    "tests/cypher/test_cases.py",
    "tests/cypher/test_differential.py",
)


def main(args: list[str]) -> int:
    """Run the check; 1 where it fails."""
    environment = {**os.environ, "KG_TEST_NEO4J_VERSION": NEWEST, "KG_TEST_REQUIRE_ALL": "1"}
    environment.pop("KG_TEST_NEO4J", None)
    print(f"Neo4j {NEWEST}", flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(args or ["-k", "neo4j or server or daily", *TESTS])],
        env=environment,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
