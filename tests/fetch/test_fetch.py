"""`kg fetch` as a process, against a server that replays the documented answers of arXiv and Hugging Face."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from kg.read import read
from kg.records import Entry
from tests.fetch.conftest import Answer, Service

Kg = Callable[..., CompletedProcess[str]]

FIRST = datetime.date(2024, 1, 1)
ERROR = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<opensearch:totalResults>1</opensearch:totalResults><entry><id>http://arxiv.org/api/errors#incorrect_id</id>
<title>Error</title><summary>incorrect id format for 1</summary></entry></feed>"""


def atom(papers: list[tuple[int, datetime.date]], total: int) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2401.{number:05d}v2</id><published>{day}T18:00:00Z</published>"
        f"<title>Paper\n  {number}</title><summary>  We introduce Net-{number}.\n </summary>"
        "<author><name>Ada Example</name></author></entry>"
        for number, day in papers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title type="html">ArXiv Query</title>'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


def arxiv(by_day: int) -> Callable[[str, dict[str, str], int], Answer]:
    """An arXiv with so many papers every day of January 2024."""
    papers = [(day * by_day + n, FIRST + datetime.timedelta(days=day)) for day in range(31) for n in range(by_day)]

    def answer(path: str, asked: dict[str, str], _: int) -> Answer:
        assert path == "/api/query"
        found = papers if asked["sortOrder"] == "ascending" else papers[::-1]
        if span := re.search(r"submittedDate:\[(\d{8})0000 TO (\d{8})2359\]", asked["search_query"]):
            found = [paper for paper in found if span[1] <= f"{paper[1]:%Y%m%d}" <= span[2]]
        start = int(asked["start"])
        return Answer(atom(found[start : start + int(asked["max_results"])], len(found)))

    return answer


def fetched(kg: Kg, service: Service, *args: str) -> CompletedProcess[str]:
    return kg("fetch", args[0], "--base-url", service.url, "--pause", "0", "--cache", "cache", *args[1:])


def papers_in(path: Path) -> list[Entry]:
    return [item for item in read(str(path)) if isinstance(item, Entry)]


