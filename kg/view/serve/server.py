"""`kg serve`: the explorer on a local address. Who may ask, what an answer may do in the browser, and the routes.

The graph is read only. A page of another site can neither read an answer nor, by a name that it points at this machine,
pass for this one: the Host header must name the address that is listened on, and what a browser sends on behalf of
another site is refused.
"""

from __future__ import annotations

import functools
import hmac
import ipaddress
import logging
import socket
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.ask.backing import Backing
from kg.ask.words import clean
from kg.errors import KgError, QueryError, StoreError, UsageError
from kg.view.page.payload import embed
from kg.view.serve import assets
from kg.view.serve.ahead import Ahead
from kg.view.serve.api import ANSWERS, answer, place_of

COOKIE = "kg_token"
_CACHE = b"cache-control"
LEAST_TOKEN = 16
MOST_ADDRESS = 30_000  # characters of a query string: a statement of 20,000 and what is chosen beside it
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_token(host: str, token: str) -> None:
    """Raises `UsageError` where others could reach the server without a token, or with one that is easy to guess."""
    if not is_loopback(host) and not token:
        raise UsageError(f"--host {host} lets other machines in: give a --token of {LEAST_TOKEN} characters or more")
    if token and (len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token):
        raise UsageError(f"--token wants {LEAST_TOKEN} or more printable ASCII characters without spaces")


class Guard:
    """Lets through what this server is for and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, token: str = "") -> None:
        self.app = app
        self.host, self.port, self.token = host, port, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        refusal = self.refuse(request)

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                # A file whose name says what is in it may be kept; nothing else has a word of its own in these.
                own = [
                    (name, value)
                    for name, value in message["headers"]
                    if name.decode() not in HEADERS or name == _CACHE
                ]
                named = {name for name, _ in own}
                ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*own, *(pair for pair in ours if pair[0] not in named)]
            await send(message)

        await (refusal or self.app)(scope, receive, with_headers)

    def refuse(self, request: Request) -> Response | None:
        """The answer to a request that goes no further; None lets it through."""
        if not self.named(request.headers):
            return _text(421, "this is not the address that kg serve listens on")
        if request.method not in ("GET", "HEAD"):
            return _text(405, "the explorer only reads: GET and HEAD")
        if len(request.scope["query_string"]) > MOST_ADDRESS:
            return _text(414, f"the address is longer than {MOST_ADDRESS} characters; write a shorter statement")
        # A link from elsewhere may open the page. Its data is for the page itself.
        foreign = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if (foreign and request.url.path != "/") or not self.own(request.headers.get("origin")):
            return _text(403, "asked by another site")
        return self.let_in(request) if self.token else None

    def named(self, headers: Headers) -> bool:
        """Whether the Host header names the address that is listened on: a name that somebody else gave it does not."""
        given = headers.getlist("host")
        if len(given) != 1:
            return False
        name, port = _split(given[0])
        if port not in ("", str(self.port)):
            return False
        if is_loopback(self.host):
            return is_loopback(name)
        if name in (self.host.lower(), socket.gethostname().lower()):
            return True
        # On all addresses: numbers cannot be pointed elsewhere, names can.
        try:
            return self.host in ("0.0.0.0", "::") and bool(ipaddress.ip_address(name))  # noqa: S104 - compared
        except ValueError:
            return name == "localhost"

    def own(self, origin: str | None) -> bool:
        """Whether an Origin header, if there is one, is this server's own."""
        if origin is None:
            return True
        scheme, _, rest = origin.partition("://")
        return scheme in ("http", "https") and self.named(Headers({"host": rest}))

    def let_in(self, request: Request) -> Response | None:
        """Refuses who has no token. One in the address becomes a cookie, so that it does not stay in the history."""
        query = QueryParams(request.scope["query_string"])
        if "token" in query and request.url.path == "/" and self.right(query["token"]):
            rest = urlencode([(name, value) for name, value in query.multi_items() if name != "token"])
            response = RedirectResponse("/?" + rest if rest else "/", status_code=303)
            response.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return response
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.right(bearer):
            return None
        if self.right(request.cookies.get(COOKIE, "")):
            return None
        return _text(401, "open the address with ?token=…, as `kg serve` printed it")

    def right(self, token: str) -> bool:
        """Whether a token is the right one, in a time that does not tell how much of it is."""
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())


