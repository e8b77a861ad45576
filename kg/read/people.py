"""Names of people: whatever form a source gives them in, one person is one name, given names first.

`names_of` takes what a column, a key or a field holds: text with many names, a list, objects. `person` takes one name.
"""

from __future__ import annotations

import ast
import functools
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from kg.read.latex import decode

_NOBODY = re.compile(
    r"(?:and\s+)?(?:et\.?\s*al\.?|(?:and\s+)?(?:\d+\s+|many\s+|several\s+)?(?:other|more)s?(?:\s+authors?)?)"
    r"|anon(?:ymous)?(?:\s+(?:authors?|submission))?(?:\(s\))?|n\s*[./]?\s*a\.?|nan|null|none|nil|unknown(?:\s+authors?)?"
    r"|undefined|tba|tbd"
    r"|no\s+authors?(?:\s+names?)?\s*(?:listed|available|given|found|id available)?|authors?\s+not\s+(?:listed|available)"
    r"|[\W\d_]*",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"[,;]?\s+(?:and\s+)?(?:et\.?\s+al\b\.?|and\s+(?:\d+\s+)?others)\s*$", re.IGNORECASE)
SUFFIX = re.compile(r"(?:(jr|sr|jnr|snr)\.?|(II|III|IV|2nd|3rd|4th))$", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:Ph\.?\s?D|M\.?D|M\.?Sc|B\.?Sc|D\.?Phil|M\.?A|Dr|Prof|MBA|MPH|FRCP|R\.?N|Esq)\.?", re.IGNORECASE
)
_PARTICLE = re.compile(
    r"(?:van|von|der|den|de|del|della|di|da|dos|das|du|la|le|ten|ter|zu|zur|af|al|el|bin|ibn|'t|st\.?)", re.IGNORECASE
)
# `A.`, `A.B.`, `A.-M.`, `A`, and, where capitals stand for given names, `AB`.
_DOTTED = re.compile(r"(?:[^\W\d_]\.[-‐]?)+[^\W\d_]?\.?")
_LETTER = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_CAPITALS = re.compile(r"[^\W\d_a-zß-öø-ÿ]{2,4}")
_AND = re.compile(r"\s+(?:and|&|und|et|y)\s+(?=\S)", re.IGNORECASE)
_PLAIN_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_MARKS = re.compile(r"(?<=[^\W\d_.])(?:\s*[*†‡§¶#^]+|\s*\^?\{?\d+(?:,\d+)*\}?)+(?=$|[,;|\s])")
_INNERMOST = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OTHERS_COMMAS = str.maketrans({"；": ";", "、": ",", "，": ",", "\u00a0": " ", "\u00ad": None})
_GIVEN = ("given", "first", "firstName", "first_name", "firstname", "forename", "forenames", "givenName", "given_name",
          "givenname", "fore_name", "foreName", "initials")  # fmt: skip
_FAMILY = ("family", "last", "lastName", "last_name", "lastname", "keyname", "surname", "familyName", "family_name",
           "familyname")  # fmt: skip
_WHOLE = ("name", "display_name", "literal", "full_name", "fullname", "fullName", "displayName", "raw_author_name",
          "author_name", "authorName", "collectiveName", "preferred_name")  # fmt: skip
_NESTED = ("author", "person", "creator", "authors", "profile")
# What tells an organisation, whose name is not turned round and not split.
_CORPORATE = re.compile(
    r"\b(?:team|group|lab|labs|laborator\w+|institut\w*|universit\w+|college|consortium|collaboration|organi[sz]ation"
    r"|association|societ\w+|committee|council|foundation|department|ministry|network|initiative|project|inc|ltd|llc"
    r"|gmbh|corporation|company|agency|alliance|center|centre|federation|union|board|bureau|commission|academy)\b",
    re.IGNORECASE,
)
_LONGEST = 300_000
# A name that is in its one form already, as nearly all are: words, initials with a space after each, a last word.
_ORDINARY = re.compile(
    r"(?!(?i:anon|unknown|undefined|no|others?|more|and|null|none|several|many)\w* )(?!.* (?i:et|and|others?|authors?)\b)"
    r"(?:(?:[^\W\d_]\.|[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*) ){1,5}[^\W\d_][a-zß-öø-ÿ][^\W\d_]*(?:[-'’][^\W\d_]+)*"
)


