"""What a component of another package calls to add mentions of a type of its own; see `docs/extending.md`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from spacy.tokens import Doc

from extractors.entities import canonical_name
from extractors.spans import ENTITIES, LINKS, clean_of, same_key, stored_of
from kg.errors import UsageError
from kg.plugins import installed
from kg.records import ROLES, Entity, EntityType, Mention, Role


def add_mentions(
    doc: Doc,
    label: str,
    spans: Iterable[tuple[int, int]],
    *,
    role: Role = "uses",
    confidence: float = 1.0,
) -> None:
    """Add to `doc` what stands at `spans` (characters of `doc.text`, from and to) as things of type `label`.

    Spellings that differ in case, hyphens or a plural s are one thing. Spans inside links are left out, and a name that
    the pipeline found just there under another type gives way. Raises `UsageError` for a label that no installed
    package declares, a role that is none, or a span outside the text.
    """
    if not any(label in plugin.labels for plugin in installed()):
        raise UsageError(f"no installed package declares the type {label!r}; declare it in the group paper_kg.types")
    if role not in ROLES:
        raise UsageError(f"no role is called {role!r}; there are: {', '.join(ROLES)}")
    text, cleaned = stored_of(doc), clean_of(doc)
    links = doc.user_data.get(LINKS, [])
    groups: dict[str, list[Mention]] = defaultdict(list)
    for start, end in sorted(set(spans)):
        if not 0 <= start < end <= len(text):
            raise UsageError(f"{start}..{end} is no span of a text of {len(text)} characters")
        first, last = cleaned.seen(start, end)
        if first < last and not any(start < link.end and link.start < end for link in links):
            name = cleaned.text[first:last]
            groups[same_key(name)].append(Mention(first, last, name, round(confidence, 4)))
    own = {(m.start, m.end) for mentions in groups.values() for m in mentions}
    kept = [e for e in doc.user_data[ENTITIES] if not all((m.start, m.end) in own for m in e.mentions)]
    for mentions in groups.values():
        surfaces = tuple(dict.fromkeys(m.text for m in mentions))
        kind = cast("EntityType", label)  # the type of the tagger's own; a plug-in's label is checked above
        kept.append(
            Entity(canonical_name(surfaces, mentions), kind, role, surfaces, tuple(mentions), round(confidence, 4))
        )
    doc.user_data[ENTITIES] = sorted(kept, key=lambda e: (e.mentions[0].start, e.type))
