"""Readers of other people for each format: what comes back of a graph. `python -m tests.export.readers GRAPH`.

Each takes the path of an export and gives how many nodes and relationships it found, or None for what the form does
not hold. A reader that is not installed skips the test, with the reason.
"""

from __future__ import annotations

import asyncio
import csv
import importlib
import importlib.metadata
import json
import re
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.export import export
from kg.export.rdf import TERMS, term
from kg.schema import NODES, RELATIONSHIPS

Found = tuple[int | None, int | None]
SCHEMA = Path(__file__).parent / "eval.schema.json"
LABELS = {kind.label for kind in NODES}
TYPES = {kind.name for kind in RELATIONSHIPS}
IDENTIFIER = "https://schema.org/identifier"
WORDS = {TERMS + term(name).removeprefix("kg:") for name in TYPES}


def with_json(path: Path) -> Found:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return sum("label" in line for line in lines), sum("type" in line for line in lines)


def with_csv(path: Path) -> Found:
    found = [0, 0]
    csv.field_size_limit(1 << 24)
    for file in path.glob("*.csv"):
        with file.open(newline="") as lines:
            found[file.stem in TYPES] += sum(1 for _ in csv.DictReader(lines))
    return found[0], found[1]


def with_duckdb_csv(path: Path) -> Found:
    import duckdb

    found = [0, 0]
    for file in path.glob("*.csv"):
        text = f"SELECT count(*) FROM read_csv('{file}', header = true, all_varchar = true, max_line_size = 20000000)"
        found[file.stem in TYPES] += duckdb.sql(text).fetchall()[0][0]
    return found[0], found[1]


def with_networkx_graphml(path: Path) -> Found:
    import networkx as nx

    graph = nx.read_graphml(path)
    assert all(data["type"] in LABELS for _, data in graph.nodes(data=True))
    assert all(data["type"] in TYPES for _, _, data in graph.edges(data=True))
    return graph.number_of_nodes(), graph.number_of_edges()


def with_igraph(path: Path) -> Found:
    import igraph

    graph = igraph.Graph.Read_GraphML(str(path))
    assert set(graph.vs["type"]) <= LABELS
    assert set(graph.es["type"]) <= TYPES
    return graph.vcount(), graph.ecount()


def with_networkx_gexf(path: Path) -> Found:
    import networkx as nx

    graph = nx.read_gexf(path)
    assert all(data["node_type"] in LABELS and data["label"] for _, data in graph.nodes(data=True))
    assert all(data["edge_type"] in TYPES for _, _, data in graph.edges(data=True))
    return graph.number_of_nodes(), graph.number_of_edges()


def with_networkx_cytoscape(path: Path) -> Found:
    import networkx as nx

    graph = nx.cytoscape_graph(json.loads(path.read_text()))
    assert all(data["interaction"] in TYPES for _, _, data in graph.edges(data=True))
    return graph.number_of_nodes(), graph.number_of_edges()


def with_pyarrow(path: Path) -> Found:
    import pyarrow.parquet as pq

    def count(part: str) -> int:
        return sum(pq.read_table(file).num_rows for file in (path / part).glob("*.parquet"))

    return count("nodes"), count("edges")


def with_duckdb_parquet(path: Path) -> Found:
    import duckdb

    def count(part: str) -> int:
        files = f"read_parquet('{path}/{part}/*.parquet', union_by_name = true)"
        return int(duckdb.sql(f"SELECT count(*) FROM {files}").fetchall()[0][0])

    # Every end of an edge is a node.
    lost = (
        f"SELECT count(*) FROM read_parquet('{path}/edges/*.parquet', union_by_name = true) e ANTI JOIN "
        f"read_parquet('{path}/nodes/*.parquet', union_by_name = true) n ON e.target = n.id"
    )
    assert duckdb.sql(lost).fetchall() == [(0,)]
    return count("nodes"), count("edges")


def with_sqlite(path: Path) -> Found:
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.endswith("_fts"):
                base.execute(f'INSERT INTO "{table}"("{table}") VALUES (\'integrity-check\')')
        facts = sum(base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in TYPES & set(tables))
        return base.execute("SELECT count(*) FROM nodes").fetchone()[0], facts


