"""What README, CHANGELOG and the package promise is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

import kg
from kg.ask.named import named_queries
from kg.cli import app
from kg.schema import NODES, RELATIONSHIPS
from tests.support import reference

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RAW = "https://raw.githubusercontent.com/paper-kg/paper-kg/main/"
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_pages_are_those_of_the_program(page: str) -> None:
    wanted = reference.PAGES[page]()
    assert (DOCS / page).read_text(encoding="utf-8") == wanted, "run python -m tests.support.reference"


def test_the_reference_leaves_nothing_out() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert {name for name in commands if f"## `kg {name}" not in reference.commands()} == set()
    assert [n.label for n in NODES if f"| `{n.label}` |" not in reference.schema()] == []
    assert [r.name for r in RELATIONSHIPS if f"| `{r.name}` |" not in reference.schema()] == []


def test_the_readme_is_short() -> None:
    assert len(README.split()) <= 900


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_python_of_the_docs_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    pytest.importorskip("polars", reason="Polars is not installed")
    (tmp_path / "kg").symlink_to(ROOT / "kg")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)  # noqa: S102 - our own pages
    assert isinstance(names["g"], kg.Graph)


def test_every_query_in_the_readme_exists() -> None:
    called = set(re.findall(r"kg query ([a-z][\w/-]+)", README))
    names = {name for query in named_queries() for name in (query, query.partition("/")[2])}
    assert called
    assert called <= names


def test_what_the_pages_point_to_is_there() -> None:
    pages = [ROOT / "README.md", *DOCS.glob("*.md"), *(ROOT / ".github").glob("*.md")]
    links = [
        (page, target.partition("#")[0])
        for page in pages
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert links
    near = [(page, target) for page, target in links if "://" not in target]
    assert [(page.name, target) for page, target in near if target and not (page.parent / target).exists()] == []
    # A package index shows the README without the repository: its pictures need whole addresses.
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert [p for p in pictures if not p.startswith(RAW) or not (ROOT / p.removeprefix(RAW)).is_file()] == []


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == kg.__version__


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_installs_two_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg", "extractors"}


def test_the_wheel_holds_what_the_code_reads(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for query in named_queries():
        assert f"kg/queries/{query}.cypher" in names
    for folder in ("kg/sample", "kg/view/web", "extractors/terms", "extractors/weights"):
        files = [path for path in (ROOT / folder).iterdir() if path.is_file()]
        assert files
        assert [path.name for path in files if f"{folder}/{path.name}" not in names] == []


def test_the_wheel_leaves_out_what_only_training_reads(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if "annotations" in name] == []


def test_no_file_of_the_wheel_is_over_forty_megabytes(wheel: zipfile.ZipFile) -> None:
    assert [info.filename for info in wheel.infolist() if info.file_size > 40_000_000] == []
    weights = [info.file_size for info in wheel.infolist() if info.filename.startswith("extractors/weights")]
    assert 0 < sum(weights) < 65_000_000
