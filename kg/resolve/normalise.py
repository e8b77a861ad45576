"""Pure functions on names: the key under which spellings of one name meet.

Each name of each paper comes through here whenever a graph is made, so what cannot match is not tried: the conditions
before the patterns change no key, and halve the time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LATEX = re.compile(r"\\[a-zA-Z]+\s*(?=\{)|[{}$\\]")
# Joints between words carry no meaning, but for two places: between digits (LLaMA-2-7B is not LLaMA-27B) and before a
# last single s (ViT-S is not the plural of ViT).
_JOINTS = re.compile(r"[\s\-‐‑‒–—−_/'’‘`´\"“”~^:·]+")
_DIGIT_JOINT = re.compile(rf"(?<=\d){_JOINTS.pattern}(?=\d)")
_LAST_S = re.compile(r"(?<=[^\s\-])[\s\-‐‑‒–—−_/]+s$")
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S{3})", re.IGNORECASE)
# The s of "HOIs" is a plural whatever letters stand before it.
_CAPITALS_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")
_YEAR = re.compile(r"(?<!\d)(?:20([0-2]\d)|19(9\d))(?!\d)")
_VERSION = re.compile(r"(?<=[a-z\s\-_])v(?:er(?:sion)?)?[.\s]*(?=\d)")
_ZERO = re.compile(r"(?<=\d)\.0(?![\d.])")
# A tail in lower case stands outside the name; these two stand outside it in capitals too.
_TAIL = re.compile(
    r"[\s-]+(?:data ?sets?|corpus|corpora|benchmarks?|Data ?[Ss]ets?|Corpus|Benchmarks?|models?|famil(?:y|ies)"
    r"|frameworks?|algorithms?|methods?|architectures?|backbones?|networks?|metrics?|tasks?|leaderboards?"
    r"|optimi[sz]ers?|techniques?"
    r"|(?:train(?:ing)?|test(?:ing)?|val(?:idation)?|dev)(?: (?:sets?|splits?|data)))$"
)
_TASK_ENDS = ("task", "tasks", "metric", "metrics")
# "accuracy (%)"; "Fréchet Inception Distance (FID)", which is said twice.
_PERCENT = re.compile(r"\s*\(\s*%\s*\)$")
_ANY_TAIL = re.compile(_TAIL.pattern, re.IGNORECASE)
_TASK_TAIL = re.compile(r"\s+(?:tasks?|metrics?)$")
# Tails belong to the name when little is left without them: "Adversarial networks", "language model".
_MIN_HEAD = 3
# "ViT-Large/14" is ViT-L/14; but for "Llama-3 Base", which is not a Llama of 3B.
_SIZE_WORD = re.compile(
    r"(?:(?<=[a-z])[\s\-_]+(base|tiny)|(?<=[a-z\d])[\s\-_]+(small|large|huge|giant))(?=$|[\s\-_/]*\d+(?:px)?$)"
)
# "Gemini Flash 2.0" is Gemini 2.0 Flash.
_KIND_FIRST = re.compile(
    r"(?<=[a-z])([\s\-]+)(opus|sonnet|haiku|flash|pro|ultra|turbo)[\s\-]+(\d+(?:\.\d+)?)(?=$|[\s\-])"
)
# "F1-macro" is macro F1.
_AVERAGE_LAST = re.compile(r"^(f1|precision|recall)[\s\-_]+(?:\(?)(macro|micro|weighted)\)?$")
_RESOLUTION = re.compile(r"(?<=\d)@(?=\d{3,4}(?:px)?$)")
_PIXELS = re.compile(r"(?<=\d{3})px$")
_DIGIT = re.compile(r"\d")
_BRITISH = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("modelling", "modeling"),
    ("colour", "color"),
    ("neighbour", "neighbor"),
    ("dialogue", "dialog"),
    ("diaris", "diariz"),
)
# Cyrillic and Greek letters that look like Latin ones; they count as those in a name that has Latin letters too.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХІЈЅаекорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXIJSaekopcyxijsABEZHIKMNOPTYXo")
_GREEK_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon
    phi chi psi omega"""
_GREEK = str.maketrans(dict(zip("αβγδεζηθικλμνξπρστυφχψω", _GREEK_NAMES.split(), strict=True)))


