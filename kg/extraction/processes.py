"""Extraction in worker processes: Python runs one thread at a time, so that threads leave cores idle.

The parent hands out batches of texts and takes the answers in the order in which it handed them out. It reads ahead by
a fixed number of batches, so that memory does not grow with the feed.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver

from spacy.language import Language

import extractors
from kg.errors import ExtractionError
from kg.records import Extraction
from kg.stores.start import without_main

# Texts that a worker takes at a time: few enough that the last ones are not waited for long, at 20 ms a text.
_BATCH = 16
# Batches under way for each worker: one that it reads, and two that wait.
_AHEAD = 3
# A worker that was killed is replaced. Where none gets a batch done so many times in a row, something is wrong.
_TRIES = 3

Batch = tuple[str, ...]
Answers = list[Extraction]


@dataclass(slots=True)
class _Job:
    """A batch, and where its answers will be; `None` where it has to be handed out (again)."""

    batch: Batch
    answers: Future[Answers] | None = None

    def answered(self) -> bool:
        return self.answers is not None and self.answers.done() and self.answers.exception() is None


def extract_apart(texts: Iterable[str], extractor: str, workers: int) -> Iterator[Extraction]:
    """Yield what each text says, in the order of `texts`, read by `workers` processes.

    A process that dies is replaced and its texts are read again. Raises `ExtractionError` where that does not help.
    """
    source = iter(texts)
    jobs: deque[_Job] = deque()
    pool, died = _pool(extractor, workers), 0
    try:
        while True:
            while len(jobs) < workers * _AHEAD and (batch := tuple(itertools.islice(source, _BATCH))):
                jobs.append(_Job(batch))
            if not jobs:
                return
            try:
                with _interrupts_later(), without_main():
                    for job in jobs:
                        job.answers = job.answers or pool.submit(_read, job.batch)
                answers = jobs[0].answers.result()  # type: ignore[union-attr]
            except BrokenProcessPool:
                died += 1
                if died == _TRIES:
                    raise ExtractionError(
                        f"worker processes died {_TRIES} times in a row (killed, or not enough memory); what was read "
                        "is kept: run the command again with fewer --workers"
                    ) from None
                pool.shutdown(wait=True)
                pool = _pool(extractor, workers)
                for job in jobs:
                    job.answers = job.answers if job.answered() else None
                continue
            died = 0
            jobs.popleft()
            yield from answers
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(extractor: str, workers: int) -> ProcessPoolExecutor:
    """Workers of a fresh server process: to fork this one, with its threads, is not safe."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start, (extractor,))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    if threading.current_thread() is threading.main_thread():
        # Inherited: an interrupt while the server starts would have it print a traceback.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        forkserver.ensure_running()
        signal.signal(signal.SIGINT, before)
    return ProcessPoolExecutor(workers, context, _start, (extractor,))


@contextlib.contextmanager
def _interrupts_later() -> Iterator[None]:
    """Hold an interrupt back until the end: one while a worker starts would leave it without the pool it belongs to."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


_nlp: Language | None = None


def _start(extractor: str) -> None:
    """Make a worker ready. An interrupt is the parent's business, and a worker does not outlive its parent."""
    global _nlp
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _nlp = extractors.load(extractor)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(batch: Batch) -> Answers:
    assert _nlp is not None  # noqa: S101 - `_start` has run
    return [extractors.extraction(_nlp(text)) for text in batch]
