"""spaCy components that read names, roles, results and links out of a title and abstract.

Each file holds pure functions and a thin component around them. The components hand their findings on in
`doc.user_data`, as character offsets, because a name need not end where a token does. `load` builds a pipeline from
the table `EXTRACTORS`; `extraction` reads the finished document.
"""

from __future__ import annotations

from typing import NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors import (
    acronyms,
    calibrate,
    edges,
    entities,
    hedges,
    introduced,
    links,
    names,
    results,
    roles,
    sentences,
    tagger,
    trained,
)
from extractors.spans import ENTITIES, LINKS, RESULTS, SENTENCES
from extractors.tokens import BoundedTokenizer
from kg.errors import UsageError
from kg.plugins import installed
from kg.records import Extraction

__all__ = ["DEFAULT", "EXTRACTORS", "PIPELINES", "extraction", "load", "version"]

# Component name -> the module that registers it with spaCy.
EXTRACTORS = {
    "kg_links": links,
    "kg_sentences": sentences,
    "kg_names": names,
    "kg_tagger": tagger,
    "kg_edges": edges,
    "kg_acronyms": acronyms,
    "kg_entities": entities,
    "kg_roles": roles,
    "kg_introduced": introduced,
    "kg_trained": trained,
    "kg_hedges": hedges,
    "kg_calibrate": calibrate,
    "kg_results": results,
}


class Pipeline(NamedTuple):
    """Components in running order, and a version.

    A changed version makes stored extractions stale: raise it with every change that can alter what is extracted.
    """

    version: str
    components: tuple[str, ...]


DEFAULT = "fast"
PIPELINES = {
    # The trained tagger finds names and roles; see weights/MODEL_CARD.md.
    "fast": Pipeline(
        "5",
        (
            *("kg_links", "kg_sentences", "kg_tagger", "kg_edges", "kg_acronyms", "kg_entities", "kg_introduced"),
            *("kg_trained", "kg_hedges", "kg_calibrate", "kg_results"),
        ),
    ),
    # Word lists and the shape of words; what a trained pipeline must beat.
    "rules": Pipeline(
        "2",
        (
            *("kg_links", "kg_sentences", "kg_names", "kg_acronyms", "kg_entities", "kg_roles", "kg_introduced"),
            *("kg_hedges", "kg_results"),
        ),
    ),
}


def version(name: str = DEFAULT) -> str:
    """What every fact is signed with, such as `fast-5`, and the plug-ins that had a say.

    Raises `UsageError` for an unknown name.
    """
    if name not in PIPELINES:
        raise UsageError(f"no extractor is called {name!r}; there are: {', '.join(PIPELINES)}")
    return "+".join((f"{name}-{PIPELINES[name].version}", *(f"{p.package}-{p.version}" for p in installed())))


def load(name: str = DEFAULT) -> Language:
    """The spaCy pipeline called `name`, with the components of installed plug-ins; give it title, line break, abstract.

    Raises `UsageError` for an unknown name, and for a plug-in that cannot be loaded.
    """
    version(name)
    nlp = spacy.blank("en")
    # A blank pipeline refuses texts over a million characters for the sake of a parser that this one has not.
    nlp.max_length = 100_000_000
    nlp.tokenizer = BoundedTokenizer(nlp)
    for component in PIPELINES[name].components:
        nlp.add_pipe(component)
    for plugin in installed():
        if plugin.refused:
            raise UsageError(
                f"{plugin.package}: {plugin.refused[0]!r} cannot be the label of a type (a capital, then letters and "
                "digits, and none that is taken); uninstall the package or have it renamed"
            )
        for component in plugin.components:
            try:
                nlp.add_pipe(component, before="kg_results")
            except Exception as error:  # the code of somebody else
                reason = " ".join(str(error).split())[:200]
                raise UsageError(f"{plugin.package}: {component} cannot be loaded ({reason}); uninstall it") from None
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