def with_datasette(path: Path) -> Found:
    from datasette.app import Datasette

    async def ask() -> Found:
        served = Datasette([str(path)])
        # An own loop: datasette starts threads that end with it.
        answer = (await served.client.get(f"/{path.stem}.json")).json()
        search = await served.client.get(f"/{path.stem}/Paper.json?_search=a&_shape=array")
        assert search.status_code == 200
        counts = {table["name"]: table for table in answer["tables"]}
        assert counts["Paper"]["fts_table"] == "Paper_fts"
        assert counts["REPORTS"]["foreign_keys"]["outgoing"]
        facts = sum(counts[name]["count"] for name in TYPES & counts.keys())
        return counts["nodes"]["count"], facts

    return asyncio.run(ask())


def _of_triples(pairs: Any) -> Found:
    nodes = facts = 0
    for word in pairs:
        nodes += word == IDENTIFIER
        facts += word in WORDS
    return nodes, facts


def with_rdflib(form: str) -> Callable[[Path], Found]:
    def read(path: Path) -> Found:
        import rdflib

        graph = rdflib.Graph()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own old names
            graph.parse(path, format=form)
        return _of_triples(str(word) for _, word, _ in graph)

    return read


def with_pyoxigraph(form: str) -> Callable[[Path], Found]:
    def read(path: Path) -> Found:
        import pyoxigraph

        known = {
            "nt": pyoxigraph.RdfFormat.N_TRIPLES,
            "turtle": pyoxigraph.RdfFormat.TURTLE,
            "json-ld": pyoxigraph.RdfFormat.JSON_LD,
        }
        return _of_triples(quad.predicate.value for quad in pyoxigraph.parse(path=str(path), format=known[form]))

    return read


def with_rocrate(path: Path) -> Found:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(path)
    names = {entity.id for entity in crate.data_entities}
    assert names == {file.name for file in path.glob("*.csv")}
    return with_csv(path)


def with_mlcroissant(path: Path) -> Found:
    import logging

    import mlcroissant

    logging.getLogger("absl").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, and of the libraries it calls
        data = mlcroissant.Dataset(jsonld=str(path / "croissant.json"))
        assert not data.metadata.issues.errors
        found = [0, 0]
        for records in data.metadata.record_sets:
            found[records.name in TYPES] += sum(1 for _ in data.records(records.name))
    return found[0], found[1]


def with_huggingface(path: Path) -> Found:
    import yaml
    from huggingface_hub import ModelCard, eval_result_entries_to_yaml, parse_eval_result_entries

    models = claims = 0
    for home in path.iterdir():
        models += home.is_dir()
        if (file := home / ".eval_results" / "kg.yaml").is_file():
            data = yaml.safe_load(file.read_text())
            entries = parse_eval_result_entries(data)
            assert eval_result_entries_to_yaml(entries) == data
            claims += len(entries)
        if (file := home / "README.md").is_file():
            claims += len(ModelCard.load(file).data.eval_results)
    return models, claims


def with_jsonschema(path: Path) -> Found:
    from jsonschema import Draft7Validator

    valid = Draft7Validator(json.loads(SCHEMA.read_text()))
    claims = 0
    models = set()
    for file in path.rglob("*.json"):
        data = json.loads(file.read_text())
        valid.validate(data)
        models.add(data["model_info"]["id"])
        claims += len(data["evaluation_results"])
    return len(models), claims


def with_pwc(path: Path) -> Found:
    tasks = json.loads(path.read_text())
    tables = [data for task in tasks for data in task["datasets"]]
    for table in tables:
        assert {name for row in table["sota"]["rows"] for name in row["metrics"]} == set(table["sota"]["metrics"])
    rows = [row for table in tables for row in table["sota"]["rows"]]
    return len({row["model_name"] for row in rows}), sum(len(row["metrics"]) for row in rows)


def with_orkg(path: Path) -> Found:
    from orkg.client.harvesters.utils import process_contribution

    models = claims = 0
    for file in path.rglob("contribution-*.json"):
        data = json.loads(file.read_text())
        made: dict[str, Any] = {}
        process_contribution(data, made, {}, data["@context"])
        models += len(made["values"]["HAS_MODEL"])
        claims += len(made["values"]["HAS_BENCHMARK"])
    return models, claims


