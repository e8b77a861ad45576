r"""Text as people see it: what mark-up becomes, what stays, and that the map leads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractors
from extractors.clean import clean
from extractors.links import find_links

PLAIN = (
    "We present RiverNet, a parser. RiverNet is trained on PileOfLaw and reaches an accuracy of 81.2% on LexGLUE. "
    "Code: https://github.com/quill-lab/rivernet"
)


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (r"\textbf{RiverNet} and \emph{very \textsc{Nested}}", "RiverNet and very Nested"),
        (r"{\em RiverNet} on {\bf COCO}", "RiverNet on COCO"),
        (r"{R}o{BERT}a, Bi{LSTM}-{CRF}, {Graph{SAGE}}", "RoBERTa, BiLSTM-CRF, GraphSAGE"),
        (r"\textbf{C}linically-\textbf{G}uided", "Clinically-Guided"),
        (r"$\texttt{RiverNet}$ reaches $\mathbf{81.2}$\%", "RiverNet reaches 81.2%"),
        (r"$F_1$, $L_2$, $\alpha$-divergence, 10$\times$, 92.3$\pm$0.2", "F_1, L_2, α-divergence, 10×, 92.3±0.2"),
        (r"BERT$_{base}$ in $\mathcal{O}(n\log n)$", "BERT_base in O(n log n)"),
        (r"\textsc{Open\_Bench} of M{\"u}ller, na\"ive", "Open_Bench of Müller, naïve"),
        (r"Table~1, et~al., Kullback--Leibler", "Table 1, et al., Kullback–Leibler"),
        (r"\href{https://x.org/a_b}{this link}, \url{https://x.org/a_b}", "this link, https://x.org/a_b"),
        ("**RiverNet** on *COCO*, `GLUE`, _BERT_ and [code](https://x.org)", "RiverNet on COCO, GLUE, BERT and code"),
        ("<i>RiverNet</i> on <jats:bold>COCO</jats:bold>", "RiverNet on COCO"),
        ('<a href="https://x.org">here</a> H<sub>2</sub>O', "here H_2O"),
        ("<jats:title>Abstract</jats:title><jats:p>We see", "Abstract\nWe see"),
        ("&ldquo;RiverNet&rdquo; &amp; 81&#37; &lt;i&gt;X&lt;/i&gt;", "“RiverNet” & 81% X"),
        (r"``RiverNet'' is \ours{}", "“RiverNet” is ours"),
    ],
)
def test_mark_up_is_undone(stored: str, seen: str) -> None:
    assert clean(f"T\n{stored}").text == f"T\n{seen}"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "It costs $5 million and $10 a day; A* and D* search, GPT-4* and BERT*; snake_case, __init__, x_1 = 2",
        "The tokens <think> and </think>, <s>, [MASK]; a < b and c > d; 5~10, ~100, {a, b}; run it with --fast",
        "https://x.org/a_b~c/--d?e=f and AT&T; R&D",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    found = clean(f"Title\n{text}")
    assert (found.text, found.starts) == (f"Title\n{text}", ())


MARKS = st.sampled_from(
    [
        *(
            "\\textbf{",
            "\\emph{",
            "{\\em ",
            "{",
            "}",
            "$",
            "$$",
            "\\",
            "\\%",
            "~",
            "--",
            "*",
            "**",
            "_",
            "`",
            "``",
            "''",
        ),
        *("<i>", "</i>", "<p>", "&amp;", "&#37;", "[", "](https://x.org)", "\\frac{", "\\alpha", "\\(", "\\)"),
        *("\n", " ", "https://"),
    ]
)
TEXTS = st.lists(st.one_of(MARKS, st.text(max_size=4)), max_size=30).map("".join)


@given(TEXTS)
def test_the_map_leads_back(text: str) -> None:
    found = clean(text)
    if not found.starts:
        assert found.text == text
        return
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert list(found.starts) == sorted(found.starts)
    assert list(found.ends) == sorted(found.ends)
    for place, character in enumerate(found.text):
        start, end = found.stored(place, place + 1)
        assert 0 <= start <= end <= len(text)
        if end == start + 1 and character.isascii() and character.isalnum() and text[start].isalnum():
            assert text[start] == character
            assert found.seen(start, end) == (place, place + 1)


@given(st.lists(st.sampled_from(["alpha", "Beta", "gamma2", "delta-e", "Net", "X"]), min_size=1, max_size=8))
def test_dressed_words_are_the_words(words: list[str]) -> None:
    plain = " ".join(words)
    for left, right in [("\\textbf{", "}"), ("{\\em ", "}"), ("**", "**"), ("<b>", "</b>"), ("$\\text{", "}$")]:
        assert clean(" ".join(f"{left}{word}{right}" for word in words)).text == plain


@pytest.mark.parametrize("mark", ["$", "{", "\\textbf{", "*a", "_a", "`", "<i ", "&amp;", "[a](", "\\frac{", "--"])
def test_a_hundred_thousand_marks_are_read_at_once(mark: str) -> None:
    # In quadratic time this would run for hours.
    assert clean("Title\n" + mark * 100_000 + " end").text.endswith(" end")


def test_a_name_space_of_xml_is_no_link() -> None:
    text = '<x:ext-link xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="https://x.org/a">https://x.org/a</x:ext-link>'
    assert {link.url for link in find_links(text)} == {"https://x.org/a"}


def test_offsets_cut_the_mention_out_of_the_stored_text() -> None:
    nlp = extractors.load()
    abstract = r"We present \textbf{RiverNet} and compare it with {R}o{BERT}a on \emph{ImageNet} and $\text{COCO}$."
    text = f"RiverNet: Reading\n{abstract}"
    found = extractors.extraction(nlp(text))
    assert all(m.text == text[m.start : m.end] for e in found.entities for m in e.mentions)
    assert {"RiverNet", "RoBERTa", "ImageNet", "COCO"} <= {e.name for e in found.entities}
    assert not any(mark in s for e in found.entities for s in (e.name, *e.surfaces) for mark in "\\{}$")