@lru_cache(maxsize=200_000)
def normalise(name: str) -> str:
    """Equal for spellings of one name: case, joints, LaTeX, look-alikes, plural, article and generic tail aside.

    Applying it twice gives what applying it once gives. Never empty for a name that is not. Versions and sizes
    always count.
    """
    key = _fold(name)
    # Folding can bring out more to fold ("x.-" ends in a stop once the hyphen is gone). Each round shortens the key or
    # spells out a letter, so there are few; the bound holds for hostile text.
    for _ in range(len(name) + 8):
        again = _fold(key)
        if again == key:
            break
        key = again
    return key


def digits(key: str) -> tuple[str, ...]:
    """The numbers in a key: names that differ in them are versions or sizes, never spellings."""
    return tuple(re.findall(r"\d+(?:\.\d+)*", key))


def _fold(name: str) -> str:
    if name.isascii() and name.isalpha() and name.islower():  # most keys: all that is below needs more than letters
        return _singular(_american(name))
    plain = without_tail(name)
    if plain.endswith("s"):
        plain = _CAPITALS_PLURAL.sub("", plain)
    key = _AVERAGE_LAST.sub(r"\2 \1", plain.casefold())
    if _DIGIT.search(key):
        key = _PIXELS.sub("", _KIND_FIRST.sub(r"\1\3 \2", key))
        key = _SIZE_WORD.sub(_size_letter, _RESOLUTION.sub("-", key))
        key = _ZERO.sub("", _YEAR.sub(lambda m: m.group(1) or m.group(2), _VERSION.sub("", key)))
        key = _DIGIT_JOINT.sub("\x00", _last_s(key.replace("&", "and")))
    else:
        key = _last_s(_SIZE_WORD.sub(_size_letter, key).replace("&", "and"))
    if not key.isalnum():
        key = _JOINTS.sub("", key).strip(".,;").replace("\x00", "-")
    key = _singular(_american(key))
    return key or name.strip().casefold() or name


def _size_letter(found: re.Match[str]) -> str:
    return "-" + (found.group(1) or found.group(2))[0]


def _last_s(key: str) -> str:
    key = key.strip()
    return _LAST_S.sub("\x00s", key) if key.endswith("s") else key


def _american(key: str) -> str:
    if "is" in key or "our" in key or "modelling" in key or "dialogue" in key:
        for british, american in _BRITISH:
            key = key.replace(british, american)
    return key


def _plain(name: str) -> str:
    """The letters that are meant: no LaTeX, no marks on letters, no invisible characters, no look-alikes."""
    text = _LATEX.sub("", name) if "$" in name or "\\" in name or "{" in name or "}" in name else name
    if text.isascii() and text.isprintable():  # most are: nothing below changes them
        return text.strip()
    text = unicodedata.normalize("NFKD", text)
    # Marks on Latin letters only: those of other scripts change the letter.
    text = "".join(c for c in text if not "\u0300" <= c <= "\u036f" and unicodedata.category(c) not in ("Cf", "Cc"))
    text = unicodedata.normalize("NFKC", text).translate(_GREEK).replace("×", "x")
    if any("a" <= c <= "z" or "A" <= c <= "Z" for c in text):
        text = text.translate(_LOOK_ALIKES)
    return text.strip()


def without_tail(name: str) -> str:
    """The name in plain letters without article and generic tail, its capitals kept."""
    name = _ARTICLE.sub("", _plain(name))
    if name.endswith(")"):
        name = _PERCENT.sub("", name)
    if name.endswith(")"):
        head, _, short = name[:-1].rpartition("(")
        if len(short) > 1 and _initials(head) == short.casefold():
            name = head.rstrip()
    while not name.isalnum():
        head = _ANY_TAIL.sub("", name)
        if head != name and " " in head:
            head = _TAIL.sub("", name)
        if head == name and not name.endswith(_TASK_ENDS):
            return name
        named = any(c.isupper() or c.isdigit() for c in head)
        if not named:
            head = _TASK_TAIL.sub("", name)
            named = " " in head
        if head == name or not named or len(head) < _MIN_HEAD:
            return name
        name = head
    return name


def _initials(name: str) -> str:
    words = re.split(r"[\s\-]+", name.casefold())
    return "".join(word[0] for word in words if word not in ("", "to", "of", "and", "the", "for", "in"))


def _singular(key: str) -> str:
    """Without a plural s; a last s after a digit or joint is a size (YOLOv8s, ViT-S)."""
    while len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "us", "is")) and key[-2].isalpha():
        if key.endswith("ies") and len(key) > 6:
            key = key[:-3] + "y"
        elif key.endswith(("sses", "ches", "shes", "xes")):
            key = key[:-2]
        else:
            key = key[:-1]
    return key
