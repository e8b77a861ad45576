"""Each format: others read all of it, hostile texts come back as texts, equal graphs give equal files, filters hold."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg.errors import StoreError, UsageError
from kg.export import FORMATS, export
from kg.export import part as part_module
from kg.export.graphs import COLOURS
from kg.export.rdf import VOCABULARY, vocabulary
from kg.export.text import clean, file_name, yaml
from kg.read import read
from kg.records import Entry
from kg.schema import NODES, THING_LABELS
from kg.stores import Store
from kg.stores.ladybug import LadybugStore
from tests.conftest import absent
from tests.export import graphs
from tests.export.graphs import HOSTILE, LONG, Rows, hostile_store, sizes
from tests.export.readers import READERS, missing

CLAIMS = ("hf-eval", "model-index", "every-eval-ever", "pwc", "orkg")
PAPERS = ("bibtex", "ris", "csl-json")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(hostile_store(tmp_path_factory.mktemp("hostile"))) as made:
        yield made


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.csv"
    file.write_text("name,id,task_id\nbenchmark:two,example/bench,default\n")
    return file


def claims() -> int:
    """Each result with a number is of a model and a method, on a dataset and a benchmark: it counts for each pair."""
    made = graphs.rows()
    ends: dict[str, dict[str, int]] = {"OF_MODEL": {}, "ON_DATASET": {}}
    for (kind, _, _), facts in made.relationships.items():
        for fact in facts:
            if kind in ends:
                ends[kind][fact["from"]] = ends[kind].get(fact["from"], 0) + 1
    numbers = [row["id"] for row in made.nodes["Result"] if row["value"] is not None]
    return sum(ends["OF_MODEL"][key] * ends["ON_DATASET"][key] for key in numbers)


@pytest.fixture(scope="module")
def exported(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The export of the graph in a format; each is made once."""
    folder = tmp_path_factory.mktemp("exported")
    table = folder / "table.csv"
    table.write_text("name,id,task_id\nbenchmark:two,example/bench,default\n")

    def path(form: str) -> Path:
        target = folder / form / "out.db"
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            export(store, form, target, datasets=table if form == "hf-eval" else None)
        return target

    return path


