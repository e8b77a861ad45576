"""Tables in Parquet files; columns are found as in a CSV table."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import SourceError
from kg.read.columns import paper_of, table_columns
from kg.read.source import PARQUET, Source
from kg.read.unpack import spooled
from kg.records import Entry, SetAside

_ROWS = 1024


def is_parquet(head: str) -> bool:
    """Whether the file begins like a Parquet file."""
    return head == PARQUET


def read_parquet(source: Source) -> Iterator[Entry | SetAside]:
    """Yield an `Entry` for each row in order; memory holds the rows of a batch and the columns that are used."""
    try:
        with contextlib.ExitStack() as stack:
            stream = source.stream if source.stream.seekable() else stack.enter_context(spooled(source.stream))
            yield from _rows(source, stack.enter_context(pq.ParquetFile(stream)))
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{source.name}: is not a whole Parquet file ({error}); fetch it again") from None


def _rows(source: Source, file: pq.ParquetFile) -> Iterator[Entry | SetAside]:
    rank = number = 0
    columns = table_columns(source, file.schema_arrow.names)
    used = sorted(set(columns.values()))
    for batch in file.iter_batches(batch_size=_ROWS, columns=used):
        for row in batch.to_pylist():
            number += 1
            try:
                # An empty cell is a missing one.
                paper = paper_of({k: "" if v is None else v for k, v in row.items()}, columns, source.feed.name)
            except ValueError as error:
                yield source.aside(f"row {number}", str(error), str(row))
            else:
                rank += 1
                yield Entry(paper, source.feed, rank)