def names_of(value: Any, *, natural: bool = False) -> tuple[str, ...]:
    """The people in `value`: text that lists them in any usual way, a list of names or objects, or such a list as text.

    `natural` says that each name has its given names first, so that no comma turns one round.
    """
    if isinstance(value, list) and value and all(type(item) is str and _ORDINARY.fullmatch(item) for item in value):
        return tuple(value)
    return tuple(filter(None, _names(value, natural, 0)))


def person(text: str, *, natural: bool = False) -> str:
    """One name with its given names first: `Quill, A.B., Jr.` as `A. B. Quill Jr`; "" where it is nobody's."""
    if _ORDINARY.fullmatch(text):
        return text
    text = _clean(text)
    if not text:
        return ""
    parts = [part.strip() for part in text.split(",")]
    suffix = [_suffix(part) for part in parts[1:] if SUFFIX.fullmatch(part)]
    parts = [parts[0], *(p for p in parts[1:] if p and not SUFFIX.fullmatch(p) and not _DEGREE.fullmatch(p))]
    if len(parts) > 1 and not natural and not _CORPORATE.search(text):
        given = parts[-1].split()
        if len(given) > 1 and SUFFIX.fullmatch(given[-1]):
            parts[-1], suffix = " ".join(given[:-1]), [*suffix, _suffix(given[-1])]
        return _joined(" ".join(parts[1:]), parts[0], *suffix)
    if len(parts) > 1:
        return _somebody(", ".join(parts))
    return _joined("", _short_turned(parts[0]), *suffix)


def of_parts(given: str, family: str, suffix: str = "", particle: str = "") -> str:
    """A name whose parts are known."""
    if not _clean(family):
        return person(given, natural=True)
    return _joined(_clean(given), " ".join(filter(None, (_clean(particle), _clean(family)))), _suffix(_clean(suffix)))


def short(text: str) -> str:
    """A name as PubMed shortens it: `Quill AB Jr` as `A. B. Quill Jr`."""
    words = text.split()
    after = [words.pop()] if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else []
    if len(words) > 1 and (_CAPITALS.fullmatch(words[-1]) or _LETTER.fullmatch(words[-1])):
        return _joined(words[-1], " ".join(words[:-1]), *map(_suffix, after))
    return person(text)


def _names(value: Any, natural: bool, depth: int) -> Iterable[str]:
    if depth > 4:
        return
    if isinstance(value, str):
        yield from _in_text(value[:_LONGEST], natural, depth)
    elif isinstance(value, dict):
        yield from _in_object(value, natural, depth)
    elif isinstance(value, (list, tuple)):
        items = [item for item in value if item]
        if len(items) == 1 and isinstance(items[0], str):
            yield from _in_text(items[0], natural, depth)
        elif items and all(isinstance(item, str) for item in items):
            yield from _each(items, natural)
        else:
            for item in items:
                if isinstance(item, list) and item and all(isinstance(part, str) for part in item):
                    # `["Quill", "Ada", "Jr"]`, as arXiv parses names
                    yield of_parts(" ".join(item[1:2]), item[0], " ".join(item[2:3]))
                elif isinstance(item, str):
                    yield person(item, natural=natural)
                else:
                    yield from _names(item, natural, depth + 1)


def _in_object(value: dict[str, Any], natural: bool, depth: int) -> Iterable[str]:
    family, given = _first(value, _FAMILY), _first(value, _GIVEN)
    if family:
        particle = " ".join(
            filter(None, (_first(value, (key,)) for key in ("dropping-particle", "non-dropping-particle")))
        )
        yield of_parts(given, family, _first(value, ("suffix",)), particle)
    elif whole := next((value[key] for key in _WHOLE if value.get(key)), None):
        # An object is one person, or one organisation: its name is not cut.
        yield from [person(whole, natural=natural)] if isinstance(whole, str) else _names(whole, natural, depth + 1)
    else:
        inner = next((value[key] for key in _NESTED if value.get(key)), None)
        if inner is not None:
            yield from _names(inner, natural, depth + 1)
        elif given:
            yield person(given, natural=True)


def _first(value: dict[str, Any], keys: Sequence[str]) -> str:
    return next((found for key in keys if isinstance(found := value.get(key), str) and found.strip()), "")


