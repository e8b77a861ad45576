"""Measurements, each a program of its own: `python -m benchmarks.NAME`; all of them: `python -m benchmarks FEED`.

A module takes part in the run of all by a line `RUN = [...]`, which lists its arguments. In them `{feed}` stands for
the feed of the run and `{graph}` for a graph folder made from it (a copy that may be changed). What the module prints
on standard output, 80 columns wide, is what is kept; it fails by its exit status.
"""
