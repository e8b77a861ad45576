"""A plug-in for paper-kg: the chips that papers name, as nodes with the label Hardware."""

import re

from spacy.language import Language
from spacy.tokens import Doc

from extractors.plugins import add_mentions

_CHIP = re.compile(r"\b(?:(?:NVIDIA )?(?:[AV]-?100|H-?[12]00|RTX ?\d{4})|TPU ?v\d\w?|Apple M\d)\b")


@Language.component("paper_kg_hardware")
def hardware(doc: Doc) -> Doc:
    """Add the chips named in `doc`."""
    add_mentions(doc, "Hardware", (match.span() for match in _CHIP.finditer(doc.text)), role="uses", confidence=0.9)
    return doc
