"""BibTeX as reference managers and libraries write it: each kind with siblings. All papers are invented."""

from __future__ import annotations

import pytest

from kg.read.latex import decode
from tests.read.conftest import Parse


def entry(fields: str, kind: str = "article", key: str = "k") -> str:
    return f"@{kind}{{{key},\n{fields},\n abstract = {{Words of an abstract.}}\n}}\n"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{R}o{BERT}a", "RoBERTa"),
        (r"Bi{LSTM}-{CRF}", "BiLSTM-CRF"),
        (r"{Graph{SAGE}}", "GraphSAGE"),
        (r"x{LSTM} and {{De}{BERT}a}V3", "xLSTM and DeBERTaV3"),
        (r"{T}ransformer-{XL}{--}{II}", "Transformer-XL–II"),
        (r"\textbf{RiverNet} and \emph{Tree{Net}}", "RiverNet and TreeNet"),
        (r"{\em RiverNet}, {\bf\em TreeNet}, {\sc Leaf{Net}}", "RiverNet, TreeNet, LeafNet"),
        (r"\textbf{\textit{RiverNet}}\footnote{https://example.org/a}", "RiverNet (https://example.org/a)"),
        (r"\texttt{river\_net} v2", "river_net v2"),
        (r"River\textsubscript{base}, 2\textsuperscript{nd}", "Riverbase, 2nd"),
        (r"\href{https://example.org/x}{our page}", "our page (https://example.org/x)"),
        (r"at \url{https://example.org/a_b%20c}.", "at https://example.org/a_b%20c."),
        (r"a \LaTeX\ study, \LaTeX{} too", "a LaTeX study, LaTeX too"),
        (r"{BERT}\$\_\{{\textbackslash}textrm\{base\}\}\$ by 5{\textbackslash}\%", "BERT_base by 5%"),
        (r"{\textbackslash}textbf\{RiverNet\} needs \$O(n{\textasciicircum}2)\$", "RiverNet needs $O(n^2)$"),
        (r"{\textbackslash}emph\{Leaf\_Net\} is 3{\textbackslash}\% \& more", "Leaf_Net is 3% & more"),
        (r"$\text{Creek}_{base}$ and $\mathbf{81.2}$%", "Creek_base and 81.2%"),
        (r"$\mathrm{River}_{\mathrm{large}}$, $\texttt{Tree}$", "River_large, Tree"),
        (r"cost $O(n^2)$ and $\alpha_{x}$", r"cost $O(n^2)$ and $\alpha_{x}$"),
        (r"``Long'' texts{---}and `short' ones", "“Long” texts—and ‘short’ ones"),
        (r"78{\textasciitilde}80, \~{}3", "78~80, ~3"),
        (r"\textquotedblleft{}Big\textquotedblright{} \textregistered", "“Big” ®"),
        (r"Nguy{\~{\^e}}n, Nguy\~{\^e}n, {\DJ}or{\d{d}}e", "Nguyễn, Nguyễn, Đorḍe"),
        (r"\method{} beats \ours", r"\method beats \ours"),
    ],
)  # fmt: skip
def test_what_the_author_meant(latex: str, text: str) -> None:
    assert decode(latex) == text


def test_keys_and_macros_without_regard_to_case(parse: Parse) -> None:
    entries, aside = parse(
        '@STRING{Team = {River Team}}\n@string(PRE = "Elm " # "and ")\n@String{Both = pre # TEAM}\n'
        + entry("AUTHOR = team, TITLE = PRE # {Oak Nets}, YEAR = 2015, MONTH = MAR")
        + entry('Author = {Quill, Ada} # { and } # "Stern, Bo", Title = bOTH # { Nets}, Year = {2016}, Month = {{DEC}}')
    )
    first, second = (e.paper for e in entries)
    assert (first.title, first.authors, str(first.published)) == ("Elm and Oak Nets", ("River Team",), "2015-03-01")
    assert (second.title, str(second.published)) == ("Elm and River Team Nets", "2016-12-01")
    assert second.authors == ("Ada Quill", "Bo Stern")
    assert not aside


