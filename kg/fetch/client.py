"""A polite HTTP client: one request at a time with a pause after it, retries that the server can slow down, a cache.

Answers are kept on disk as they came, so a fetch that was cut off goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import hashlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import requests

from kg import __version__
from kg.errors import SourceError, StoreError, UsageError

_ATTEMPTS = 6
_MOST_BYTES = 64 * 2**20
# A server that asks for more is not waited for: the user is told, and comes back.
_LONGEST_WAIT = 300.0
_TIMEOUT = (20, 120)  # seconds to connect, and between two pieces of an answer

# Says what is wrong with an answer's body, "" where nothing is: then it is asked for again.
Check = Callable[[bytes], str]


class Client:
    """Fetches from one service, with at least `pause` seconds from the end of a request to the next.

    Answers are kept in the folder `cache`, if one is given; `tell` hears in a line why there is waiting.
    """

    def __init__(
        self, pause: float, cache: Path | None = None, tell: Callable[[str], None] = lambda _: None, fresh: bool = False
    ) -> None:
        self._pause = pause
        self._cache = cache
        self._tell = tell
        self._fresh = fresh
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"paper-kg/{__version__}"
        self._next = 0.0  # on the monotonic clock, which does not go back

    def get(self, url: str, parameters: Mapping[str, str], check: Check, keep: datetime.timedelta | None) -> bytes:
        """The body of the answer to a GET; from the cache where it is not older than `keep` (`None`: of any age).

        Raises `SourceError` where the server refuses, or gives no answer that passes `check` however often it is asked.
        """
        try:
            request = self._session.prepare_request(requests.Request("GET", url, params=dict(parameters)))
        except requests.RequestException:
            raise UsageError(f"{url!r} is no address; write it as https://host") from None
        address = str(request.url)
        kept = self._kept(address, keep)
        if kept is not None and not check(kept):
            return kept
        trouble = ""
        for attempt in range(_ATTEMPTS):
            time.sleep(max(0.0, self._next - time.monotonic()))
            body, trouble, asked = self._once(request)
            self._next = time.monotonic() + self._pause
            if not trouble and not (trouble := check(body)):
                self._keep(address, body)
                return body
            wait = max(self._pause, 2.0**attempt if asked is None else asked)
            if wait > _LONGEST_WAIT:
                raise SourceError(
                    f"{address}: {trouble}; it asks to wait {wait:.0f} s: run the same command after that, "
                    f"it goes on where it stopped"
                )
            if attempt < _ATTEMPTS - 1:
                self._tell(f"{trouble}; again in {wait:.0f} s")
                self._next = time.monotonic() + wait
        raise SourceError(
            f"{address}: {trouble}, {_ATTEMPTS} times; run the same command later, it goes on where it stopped"
        )

    def _once(self, request: requests.PreparedRequest) -> tuple[bytes, str, float | None]:
        """Body, what went wrong, and the seconds that the server asks to wait for, of one try."""
        settings = self._session.merge_environment_settings(request.url or "", {}, True, None, None)
        try:
            with self._session.send(request, timeout=_TIMEOUT, **settings) as answer:
                if answer.status_code == 429 or answer.status_code >= 500:
                    return b"", f"the server answered {answer.status_code} {answer.reason}", _asked(answer)
                body = bytearray()
                for piece in answer.iter_content(1 << 16):
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise SourceError(
                            f"{request.url}: the answer is larger than {_MOST_BYTES >> 20} MiB; ask for less"
                        )
                if answer.status_code >= 400:
                    said = " ".join(body[:300].decode("utf-8", "replace").split())
                    raise SourceError(f"{request.url}: refused with {answer.status_code} {answer.reason}: {said}")
                return bytes(body), "", None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
            raise UsageError(f"{request.url!r} is no address; write it as https://host") from None
        except requests.exceptions.SSLError as error:
            raise SourceError(f"{request.url}: its certificate is not trusted ({error}); check it") from None
        except requests.RequestException as error:
            return b"", f"no whole answer ({type(error).__name__})", None

    def _path(self, address: str) -> Path | None:
        return self._cache / hashlib.sha256(address.encode()).hexdigest() if self._cache else None

    def _kept(self, address: str, keep: datetime.timedelta | None) -> bytes | None:
        path = self._path(address)
        if path is None or self._fresh:
            return None
        with contextlib.suppress(OSError):
            age = time.time() - path.stat().st_mtime
            # An answer from the future tells that the clock was set; its age is not known.
            if keep is None or 0 <= age <= keep.total_seconds():
                return path.read_bytes()
        return None

    def _keep(self, address: str, body: bytes) -> None:
        path = self._path(address)
        if path is None:
            return
        unfinished = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(body)
            unfinished.replace(path)
        except OSError as error:
            raise StoreError(
                f"{path.parent}: cannot be written ({error.strerror or error}); choose another --cache"
            ) from None


def _asked(answer: requests.Response) -> float | None:
    """The seconds of a Retry-After header, be it a number or a day and time; None where there is none."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    with contextlib.suppress(ValueError, TypeError):  # no time, or one without a zone
        until = email.utils.parsedate_to_datetime(text)
        # By the server's own clock: ours may be wrong.
        now = email.utils.parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    return None
