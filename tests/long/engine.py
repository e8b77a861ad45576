"""The table of cases against the embedded engine that is installed: `python -m tests.long.engine`.

It says which statements the raw engine answers otherwise than when the table was written: now as they should be (a
bridge may be taken out), or wrong in another way (a bridge may be needed). It fails where anything changed.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

from tests.cypher.cases import GRAPHS, Case, Raw, cases, loaded

WRITTEN_WITH = "0.22.0"


def verdict(case: Case, answer: object) -> str:
    """`right`, `refused`, or how it is wrong."""
    if isinstance(answer, dict):
        return case.differs(answer["columns"], answer["rows"]) or "right"
    return "refused"


def main(args: list[str]) -> int:  # noqa: ARG001 - every check has this form
    """Run the check; 1 where the engine has changed."""
    print(f"ladybug {version('ladybug')}; the table was written with {WRITTEN_WITH}")
    changed = 0
    counts: dict[str, int] = {}
    for graph in GRAPHS:
        with loaded(graph, None) as (folder, _):
            raw = Raw(folder)
            for case in cases():
                if case.graph != graph:
                    continue
                now = raw.answer(case.statement, case.parameters)
                before, after = verdict(case, case.engine), verdict(case, now)
                counts[after] = counts.get(after, 0) + 1
                if before != after or (
                    isinstance(now, dict)
                    and isinstance(case.engine, dict)
                    and now["rows"] != case.engine["rows"]
                    and after != "right"
                ):
                    changed += 1
                    print(f"\n{case.kind}\n  {case.statement} {case.parameters or ''}")
                    print(f"  then: {before}: {json.dumps(case.engine, ensure_ascii=False)[:300]}")
                    print(f"  now:  {after}: {json.dumps(now, ensure_ascii=False)[:300]}")
            raw.close()
    print(f"\n{sum(counts.values())} cases: {', '.join(f'{number} {name}' for name, number in sorted(counts.items()))}")
    print(f"{changed} changed")
    return bool(changed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
