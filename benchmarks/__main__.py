"""Run all benchmarks and write what they say, with the machine and the versions, to one file.

    python -m benchmarks FEED [--only NAME ...] [-o FILE.md]

How a module takes part: see `benchmarks/__init__.py`.
"""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VERSIONS = ("paper-kg", "spacy", "onnxruntime", "ladybug", "neo4j", "pyarrow", "networkx", "rapidfuzz", "ray")


def arguments(module: Path) -> list[str] | None:
    """The literal list `RUN` of a module; `None` where it has none."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "RUN" for target in targets):
            value: list[str] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
            return value
    return None


def machine() -> str:
    """One line about the machine and one about the versions."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    found = []
    for package in VERSIONS:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"no {package}")
    return (
        f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, load {os.getloadavg()[0]:.1f} at the "
        f"start; Python {platform.python_version()}, {', '.join(found)}\n"
    )


def main() -> None:
    """Run them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feed")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmarks.md"))
    options = parser.parse_args()
    text = ["# Benchmarks\n", machine()]
    failed = False
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "graph"
        for module in sorted(HERE.glob("*.py")):
            name = module.stem
            wanted = arguments(module)
            if name.startswith("_") or (options.only and name not in options.only):
                continue
            if wanted is None:
                print(f"{name}: has no RUN, left out", file=sys.stderr)
                continue
            graph = Path(work) / name
            if any("{graph}" in argument for argument in wanted):
                if not made.exists():
                    build = [sys.executable, "-m", "kg", "build", options.feed, "--graph", str(made), "--lenient"]
                    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
                shutil.copytree(made, graph)
            called = [argument.format(feed=options.feed, graph=graph) for argument in wanted]
            print(f"{name} …", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", f"benchmarks.{name}", *called]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, cwd=HERE.parent)
            failed = failed or done.returncode != 0
            note = f"\nfailed with status {done.returncode}\n" if done.returncode else ""
            text.append(f"## {name}\n\n```text\n{done.stdout.strip()}\n```\n{note}")
            options.output.write_text("\n".join(text), encoding="utf-8")
    print(options.output.read_text(encoding="utf-8") if options.output.exists() else "nothing was run")
    sys.exit(failed)


if __name__ == "__main__":
    main()
