"""Extraction on a Ray cluster: Ray Data reads shards of texts and hands them to actors on all its machines.

The shards are Parquet files in a folder that every machine sees. Where a machine is lost, Ray reads its shards again on
the others. Answers come in the order of the texts.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import extractors
from kg.errors import ExtractionError
from kg.ledger import decode, encode
from kg.records import Extraction

# Texts in a shard, which is what is read again where a machine is lost; and in a call of an actor.
_SHARD, _BATCH = 500, 16


class Reader:
    """What runs on the cluster: a pipeline that reads batches of texts."""

    def __init__(self, extractor: str) -> None:
        self._nlp = extractors.load(extractor)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Column `text` becomes column `extraction`, as the ledger holds it; `number` stays."""
        found = [encode(extractors.extraction(self._nlp(str(text)))) for text in batch["text"]]
        return {"number": batch["number"], "extraction": found}


def extract_on_ray(texts: Iterable[str], extractor: str, address: str, work: Path) -> Iterator[Extraction]:
    """Yield what each text says, in their order, read on the Ray cluster at `address` ("" starts one on this machine).

    Raises `ExtractionError` where Ray is not installed, the cluster cannot be reached, or it fails.
    """
    # Nothing is sent anywhere that was not asked for.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
    try:
        import ray
    except ImportError:
        raise ExtractionError("the engine ray is not installed: pip install 'paper-kg[ray]'") from None
    shards = Path(tempfile.mkdtemp(prefix=".shards-", dir=work.resolve()))
    try:
        count = _write_shards(texts, shards)
        with _connected(ray, address), _one_line(ray, shards):
            context = ray.data.DataContext.get_current()
            context.execution_options.preserve_order = True
            context.enable_progress_bars = False
            data = ray.data.read_parquet(str(shards), override_num_blocks=count)
            answers = data.map_batches(
                Reader, fn_constructor_args=(extractor,), batch_size=_BATCH, num_cpus=1, concurrency=(1, _cpus(ray))
            )
            waiting: dict[int, str] = {}
            following = itertools.count()
            number = next(following)
            batches: Any = answers.iter_batches(batch_size=None, batch_format="pyarrow")
            for batch in batches:
                waiting.update(zip(batch["number"].to_pylist(), batch["extraction"].to_pylist(), strict=True))
                while number in waiting:
                    yield decode(waiting.pop(number))
                    number = next(following)
    finally:
        shutil.rmtree(shards, ignore_errors=True)


def _write_shards(texts: Iterable[str], folder: Path) -> int:
    """Write Parquet files of `_SHARD` numbered texts each; returns how many files."""
    rest = enumerate(texts)
    for shard in itertools.count():
        part = list(itertools.islice(rest, _SHARD))
        if not part:
            return shard
        table = pa.table({"number": [number for number, _ in part], "text": [text for _, text in part]})
        pq.write_table(table, folder / f"{shard:06d}.parquet")
    raise AssertionError("unreachable")


def _cpus(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


@contextlib.contextmanager
def _connected(ray: Any, address: str) -> Iterator[None]:
    """Join the cluster; leave it at the end, unless somebody else had joined it in this process."""
    joined = ray.is_initialized()
    if not joined:
        try:
            ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", include_dashboard=None)
        except (ConnectionError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ExtractionError(f"Ray at {address or 'this machine'}: cannot be joined ({reason})") from None
    try:
        yield
    finally:
        if not joined:
            ray.shutdown()


@contextlib.contextmanager
def _one_line(ray: Any, shards: Path) -> Iterator[None]:
    """Ray's own errors, which are long, become one line of ours."""
    try:
        yield
    except ray.exceptions.RayError as error:
        reason = next((line for line in reversed(str(error).splitlines()) if line.strip()), type(error).__name__)
        raise ExtractionError(
            f"Ray: {reason.strip()[:300]}; what was read is kept. Every machine of the cluster needs paper-kg and must "
            f"see the folder {shards.parent}"
        ) from None