def with_bibtexparser(path: Path) -> Found:
    import bibtexparser

    read = bibtexparser.parse_file(str(path))
    assert not read.failed_blocks
    return len(read.entries), None


def with_rispy(path: Path) -> Found:
    import rispy

    with path.open() as file:
        return len(rispy.load(file)), None


def with_citeproc(path: Path) -> Found:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc.source.json import CiteProcJSON

        return len(CiteProcJSON(json.loads(path.read_text()))), None


def with_vault(path: Path) -> Found:
    import yaml

    notes = list(path.rglob("*.md"))
    names = {note.relative_to(path).with_suffix("").as_posix() for note in notes}
    assert len({name.casefold() for name in names}) == len(notes)
    facts = 0
    for note in notes:
        assert len(note.name.encode()) < 255
        assert not re.search(r'[*"\\<>:|?#^\[\]]', note.name)
        text = note.read_text()
        _, head, body = text.split("---\n", 2)
        front = yaml.safe_load(head)
        assert front["type"] in LABELS
        outward = re.split(r"^## .*, from the other side$", body, maxsplit=1, flags=re.MULTILINE)[0]
        for target in re.findall(r"\[\[(.*?)\|", body):
            assert target in names
        facts += len(re.findall(r"^- \[\[", outward, re.MULTILINE))
    return len(notes), facts


RDF = (("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld"))
# Format, package of the reader, and the reader.
READERS: list[tuple[str, str, Callable[[Path], Found]]] = [
    ("jsonl", "", with_json),
    ("csv", "", with_csv),
    ("csv", "duckdb", with_duckdb_csv),
    ("graphml", "networkx", with_networkx_graphml),
    ("graphml", "igraph", with_igraph),
    ("gexf", "networkx", with_networkx_gexf),
    ("cytoscape", "networkx", with_networkx_cytoscape),
    ("parquet", "pyarrow", with_pyarrow),
    ("parquet", "duckdb", with_duckdb_parquet),
    ("sqlite", "", with_sqlite),
    ("sqlite", "datasette", with_datasette),
    *((form, "rdflib", with_rdflib(name)) for form, name in RDF),
    *((form, "pyoxigraph", with_pyoxigraph(name)) for form, name in RDF),
    ("ro-crate", "rocrate", with_rocrate),
    ("croissant", "mlcroissant", with_mlcroissant),
    ("hf-eval", "huggingface_hub", with_huggingface),
    ("model-index", "huggingface_hub", with_huggingface),
    ("every-eval-ever", "jsonschema", with_jsonschema),
    ("pwc", "", with_pwc),
    ("orkg", "orkg", with_orkg),
    ("bibtex", "bibtexparser", with_bibtexparser),
    ("ris", "rispy", with_rispy),
    ("csl-json", "citeproc-py", with_citeproc),
    ("obsidian", "pyyaml", with_vault),
]  # fmt: skip
MODULES = {"citeproc-py": "citeproc", "pyyaml": "yaml"}


def missing(package: str) -> bool:
    """Whether the package of a reader is not there."""
    return bool(package) and importlib.util.find_spec(MODULES.get(package, package)) is None


def main(graph: str, *formats: str) -> None:
    """Print a row for each reader."""
    from kg.stores import open_store

    store = open_store(graph)
    print("| format | reader | nodes | relationships | of |\n|---|---|---|---|---|")
    for form, package, read in READERS:
        if missing(package) or (formats and form not in formats):
            continue
        with tempfile.TemporaryDirectory() as work:
            table = Path(work) / "table.csv"
            table.write_text("name,id,task_id,metric\nImageNet,example/imagenet,default,top-1 accuracy\n")
            target = Path(work) / "out.db"
            done = export(store, form, target, datasets=table if form == "hf-eval" else None)
            nodes, facts = read(target)
            version = f"{package} {importlib.metadata.version(package)}" if package else "Python's own"
            of = done.told[0] if done.told else f"{done.nodes}, {done.relationships}"
            print(f"| {form} | {version} | {nodes} | {facts if facts is not None else '–'} | {of} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
