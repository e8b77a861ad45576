"""Extraction on a Ray cluster: Ray Data hands shards of texts to actors on all its machines.

The shards are Parquet files in a folder that every machine sees. Where a machine is lost, its shards are read again on
the others. Answers come in the order of the texts.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import extractors
from kg.errors import ExtractionError
from kg.folder.ledger import decode, encode
from kg.records import Extraction

# Texts in a shard: what is read again where a machine is lost.
_SHARD = 500
# Ray gives up on its own helpers when the machine they ran on is lost; we ask again, so many times in a row.
_TRIES = 3


class Reader:
    """What runs on the cluster: a pipeline that reads shards."""

    def __init__(self, extractor: str) -> None:
        self._nlp = extractors.load(extractor)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """A row for each text of the shards whose paths are in column `path`: its number, and what the ledger holds."""
        rows = [row for path in batch["path"] for row in pq.read_table(str(path)).to_pylist()]
        return {
            "number": [row["number"] for row in rows],
            "extraction": [encode(extractors.extraction(self._nlp(row["text"]))) for row in rows],
        }


def extract_on_ray(texts: Iterable[str], extractor: str, address: str, work: Path) -> Iterator[Extraction]:
    """Yield what each text says, in their order, read on the Ray cluster at `address` ("" starts one on this machine).

    Raises `ExtractionError` where Ray is not installed, the cluster cannot be reached, or it fails.
    """
    # Nothing is sent anywhere that was not asked for.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError:
        raise ExtractionError("the engine ray is not installed: pip install 'paper-kg[ray]'") from None
    folder = Path(tempfile.mkdtemp(prefix=".shards-", dir=work.resolve()))
    try:
        shards = _write_shards(texts, folder)
        with _connected(ray, address):
            yield from _in_order(ray, shards, extractor)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_shards(texts: Iterable[str], folder: Path) -> dict[Path, range]:
    """Write Parquet files of `_SHARD` numbered texts each; the numbers in each."""
    rest, shards = enumerate(texts), {}
    while part := list(itertools.islice(rest, _SHARD)):
        numbers = range(part[0][0], part[-1][0] + 1)
        path = folder / f"{numbers.start:09d}.parquet"
        pq.write_table(pa.table({"number": list(numbers), "text": [text for _, text in part]}), path)
        shards[path] = numbers
    return shards


def _in_order(ray: Any, shards: dict[Path, range], extractor: str) -> Iterator[Extraction]:
    """The answers in the order of the numbers; shards without them are asked for again where Ray fails."""
    waiting: dict[int, str] = {}
    number, failed = 0, 0
    while missing := [
        path for path, numbers in shards.items() if any(n >= number and n not in waiting for n in numbers)
    ]:
        try:
            for answers in _answers(ray, missing, extractor):
                failed = 0
                waiting.update(answers)
                while number in waiting:
                    yield decode(waiting.pop(number))
                    number += 1
        except ray.exceptions.RayError as error:
            failed += 1
            if failed == _TRIES:
                reason = next((line for line in reversed(str(error).splitlines()) if line.strip()), "")
                raise ExtractionError(
                    f"Ray: {type(error).__name__}: {reason.strip()[:300]}; what was read is kept. Every machine of the "
                    f"cluster needs paper-kg and must see the folder {missing[0].parent.parent}"
                ) from None


def _answers(ray: Any, shards: list[Path], extractor: str) -> Iterator[Iterable[tuple[int, str]]]:
    """What Ray Data gives for `shards`, as it comes."""
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    data = ray.data.from_items([{"path": str(path)} for path in shards], override_num_blocks=len(shards))
    actors = max(1, int(ray.cluster_resources().get("CPU", 1)))
    found = data.map_batches(
        Reader,
        fn_constructor_args=(extractor,),
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=actors),
    )
    for batch in found.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield zip(batch["number"].to_pylist(), batch["extraction"].to_pylist(), strict=True)


@contextlib.contextmanager
def _connected(ray: Any, address: str) -> Iterator[None]:
    """Join the cluster; leave it at the end, unless somebody else had joined it in this process."""
    joined = ray.is_initialized()
    if not joined:
        where = address or "this machine"
        try:
            if match := re.fullmatch(r"(?:ray://)?\[?([^/\]]+)\]?:(\d+)", address):
                # Ray itself would try for minutes.
                socket.create_connection((match[1], int(match[2])), timeout=10).close()
            ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR")
        except (OSError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ExtractionError(f"Ray at {where}: cannot be joined ({reason}); check --address") from None
    try:
        yield
    finally:
        if not joined:
            ray.shutdown()