def _in_text(text: str, natural: bool, depth: int) -> Iterable[str]:
    text = text.strip()
    if text[:1] in ("[", "{", "(") and text[-1:] in ("]", "}", ")") and (listed := _as_list(text)) is not None:
        yield from _names(listed, natural, depth + 1)
        return
    text = _without_places(_plain(text))
    for mark in (";", "|", "\n"):
        if mark in text:
            yield from _each([part for part in text.split(mark) if part.strip()], natural)
            return
    yield from _in_line(text, natural)


def _as_list(text: str) -> Any:
    """What Python or JSON text of a list or an object says; None where it is no such text."""
    if len(text) > _LONGEST or not re.match(r"[\[({]\s*(?:['\"\[\]{)}]|$)", text):
        return None
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return value if isinstance(value, (list, tuple, dict)) else None
    return None


def _each(items: Sequence[str], natural: bool) -> Iterable[str]:
    """The names of a list, one an item."""
    plain = [_without_places(_plain(item)) for item in items]
    shortened = not natural and _all_short(plain)
    for item in plain:
        item = _ET_AL.sub("", item)
        yield short(item) if shortened else person(item, natural=natural)


def _all_short(items: Sequence[str]) -> bool:
    """Whether all names are `Quill AB`: with one letter at least, so that `Wei LI` and `Bo XU` are not taken for such."""
    if any("," in item for item in items):
        return False
    last = [item.rstrip(". ").split() for item in items if not _NOBODY.fullmatch(item.strip())]
    ends = [words[-2] if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else words[-1] for words in last if words]
    return bool(ends) and all(len(words) > 1 for words in last) and all(
        _LETTER.fullmatch(end) or _CAPITALS.fullmatch(end) for end in ends
    ) and any(map(_LETTER.fullmatch, ends))  # fmt: skip


def _in_line(text: str, natural: bool) -> Iterable[str]:
    """The names of a line with commas and "and"."""
    text = _ET_AL.sub("", text.strip()).strip().rstrip(",")
    if natural:
        text = re.sub(r"^(.{1,200}?\bcollaborations?)\s*:\s*", r"\1, ", text, flags=re.IGNORECASE)
    chunks = [chunk for chunk in _PLAIN_AND.split(text) if chunk.strip(" ,")]
    if not natural and len(chunks) > 1 and all(_one_comma(chunk) for chunk in chunks):
        yield from (person(chunk) for chunk in chunks)  # `Quill, Ada and Stern, Bo`
        return
    if _CORPORATE.search(text) and "," not in text and len(chunks) == 2 and len(chunks[1].split()) == 1:
        yield person(text, natural=True)  # `Institute of Rivers and Trees`
        return
    tokens = _tokens(",".join(chunks))
    if natural:
        for token in tokens:
            yield person(re.sub(r"^(?:for|on behalf of) the ", "", token, flags=re.IGNORECASE), natural=True)
        return
    if _in_pairs(tokens):
        yield from (person(f"{family}, {given}") for family, given in zip(tokens[::2], tokens[1::2], strict=True))
    elif _all_short(tokens):
        yield from map(short, tokens)
    else:
        yield from (person(token, natural=True) if not _has_initials_last(token) else person(token) for token in tokens)


def _tokens(text: str) -> list[str]:
    """The parts between commas; what follows a name (`Jr.`) is of it, and a degree is nobody."""
    tokens: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if tokens and SUFFIX.fullmatch(part):
            tokens[-1] += f" {part}"
        elif part and not (tokens and _DEGREE.fullmatch(part)):
            tokens.append(part)
    return tokens


def _one_comma(chunk: str) -> bool:
    """Whether a chunk is one name that is turned round: `Quill, Ada`, `Li, Jr., Wei`; not `Wei Li, José García`."""
    tokens = _tokens(chunk)
    return len(tokens) == 2 and _family_first(*tokens)


def _in_pairs(tokens: Sequence[str]) -> bool:
    """Whether the parts are family, given, family, given …."""
    pairs = list(zip(tokens[::2], tokens[1::2], strict=False))
    return len(tokens) % 2 == 0 and bool(pairs) and all(_family_first(*pair) for pair in pairs)


