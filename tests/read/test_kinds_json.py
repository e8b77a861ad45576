"""JSON of reference managers and of APIs. All papers are invented."""

from __future__ import annotations

import json

import pytest

from kg.errors import SourceError
from tests.read.conftest import Parse

WORK = {
    "DOI": "10.1234/R.1",
    "title": ["RiverNet: A <i>Light</i> Parser &amp; More"],
    "subtitle": ["For Long Texts"],
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title><jats:p>We present "
    "<jats:italic>RiverNet</jats:italic>.</jats:p></jats:sec><jats:p>It uses H<jats:sub>2</jats:sub>O &lt; 3.</jats:p>",
    "author": [
        {"given": "Ada", "family": "Quill", "suffix": "Jr."},
        {"name": "River Team"},
        {"given": "Jan", "family": "van der Berg"},
    ],
    "issued": {"date-parts": [[2024, 3]]},
    "published-online": {"date-parts": [[2024, 2, 27]]},
    "created": {"date-time": "2024-02-01T00:00:00Z"},
    "URL": "https://doi.org/10.1234/R.1",
}


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "ok", "message-type": "work", "message": WORK},
        {"status": "ok", "message-type": "work-list", "message": {"facets": {}, "query": {"search-terms": None},
         "total-results": 1, "items": [WORK], "items-per-page": 20}},
        {"message": {"items": [WORK], "query": {"a": "}"}}, "status": "ok"},
        {"items": [WORK]},
        [WORK],
        WORK,
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 1])
def test_crossref(parse: Parse, answer: object, indent: int | None) -> None:
    (entry,), aside = parse(json.dumps(answer, indent=indent))
    paper = entry.paper
    assert paper.id == "doi:10.1234/r.1"
    assert paper.title == "RiverNet: A Light Parser & More: For Long Texts"
    assert paper.abstract == "Background: We present RiverNet. It uses H2O < 3."
    assert paper.authors == ("Ada Quill Jr", "River Team", "Jan van der Berg")
    assert str(paper.published) == "2024-02-27"
    assert not aside


def test_crossref_withdrawn_and_without_a_title(parse: Parse) -> None:
    entries, aside = parse(
        json.dumps({"message": {"items": [
            {**WORK, "title": ["RETRACTED: RiverNet"], "subtitle": []},
            {**WORK, "DOI": "10.1234/r.2", "title": ["TreeNet"], "updated-by": [{"type": "retraction", "DOI": "10.1/x"}]},
            {**WORK, "title": []},
            {key: value for key, value in WORK.items() if key != "abstract"},
        ]}})
    )  # fmt: skip
    assert [e.paper.withdrawn for e in entries] == [True, True]
    assert [item.reason for item in aside] == ["no title", "no abstract"]


CSL = {
    "id": "x",
    "type": "article-journal",
    "title": "RiverNet",
    "abstract": "We present RiverNet.",
    "author": [{"family": "Quill", "given": "Ada"}, {"literal": "River Team"}],
    "issued": {"date-parts": [["2024", 3, "5"]]},
}


def test_csl(parse: Parse) -> None:
    entries, aside = parse(
        json.dumps([
            {**CSL, "DOI": "10.1234/R.1"},
            {**CSL, "issued": {"raw": "2024-03-05"}, "URL": "http://arxiv.org/abs/2403.01234"},
            {**CSL, "issued": {"literal": "5 March 2024"}, "number": "arXiv:2403.01235"},
            {**CSL, "note": "arXiv:2403.01236 [cs]", "issued": {"date-parts": [[2024, 3, 5], [2024, 3, 7]]}},
        ])
    )  # fmt: skip
    assert [e.paper.id for e in entries] == ["doi:10.1234/r.1", *(f"arxiv:2403.0123{n}" for n in (4, 5, 6))]
    assert {e.paper.authors for e in entries} == {("Ada Quill", "River Team")}
    assert {str(e.paper.published) for e in entries} == {"2024-03-05"}
    assert not aside


def test_zotero(parse: Parse) -> None:
    item = {
        "itemType": "preprint",
        "title": "RiverNet",
        "abstractNote": "We present RiverNet.",
        "creators": [
            {"firstName": "Some", "lastName": "Body", "creatorType": "editor"},
            {"firstName": "Ada", "lastName": "Quill", "creatorType": "author"},
            {"name": "River Team", "creatorType": "author"},
        ],
        "date": "March 5, 2024",
        "archiveID": "arXiv:2403.01234",
    }
    for answer in ([{"key": "A", "version": 1, "data": item}], {"items": [item]}, [item]):
        (entry,), _ = parse(json.dumps(answer))
        paper = entry.paper
        assert (paper.id, paper.authors) == ("arxiv:2403.01234", ("Ada Quill", "River Team"))
        assert str(paper.published) == "2024-03-05"


