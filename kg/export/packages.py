"""Folders that describe themselves: RO-Crate for an archive (CSV inside), Croissant for data sets (Parquet inside).

No licence is invented: sentences and abstracts belong to their authors and publishers, and that is what is said.
The day given is that of the newest paper, so that equal graphs give equal bytes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kg.export.part import Part
from kg.export.tables import write_csv, write_parquet
from kg.export.text import as_json
from kg.schema import NODE_BY_LABEL, RELATIONSHIP_BY_NAME, PropertyType
from kg.stores import Limits

_RIGHTS = "No licence is stated. Sentences and abstracts belong to the authors and publishers of the papers."
_ABOUT = "A knowledge graph of machine-learning papers, read out of their titles and abstracts by paper-kg."
_NAME = "Knowledge graph of papers"
_TYPES: dict[PropertyType, str] = {"INT": "sc:Integer", "DOUBLE": "sc:Float", "BOOL": "sc:Boolean", "DATE": "sc:Date"}
_CROISSANT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip


def write_ro_crate(part: Part, folder: Path) -> None:
    """The CSV files, and `ro-crate-metadata.json` that says what each holds."""
    write_csv(part, folder)
    files = sorted(file.name for file in folder.glob("*.csv"))
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": _NAME,
        "description": _ABOUT,
        "datePublished": _day(part),
        "license": _RIGHTS,
        "hasPart": [{"@id": name} for name in files],
    }
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.3"},
    }
    parts = [
        {
            "@id": name,
            "@type": "File",
            "name": name.removesuffix(".csv"),
            "description": _what(name.removesuffix(".csv")),
            "encodingFormat": "text/csv",
            "contentSize": str((folder / name).stat().st_size),
            "sha256": _sha256(folder / name),
        }
        for name in files
    ]
    crate = {"@context": "https://w3id.org/ro/crate/1.3/context", "@graph": [root, about, *parts]}
    (folder / "ro-crate-metadata.json").write_text(as_json(crate, indent=1) + "\n", encoding="utf-8")


def write_croissant(part: Part, folder: Path) -> None:
    """The Parquet files that have rows, and `croissant.json` that says what each column holds."""
    write_parquet(part, folder)
    objects, records = [], []
    for file in sorted(folder.glob("*/*.parquet")):
        path = file.relative_to(folder).as_posix()
        if not pq.ParquetFile(file).metadata.num_rows:
            file.unlink()
            continue
        source = {"@type": "cr:FileObject", "@id": path, "name": path, "contentUrl": path}
        objects.append({**source, "encodingFormat": "application/x-parquet", "sha256": _sha256(file)})
        records.append(_record_set(file.stem, path, _columns(file.stem, part)))
    whole = {
        "@context": _CROISSANT,
        "@type": "sc:Dataset",
        "name": "paper-kg",
        "description": _ABOUT,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": _RIGHTS,
        "url": "urn:paper-kg:graph",
        "version": "1.0.0",
        "datePublished": _day(part),
        "creator": {"@type": "sc:Organization", "name": "paper-kg"},
        "citeAs": "@misc{paper-kg, title = {Knowledge graph of papers}}",
        "distribution": objects,
        "recordSet": records,
    }
    (folder / "croissant.json").write_text(as_json(whole, indent=1) + "\n", encoding="utf-8")


def _columns(name: str, part: Part) -> list[tuple[str, PropertyType]]:
    if name in NODE_BY_LABEL:
        return list(part.properties(NODE_BY_LABEL[name]))
    ends: list[tuple[str, PropertyType]] = [
        (column, "STRING") for column in ("source", "source_type", "target", "target_type")
    ]
    return [*ends, *RELATIONSHIP_BY_NAME[name].properties]


def _record_set(name: str, path: str, columns: list[tuple[str, PropertyType]]) -> dict[str, Any]:
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{column}",
            "name": column,
            "dataType": _TYPES.get(kind, "sc:Text"),
            **({"repeated": True} if kind == "STRINGS" else {}),
            "source": {"fileObject": {"@id": path}, "extract": {"column": column}},
        }
        for column, kind in columns
    ]
    key = {"key": {"@id": f"{name}/id"}} if columns[0][0] == "id" else {}
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "description": _what(name), **key, "field": fields}


def _what(name: str) -> str:
    kind = NODE_BY_LABEL.get(name)
    if kind is not None:
        return kind.about
    relation = RELATIONSHIP_BY_NAME[name]
    return f"{relation.about}; from {' or '.join(sorted({source for source, _ in relation.pairs}))}"


def _day(part: Part) -> str:
    rows = part.store.read("MATCH (p:Paper) RETURN max(p.published)", {}, Limits()).rows
    return rows[0][0].isoformat() if rows and rows[0][0] else "1970-01-01"


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
