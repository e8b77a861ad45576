"""The JSON of other sources, each told by its own keys, in every container it comes in. The texts are our own."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from kg.errors import SourceError
from tests.read.conftest import Parse

DAILY = {
    "paper": {
        "id": "2103.00020",
        "authors": [{"_id": "64", "name": "Ada Example", "hidden": False}, {"_id": "65", "name": "Bo Sample"}],
        "publishedAt": "2021-02-26T19:04:58.000Z",
        "submittedOnDailyAt": "2021-03-01T00:00:00.000Z",
        "title": "Images and Captions\n  Learned Together",
        "summary": "A model is taught by captions.\nIt sorts images it was never shown.",
        "upvotes": 12,
    },
    "publishedAt": "2021-03-01T01:00:00.000Z",
    "title": "Images and Captions Learned Together",
    "numComments": 1,
}
SNAPSHOT = {
    "id": "1706.03762",
    "submitter": "Ada Example",
    "authors": "Ada Example, Zden\\v{e}k Ho\\v{r}ej\\v{s}\\'i",
    "title": "Only\n  Attention",
    "comments": "15 pages",
    "journal-ref": None,
    "doi": "10.1234/abc",
    "report-no": None,
    "categories": "cs.CL cs.LG",
    "license": None,
    "abstract": "  We leave out recurrence.\nOn translation it is\nbetter.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 12 Jun 2017 17:57:34 GMT"},
        {"version": "v2", "created": "Mon, 19 Jun 2017 16:49:45 GMT"},
    ],
    "update_date": "2023-08-03",
    "authors_parsed": [["Example", "Ada", ""], ["Ho\\v{r}ej\\v{s}\\'i", "Zden\\v{e}k", "Jr"]],
}
WORK = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.18653/V1/N19-1423",
    "title": "Reading Both Ways",
    "display_name": "Reading Both Ways",
    "publication_date": "2019-06-01",
    "ids": {"openalex": "https://openalex.org/W1"},
    "authorships": [{"author": {"display_name": "Ada Example"}}, {"author": {}, "raw_author_name": "Bo Sample"}],
    "abstract_inverted_index": {"It": [0, 3], "reads": [1, 4], "left.": [2], "right.": [5]},
    "primary_location": {"landing_page_url": "https://doi.org/10.18653/v1/n19-1423", "pdf_url": None},
    "locations": [],
}
S2 = {
    "paperId": "204e3073870fae3d05bcbc2f6a8e263d9b72e776",
    "corpusId": 13756489,
    "externalIds": {"ArXiv": "1706.03762", "DOI": "10.48550/arXiv.1706.03762", "CorpusId": 13756489},
    "url": "https://www.semanticscholar.org/paper/204e",
    "title": "Only Attention",
    "abstract": "We leave out recurrence.",
    "tldr": {"model": "tldr@v2.0.0", "text": "No recurrence."},
    "publicationDate": None,
    "year": 2017,
    "authors": [{"authorId": "1", "name": "Ada Example"}],
}


def test_hugging_face_daily_papers(parse: Parse) -> None:
    (entry,), aside = parse(json.dumps([DAILY, {"paper": {"id": "2103.00021", "title": "No Summary"}}]))
    paper = entry.paper
    assert (paper.id, paper.title) == ("arxiv:2103.00020", "Images and Captions Learned Together")
    assert paper.abstract == "A model is taught by captions. It sorts images it was never shown."
    assert (str(paper.published), paper.authors) == ("2021-02-26", ("Ada Example", "Bo Sample"))
    assert str(entry.feed.published) == "2021-03-01"
    assert [(a.position, a.reason) for a in aside] == [("item 2", "no abstract")]


def test_arxiv_snapshot(parse: Parse) -> None:
    (entry,), _ = parse(json.dumps(SNAPSHOT) + "\n")
    paper = entry.paper
    assert (paper.id, paper.title) == ("arxiv:1706.03762", "Only Attention")
    assert paper.abstract == "We leave out recurrence. On translation it is better."
    assert str(paper.published) == "2017-06-12"  # of the first version, not of the last change
    assert paper.authors == ("Ada Example", "Zdeněk Hořejší Jr")


def test_a_snapshot_line_without_versions_has_no_date(parse: Parse) -> None:
    (entry,), _ = parse(json.dumps(SNAPSHOT | {"versions": []}))
    assert entry.paper.published is None


def test_openalex_work(parse: Parse) -> None:
    (entry,), _ = parse(json.dumps(WORK) + "\n")
    paper = entry.paper
    assert paper.abstract == "It reads left. It reads right."
    assert (paper.id, str(paper.published)) == ("doi:10.18653/v1/n19-1423", "2019-06-01")
    assert paper.authors == ("Ada Example", "Bo Sample")


def test_an_openalex_work_that_is_on_arxiv_has_that_id(parse: Parse) -> None:
    (entry,), _ = parse(json.dumps(WORK | {"locations": [{"landing_page_url": "http://arxiv.org/abs/1810.04805v2"}]}))
    assert entry.paper.id == "arxiv:1810.04805"


@pytest.mark.parametrize(
    ("index", "says"),
    [
        (None, "no abstract"),
        ({"a": [10**12], "b": [0]}, ""),  # no text of a trillion words is made
        ({"a": ["x"]}, "no number"),
        ("text", "not an object"),
    ],
)
def test_inverted_indexes_of_all_kinds(parse: Parse, index: Any, says: str) -> None:
    entries, aside = parse(json.dumps(WORK | {"abstract_inverted_index": index}))
    assert [e.paper.abstract for e in entries] == ([] if says else ["b a"])
    assert [says in a.reason for a in aside] == ([True] if says else [])


def test_semantic_scholar(parse: Parse) -> None:
    (entry,), aside = parse("".join(json.dumps(r) + "\n" for r in (S2, S2 | {"abstract": None, "corpusId": 2})))
    paper = entry.paper
    assert (paper.id, str(paper.published), paper.authors) == ("arxiv:1706.03762", "2017-01-01", ("Ada Example",))
    assert paper.url == "https://arxiv.org/abs/1706.03762"
    assert "machine's summary" in aside[0].reason


PAGES = {
    "openalex": {"meta": {"count": 2, "page": 1, "groups_count": None}, "results": [WORK, WORK], "group_by": []},
    "semantic scholar": {"total": 2, "token": "x", "data": [S2, S2]},
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("times", [1, 2])
def test_pages_of_an_api(parse: Parse, name: str, indent: int | None, times: int) -> None:
    entries, aside = parse("\n".join([json.dumps(PAGES[name], indent=indent)] * times))
    assert (len(entries), aside) == (2 * times, [])


def test_pages_among_the_lines(parse: Parse) -> None:
    entries, aside = parse(f"{json.dumps(WORK)}\n{{broken\n{json.dumps(PAGES['openalex'])}\n")
    assert len(entries) == 3
    assert [a.position for a in aside] == ["line 2"]


def test_different_forms_in_one_gzipped_file(parse: Parse) -> None:
    records = [DAILY, SNAPSHOT | {"id": "1706.03763"}, WORK, S2, {"title": "Own", "abstract": "Own."}]
    entries, _ = parse(gzip.compress("".join(json.dumps(r) + "\n" for r in records).encode()))
    assert [e.paper.id.partition(":")[0] for e in entries] == ["arxiv", "arxiv", "doi", "arxiv", "paper"]
    assert [e.rank for e in entries] == [1, 2, 3, 4, 5]


def test_objects_over_several_lines(parse: Parse) -> None:
    entries, _ = parse("\n".join(json.dumps({"title": t, "abstract": "x"}, indent=2) for t in "abc"))
    assert [e.paper.title for e in entries] == ["a", "b", "c"]


def test_a_broken_object_of_an_array_is_set_aside_and_the_rest_is_read(parse: Parse) -> None:
    good = '{"title": "%s", "abstract": "[x] {\\" y"}'
    broken = ['{"title": "a" "b": [1, {"c": "}"}]}', "nonsense", "3", '{"title": "c", "abstract": "\\x"}']
    data = f"[{good % 'one'}, {', '.join(broken)}, {good % 'two'}]"
    entries, aside = parse(data.encode())
    assert [e.paper.title for e in entries] == ["one", "two"]
    assert [a.position for a in aside] == [f"item {n}" for n in (2, 3, 4, 5)]
    assert aside[0].raw == broken[0]


def test_braces_that_close_nothing_come_to_an_end(parse: Parse) -> None:
    entries, aside = parse('[}}, {"title": "a", "abstract": "b"}}}, {"title": "c", "abstract": "d"}]', format="json")
    assert [e.paper.title for e in entries] == ["a", "c"]
    assert [a.raw for a in aside] == ["}}", "}}"]


def test_invalid_utf8_in_an_array_is_one_record(parse: Parse) -> None:
    entries, aside = parse(b'[{"title":"a","abstract":"\xff"},{"title":"b","abstract":"\xc3\xa4"}]')
    assert [e.paper.abstract for e in entries] == ["ä"]
    assert [a.reason for a in aside] == ["not valid UTF-8"]


def test_an_array_of_more_than_a_chunk_is_read_whole(parse: Parse) -> None:
    records = [{"title": f"Title {n}", "abstract": "ä" * (n % 3000)} for n in range(1, 1500)]
    entries, aside = parse(json.dumps(records, ensure_ascii=False))
    assert [e.paper.title for e in entries] == [r["title"] for r in records if r["abstract"]]
    assert not aside or {a.reason for a in aside} == {"no abstract"}


def test_an_array_that_ends_early_is_a_damaged_file(parse: Parse) -> None:
    with pytest.raises(SourceError, match="ends inside a list"):
        parse(json.dumps([WORK, WORK, WORK])[:-200])


def test_a_form_can_be_forced(parse: Parse) -> None:
    record = {"title": "T", "abstract": "A.", "externalIds": {"DOI": "10.1234/x"}}
    assert parse(json.dumps(record))[0][0].paper.id == "doi:10.1234/x"
    assert parse(json.dumps(record), format="jsonl")[0][0].paper.id.startswith("paper:")


def test_keys_can_be_named(parse: Parse) -> None:
    entries, _ = parse('{"Kopf": "T", "Text": "A."}\n', columns={"title": "Kopf", "abstract": "Text"})
    assert entries[0].paper.text == "T\nA."
