"""The errors this project raises. Each message is one line that names the input and says what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class KgError(Exception):
    """Base of every error a caller may want to catch. `status` is the exit status the command line gives it."""

    status = 1


class UsageError(KgError):
    """The call itself is wrong: an unknown name, a missing parameter, a value of the wrong kind."""

    status = 2


class SourceError(KgError):
    """A feed, file or address cannot be read at all (a single bad record is set aside instead)."""


class StoreError(KgError):
    """A graph store cannot be opened, written or queried."""


class QueryError(KgError):
    """A query was refused, is not valid Cypher for the store, or went over its limits."""


class ExtractionError(KgError):
    """Extraction cannot go on: worker processes die, or a cluster cannot be used."""


def unexpected(error: Exception) -> QueryError:
    """What to say of a statement that our own code stumbled over: one line, whatever `error` says."""
    if isinstance(error, RecursionError):
        return QueryError("the statement or its answer is nested too deep; write it in parts, with WITH between them")
    said = " ".join(str(error).split())[:120].encode("ascii", "backslashreplace").decode()
    return QueryError(
        f"the statement cannot be answered ({type(error).__name__}: {said}); write it otherwise, and please report it"
    )


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """For imports of what an optional `extra` brings. Raises `UsageError` that names it where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("kg", "extractors"):
            raise
        raise UsageError(f"{package} is not installed; install it with: pip install 'paper-kg[{extra}]'") from None
