"""Run all long checks that are found here, or those named: `python -m tests.long [NAME...]`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

import tests.long


def main(names: list[str]) -> int:
    """Run the checks one after the other; 1 where one of them fails."""
    found = sorted(
        module.name for module in pkgutil.iter_modules(tests.long.__path__) if not module.name.startswith("_")
    )
    if unknown := sorted(set(names) - set(found)):
        print(f"no long check is called {unknown[0]}; there are: {', '.join(found)}", file=sys.stderr)
        return 2
    failed = []
    for name in names or found:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        if importlib.import_module(f"tests.long.{name}").main([]):
            failed.append(name)
        print(
            f"== {name}: {'FAILED' if name in failed else 'passed'} after {time.monotonic() - began:.0f} s", flush=True
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
