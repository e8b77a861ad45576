"""XML of arXiv, PubMed and EndNote; what other XML is, is said. All papers are invented."""

from __future__ import annotations

import pytest

from kg.errors import SourceError
from tests.read.conftest import Parse

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:dc="http://purl.org/dc/elements/1.1/">{}</feed>"""
ENTRY = """<entry><id>{id}</id><title>{title}</title><summary>{summary}</summary>
<published>2025-03-14T00:00:00-04:00</published>{more}</entry>"""


def test_atom_of_the_feeds(parse: Parse) -> None:
    entries, aside = parse(
        ATOM.format(
            ENTRY.format(
                id="oai:arXiv.org:2503.09999v1",
                title="RiverNet",
                summary="arXiv:2503.09999v1 Announce Type: new \nAbstract: We present RiverNet.",
                more="<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Ada Quill, Bo Stern</dc:creator>",
            )
            + ENTRY.format(
                id="oai:arXiv.org:2503.09998v3",
                title="TreeNet",
                summary="arXiv:2503.09998v3 Announce Type: replace-cross\nAbstract: We present TreeNet. Abstract: art.",
                more="<dc:creator>Ada Quill (River Lab), Ond\\v{r}ej \\v{S}imek</dc:creator>",
            )
        )
    )
    first, second = (e.paper for e in entries)
    assert (first.id, first.abstract, first.authors) == (
        "arxiv:2503.09999",
        "We present RiverNet.",
        ("Ada Quill", "Bo Stern"),
    )
    assert second.abstract == "We present TreeNet. Abstract: art."
    assert second.authors == ("Ada Quill", "Ondřej Šimek")
    assert not aside


def test_rss_of_the_feeds(parse: Parse) -> None:
    item = """<item><title>{title}</title><link>https://arxiv.org/abs/{id}</link><description>arXiv:{id}v{v}
 Announce Type: {type}
Abstract: We present {title} &amp; more.</description><guid isPermaLink="false">oai:arXiv.org:{id}v{v}</guid>
<category>cs.CL</category><pubDate>Fri, 14 Mar 2025 00:00:00 -0400</pubDate>
<arxiv:announce_type>{type}</arxiv:announce_type><dc:creator>Ada Quill, Bo Stern</dc:creator></item>"""
    head = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"><channel><title>cs.CL updates</title>
<description>cs.CL updates on the arXiv.org e-print archive.</description>{}</channel></rss>"""
    entries, aside = parse(
        head.format(
            item.format(title="RiverNet", id="2503.09999", v=1, type="new")
            + item.format(title="TreeNet", id="2503.09998", v=2, type="replace")
        )
    )
    assert [e.paper.id for e in entries] == ["arxiv:2503.09999", "arxiv:2503.09998"]
    assert entries[0].paper.abstract == "We present RiverNet & more."
    assert entries[1].paper.authors == ("Ada Quill", "Bo Stern")
    assert str(entries[0].paper.published) == "2025-03-14"
    assert not aside
    assert parse(head.format("")) == ([], [])


def test_an_answer_that_is_an_error(parse: Parse) -> None:
    error = ENTRY.format(
        id="http://arxiv.org/api/errors#max_results_must_be_non-negative",
        title="Error",
        summary="max_results must be non-negative",
        more="<author><name>arXiv api core</name></author>",
    )
    good = ENTRY.format(id="http://arxiv.org/abs/2503.09999v1", title="Error", summary="We study errors.", more="")
    entries, aside = parse(ATOM.format(error + good))
    assert [e.paper.id for e in entries] == ["arxiv:2503.09999"]
    assert [item.reason for item in aside] == ["the source answered with an error: max_results must be non-negative"]


def test_withdrawn_in_atom_and_oai(parse: Parse) -> None:
    comment = "<arxiv:comment>This paper has been withdrawn by the author due to an error</arxiv:comment>"
    (entry,), _ = parse(
        ATOM.format(ENTRY.format(id="http://arxiv.org/abs/2503.09999v2", title="R", summary="W.", more=comment))
    )
    assert entry.paper.withdrawn is True
    raw = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>
