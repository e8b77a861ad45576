"""Every file of a graph folder, damaged in every way: what is said, what the next build does, that nothing is lost."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kg.ask.explain import why_in_graph
from kg.errors import KgError, SourceError, StoreError
from kg.pipeline import Summary, build, load_into, remove
from kg.stores import open_store
from kg.stores.ladybug import LadybugStore
from tests.conftest import PAPERS, as_jsonl
from tests.test_pipeline import exported

CURATION = 'drop = ["Retention"]\n[rename]\n"clip" = "CLIP, the model"\n'


def make(where: Path, papers: list[dict[str, object]], curation: str) -> Path:
    """A graph of two feeds, with a record that was set aside and a person's decisions."""
    where.mkdir()
    for number, records in enumerate((papers[:2], papers[2:])):
        feed = where / f"feed{number}.jsonl"
        feed.write_text(as_jsonl(records) + '{"broken\n')
        build([str(feed)], where / "g", extractor="rules", min_confidence=0.3)
    (where / "g" / "curation.toml").write_text(curation)
    build([], where / "g")
    return where / "g"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("sound") / "x", PAPERS, CURATION)


@pytest.fixture(scope="module")
def whole(sound: Path) -> str:
    return exported(sound)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    papers: list[dict[str, object]] = [
        {"title": f"Paper {n}", "abstract": f"We introduce Net-{n}, tested on CIFAR-10, {'again ' * n}and ImageNet."}
        for n in range(4)
    ]
    return make(tmp_path_factory.mktemp("other") / "x", papers, 'same = [["A", "B"]]\n')


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes() or b"x")
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def head_overwritten(path: Path) -> None:
    path.write_bytes(b"\xff" * 16 + path.read_bytes()[16:])


def missing(path: Path) -> None:
    path.unlink()


