"""References in tagged lines: RIS of many makers, PubMed, Web of Science, EndNote. All papers are invented."""

from __future__ import annotations

from tests.read.conftest import Parse


def titles(parse: Parse, data: str) -> list[str]:
    entries, aside = parse(data)
    assert not aside
    return [e.paper.title for e in entries]


def test_ris_with_stray_carriage_returns(parse: Parse) -> None:
    record = "TY  - JOUR\r\nTI  - {}\r\nAB  - Words.\r\nER  - \r\n\r\n"
    assert titles(parse, "\r\n\r" + record.format("A") + "\r\r\n\r" + record.format("B")) == ["A", "B"]
    assert titles(parse, record.replace("\r\n", "\r").format("A") + record.replace("\r\n", "\r").format("B")) == [
        "A",
        "B",
    ]


def test_ris_with_few_spaces_and_lines_before(parse: Parse) -> None:
    one = "TY - JOUR\nTI - {}\nAU - Stern, Bo\nAB - Words\n of two lines.\nER -\n"
    assert titles(parse, one.format("A") + one.format("B")) == ["A", "B"]
    numbered = "Provider: Ovid\nContent: text/x-ris\n\n1.\n<1>\nTY  -JOUR\nT1  -{}\nN2  -Words.\nER  -\n"
    assert titles(parse, numbered.format("C") + "\n2.\n" + numbered[29:].format("D")) == ["C", "D"]


def test_ris_of_ebsco_and_two_abstracts(parse: Parse) -> None:
    entries, aside = parse(
        "TY  - JOUR\nID  - 12345\nT1  - River Nets\nT2  - Trees\nAU  - Quill, A. B.\nAU  - Stern, Bo, Jr.\n"
        "Y1  - 2019/03//Mar2019\nAB  - First words.\nAB  - Resumen: otras palabras.\nUR  - https://example.org/1\nER  - \n"
        "TY  - JOUR\nT1  - Tree Nets\nA1  - Stern, Bo\nDA  - 2019/06/03/\nPY  - 2019///\nN2  - Words.\nAB  - Words.\n"
    )
    first, second = (e.paper for e in entries)
    assert first.abstract.startswith("First words.")
    assert first.authors == ("A. B. Quill", "Bo Stern Jr")
    assert [str(p.published) for p in (first, second)] == ["2019-03-01", "2019-06-03"]
    assert second.abstract == "Words."
    assert not aside


def test_ris_ids(parse: Parse) -> None:
    record = "TY  - GEN\nTI  - {}\nAB  - Words.\n{}\nER  - \n"
    entries, _ = parse(
        record.format("A", "AN  - arXiv:2103.00020")
        + record.format("B", "UR  - http://arxiv.org/abs/2103.00021v2\nUR  - https://example.org")
        + record.format("C", "DO  - arXiv:2103.00022v1")
        + record.format("D", "DO  - https://doi.org/10.48550/arXiv.2103.00023")
        + record.format("E", "M3  - doi: 10.1234/E")
        + record.format("F", "L1  - https://arxiv.org/pdf/2103.00024.pdf\nUR  - https://doi.org/10.1234/f")
    )
    assert [e.paper.id for e in entries] == [
        "arxiv:2103.00020",
        "arxiv:2103.00021",
        "arxiv:2103.00022",
        "arxiv:2103.00023",
        "doi:10.1234/e",
        "arxiv:2103.00024",
    ]


def test_ris_people_who_are_none_and_markup(parse: Parse) -> None:
    entries, _ = parse(
        "TY  - JOUR\nTI  - <i>River</i> Nets\nAU  - Quill, Ada\nAU  - et al.\nAU  - [Anonymous]\nPY  - n.d.\nAB  - W.\nER  - \n"
        "TY  - JOUR\nTI  - Tree Nets\nAU  - Ada Quill; Bo Stern\nPY  - 2020\nAB  - [No abstract available]\nER  - \n"
    )
    assert [(e.paper.authors, e.paper.published) for e in entries] == [(("Ada Quill",), None)]