<identifier>oai:arXiv.org:2503.0999{n}</identifier></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
<id>2503.0999{n}</id><version version="v1"><date>Wed, 12 Mar 2025 17:00:00 GMT</date><size>10kb</size></version>
<version version="v2"><date>Thu, 13 Mar 2025 17:00:00 GMT</date><size>{size}</size><source_type>{type}</source_type></version>
<title>Net {n}</title><authors>Ada Quill (1), Bo Stern (1 and 2), for the River Collaboration ((1) Lab, (2) Univ)</authors>
{comments}<abstract>Words.</abstract></arXivRaw></metadata></record></ListRecords></OAI-PMH>"""
    for n, size, kind, comments, expected in (
        (1, "0kb", "I", "", True),
        (2, "12kb", "D", "<comments>Withdrawn by arXiv administrators</comments>", True),
        (3, "12kb", "D", "<comments>12 pages</comments>", None),
    ):
        (entry,), _ = parse(raw.format(n=n, size=size, type=kind, comments=comments))
        assert entry.paper.withdrawn is expected
        assert entry.paper.authors[:2] == ("Ada Quill", "Bo Stern")
        assert entry.paper.authors[2:] == ("River Collaboration",)


PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://dtd.example/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">1</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2019</Year><Month>Jun</Month></PubDate></JournalIssue></Journal>
<ArticleTitle>River <i>nets</i> of H<sub>2</sub>O.</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="Y">10.1234/R.1</ELocationID>
<Abstract><AbstractText Label="BACKGROUND">We present <b>RiverNet</b>.</AbstractText>
<AbstractText Label="RESULTS">It is light.</AbstractText></Abstract>
<AuthorList><Author><LastName>Quill</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials></Author>
<Author><LastName>Stern</LastName><ForeName>Bo</ForeName><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>River Team</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2019</Year><Month>05</Month><Day>07</Day></ArticleDate>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""


def test_pubmed(parse: Parse) -> None:
    (entry,), aside = parse(PUBMED.format(kind="Journal Article"))
    paper = entry.paper
    assert (paper.id, paper.title) == ("doi:10.1234/r.1", "River nets of H2O.")
    assert paper.abstract == "BACKGROUND: We present RiverNet. RESULTS: It is light."
    assert paper.authors == ("Ada B. Quill", "Bo Stern Jr", "River Team")
    assert (str(paper.published), paper.withdrawn) == ("2019-05-07", None)
    assert not aside
    (entry,), _ = parse(PUBMED.format(kind="Retracted Publication").replace("ArticleDate", "Other"))
    assert (str(entry.paper.published), entry.paper.withdrawn) == ("2019-06-01", True)


def test_a_document_type_with_entities_is_refused(parse: Parse) -> None:
    with pytest.raises(SourceError, match="well-formed"):
        parse(PUBMED.format(kind="x").replace('"https://dtd.example/pubmed.dtd">', '"x" [<!ENTITY a "b">]>'))


def test_endnote_xml(parse: Parse) -> None:
    style = '<style face="normal" font="default" size="100%">{}</style>'
    record = f"""<record><database name="x.enl">x</database><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>{style.format("Quill, Ada")}</author><author>{style.format("River Team,")}</author></authors>
</contributors><titles><title>{style.format("River")}<style face="italic">Net</style></title></titles>
<dates><year>{style.format("2024")}</year><pub-dates><date>{style.format("5 March")}</date></pub-dates></dates>
<abstract>{style.format("We present RiverNet.")}</abstract>
<electronic-resource-num>{style.format("10.1234/R.1")}</electronic-resource-num></record>"""
    (entry,), aside = parse(f'<?xml version="1.0" encoding="UTF-8" ?><xml><records>{record}</records></xml>')
    paper = entry.paper
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.1234/r.1", "RiverNet", "We present RiverNet.")
    assert (paper.authors, str(paper.published)) == (("Ada Quill", "River Team"), "2024-03-05")
    assert not aside


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('<?xml version="1.0"?><modsCollection xmlns="http://www.loc.gov/mods/v3"><mods/></modsCollection>', "MODS"),
        ('<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>', "MARC"),
        ('<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><article key="x"/></dblp>', "DBLP"),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"/>', "RDF"),
        ("<!DOCTYPE html><html><head><title>x</title></head><body>x</body></html>", "web page"),
        ('<article xmlns:xlink="http://www.w3.org/1999/xlink" dtd-version="1.3"><front><article-meta/></front></article>', "JATS"),
        ('<TEI xmlns="http://www.tei-c.org/ns/1.0"/>', "TEI"),
        ('<?xml version="1.0"?><foo/>', "XML"),
        ("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
        ("\\documentclass{article}\n\\begin{document}\nx\n\\end{document}\n", "LaTeX"),
        ("cff-version: 1.2.0\ntitle: x\n", "citation file"),
        ("LEADER 00000nam a2200000\n=LDR  00000nam  2200000Ia 4500\n", "MARC"),
    ],
)  # fmt: skip
def test_what_is_recognised_and_not_read(parse: Parse, data: str, says: str) -> None:
    with pytest.raises(SourceError, match=rf"this is .*{says}.*, which kg does not read; "):
        parse(data)
