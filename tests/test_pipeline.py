"""Feeds in, graph out: twice the same, nothing lost, every fact led back to its sentence."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest

from extractors.clean import clean
from kg.errors import SourceError, StoreError
from kg.export import as_jsonl, export
from kg.folder.rejects import SAMPLE
from kg.pipeline import build
from kg.stores import Limits, Store, open_store
from tests.conftest import PAPERS
from tests.conftest import as_jsonl as feed_text

EVERY = Limits(rows=None)


def exported(graph: Path) -> str:
    store = open_store(str(graph))
    try:
        return "\n".join(as_jsonl(store))
    finally:
        store.close()


def test_what_the_three_papers_say(store: Store) -> None:
    rows = store.read("MATCH (p:Paper)-[r]->(m:Model) RETURN p.id, type(r), m.name ORDER BY p.id, m.name").rows
    assert ("arxiv:2401.00001", "INTRODUCES", "TinyCLIP-Net") in rows
    assert ("arxiv:2401.00001", "COMPARES_TO", "ResNet-50") in rows
    code = store.read("MATCH (p:Paper)-[:HAS_CODE]->(r:Repository) RETURN p.id, r.id, r.owner, r.url").rows
    assert code == (
        (
            "arxiv:2401.00001",
            "github.com/example-lab/tinyclip-net",
            "Example-Lab",
            "https://github.com/Example-Lab/tinyclip-net",
        ),
    )
    trained = store.read("MATCH (p:Paper)-[:TRAINS_ON]->(d) RETURN p.id, d.name").rows
    assert ("arxiv:2401.00001", "LAION-400M") in trained
    assert store.read("MATCH (p:Paper)-[:REPORTS]->(x)-[:IN_METRIC]->(m) RETURN x.value, x.unit, m.name").rows == (
        (71.2, "%", "top-1 accuracy"),
    )


def test_building_again_changes_nothing(feed: Path, tmp_path: Path) -> None:
    first = build([str(feed)], tmp_path / "g")
    before = exported(tmp_path / "g")
    again = build([str(feed)], tmp_path / "g")
    assert (first.new, first.changed, again.new, again.changed) == (3, True, 0, False)
    assert exported(tmp_path / "g") == before


def test_one_feed_after_the_other_is_both_at_once(tmp_path: Path) -> None:
    for name, records in (("one", PAPERS[:2]), ("two", PAPERS[1:])):
        (tmp_path / f"{name}.jsonl").write_text(feed_text(records))
    build([str(tmp_path / "one.jsonl")], tmp_path / "steps")
    build([str(tmp_path / "two.jsonl")], tmp_path / "steps")
    build([str(tmp_path / "two.jsonl"), str(tmp_path / "one.jsonl")], tmp_path / "once")
    assert exported(tmp_path / "steps") == exported(tmp_path / "once")


def offsets_of(store: Store) -> list[tuple[str, list[str]]]:
    """What each relationship from a paper cuts out of its text, and the strings it may be."""
    found = []
    for kind in ("INTRODUCES", "TRAINS_ON", "EVALUATES_ON", "COMPARES_TO", "USES", "MENTIONS"):
        query = f"MATCH (p:Paper)-[r:{kind}]->(n) RETURN p.title, p.abstract, r.start, r.`end`, r.surfaces, r.evidence"
        for title, abstract, start, end, surfaces, evidence in store.read(query, limits=EVERY).rows:
            text = f"{title}\n{abstract}"
            seen = clean(text)
            assert evidence in seen.text  # without mark-up
            assert seen.text[slice(*seen.seen(start, end))] in evidence
            found.append((text[start:end], surfaces))
    return found


def test_every_fact_cuts_out_its_mention(store: Store) -> None:
    facts = offsets_of(store)
    assert facts
    assert all(cut in surfaces for cut, surfaces in facts)


def test_every_fact_of_the_real_feeds_cuts_out_its_mention(shared: Path, tmp_path: Path) -> None:
    feeds = [str(shared / "feeds" / f"hf-papers-{letter}.txt") for letter in "abc"]
    summary = build(feeds, tmp_path / "g")
    assert (summary.entries, summary.papers, summary.set_aside.count) == (309, 232, 0)
    before = exported(tmp_path / "g")
    assert not build(feeds, tmp_path / "g").changed
    assert exported(tmp_path / "g") == before
    store = open_store(str(tmp_path / "g"))
    facts = offsets_of(store)
    store.close()
    assert len(facts) > 1000
    assert all(cut in surfaces for cut, surfaces in facts)


def test_a_feed_that_cannot_be_read_changes_nothing(feed: Path, tmp_path: Path) -> None:
    build([str(feed)], tmp_path / "g")
    before = exported(tmp_path / "g")
    (tmp_path / "no-feed.txt").write_text("just words\n")
    with pytest.raises(SourceError):
        build([str(feed), str(tmp_path / "no-feed.txt")], tmp_path / "g")
    assert exported(tmp_path / "g") == before


def test_records_that_cannot_be_read_are_kept_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_text(feed_text(PAPERS[:1]) + "{broken\n")
    for _ in range(2):
        summary = build([str(tmp_path / "f.jsonl")], tmp_path / "g")
        assert (summary.papers, summary.set_aside.count) == (1, 1)
    kept = (tmp_path / "g" / "set-aside.jsonl").read_text().splitlines()
    assert len(kept) == 1
    assert "broken" in kept[0]


def test_a_feed_of_bad_records_is_set_aside_in_little_memory(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    with bad.open("w") as file:
        file.write(feed_text(PAPERS[:1]))
        file.writelines("{" + str(number) * 2000 + "\n" for number in range(3_000))
    build([str(bad)], tmp_path / "g")
    kept = (tmp_path / "g" / "set-aside.jsonl").read_bytes()
    assert kept.count(b"\n") == 3_000
    tracemalloc.start()
    try:
        summary = build([str(bad)], tmp_path / "g")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (summary.set_aside.count, len(summary.set_aside.sample)) == (3_000, SAMPLE)
    assert summary.set_aside.sample[0].position == "line 2"
    assert peak < len(kept) / 5
    assert (tmp_path / "g" / "set-aside.jsonl").read_bytes() == kept


def test_a_folder_that_is_a_file_is_refused(feed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="folder"):
        build([str(feed)], tmp_path / "file")


def test_a_lost_database_is_made_again(feed: Path, tmp_path: Path) -> None:
    build([str(feed)], tmp_path / "g")
    before = exported(tmp_path / "g")
    (tmp_path / "g" / "graph.lbug").unlink()
    assert build([str(feed)], tmp_path / "g").changed
    assert exported(tmp_path / "g") == before


HOSTILE = [
    "<img src=x onerror=alert(1)> href",
    "</script><script>alert(1)</script>",
    '`back` ticks\' and "quotes" \\ $x {y}',
    "right \u202e to left \u200f and a NUL \0 and a lone \ud800 end",
    "A" * 10_000,
    "'; MATCH (n) DETACH DELETE n; //",
]


def test_hostile_text_goes_in_and_comes_out(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {
            "title": text,
            "abstract": f"We introduce {text}, evaluated on ImageNet. See https://github.com/a/b{i}",
            "authors": [text],
        }
        for i, text in enumerate(HOSTILE)
    ]
    (tmp_path / "hostile.jsonl").write_text(feed_text(records))
    summary = build([str(tmp_path / "hostile.jsonl")], tmp_path / "g")
    assert (summary.papers, summary.set_aside.count) == (len(HOSTILE), 0)
    store = open_store(str(tmp_path / "g"))
    titles = {row[0] for row in store.read("MATCH (p:Paper) RETURN p.title").rows}
    assert {text.replace("\0", " ").replace("\ud800", " ") for text in HOSTILE} == titles
    assert all(cut in surfaces for cut, surfaces in offsets_of(store))
    for form in ("graphml", "gexf"):
        export(store, form, tmp_path / form)
        assert "onerror" in (tmp_path / form).read_text()
    export(store, "csv", tmp_path / "csv")
    assert (tmp_path / "csv" / "Paper.csv").exists()
    store.close()
    shutil.rmtree(tmp_path / "g")


def test_a_text_that_is_not_english_is_said(tmp_path: Path) -> None:
    abstract = (
        "In dieser Arbeit stellen wir ein Modell vor, das mit wenigen Daten auskommt. Wir zeigen, dass es auf ImageNet "
        "besser ist als ResNet-50 und dass die Ergebnisse nicht von der Größe der Daten abhängen."
    )
    (tmp_path / "f.jsonl").write_text(feed_text([*PAPERS[:1], {"title": "Ein Modell", "abstract": abstract}]))
    summary = build([str(tmp_path / "f.jsonl")], tmp_path / "g")
    assert [note for note in summary.notes if "not in English" in note] == [
        f"1 text not in English: only links were read; the first: {summary_id(tmp_path / 'g')}"
    ]


def summary_id(graph: Path) -> str:
    store = open_store(str(graph))
    ((found,),) = store.read("MATCH (p:Paper) WHERE p.title = 'Ein Modell' RETURN p.id").rows
    store.close()
    return str(found)
