"""Time and memory of an export of a graph to every format: `python -m benchmarks.exports GRAPH [FORMAT...]`.

Each export is a process of its own; its memory is the most it held at once, as the system counts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.export import FORMATS


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files of a folder."""
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def main(graph: str, *formats: str) -> None:
    """Print a row for each format."""
    print("| format | seconds | of a processor | most memory, MB | size, MB | files |\n|---|---|---|---|---|---|")
    for form in formats or FORMATS:
        with tempfile.TemporaryDirectory() as work:
            target = Path(work) / "out"
            command = [sys.executable, "-m", "kg", "export", "--graph", graph, "--format", form, "-o", str(target)]
            if form == "hf-eval":
                table = Path(work) / "table.csv"
                table.write_text("name,id,task_id\nImageNet,example/imagenet,default\n")
                command += ["--datasets", str(table)]
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0, form
            files = 1 if target.is_file() else sum(f.is_file() for f in target.rglob("*"))
            busy = usage.ru_utime + usage.ru_stime
            cells = seconds, busy, usage.ru_maxrss / 1024, size_of(target) / 1e6, files
            print(f"| {form} | {' | '.join(f'{cell:.0f}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