NBIB = """
PMID- 1
DP  - {dp}
TI  - River nets of
      the north.
LID - 10.1234/R.1 [doi]
LID - e1 [pii]
AB  - We present RiverNet
      and test it.
FAU - Quill, Ada B
AU  - Quill AB
FAU - Stern, Bo Jr
AU  - Stern B Jr
CN  - River Team
PT  - {pt}
"""


def test_nbib(parse: Parse) -> None:
    data = NBIB.format(dp="2019 Jun 5", pt="Journal Article") + NBIB.format(dp="2019 Nov-Dec", pt="Review").replace(
        "PMID- 1", "PMID- 2"
    ).replace("R.1", "R.2").replace("River nets", "Tree nets")
    entries, aside = parse(data)
    first, second = (e.paper for e in entries)
    assert (first.id, first.title, str(first.published)) == (
        "doi:10.1234/r.1",
        "River nets of the north.",
        "2019-06-05",
    )
    assert first.abstract == "We present RiverNet and test it."
    assert first.authors == ("Ada B. Quill", "Bo Stern Jr", "River Team")
    assert str(second.published) == "2019-11-01"
    assert not aside


def test_nbib_withdrawn_and_without_full_names(parse: Parse) -> None:
    text = NBIB.format(dp="2019 Winter", pt="Retracted Publication")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("FAU"))
    ((entry,), _) = parse(text.strip())
    assert entry.paper.withdrawn is True
    assert entry.paper.authors == ("A. B. Quill", "B. Stern Jr", "River Team")
    assert str(entry.paper.published) == "2019-01-01"


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Quill, AB
   van der Berg, J
AF Quill, Ada B.
   van der Berg, Jan
TI River nets
   of the north
AB We present RiverNet
   and test it.
PD {pd}
PY 2018
DI 10.1234/r.1
ER

EF
"""


def test_web_of_science(parse: Parse) -> None:
    (entry,), aside = parse("\ufeff" + WOS.format(pd="AUG 15"))
    paper = entry.paper
    assert (paper.id, paper.title, paper.abstract) == (
        "doi:10.1234/r.1",
        "River nets of the north",
        "We present RiverNet and test it.",
    )
    assert (paper.authors, str(paper.published)) == (("Ada B. Quill", "Jan van der Berg"), "2018-08-15")
    assert not aside
    (entry,), _ = parse(WOS.format(pd="JUL-AUG").replace("AF Quill, Ada B.\n   van der Berg, Jan\n", ""))
    assert (entry.paper.authors, str(entry.paper.published)) == (("A. B. Quill", "J. van der Berg"), "2018-07-01")


def test_web_of_science_without_an_end(parse: Parse) -> None:
    record = WOS.format(pd="AUG").split("VR 1.0\n")[1].replace("EF\n", "")
    entries, aside = parse(
        "FN x\n" + record + record.replace("r.1", "r.2").replace("River", "Tree").replace("ER\n", "")
    )
    assert [e.paper.title for e in entries] == ["River nets of the north", "Tree nets of the north"]
    assert not aside


def test_endnote_tags(parse: Parse) -> None:
    entries, aside = parse(
        "%0 Journal Article\n%T River Nets\n%A Quill, Ada\n%A Stern, Bo\n%A River Team,\n%D 2023\n%8 July 5\n"
        "%X We present\nRiverNet.\n%R 10.1234/R.5\n%U https://example.org\n\n"
        "%0 Generic\n%A Ada Quill\n%T Tree Nets\n%D 2022\n%X Words.\n%U https://arxiv.org/abs/2103.00020\n"
    )
    first, second = (e.paper for e in entries)
    assert (first.id, first.abstract, str(first.published)) == ("doi:10.1234/r.5", "We present RiverNet.", "2023-07-05")
    assert first.authors == ("Ada Quill", "Bo Stern", "River Team")
    assert (second.id, second.authors, str(second.published)) == ("arxiv:2103.00020", ("Ada Quill",), "2022-01-01")
    assert not aside
