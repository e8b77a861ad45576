"""A running `kg serve`, and the browser pages of the tests that use it."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ARTEFACTS = Path(__file__).parent.parent.parent / "artefacts"


class Explorer:
    """The address of a server, and what it answers over a bare connection."""

    def __init__(self, url: str, process: subprocess.Popen[str]) -> None:
        self.url, self.process = url, process
        self.port = urlsplit(url).port or 0

    def at(self, **params: Any) -> str:
        """The address of a view; `p_name` stands for `p.name`, a list for several of one name."""
        pairs = [(name.replace("p_", "p."), value) for name, value in params.items()]
        return f"{self.url}?{urlencode(pairs, doseq=True)}"

    def ask(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET"
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of a request sent exactly as it stands here, to 127.0.0.1."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in ({"Host": f"127.0.0.1:{self.port}"} | (headers or {})).items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read().decode()
        finally:
            connection.close()


@contextmanager
def served(*args: str, **environment: str) -> Iterator[Explorer]:
    """`kg serve` with these options on a free port, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--port", "0", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "200", **environment},
    )
    assert process.stdout
    assert process.stderr
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stderr.read()
        yield Explorer(found[0], process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def browsing(chromium: Any, explorer: Explorer, name: str) -> Iterator[Callable[..., Any]]:
    """Opens views in the browser; at the end no error was logged and no other host was asked.

    A screenshot of each page is kept, by the test's name, in the folder of artefacts.
    """
    contexts: list[Any] = []
    pages: list[Any] = []
    errors: list[str] = []
    requests: list[str] = []

    def open_page(address: str, wait: str = "html[data-state=drawn]", **context: Any) -> Any:
        contexts.append(chromium.new_context(**{"viewport": {"width": 1400, "height": 900}, **context}))
        contexts[-1].set_default_timeout(20_000)
        page = contexts[-1].new_page()
        pages.append(page)
        page.on("console", lambda message: errors.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        page.wait_for_selector(wait)
        return page

    try:
        yield open_page
        ARTEFACTS.mkdir(exist_ok=True)
        for number, page in enumerate(pages):
            page.screenshot(path=ARTEFACTS / f"{re.sub(r'[^a-z0-9_-]+', '-', name.lower())[:120]}-{number}.png")
    finally:
        for context in contexts:
            context.close()
    assert errors == []
    foreign = [url for url in requests if not url.startswith((explorer.url, f"blob:{explorer.url}", "data:"))]
    assert foreign == []