def test_a_field_twice_is_read_and_said_once(parse: Parse) -> None:
    entries, aside = parse(
        entry('title = {First}, title = {Second}, Keywords = "a", KEYWORDS = "b", keywords = "c"')
        + entry("title = {Third}, year = 2001, year = 2002")
    )
    assert [(e.paper.title, str(e.paper.published)) for e in entries] == [("First", "None"), ("Third", "2001-01-01")]
    assert not aside
    assert [note.kind for note in parse.notes] == ["a field stands twice in an entry; the first was taken"] * 2


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Quill, Ada and others", ("Ada Quill",)),
        ("Quill, Ada and et al.", ("Ada Quill",)),
        ("Quill, Ada et al.", ("Ada Quill",)),
        ("Ada Quill AND Bo Stern aNd 3 others", ("Ada Quill", "Bo Stern")),
        ("{ACL Organization for Rivers and Trees}", ("ACL Organization for Rivers and Trees",)),
        ("{Society of Rivers and Lakes} and Quill, A.B.", ("Society of Rivers and Lakes", "A. B. Quill")),
        ("{{OpenRiver Team}} and {Quill, Inc.}", ("OpenRiver Team", "Quill, Inc.")),
        ("[No author name available]", ()),
        ("Anonymous and {Anonymous Author}", ()),
        ("van der Berg, Jan and Jan van der Berg and {van der Berg}, Jan", ("Jan van der Berg",) * 3),
        ("Li, Jr., Wei and Li, Wei, Jr. and Wei {Li Jr.}", ("Wei Li Jr",) * 3),
        ("{Ku{\\v{z}}el}, Ond{\\v r}ej and G{\\\"o}del, K.", ("Ondřej Kužel", "K. Gödel")),
        ("Quill, A. B. and Quill, A.B. and A.~B. Quill and A.B.~Quill", ("A. B. Quill",) * 4),
        ("Quill, Ada\n   and\n\tStern, Bo", ("Ada Quill", "Bo Stern")),
    ],
)  # fmt: skip
def test_who_wrote_it(parse: Parse, authors: str, names: tuple[str, ...]) -> None:
    entries, _ = parse(entry(f"title = {{T}}, author = {{{authors}}}"))
    assert entries[0].paper.authors == names


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ('year = 2024, month = "10~" # jan', "2024-01-10"),
        ('year = 2024, month = jan # "~10"', "2024-01-10"),
        ('year = 2024, month = jan # " 10--12"', "2024-01-10"),
        ("year = 2024, month = {15 May}", "2024-05-15"),
        ("year = 2024, month = {May 15}", "2024-05-15"),
        ("year = 2024, month = {May--June}", "2024-05-01"),
        ("year = 2024, month = {Nov./Dec.}", "2024-11-01"),
        ("year = 2024, month = {Sept.}", "2024-09-01"),
        ("year = 2024, month = {SEP}", "2024-09-01"),
        ("year = 2024, month = {05}", "2024-05-01"),
        ("year = 2024, month=5, day=17", "2024-05-17"),
        ("year = 2024, month=may, day={3}", "2024-05-03"),
        ("date={2024-05/2024-06}", "2024-05-01"),
        ("date={2024-05-17/}", "2024-05-17"),
        ("date={2024-05-17T10:00:00}", "2024-05-17"),
        ("date={2024-05~}, year=1999", "2024-05-01"),
        ("date={May 17, 2024}", "2024-05-17"),
        ("year={2024, in press}", "2024-01-01"),
        ("year={(2024)}", "2024-01-01"),
        ("year={c2024}", "2024-01-01"),
        ("year={2024-05-17}", "2024-05-17"),
        ("year={2024}, month={13}", "2024-01-01"),
        ("year={in press}", "None"),
        ("year={in press}, month=may", "None"),
    ],
)
def test_when(parse: Parse, fields: str, day: str) -> None:
    entries, _ = parse(entry(f"title = {{T}}, {fields}"))
    assert str(entries[0].paper.published) == day


def test_a_date_that_is_not_understood_is_said(parse: Parse) -> None:
    parse(entry("title={T}, year={Smarch}") + entry("title={U}, year={2001}"))
    assert [(note.kind, note.text) for note in parse.notes] == [("a date is not understood", "Smarch")]


def test_an_entry_inside_an_abstract_or_a_comment_is_no_paper(parse: Parse) -> None:
    entries, aside = parse(
        "@article{a, title={Outer}, abstract={We cite\n@article{inner, title={Inner}, abstract={Not a paper.}}\n"
        "as BibTeX does.}}\n"
        "@comment{\n@article{gone, title={Gone}, abstract={Not a paper.}}\n}\n"
        "@Comment{jabref-meta: databaseType:bibtex;}\n"
        "@misc{b, title={After}, abstract={Mail ada@misc{x, y} now.}}\n"
    )
    assert [e.paper.title for e in entries] == ["Outer", "After"]
    assert "as BibTeX does." in entries[0].paper.abstract
    assert not aside


def test_an_entry_that_was_not_closed_loses_itself_alone(parse: Parse) -> None:
    entries, aside = parse(
        "@misc{a, title={A}, abstract={open {brace.}}\n\n@misc{b,\n title={B},\n abstract={Fine.}\n}\n"
        '@misc{c, title="C", abstract="a } too many"}\n@misc{d,\n title={D}, abstract={Fine.}}\n'
    )
    titles = [e.paper.title for e in entries]
    assert {"B", "D"} <= set(titles)
    assert len(entries) + len(aside) == 4


def test_ids_wherever_they_stand(parse: Parse) -> None:
    entries, _ = parse(
        entry("title={A}, journal={CoRR}, volume={abs/2103.00020}")
        + entry("title={B}, note={arXiv:2103.00021 [cs]}")
        + entry("title={C}, howpublished={\\url{https://arxiv.org/abs/2103.00022}}")
        + entry("title={D}, eprint={arXiv:2103.00023v2}, eprinttype={arXiv}")
        + entry("title={E}, journal={arXiv preprint arXiv:2103.00024}, year=2021")
        + entry("title={F}, doi={\\url{https://doi.org/10.1234/f\\_g}}")
        + entry("title={G}, eprint={31234567}, eprinttype={pmid}")
    )
    ids = [e.paper.id for e in entries]
    assert ids[:5] == [f"arxiv:2103.0002{n}" for n in range(5)]
    assert ids[5] == "doi:10.1234/f_g"
    assert ids[6].startswith("paper:")


def test_parentheses_and_keys_of_any_kind(parse: Parse) -> None:
    entries, aside = parse(
        "@article(p, title = {P (1)}, abstract = {In (round) brackets.})\n"
        "@article{, title={Q}, abstract={No key.}}\n@article{a b c, title={R}, abstract={Spaces.}}\n"
        "@article{doi:10.1/x(y)z, title={S}, abstract={Signs.}}\n@article { t , title={T}, abstract={Blanks.} , }\n"
    )
    assert [e.paper.title for e in entries] == ["P (1)", "Q", "R", "S", "T"]
    assert not aside
