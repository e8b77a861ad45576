"""spaCy components that read names, roles, results and links out of a title and abstract.

Each file holds pure functions and a thin component around them. The components hand their findings on in
`doc.user_data`, as character offsets, because a name need not end where a token does. `load` builds a pipeline from
the table `EXTRACTORS`; `extraction` reads the finished document.
"""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors import acronyms, entities, links, names, results, roles, sentences
from extractors.spans import ENTITIES, LINKS, RESULTS, SENTENCES
from kg.errors import UsageError
from kg.records import Extraction

__all__ = ["EXTRACTORS", "PIPELINES", "extraction", "load", "version"]

# Component name -> the module that registers it with spaCy, in running order.
EXTRACTORS = {
    "kg_links": links,
    "kg_sentences": sentences,
    "kg_names": names,
    "kg_acronyms": acronyms,
    "kg_entities": entities,
    "kg_roles": roles,
    "kg_results": results,
}

# Name of a pipeline -> its version. A changed version makes stored extractions stale, so raise it with every change
# that can alter what is extracted.
PIPELINES = {"rules": "1"}


def version(name: str = "rules") -> str:
    """What every fact is signed with: `rules-1`. Raises `UsageError` for an unknown name."""
    if name not in PIPELINES:
        raise UsageError(f"no extractor is called {name!r}; there are: {', '.join(sorted(PIPELINES))}")
    return f"{name}-{PIPELINES[name]}"


def load(name: str = "rules") -> Language:
    """The spaCy pipeline called `name`; give it title, line break, abstract."""
    version(name)
    nlp = spacy.blank("en")
    # A blank pipeline refuses texts over a million characters for the sake of a parser that this one has not.
    nlp.max_length = 100_000_000
    for component in EXTRACTORS:
        nlp.add_pipe(component)
    return nlp


def extraction(doc: Doc) -> Extraction:
    """What the components found in `doc`."""
    data = doc.user_data
    return Extraction(
        entities=tuple(data[ENTITIES]),
        results=tuple(data[RESULTS]),
        # A URL that stands twice is one link, at its first place.
        links=tuple({link.url: link for link in reversed(data[LINKS])}.values())[::-1],
        sentences=tuple(data[SENTENCES]),
    )
