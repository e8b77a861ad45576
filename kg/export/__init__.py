"""A stored graph as files that other programs read; sorted, so that equal graphs give equal files.

`export` writes all of it, or the part that its filters leave, in any of `FORMATS`; memory does not grow with the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

from kg.errors import UsageError
from kg.export.part import Part, chosen
from kg.export.text import as_json
from kg.records import Node, Relationship
from kg.schema import NodeType, RelationshipType
from kg.stores import Store

if TYPE_CHECKING:
    from kg.export.graphs import Layout

Kind = Literal["text", "file", "folder"]
# What each format is written as: a text (which can go to standard output), one file, or a folder of files.
FORMATS: Mapping[str, Kind] = {
    "jsonl": "text",
    "csv": "folder",
    "graphml": "text",
    "gexf": "text",
    "neo4j-admin": "folder",
    "cytoscape": "text",
    "parquet": "folder",
    "sqlite": "file",
    "turtle": "text",
    "ntriples": "text",
    "jsonld": "text",
    "ro-crate": "folder",
    "croissant": "folder",
    "hf-eval": "folder",
    "model-index": "folder",
    "every-eval-ever": "folder",
    "pwc": "text",
    "orkg": "folder",
    "bibtex": "text",
    "ris": "text",
    "csl-json": "text",
    "obsidian": "folder",
}
# The endings of files by which a format is known; formats without one have to be named.
ENDINGS: Mapping[str, str] = {
    ".jsonl": "jsonl",
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".cyjs": "cytoscape",
    ".sqlite": "sqlite",
    ".db": "sqlite",
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".jsonld": "jsonld",
    ".bib": "bibtex",
    ".ris": "ris",
}
# Forms of claims or of papers, in which there is no other type to leave out.
_FIXED = ("hf-eval", "model-index", "every-eval-ever", "pwc", "orkg", "bibtex", "ris", "csl-json")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many nodes and relationships were read for it, and what there is to say, in lines."""

    nodes: int
    relationships: int
    told: tuple[str, ...] = ()


def export(
    store: Store,
    format: str,  # noqa: A002 - the word that a caller expects
    output: str | Path | TextIO,
    *,
    query: str = "",
    parameters: Mapping[str, Any] | None = None,
    feed: str = "",
    types: Collection[str] = (),
    min_confidence: float = 0.0,
    abstracts: bool = True,
    datasets: str | Path | None = None,
    layout: Layout | None = None,
) -> Exported:
    """Write the graph in `store` in one of `FORMATS` to `output`: a file or a folder, or a stream for a text.

    The filters: only the papers in the answer of the named query `query` (with its `parameters`), only those that
    `feed` lists, only nodes of `types`, only facts at least as sure as `min_confidence`, no abstracts. Of the other
    nodes those stay that a fact joins to a paper that stays. `datasets` is for `hf-eval`: a CSV file with the ids that
    Hugging Face has for benchmarks (columns name, id, task_id, metric, revision). `layout` gives places to the nodes
    of a small graph, for `gexf` and `cytoscape`.

    What is at `output` is replaced when the new export is whole. Raises `UsageError` for an unknown name, or a folder
    with other files in it; `StoreError` where `output` cannot be written.
    """
    kind = _kind(format)
    if types and format in _FIXED:
        raise UsageError(f"types are for forms that hold nodes; {format} is made of papers, so leave --type out")
    if datasets is not None and format != "hf-eval":
        raise UsageError(f"a table of registered datasets is for hf-eval, not for {format}; leave --datasets out")
    if format == "hf-eval" and datasets is None:
        raise UsageError(
            "hf-eval wants the ids that Hugging Face has for benchmarks: --datasets TABLE.csv with the columns "
            "name, id, task_id, metric; without such a table take model-index"
        )
    path = Path(output) if isinstance(output, str | Path) else None
    if path is None and kind != "text":
        raise UsageError(
            f"{format} is a {kind}{' of files' if kind == 'folder' else ''}; say where it goes with -o PATH"
        )
    part = chosen(
        store,
        query=query,
        parameters=parameters,
        feed=feed,
        types=types,
        min_confidence=min_confidence,
        abstracts=abstracts,
    )
    from kg.export import target

    told: Any = ()
    if path is None or kind == "text":
        with target.text_file(path or cast(TextIO, output)) as out:
            told = _text_writer(format, layout)(part, out)
    elif kind == "file":
        from kg.export.tables import write_sqlite

        with target.new_file(path) as file:
            write_sqlite(part, file)
    else:
        with target.new_folder(path, format) as folder:
            told = _folder_writer(format, path, datasets)(part, folder)
    return Exported(
        sum(count for name, count in part.counted.items() if "-" not in name),
        sum(count for name, count in part.counted.items() if "-" in name),
        told or (),
    )


