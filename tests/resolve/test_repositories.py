"""A repository is one node however a paper writes its address; another owner's is another one."""

from __future__ import annotations

import json

import pytest

from kg.pipeline import build
from kg.stores import open_store

SPELLINGS = [
    "https://github.com/Owner/Tool-Kit",
    "http://github.com/owner/tool-kit",
    "https://www.github.com/Owner/Tool-Kit/",
    "https://github.com/Owner/Tool-Kit.git",
    "https://github.com/owner/Tool-Kit/tree/main/examples",
    "https://github.com/Owner/Tool-Kit/blob/main/README.md#usage",
    "https://github.com/Owner/Tool-Kit?tab=readme-ov-file",
    "https://github.com/Owner/Tool-Kit/issues/12.",
    "github.com/Owner/Tool-Kit",
    "www.github.com/OWNER/TOOL-KIT",
    r"\url{https://github.com/Owner/Tool-Kit}",
    "(https://github.com/Owner/Tool-Kit).",
    "https://github.com/Owner/Tool-Kit}.",
    "git@github.com:Owner/Tool-Kit.git",
    "ssh://git@github.com/Owner/Tool-Kit.git",
    "git://github.com/Owner/Tool-Kit",
    "https://github.com:443/Owner/Tool-Kit",
    "https://raw.githubusercontent.com/Owner/Tool-Kit/main/setup.py",
]
OTHERS = [
    "https://github.com/Somebody-Else/Tool-Kit",  # a fork
    "https://github.com/Owner/Tool-Kit-2",
    "https://github.com/Owner/Tool-Kit.js",
    "https://gitlab.com/Owner/Tool-Kit",
]


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """(id, owner) of the repository that each spelling leads to in the graph."""
    folder = tmp_path_factory.mktemp("repositories")
    feed = folder / "feed.jsonl"
    spellings = [*SPELLINGS, *OTHERS]
    lines = [
        json.dumps(
            {"title": f"Paper {n}", "abstract": f"Our code is at {spelling} for all.", "arxiv_id": f"2401.{n:05}"}
        )
        for n, spelling in enumerate(spellings)
    ]
    feed.write_text("\n".join(lines))
    build([str(feed)], folder / "graph", extractor="rules")
    store = open_store(str(folder / "graph"))
    try:
        rows = store.read("MATCH (p:Paper)-[:HAS_CODE]->(r:Repository) RETURN p.id, r.id, r.owner").rows
        of_paper = {paper: (key, owner) for paper, key, owner in rows}
    finally:
        store.close()
    return {spelling: of_paper.get(f"arxiv:2401.{n:05}", ("", "")) for n, spelling in enumerate(spellings)}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_repository_whatever_the_spelling(repositories: dict[str, tuple[str, str]], spelling: str) -> None:
    key, owner = repositories[spelling]
    assert (key, owner.lower()) == ("github.com/owner/tool-kit", "owner")


def test_forks_and_other_hosts_are_other_repositories(repositories: dict[str, tuple[str, str]]) -> None:
    assert [repositories[spelling][0] for spelling in OTHERS] == [
        "github.com/somebody-else/tool-kit",
        "github.com/owner/tool-kit-2",
        "github.com/owner/tool-kit.js",
        "gitlab.com/owner/tool-kit",
    ]
