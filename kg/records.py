"""The nouns of the pipeline: what a step hands to the next one. Imports nothing of ours.

All character offsets count Unicode code points into `Paper.text`: title, line break, abstract.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EntityType = Literal["Model", "Method", "Dataset", "Benchmark", "Task", "Metric"]
Role = Literal["introduces", "trains_on", "evaluates_on", "compares_to", "uses", "mentions"]
LinkKind = Literal["repository", "model", "dataset", "project", "demo", "video", "other"]

ENTITY_TYPES: tuple[EntityType, ...] = ("Model", "Method", "Dataset", "Benchmark", "Task", "Metric")
# Strongest first: a paper has one relationship to one entity, the strongest of the roles found.
ROLES: tuple[Role, ...] = ("introduces", "trains_on", "evaluates_on", "compares_to", "uses", "mentions")
LINK_KINDS: tuple[LinkKind, ...] = ("repository", "model", "dataset", "project", "demo", "video", "other")

_LATEX = re.compile(r"\\[a-zA-Z]+\s*(?=\{)|[{}$\\]")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9.]+")


def title_key(title: str) -> str:
    """The part of a title that spelling, case and punctuation do not change; equal for equal papers."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", "", folded)


def digest(text: str, length: int = 12) -> str:
    """A short, stable hash of `text`: `length` hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def slug(name: str) -> str:
    """`name` in lower-case ASCII letters, digits and hyphens; a hash where it has none of them."""
    ascii_form = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_form = _LATEX.sub("", ascii_form).replace("+", "-plus")
    plain = _NOT_IN_SLUG.sub("-", ascii_form.lower()).strip("-.")
    # A store cannot index a key of any length, and a hostile name has any.
    return plain if 0 < len(plain) <= 120 else f"{plain[:100]}-{digest(name)}".lstrip("-")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as a source gives it. `id` is `arxiv:…`, else `doi:…`, else `paper:` + hash of the title.

    `withdrawn` is true where the source says that it was withdrawn or retracted. `notes` tells what was not understood
    while it was read, as pairs of kind and text; it is said, and kept nowhere.
    """

    id: str
    title: str
    abstract: str
    published: datetime.date | None = None
    url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    withdrawn: bool | None = None
    notes: tuple[tuple[str, str], ...] = dataclasses.field(default=(), compare=False, repr=False)

    @property
    def text(self) -> str:
        """Title and abstract joined by a line break: what every offset counts into."""
        return f"{self.title}\n{self.abstract}"

    @property
    def content_hash(self) -> str:
        """Hash of the text that extraction reads; a changed abstract has another one."""
        return digest(self.text, 16)


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of papers that was read: a file, an API answer, standard input."""

    name: str
    published: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper at its place (`rank`, from 1) in a feed."""

    paper: Paper
    feed: Feed
    rank: int

    @property
    def place(self) -> tuple[str, str, int]:
        """Where it stands: what a feed says there later is said instead."""
        return self.feed.name, self.paper.id, self.rank


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be read: where it stood, why, and its text as it was (cut at 10,000 characters).

    Of a paper whose id is that of another paper, `paper` is that id, and the text is whole.
    """

    source: str
    position: str
    reason: str
    raw: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say of a source that was read all the same: what kind of thing, where it stood, and its text."""

    source: str
    position: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a name: `text == paper.text[start:end]`, `confidence` from 0 to 1."""

    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing a paper names, with every string that names it there.

    `mentions` are in order of `start`; `best` is the index of the one that decided the role.
    `surfaces` holds each distinct mention text once, in order of first occurrence.
    """

    name: str
    type: EntityType
    role: Role
    surfaces: tuple[str, ...]
    mentions: tuple[Mention, ...]
    confidence: float
    best: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A URL in the text: cleaned (scheme added, trailing marks removed), its kind, and where it stands."""

    url: str
    kind: LinkKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ResultClaim:
    """A reported number: what it measures and of what. Names are "" where the text does not give them.

    `whose` is own, baseline or other; `setting` is the split, the shots or the condition as named; `elsewhere` lists
    the parts (such as `dataset`) that another sentence names. All three are "" in what older versions extracted.
    """

    model: str
    dataset: str
    metric: str
    value: str
    task: str
    start: int
    end: int
    confidence: float
    whose: str = ""
    setting: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a paper says that something it introduces is based on, by the names of its entities, and where."""

    name: str
    base: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read out of one paper's text by one version of the extractor.

    `sentences` are (start, end) offsets that cover the text; evidence is cut along them.
    """

    entities: tuple[Entity, ...]
    results: tuple[ResultClaim, ...]
    links: tuple[Link, ...]
    sentences: tuple[tuple[int, int], ...]
    bases: tuple[Basis, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts, strings and numbers, for storage; `from_json` takes them back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Extraction:
        """The inverse of `to_json`."""
        return cls(
            entities=tuple(
                Entity(
                    name=e["name"],
                    type=e["type"],
                    role=e["role"],
                    surfaces=tuple(e["surfaces"]),
                    mentions=tuple(Mention(**m) for m in e["mentions"]),
                    confidence=e["confidence"],
                    best=e["best"],
                )
                for e in data["entities"]
            ),
            results=tuple(ResultClaim(**r) for r in data["results"]),
            links=tuple(Link(**x) for x in data["links"]),
            sentences=tuple((start, end) for start, end in data["sentences"]),
            bases=tuple(Basis(**b) for b in data.get("bases", ())),
        )

    def _repr_html_(self) -> str:
        """The names, numbers and links as a table, for a notebook."""
        rows: list[tuple[str, str, str, str]] = [
            (e.type, e.name, e.role.replace("_", " "), f"{e.confidence:.2f}") for e in self.entities
        ]
        for claim in self.results:
            about = " ".join(filter(None, (claim.metric, claim.dataset and f"on {claim.dataset}")))
            rows.append(("Result", f"{claim.model} {claim.value}", about, f"{claim.confidence:.2f}"))
        rows += [("Link", link.url, link.kind, "") for link in self.links]
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        head = "<tr><th>type</th><th>name</th><th>role</th><th>confidence</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"

    def sentence_at(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of the sentence that holds `start`, widened where `end` lies beyond it."""
        for first, last in self.sentences:
            if first <= start < last:
                return first, max(last, end)
        return start, end


@dataclass(frozen=True, slots=True)
class Node:
    """A node as a store gives it back: its label and its properties, `id` among them."""

    label: str
    properties: dict[str, Any]

    @property
    def id(self) -> str:
        """The node's key, unique in the whole graph."""
        return str(self.properties["id"])


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship as a store gives it back: its type, the `id`s of the nodes it joins, its properties."""

    type: str
    start: str
    end: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed and the papers it lists: pairs of paper id and best rank, in order of rank."""

    feed: Feed
    papers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """A node to be: `papers` is how many papers name it."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    papers: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """All things, sorted by id, and which thing each entity of each paper is, in the order of the paper's entities.

    An entity that a person dropped is "". `variants` has (variant id, family id, reason), sorted.
    """

    things: tuple[Thing, ...]
    of_paper: Mapping[str, tuple[str, ...]]
    variants: tuple[tuple[str, str, str], ...] = ()
