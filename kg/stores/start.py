"""Processes of our own are started without a second run of the caller's script."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

_LOCK = threading.Lock()


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """While it lasts, a process that is started with "spawn" does not import the module `__main__`.

    Python would run the script of the caller again in each such process: a script without a guard would start itself
    without end, and one from standard input could not be found. What our processes run is in this package.
    """
    main = vars(sys.modules["__main__"])
    with _LOCK:
        kept = {name: main[name] for name in ("__file__", "__spec__") if name in main}
        try:
            main.pop("__file__", None)
            main["__spec__"] = None
            yield
        finally:
            for name, value in kept.items():
                main[name] = value
