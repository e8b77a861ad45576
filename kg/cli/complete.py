"""What the shell completes: labels, relationship types, properties, names of queries and their parameters, commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from kg.ask.named import NamedQuery
from kg.schema import NODES, RELATIONSHIPS

LABELS = tuple(node.label for node in NODES)
TYPES = tuple(relationship.name for relationship in RELATIONSHIPS)
_ALL_PROPERTIES = (*(node.properties for node in NODES), *(relationship.properties for relationship in RELATIONSHIPS))
PROPERTIES = tuple(sorted({name for properties in _ALL_PROPERTIES for name, _ in properties}))
KEYWORDS = (
    *("MATCH", "OPTIONAL MATCH", "WHERE", "WITH", "UNWIND", "RETURN", "DISTINCT", "ORDER BY", "SKIP", "LIMIT", "UNION"),
    *("AS", "AND", "OR", "NOT", "IN", "CONTAINS", "STARTS WITH", "ENDS WITH", "IS NULL", "IS NOT NULL"),
    *("CASE WHEN", "THEN", "ELSE", "END", "EXISTS { MATCH", "COUNT { MATCH", "DESC"),
    *("count(", "collect(", "avg(", "min(", "max(", "sum(", "size(", "toLower(", "coalesce(", "type(", "labels("),
)


class ShellCompleter(Completer):
    """Completes by what stands before the cursor; `commands` are those of the shell, with their colon."""

    def __init__(self, commands: Iterable[str], queries: Mapping[str, NamedQuery]) -> None:
        self._commands = tuple(commands)
        self._queries = queries

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """The completions of the word before the cursor."""
        start, choices = self._choices(document.text_before_cursor)
        for choice in choices:
            if choice.lower().startswith(start.lower()):
                yield Completion(choice, start_position=-len(start))

    def _choices(self, text: str) -> tuple[str, Iterable[str]]:
        """The beginning of a word, and what it may become."""
        if match := re.fullmatch(r"\s*(:\w*)", text):
            return match[1], self._commands
        if match := re.fullmatch(r"\s*:run\s+([\w/-]*)", text):
            short = [name.partition("/")[2] for name in self._queries]
            return match[1], [*self._queries, *short] if match[1] else list(self._queries)
        if match := re.fullmatch(r"\s*:run\s+(\S+)\s.*?(--?\w*)", text, re.DOTALL):
            found = [query for name, query in self._queries.items() if match[1] in (name, name.partition("/")[2])]
            return match[2], [f"--{parameter.name}" for query in found for parameter in query.parameters]
        if match := re.search(r"\w\.(`?\w*)$", text):
            return match[1], PROPERTIES
        if match := re.search(r"[:|]\s*(\w*)$", text):
            bracket = max(text.rfind("("), text.rfind("["))
            return match[1], TYPES if text[bracket : bracket + 1] == "[" else LABELS
        match = re.search(r"\w*$", text)
        return (match[0], KEYWORDS) if match and match[0] else ("", ())
