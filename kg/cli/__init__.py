"""The command line `kg`: parses, calls, prints. Nothing else prints.

Modules that load spaCy or NetworkX are imported by the commands that use them: `kg --help` should not wait for them.
"""

from kg.cli import asking, fetching, graph, looking, naming, reading, shell  # noqa: F401 - each registers its commands
from kg.cli.app import app, main

__all__ = ["app", "main"]

# The order of `kg --help`: as a newcomer meets them.
_ORDER = [
    "build",
    "remove",
    "load",
    "extract",
    "evaluate",
    "query",
    "new",
    "cypher",
    "shell",
    "view",
    "serve",
    "export",
    "info",
    "why",
    "review",
    "demo",
]
app.registered_commands.sort(key=lambda command: _ORDER.index(command.callback.__name__ if command.callback else ""))
