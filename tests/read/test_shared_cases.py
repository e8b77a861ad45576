"""The small inputs of the project's case collection, where it lies beside the checkout, with their right values."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.read import read
from kg.records import Entry, Paper, SetAside

ADA, BO = "Ada Quill", "Bo Stern"
# File -> title's first words -> (authors, day) of each paper, in order.
RIGHT: dict[str, list[tuple[str, tuple[str, ...], str | None]]] = {
    "acl.bib": [("RiverNet: A Light Parser", (ADA, BO, "Jan van der Berg"), "2023-07-01")],
    "names.bib": [
        ("Acorn Nets in JMLR", ("A. Delgado de Rio", "M. Vigné", "Tom de Goor"), "2013-01-01"),
        (
            "Birch Nets: BiLSTM-CRF and RoBERTa, mT5 and GraphSAGE",
            ("Jörg Müller", "José García", "Ondřej Šimek", "Łukasz Kaiser", "Anh Nguyễn", "Đorḍe"),
            "2013-01-01",
        ),
        ("Cedar Nets", (ADA, BO), "2015-03-01"),
        ("Dogwood Nets", (ADA, BO), "2015-03-01"),
        ("Elm Nets", (ADA, BO), "2015-01-01"),
        ("Fir Nets", (ADA,), "2015-01-01"),
        ("Gum Nets @ Scale, 50% Less: a LaTeX Study", (ADA,), "2015-01-01"),
        ("Holly Nets", (ADA,), "2015-01-01"),
        ("Ivy Nets", (ADA,), "2015-01-01"),
    ],
    "wos.bib": [("Rivers of effects", (ADA, BO, "Ida Le Viol", "Cleo Teplow"), "2018-08-01")],
    "dupfield.bib": [("Software rivers", (ADA, BO), "2015-01-01")],
    "zotero.bib": [
        ("RiverNet: A Light Parser", (ADA, BO, "OpenRiver Team"), "2024-03-01"),
        ("Birch Nets", (ADA,), "2021-05-01"),
        ("Cedar Nets", (ADA,), "2021-05-03"),
        ("Dogwood Nets", (ADA,), "2019-01-01"),
        ("Elm Nets", (ADA,), "2019-01-10"),
        ("Fir Nets", (ADA,), "2019-09-01"),
    ],
    "ieee_xplore.ris": [("Acorn Nets", ("A. Quill",), None), ("Birch Nets", ("B. Stern",), None)],
    "ris_onespace.ris": [("Birch Nets", (BO,), "2019-01-01")],
    "ovid.ris": [("Birch Nets", (BO,), "2019-01-01"), ("Cedar Nets", (BO,), "2019-01-01")],
    "zotero.csv": [("RiverNet: A Light Parser", (ADA, BO), "2024-03-02"), ("Birch Nets", (ADA,), "2019-06-01")],
    "csl.json": [("RiverNet: A Light Parser", (ADA, BO), "2024-03-05")],
    "crossref.json": [("RiverNet: A Light Parser", (ADA,), "2024-03-05")],
    "openalex_export.csv": [("RiverNet: A Light Parser", (ADA, BO), "2024-03-02")],
    "oai_raw.xml": [("RiverNet: A Light Parser for Long Legal Texts", (ADA, BO, "Ondřej Šimek"), "2025-03-12")],
    "rss_atom.xml": [("RiverNet: A Light Parser", (ADA, BO), "2025-03-14")],
    "scopus.csv": [("RiverNet: A light parser", (ADA, BO), "2021-01-01")],
    "ieee.csv": [("RiverNet: a light parser", ("A. Quill", "B. Stern"), "2021-05-12")],
    "arxiv_dates.jsonl": [
        (f"A {word} paper", (), "2025-03-14") for word in ("reed", "rush", "sedge", "cane", "vine", "fern", "moss")
    ],
    "wos.txt": [("Rivers of effects", ("A. Quill", "B. Stern"), "2018-01-01"), ("Birch nets", ("B. Stern",), "2019-01-01")],
    "pubmed.nbib": [("Rivers of effects", (ADA,), "2019-06-01"), ("Birch nets of the north", (BO,), None)],
    "endnote.enw": [("RiverNet: A Light Parser", (ADA, BO), "2023-07-01")],
    "unbalanced.bib": [
        ("Second Paper on Birch Nets", (BO,), "2023-01-01"),
        ("Fourth Paper on Dogwood Nets", (BO,), "2023-01-01"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip(f"{folder}: not there")
    return folder


def papers(path: Path) -> tuple[list[Paper], list[SetAside]]:
    items = list(read(str(path)))
    return [i.paper for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, SetAside)]


@pytest.mark.parametrize("name", RIGHT)
def test_authors_and_days(cases: Path, name: str) -> None:
    found, _ = papers(cases / name)
    assert len(found) >= len(RIGHT[name])
    by_title = {paper.title: paper for paper in found}
    for title, authors, day in RIGHT[name]:
        (paper,) = (paper for known, paper in by_title.items() if known.startswith(title))
        assert paper.authors == authors
        assert (str(paper.published) if paper.published else None) == day


def test_texts_of_bibtex(cases: Path) -> None:
    (acl,), _ = papers(cases / "acl.bib")
    assert "We present RiverNet, a parser" in acl.abstract
    assert "Unlike DeepBrook and Creek_base, it is fast" in acl.abstract
    assert "20% of the time. On LexGLUE it reaches an accuracy of 81.2%, up from 78~80" in acl.abstract
    assert "https://github.com/quill-lab/river_net" in acl.abstract
    assert "https://huggingface.co/quill/rivernet" in acl.abstract
    assert acl.id == "doi:10.18653/v1/2023.acl-long.9999"
    (_, birch, *_), _ = papers(cases / "names.bib")
    assert "beat BiLSTM and RoBERTa on SQuAD. ELMo's cost" in birch.abstract
    assert "https://github.com/a/b_c" in birch.abstract
    (zotero, *_), _ = papers(cases / "zotero.bib")
    assert zotero.id == "arxiv:2403.01234"
    assert "It beats BERT_base by 5% and costs $O(n^2)$ & less. Code: https://github.com/quill-lab/river_net." in (
        zotero.abstract
    )


def test_a_field_that_stands_twice_is_said_once(cases: Path) -> None:
    (paper,), aside = papers(cases / "dupfield.bib")
    assert not aside
    assert paper.abstract.endswith("RiverNet is a parser of rivers. It was tested on LexGLUE.")


def test_entry_keys_without_a_letter_and_with_a_space_are_still_read(cases: Path) -> None:
    found, aside = papers(cases / "names.bib")
    assert len(found) == 9
    assert not aside


def test_authors_in_json_lines(cases: Path) -> None:
    found, _ = papers(cases / "odd_authors.jsonl")
    authors = {paper.title: paper.authors for paper in found}
    assert authors["A river paper"] == ("Wei Li", "José García", ADA)
    assert authors["A leaf paper"] == ("Wei Li", "José García", ADA)
    assert authors["A twig paper"] == (ADA, "Wei Li")
    assert authors["A root paper"] == ("Wei Li", ADA, BO, "Cy Tran")
    for name in ("bark", "sap", "bud", "pod"):
        assert authors[f"A {name} paper"] == ("Wei Li", ADA)
    assert authors["A seed paper"] == ("Wei Li Jr", ADA)
    assert authors["A stem paper"] == ("Wei Li", ADA)
    assert authors["A nut paper"] == (ADA, "Wei Li")
    assert authors["A sepal paper   with a wrapped title"] == ("C. Balázs", "E. L. Berger")
    days = {paper.title: str(paper.published) for paper in found if paper.published}
    assert days["A fern paper"] == "2025-03-01"
    assert days["A moss paper"] == "2025-03-01"
    for name in ("reed", "rush", "sedge", "cane", "vine", "herb", "weed"):
        assert days[f"A {name} paper"] == "2025-03-14"


def test_what_is_no_paper_is_set_aside(cases: Path) -> None:
    found, aside = papers(cases / "atom_error.xml")
    assert not found
    assert "answered with an error" in aside[0].reason
    _, aside = papers(cases / "scopus.csv")
    assert [item.reason for item in aside] == ["no abstract"]
    found, aside = papers(cases / "unbalanced.bib")
    assert len(found) + len(aside) == 4


def test_the_abstract_alone(cases: Path) -> None:
    (paper,), _ = papers(cases / "rss_atom.xml")
    assert paper.abstract.startswith("We present RiverNet, a parser")
    assert paper.id == "arxiv:2503.09999"
    (paper,), _ = papers(cases / "crossref.json")
    assert paper.abstract.startswith("We present RiverNet, a parser")
    assert paper.id == "doi:10.1234/jp.2024.7"
    (paper, _), _ = papers(cases / "wos.txt")
    assert "LexGLUE. It reaches an accuracy of 81 percent, which" in paper.abstract
    (paper, _), _ = papers(cases / "pubmed.nbib")
    assert paper.id == "doi:10.1111/pars.09999"
    assert paper.title == "Rivers of effects: light parsers for long legal texts"


def test_what_is_right_stays_so(cases: Path) -> None:
    with pytest.raises(SourceError):
        papers(cases / "cr.csv")
    found, _ = papers(cases / "odd1.jsonl")
    assert len(found) == 4
    assert found[0].title.startswith("</script><img src=x onerror=alert(1)>")
    assert len(papers(cases / "acro.jsonl")[0]) >= 1
