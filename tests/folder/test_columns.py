"""Parts of the ledger as other versions, or other hands, may have written them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.errors import StoreError
from kg.folder.ledger import Ledger, encode
from kg.records import Entry, Extraction, Feed, Paper

PAPER = Paper("arxiv:2401.00001", "A Title", "An abstract.")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path)
    made.add_entries([Entry(PAPER, Feed("daily"), 1)])
    made.add_extractions("rules-1", [(PAPER.content_hash, Extraction((), (), (), ((0, 20),)))])
    return made


def rewritten(ledger: Ledger, kind: str, **columns: pa.Array | None) -> None:
    path = ledger.folder / f"{kind}-000001.parquet"
    table = pq.read_table(path)
    for name, column in columns.items():
        index = table.column_names.index(name)
        table = table.remove_column(index) if column is None else table.set_column(index, name, column)
    pq.write_table(table, path)


@pytest.mark.parametrize("column", ["url", "source", "authors", "published", "feed_published"])
def test_what_an_older_version_did_not_write_has_its_default(ledger: Ledger, column: str) -> None:
    rewritten(ledger, "entries", **{column: None})
    assert [entry.paper for entry in ledger.entries()] == [PAPER]


def test_null_in_what_may_be_missing_is_the_default(ledger: Ledger) -> None:
    rewritten(ledger, "entries", url=pa.array([None], pa.string()))
    assert [entry.paper for entry in ledger.entries()] == [PAPER]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("title", None, "has no column title"),
        ("title", pa.array([None], pa.string()), "has nothing in the column title of a row"),
        ("rank", pa.array(["one"]), "has string in the column rank and not int64"),
        ("authors", pa.array([[None]], pa.list_(pa.string())), "has nothing in the column authors"),
    ],
)
def test_a_wrong_column_is_one_line(ledger: Ledger, column: str, value: pa.Array | None, said: str) -> None:
    rewritten(ledger, "entries", **{column: value})
    with pytest.raises(StoreError, match=rf"entries-000001\.parquet.*{said}.*--accept-loss"):
        list(ledger.entries())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", "[" * 100_000, encode(Extraction((), (), (), ())).replace("[]", "[7]")],
    ids=["nothing", "broken", "list", "null", "no keys", "deep", "numbers"],
)
def test_a_bad_extraction_is_one_line(ledger: Ledger, text: str) -> None:
    rewritten(ledger, "extractions", extraction=pa.array([text]))
    with pytest.raises(StoreError, match=r"extractions-000001\.parquet.*cannot be read.*delete it"):
        ledger.extractions("rules-1")
