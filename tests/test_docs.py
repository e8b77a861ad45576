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
from kg.cli import app
from kg.query import named_queries
from kg.schema import NODES, RELATIONSHIPS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert {name for name in commands if f"`kg {name}" not in README} == set()


def test_the_readme_names_every_kind_of_node_and_relationship() -> None:
    assert [n.label for n in NODES if f"`{n.label}`" not in README] == []
    assert [r.name for r in RELATIONSHIPS if r.name not in README] == []


def test_every_query_in_the_readme_exists() -> None:
    called = set(re.findall(r"kg query ([a-z][\w/-]+)", README))
    names = {name for query in named_queries() for name in (query, query.partition("/")[2])}
    assert called
    assert called <= names


def test_the_pictures_of_the_readme_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert [p for p in pictures if not (ROOT / p).is_file()] == []


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
    for folder in ("kg/sample", "kg/view/static", "extractors/terms", "extractors/weights"):
        files = [path for path in (ROOT / folder).iterdir() if path.is_file()]
        assert files
        assert [path.name for path in files if f"{folder}/{path.name}" not in names] == []


def test_the_wheel_leaves_out_what_only_training_reads(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if "annotations" in name] == []


def test_no_file_of_the_wheel_is_over_forty_megabytes(wheel: zipfile.ZipFile) -> None:
    assert (
        sum(info.file_size for info in wheel.infolist() if info.filename.startswith("extractors/weights")) < 40_000_000
    )