def _family_first(family: str, given: str) -> bool:
    if _CORPORATE.search(family) or _CORPORATE.search(given) or _DOTTED.fullmatch(family.split()[0]):
        return False
    words = family.split()
    if not re.search(r"[a-z]", family + given, re.IGNORECASE):
        return False  # of Chinese names in their own letters each is one word
    name = [word for word in words if not _PARTICLE.fullmatch(word) and not SUFFIX.fullmatch(word)]
    with_particle = _PARTICLE.fullmatch(words[0]) is not None and words[0][0].islower()
    if all(_DOTTED.fullmatch(word) or _LETTER.fullmatch(word) or _CAPITALS.fullmatch(word) for word in given.split()):
        return not _has_initials_last(family)
    return with_particle or len(name) == 1 or len(given.split()) == 1


def _has_initials_last(text: str) -> bool:
    """Whether a name without a comma ends in initials and does not begin with one, as `Quill A.B.` does."""
    words = text.split()
    return (
        len(words) > 1
        and bool(_DOTTED.fullmatch(words[-1]) or _LETTER.fullmatch(words[-1]))
        and words[-1] not in ("I", "V", "X")
        and not _DOTTED.fullmatch(words[0])
        and not _LETTER.fullmatch(words[0])
        and not SUFFIX.fullmatch(words[-1])
    )


def _short_turned(name: str) -> str:
    """`Quill A. B.` as `A. B. Quill`; other names as they are."""
    words = name.split()
    after = [_suffix(words.pop())] if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else []
    if not _has_initials_last(" ".join(words)):
        return " ".join((*words, *after))
    at = len(words)
    while at > 1 and (_DOTTED.fullmatch(words[at - 1]) or _LETTER.fullmatch(words[at - 1])):
        at -= 1
    return " ".join((*words[at:], *words[:at], *after))


def _joined(given: str, family: str, *after: str) -> str:
    if len(given) <= 4 and _CAPITALS.fullmatch(given) and not family.isupper():
        given = " ".join(given)  # `Quill, AB`
    return _somebody(" ".join(filter(None, (given, family, *after))))


def _somebody(name: str) -> str:
    """A name in its one form, or "" where it is nobody's."""
    name = name.strip(" ,;*")
    if _NOBODY.fullmatch(name):
        return ""
    return _initials(" ".join(name.split()))


@functools.lru_cache(maxsize=8192)
def _initials(name: str) -> str:
    """`A.B. Quill` and `A B Quill` as `A. B. Quill`: one form for initials."""
    words: list[str] = []
    parts = name.split(" ")
    for index, word in enumerate(parts):
        if SUFFIX.fullmatch(word) and index:
            words.append(_suffix(word))
        elif index < len(parts) - 1 and _LETTER.fullmatch(word) and word.isascii():
            words.append(f"{word}.")
        elif _DOTTED.fullmatch(word) and len(parts) > 1:
            whole = re.sub(r"\.(?=[^\W\d_])", ". ", word)
            words.append(whole if whole.endswith(".") or "." not in whole else f"{whole}.")
        else:
            words.append(word)
    return " ".join(words)


def _suffix(text: str) -> str:
    found = SUFFIX.fullmatch(text)
    if found and found.group(1):
        return found.group(1)[0].upper() + found.group(1)[-1].lower()
    return text


def _clean(text: str) -> str:
    """One name's text, without marks and what stands in brackets."""
    return " ".join(_without_places(_plain(text)).split())


def _plain(text: str) -> str:
    """Text without LaTeX, entities and control characters."""
    if text.isascii() and text.isprintable() and not any(mark in text for mark in "\\{&~<"):
        return text
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = re.sub(r"</?[A-Za-z][^<>]{0,100}>", "", text)
    if "\\" in text or "{" in text:
        text = decode(text)
    text = unicodedata.normalize("NFC", text.replace("~", " ").translate(_OTHERS_COMMAS))
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Cf", "Zl", "Zp") and c not in "\n\u200d\u200c" else c
        for c in text
    )


def _without_places(text: str) -> str:
    """Without what stands in brackets after names, and the marks that point there."""
    for _ in range(6):
        if "(" not in text and "[" not in text:
            break
        cut = _INNERMOST.sub("", text)
        if cut == text:
            break
        text = cut
    return _MARKS.sub("", text) if not text.isalpha() else text
