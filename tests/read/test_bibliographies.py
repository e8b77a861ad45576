"""BibTeX and RIS, with what reference managers make of them."""

from __future__ import annotations

import pytest

from kg.read.latex import decode
from tests.read.conftest import Parse

BIB = r"""% Encoding: UTF-8
@string{proc = "Proceedings of Things"}
@comment{nothing to read}

@inproceedings{lee21,
  title     = {The {BERT} of M{\"u}nster: 40\% less \& more, $\alpha_{x}$},
  author    = {M{\"u}ller, J{\"o}rg and {Open Group} and Garc{\'\i}a L{\'o}pez, Mar{\'i}a
               and Zden\v{e}k Ho\v{r}ej{\v s}{\'i}},
  booktitle = proc,
  year = 2021, month = mar,
  doi = {https://doi.org/10.1234/ABC.5},
  abstract  = {We use 71% of it.
               See https://example.org/~x_y and {\L}ukasz's \ss.}
}
@article{none, title = "No Abstract", year = 2020}
@misc{eprint, title={Eprint}, eprint={2103.00020v2}, archivePrefix={arXiv}, date={2021-02-26}, abstract={Text.}}
@article{open, title = {Never Closed
@article{last,
  title = {After It}, abstract = "Fine.", journal = {arXiv preprint arXiv:2101.00001}, year={2021}
}
"""


def test_bibtex(parse: Parse) -> None:
    entries, aside = parse(BIB)
    first, second, third = (e.paper for e in entries)
    assert first.title == r"The BERT of Münster: 40% less & more, $\alpha_{x}$"
    assert first.abstract == "We use 71% of it. See https://example.org/~x_y and Łukasz's ß."
    assert first.authors == ("Jörg Müller", "Open Group", "María García López", "Zdeněk Hořejší")
    assert (first.id, str(first.published)) == ("doi:10.1234/abc.5", "2021-03-01")
    assert (second.id, str(second.published)) == ("arxiv:2103.00020", "2021-02-26")
    assert (third.id, third.title, str(third.published)) == ("arxiv:2101.00001", "After It", "2021-01-01")
    assert [(a.position, a.reason) for a in aside] == [
        ("line 15", "no abstract"),
        ("line 17", "not a BibTeX entry (the value of title has no end)"),
    ]


def test_entries_on_one_line_and_comments_that_are_no_text(parse: Parse) -> None:
    one = "@misc{%s, title={%s}, abstract={Words.}}"
    first = f"{one % ('a', 'A')} {one % ('b', 'B')}"
    second = "@article(c, title = {C}, abstract = {In parentheses.})"
    entries, aside = parse(f"{first}\n".encode() + b"caf\xe9, not UTF-8\n" + second.encode())
    assert [e.paper.title for e in entries] == ["A", "B", "C"]
    assert not aside


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Schr\"odinger", "Schrödinger"),
        (r"{\'E}cole \^{e}tre na\"{\i}ve", "École être naïve"),
        (r"Erd\H{o}s \c{C}a\u{g}lar {\AA}ngstr\"om \O rsted", "Erdős Çağlar Ångström Ørsted"),
        ("{A {nested} title}", "A nested title"),
        (r"$\{a, b\}$ and \(x_{i}\)", r"$\{a, b\}$ and \(x_{i}\)"),
        (r"a\_b \$5 100\%", "a_b $5 100%"),
        (r"\textbf{bold} and \method", r"bold and \method"),
        (r"\alpha \circ \beta", r"\alpha \circ \beta"),
        ("plain ~ text & 5% more_or_less #1", "plain ~ text & 5% more_or_less #1"),
    ],
)
def test_latex_becomes_text_and_mathematics_stays(latex: str, text: str) -> None:
    assert decode(latex) == text


RIS = """TY  - JOUR
AU  - Example, Ada
AU  - Sample, Bo, Jr
TI  - Long Short Memory
AB  - A cell keeps what it read.
 It forgets when told.
PY  - 1997/11/15/
DO  - doi:10.1162/NECO.1997.9.8.1735
UR  - https://example.org/lstm
ER  -

TY  - CONF
T1  - No Abstract
ER  -
TY  - RPRT
T1  - Not Ended
N2  - Words.
Y1  - 2001
UR  - https://arxiv.org/abs/2103.00020v3
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ris(parse: Parse, end: str) -> None:
    entries, aside = parse("\ufeff" + RIS.replace("\n", end))
    first, second = (e.paper for e in entries)
    assert (first.title, first.abstract) == ("Long Short Memory", "A cell keeps what it read. It forgets when told.")
    assert first.authors == ("Ada Example", "Bo Sample Jr")
    assert (first.id, str(first.published)) == ("doi:10.1162/neco.1997.9.8.1735", "1997-11-15")
    assert (second.id, second.abstract, str(second.published)) == ("arxiv:2103.00020", "Words.", "2001-01-01")
    assert [(a.position, a.reason) for a in aside] == [("line 12", "no abstract")]
