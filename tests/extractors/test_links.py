"""Which URLs are found in sloppy text, how they are cleaned, and what kind each is."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractors.links import clean_url, find_links, link_kind, repository_of
from kg.records import LINK_KINDS

REPO = "https://github.com/a/b"


def urls(text: str) -> list[str]:
    return [link.url for link in find_links(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Code: https://github.com/a/b",
        "Code is at https://github.com/a/b.",
        "at https://github.com/a/b, and",
        "at https://github.com/a/b; at",
        "at https://github.com/a/b: at",
        "at https://github.com/a/b!",
        "at https://github.com/a/b...",
        "at https://github.com/a/b…",
        "at https://github.com/a/b .",
        "(https://github.com/a/b).",
        "(code: https://github.com/a/b), and",
        "https://github.com/a/b) addresses",
        "a URL(https://github.com/a/b)and",
        "[https://github.com/a/b].",
        "{https://github.com/a/b}.",
        "<https://github.com/a/b>",
        "[code](https://github.com/a/b).",
        '"https://github.com/a/b".',
        "`https://github.com/a/b'.",
        "“https://github.com/a/b”",
        "https://github.com/a/b's code",
        "**https://github.com/a/b**",
        "_https://github.com/a/b_",
        "$https://github.com/a/b$",
        r"\url{https://github.com/a/b}.",
        r"\href{https://github.com/a/b}{\textcolor{blue}{here}}.",
        r"\href{here}{https://github.com/a/b}",
        r"\footnote{Code: https://github.com/a/b.}",
        r"\footnote{\url{https://github.com/a/b}}",
        r"\verb+github.com/a/b+.",
        r"\color{magenta}github.com/a/b}",
        r"https://github.com/a/b\\",
        r"https://github.com/a/b\footnote{x}",
        "at~github.com/a/b~and",
        '<a href="https://github.com/a/b">this https URL</a>',
        "&lt;https://github.com/a/b&gt;",
        "athttps://github.com/a/b",
        "results.https://github.com/a/b",
        "HTTPS://GitHub.com/a/b",
        "github.com/a/b.",
        "GitHub.com/a/b",
        "https://github.com/a/b.Our code",
        "代码：https://github.com/a/b。",
        "（https://github.com/a/b），",
        "代码在github.com/a/b的主页",
        "https：//github.com/a/b",
        "https://github.com/a/\u200bb\u200b.",
        "\ufeffgithub.com/a/b",
        "https: //github.com/a/b",
        "https:// github.com/a/b",
        "https: // github. com/a/b.",
        "https://github. com/a/b.",
        "https://\ngithub.com/a/b",
        "https;//github.com/a/b",
        "https:/github.com/a/b",
        "https//github.com/a/b",
        "https://githubhttps://github.com/a/b",
        "https://https://github.com/a/b",
    ],
)
def test_wrapping_is_left_off(text: str) -> None:
    assert urls(text) == [REPO]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"https://github.com/a/b\_c\_d.", "https://github.com/a/b_c_d"),
        (r"https://github.com/a/b{\_}c.", "https://github.com/a/b_c"),
        (r"https://github.com/a/b\textunderscore{}c", "https://github.com/a/b_c"),
        (r"https://www.cs.x.edu/$\sim$me/p.", "https://www.cs.x.edu/~me/p"),
        (r"https://www.cs.x.edu/\~{}me/p.", "https://www.cs.x.edu/~me/p"),
        (r"https://www.cs.x.edu/{\textasciitilde}me", "https://www.cs.x.edu/~me"),
        ("https://www.robots.ox.ac.uk/~vgg/x/.", "https://www.robots.ox.ac.uk/~vgg/x/"),
        (r"https://x.org/8\#learn\_it}{x}", "https://x.org/8#learn_it"),
        ("https://x.org/p?a=1&amp;b=2.", "https://x.org/p?a=1&b=2"),
        (r"https://x.org/p?a=1\&b=2", "https://x.org/p?a=1&b=2"),
        ("https://x.org/#/a.", "https://x.org/#/a"),
        ("https://x.org:8080/a", "https://x.org:8080/a"),
        ("http://10.0.0.1:8080/a", "http://10.0.0.1:8080/a"),
        ("http://x.org/a", "http://x.org/a"),
        ("ftp://ftp.x.org/a.tgz", "ftp://ftp.x.org/a.tgz"),
        ("(see http://x.org/a_(b))", "http://x.org/a_(b)"),
        ("doi.org/10.1016/S0140-6736(20)30183-5.", "https://doi.org/10.1016/S0140-6736(20)30183-5"),
        ("https://x.org/a(see", "https://x.org/a"),
        ("https://www.synapse.org/Synapse:syn6/files.", "https://www.synapse.org/Synapse:syn6/files"),
        ("https://web.archive.org/web/2020/https://x.org/a", "https://web.archive.org/web/2020/https://x.org/a"),
        ("https://X-y.GitHub.io/Path.", "https://x-y.github.io/Path"),
        ("https://a.github.io.We show", "https://a.github.io"),
        ("https://github.com/a/b.vlp.", "https://github.com/a/b.vlp"),
        ("https://github.com/a/b‑c", "https://github.com/a/b-c"),
        ("https://münchen.de/straße.", "https://münchen.de/straße"),
        ("https://xn--mnchen-3ya.de/x", "https://xn--mnchen-3ya.de/x"),
        ("https://例え.テスト/パス。", "https://例え.テスト/パス"),
        # A space within the URL.
        ("https://github.com/a/b- c.", "https://github.com/a/b-c"),
        ("https://github.com/a- b/c is", "https://github.com/a-b/c"),
        ("https://github.com/ a-b/c is", "https://github.com/a-b/c"),
        ("https://github.com/a/ b-c. We", "https://github.com/a/b-c"),
        ("https: // github. com/ a-b/ c2-d .", "https://github.com/a-b/c2-d"),
        ("https://a-b.github.io/ c-d/.", "https://a-b.github.io/c-d/"),
        ("https://a14. github.io/Dual/.", "https://a14.github.io/Dual/"),
        # No space within the URL.
        ("https://github.com/a/b for more", REPO),
        ("https://a.github.io/ and a video", "https://a.github.io/"),
        ("https://a.github.io/ Code: none", "https://a.github.io/"),
        ("https://a.github.io/ pre-trained models", "https://a.github.io/"),
        ("https://x.org/a- and", "https://x.org/a-"),
        ("https://opensyndrome.org. The Open/Closed format", "https://opensyndrome.org"),
        # No scheme.
        ("www.x.org, a", "https://www.x.org"),
        ("WWW.JD.com)", "https://www.jd.com"),
        ("a.github.io.", "https://a.github.io"),
        ("visit a-b.github.io/x", "https://a-b.github.io/x"),
        ("huggingface.co/datasets/a/b.", "https://huggingface.co/datasets/a/b"),
        ("rmc.dlr.de/s3li_dataset)", "https://rmc.dlr.de/s3li_dataset"),
        ("found at: dexwrist.csail.mit.edu.", "https://dexwrist.csail.mit.edu"),
        ("publicly available at projectaria.com, with", "https://projectaria.com"),
    ],
)
def test_cleaned_form(text: str, expected: str) -> None:
    assert urls(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "e.g. this, i.e. that, w.r.t. those, et al. and/or",
        "Node.js/Express, three.js, llama.cpp, file.txt, train.py/test.py, README.md, robots.txt",
        "v1.0/2.0, 3.5/4.0, 1.2.3.4, mAP@0.5, pass@1.In",
        "torch.nn.functional and sklearn.svm, cs.CV/cs.LG, ASP.NET/C#",
        "on all tasks.To address this, results.In particular",
        "Typica.ai, JD.com's, Snyk.io, AIMS.uk, ClinicalTrials.gov, Spore.fun/NOTAI.AI",
        "conversations from slashdot.org, which",
        "code on GitHub.com and huggingface.co.",
        "mail a.b@x.org, a@github.com/b or mailto:a@x.org; git@mail.org:a/b",
        "javascript:alert(1) javascript:x.org/a data:text/html,x data:x.org/a file:///etc/passwd s3://x.org/a",
        "https://user:password@x.org/a",
        "http:// https:// www. ftp:// http://localhost:80/a http://.org https://a..b/c",
        "HTTP/HTTPS servers; this https URL",
        "",
    ],
)
def test_not_a_url(text: str) -> None:
    assert urls(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/a/b,https://x.org/c",
        "https://github.com/a/b;https://x.org/c.",
        "https://github.com/a/bandhttps://x.org/c",
        "https://github.com/a/b and https://x.org/c",
        "https://github.com/a/b)(https://x.org/c)",
        r"\href{https://github.com/a/b}{https://x.org/c}",
        "[https://github.com/a/b](https://x.org/c)",
        "https://github.com/a/b，x.org/c",
        "Code:https://github.com/a/b.Data:https://x.org/c",
    ],
)
def test_two_urls(text: str) -> None:
    assert urls(text) == [REPO, "https://x.org/c"]


def test_every_occurrence_has_its_own_place() -> None:
    text = r"\href{https://github.com/a/b\_c}{github.com/a/b\_c}."
    first, second = find_links(text)
    assert first.url == second.url == "https://github.com/a/b_c"
    assert text[first.start : first.end] == r"https://github.com/a/b\_c"
    assert text[second.start : second.end] == r"github.com/a/b\_c"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/A/B", ("github.com", "A", "B")),
        ("http://www.github.com/a/b.git", ("github.com", "a", "b")),
        ("github.com//a//b/", ("github.com", "a", "b")),
        ("https://github.com/a/b/tree/main/c", ("github.com", "a", "b")),
        ("https://github.com/a/b/blob/main/c.py#L1", ("github.com", "a", "b")),
        ("https://github.com/a/b#readme", ("github.com", "a", "b")),
        ("https://github.com/a/b?tab=readme-ov-file", ("github.com", "a", "b")),
        (r"https://github.com/a/b\_c", ("github.com", "a", "b_c")),
        ("https://github.com/a/a.github.io", ("github.com", "a", "a.github.io")),
        ("https://raw.githubusercontent.com/a/b/main/c", ("github.com", "a", "b")),
        ("https://github.com/a", ("github.com", "a", "")),
        ("https://github.com/orgs/a/repositories", ("github.com", "a", "")),
        ("https://gist.github.com/a/12", ("gist.github.com", "a", "12")),
        ("https://gitlab.com/g/s/p/-/tree/main", ("gitlab.com", "g/s", "p")),
        ("https://gitlab.inria.fr/g/p.git", ("gitlab.inria.fr", "g", "p")),
        ("https://git.tu-berlin.de/g/p/tree/main", ("git.tu-berlin.de", "g", "p")),
        ("https://bitbucket.org/a/b/src/master", ("bitbucket.org", "a", "b")),
        ("https://anonymous.4open.science/r/X-1/README.md", ("anonymous.4open.science", "r", "X-1")),
        ("https://anonymous.4open.science/repository/1f", ("anonymous.4open.science", "repository", "1f")),
        ("https://anonymous.4open.science/w/X-1/", ("anonymous.4open.science", "r", "X-1")),
        ("https://sourceforge.net/p/X/code", ("sourceforge.net", "projects", "X")),
        ("https://anonymous.4open.science", None),
        ("https://gist.github.com/12", None),
        ("https://github.com", None),
        ("https://github.com/topics/vision", None),
        ("https://docs.github.com/en/rest", None),
        ("https://a.github.io/b", None),
        ("https://git-a.github.io/b", None),
        ("https://git-scm.com/a/b", None),
        ("https://github.com.evil.org/a/b", None),
        ("https://github.com@evil.org/a/b", None),
        ("https://huggingface.co/a/b", None),
        ("https://x℀.org/a/b", None),
        ("", None),
    ],
)
def test_repository_of(url: str, expected: tuple[str, str, str] | None) -> None:
    assert repository_of(url) == expected
    assert (link_kind(url) == "repository") == (expected is not None)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://huggingface.co/a/b", "model"),
        ("https://huggingface.co/a", "model"),
        ("https://hf.co/datasets/a/b", "dataset"),
        ("https://huggingface.co/spaces/a/b", "demo"),
        ("https://huggingface.co/papers/2401.00001", "other"),
        ("https://huggingface.co/collections/a/b-1", "other"),
        ("https://modelscope.cn/models/a/b", "model"),
        ("https://www.kaggle.com/datasets/a/b", "dataset"),
        ("https://www.kaggle.com/competitions/a", "other"),
        ("https://zenodo.org/records/1", "dataset"),
        ("https://doi.org/10.5281/zenodo.1", "dataset"),
        ("https://doi.org/10.6084/m9.figshare.1", "dataset"),
        ("https://doi.org/10.1000/1", "other"),
        ("https://arxiv.org/abs/2401.00001", "other"),
        ("https://bit.ly/x", "other"),
        ("https://github.com/", "other"),
        ("https://colab.research.google.com/drive/1", "demo"),
        ("https://a-b.hf.space", "demo"),
        ("https://a-demo.github.io/", "demo"),
        ("https://x.org/omni_demo/", "demo"),
        ("https://datasets.x.org", "dataset"),
        ("https://data.x.org/a", "dataset"),
        ("https://www.youtube.com/watch?v=1", "video"),
        ("https://youtu.be/1", "video"),
        ("https://vimeo.com/1", "video"),
        ("https://www.bilibili.com/video/1", "video"),
        ("https://a.github.io/b-dataset", "project"),
        ("https://sites.google.com/view/a", "project"),
        ("https://democracy.org/a", "project"),
        ("https://x.org/a", "project"),
        ("ftp://x.org/a", "other"),
    ],
)
def test_link_kind(url: str, kind: str) -> None:
    assert link_kind(url) == kind


def test_component() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_links")
    doc = nlp("Code: github.com/a/b.")
    assert doc.user_data["kg.links"] == find_links(doc.text)


PIECES = st.one_of(
    st.sampled_from(
        [":", "/", "//", "https", "http: //", "ftp://", "www.", ".io", ".We", "org", "datasets", "ab", "/a/b"]
    ),
    st.sampled_from(
        ["https://", "github.com", "https://github.com/", "https://x.org/", "huggingface.co", "x.github.io"]
    ),
    st.sampled_from(["\\_", "{\\_}", "\\url{", "\\href{", "$\\sim$", "\\textunderscore", "&amp;", "&gt;", "--", "and"]),
    st.sampled_from([*" \n\t.,;()[]{}~-_+#?&%@=!'\"`$\\é1代。：／ſİ", "\u00a0", "\u200b", "\u2011"]),
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text(text: str) -> None:
    end = 0
    for link in find_links(text):
        assert end <= link.start < link.end <= len(text)
        end = link.end
        written = text[link.start : link.end]
        assert written[0].isalnum()
        assert written[-1] not in ".,;:!?'\"\u200b"
        assert written.count(")") <= written.count("(")
        assert link.url == clean_url(written) == clean_url(link.url)
        assert link.url.startswith(("https://", "http://", "ftp://"))
        assert not any(c.isspace() or c in '\\{}<>"' for c in link.url)
        assert link.kind in LINK_KINDS


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean_url(clean_url(text)) == clean_url(text)
    link_kind(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a", "a.", "a-", "http://", "http://a.", "https://a.bc/)/", "https://a.b/=https://", "a.http//", "\\_", "{\\_}",
        "(", "\u200ba", "&amp;", "代", "https://a. b. c. ", "https://github.com/ a-b/ ", "at a.com ", "a@b.co", "x.in/",
        "https://a.bc/" + "." * 1900 + "x", "https://a.bc/x" + ".We" * 600 + " ", "https://a.bc/" + "(" * 1900,
        "https://a.bc/- " + " " * 500,
    ],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = (unit * (300_000 // len(unit) + 1))[:300_000]
    # Half a second on a slow machine; in quadratic time it would take many minutes.
    assert all(text[link.start : link.end] for link in find_links(text))
    clean_url(text)
    link_kind(text)
