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
from kg.read.days import day_or_note
from kg.read.latex import decode
from kg.read.markup import plain
from kg.read.people import names_of
from kg.records import Entry, Note
from tests.read.test_arxiv_atom import ATOM
from tests.read.test_arxiv_oai import DELETED, DUBLIN, FULL, HEAD, RAW
from tests.read.test_bibliographies import BIB, RIS
from tests.read.test_hf_text import ABSTRACT, FURNITURE
from tests.read.test_json_forms import DAILY, S2, SNAPSHOT, WORK
from tests.read.test_kinds_json import CSL
from tests.read.test_kinds_json import WORK as CROSSREF
from tests.read.test_kinds_tables import TABLES
from tests.read.test_kinds_tagged import NBIB, WOS
from tests.read.test_kinds_xml import PUBMED

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
    NBIB.format(dp="2019 Jun 5", pt="Review").strip() * 2,
    WOS.format(pd="AUG 5"),
    "%0 Journal Article\n%T A\n%A B, C\n%X D.\n%D 2023\n\n" * 2,
    PUBMED.format(kind="Review"),
    json.dumps({"message": {"items": [CROSSREF, CROSSREF]}}),
    json.dumps([CSL, CSL]),
    '@string{a = "b" # {c}}\n@article{k, title = a # {d}, author={A, B and {C and D}}, abstract={e \\emph{f}}}\n',
    *TABLES.values(),
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
    b"PMID- 1\n",
    b"ER\n",
    b"%0 ",
    b" and ",
    b"#",
    b"$",
    b"\x1b",
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
                    assert all(item.paper.authors)
                elif isinstance(item, Note):
                    assert item.kind
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


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "family", "given", "author", "date-parts", "year", "literal", "suffix"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
PIECES = st.lists(
    st.sampled_from(
        [
            "Quill",
            "Ada",
            "A.",
            "AB",
            ",",
            ";",
            "|",
            " and ",
            "Jr.",
            "van der",
            "et al.",
            "{",
            "}",
            "\\",
            "$",
            "(1)",
            "[",
            "'",
            "\n",
            "2024",
            "-",
            "/",
            "Mar",
            "14",
            ".",
            ":",
            "\\textbf{",
            '\\"o',
            "``",
            "--",
            "<i>",
            "</i>",
            "&amp;",
            "李伟",
            "\x1b",
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(ANYTHING | PIECES)
def test_what_reads_values_never_raises(value: object) -> None:
    for name in names_of(value):
        assert name.strip() == name != ""
        assert "\n" not in name
    day_or_note(value)
    day_or_note(value, "2024")
    if isinstance(value, str):
        decode(value)
        plain(value)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab {}\\$%&_-`'~^", max_size=60))
def test_latex_that_is_none(text: str) -> None:
    decoded = decode(text)
    assert not any(0xF0000 <= ord(c) <= 0xF0200 for c in decoded)