@pytest.mark.parametrize(("form", "package", "reader"), READERS, ids=[f"{f}-{p or 'python'}" for f, p, _ in READERS])
def test_others_read_all_of_it(exported: Callable[[str], Path], form: str, package: str, reader: Any) -> None:
    if missing(package):
        if package == "orkg":  # wants an older pandas than the other readers
            pytest.skip("orkg is not installed: pip install orkg==1.3.0, in an environment of its own")
        absent(f"{package} is not installed: pip install 'paper-kg[validate]'")
    nodes, facts = reader(exported(form))
    if form in CLAIMS:
        assert facts == claims()
    elif form in PAPERS:
        assert nodes == 3
    else:
        assert (nodes, facts) == sizes()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The same graph, loaded the other way round."""
    made = graphs.rows()
    for rows in (*made.nodes.values(), *made.relationships.values()):
        rows.reverse()
    store = LadybugStore(tmp_path_factory.mktemp("other"))
    store.replace(made)
    with closing(store):
        yield store


@pytest.mark.parametrize("form", FORMATS)
def test_equal_graphs_give_equal_files(
    exported: Callable[[str], Path], other: Store, form: str, tmp_path: Path, table: Path
) -> None:
    export(other, form, tmp_path / "out.db", datasets=table if form == "hf-eval" else None)
    assert sums(tmp_path / "out.db") == sums(exported(form))


def sums(path: Path) -> dict[str, str]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    assert files
    return {file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_texts_come_back_as_they_were_but_for_what_is_no_text(exported: Callable[[str], Path]) -> None:
    wanted = f"{clean(HOSTILE)} 0"
    assert "\x0b" not in wanted
    assert len(wanted) == len(f"{HOSTILE} 0")  # offsets stay right
    for form, read_graph in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        node = read_graph(exported(form)).nodes["arxiv:2401.00001"]
        assert node["label"] == wanted, form
        assert node["abstract"] == wanted, form
    cytoscape = nx.cytoscape_graph(json.loads(exported("cytoscape").read_text()))
    assert cytoscape.nodes["arxiv:2401.00001"]["abstract"] == wanted
    with closing(sqlite3.connect(exported("sqlite"))) as base:
        assert base.execute("SELECT abstract FROM Paper WHERE id = 'arxiv:2401.00001'").fetchone() == (wanted,)
        assert base.execute("SELECT count(*) FROM Paper_fts WHERE Paper_fts MATCH 'script'").fetchone()[0] == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdf_is_the_same_in_all_three_forms(exported: Callable[[str], Path]) -> None:
    rdflib = pytest.importorskip("rdflib", reason="rdflib is not installed: pip install 'paper-kg[validate]'")
    found = []
    for form, name in (("ntriples", "nt"), ("turtle", "turtle"), ("jsonld", "json-ld")):
        found.append(set(rdflib.Graph().parse(exported(form), format=name)))
    assert found[0] == found[1] == found[2]
    paper = rdflib.URIRef("urn:paper-kg:arxiv:2401.00001")
    schema = rdflib.Namespace("https://schema.org/")
    assert (paper, rdflib.RDF.type, schema.ScholarlyArticle) in found[0]
    assert (paper, schema.abstract, rdflib.Literal(f"{clean(HOSTILE)} 0")) in found[0]
    day = rdflib.Literal("2024-02-29", datatype=rdflib.XSD.date)
    assert (paper, schema.datePublished, day) in found[0]
    confidence = rdflib.URIRef("urn:paper-kg:term:confidence")
    assert rdflib.Literal("0.75", datatype=rdflib.XSD.double) in {o for _, p, o in found[0] if p == confidence}


def test_the_vocabulary_holds_every_word() -> None:
    """After a change of the schema: `python -m kg.export.rdf` writes the file anew."""
    assert VOCABULARY.read_text() == vocabulary()
    if not missing("rdflib"):
        import rdflib

        assert len(rdflib.Graph().parse(VOCABULARY, format="turtle")) > 100


def test_a_spreadsheet_takes_texts_for_texts_and_numbers_for_numbers(exported: Callable[[str], Path]) -> None:
    for file in exported("csv").glob("*.csv"):
        with file.open(newline="") as lines:
            for row in csv.reader(lines):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t", "\r")), (file.name, cell)
    with (exported("csv") / "MENTIONS.csv").open(newline="") as lines:
        row = next(csv.DictReader(lines))
    assert (row["start"], row["confidence"]) == ("-8", "0.75")
    assert row["evidence"].startswith("'=cmd")


def test_gexf_says_name_day_colour_and_place(store: Store, tmp_path: Path) -> None:
    def places(nodes: Any, facts: Any) -> dict[str, tuple[float, float]]:
        assert len(facts) == sizes()[1]
        return {node.id: (1.5, -2.0) for node in nodes}

    export(store, "gexf", tmp_path / "out.gexf", layout=places)
    graph = nx.read_gexf(tmp_path / "out.gexf")
    node = graph.nodes["arxiv:2401.00001"]
    assert node["start"] == "2024-02-29"
    assert node["viz"]["position"] == {"x": 1.5, "y": -2.0, "z": 0.0}
    assert node["viz"]["color"] == {"r": 0x98, "g": 0xA1, "b": 0xB0, "a": 1.0}
    assert node["viz"]["size"] == 5.5
    assert ' type="' not in (tmp_path / "out.gexf").read_text().split("</attributes>\n<nodes>")[1]


def test_colours_are_those_of_the_explorer() -> None:
    styles = Path(part_module.__file__).parent.parent / "view" / "web" / "explorer.css"
    text = styles.read_text()
    for label, colour in COLOURS.items():
        assert f"--type-{label.lower()}: {colour};" in text


def test_pages_join_without_loss_or_repeat(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = ["Paper", "Model", "Feed", "Page"]
    export(store, "jsonl", tmp_path / "whole", types=some)
    for size in (1, 2, 3):
        monkeypatch.setattr(part_module, "PAGE", size)
        monkeypatch.setattr(part_module, "_KEPT", size)
        export(store, "jsonl", tmp_path / "paged", types=some)
        assert (tmp_path / "paged").read_text() == (tmp_path / "whole").read_text()


def test_a_pair_joined_twice_is_two_facts_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = graphs.rows()
    twice = made.relationships["VARIANT_OF", "Model", "Model"]
    twice.append({**twice[0], "reason": "another"})
    store = LadybugStore(tmp_path / "g")
    store.replace(made)
    based = len(made.relationships.get(("BASED_ON", "Model", "Model"), []))
    monkeypatch.setattr(part_module, "PAGE", 2)
    with closing(store):
        for form, reader in {
            form: reader for form, package, reader in READERS if package != "datasette" and not missing(package)
        }.items():
            if form in ("graphml", "gexf", "cytoscape", "sqlite", "parquet", "csv", "jsonl", "obsidian"):
                export(store, form, tmp_path / f"{form}.db", types=["Model"])
                assert reader(tmp_path / f"{form}.db") == (2, 3 + based), form
        export(store, "ntriples", tmp_path / "nt", types=["Model"])
    assert '/2> <urn:paper-kg:term:reason> "another"' in (tmp_path / "nt").read_text()


def labels_in(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in map(json.loads, path.read_text().splitlines()):
        found.setdefault(line.get("label") or line["type"], set()).add(line.get("id") or f"{line['from']} {line['to']}")
    return found


def test_filters(store: Store, tmp_path: Path) -> None:
    def lines(**filters: Any) -> dict[str, set[str]]:
        export(store, "jsonl", tmp_path / "out", **filters)
        return labels_in(tmp_path / "out")

    sure = lines(min_confidence=0.5)
    assert sure["USES"] == {f"arxiv:2401.00001 {label.lower()}:two" for label in THING_LABELS}
    assert sure["Model"] == {"model:two", "model:one"}  # the second as what the result is of
    assert sure["Result"] == {"result:two"}

    listed = lines(feed=f"{HOSTILE} 0")
    assert listed["Paper"] == {"paper:0123456789ab"}
    assert listed["Feed"] == {"feed:one"}
    assert listed["USES"] >= {"paper:0123456789ab model:one"}
    assert "model:two" not in str(listed["USES"])

    typed = lines(types=["model", "Task"])
    assert typed.keys() == {"Model", "Task", "VARIANT_OF"} | ({"BASED_ON"} & typed.keys())

    asked = lines(query="papers/naming", parameters={"name": "Plain Name"})
    assert asked["Paper"] == {"arxiv:2401.00001"}
    assert '"abstract"' in (tmp_path / "out").read_text()
    lines(abstracts=False)
    assert '"abstract"' not in (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    ("form", "more", "says"),
    [
        ("xml", {}, "no format 'xml'; there are: jsonl, csv"),
        ("graphmll", {}, "did you mean graphml?"),
        ("jsonl", {"types": ["Modell"]}, "no type 'Modell'; there are: Paper"),
        ("jsonl", {"feed": "nowhere"}, "no feed is called 'nowhere'"),
        ("jsonl", {"query": "papers/namin"}, "no query is called 'papers/namin'"),
        ("jsonl", {"query": "trends/by-year"}, "names no papers"),
        ("jsonl", {"query": "papers/naming", "parameters": {"name": "nothing"}}, "gives no rows"),
        ("jsonl", {"parameters": {"name": "x"}}, "--query"),
        ("jsonl", {"min_confidence": 2}, "from 0 to 1"),
        ("bibtex", {"types": ["Model"]}, "leave --type out"),
        ("hf-eval", {}, "--datasets TABLE.csv"),
        ("jsonl", {"datasets": "t.csv"}, "leave --datasets out"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    store: Store, form: str, more: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        export(store, form, tmp_path / "out", **more)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_what_is_not_ours_is_not_touched(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="not from kg"):
        export(store, "obsidian", folder)
    with pytest.raises(UsageError, match="is a folder"):
        export(store, "jsonl", folder)
    with pytest.raises(UsageError, match="is a file"):
        export(store, "csv", folder / "mine.md")
    with pytest.raises(StoreError, match="cannot be written"):
        export(store, "jsonl", tmp_path / "no" / "such")
    with pytest.raises(UsageError, match="-o PATH"):
        export(store, "csv", io.StringIO())
    assert [file.name for file in folder.iterdir()] == ["mine.md"]
    assert (folder / "mine.md").read_text() == "mine"


def test_an_export_again_replaces_its_own_files_only(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    export(store, "obsidian", folder)
    (folder / "Model" / "mine.md").write_text("mine")
    export(store, "obsidian", folder, types=["Model"])
    notes = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.md"))
    assert notes == ["Model/mine.md", "Model/model-one.md", "Model/model-two.md"]
    with pytest.raises(UsageError, match="an export as obsidian"):
        export(store, "csv", folder)
    (folder / ".kg-export").write_text("obsidian\n../../outside\n")
    (tmp_path.parent / "outside").write_text("x")
    (folder / "Model" / "model-one.md").unlink()
    (folder / "Model" / "model-two.md").unlink()
    export(store, "obsidian", folder, types=["Model"])
    assert (tmp_path.parent / "outside").exists()


def test_claims_carry_their_sentence_and_how_sure_they_are(store: Store, tmp_path: Path, table: Path) -> None:
    done = export(store, "hf-eval", tmp_path / "hf", datasets=table)
    assert done.told[-1].endswith("in .eval_results, the others in model-index (README.md)")
    text = "\n".join(file.read_text() for file in (tmp_path / "hf").rglob("*.yaml"))
    assert "example/bench" in text
    assert "characters -8 to -8" in text
    assert re.search(r"confidence \d", text)
    assert "<script" in text  # as a text in quotes
    export(store, "every-eval-ever", tmp_path / "eee")
    data = json.loads(next((tmp_path / "eee").rglob("*.json")).read_text())
    details = data["evaluation_results"][0]["score_details"]["details"]
    assert float(details["confidence"]) > 0
    assert details["sentence"] == f"{clean(HOSTILE)} 1"
    assert details["start"] == "-8"


def test_no_id_of_a_dataset_is_made_up(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("name,id,task_id,metric\nplain name,example/bench,default,another metric\n")
    done = export(store, "hf-eval", tmp_path / "hf", datasets=file)
    assert not list((tmp_path / "hf").rglob("*.yaml"))
    assert done.told[-1].startswith("0 of them")
    for text, says in (
        ("name,id\na,b\n", ":2: lacks task_id"),
        ("", "holds no rows"),
        ("name,id,task_id\n,b,c\n", ":2: lacks name"),
    ):
        file.write_text(text)
        with pytest.raises(UsageError, match=says):
            export(store, "hf-eval", tmp_path / "hf2", datasets=file)


def test_a_withdrawn_papers_claims_are_left_out_and_counted(tmp_path: Path) -> None:
    if not any(name == "withdrawn" for name, _ in next(k for k in NODES if k.label == "Paper").properties):
        pytest.skip("papers know no withdrawal yet")
    made = graphs.rows()
    for paper in made.nodes["Paper"]:
        paper["withdrawn"] = True
    with closing(LadybugStore(tmp_path / "g")) as store:
        store.replace(made)
        assert "of withdrawn papers" in export(store, "pwc", tmp_path / "out").told[-1]


REFERENCES = [
    ("arxiv:2401.00001", "100% of $5 & _under_ #1", ["Ludwig van Beethoven", "Plato"]),
    ("doi:10.1234/abc", "Ünïcödé — and more", ["Jean de la Fontaine", "Sammy Davis Jr.", "Crick, Francis"]),
    ("paper:0123456789ab", "No identifier: a study", []),
]


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Store]:
    made = Rows()
    made.nodes["Paper"] = [
        {"id": key, "name": title, "title": title, "abstract": f"About {title}.\nIn two lines.", "published": None}
        for key, title, _ in REFERENCES
    ]
    people = {name: f"author-{number}" for number, name in enumerate(n for _, _, names in REFERENCES for n in names)}
    made.nodes["Author"] = [{"id": key, "name": name} for name, key in people.items()]
    made.relationships["WROTE", "Author", "Paper"] = [
        {"from": people[name], "to": key, "rank": rank}
        for key, _, names in REFERENCES
        for rank, name in enumerate(names, 1)
    ]
    store = LadybugStore(tmp_path / "papers")
    store.replace(made)
    with closing(store):
        yield store


@pytest.mark.parametrize(("form", "ending"), [("bibtex", "bib"), ("ris", "ris")])
def test_our_own_reader_takes_references_back(papers: Store, form: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"papers.{ending}"
    export(papers, form, file)
    found = {item.paper.id: item.paper for item in read(str(file)) if isinstance(item, Entry)}
    assert len(found) == 3
    for key, title, names in REFERENCES[:2]:
        assert found[key].title == title
        assert len(found[key].authors) == len(names)
    assert found["arxiv:2401.00001"].authors == ("Ludwig van Beethoven", "Plato")


def test_names_in_csl(papers: Store, tmp_path: Path) -> None:
    export(papers, "csl-json", tmp_path / "out")
    items = {item["id"]: item for item in json.loads((tmp_path / "out").read_text())}
    assert items["arxiv-2401.00001"]["author"] == [{"family": "van Beethoven", "given": "Ludwig"}, {"literal": "Plato"}]
    assert [name for item in items.values() for name in item.get("author", [])][2:] == [
        {"family": "de la Fontaine", "given": "Jean"},
        {"family": "Davis", "given": "Sammy", "suffix": "Jr."},
        {"family": "Crick", "given": "Francis"},
    ]


def test_file_names_are_apart_where_case_does_not_count() -> None:
    keys = [
        "a:b",
        "A:b",
        "a-b",
        "a:b-",
        "model:x.",
        LONG,
        f"{LONG}b",
        "https://x/A",
        "https://x/a",
        "../../etc",
        "con",
        "é",
    ]
    names = [file_name(key) for key in keys]
    assert len({name.casefold() for name in names}) == len(keys)
    assert all(len(name.encode()) < 250 and not name.startswith(".") and not name.endswith(".") for name in names)
    assert names[0] == "a-b"


def test_yaml_is_what_yaml_reads() -> None:
    loader = pytest.importorskip("yaml", reason="pyyaml is not installed: pip install 'paper-kg[validate]'")
    value = {
        "a": [{"b": f"{clean(HOSTILE)}\x85\ufeff", "c": [1, 2.5, None, True]}, {"d": {}, "e": []}, "x"],
        "f": {"g": {"h": "- no"}},
    }
    assert loader.safe_load(yaml(value)) == value


def test_a_graph_without_papers_exports(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("name,id,task_id\na,b,c\n")
    with closing(LadybugStore(tmp_path / "g")) as store:
        store.replace(Rows())
        for form in FORMATS:
            export(store, form, tmp_path / f"{form}.db", datasets=file if form == "hf-eval" else None)
        for form, package, reader in READERS:
            if package in ("", "networkx", "rdflib", "huggingface_hub", "bibtexparser", "rispy") and not missing(
                package
            ):
                assert reader(tmp_path / f"{form}.db")[0] == 0, form


class Stopping:
    """A store that cannot be read any more after some statements."""

    def __init__(self, store: Store, after: int) -> None:
        self._store = store
        self._left = after
        self.capabilities = store.capabilities

    def read(self, *given: Any) -> Any:
        """The rows of the store beneath, as long as it answers."""
        self._left -= 1
        if self._left < 0:
            raise StoreError("gone")
        return self._store.read(*given)

    def close(self) -> None:
        """Close the store beneath."""
        self._store.close()


@pytest.mark.parametrize("form", ["jsonl", "sqlite", "csv"])
def test_an_export_that_stops_leaves_what_was_there(store: Store, form: str, tmp_path: Path) -> None:
    for target in (tmp_path / "new", tmp_path / "old"):
        if target.name == "old":
            export(store, form, target, types=["Model"])
        before = sums(target) if target.exists() else None
        with pytest.raises(StoreError, match="gone"):
            export(Stopping(store, 20), form, target)  # type: ignore[arg-type]
        assert (sums(target) if target.exists() else None) == before
    assert {file.name for file in tmp_path.iterdir()} == {"old"}


def test_the_command_line(store: Store, tmp_path: Path) -> None:
    def kg(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kg", "export", "--graph", str(store.path.parent), *args]  # type: ignore[attr-defined]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    store.close()
    assert {line.split()[0] for line in kg("--format", "list").stdout.splitlines()} == FORMATS.keys()
    text = kg("--type", "Model", "--no-abstracts").stdout
    assert {json.loads(line).get("label", "VARIANT_OF") for line in text.splitlines()} >= {"Model", "VARIANT_OF"}
    assert kg("-o", "out.ttl", "--query", "papers/naming", "--param", "name=Plain Name").stderr == ""
    assert (tmp_path / "out.ttl").read_text().startswith("@prefix kg:")
    told = kg("--format", "pwc")
    assert json.loads(told.stdout)
    assert "claims written" in told.stderr
    wrong = kg("-o", "out.xlsx")
    assert wrong.returncode == 2
    assert "does not say the format" in wrong.stderr
    assert wrong.stderr.count("\n") <= 4