def _split(host: str) -> tuple[str, str]:
    """Name and port of a Host header, the brackets of an IPv6 address taken off."""
    if host.startswith("["):
        name, _, rest = host[1:].partition("]")
        return (name.lower(), rest[1:]) if rest[:1] in ("", ":") else ("", "")
    name, _, port = host.lower().partition(":")
    return name.rstrip("."), port


def _text(status: int, text: str) -> Response:
    return PlainTextResponse(f"{HTTPStatus(status).phrase}: {text}\n", status_code=status)


def make_app(backing: Backing, *, host: str, port: int, token: str = "") -> ASGIApp:
    """The application that answers for `backing` at this address."""
    ahead = Ahead(backing)
    routes = [
        Route("/", functools.partial(page, ahead)),
        Route("/static/{name}", static),
        Route("/static/{version}/{name}", static),
        Route("/api/{name}", functools.partial(api, backing)),
        Route("/healthz", lambda _: PlainTextResponse("ok\n")),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _missing, Exception: _defect})
    return Guard(app, host=host, port=port, token=token)


async def _missing(request: Request, error: Exception) -> Response:  # noqa: ARG001 - called by the framework
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _text(status, "there is nothing at this address")


async def _defect(request: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("%s: %s", request.url.path, type(error).__name__, exc_info=error)
    return _json({"error": "a defect of the server; what it was stands in its log"}, 500)


async def page(ahead: Ahead, request: Request) -> Response:
    """The page itself. Whoever opens it soon asks for what it shows: that is begun now.

    Other sites can make a browser ask for this address as a picture, say, which opens no page and begins nothing.
    """
    if request.method == "GET" and request.headers.get("sec-fetch-dest", "document") == "document":
        ahead.begin(request.query_params)
    drawing = request.query_params.get("v") == "graph"
    return Response(assets.page(drawing=drawing), media_type="text/html")


async def static(request: Request) -> Response:
    """A script or a style sheet. Under the name of this version it may be kept: it is another name when it changes."""
    found = assets.assets().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    headers = {"vary": "accept-encoding"}
    if request.path_params.get("version") == assets.version():
        headers["cache-control"] = "private, max-age=31536000, immutable"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "content-encoding": "gzip"}, media_type=found.type)
    return Response(found.plain, headers=headers, media_type=found.type)


async def api(backing: Backing, request: Request) -> Response:
    """One of `ANSWERS`, as JSON; an error as `{"error", "line", "column"}`."""
    name = request.path_params["name"]
    if name not in ANSWERS:
        raise HTTPException(404)
    # A browser writes each refused request into its console as an error. A slip in a statement is none of the page's:
    # the page asks for it as an answer.
    plainly = request.headers.get("prefer") == "problem-as-answer"
    return await run_in_threadpool(_answer, backing, name, request.query_params, plainly)


def _answer(backing: Backing, name: str, given: QueryParams, plainly: bool) -> Response:
    try:
        return Response(answer(backing, name, given), media_type="application/json")
    except KgError as error:
        status = 400 if isinstance(error, UsageError | QueryError) else 503 if isinstance(error, StoreError) else 500
        text = clean(str(error), 2_000)
        return _json({"error": text, **place_of(text)}, 200 if plainly else status)


def _json(value: Mapping[str, Any], status: int) -> Response:
    return Response(embed(value), status_code=status, media_type="application/json")


def listen(host: str, port: int) -> socket.socket:
    """A socket on this address; port 0 takes any that is free. Raises `KgError` where that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)  # who comes before the server runs waits
    except OSError as error:
        raise KgError(f"{host}:{port}: cannot listen there ({error.strerror}); choose another --port") from None
    return bound


def address_of(bound: socket.socket, host: str) -> str:
    """The address to open in a browser."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{bound.getsockname()[1]}/"


def serve(backing: Backing, bound: socket.socket, *, host: str, token: str = "") -> None:
    """Answer until interrupted."""
    import uvicorn

    app = make_app(backing, host=host, port=bound.getsockname()[1], token=token)
    # Who asks for a file need not wait while another thread places the nodes of a picture: take turns often.
    sys.setswitchinterval(0.0005)
    assets.page(drawing=False)
    Ahead(backing).warm()
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # addresses hold statements and names; whoever wants them has the browser
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=64,
        h11_max_incomplete_event_size=MOST_ADDRESS + 16_000,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[bound])
