"""What the components hand to each other: typed character spans, kept in `doc.user_data` under the keys below.

All but the links count characters of the clean text (`text_of`), since that is what is read; `extraction` gives places
in the stored text. The links count characters of the stored text: a clean one may not show them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from spacy.tokens import Doc

from extractors.clean import Clean, clean
from kg.records import EntityType

CLEAN = "kg.clean"
LINKS = "kg.links"
SENTENCES = "kg.sentences"
MENTIONS = "kg.mentions"
CALIBRATION = "kg.calibration"  # the settings of the tagger that found the mentions
CLAIM_WEIGHTS = "kg.claim-weights"  # other ones than come with the package, for training
ACRONYMS = "kg.acronyms"
ENTITIES = "kg.entities"
RESULTS = "kg.results"
BASES = "kg.bases"


class Candidate(NamedTuple):
    """A typed stretch of text, in characters.

    `masses` are the probabilities of the six types (their sum is that of being a name at all), `roles` those of the six
    roles, or empty where nothing is known of them.
    """

    start: int
    end: int
    type: EntityType
    masses: tuple[float, ...]
    roles: tuple[float, ...] = ()


_LATEX = re.compile(r"\\(?:textbf|textit|textsc|texttt|textrm|emph|mathrm|mathbf|text|rm|bf|it|sc|tt)\b\s*\{?|[{}$]")
_JOINTS = re.compile(r"[\s\-‐‑‒–—_~^\\'’\"“”.,:]+")
# A last s that is a size and no plural: "ViT-S", "YOLOv8s".
_SIZE_S = re.compile(r"[\s\-_][sS]$|\ds$")


def clean_of(doc: Doc) -> Clean:
    """The clean text of `doc` with the map to the stored one; made once."""
    found: Clean | None = doc.user_data.get(CLEAN)
    if found is None:
        found = doc.user_data[CLEAN] = clean(doc.text)
    return found


def text_of(doc: Doc) -> str:
    """The clean text of `doc`: what the components read."""
    return clean_of(doc).text


def stored_of(doc: Doc) -> str:
    """The text of `doc` as it is stored: what the offsets of an `Extraction` count in."""
    cleaned = clean_of(doc)
    return doc.text if cleaned.starts else cleaned.text


def masked_in(doc: Doc) -> list[tuple[int, int]]:
    """Where the links stand in the clean text, in order; no name is looked for there."""
    cleaned = clean_of(doc)
    places = (cleaned.seen(link.start, link.end) for link in doc.user_data.get(LINKS, []))
    return [(start, end) for start, end in places if start < end]


def plain(surface: str) -> str:
    r"""A surface without LaTeX mark-up: `\textsc{Ofa}` becomes `Ofa`; runs of space become one."""
    return " ".join(_LATEX.sub("", surface).replace("~", " ").split()) or surface


def bare(word: str) -> str:
    """A word without mark-up and joints, in lower case; what `same_key` is put together from."""
    if word.isalnum():
        return word.casefold()
    return _JOINTS.sub("", _LATEX.sub("", word).replace("~", " ")).casefold()


def same_key(surface: str) -> str:
    """Equal for two spellings of one name within a paper: case, hyphens, spaces, mark-up and a plural s aside."""
    key = bare(surface)
    return (key if _SIZE_S.search(surface) else singular(key)) or surface


def singular(key: str) -> str:
    """A key without its plural s."""
    if len(key) > 3 and key.endswith("s") and not key.endswith("ss"):
        return key[:-1]
    return key


def occurrences(text: str, surface: str) -> list[tuple[int, int]]:
    """Where `surface` stands in `text` as a word of its own: not inside a longer word or number."""
    # A pattern for each surface would take longer to compile than to run.
    found = []
    start = text.find(surface) if surface else -1
    while start >= 0:
        end = start + len(surface)
        if _in_word(text[start - 1 : start]) or _in_word(text[end : end + 1]):
            start = text.find(surface, start + 1)
        else:
            found.append((start, end))
            start = text.find(surface, end)
    return found


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