def newer(path: Path) -> None:
    """As a newer version may write it."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        pq.write_table(table.replace_schema_metadata({"paper-kg.format": "99"}), path)
    elif path.name == "graph.json":
        path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    elif path.name == "curation.toml":
        path.write_text("split = []\n" + path.read_text())
    else:
        path.write_bytes(path.read_bytes().replace(b"LBUG1", b"LBUG9") + b"{}\n")


def swapped(path: Path) -> None:
    """With the file of the same name of another graph; see the test."""


DAMAGES: list[Callable[[Path], None]] = [
    truncated, emptied, flipped, head_overwritten, missing, newer, swapped,
]  # fmt: skip
ENTRIES = "error", r"entries-0000\d\d\.parquet: this part of the ledger \(\d+ entr.*--accept-loss"
EXTRACTIONS = "mended", r"ledger/extractions-0000\d\d\.parquet .*: what it held is extracted again"
DATABASE = "mended", r"graph\.lbug (has|holds|is) .*: it is made again from the ledger"
SETTINGS = "error", r"graph\.json: is (damaged|missing|another graph's); .* --extractor NAME --min-confidence N"
ASIDE = "mended", r"set-aside\.jsonl is not as it was written"
CHANGED = "followed", r"curation\.toml has changed: it holds \d decisions? \(it held 2\)"
NEWER = "error", "a newer version of paper-kg wrote"
TOML = "error", r"curation\.toml(:\d+)?: .*(mend or remove the line|make it a text file in UTF-8)"
NOTHING = "mended", ""
# Kind of file -> what comes of the damages, in the order of `DAMAGES`.
TABLE: dict[str, list[tuple[str, str]]] = {
    "graph.lbug": [DATABASE] * 7,
    "graph.json": [*[SETTINGS] * 5, NEWER, SETTINGS],
    "ledger/entries-N.parquet": [*[ENTRIES] * 5, NEWER, ENTRIES],
    "ledger/extractions-N.parquet": [*[EXTRACTIONS] * 5, NEWER, EXTRACTIONS],
    "curation.toml": [TOML, CHANGED, TOML, TOML, CHANGED, TOML, CHANGED],
    "set-aside.jsonl": [ASIDE] * 7,
    ".lock": [NOTHING] * 7,
}


def kind_of(name: str) -> str:
    return re.sub(r"-\d+\.parquet", "-N.parquet", name)


def test_every_file_of_a_folder_has_its_row(sound: Path) -> None:
    files = {kind_of(str(path.relative_to(sound))) for path in sound.rglob("*") if path.is_file()}
    assert files | {".lock"} == set(TABLE)  # where the system takes the lock away, it is made again


@pytest.mark.parametrize("damage", range(len(DAMAGES)), ids=[damage.__name__ for damage in DAMAGES])
@pytest.mark.parametrize("kind", list(TABLE))
def test_damage(sound: Path, whole: str, other: Path, tmp_path: Path, kind: str, damage: int) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    path = graph / kind.replace("-N", "-000001")
    if not path.exists():
        path.touch()
    kept = path.read_bytes()
    if DAMAGES[damage] is swapped:
        source = other / path.relative_to(graph)
        path.write_bytes(source.read_bytes() if source.exists() else b"")
    else:
        DAMAGES[damage](path)
    what, said = TABLE[kind][damage]
    if what == "error":
        with pytest.raises(KgError, match=said) as error:
            build([], graph)
        assert "\n" not in str(error.value)
        path.write_bytes(kept)  # what it says to do
        build([], graph)
        assert exported(graph) == whole
        return
    summary = build([], graph)
    assert any(re.search(said, note) for note in summary.notes) if said else summary.notes == []
    if what == "mended":
        assert exported(graph) == whole
    again = build([], graph)
    assert (again.changed, again.notes) == (False, [])


@pytest.mark.parametrize("damage", [truncated, emptied, flipped, head_overwritten, swapped])
def test_a_damaged_database_is_not_opened(
    sound: Path, other: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    damage(graph / "graph.lbug")
    if damage is swapped:
        shutil.copy(other / "graph.lbug", graph)
    store = LadybugStore(graph)
    for ask in (store.read, store.ask):
        with pytest.raises(StoreError, match=r"does not fit its folder: run `kg build --graph .*` to make it again"):
            ask("MATCH (p:Paper) RETURN p.id")


def test_a_foreign_log_beside_the_database_is_not_read(sound: Path, whole: str, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "graph.lbug.wal").write_bytes(b"foreign")
    with pytest.raises(StoreError, match=r"graph\.lbug\.wal beside it"):
        exported(graph)
    assert "graph.lbug.wal" in build([], graph).notes[0]
    assert exported(graph) == whole
    assert not (graph / "graph.lbug.wal").exists()


def test_a_copied_folder_is_whole(sound: Path, whole: str, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "g", copy_function=shutil.copyfile)  # with other times
    assert exported(tmp_path / "g") == whole
    assert not build([], tmp_path / "g").changed


def test_another_version_of_the_engine_makes_the_database_again(sound: Path, whole: str, tmp_path: Path) -> None:
    from kg.folder.settings import read_settings

    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    settings = read_settings(graph)
    assert settings
    assert settings.database
    object.__setattr__(settings.database, "storage", 48)
    settings.write(graph)
    with pytest.raises(StoreError, match=r"another file format.*run `kg build"):
        exported(graph)
    assert "another file format: it is made again" in build([], graph).notes[0]
    assert exported(graph) == whole


def test_a_lost_part_can_be_given_up(sound: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "ledger" / "entries-000001.parquet").unlink()
    for ask in (
        lambda: why_in_graph(graph, "CLIP", "ViR"),
        lambda: load_into(open_store(str(tmp_path / "x")), graph),
        lambda: remove(graph, feed="feed1"),
    ):
        with pytest.raises(StoreError, match=r"entries-000001\.parquet.* is missing"):
            ask()
    summary = build([], graph, accept_loss=True)
    assert summary.papers == 1
    assert "(2 entries)" in summary.notes[0]
    assert build([], graph).notes == []


def test_lost_settings_are_given_again(sound: Path, whole: str, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "graph.json").unlink()
    assert "written anew" in build([], graph, extractor="rules", min_confidence=0.3).notes[0]
    assert exported(graph) == whole


def test_deep_decisions_are_one_line(sound: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "curation.toml").write_text(f"same = {'[' * 20_000}")
    with pytest.raises(SourceError, match="nested too deep"):
        build([], graph)


def plain(graph: Path, **options: object) -> Summary:
    return build([], graph, **options)  # type: ignore[arg-type]


def test_settings_are_kept(tmp_path: Path) -> None:
    feed = tmp_path / "f.jsonl"
    feed.write_text(as_jsonl(PAPERS))
    graph = tmp_path / "g"
    first = build([str(feed)], graph, extractor="rules", min_confidence=0.8)
    assert first.notes == []
    assert not plain(graph).changed
    changed = plain(graph, min_confidence=0.0)
    assert changed.notes == ["min_confidence is now 0.0 (it was 0.8)"]
    assert changed.changed
    assert changed.nodes != first.nodes
    assert plain(graph, min_confidence=0.8).nodes == first.nodes
    held = LadybugStore(tmp_path / "loaded")
    assert {label: len(rows) for label, rows in load_into(held, graph).nodes.items()} == first.nodes
    assert remove(graph, ["2401.00001"]).notes == []


def test_a_folder_of_version_0_1_0_opens(sound: Path, whole: str, tmp_path: Path) -> None:
    """As 0.1.0 wrote it: no settings, a list in `loaded`, and parts that do not say their format."""
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "graph.json").unlink()
    (graph / "loaded").write_text(json.dumps(["0" * 64, {"Paper": 3}, {"LISTS": 3}]))
    for part in (graph / "ledger").iterdir():
        pq.write_table(pq.read_table(part).replace_schema_metadata(None), part, compression="zstd")
    assert exported(graph) == whole
    summary = plain(graph)
    assert summary.notes[0].startswith("this graph was made by version 0.1.0; from now on it keeps extractor rules")
    assert summary.extracted == 0
    assert plain(graph).notes == []
    assert not (graph / "loaded").exists()
    assert plain(graph, min_confidence=0.3).changed
    assert exported(graph) == whole


def test_a_gap_in_an_old_folder_is_known(sound: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    shutil.copytree(sound, graph)
    (graph / "graph.json").unlink()
    (graph / "ledger" / "entries-000001.parquet").unlink()
    for part in (graph / "ledger").iterdir():
        pq.write_table(pq.read_table(part).replace_schema_metadata(None), part)
    with pytest.raises(StoreError, match=r"entries-000001\.parquet.* is missing"):
        plain(graph)
    assert plain(graph, accept_loss=True).papers == 1
