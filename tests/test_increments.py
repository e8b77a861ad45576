"""A graph that grows, changes and shrinks is at each point the graph of what it then holds."""

from __future__ import annotations

from pathlib import Path

import pytest

import extractors
from kg.ask.explain import texts_in_graph
from kg.errors import SourceError, UsageError
from kg.pipeline import Summary, remove
from kg.pipeline import build as build_with
from tests.conftest import PAPERS, as_jsonl
from tests.test_pipeline import exported

OTHER: dict[str, object] = {**PAPERS[0], "title": "Another Paper", "abstract": "It names CIFAR-10."}
CLIP, VIR = "arxiv:2401.00001", "doi:10.1234/abc.5"


def build(feeds: list[Path], graph: Path, **options: bool) -> Summary:
    return build_with([str(feed) for feed in feeds], graph, extractor="rules", **options)  # type: ignore[arg-type]


def feed_of(folder: Path, name: str, records: list[dict[str, object]]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text(as_jsonl(records))
    return path


def test_a_changed_abstract_replaces_its_paper(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, "f", PAPERS)
    build([feed], tmp_path / "g")
    first = exported(tmp_path / "g")
    changed: list[dict[str, object]] = [
        {**PAPERS[0], "abstract": "We introduce TinyCLIP-Net, tested on CIFAR-10."},
        *PAPERS[1:],
    ]
    feed_of(tmp_path, "f", changed)
    summary = build([feed], tmp_path / "g")
    assert (summary.papers, summary.new, summary.extracted) == (3, 0, 1)
    assert (summary.replaced, summary.retitled) == (1, 0)
    text = exported(tmp_path / "g")
    assert "CIFAR-10" in text
    assert "LAION-400M" not in text
    build([feed], tmp_path / "fresh")
    assert text == exported(tmp_path / "fresh")
    # The old feed again: its texts are known, and hold again.
    feed_of(tmp_path, "f", PAPERS)
    assert build([feed], tmp_path / "g").extracted == 0
    assert exported(tmp_path / "g") == first


def test_removed_papers_are_gone_and_come_back_with_their_feed(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, "f", PAPERS)
    build([feed], tmp_path / "g")
    whole = exported(tmp_path / "g")
    summary = remove(tmp_path / "g", ["10.1234/ABC.5", "2401.00001"], extractor="rules")
    assert (summary.papers, summary.removed, summary.changed) == (1, 2, True)
    assert "ADE20K" not in exported(tmp_path / "g")
    assert not any(b"ADE20K" in path.read_bytes() for path in (tmp_path / "g").rglob("*") if path.is_file())
    summary = build([feed], tmp_path / "g")
    assert (summary.new, summary.extracted) == (2, 2)
    assert exported(tmp_path / "g") == whole


def test_a_paper_is_removed_by_either_of_its_ids(tmp_path: Path) -> None:
    published: dict[str, object] = {k: v for k, v in PAPERS[0].items() if k != "arxiv_id"} | {
        "doi": "10.1234/published"
    }
    feed = feed_of(tmp_path, "f", [*PAPERS, published])
    assert build([feed], tmp_path / "g").papers == 3
    assert remove(tmp_path / "g", ["10.1234/PUBLISHED"], extractor="rules").removed == 1
    assert CLIP not in exported(tmp_path / "g")


def test_a_removed_feed_leaves_what_others_list(tmp_path: Path) -> None:
    one, two = feed_of(tmp_path, "one", PAPERS[:2]), feed_of(tmp_path, "two", PAPERS[1:])
    build([one], tmp_path / "alone")
    build([one, two], tmp_path / "g")
    assert remove(tmp_path / "g", feed="two", extractor="rules").removed == 1
    assert exported(tmp_path / "g") == exported(tmp_path / "alone")
    summary = remove(tmp_path / "g", feed="one", extractor="rules")
    assert (summary.papers, summary.removed) == (0, 2)
    assert exported(tmp_path / "g") == ""


def test_what_is_not_there_cannot_be_removed_and_nothing_else_is(tmp_path: Path) -> None:
    build([feed_of(tmp_path, "f", PAPERS)], tmp_path / "g")
    before = exported(tmp_path / "g")
    with pytest.raises(UsageError, match=r"2401\.99999"):
        remove(tmp_path / "g", [CLIP, "2401.99999"], extractor="rules")
    with pytest.raises(UsageError, match="there are: f"):
        remove(tmp_path / "g", [VIR], "other", extractor="rules")
    assert not build([], tmp_path / "g").changed
    assert exported(tmp_path / "g") == before


def test_an_upgrade_reads_again_what_is_stale_and_only_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = feed_of(tmp_path, "f", PAPERS[:2])
    build([feed], tmp_path / "g")
    assert build([], tmp_path / "g").extracted == 0
    rules = extractors.PIPELINES["rules"]
    monkeypatch.setitem(extractors.PIPELINES, "rules", rules._replace(version="next"))
    assert build([], tmp_path / "g").extracted == 2
    assert '"extractor": "rules-next"' in exported(tmp_path / "g")
    assert '"extractor": "rules-1"' not in exported(tmp_path / "g")
    more = feed_of(tmp_path, "more", PAPERS)
    assert build([more], tmp_path / "g").extracted == 1
    assert build([], tmp_path / "g", fresh=True).extracted == 3
    assert build([], tmp_path / "g").extracted == 0


def test_no_feed_and_no_graph_is_wrong_use_and_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kg build FEED"):
        build([], tmp_path / "g")
    with pytest.raises(UsageError, match="nothing to remove"):
        remove(tmp_path / "g", [CLIP])
    with pytest.raises(SourceError):
        build([tmp_path / "missing.jsonl"], tmp_path / "g")
    assert not (tmp_path / "g").exists()


def test_one_id_with_two_titles_in_a_feed_is_set_aside(tmp_path: Path) -> None:
    other: dict[str, object] = {**OTHER, "abstract": f"It names CIFAR-10. {'Long. ' * 3000}The end."}
    again: dict[str, object] = {**PAPERS[0], "title": "TinyCLIP-Net: small models that see and read!"}
    summary = build([feed_of(tmp_path, "f", [*PAPERS, other, again])], tmp_path / "g")
    assert (summary.entries, summary.papers) == (4, 3)
    assert [(item.position, CLIP in item.reason) for item in summary.set_aside.sample] == [("paper 4", True)]
    kept = (tmp_path / "g" / "set-aside.jsonl").read_text()
    assert "CIFAR-10" in kept
    assert "The end." in kept
    assert "CIFAR-10" not in exported(tmp_path / "g")


def test_one_id_with_two_papers_in_two_feeds_is_set_aside_in_the_second(tmp_path: Path) -> None:
    one, two = feed_of(tmp_path, "one", PAPERS), feed_of(tmp_path, "two", [PAPERS[1], OTHER])
    assert build([one], tmp_path / "g").set_aside.count == 0
    whole = exported(tmp_path / "g")
    for _ in range(2):
        summary = build([two], tmp_path / "g")
        assert (summary.entries, summary.papers, summary.new, summary.replaced) == (1, 3, 0, 0)
        assert (summary.set_aside.count, summary.set_aside.id_taken) == (1, 1)
        reason = f"{CLIP} is another paper already, number 1 of one; give each its own id"
        assert summary.set_aside.first == f"two, paper 2: {reason}"
    assert (tmp_path / "g" / "set-aside.jsonl").read_text().count("CIFAR-10") == 1
    assert [(row[1], row[2], row[4]) for row in texts_in_graph(tmp_path / "g").rows] == [
        ("holds", "one", PAPERS[0]["title"]),
        ("another paper", "two", "Another Paper"),
    ]
    # The second feed lists what it shares with the first, and nothing else has changed.
    added = set(exported(tmp_path / "g").splitlines()) - set(whole.splitlines())
    assert len(added) == 2
    assert all('"two"' in line for line in added)
    assert build([one, two], tmp_path / "once").set_aside.id_taken == 1
    assert exported(tmp_path / "once") == exported(tmp_path / "g")
    # An older claim stands whatever changes later in its text.
    feed_of(tmp_path, "one", [{**PAPERS[0], "abstract": "We introduce TinyCLIP-Net."}, *PAPERS[1:]])
    assert build([one], tmp_path / "g").replaced == 1
    assert build([two], tmp_path / "g").set_aside.id_taken == 1
    # Without it the other paper has the id.
    remove(tmp_path / "g", feed="one", extractor="rules")
    build([two], tmp_path / "alone")
    assert exported(tmp_path / "g") == exported(tmp_path / "alone")
    assert "CIFAR-10" in exported(tmp_path / "alone")


def test_a_paper_with_a_new_title_in_another_feed_replaces_its_text(tmp_path: Path) -> None:
    newer: dict[str, object] = {**PAPERS[0], "title": "Seeing and Reading with Few Weights"}
    one, two = feed_of(tmp_path, "one", PAPERS), feed_of(tmp_path, "two", [newer])
    build([one], tmp_path / "g")
    summary = build([two], tmp_path / "g")
    assert (summary.papers, summary.replaced, summary.retitled, summary.set_aside.count) == (3, 1, 1, 0)
    assert "Few Weights" in exported(tmp_path / "g")
    assert "Small Models" not in exported(tmp_path / "g")
    assert [row[:5] for row in texts_in_graph(tmp_path / "g").rows] == [
        (CLIP, "older text", "one", 1, PAPERS[0]["title"]),
        (CLIP, "holds", "two", 1, newer["title"]),
    ]
    assert build([one, two], tmp_path / "g").replaced == 0
    once = build([one, two], tmp_path / "once")
    assert (once.replaced, once.retitled) == (1, 1)
    assert exported(tmp_path / "once") == exported(tmp_path / "g")


def test_a_feed_that_takes_back_a_wrong_id_is_believed(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, "f", [{**OTHER, "url": "https://example.org/wrong"}, *PAPERS[1:]])
    build([feed], tmp_path / "g")
    feed_of(tmp_path, "f", PAPERS)
    summary = build([feed], tmp_path / "g")
    assert (summary.replaced, summary.retitled, summary.set_aside.count) == (1, 1, 0)
    build([feed], tmp_path / "fresh")
    assert exported(tmp_path / "g") == exported(tmp_path / "fresh")


def test_what_a_dead_build_left_is_cleared(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, "f", PAPERS)
    build([feed], tmp_path / "g")
    (tmp_path / "g" / ".loading-x").mkdir()
    (tmp_path / "g" / ".loading-x" / "graph.lbug").write_bytes(b"half a database")
    (tmp_path / "g" / "ledger" / "extractions-000002.unfinished").write_bytes(b"half a part")
    (tmp_path / "g" / "loaded.unfinished").write_text("half")
    assert not build([], tmp_path / "g").changed
    left = [path.name for path in (tmp_path / "g").rglob("*")]
    assert not [name for name in left if "unfinished" in name or "loading" in name]
