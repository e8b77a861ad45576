"""How quick the explorer is in a headless Chromium, beside stock pyvis with the same nodes.

    python benchmarks/explorer.py GRAPH [--node model:clip] [--without-pyvis]

GRAPH is a graph folder. Prints one table. Needs Playwright. Times of the explorer count from the navigation to what is
on the screen; those of pyvis from the navigation to the end of its physics, with its libraries inside of the page.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

RUN = ["{graph}"]

TYPED = (
    "c",
    "cl",
    "clip",
    "imagnet",
    "transfromer",
    "attention is",
    "object detecton",
    "qwen2.5-vl",
    "zzzzzz",
    "segment anythng",
)
PATIENCE_MS = 240_000


@contextmanager
def serving(graph: str) -> Iterator[tuple[str, int, float]]:
    """A running server: its address, process id, and the seconds until it answered."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--graph", graph, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
        if not found:
            sys.exit("the server did not start")
        yield found[0], process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(20)


def memory(pid: int, field: str) -> float:
    """Resident memory of a process in MB: VmRSS now, VmHWM at its most."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def opened(browser: Browser, address: str) -> tuple[Page, float]:
    """A page in a fresh context, and the seconds until its content was on the screen."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-state=drawn]", timeout=PATIENCE_MS)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page, time.perf_counter() - began


def panning(page: Page, box: str) -> tuple[float, float]:
    """Frames a second while the picture is dragged for about two seconds, and the longest frame in ms."""
    where = page.locator(box).first.bounding_box()
    if not where:
        return 0.0, 0.0
    x, y = where["x"] + where["width"] / 2, where["y"] + 30
    page.evaluate(
        """() => {
          window.kgFrames = [];
          const next = (at) => { window.kgFrames.push(at); if (window.kgFrames) requestAnimationFrame(next); };
          requestAnimationFrame(next);
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.down()
    ends = time.perf_counter() + 2
    step = 0
    while time.perf_counter() < ends:
        step += 1
        page.mouse.move(x + (step % 40) * 5, y + (step % 25) * 5)
    page.mouse.up()
    frames = page.evaluate("window.kgFrames")
    gaps = [later - before for before, later in pairwise(frames)]
    return 1000 * len(gaps) / (frames[-1] - frames[0]), max(gaps)


def pyvis_page(facts: dict[str, Any], folder: Path) -> str:
    """The same nodes and lines in a page as pyvis makes it, physics on."""
    from pyvis.network import Network

    net = Network(directed=True, height="900px", cdn_resources="in_line")
    for node in facts["nodes"]:
        net.add_node(node["id"], label=node["caption"], title=node["name"].replace("href", ""), size=node["size"])
    for edge in facts["edges"]:
        net.add_edge(edge["from"], edge["to"], title=edge["type"])
    file = folder / "pyvis.html"
    file.write_text(net.generate_html(), encoding="utf-8")
    return file.as_uri()


def stock(browser: Browser, address: str) -> tuple[str, str]:
    """Seconds until pyvis' page has settled, and its frames a second when dragged then."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.route(re.compile("^https?://"), lambda route: route.abort())  # it asks two other hosts for files
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    began = time.perf_counter()
    try:
        page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
        page.wait_for_function("() => typeof network !== 'undefined' && network && network.body", timeout=PATIENCE_MS)
        page.evaluate(
            f"""() => Promise.race([
              new Promise((done) => network.physics.stabilized ? done() : network.once("stabilized", done)),
              new Promise((_, give) => setTimeout(() => give(new Error("not settled")), {PATIENCE_MS})),
            ])"""
        )
        settled = f"{time.perf_counter() - began:.1f} s"
    except Exception:
        settled = f"not after {time.perf_counter() - began:.0f} s"
    try:
        return settled, f"{panning(page, '#mynetwork')[0]:.0f}"
    except Exception:
        return settled, "-"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph")
    parser.add_argument("--node", default="model:clip", help="the id of a node with many neighbours")
    parser.add_argument("--without-pyvis", action="store_true", help="the explorer alone, in half a minute")
    args = parser.parse_args()
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not path:
        parser.error("no Chromium on this machine")
    rows = [("processors, load before", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")]
    with serving(args.graph) as (address, pid, started), sync_playwright() as playwright:
        rows.append(("server started in", f"{started:.1f} s"))
        rows.append(("server memory, started", f"{memory(pid, 'VmRSS'):.0f} MB"))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for visit in ("first visit", "again"):
            page, seconds = opened(browser, address)
            rows.append((f"first screen, {visit}", f"{seconds:.2f} s"))
        times = [searched(page, text) for text in TYPED]
        rows.append(("search answered, median / longest", f"{statistics.median(times):.0f} / {max(times):.0f} ms"))
        for most in (300, 2000):
            for visit in ("first visit", "again"):
                page, seconds = opened(browser, f"{address}?v=graph&around={args.node}&most={most}")
                count = page.evaluate("KG.app.workspace.graph.nodes.length")
                rows.append((f"{count} nodes drawn and settled, {visit}", f"{seconds:.2f} s"))
            rate, longest = panning(page, "#canvas")
            rows.append((f"{count} nodes dragged", f"{rate:.0f} frames/s, longest {longest:.0f} ms"))
            facts = page.evaluate("({ nodes: KG.app.workspace.graph.nodes, edges: KG.app.workspace.graph.edges })")
            if not args.without_pyvis:
                rows += pyvis_rows(browser, facts)
        rows.append(("server memory, at its most", f"{memory(pid, 'VmHWM'):.0f} MB"))
        browser.close()
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        print(f"{label:<{width}}  {value}")


def searched(page: Page, text: str) -> float:
    """Milliseconds from the question to the answer, in the page."""
    page.evaluate("performance.clearMeasures('kg-search')")
    page.locator("#search").fill(text)
    page.wait_for_function("() => performance.getEntriesByName('kg-search').length")
    return float(page.evaluate("performance.getEntriesByName('kg-search').at(-1).duration"))


def pyvis_rows(browser: Browser, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What stock pyvis does with the same nodes."""
    with tempfile.TemporaryDirectory() as temporary:
        began = time.perf_counter()
        file = pyvis_page(facts, Path(temporary))
        made = time.perf_counter() - began
        settled, rate = stock(browser, file)
    title = f"stock pyvis, {len(facts['nodes'])} nodes"
    return [
        (f"{title}: page made in", f"{made:.1f} s"),
        (f"{title}: settled after", settled),
        (f"{title}: dragged", f"{rate} frames/s"),
    ]


if __name__ == "__main__":
    main()
