"""Patience, politeness and memory of the HTTP client, against a real server."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from kg.errors import KgError, SourceError, UsageError
from kg.fetch import Client
from tests.fetch.conftest import Answer, Service

HOUR = datetime.timedelta(hours=1)
GOOD = Answer("good")


def check(body: bytes) -> str:
    return "" if body == b"good" else "not good"


def ask(service: Service, cache: Path | None = None, keep: datetime.timedelta | None = None, **own: object) -> bytes:
    told = own.pop("tell", lambda _: None)
    client = Client(0, cache, told, **own)  # type: ignore[arg-type]
    return client.get(f"{service.url}/list", {"q": "a b"}, check, keep)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (Answer("later", 503, {"Retry-After": "1"}), "503"),
        (Answer("slow down", 429, {"Retry-After": "1"}), "429"),
        (Answer("broken", 500), "500"),
        (Answer("goo", length=4), "no whole answer"),
        (Answer("<html>proxy login</html>", headers={"Content-Type": "text/html"}), "not good"),
        (Answer(""), "not good"),
    ],
)
def test_trouble_that_passes_is_waited_for(service: Service, bad: Answer, says: str) -> None:
    heard: list[str] = []
    service.answers = lambda _path, _parameters, number: bad if number == 1 else GOOD
    assert ask(service, tell=heard.append) == b"good"
    assert len(service.calls) == 2
    assert says in heard[0]
    assert service.times[1] - service.times[0] >= 1  # what the server asks for, or the first step back


def test_a_time_to_come_back_is_by_the_clock_of_the_server(service: Service) -> None:
    clock = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT", "Retry-After": "Mon, 01 Jan 2001 00:00:02 GMT"}
    service.answers = lambda _path, _parameters, number: Answer("", 503, clock) if number == 1 else GOOD
    assert ask(service) == b"good"
    assert service.times[1] - service.times[0] >= 2


@pytest.mark.parametrize("text", ["soon", "Mon, 01 Jan 2001 00:00:00", "-5"])
def test_a_retry_after_that_is_none_is_passed_over(service: Service, text: str) -> None:
    bad = Answer("", 503, {"Date": "Mon, 01 Jan 2001 00:00:00 GMT", "Retry-After": text})
    service.answers = lambda _path, _parameters, number: bad if number == 1 else GOOD
    assert ask(service) == b"good"


def test_a_server_that_asks_for_an_hour_is_not_waited_for(service: Service) -> None:
    service.answers = lambda *_: Answer("", 503, {"Retry-After": "3600"})
    with pytest.raises(SourceError, match="3600 s: run the same command after that"):
        ask(service)
    assert len(service.calls) == 1


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_passed_on_at_once(service: Service, status: int) -> None:
    service.answers = lambda *_: Answer("no such\n list", status)
    with pytest.raises(SourceError, match=rf"refused with {status} .*: no such list"):
        ask(service)
    assert len(service.calls) == 1


def test_an_answer_that_never_ends_is_cut_off(service: Service) -> None:
    service.answers = lambda *_: Answer(b"x" * (65 * 2**20))
    with pytest.raises(SourceError, match="larger than 64 MiB"):
        ask(service)


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://", "http://a:b:c/"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        Client(0).get(url, {}, check, None)


def test_there_is_a_pause_between_requests_and_one_connection(service: Service) -> None:
    service.answers = lambda *_: GOOD
    client = Client(0.3)
    for number in range(3):
        client.get(f"{service.url}/list", {"q": str(number)}, check, None)
    gaps = [later - earlier for earlier, later in zip(service.times, service.times[1:], strict=False)]
    assert min(gaps) >= 0.3
    assert service.most_at_once == 1
    assert all(agent.startswith("paper-kg/") for agent in service.agents)


def test_what_was_asked_is_kept(service: Service, tmp_path: Path) -> None:
    service.answers = lambda *_: GOOD
    assert [ask(service, tmp_path) for _ in range(3)] == [b"good"] * 3
    assert len(service.calls) == 1
    assert ask(service, tmp_path, fresh=True) == b"good"
    assert len(service.calls) == 2


@pytest.mark.parametrize(("age", "asks"), [(600, 1), (7200, 2), (-600, 2)])
def test_what_is_old_or_from_the_future_is_asked_again(service: Service, tmp_path: Path, age: int, asks: int) -> None:
    service.answers = lambda *_: GOOD
    ask(service, tmp_path, HOUR)
    (kept,) = tmp_path.iterdir()
    then = kept.stat().st_mtime - age
    os.utime(kept, (then, then))
    ask(service, tmp_path, HOUR)
    assert len(service.calls) == asks


def test_what_is_kept_and_spoilt_is_asked_again(service: Service, tmp_path: Path) -> None:
    service.answers = lambda *_: GOOD
    ask(service, tmp_path)
    next(tmp_path.iterdir()).write_bytes(b"goo")
    assert ask(service, tmp_path) == b"good"
    assert len(service.calls) == 2


def test_a_cache_that_cannot_be_written(service: Service, tmp_path: Path) -> None:
    service.answers = lambda *_: GOOD
    (tmp_path / "file").write_text("")
    with pytest.raises(KgError, match="choose another --cache"):
        ask(service, tmp_path / "file")