def test_openreview_europe_pmc_and_datacite(parse: Parse) -> None:
    note = {"id": "aB", "forum": "aB", "cdate": 1709596800000, "content": {"title": {"value": "RiverNet"},
            "abstract": {"value": "We present RiverNet."}, "authors": {"value": ["Ada Quill", "Bo Stern"]}}}  # fmt: skip
    (entry,), _ = parse(json.dumps({"notes": [note], "count": 1}))
    assert (entry.paper.authors, str(entry.paper.published)) == (("Ada Quill", "Bo Stern"), "2024-03-05")
    pmc = {"id": "1", "source": "MED", "doi": "10.1234/R.1", "title": "RiverNet.", "abstractText": "<h4>Background</h4>Nets.",
           "authorString": "Quill AB, Stern B.", "firstPublicationDate": "2024-03-05", "pubYear": "2024"}  # fmt: skip
    (entry,), _ = parse(json.dumps({"version": "6", "hitCount": 1, "resultList": {"result": [pmc]}}))
    assert (entry.paper.id, entry.paper.authors) == ("doi:10.1234/r.1", ("A. B. Quill", "B. Stern"))
    assert (entry.paper.abstract, str(entry.paper.published)) == ("Background: Nets.", "2024-03-05")
    cite = {"id": "10.1234/r.1", "attributes": {"doi": "10.1234/R.1", "titles": [{"title": "RiverNet"}], "creators": [
            {"name": "Quill, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Quill"}],
            "descriptions": [{"description": "Set.", "descriptionType": "Other"},
            {"description": "We present RiverNet.", "descriptionType": "Abstract"}], "publicationYear": 2024,
            "dates": [{"date": "2024-03-05", "dateType": "Issued"}]}}  # fmt: skip
    (entry,), _ = parse(json.dumps({"data": [cite], "meta": {"total": 1}}))
    assert (entry.paper.abstract, entry.paper.authors) == ("We present RiverNet.", ("Ada Quill",))
    assert str(entry.paper.published) == "2024-03-05"


def test_withdrawn_is_said(parse: Parse) -> None:
    line = {"title": "RiverNet", "abstract": "We present RiverNet."}
    lines = [
        {**line, "withdrawn": True},
        {**line, "is_retracted": "TRUE"},
        {**line, "title": "WITHDRAWN: RiverNet"},
        {**line, "title": "RETRACTED ARTICLE: RiverNet"},
        {**line, "title": "[Retracted] RiverNet"},
        {**line, "title": "RiverNet (Withdrawn)"},
        {**line, "abstract": "This paper has been withdrawn by the author due to an error in Eq. 3."},
        {**line, "comments": "This paper has been withdrawn by the authors"},
        {**line, "comments": "12 pages. Withdrawn due to a crucial error"},
    ]
    entries, _ = parse("\n".join(map(json.dumps, lines)))
    assert [e.paper.withdrawn for e in entries] == [True] * len(lines)
    not_so = [
        {**line, "withdrawn": False},
        {**line, "is_retracted": "False"},
        {**line, "title": "Retracted Neural Nets"},
        {**line, "title": "Detecting Withdrawn Papers: A Study"},
        {**line, "comments": "This paper supersedes the withdrawn arXiv:2103.00020"},
        {**line, "comments": "Withdrawn from ICLR 2024"},
        {**line, "abstract": "We study why papers are withdrawn."},
    ]
    entries, _ = parse("\n".join(map(json.dumps, not_so)))
    assert [e.paper.withdrawn for e in entries] == [None] * len(not_so)


def test_what_stands_for_an_abstract_is_none(parse: Parse) -> None:
    words = ["[No abstract available]", "No abstract available.", "N/A", "none", "null", "-", "Abstract not available",
             "No abstract", "NaN", "[Abstract not available]", "No abstract is available for this article."]  # fmt: skip
    _, aside = parse("\n".join(json.dumps({"title": "T", "abstract": word}) for word in words))
    assert [item.reason for item in aside] == ["no abstract"] * len(words)


@pytest.mark.parametrize(
    "data", ["", " \n", "[]", "[ ]", '{"results": []}', '{"message": {"items": []}}', "title,abstract\n"]
)
def test_an_empty_feed_is_no_failure(parse: Parse, data: str) -> None:
    assert parse(data) == ([], [])


def test_a_table_without_an_abstract(parse: Parse) -> None:
    for head in ("Title,Authors,Year,DOI", "Key\tTitle\tAuthor\tDate", "Document Title;Authors;Publication Year"):
        with pytest.raises(SourceError, match="no column looks like the abstract: name it with --map"):
            parse(head + "\nA,B,C,D\n")
