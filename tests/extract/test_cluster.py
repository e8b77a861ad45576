"""The engine ray, on a real cluster of two nodes; skipped where Ray is not installed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kill import write_feeds
from kg.errors import ExtractionError
from kg.extraction import Engine, extract_texts
from tests.conftest import absent
from tests.test_cli import Kg, one_line

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def with_ray() -> None:
    """Only where Ray is installed."""
    if importlib.util.find_spec("ray") is None:
        absent("Ray is not installed: pip install -e '.[dev,ray]'")


@pytest.mark.usefixtures("with_ray")
def test_a_cluster_that_loses_a_node_gives_what_one_machine_gives(tmp_path: Path) -> None:
    feed, _ = write_feeds(tmp_path)
    program = [sys.executable, "-m", "tests.extract.ray_cluster", str(feed)]
    done = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"nodes": 2, "answers": True, "graphs": True, "left": []}


@pytest.mark.usefixtures("with_ray")
def test_a_cluster_that_is_not_there_is_one_line(kg: Kg, feed: Path) -> None:
    error = one_line(kg("build", str(feed), "--engine", "ray", "--address", "127.0.0.1:1"), 1)
    assert "127.0.0.1:1" in error


def test_ray_is_named_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # as if it were not there
    with pytest.raises(ExtractionError, match=r"paper-kg\[ray\]"):
        list(extract_texts(["A title\nAn abstract."], "rules", Engine("ray"), work=tmp_path))