def test_some_days_of_a_category(kg: Kg, service: Service, tmp_path: Path) -> None:
    service.answers = arxiv(by_day=150)
    args = ("arxiv", "--category", "cs.CL", "--category", "cs.LG", "--from", "2024-01-03", "--to", "2024-01-05")
    done = fetched(kg, service, *args, "-o", "feed.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert "feed.jsonl: 450 papers" in done.stdout
    entries = papers_in(tmp_path / "feed.jsonl")
    assert [e.paper.id for e in entries] == [f"arxiv:2401.{n:05d}" for n in range(300, 750)]
    paper = entries[0].paper
    assert (paper.text, paper.authors) == ("Paper 300\nWe introduce Net-300.", ("Ada Example",))
    assert (str(paper.published), str(entries[0].feed.published)) == ("2024-01-03", "2024-01-05")
    assert service.calls[0][1]["search_query"].startswith("(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202401030000")
    assert [call[1]["start"] for call in service.calls] == ["0", "200", "400"]
    # The same again is answered from the cache, byte for byte.
    before = (tmp_path / "feed.jsonl").read_bytes()
    fetched(kg, service, *args, "-o", "feed.jsonl")
    assert (len(service.calls), (tmp_path / "feed.jsonl").read_bytes()) == (3, before)


def test_many_days_are_asked_for_in_parts(kg: Kg, service: Service, tmp_path: Path) -> None:
    service.answers = arxiv(by_day=150)
    fetched(kg, service, "arxiv", "--category", "cs.CL", "--from", "2024-01-01", "--to", "2024-01-31", "-o", "a.jsonl")
    assert len({e.paper.id for e in papers_in(tmp_path / "a.jsonl")}) == 150 * 31
    assert max(int(call[1]["start"]) for call in service.calls) < 1000


def test_a_query_without_days_gives_the_newest(kg: Kg, service: Service, tmp_path: Path) -> None:
    service.answers = arxiv(by_day=10)
    done = fetched(kg, service, "arxiv", "--query", 'ti:"net work"', "--limit", "25")
    assert "arxiv-query-newest.jsonl: 25 papers" in done.stdout
    assert papers_in(tmp_path / "arxiv-query-newest.jsonl")[0].paper.title == "Paper 309"
    assert service.calls[0][1]["search_query"] == '(ti:"net work")'


def test_a_page_with_too_few_papers_is_asked_again(kg: Kg, service: Service, tmp_path: Path) -> None:
    whole = arxiv(by_day=150)
    empty = Answer(atom([], 300))
    service.answers = lambda path, asked, number: empty if number == 2 else whole(path, asked, number)
    args = ("arxiv", "--category", "cs.CL", "--from", "2024-01-03", "--to", "2024-01-04", "-o", "a.jsonl")
    done = fetched(kg, service, *args)
    assert "0 papers where it counts 100" in done.stderr
    assert len(papers_in(tmp_path / "a.jsonl")) == 300


def test_a_fetch_that_was_cut_off_goes_on(kg: Kg, service: Service, tmp_path: Path) -> None:
    whole = arxiv(by_day=150)
    stop = Answer("", 503, {"Retry-After": "9999"})
    service.answers = lambda path, asked, number: stop if number == 3 else whole(path, asked, number)
    args = ("arxiv", "--category", "cs.CL", "--from", "2024-01-03", "--to", "2024-01-05", "-o", "a.jsonl")
    done = fetched(kg, service, *args)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "goes on where it stopped" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert fetched(kg, service, *args).returncode == 0
    assert [call[1]["start"] for call in service.calls] == ["0", "200", "400", "400"]


def test_what_arxiv_refuses(kg: Kg, service: Service) -> None:
    service.answers = lambda *_: Answer(ERROR)
    done = fetched(kg, service, "arxiv", "--query", "id:1")
    assert (done.returncode, done.stderr) == (1, "kg: arXiv refuses the search: incorrect id format for 1\n")


def daily(papers: int) -> Callable[[str, dict[str, str], int], Answer]:
    """A Hugging Face with so many papers on every day but Sundays."""

    def answer(path: str, asked: dict[str, str], _: int) -> Answer:
        assert path == "/api/daily_papers"
        day = datetime.date.fromisoformat(asked["date"])
        start = int(asked["p"]) * int(asked["limit"])
        listed = range(papers if day.isoweekday() < 7 else 0)[start : start + int(asked["limit"])]
        records = [
            {
                "paper": {
                    "id": f"{day:%y%m}.{day.day:02d}{n:03d}",
                    "title": f"Paper {n}",
                    "summary": "We see\nthings." if n != 1 else "",
                    "publishedAt": f"{day}T00:00:00.000Z",
                    "submittedOnDailyAt": f"{day}T00:00:00.000Z",
                    "authors": [{"name": "Ada Example", "hidden": False}],
                },
                "publishedAt": f"{day}T01:00:00.000Z",
            }
            for n in listed
        ]
        return Answer(json.dumps(records), headers={"Content-Type": "application/json; charset=utf-8"})

    return answer


def test_daily_papers_of_some_days(kg: Kg, service: Service, tmp_path: Path) -> None:
    service.answers = daily(130)
    done = fetched(kg, service, "hf", "--from", "2024-03-16", "--to", "2024-03-18")
    assert done.returncode == 0
    assert "258 papers" in done.stdout
    assert "2 records left out; the first: answer 1, item 2: no abstract" in done.stderr
    entries = papers_in(tmp_path / "hf-2024-03-16-2024-03-18.jsonl")
    assert entries[0].paper.id == "arxiv:2403.16000"
    assert (entries[0].feed.name, str(entries[0].feed.published)) == ("hf-2024-03-16-2024-03-18", "2024-03-18")
    assert [(c[1]["date"], c[1]["p"]) for c in service.calls] == [
        ("2024-03-16", "0"),
        ("2024-03-16", "1"),
        ("2024-03-17", "0"),
        ("2024-03-18", "0"),
        ("2024-03-18", "1"),
    ]


def test_a_day_without_papers_writes_nothing(kg: Kg, service: Service, tmp_path: Path) -> None:
    service.answers = daily(3)
    done = fetched(kg, service, "hf", "--date", "2024-03-17")
    assert done.returncode == 1
    assert "no paper was found" in done.stderr
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["arxiv"], "give a --category"),
        (["arxiv", "--category", "cs.CL", "--from", "today"], "--from takes a day"),
        (["arxiv", "--category", "cs.CL", "--from", "2024-02-02", "--to", "2024-02-01"], "before they begin"),
        (["arxiv", "--category", "cs.CL", "--pause", "0"], "3 s between requests"),
        (["hf", "--date", "2024-01-01", "--to", "2024-01-01"], "either --date or"),
        (["hf", "--base-url", "nonsense", "--date", "2024-01-01", "--cache", "c"], "is no address"),
    ],
)
def test_wrong_use_is_one_line(kg: Kg, args: list[str], says: str) -> None:
    done = kg("fetch", *args)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_fetch_alone_says_what_there_is(kg: Kg) -> None:
    done = kg("fetch")
    assert (done.returncode, done.stderr) == (0, "")
    assert "arxiv" in done.stdout
    assert "hf" in done.stdout


def test_a_file_that_cannot_be_written(kg: Kg, service: Service) -> None:
    service.answers = daily(3)
    done = fetched(kg, service, "hf", "--date", "2024-03-18", "-o", "no/such/folder.jsonl")
    assert done.returncode == 1
    assert "choose another -o" in done.stderr
