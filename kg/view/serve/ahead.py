"""What an opened page is about to ask, answered while the browser still loads its scripts."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping

from starlette.datastructures import QueryParams

from kg.ask.backing import Backing
from kg.errors import KgError
from kg.view.serve.api import answer

_AT_ONCE = 2
# The question of each view, and which parameters of its address go into it. Its scripts know the same.
_QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "home": ("summary", ()),
    "boards": ("boards", ()),
    "thing": ("profile", ("id",)),
    "graph": ("graph", ("around", "most", "path", "to", "ids", "query", "add", "rows", "seconds")),
}


def question(address: QueryParams) -> tuple[str, QueryParams] | None:
    """Name and parameters of what the page at this address asks first; None where it asks nothing that is kept."""
    name, wanted = _QUESTIONS.get(address.get("v", "home"), ("", ()))
    # A statement is run when it is asked for, no sooner.
    if not name or "cypher" in address:
        return None
    own = [pair for pair in address.multi_items() if pair[0] in wanted or (wanted and pair[0].startswith("p."))]
    return name, QueryParams(own)


class Ahead:
    """Answers into what `backing` keeps, a few questions at a time; what comes on top waits until it is asked.

    The process ends after these answers, not in the middle of one: the engine would abort.
    """

    def __init__(self, backing: Backing) -> None:
        self.backing = backing
        self._free = threading.BoundedSemaphore(_AT_ONCE)

    def begin(self, address: QueryParams) -> None:
        """Begin to answer what the page at this address asks. Returns at once."""
        asked = question(address)
        if asked and self._free.acquire(blocking=False):
            threading.Thread(target=self._answer, args=asked, name="ahead").start()

    def warm(self) -> None:
        """Begin with what is asked for first most often: the first screen, then a picture. Returns at once."""
        threading.Thread(target=self._warm).start()

    def _warm(self) -> None:
        with contextlib.suppress(KgError):
            answer(self.backing, "summary", QueryParams())
            # The first picture takes a third longer than the next ones: let it be one that nobody waits for.
            for entry in self.backing.index.top("Model", 1):
                answer(self.backing, "graph", QueryParams({"around": entry.id}))

    def _answer(self, name: str, given: QueryParams) -> None:
        try:
            with contextlib.suppress(KgError):  # who asks for it is told
                answer(self.backing, name, given)
        finally:
            self._free.release()
