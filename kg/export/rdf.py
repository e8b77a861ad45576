"""RDF as N-Triples, Turtle and JSON-LD, written as the graph is read. The words are in `vocabulary.ttl` and below.

A relationship is one triple, and where it has properties a statement about that triple beside it (`rdf:Statement`,
which every RDF program reads), under an address of its own: paper, type and thing.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from kg.export.part import Part
from kg.export.text import address, as_json, clean
from kg.records import Node, Relationship
from kg.schema import NODES, RELATIONSHIP_BY_NAME, RELATIONSHIPS, PropertyType

BASE = "urn:paper-kg:"
TERMS = f"{BASE}term:"
VOCABULARY = Path(__file__).parent / "vocabulary.ttl"
PREFIXES: Mapping[str, str] = {
    "kg": TERMS,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# What schema.org has a word for; all else is a term of our own.
CLASSES: Mapping[str, str] = {
    "Paper": "schema:ScholarlyArticle",
    "Dataset": "schema:Dataset",
    "Repository": "schema:SoftwareSourceCode",
    "Page": "schema:WebPage",
    "Author": "schema:Person",
}
WORDS: Mapping[str, str] = {
    "name": "schema:name",
    "title": "schema:headline",
    "abstract": "schema:abstract",
    "aliases": "schema:alternateName",
    "published": "schema:datePublished",
    # `kg:mentions` is what a paper does, not how often.
    "mentions": "kg:mentionCount",
}
_TYPES: Mapping[PropertyType, str] = {
    "INT": "xsd:integer",
    "DOUBLE": "xsd:double",
    "BOOL": "xsd:boolean",
    "DATE": "xsd:date",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f]')
_ADDRESS = re.compile(r"https?://[^\s\x00-\x20<>\"{}|\\^`\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Name:
    """The address of a node, a class or a property; a short one (`kg:uses`) where it has one of `PREFIXES`."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A text, or a number or day as text with its type."""

    text: str
    type: str = ""


Triples = tuple[Name, list[tuple[str, Name | Value]]]


def term(name: str) -> str:
    """The word for a property or type of ours: `first_seen` is `kg:firstSeen`, `TRAINS_ON` is `kg:trainsOn`."""
    first, *rest = name.lower().split("_")
    return f"kg:{first}{''.join(map(str.capitalize, rest))}"


_RELATIONS = frozenset(term(kind.name) for kind in RELATIONSHIPS)


def word(name: str) -> str:
    """The word for a property; one that would be the word of a relationship is another."""
    own = WORDS.get(name) or term(name)
    return f"{own}Value" if own in _RELATIONS else own


def triples(part: Part) -> Iterator[Triples]:
    """All there is to say, by subject: the nodes, then each relationship, then what is known of it."""
    for kind in part.kinds():
        types = dict(part.properties(kind))
        for node in part.nodes_of(kind):
            yield node_address(node.id), _of_node(node, types)
    last, number = ("", "", ""), 0
    for fact in part.relationships():
        start, relation, end = node_address(fact.start), term(fact.type), node_address(fact.end)
        number = number + 1 if (fact.type, fact.start, fact.end) == last else 1
        last = fact.type, fact.start, fact.end
        said: list[tuple[str, Name | Value]] = [(relation, end)] if number == 1 else []
        if fact.type == "WROTE" and number == 1:
            yield end, [("schema:author", start)]
        if said:
            yield start, said
        own = _of_fact(fact)
        if own:
            more = f"/{number}" if number > 1 else ""
            key = f"{BASE}fact:{_quoted(fact.start)}/{fact.type}/{_quoted(fact.end)}{more}"
            whole = [("rdf:subject", start), ("rdf:predicate", Name(relation)), ("rdf:object", end)]
            yield Name(key), [("rdf:type", Name("rdf:Statement")), *whole, *own]


def node_address(key: str) -> Name:
    """The address of the node with this id."""
    return Name(f"{BASE}{_quoted(key)}")


def _of_node(node: Node, types: Mapping[str, PropertyType]) -> list[tuple[str, Name | Value]]:
    said: list[tuple[str, Name | Value]] = [("rdf:type", Name(f"kg:{node.label}"))]
    if node.label in CLASSES:
        said.append(("rdf:type", Name(CLASSES[node.label])))
    for name, value in node.properties.items():
        if name in ("id", "url"):
            continue
        said += ((word(name), item) for item in _values(value, types[name]))
    url = address(node.properties) if node.label == "Paper" else str(node.properties.get("url") or "")
    if url:
        place = "schema:codeRepository" if node.label == "Repository" else "schema:url"
        said.append((place, Name(url) if _ADDRESS.fullmatch(url) else Value(clean(url))))
    said.append(("schema:identifier", Value(clean(node.id))))
    return said


