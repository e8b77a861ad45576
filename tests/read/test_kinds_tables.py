"""Tables as the databases export them. All papers are invented."""

from __future__ import annotations

import pytest

from tests.read.conftest import Parse

ADA, BO = "Ada Quill", "Bo Stern"
WORDS = '"We present RiverNet, a parser."'
TABLES = {
    "dimensions": (
        "Rank,Publication ID,DOI,Title,Abstract,Source title,Publication Date,PubYear,Authors,Authors (Raw Affiliation)\n"
        f'1,pub.1,10.1234/r.1,RiverNet,{WORDS},Trees,2024-03-05,2024,"Quill, Ada; Stern, Bo","Quill, Ada (Lab)"\n'
    ),
    "lens": (
        '"Lens ID","Title","Date Published","Publication Year","Author/s","Abstract","DOI","External URL"\n'
        f'"1","RiverNet","2024-03-05","2024","Ada Quill; Bo Stern",{WORDS},"10.1234/R.1",""\n'
    ),
    "wos-excel": (
        "Publication Type\tAuthors\tAuthor Full Names\tArticle Title\tAbstract\tPublication Date\tPublication Year\tDOI\n"
        f"J\tQuill, A; Stern, B\tQuill, Ada; Stern, Bo\tRiverNet\t{WORDS}\tMAR 5\t2024\t10.1234/r.1\n"
    ),
    "wos-tab": (
        "PT\tAU\tBA\tAF\tTI\tSO\tAB\tPD\tPY\tDI\tUT\n"
        f"J\tQuill, A; Stern, B\t\tQuill, Ada; Stern, Bo\tRiverNet\tTREES\t{WORDS}\tMAR 5\t2024\t10.1234/r.1\tWOS:1\n"
    ),
    "scopus": (
        '"Authors","Author full names","Title","Year","DOI","Abstract","Date"\n'
        f'"Quill A.; Stern B.","Quill, Ada (572); Stern, Bo (573)","RiverNet","2024","10.1234/r.1",{WORDS},"5 March 2024"\n'
    ),
    "zotero": (
        '"Key","Item Type","Publication Year","Author","Title","DOI","Url","Abstract Note","Date","Date Added","Editor"\n'
        f'"A","journalArticle","2024","Quill, Ada; Stern, Bo","RiverNet","10.1234/r.1","",{WORDS},"March 5, 2024","2025-01-01",""\n'
    ),
    "ieee": (
        '"Document Title",Authors,"Publication Year","Abstract","DOI",Date Added To Xplore,Online Date\n'
        f'"RiverNet","Ada Quill; Bo Stern","2024",{WORDS},"10.1234/r.1","5 March 2024",""\n'
    ),
    "openalex": (
        "id,doi,display_name,publication_year,publication_date,is_retracted,authorships.author.display_name,abstract\n"
        f"https://openalex.org/W1,https://doi.org/10.1234/r.1,RiverNet,2024,2024-03-05,FALSE,Ada Quill|Bo Stern,{WORDS}\n"
    ),
    "kaggle": f"title,abstract,authors,published,doi\nRiverNet,{WORDS},\"['Ada Quill', 'Bo Stern']\",05 Mar 2024,10.1234/r.1\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_exports(parse: Parse, name: str) -> None:
    (entry,), aside = parse(TABLES[name])
    paper = entry.paper
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.1234/r.1", "RiverNet", "We present RiverNet, a parser.")
    assert paper.authors == (ADA, BO)
    assert str(paper.published) == "2024-03-05"
    assert paper.withdrawn is None
    assert not aside


def test_columns_that_are_empty_give_way_to_others(parse: Parse) -> None:
    (first, second), _ = parse(
        "Title,Abstract,Author full names,Authors,Publication Date,Year,Extra,DOI\n"
        'A,Words.,,"Quill A.; Stern B.",,2021,arXiv:2103.00020 [cs],\n'
        'B,Words.,"Quill, Ada (1)",Quill A.,MAY,2021,,\n'
    )
    assert (first.paper.authors, str(first.paper.published)) == (("A. Quill", "B. Stern"), "2021-01-01")
    assert first.paper.id == "arxiv:2103.00020"
    assert (second.paper.authors, str(second.paper.published)) == ((ADA,), "2021-05-01")


def test_openalex_retracted(parse: Parse) -> None:
    (entry,), _ = parse(TABLES["openalex"].replace("FALSE", "TRUE"))
    assert entry.paper.withdrawn is True
