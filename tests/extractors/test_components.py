"""What a spaCy user finds: one component, by its entry point, that fills documents and can be written to disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

import kg

TEXT = "RiverNet: Small Models for Rivers\nWe introduce RiverNet and evaluate it on ImageNet."


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    made = spacy.blank("en")
    made.add_pipe("paper_kg")
    return made


def test_a_document_is_filled(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    assert ("ImageNet", "Dataset") in [(ent.text, ent.label_) for ent in doc.ents]
    assert {span.id_ for span in doc.spans["kg"]} >= {"RiverNet", "ImageNet"}
    assert doc._.kg == kg.extract(*TEXT.split("\n"))


def test_many_documents_are_filled_in_order(nlp: spacy.Language) -> None:
    texts = [TEXT, "", "Nothing here", TEXT]
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    assert docs[0]._.kg == docs[3]._.kg
    assert docs[1].ents == ()


def test_a_pipeline_is_kept_on_disk_and_in_bytes(nlp: spacy.Language, tmp_path: Path) -> None:
    kg.nlp().to_disk(tmp_path / "pipeline")
    assert spacy.load(tmp_path / "pipeline")(TEXT)._.kg == nlp(TEXT)._.kg
    assert spacy.blank("en").from_bytes(spacy.blank("en").to_bytes()) is not None
    again = spacy.blank("en")
    again.add_pipe("paper_kg", config={"extractor": "rules"})
    again.from_bytes(nlp.to_bytes())
    assert again.get_pipe("paper_kg").extractor == "fast"


def test_a_document_is_kept_with_what_was_read(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert again._.kg == doc._.kg
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.kg == doc._.kg


def test_entities_of_others_stay() -> None:
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PLACE", "pattern": "Rivers"}])  # type: ignore[attr-defined]
    made.add_pipe("paper_kg")
    assert {"PLACE", "Dataset"} <= {ent.label_ for ent in made(TEXT).ents}


def test_an_unknown_pipeline_is_said() -> None:
    with pytest.raises(kg.UsageError, match="no extractor is called"):
        spacy.blank("en").add_pipe("paper_kg", config={"extractor": "nothing"})
