"""Made-up statements on both real engines: `python -m tests.long.cypher [--statements N] [--first N] [--limits N]`.

It prints how many came out how, by construct, and every statement with two answers; it fails where there is one, where
fewer than four in five are answered, where a construct occurs too seldom, or where Neo4j refuses too many. So many as
`--limits` says go through the process with its limits that `kg cypher` uses.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from kg.answers import Rows
from kg.ask.named import run_cypher
from kg.stores.ladybug import LadybugStore
from tests.cypher.differential import GRAPHS, both, run
from tests.cypher.grammar import FOCUS, statement
from tests.cypher.judge import ACCEPTED, BOTH_REFUSE, DIFFERENT, EQUAL, LIMITS, REFUSED, TOO_LARGE, Tally, judge
from tests.support.neo4j_server import UnavailableError, running

STATEMENTS = 20_000
LEAST_EACH = 0.01  # of all statements, for each construct that is looked for
LEAST_ANSWERED = 0.8
MOST_INVALID = 0.02


def problems(tally: Tally) -> list[str]:
    """What is wrong with a run, in words."""
    found = []
    total = sum(tally.kinds.values())
    if wrong := tally.kinds[DIFFERENT]:
        found.append(f"{wrong} statements have two answers")
    if tally.kinds[ACCEPTED] + tally.kinds[BOTH_REFUSE] > MOST_INVALID * total:
        found.append("Neo4j refuses too many statements: the grammar makes wrong ones")
    valid = tally.kinds[EQUAL] + tally.kinds[REFUSED] + tally.kinds[DIFFERENT]
    if tally.kinds[REFUSED] > (1 - LEAST_ANSWERED) * valid:
        found.append(f"only {100 - 100 * tally.kinds[REFUSED] / valid:.0f} % of the statements are answered")
    if tally.kinds[TOO_LARGE] > 0.01 * total:
        found.append("too many statements take too long: the grammar makes them too large")
    names = sorted({name for name, _, _ in FOCUS})
    found += [f"too few statements have: {n}" for n in names if tally.by_tag[n].total() < LEAST_EACH * total]
    return found


def through_limits(server: Mapping[str, Any], count: int) -> Tally:
    """`count` statements by the whole way of `kg cypher`, each in a process of its own on both sides."""
    tally = Tally()
    with both("fixed", server) as (apart, neo4j):
        store = LadybugStore(apart.folder)

        def ours(text: str, parameters: Mapping[str, Any]) -> Rows:
            return run_cypher(store, text, parameters, LIMITS)

        def theirs(text: str, parameters: Mapping[str, Any]) -> Rows:
            return neo4j.read(text, parameters, LIMITS)

        for number in range(count):
            made = statement(5_000_000 + number)
            tally.add("fixed", made, judge(made, ours, theirs))
        store.close()
    return tally


def report(tally: Tally) -> None:
    """Print the table and what was found."""
    print(tally.text())
    for graph, made, verdict in tally.found:
        print(f"\n{verdict.kind} on graph {graph}, statement {made.number}: {made.text} {made.parameters or ''}")
        print(f"  embedded: {verdict.ours}\n  Neo4j:    {verdict.theirs}")


def main(args: list[str]) -> int:
    """Run the check; 1 where it fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.cypher", description=__doc__)
    parser.add_argument("--statements", type=int, default=STATEMENTS)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--limits", type=int, default=200)
    given = parser.parse_args(args)
    found: list[str] = []
    try:
        with running() as server:
            tally = run(server, given.statements, given.first, GRAPHS)
            report(tally)
            found += problems(tally)
            if given.limits:
                limited = through_limits(server, given.limits)
                print(f"\nthrough the limits of `kg cypher`: {dict(limited.kinds)}")
                if limited.kinds[DIFFERENT]:
                    report(limited)
                    found.append("a statement has two answers through the limits of `kg cypher`")
    except UnavailableError as error:
        print(f"not run: {error}")
        return 1
    print("", *found, sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
