"""Worker processes: the same answers in the same order for any number of them, also when some are killed."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from kg.errors import ExtractionError, UsageError
from kg.extraction import Engine, cores, extract_texts
from kg.extraction.processes import extract_apart
from kg.folder.ledger import encode
from tests.conftest import PAPERS


def texts(count: int) -> list[str]:
    return [
        f"{PAPERS[i % 3]['title']} {i}\n{PAPERS[i % 3]['abstract']} We compare it with Net{i}." for i in range(count)
    ]


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """What one worker says of 320 texts."""
    return [encode(found) for found in extract_texts(texts(320), "rules", Engine(workers=1))]


def test_the_answers_do_not_depend_on_the_workers(alone: list[str]) -> None:
    assert len(set(alone)) == len(alone)
    assert [encode(found) for found in extract_texts(texts(320), "rules")] == alone
    for workers in (2, 3):
        assert [encode(found) for found in extract_texts(texts(320), "rules", Engine(workers=workers))] == alone


def test_the_trained_pipeline_says_the_same_in_processes() -> None:
    some = texts(20)
    here = [encode(found) for found in extract_texts(some, "fast", Engine(workers=1))]
    assert [encode(found) for found in extract_apart(some, "fast", 2)] == here
    assert [encode(found) for found in extract_texts(some, "fast")] == here


def test_no_more_is_read_ahead_than_is_under_way() -> None:
    read = 0

    def source() -> Iterator[str]:
        nonlocal read
        for text in itertools.cycle(texts(3)):
            read += 1
            yield text

    answers = extract_apart(source(), "rules", 2)
    for _ in range(40):
        next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert read <= 40 + 2 * 4 * 16
    assert not multiprocessing.active_children()


def test_a_worker_that_is_killed_is_replaced(alone: list[str]) -> None:
    answers = extract_apart(texts(320), "rules", 2)
    found = [encode(next(answers)) for _ in range(10)]
    os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)
    found += map(encode, answers)
    assert found == alone


def test_workers_that_cannot_live_are_one_clear_error() -> None:
    over = threading.Event()

    def killer() -> None:
        while not over.is_set():
            for process in multiprocessing.active_children():
                process.kill()
            time.sleep(0.01)

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        with pytest.raises(ExtractionError, match="--workers"):
            list(extract_apart(texts(100), "rules", 2))
    finally:
        over.set()
        thread.join()


def test_an_engine_that_is_not_there_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="local, ray"):
        Engine("spark")
    with pytest.raises(UsageError, match="--engine ray"):
        Engine(address="host:6379")
    with pytest.raises(UsageError, match="workers"):
        Engine(workers=-1)


def test_workers_are_started_for_many_texts_only(alone: list[str]) -> None:
    few = extract_texts(texts(320), "rules", Engine(workers=0))
    assert [encode(next(few)) for _ in range(320)] == alone
    assert not multiprocessing.active_children()
    many = extract_texts(itertools.cycle(texts(320)), "rules", Engine(workers=0))
    assert [encode(next(many)) for _ in range(320)] == alone
    assert len(multiprocessing.active_children()) == (cores() if cores() > 1 else 0)
    many.close()  # type: ignore[attr-defined]
