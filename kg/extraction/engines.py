"""Where texts are read: in this process, in worker processes, or on a Ray cluster."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import extractors
from extractors.tagger import cores
from kg.errors import UsageError
from kg.records import Extraction, Paper

__all__ = ["ENGINES", "Engine", "cores", "extract_papers", "extract_texts"]

# For fewer texts than this for each core, workers take longer to start than they save over threads: both keep two cores
# busy, but one process cannot keep many.
_WORTH_A_WORKER = 500


@dataclass(frozen=True, slots=True)
class Engine:
    """How extraction runs.

    `workers`: so many processes on this machine; 1 reads one text at a time in this one; `None` reads several in
    threads of this one; 0 has a process for each core where there are enough texts, and threads where not.
    `address`: of a running Ray cluster, for `name` "ray"; "" starts one on this machine.
    """

    name: str = "local"
    workers: int | None = None
    address: str = ""

    def __post_init__(self) -> None:
        if self.name not in ENGINES:
            raise UsageError(f"no engine is called {self.name!r}; there are: {', '.join(ENGINES)}")
        if self.address and self.name != "ray":
            raise UsageError("--address is that of a Ray cluster; add --engine ray")
        if self.workers is not None and self.workers < 0:
            raise UsageError(f"{self.workers} workers cannot work; give --workers 1 or more")


def extract_texts(
    texts: Iterable[str], extractor: str, engine: Engine | None = None, *, work: Path | None = None
) -> Iterator[Extraction]:
    """Yield what each of `texts` (title, line break, abstract) says, in their order, whatever the engine.

    Streaming: a bounded number of texts is under way. `work` is a folder for files on the way, which Ray needs, and
    on a cluster must lie where all its machines see it. Raises `ExtractionError` where workers cannot be kept alive.
    """
    engine = engine or Engine()
    return ENGINES[engine.name](texts, extractor, engine, work)


def extract_papers(
    papers: Iterable[Paper], extractor: str, engine: Engine | None = None
) -> Iterator[tuple[Paper, Extraction]]:
    """Like `extract_texts`, for papers: yields each with what its text says."""
    kept, read = itertools.tee(papers)
    return zip(kept, extract_texts((paper.text for paper in read), extractor, engine), strict=True)


def _local(texts: Iterable[str], extractor: str, engine: Engine, work: Path | None) -> Iterator[Extraction]:  # noqa: ARG001
    workers = engine.workers
    if workers == 0:
        workers, rest = cores(), iter(texts)
        head = list(itertools.islice(rest, _WORTH_A_WORKER * workers))
        texts = itertools.chain(head, rest)
        if workers > 1 and len(head) < _WORTH_A_WORKER * workers:
            workers = None
    if workers == 1:
        nlp = extractors.load(extractor)
        return (extractors.extraction(nlp(text)) for text in texts)
    if workers:
        from kg.extraction.processes import extract_apart

        return extract_apart(texts, extractor, workers)
    return (extractors.extraction(doc) for doc in extractors.load(extractor).pipe(texts, batch_size=64))


def _ray(texts: Iterable[str], extractor: str, engine: Engine, work: Path | None) -> Iterator[Extraction]:
    from kg.extraction.cluster import extract_on_ray

    if work is None:
        raise UsageError("the engine ray needs a graph folder; use kg build")
    return extract_on_ray(texts, extractor, engine.address, work)


ENGINES: dict[str, Callable[[Iterable[str], str, Engine, Path | None], Iterator[Extraction]]] = {
    "local": _local,
    "ray": _ray,
}
