"""The notebooks of the docs run from the first cell to the last, with Jupyter's own runner."""

from __future__ import annotations

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="the extra `notebook` is not installed")
nbclient = pytest.importorskip("nbclient", reason="the extra `notebook` is not installed")

NOTEBOOKS = sorted((Path(__file__).parent.parent / "docs").glob("*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
# The runner's own libraries warn about their future.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    done = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "error"]
    html = [output.data.get("text/html", "") for output in shown if "data" in output]
    assert any(text.startswith("<iframe") for text in html)
    assert any(text.startswith("<table>") for text in html)


def test_no_notebook_holds_the_output_of_a_run() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        assert not [cell for cell in nbformat.read(path, as_version=4).cells if cell.get("outputs")]