def format_of(output: str | Path) -> str:
    """The format that the ending of a file's name says. Raises `UsageError` where it says none."""
    ending = Path(output).suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"{output}: the name does not say the format; formats: {', '.join(FORMATS)}")
    return ENDINGS[ending]


def _kind(form: str) -> Kind:
    if form not in FORMATS:
        import difflib

        near = difflib.get_close_matches(form, FORMATS, 1)
        hint = f"did you mean {near[0]}? There are" if near else "there are"
        raise UsageError(f"no format {form!r}; {hint}: {', '.join(FORMATS)}")
    return FORMATS[form]


def _text_writer(form: str, layout: Layout | None) -> Callable[[Part, TextIO], Any]:
    from kg.export import claims, graphs, rdf, references

    return {
        "jsonl": _write_jsonl,
        "graphml": graphs.write_graphml,
        "gexf": lambda part, out: graphs.write_gexf(part, out, layout),
        "cytoscape": lambda part, out: graphs.write_cytoscape(part, out, layout),
        "turtle": rdf.write_turtle,
        "ntriples": rdf.write_ntriples,
        "jsonld": rdf.write_jsonld,
        "pwc": claims.write_papers_with_code,
        "bibtex": references.write_bibtex,
        "ris": references.write_ris,
        "csl-json": references.write_csl,
    }[form]


def _folder_writer(form: str, final: Path, datasets: str | Path | None) -> Callable[[Part, Path], Any]:
    from kg.export import claims, neo4j_admin, notes, packages, tables

    table = claims.read_table(Path(datasets)) if datasets is not None else {}
    return {
        "csv": tables.write_csv,
        "parquet": tables.write_parquet,
        "neo4j-admin": lambda part, folder: neo4j_admin.write_import(part, folder, final),
        "ro-crate": packages.write_ro_crate,
        "croissant": packages.write_croissant,
        "hf-eval": lambda part, folder: claims.write_hugging_face(part, folder, table),
        "model-index": lambda part, folder: claims.write_hugging_face(part, folder, {}),
        "every-eval-ever": claims.write_every_eval_ever,
        "orkg": claims.write_orkg,
        "obsidian": notes.write_obsidian,
    }[form]


def nodes(store: Store) -> Iterator[Node]:
    """All nodes: labels in the order of the schema, then by id."""
    return Part(store).nodes()


def nodes_of(store: Store, kind: NodeType) -> Iterator[Node]:
    """The nodes of one label, by id."""
    return Part(store).nodes_of(kind)


def relationships(store: Store) -> Iterator[Relationship]:
    """All relationships: types in the order of the schema, then by the ids of their ends."""
    return Part(store).relationships()


def relationships_of(store: Store, kind: RelationshipType, source: str, target: str) -> Iterator[Relationship]:
    """The relationships of one type from one label to another, by the ids of their ends."""
    return Part(store).relationships_of(kind, source, target)


def as_jsonl(store: Store) -> Iterator[str]:
    """A line for each node, then one for each relationship."""
    return _jsonl(Part(store))


def _jsonl(part: Part) -> Iterator[str]:
    for node in part.nodes():
        yield as_json({"label": node.label, **node.properties})
    for fact in part.relationships():
        yield as_json({"type": fact.type, "from": fact.start, "to": fact.end, **fact.properties})


def _write_jsonl(part: Part, out: TextIO) -> None:
    out.writelines(f"{line}\n" for line in _jsonl(part))