def _of_fact(fact: Relationship) -> list[tuple[str, Name | Value]]:
    types = dict(RELATIONSHIP_BY_NAME[fact.type].properties)
    return [(word(name), item) for name, value in fact.properties.items() for item in _values(value, types[name])]


def _values(value: Any, kind: PropertyType) -> Iterator[Value]:
    if value is None:
        return
    if isinstance(value, list):
        yield from (Value(item) for item in dict.fromkeys(clean(str(item)) for item in value))
    elif isinstance(value, bool):
        yield Value("true" if value else "false", "xsd:boolean")
    elif isinstance(value, float):
        text = repr(value) if math.isfinite(value) else {math.inf: "INF", -math.inf: "-INF"}.get(value, "NaN")
        yield Value(text, "xsd:double")
    elif isinstance(value, datetime.date | int):
        yield Value(str(value), _TYPES.get(kind, "xsd:integer"))
    else:
        yield Value(clean(str(value)))


def write_ntriples(part: Part, out: TextIO) -> None:
    """N-Triples: a triple a line."""
    for subject, said in triples(part):
        start = _full(subject.text)
        for what, value in said:
            out.write(f"{start} {_full(what)} {_term(value, _full)} .\n")


def write_turtle(part: Part, out: TextIO) -> None:
    """Turtle: what is said of a node in one block."""
    for prefix, full in PREFIXES.items():
        out.write(f"@prefix {prefix}: <{full}> .\n")
    for subject, said in triples(part):
        lines = " ;\n    ".join(f"{'a' if what == 'rdf:type' else what} {_term(value, _short)}" for what, value in said)
        out.write(f"\n{_short(subject.text)} {lines} .\n")


def write_jsonld(part: Part, out: TextIO) -> None:
    """JSON-LD: a node or relationship a line. Numbers are texts with a type: as JSON they would change."""
    out.write(f'{{"@context": {as_json(dict(PREFIXES))},\n"@graph": [')
    for number, (subject, said) in enumerate(triples(part)):
        item: dict[str, Any] = {"@id": subject.text}
        for what, value in said:
            if what == "rdf:type" and isinstance(value, Name):
                item.setdefault("@type", []).append(value.text)
            elif isinstance(value, Name):
                item.setdefault(what, []).append({"@id": value.text})
            else:
                item.setdefault(what, []).append({"@value": value.text} | ({"@type": value.type} if value.type else {}))
        out.write(f"{',' if number else ''}\n{as_json(item)}")
    out.write("\n]}\n")


def vocabulary() -> str:
    """The words of our own as Turtle, made from the schema; `vocabulary.ttl` holds this."""
    lines = [f"@prefix {prefix}: <{full}> ." for prefix, full in PREFIXES.items()]
    for kind in NODES:
        broader = f" ;\n    rdfs:subClassOf {CLASSES[kind.label]}" if kind.label in CLASSES else ""
        lines.append(f"\nkg:{kind.label} a rdfs:Class ;\n    rdfs:comment {_literal(kind.about)}{broader} .")
    for relation in RELATIONSHIPS:
        pairs = sorted({f"{source} to {target}" for source, target in relation.pairs})
        comment = f"{relation.about} (from {', '.join(pairs)})"
        lines.append(f"\n{term(relation.name)} a rdf:Property ;\n    rdfs:comment {_literal(comment)} .")
    owners: dict[str, list[str]] = {}
    types: dict[str, PropertyType] = {}
    for owner, properties in [(k.label, k.properties) for k in NODES] + [(r.name, r.properties) for r in RELATIONSHIPS]:
        for name, form in properties:
            if name not in ("id", "url") and word(name).startswith("kg:"):
                owners.setdefault(name, []).append(owner)
                types[name] = form
    for name, of in sorted(owners.items()):
        range_ = _TYPES.get(types[name], "xsd:string")
        comment = f"{name.replace('_', ' ')} of {', '.join(of)}"
        lines.append(
            f"\n{word(name)} a rdf:Property ;\n    rdfs:range {range_} ;\n    rdfs:comment {_literal(comment)} ."
        )
    return "\n".join(lines) + "\n"


def _quoted(key: str) -> str:
    return quote(key, safe="/.:-_~")


def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return f"<{PREFIXES[prefix]}{rest}>" if prefix in PREFIXES else f"<{name}>"


def _short(name: str) -> str:
    return name if name.partition(":")[0] in PREFIXES else f"<{name}>"


def _term(value: Name | Value, name: Callable[[str], str]) -> str:
    if isinstance(value, Name):
        return name(value.text)
    return _literal(value.text) + (f"^^{name(value.type)}" if value.type else "")


def _literal(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda m: _ESCAPES.get(m.group()) or f"\\u{ord(m.group()):04X}", text) + '"'


if __name__ == "__main__":
    VOCABULARY.write_text(vocabulary(), encoding="utf-8")
