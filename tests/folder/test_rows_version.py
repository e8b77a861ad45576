"""A change of what makes rows must not be forgotten: graphs that exist would stay as they are."""

from __future__ import annotations

from tests.folder.rows_version import RECORD, makers, state


def test_the_code_that_makes_rows_is_as_recorded() -> None:
    now, recorded = state().splitlines(), RECORD.read_text(encoding="utf-8").splitlines()
    changed = sorted({line.split()[0] for line in {*now} ^ {*recorded}})
    assert changed == [], (
        "raise ROWS_VERSION in kg/tables.py if a row can come out otherwise; then record anew: "
        "python -m tests.folder.rows_version"
    )


def test_resolution_takes_part_and_the_web_server_does_not() -> None:
    modules = makers()
    assert {"kg.tables", "kg.resolve.names", "kg.resolve.votes", "kg.records", "extractors.links"} <= set(modules)
    assert not [name for name in modules if name.startswith(("kg.view", "kg.cli", "kg.stores", "kg.read"))]
