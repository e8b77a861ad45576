"""Whatever bytes come, a reader yields entries and what it set aside, or raises one of our own errors, in one line."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.read import READERS, Reading, read
from kg.records import Entry
from tests.read.test_arxiv_atom import ATOM
from tests.read.test_arxiv_oai import DELETED, DUBLIN, FULL, HEAD, RAW
from tests.read.test_bibliographies import BIB, RIS
from tests.read.test_hf_text import ABSTRACT, FURNITURE
from tests.read.test_json_forms import DAILY, S2, SNAPSHOT, WORK

WHOLE = [
    ATOM,
    f"{HEAD}<ListRecords>{FULL}{RAW}{DELETED}{DUBLIN}</ListRecords></OAI-PMH>",
    BIB,
    RIS,
    f"{FURNITURE}One\n\n{ABSTRACT}\n\nTwo\n\n{ABSTRACT}\n",
    json.dumps([DAILY, DAILY]),
    "\n".join(map(json.dumps, (SNAPSHOT, WORK, S2))),
    json.dumps({"meta": {"count": 1}, "results": [WORK]}, indent=1),
    'title,abstract,authors\n"A ""b""",c,"d; e"\nf,g,h\n',
]
MARKS = [
    b"\0",
    b"\xff",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\n\n",
    b"\r",
    b"<",
    b"&",
    b"\\",
    b"@",
    b"TY  - ",
    b"\xef\xbb\xbf",
]


def outcome(data: bytes, form: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        path.write_bytes(data)
        with contextlib.suppress(KgError):
            for item in read(str(path), Reading(format=form)):
                if isinstance(item, Entry):
                    assert item.paper.title.strip()
                    assert item.paper.abstract.strip()
                else:
                    assert item.reason
                    assert len(item.raw) <= 10_000


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([None, *READERS]))
@example(b"PAR1" + b"\0" * 20, None)
@example(b"PK\x03\x04" + b"\0" * 60, None)
@example(b"BZh9" + b"\0" * 20, None)
@example(b"\xff\xfe", None)
def test_any_bytes(data: bytes, form: str | None) -> None:
    outcome(data, form)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_a_feed_that_was_damaged(text: str, data: st.DataObject) -> None:
    damaged = text.encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(damaged)))
        stop = min(len(damaged), start + data.draw(st.sampled_from([0, 0, 1, 5, 200])))
        damaged = damaged[:start] + data.draw(st.sampled_from([b"", *MARKS]) | st.binary(max_size=8)) + damaged[stop:]
    outcome(damaged, data.draw(st.sampled_from([None, *READERS])))
