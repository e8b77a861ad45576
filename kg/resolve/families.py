"""Versions and sizes: each is a node of its own, and a VARIANT_OF its family where the corpus names that too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kg.records import Thing
from kg.resolve.normalise import normalise

_SIZE = re.compile(r"[\s\-_/(]*\b\d+(?:\.\d+)?\s*[bBmMtT]\b\)?(?:[\s\-_]*A\d+(?:\.\d+)?B)?$")
_MIXTURE = re.compile(r"[\s\-_]+\d+x\d+(?:\.\d+)?[bB]$")
_PATCH = re.compile(r"[\s\-_/]+(?:p|patch)?\d+(?:[@/]\d+)?(?:px)?$")
_LETTER = re.compile(r"[\s\-_/]+(?:XX?L|XS|[TSBMLHGgNn]|Ti|So400m)(?:[/\-_ ]\d+)?(?:@\d+)?$")
_WORD = re.compile(
    r"[\s\-_]+(?:base|large|small|tiny|medium|mini|nano|micro|huge|giant|x?xlarge|xl|xxl|pro|ultra|flash|lite|turbo|max|plus|preview|"
    r"instruct|chat|it|thinking|opus|sonnet|haiku|vision|vl|omni|coder|code|math|audio|uncased|cased|distill(?:ed)?)$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:[\s\-_]*v|[\s\-_]*)\d+(?:\.\d+)*(?:[a-ce-z]|[\s\-_]*vl)?$", re.IGNORECASE)
_LAYERS = re.compile(r"[\s\-_]*\d{2,3}(?:[x_]\w+)?$")
_TAILS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_MIXTURE, "size"),
    (_SIZE, "size"),
    (_LETTER, "size"),
    (_WORD, "size or version"),
    (_PATCH, "size or version"),
    (_LAYERS, "size"),
    (_VERSION, "version"),
)
_MIN_FAMILY = 2


def variants(things: Iterable[Thing]) -> tuple[tuple[str, str, str], ...]:
    """(variant id, family id, reason) for models, sorted; the family is the nearest that has a node."""
    models = [thing for thing in things if thing.type == "Model"]
    by_key: dict[str, Thing] = {}
    for thing in sorted(models, key=lambda t: (-t.papers, t.id)):
        by_key.setdefault(normalise(thing.name), thing)
    found = (pair for thing in models if (pair := _family(thing, by_key)))
    return tuple(sorted(found))


def _family(thing: Thing, by_key: Mapping[str, Thing]) -> tuple[str, str, str] | None:
    for head, tail, kind in heads(thing.name):
        family = by_key.get(normalise(head))
        if family and family.id != thing.id:
            return thing.id, family.id, f"“{thing.name}” is “{family.name}” with the {kind} “{tail}”"
    return None


def heads(name: str) -> list[tuple[str, str, str]]:
    """(what is left, what was taken off, what that is) for each end that may be a version or size, longest first."""
    queue, seen = [name], {name}
    found: list[tuple[str, str, str]] = []
    for current in queue:
        for pattern, kind in _TAILS:
            head = pattern.sub("", current).rstrip(" -_/(")
            if len(head) >= _MIN_FAMILY and head[0].isalpha() and head not in seen:
                seen.add(head)
                queue.append(head)
                found.append((head, name[len(head) :].strip(" -_/()"), kind))
    return sorted(found, key=lambda row: (-len(row[0]), row))
