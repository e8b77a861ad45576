r"""What a spaCy user adds to a pipeline: one component that fills documents with what papers name.

    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("paper_kg")
    doc = nlp("A title\nAn abstract that names BERT and GLUE.")
    doc.ents                  # names, labelled Model, Method, Dataset, Benchmark, Task, Metric
    doc.spans["kg"]           # every mention; `span.id_` is the name of the thing
    doc._.kg                  # all that was read: an `Extraction`

spaCy finds the component by its entry point wherever this package is installed.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

import extractors
from kg.errors import UsageError
from kg.records import Extraction

SPANS = "kg"
_STORED = "paper_kg"  # in `doc.user_data`, as plain data, so that documents can be written to disk


class PaperKg:
    """The component `paper_kg`: reads the text of each document with the pipeline called `extractor`.

    The document's own tokens stay; a mention that does not end where a token does is widened to whole tokens in
    `doc.spans` and `doc.ents`, and exact in `doc._.kg`.
    """

    def __init__(self, extractor: str) -> None:
        self.extractor = extractor
        extractors.version(extractor)  # says now where there is none of this name
        if not Doc.has_extension("kg"):
            Doc.set_extension("kg", getter=_read)

    @functools.cached_property
    def _pipeline(self) -> Language:
        return extractors.load(self.extractor)

    def __call__(self, doc: Doc) -> Doc:
        """Fill one document."""
        return fill(doc, extractors.extraction(self._pipeline(doc.text)))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Fill a stream of documents, several at a time; the order stays."""
        pairs = ((doc.text, doc) for doc in docs)
        for found, doc in self._pipeline.pipe(pairs, as_tuples=True, batch_size=batch_size):
            yield fill(doc, extractors.extraction(found))

    def to_bytes(self, **_: Any) -> bytes:
        """The name of the pipeline; its weights are part of this package."""
        return json.dumps({"extractor": self.extractor}).encode()

    def from_bytes(self, data: bytes, **_: Any) -> PaperKg:
        """The inverse of `to_bytes`. Raises `UsageError` where this version has no such pipeline."""
        self.__init__(_name(data))  # type: ignore[misc]
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Like `to_bytes`, into a folder, which is made."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "paper_kg.json").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> PaperKg:
        """The inverse of `to_disk`."""
        return self.from_bytes((Path(path) / "paper_kg.json").read_bytes())


def make(nlp: Language, name: str, extractor: str = extractors.DEFAULT) -> PaperKg:  # noqa: ARG001 - spaCy passes both
    """The component, for spaCy."""
    return PaperKg(extractor)


Language.factory("paper_kg", default_config={"extractor": extractors.DEFAULT}, func=make)


def fill(doc: Doc, found: Extraction) -> Doc:
    """Put what was found in the text of `doc` into it."""
    doc.user_data[_STORED] = json.loads(json.dumps(found.to_json()))
    spans = []
    for entity in found.entities:
        for mention in entity.mentions:
            span = doc.char_span(mention.start, mention.end, entity.type, alignment_mode="expand", span_id=entity.name)
            if span is not None:
                spans.append(span)
    doc.spans[SPANS] = sorted(spans, key=lambda span: (span.start, span.end))
    doc.set_ents(filter_spans(spans), default="unmodified")
    return doc


def _read(doc: Doc) -> Extraction | None:
    stored = doc.user_data.get(_STORED)
    return None if stored is None else Extraction.from_json(stored)


def _name(data: bytes) -> str:
    try:
        return str(json.loads(data)["extractor"])
    except (ValueError, KeyError, TypeError):
        raise UsageError("paper_kg: what was stored is damaged; add the component to the pipeline again") from None
