"""spaCy components that read names, roles, results and links out of a title and abstract.

Each file holds pure functions and a thin component around them. The components hand their findings on in
`doc.user_data`, as character offsets, because a name need not end where a token does. `load` builds a pipeline from
the table `EXTRACTORS`; `extraction` reads the finished document.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple, TypeVar

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors import (
    acronyms,
    based,
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
from extractors.clean import Clean
from extractors.spans import BASES, ENTITIES, LINKS, RESULTS, SENTENCES, clean_of, stored_of
from extractors.tokens import BoundedTokenizer
from kg.errors import UsageError
from kg.plugins import installed
from kg.records import Basis, Entity, Extraction, Mention, ResultClaim

Fact = TypeVar("Fact", Basis, ResultClaim)

__all__ = ["DEFAULT", "EXTRACTORS", "PIPELINES", "extraction", "load", "version"]

# Component name -> the module that registers it with spaCy.
EXTRACTORS = {
    "kg_links": links,
    "kg_sentences": sentences,
    "kg_names": names,
    "kg_tagger": tagger,
    "kg_acronyms": acronyms,
    "kg_edges": edges,
    "kg_entities": entities,
    "kg_roles": roles,
    "kg_introduced": introduced,
    "kg_trained": trained,
    "kg_hedges": hedges,
    "kg_calibrate": calibrate,
    "kg_based": based,
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
            *("kg_links", "kg_sentences", "kg_tagger", "kg_acronyms", "kg_edges", "kg_entities", "kg_introduced"),
            *("kg_trained", "kg_hedges", "kg_calibrate", "kg_based", "kg_results"),
        ),
    ),
    # Word lists and the shape of words; what a trained pipeline must beat.
    "rules": Pipeline(
        "3",
        (
            *("kg_links", "kg_sentences", "kg_names", "kg_acronyms", "kg_entities", "kg_roles", "kg_introduced"),
            *("kg_hedges", "kg_based", "kg_results"),
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
    for plugin in installed():
        if missing := plugin.missing():
            raise UsageError(f"{plugin.package}: {missing}; install the package anew, or uninstall it")
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
                "digits, and no word that is taken or part of Cypher); uninstall the package or have it renamed"
            )
        for component in plugin.components:
            try:
                nlp.add_pipe(component, before="kg_results")
            except Exception as error:  # the code of somebody else
                reason = " ".join(str(error).split())[:200]
                raise UsageError(f"{plugin.package}: {component} cannot be loaded ({reason}); uninstall it") from None
    return nlp


def extraction(doc: Doc) -> Extraction:
    """What the components found in `doc`, with places in the text as it is stored."""
    data, cleaned = doc.user_data, clean_of(doc)
    entities, results, sentences = data[ENTITIES], data[RESULTS], data[SENTENCES]
    bases = data.get(BASES, ())
    if cleaned.starts:
        text = stored_of(doc)
        entities = [_stored(entity, cleaned, text) for entity in entities]
        results = [_placed(claim, *cleaned.stored(claim.start, claim.end)) for claim in results]
        sentences = [cleaned.stored(start, end) for start, end in sentences]
        bases = [_placed(basis, *cleaned.stored(basis.start, basis.end)) for basis in bases]
    return Extraction(
        entities=tuple(entities),
        results=tuple(results),
        # A URL that stands twice is one link, at its first place.
        links=tuple({link.url: link for link in reversed(data[LINKS])}.values())[::-1],
        sentences=tuple(sentences),
        bases=tuple(bases),
    )


def _stored(entity: Entity, cleaned: Clean, text: str) -> Entity:
    """The entity with its mentions cut out of the stored `text`; name and surfaces stay clean."""
    places = [(*cleaned.stored(mention.start, mention.end), mention.confidence) for mention in entity.mentions]
    mentions = tuple(Mention(start, end, text[start:end], confidence) for start, end, confidence in places)
    return dataclasses.replace(entity, mentions=mentions)


def _placed(fact: Fact, start: int, end: int) -> Fact:
    return dataclasses.replace(fact, start=start, end=end)
