"""A graph: the one door through which the command line, the server, notebooks and other programs go.

    import kg

    g = kg.build("feed.jsonl", "g")
    rows = g.query("models/used-with", name="CLIP")
    net = g.around("CLIP").to_networkx()

A graph lies in a folder, with the ledger that it is made from, or on a Neo4j server, where it can only be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg.answers import Rows
from kg.errors import UsageError
from kg.stores import Limits, LoadProgress, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.ask.backing import Backing
    from kg.ask.named import NamedQuery
    from kg.ask.news import News
    from kg.pipeline import Progress, Summary
    from kg.resolve import Doubt, Explanation
    from kg.view.page.part import Part

SECONDS, ROWS = 30.0, 1000
Where = str | Path
Feeds = str | Path | Iterable[str | Path]
_SERVER = re.compile(r"[a-z][a-z0-9+]*://", re.IGNORECASE)


class Graph:
    """The graph at `where`: a graph folder, or the address of a Neo4j server (`neo4j://user@host:port/database`).

    Nothing is opened until it is asked. `seconds` is how long one statement may take, `rows` how many rows
    `cypher` gives at most (`None`: all). `user` and `password_env` are for a server.

    Works in `with`, which closes it. Raises `UsageError` for an address of an unknown kind.
    """

    def __init__(
        self,
        where: Where,
        *,
        seconds: float = SECONDS,
        rows: int | None = ROWS,
        user: str = "",
        password_env: str = "",
    ) -> None:
        self.where = str(where)
        self.limits = Limits(seconds, rows)
        self.summary: Summary | None = None
        self._login = (user, password_env)
        self._store: Store | None = None
        self._backing: Backing | None = None
        if (user or password_env) and self.folder is not None:
            raise UsageError("a user and a password are for a server; name one, such as neo4j://host:port")

    @property
    def folder(self) -> Path | None:
        """The graph folder; None where the graph is on a server."""
        return None if _SERVER.match(self.where) else Path(self.where)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Graph {self.where}>"

    def close(self) -> None:
        """Let go of files and connections. The graph opens them again when it is asked."""
        for part in (self._store, self._backing):
            if part is not None:
                part.close()
        self._store = self._backing = None

    # Making it

    def add(
        self,
        feeds: Feeds = (),
        *,
        extractor: str | None = None,
        min_confidence: float | None = None,
        workers: int | None = None,
        engine: str = "local",
        address: str = "",
        fresh: bool = False,
        format: str | None = None,  # noqa: A002 - the word that a caller expects
        columns: Mapping[str, str] | None = None,
        encoding: str | None = None,
        server: Graph | None = None,
        progress: Progress | None = None,
        load_progress: LoadProgress | None = None,
        **also: Any,
    ) -> Summary:
        """Read `feeds` into the graph folder, extract what is new, and make the graph anew. Returns what was done.

        Adding a feed again changes nothing. With no feeds the graph is brought up to date. `extractor` and
        `min_confidence` are settings that the folder keeps: give them to change them. `workers` is a number of
        processes (0: one a core), `engine` "local" or "ray" (with the `address` of a cluster). `fresh` extracts every
        text again. `format`, `columns` (field -> column) and `encoding` say what the content of the feeds does not
        tell. `server` is a graph on a server that is made to hold the same.

        Records that cannot be read are set aside: see `summary.set_aside`. Raises `SourceError` where a whole feed
        cannot be read, `StoreError` where the folder cannot be written, `UsageError` for wrong use.
        """
        from kg.extraction import Engine
        from kg.pipeline import build
        from kg.read import Reading

        folder = self._own("add feeds")
        at = None if server is None else server._opened()
        if at is not None:
            at.exists()  # a server that cannot be reached is no reason to wait for all of the build first
        self.close()
        self.summary = build(
            [str(feed) for feed in _several(feeds)],
            folder,
            **_given(extractor=extractor, min_confidence=min_confidence, **also),
            engine=Engine(engine, workers, address),
            fresh=fresh,
            progress=progress,
            reading=Reading(format, columns or {}, encoding),
            server=None if at is None else (at, load_progress or _silent),
        )
        return self.summary

    def remove(
        self, papers: Sequence[str] = (), *, feed: str | None = None, progress: Progress | None = None, **also: Any
    ) -> Summary:
        """Take papers (ids), or a feed and what only it lists, out of the graph folder. Returns what was done.

        Raises `UsageError` before anything is changed where one of them is not in the graph.
        """
        from kg.extraction import Engine
        from kg.pipeline import remove

        folder = self._own("remove papers")
        if not papers and feed is None:
            raise UsageError("say what to remove: ids of papers, or a feed")
        self.close()
        self.summary = remove(folder, list(papers), feed, engine=Engine(workers=0), progress=progress, **_given(**also))
        return self.summary

    def load(self, server: Graph, *, progress: LoadProgress | None = None) -> tuple[int, int]:
        """Make the graph on `server` hold this one; returns how many nodes and relationships it has.

        Doing it again changes nothing. Raises `StoreError` where the server cannot be loaded.
        """
        from kg.pipeline import load_into

        rows = load_into(server._opened(), self._own("load a graph"), progress=progress)
        return sum(map(len, rows.nodes.values())), sum(map(len, rows.relationships.values()))

    # Asking it

    def query(self, query: str, /, **parameters: Any) -> Rows:
        """The answer of a named query, such as `query("models/used-with", name="CLIP", limit=50)`.

        `kg.queries()` lists them. Raises `UsageError` for an unknown name or parameter, `QueryError` where it takes
        longer than the graph's limit.
        """
        from kg.ask.named import find_query, run_query

        return run_query(self._opened(), find_query(query), parameters, Limits(self.limits.seconds, None))

    def cypher(self, statement: str, /, **parameters: Any) -> Rows:
        """The answer of one read-only Cypher statement; `$name` in it takes the parameter `name`.

        Raises `QueryError` where the statement writes, is no Cypher, or goes over the graph's limits.
        """
        from kg.ask.named import run_cypher

        return run_cypher(self._opened(), statement, parameters, self.limits)

    def search(self, text: str, type: str | None = None, limit: int = 12) -> Rows:  # noqa: A002 - as in the schema
        """Nodes whose names hold the words of `text`, best first; slips are forgiven.

        `type` is a label such as "Benchmark". Columns: id, type, name, papers (that name it), alias (the one that
        fits, where the name does not). Raises `UsageError` for an unknown type.
        """
        from kg.ask.search import LABELS

        if type is not None and type not in LABELS:
            raise UsageError(f"nodes of type {type!r} have no names to search; there are: {', '.join(LABELS)}")
        index = self._asked().index
        found, _ = index.search(text, limit, [type] if type else [])
        rows = tuple((e.id, e.label, e.name, e.weight, index.alias(e, text).get("alias", "")) for e in found)
        return Rows(("id", "type", "name", "papers", "alias"), rows)

    def around(self, name: str, most: int = 120) -> Part:
        """What is around the node called `name` (or with this id): at most `most` nodes, and what joins them.

        Raises `UsageError` with the nearest names where nothing has this name.
        """
        from kg.view.page import part

        return part.around(self._asked(), name, most)

    def path(self, one: str, other: str) -> Part:
        """The shortest ways between two nodes, given by name or id.

        Raises `UsageError` where one of them is not there, or no path of eight relationships joins them.
        """
        from kg.view.page import part

        return part.path(self._asked(), one, other)

    def new(self, since: str | None = None, *, feed: str | None = None) -> News:
        """What is new since a day ("2026-11-01") or a feed, or what one `feed` brought.

        Raises `UsageError` where neither or both are given, or there is no such feed.
        """
        from kg.ask.news import news_of, news_since

        if (since is None) == (feed is None):
            raise UsageError("give either a day or a feed to look back to (since), or the feed to look at (feed)")
        return news_of(self._opened(), feed) if feed is not None else news_since(self._opened(), since or "")

    def why(self, one: str, other: str) -> Explanation:
        """Why two names are one node, or are not, with sentences. Raises `StoreError` where there is no graph."""
        from kg.ask.explain import why_in_graph

        return why_in_graph(self._own("say why"), one, other)

    def review(self) -> list[Doubt]:
        """Pairs of nodes that may be one thing and were left apart, those in most papers first."""
        from kg.ask.explain import review_graph

        return review_graph(self._own("list doubtful pairs"))

    def texts(self) -> Rows:
        """The papers that came with several texts, and which text holds."""
        from kg.ask.explain import texts_in_graph

        return texts_in_graph(self._own("list texts"))

    def info(self) -> Rows:
        """How many nodes and relationships of each type there are. Columns: type, count, what it is."""
        from kg.schema import NODES, RELATIONSHIPS

        store = self._opened()
        counts = [
            *((n.label, n.about, f"MATCH (n:{n.label}) RETURN count(n)") for n in NODES),
            *((r.name, r.about, f"MATCH ()-[r:{r.name}]->() RETURN count(r)") for r in RELATIONSHIPS),
        ]
        rows = tuple((name, store.read(text).rows[0][0], about) for name, about, text in counts)
        return Rows(("type", "count", "what it is"), rows)

    def check(self) -> None:
        """Raise `StoreError` where there is no graph to ask."""
        self._opened().read("RETURN 1 AS one")

    # Showing it and handing it on

    def view(
        self,
        output: Where = "kg-view.html",
        *,
        around: str | None = None,
        query: str | None = None,
        cypher: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        title: str | None = None,
    ) -> Part:
        """Write one HTML page that works with the network off; returns the part of the graph that it shows.

        It shows what is `around` a name, or what a named `query` or a `cypher` statement answers (with their
        `parameters`), else all. Raises `UsageError` where more than one is given, or an answer holds no nodes.
        """
        from kg.ask.named import find_query
        from kg.view.page import part

        if sum(one is not None for one in (around, query, cypher)) > 1:
            raise UsageError("give one of a query name, --around and --cypher")
        given = dict(parameters or {})
        if around is not None:
            shown = part.around(self._asked(), around)
        elif cypher is not None:
            shown = part.from_rows(self._asked(), self.cypher(cypher, **given), title or " ".join(cypher.split()))
        elif query is not None:
            shown = part.from_rows(self._asked(), self.query(query, **given), title or find_query(query).title)
        else:
            shown = part.whole(self._opened(), title or "Papers and what they name")
        shown.save(output)
        return shown

    def export(self, output: Where, format: str | None = None) -> None:  # noqa: A002 - the word that a caller expects
        """Write the graph for other programs; without `format`, the ending of `output` says which.

        Raises `UsageError` for an unknown format, `StoreError` where `output` cannot be written.
        """
        from kg.export import text_lines, write_csv
        from kg.export.neo4j_admin import write_import

        target = Path(output)
        form = format or target.suffix.removeprefix(".")
        if form == "csv":
            write_csv(self._opened(), target)
        elif form == "neo4j-admin":
            write_import(self._opened(), target)
        else:
            with target.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in text_lines(self._opened(), form))

    def serve(
        self,
        host: str = "127.0.0.1",
        port: int = 8765,
        *,
        token: str = "",
        ready: Callable[[str], None] | None = None,
    ) -> None:
        """Serve the explorer, read-only, until the process is told to stop.

        `ready` is called with the address once it answers. Raises `UsageError` where others could reach it without a
        `token`, `StoreError` where there is no graph or the port is taken.
        """
        import contextlib

        from kg.view.serve.server import address_of, check_token, listen, serve

        check_token(host, token)
        with contextlib.closing(self._backed()) as backing, contextlib.closing(listen(host, port)) as bound:
            if ready:
                ready(address_of(bound, host))
            serve(backing, bound, host=host, token=token)

    # Inside

    def _opened(self) -> Store:
        if self._store is None:
            self._store = open_store(self.where, *self._login)
        return self._store

    def _backed(self) -> Backing:
        from kg.ask.backing import Backing

        return Backing(self.where, *self._login)

    def _asked(self) -> Backing:
        """What answers by name, made when first needed: it reads all names."""
        if self._backing is None:
            self._backing = self._backed()
        self._backing.refresh()
        return self._backing

    def _own(self, what: str) -> Path:
        """The folder. Raises `UsageError` where the graph is on a server, which has no ledger."""
        if self.folder is None:
            raise UsageError(f"{self.where}: cannot {what} on a server; do it in the graph folder, then load it")
        return self.folder


def open_graph(
    where: Where, *, seconds: float = SECONDS, rows: int | None = ROWS, user: str = "", password_env: str = ""
) -> Graph:
    """The graph at `where`, a graph folder or the address of a server; see `Graph`. Known as `kg.open`."""
    return Graph(where, seconds=seconds, rows=rows, user=user, password_env=password_env)


def build_graph(feeds: Feeds, graph: Where = "kg-graph", **settings: Any) -> Graph:
    """Read feeds into the graph folder `graph` and open it; `summary` says what was done. Known as `kg.build`.

    The settings are those of `Graph.add`, such as `min_confidence=0.7`, and `seconds` and `rows` of `Graph`.
    """
    limits = {name: settings.pop(name) for name in ("seconds", "rows") if name in settings}
    made = Graph(graph, **limits)
    made.add(feeds, **settings)
    return made


def queries() -> dict[str, NamedQuery]:
    """The named queries: name -> what it answers, its parameters, its columns, its Cypher."""
    from kg.ask.named import named_queries

    return named_queries()


def _several(feeds: Feeds) -> list[str | Path]:
    return [feeds] if isinstance(feeds, str | Path) else list(feeds)


def _given(**settings: Any) -> dict[str, Any]:
    """The settings that were given: the folder keeps the others."""
    return {name: value for name, value in settings.items() if value is not None}


def _silent(done: int, total: int) -> None:
    """A load that nobody watches."""
