"""Who the server answers and how, over bare HTTP; and its answers, on the graph of the bundled feed."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from starlette.datastructures import QueryParams

from kg.ask.backing import Backing, Kept
from kg.errors import StoreError
from kg.pipeline import build
from kg.view.serve.ahead import question
from kg.view.serve.server import HEADERS, make_app
from tests.conftest import PAPERS, as_jsonl
from tests.support.serving import Explorer, served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - with a token
TOKEN = "a-token-of-some-length"  # noqa: S105 - of this test


@pytest.fixture(scope="module")
def explorer(sample_graph: Path) -> Iterator[Explorer]:
    with served("--graph", str(sample_graph)) as running:
        yield running


def answered(explorer: Explorer, name: str, **params: Any) -> Any:
    pairs = [(key.replace("p_", "p."), value) for key, value in params.items()]
    status, _, body = explorer.ask(f"/api/{name}?{urlencode(pairs, doseq=True)}")
    assert status == 200, body
    return json.loads(body)


# Who is answered


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil",
        "[::2]",
        "",
    ],
)
def test_another_host_name_is_refused(explorer: Explorer, host: str) -> None:
    for path in ("/", "/api/summary", "/static/app.js"):
        # Without a Host header the library that reads HTTP refuses by itself.
        assert explorer.ask(path, {"Host": host.format(port=explorer.port)})[0] in (421, 400)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.0.0.1"]
)
def test_this_machine_is_answered(explorer: Explorer, host: str) -> None:
    assert explorer.ask("/api/boards", {"Host": host.format(port=explorer.port)})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_gets_no_data(explorer: Explorer, headers: dict[str, str]) -> None:
    status, found, body = explorer.ask("/api/summary", headers)
    assert status == 403
    assert "ImageNet" not in body
    assert not [name for name in found if name.startswith("access-control-")]


def test_a_link_on_another_site_opens_the_page(explorer: Explorer) -> None:
    assert explorer.ask("/?v=boards", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})[0] == 200


def test_the_page_itself_may_ask(explorer: Explorer) -> None:
    own = {"Origin": f"http://127.0.0.1:{explorer.port}", "Sec-Fetch-Site": "same-origin"}
    status, found, _ = explorer.ask("/api/summary", own)
    assert status == 200
    assert not [name for name in found if name.startswith("access-control-")]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_but_reading(explorer: Explorer, method: str) -> None:
    for path in ("/api/summary", "/", "/nothing"):
        assert explorer.ask(path, method=method)[0] == 405


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e/server.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..\\server.py",
        "/static/app.js%00.css",
        "/static/stage.html",
        "/static/",
        "/../../etc/passwd",
        "/api/__class__",
        "/api/",
        "/nothing",
    ],
)
def test_only_what_is_listed_is_served(explorer: Explorer, path: str) -> None:
    status, _, body = explorer.ask(path)
    assert status == 404
    assert "root:" not in body
    assert "import" not in body


def test_every_answer_has_the_security_headers(explorer: Explorer) -> None:
    for path, headers in (
        ("/", {}),
        ("/static/app.js", {}),
        ("/api/summary", {}),
        ("/nothing", {}),
        ("/api/node?id=none", {}),
        ("/", {"Host": "evil.example"}),
    ):
        found = explorer.ask(path, headers)[1]
        assert {name: found.get(name) for name in HEADERS} == dict(HEADERS), path
        assert "server" not in found
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy


def test_the_page_holds_no_script_or_style_of_its_own(explorer: Explorer) -> None:
    page = explorer.ask("/")[2]
    assert "<style" not in page
    assert "style=" not in page
    assert "onload" not in page
    assert re.findall("<script.*", page) == [f'<script type="module" src="{of_the_page(explorer, "app.js")}"></script>']


def of_the_page(explorer: Explorer, name: str) -> str:
    """The address by which the page asks for a file."""
    found = re.search(rf'"(/static/[0-9a-f]{{16}}/{re.escape(name)})"', explorer.ask("/?v=graph")[2])
    assert found, name
    return found[1]


@pytest.mark.parametrize("name", ["app.js", "app.css", "vis-network.js", "icon.svg"])
def test_a_file_may_be_kept_under_the_name_of_its_version_alone(explorer: Explorer, name: str) -> None:
    kept = of_the_page(explorer, name)
    status, found, text = explorer.ask(kept)
    assert status == 200
    assert "immutable" in found["cache-control"]
    assert {key: value for key, value in HEADERS.items() if found.get(key) != value} == {"cache-control": "no-store"}
    for other in (f"/static/{name}", f"/static/{'0' * 16}/{name}"):
        assert explorer.ask(other)[::2] == (200, text)
        assert explorer.ask(other)[1]["cache-control"] == "no-store"


def test_a_file_is_packed_for_who_takes_that(explorer: Explorer) -> None:
    plain = explorer.ask("/static/vis-network.js")
    asking = Request(f"{explorer.url}static/vis-network.js", headers={"accept-encoding": "gzip"})  # noqa: S310
    with urlopen(asking) as packed:  # noqa: S310
        body = packed.read()
    assert "content-encoding" not in plain[1]
    assert packed.headers["content-encoding"] == "gzip"
    assert len(body) < int(plain[1]["content-length"]) / 2
    assert gzip.decompress(body).decode() == plain[2]
    assert plain[1]["vary"] == packed.headers["vary"] == "accept-encoding"


def test_a_huge_address_is_refused(explorer: Explorer) -> None:
    assert explorer.ask("/api/search?q=" + "a" * 31_000)[0] == 414
    # A request that is larger than what is read at once is cut off, before or after an answer.
    with contextlib.suppress(OSError, http.client.HTTPException):
        assert explorer.ask("/api/search?q=" + "a" * 200_000)[0] in (400, 414, 431)
    assert explorer.ask("/api/search?q=" + "a" * 20_000)[0] == 200
    assert explorer.ask("/api/summary")[0] == 200


# The token


def test_a_token_is_wanted_for_other_hosts(kg: Callable[..., CompletedProcess[str]], graph: Path) -> None:
    for args in (["--host", EVERYWHERE], ["--host", "192.0.2.1"], ["--token", "short"]):
        done = kg("serve", "--graph", str(graph), *args)
        assert done.returncode == 2
        assert "--token" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_token_lets_in_once_it_is_known(sample_graph: Path) -> None:
    with served("--graph", str(sample_graph), "--host", EVERYWHERE, KG_SERVE_TOKEN=TOKEN) as open_to_others:
        own = f"127.0.0.1:{open_to_others.port}"

        def ask(path: str, **headers: str) -> tuple[int, dict[str, str], str]:
            return open_to_others.ask(path, {"Host": own, **headers})

        for path in ("/", "/api/summary", "/static/app.js"):
            assert ask(path)[0] == 401
            assert ask(path, Authorization="Bearer wrong")[0] == 401
            assert ask(path, Authorization=f"Bearer {TOKEN}")[0] == 200
        assert ask("/api/summary?token=" + TOKEN)[0] == 401
        assert ask("/?token=wrong")[0] == 401
        status, found, _ = ask(f"/?v=boards&token={TOKEN}")
        assert (status, found["location"]) == (303, "/?v=boards")
        cookie = found["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert ask("/api/summary", Cookie=cookie.partition(";")[0])[0] == 200
        assert ask("/api/summary", Cookie="kg_token=wrong")[0] == 401
        assert (
            open_to_others.ask("/api/summary", {"Host": "evil.example", "Authorization": f"Bearer {TOKEN}"})[0] == 421
        )


# The command


def test_what_cannot_be_served_is_said_in_one_line(
    kg: Callable[..., CompletedProcess[str]], graph: Path, tmp_path: Path
) -> None:
    nothing = kg("serve", "--graph", str(tmp_path / "nothing"))
    assert (nothing.returncode, nothing.stderr.count("\n")) == (1, 1)
    assert "kg build" in nothing.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = kg("serve", "--graph", str(graph), "--port", str(taken.getsockname()[1]))
    assert (busy.returncode, busy.stderr.count("\n")) == (1, 1)
    assert "--port" in busy.stderr


@pytest.mark.parametrize("patience", [0.0, 20.0])
def test_a_new_build_is_shown_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    from kg.ask import backing as module
    from kg.view.serve.api import answer

    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", patience)
    feed = tmp_path / "one.jsonl"
    feed.write_text(as_jsonl(PAPERS[:1]))
    build([str(feed)], tmp_path / "g")
    backing = module.Backing(str(tmp_path / "g"))

    def papers() -> int:
        types = json.loads(answer(backing, "summary", QueryParams()))["types"]
        return next(int(one["count"]) for one in types if one["name"] == "Paper")

    assert papers() == 1
    feed.write_text(as_jsonl(PAPERS))
    build([str(feed)], tmp_path / "g")
    shown = [papers()]
    deadline = time.monotonic() + 20
    while shown[-1] == 1 and time.monotonic() < deadline:
        shown.append(papers())
    # Who does not want to wait is answered from the old graph meanwhile.
    assert set(shown) == {1, 3} if not patience else shown == [3]
    assert json.loads(answer(backing, "search", QueryParams("q=segmenting")))["total"] == 1

    (tmp_path / "broken").write_text("no database")
    (tmp_path / "broken").replace(tmp_path / "g" / "graph.lbug")
    assert papers() == 3  # what cannot be read does not take the place of what can
    backing.close()


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.ask import backing as module

    monkeypatch.setattr(module, "KEPT", 10)
    kept, made = module.Kept(), []

    def ask(key: str, text: str) -> str:
        def make() -> str:
            made.append(key)
            return text

        return kept.get(key, make)

    assert [ask(key, key * 4) for key in "aabca"] == ["aaaa", "aaaa", "bbbb", "cccc", "aaaa"]
    assert made == ["a", "b", "c", "a"]
    assert [ask("z", "z" * 11) for _ in range(2)] == ["z" * 11] * 2
    assert made[-2:] == ["z", "z"]


def test_what_two_ask_for_at_once_is_made_once() -> None:
    kept, made, begun, go_on = Kept(), [], threading.Event(), threading.Event()

    def make() -> str:
        made.append(1)
        begun.set()
        assert go_on.wait(20)
        if len(made) == 1:
            raise StoreError("busy")
        return "made"

    with ThreadPoolExecutor() as pool:
        for outcome in (StoreError("busy"), "made"):
            begun.clear()
            go_on.clear()
            first = pool.submit(kept.get, "a", make)
            assert begun.wait(20)
            second = pool.submit(kept.get, "a", make)
            go_on.set()
            for one in (first, second):
                assert str(one.exception() or one.result()) == str(outcome)
    assert len(made) == 2  # what failed is tried again, what was made is not
    assert kept.get("a", make) == "made"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("", ("summary", "")),
        ("v=boards", ("boards", "")),
        ("v=thing&id=model%3Aclip&measure=x", ("profile", "id=model%3Aclip")),
        (
            "v=graph&around=a&most=300&sel=b&add=c&add=d%7C%7C40&off=Feed",
            ("graph", "around=a&most=300&add=c&add=d%7C%7C40"),
        ),
        ("v=graph&query=used-with&p.name=CLIP&as=table", ("graph", "query=used-with&p.name=CLIP")),
    ],
)
def test_a_page_that_is_opened_has_its_question_answered_ahead(address: str, asked: tuple[str, str]) -> None:
    found = question(QueryParams(address))
    assert found is not None
    assert (found[0], str(found[1])) == asked


@pytest.mark.parametrize("address", ["v=graph&cypher=MATCH+(n)+RETURN+n", "v=ask&cypher=x", "v=nothing"])
def test_no_statement_is_run_before_it_is_asked_for(address: str) -> None:
    assert question(QueryParams(address)) is None


@pytest.mark.parametrize(
    ("method", "headers", "begins"),
    [
        ("GET", {}, True),
        ("GET", {"sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}, True),
        ("GET", {"sec-fetch-dest": "image", "sec-fetch-site": "cross-site"}, False),
        ("GET", {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}, False),
        ("HEAD", {}, False),
    ],
)
def test_only_a_page_that_is_opened_begins_an_answer(
    sample_graph: Path, method: str, headers: dict[str, str], begins: bool
) -> None:
    backing = Backing(str(sample_graph))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": b"v=boards",
        "headers": [(name.encode(), value.encode()) for name, value in ({"host": "127.0.0.1"} | headers).items()],
    }
    app = make_app(backing, host="127.0.0.1", port=8765)
    with ThreadPoolExecutor() as pool:  # the browser's tests leave a loop running in this thread
        pool.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    assert sent[0]["status"] == 200
    for thread in threading.enumerate():
        if thread.name.startswith("ahead"):
            thread.join(20)
    # What is kept is not made again.
    assert (backing.kept.get("boards?", lambda: "made now") != "made now") is begins
    backing.close()


# What is answered


def test_the_summary_counts_the_graph(explorer: Explorer) -> None:
    facts = answered(explorer, "summary")
    counts = {one["name"]: one["count"] for one in facts["types"]}
    assert counts["Paper"] == 80
    assert counts["Feed"] == 1
    assert facts["feeds"][0]["lists"] == 80
    top = {group["label"]: group["nodes"] for group in facts["top"]}
    assert top["Model"][0]["papers"] == max(node["papers"] for node in top["Model"])
    assert {"benchmarks/leaderboard", "papers/naming"} <= {query["name"] for query in facts["queries"]}
    assert facts["new"]
    assert sum(year["papers"] for year in facts["years"]) == 80


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("imagenet", "ImageNet"),
        ("ImageNet-1K", "ImageNet"),  # an alias
        ("imag", "ImageNet"),  # half typed
        ("imagnet", "ImageNet"),  # a letter left out
        ("trasnformer", "Transformer"),  # two letters swapped
        ("transfromer", "Transformer"),
        ("attention need", "Attention Is All You Need"),  # words of a title
        ("CLIP", "CLIP"),
        ("ﾃ", None),
        ("", None),
        ("' OR 1=1 //", None),
    ],
)
def test_the_search_finds_by_name_alias_title_and_with_a_slip(
    explorer: Explorer, typed: str, wanted: str | None
) -> None:
    found = answered(explorer, "search", q=typed)
    assert [node["name"] for node in found["found"]][:1] == ([wanted] if wanted else [])


def test_the_search_says_which_alias_was_meant(explorer: Explorer) -> None:
    assert answered(explorer, "search", q="ilsvrc")["found"][0]["alias"] == "ILSVRC"
    slipped = {one["name"]: one.get("alias") for one in answered(explorer, "search", q="transfromer")["found"]}
    assert slipped["Transformer"] is None
    assert slipped["ViT"] == "Vision Transformer"
    assert "alias" not in answered(explorer, "search", q="imagenet")["found"][0]


def test_a_picture_is_the_same_each_time_and_settled(explorer: Explorer, sample_graph: Path) -> None:
    first = answered(explorer, "graph", around="model:clip")
    with served("--graph", str(sample_graph), PYTHONHASHSEED="5") as another:
        assert answered(another, "graph", around="model:clip") == first
    assert all("x" in node for node in first["facts"]["nodes"])
    assert first["picture"]["options"]["physics"] == {"enabled": False}


def test_a_step_adds_neighbours_and_moves_nothing(explorer: Explorer) -> None:
    before = answered(explorer, "graph", around="model:clip")["facts"]["nodes"]
    wider = answered(explorer, "graph", around="model:clip", add=["dataset:imagenet||5", "model:bert|USES|3"])
    after = {node["id"]: (node["x"], node["y"]) for node in wider["facts"]["nodes"]}
    assert {node["id"]: (node["x"], node["y"]) for node in before}.items() <= after.items()
    steps = wider["about"]["steps"]
    assert [step["added"] for step in steps] == [5, 3]
    assert steps[0]["left"] > 0
    fresh = len(after) - len(before)
    assert fresh in (5 + 3, 5 + 3 + 1, 5 + 3 + 2)  # the two nodes themselves, where they were not there


def test_a_picture_has_a_limit(explorer: Explorer) -> None:
    for most in ("1", "7", "30"):
        assert len(answered(explorer, "graph", around="dataset:imagenet", most=most)["facts"]["nodes"]) == int(most)


def test_the_path_is_a_shortest_one(explorer: Explorer) -> None:
    found = answered(explorer, "graph", path="model:clip", to="model:bert")
    ways = found["about"]["ways"]
    lines = {(edge["from"], edge["to"]) for edge in found["facts"]["edges"]}
    assert ways
    for way in ways:
        assert (way[0], way[-1]) == ("model:clip", "model:bert")
        assert len(way) == len(ways[0])
        assert all((a, b) in lines or (b, a) in lines for a, b in pairwise(way))


def test_the_node_has_its_neighbours_by_kind_with_sentences(explorer: Explorer) -> None:
    found = answered(explorer, "node", id="dataset:imagenet", most=6)
    assert found["totals"]["<EVALUATES_ON"] > 6
    edges = [edge for edge in found["edges"] if edge["type"] == "EVALUATES_ON"]
    assert len(edges) == 6
    marked = [edge["evidence"][edge["start"] : edge["end"]] for edge in edges if "start" in edge]
    assert len(marked) == 6
    assert {text.partition("-")[0] for text in marked} <= {
        "ImageNet",
        "ILSVRC",
        "ImageNet Large Scale Visual Recognition Challenge",
    }
    rest = answered(explorer, "node", id="dataset:imagenet", kind="<EVALUATES_ON", skip=6)
    assert len(rest["edges"]) == found["totals"]["<EVALUATES_ON"] - 6
    # What is unsure stands last, in all of the list.
    sure = [[edge["confidence"] >= 0.7 for edge in some] for some in (edges, rest["edges"])]
    assert any(sure[0])
    assert all(sure[0]) or not any(sure[1])


def test_many_are_answered_at_once(explorer: Explorer) -> None:
    asked = [
        *(f"/api/node?id={key}&most={most}" for key in ("model:clip", "model:bert") for most in (5, 6, 7)),
        *(f"/api/graph?around=dataset:imagenet&most={most}" for most in (21, 22, 23, 24)),
        *(f"/api/ask?query=papers/naming&p.name={name}" for name in ("CLIP", "BERT", "ImageNet")),
        "/api/profile?id=dataset:coco",
        "/api/ask?cypher=MATCH%20(m:Model)%20RETURN%20count(m)",
        "/api/ask?cypher=MATCH%20(m:Task)%20RETURN%20count(m)",
        "/api/ask?cypher=MATCH%20(m:Metric)%20RETURN%20count(m)",
    ]

    def ask(path: str) -> Any:
        status, _, body = explorer.ask(path)
        answer = json.loads(body)
        answer.pop("seconds", None)
        return status, answer

    with ThreadPoolExecutor(len(asked)) as pool:
        together = list(pool.map(ask, asked))
    assert {status for status, _ in together} == {200}
    assert together == [ask(path) for path in asked]


def test_a_profile_has_numbers_with_their_parts(explorer: Explorer) -> None:
    found = answered(explorer, "profile", id="dataset:imagenet")
    assert sum(year["papers"] for year in found["years"]) + found["undated"] == found["node"]["papers"]
    row = found["results"]["rows"][0]
    assert row["model"]["name"].startswith("ViT")
    assert row["paper"]["name"].startswith("An Image is Worth 16x16 Words")
    assert "88.55" in row["quote"]["evidence"]
    best = [one["value"] for one in found["results"]["rows"] if one["metric"] == row["metric"] and one["unit"] == "%"]
    assert best == sorted(best, reverse=True)


def test_a_named_query_and_a_statement_are_answered_as_tables(explorer: Explorer) -> None:
    named = answered(explorer, "ask", query="benchmarks/leaderboard", p_data="ImageNet")
    assert named["columns"][0] == "value"
    assert named["drawn"] > 0
    own = answered(explorer, "ask", cypher="MATCH (m:Model) WHERE m.name = $name RETURN m, m.papers", p_name="CLIP")
    assert own["rows"] == [[{"node": {"id": "model:clip", "label": "Model", "name": "CLIP"}}, own["rows"][0][1]]]
    cut = answered(explorer, "ask", cypher="MATCH (p:Paper) RETURN p.id", rows=7)
    assert (len(cut["rows"]), cut["cut"], cut["limits"]["rows"]) == (7, True, 7)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("CREATE (m:Model {id: 'x'})", (1, 1)),
        ("MATCH (m:Model)\nDELETE m", (2, 1)),
        ("MATCH (m:Model) RETURN m; MATCH (n) RETURN n", (1, 25)),
        ("LOAD FROM '/etc/passwd' RETURN *", (1, 1)),
        ("MATCH (m:Model) RETURN foo(m)", (1, 24)),
        ("MATCH (m:Modell) RETURN m", (1, 10)),
    ],
)
def test_what_is_no_reading_statement_is_refused_at_its_place(
    explorer: Explorer, statement: str, place: tuple[int, int] | None
) -> None:
    status, _, body = explorer.ask(f"/api/ask?{urlencode({'cypher': statement})}")
    found = json.loads(body)
    assert status == 400
    assert found["error"]
    assert (found.get("line"), found.get("column")) == (place or (None, None))


def test_a_statement_that_takes_too_long_is_stopped(explorer: Explorer) -> None:
    statement = "MATCH (a:Paper)-[]->(b)<-[]-(c:Paper)-[]->(d)<-[]-(e:Paper)-[]->(f) RETURN count(*)"
    status, _, body = explorer.ask(f"/api/ask?{urlencode({'cypher': statement, 'seconds': 1})}")
    assert status in (200, 400)
    if status == 400:
        assert "stopped after 1 s" in body


@pytest.mark.parametrize(
    "path",
    [
        "/api/node?id=none",
        "/api/node",
        "/api/graph",
        "/api/graph?around=none",
        "/api/graph?path=model:clip&to=model:clip",
        "/api/profile?id=%00",
        "/api/ask?query=nothing",
        "/api/graph?around=model:clip&add=none",
    ],
)
def test_a_wrong_address_gets_one_line(explorer: Explorer, path: str) -> None:
    status, _, body = explorer.ask(path)
    assert status == 400
    assert "\n" not in json.loads(body)["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/graph?around=model:bert&add=model:bert%7C%7C%C2%B2",
        f"/api/ask?cypher=RETURN+$x+AS+x&p.x={'%5B' * 20000}",
        f"/api/ask?cypher=RETURN+$x+AS+x&p.x={'%5B' * 900}{'%5D' * 900}",
        "/api/search?q=bert&most=%C2%B2",
    ],
    ids=["a digit that is no number", "deep and open", "deep", "a number that is none"],
)
def test_odd_parameters_are_no_defect(explorer: Explorer, path: str) -> None:
    status, _, body = explorer.ask(path)
    assert status in (200, 400, 414), body


def test_health_is_answered_while_all_else_waits(explorer: Explorer) -> None:
    """Half-sent requests and slow statements take neither its thread nor its place."""
    halves = []
    for _ in range(70):
        half = socket.create_connection(("127.0.0.1", explorer.port))
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127")
        halves.append(half)
    try:
        assert explorer.ask("/healthz")[0] == 200
        assert explorer.ask("/api/search?q=bert")[0] == 200
    finally:
        for half in halves:
            half.close()


def test_more_questions_than_can_wait_are_turned_away_at_once(explorer: Explorer) -> None:
    slow = "/api/ask?seconds=6&cypher=" + quote(
        "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y WITH x, y WHERE x * y < 0 RETURN count(*) AS n"
    )
    with ThreadPoolExecutor(60) as pool:
        asked = [pool.submit(explorer.ask, slow) for _ in range(50)]
        assert explorer.ask("/healthz")[0] == 200
        answers = [one.result() for one in asked]
    turned_away = [
        headers for status, headers, body in answers if status == 503 and "busy with other questions" in body
    ]
    assert len(turned_away) >= 10
    assert all("content-security-policy" in headers for headers in turned_away)
    assert {status for status, _, _ in answers} <= {400, 503}
