"""Checks that take too long for every day. `python -m tests.long` runs all; `python -m tests.long.NAME` one of them."""
