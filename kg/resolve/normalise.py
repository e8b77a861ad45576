"""Pure functions on names: the key under which spellings of one name meet."""

from __future__ import annotations

import re
import unicodedata

_LATEX = re.compile(r"\\[a-zA-Z]+\s*(?=\{)|[{}$\\]")
_JOINTS = re.compile(r"[\s\-‐‑‒–—_'’\"“”`~^:]+")
_TAIL = re.compile(
    r"[\s-]+(?:data ?sets?|corpus|corpora|benchmarks?|models?|frameworks?|algorithms?|methods?|architectures?|networks?"
    r"|metrics?|tasks?|challenges?|leaderboards?)$",
    re.IGNORECASE,
)
# Tails that belong to the name when little is left without them: "Adversarial networks", "language model".
_MIN_HEAD = 3


def normalise(name: str) -> str:
    """Equal for spellings of one name: case, hyphens, spaces, LaTeX mark-up, a plural s and a generic tail aside.

    Applying it twice gives what applying it once gives. Never empty for a name that is not.
    """
    key = _fold(name)
    # Folding can bring out more to fold ("x.-" ends in a stop once the hyphen is gone).
    while (again := _fold(key)) != key:
        key = again
    return key


def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKC", _LATEX.sub("", name)).strip()
    head = _TAIL.sub("", folded)
    if any(c.isupper() for c in head) and len(head) >= _MIN_HEAD and " " not in head:
        folded = head
    key = _JOINTS.sub("", folded.casefold()).strip(".,;")
    while len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "us", "is")):
        key = key[:-1]
    return key or name.strip().casefold() or name
