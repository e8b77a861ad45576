"""`kill -9` at random moments loses nothing. The same, many more times: `python -m benchmarks.kill`."""

from __future__ import annotations

import random

import pytest

from benchmarks.kill import KINDS, Killer


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Killer:
    """Feeds, graphs, and how long each command takes."""
    return Killer(tmp_path_factory.mktemp("kill"))


@pytest.mark.parametrize("number", range(6))
def test_a_killed_command_loses_nothing(killer: Killer, number: int) -> None:
    killer.kill(KINDS[number % len(KINDS)], random.Random(number), number)
