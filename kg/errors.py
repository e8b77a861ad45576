"""The errors this project raises. Each message is one line that names the input and says what to do next."""


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
