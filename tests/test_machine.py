"""What machines do to a build: a full disk, a folder that cannot be written, another build, an interrupt."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.kill import write_feeds
from kg.pipeline import build
from tests.conftest import PAPERS, absent, as_jsonl
from tests.test_cli import Kg, one_line
from tests.test_pipeline import exported

RULES = ("--extractor", "rules")
HERE = Path(__file__).parent.parent  # where `python -m kg` finds this checkout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of a given size, as `mount` writes it; asked again, its size is changed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = False

    def resize(options: str) -> Path:
        nonlocal mounted
        command = ["mount", "-t", "tmpfs", "-o", f"{'remount,' if mounted else ''}{options}", "none", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a small disk needs a machine where tests may mount one: {done.stderr.strip()}")
        mounted = True
        return folder

    yield resize
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["16k", "64k", "1m", "3m"])
def test_a_full_disk_is_one_line_and_loses_nothing(
    kg: Kg, feed: Path, tmp_path: Path, small_disk: Callable[[str], Path], size: str
) -> None:
    graph = small_disk(f"size={size}") / "g"
    error = one_line(kg("build", str(feed), "--graph", str(graph), *RULES), 1)
    assert "No space left" in error or "space" in error
    assert not [path for path in graph.rglob("*") if "unfinished" in path.name or "loading" in path.name]
    small_disk("size=500m")
    assert kg("build", str(feed), "--graph", str(graph), *RULES).returncode == 0
    build([str(feed)], tmp_path / "undisturbed", extractor="rules")
    assert exported(str(graph)) == exported(str(tmp_path / "undisturbed"))


def test_a_disk_that_fills_up_leaves_the_old_graph(
    kg: Kg, feed: Path, tmp_path: Path, small_disk: Callable[[str], Path]
) -> None:
    graph = small_disk("size=500m") / "g"
    build([str(feed)], graph, extractor="rules")
    before = exported(str(graph))
    first, _ = write_feeds(tmp_path)
    used = sum(path.stat().st_size for path in graph.rglob("*") if path.is_file())
    small_disk(f"size={used // 1024 + 400}k")
    assert "space" in one_line(kg("build", str(first), "--graph", str(graph), *RULES), 1)
    assert exported(str(graph)) == before
    small_disk("size=500m")
    assert kg("build", "--graph", str(graph), *RULES).returncode == 0
    build([str(feed), str(first)], tmp_path / "undisturbed", extractor="rules")
    assert exported(str(graph)) == exported(str(tmp_path / "undisturbed"))


def test_a_disk_that_may_only_be_read_answers_and_is_not_written(
    kg: Kg, feed: Path, small_disk: Callable[[str], Path]
) -> None:
    graph = small_disk("size=500m") / "g"
    build([str(feed)], graph, extractor="rules")
    small_disk("ro")
    for arguments in (("build", str(feed), *RULES), ("remove", "2401.00001")):
        assert "Read-only" in one_line(kg(*arguments, "--graph", str(graph)), 1)
    assert "cannot be written" in one_line(kg("build", str(feed), "--graph", str(graph.parent / "new")), 1)
    assert "TinyCLIP-Net" in kg("query", "introducing", "--graph", str(graph)).stdout
    small_disk("rw")


def test_a_folder_of_somebody_else_is_not_written(feed: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    build([str(feed)], graph, extractor="rules")
    command = [sys.executable, "-m", "kg", "build", str(feed), "--graph", str(graph), *RULES]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            absent("root writes everywhere, and there is no setpriv to run as another user")
        somebody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        command = [*somebody, *command]
        for folder in (tmp_path, *tmp_path.parents):
            if folder.owner() == "root" and len(folder.parts) > 2:
                folder.chmod(0o755)
        tried = subprocess.run([*somebody, sys.executable, "-c", "import typer, kg"], capture_output=True, cwd=HERE)
        if tried.returncode:
            pytest.skip("another user may not read this checkout or its environment")
    graph.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
        assert "Permission denied" in one_line(done, 1)
    finally:
        graph.chmod(0o755)


def test_two_builds_at_once_are_one_build_and_one_line(kg: Kg, feed: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    first = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", "-", "--graph", str(graph), *RULES],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert first.stdin
    while not (graph / ".lock").exists():
        assert first.poll() is None
        time.sleep(0.05)
    assert "another build" in one_line(kg("build", str(feed), "--graph", str(graph), *RULES), 1)
    first.communicate(as_jsonl(PAPERS).encode())
    assert first.returncode == 0
    assert kg("build", str(feed), "--graph", str(graph), *RULES).returncode == 0
    assert '"id": "three"' in exported(str(graph))


def test_an_interrupt_keeps_what_was_read_and_leaves_nobody_behind(tmp_path: Path) -> None:
    first, _ = write_feeds(tmp_path)
    graph = tmp_path / "g"
    command = [sys.executable, "-m", "kg", "build", str(first), "--graph", str(graph), "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)
    while not list((graph / "ledger").glob("entries-*.parquet")):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error.decode()) == (130, "kg: stopped\n")
    with contextlib.suppress(ProcessLookupError):
        for _ in range(200):
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        pytest.fail("workers outlive the interrupt")
    assert build([], graph, extractor="rules").papers == 240
