"""Draws graphs of 100 to 10,000 nodes in Chromium, clustered and expanded, and says how long it took.

.venv/bin/python -m benchmarks.drawing [--sizes 100 1000] [--out build/bench/drawing.json]
"""

import argparse
import json
import random
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.server import LiveServer, start_server

SIZES = (100, 500, 1000, 2000, 5000, 10_000)
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LONGEST_TASK = 200  # ms, of the clustered view
SLOWEST_PAN = 55  # frames a second, of the clustered view
STAGES = 6
MOST_EXPANDED = 2000

WATCH_TASKS = """
    window.longest = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
    }).observe({type: "longtask", buffered: true});
"""
COUNT_FRAMES = """() => new Promise(resolve => {
    let frames = 0;
    const start = performance.now();
    const count = now => {
        frames += 1;
        if (now - start < 1500) requestAnimationFrame(count);
        else resolve(frames * 1000 / (now - start));
    };
    requestAnimationFrame(count);
})"""


def graph_of(size: int, seed: int = 7) -> dict[str, Any]:
    """A pipeline of `size` nodes: in every stage runs use one to three versions of the stage before and log one or two.

    Everything descends from one dataset, so that the whole graph is its lineage; a fifth of the runs read one hub.
    """
    chance = random.Random(seed)
    nodes = [{"id": "a0", "kind": "artifact", "name": "raw", "type": "dataset"}]
    edges: list[dict[str, str]] = []
    before = ["a0"]
    runs = max(STAGES, size * 2 // 5)
    for stage in range(STAGES):
        made: list[str] = []
        for number in range(runs // STAGES):
            run = f"r{stage}-{number}"
            nodes.append({"id": run, "kind": "run", "name": f"run-{stage}-{number}", "type": f"stage-{stage}"})
            read = set(chance.sample(before, min(len(before), chance.randint(1, 3)))) | (
                {before[0]} if number % 5 == 0 else set()
            )
            edges += [{"source": version, "target": run} for version in sorted(read)]
            for output in range(chance.randint(1, 2)):
                version = f"a{stage}-{number}-{output}"
                name = f"product-{stage}-{number}-{output}"
                nodes.append({"id": version, "kind": "artifact", "name": name, "type": f"product-{stage}"})
                edges.append({"source": run, "target": version})
                made.append(version)
        before = made
    return {"nodes": nodes, "edges": edges}


def load(server: LiveServer, size: int, folder: Path) -> str:
    """Load a graph of that size; return the address of the lineage of its dataset."""
    file = folder / f"graph-{size}.json"
    file.write_text(json.dumps(graph_of(size)))
    server.manage("load_graph", str(file), "--project", f"{server.username}/drawing-{size}")
    return f"/{server.username}/drawing-{size}/artifacts/dataset/raw/v0/lineage"


def opened(page: Page, session: CDPSession, address: str) -> dict[str, float]:
    """Open the page with nothing cached; milliseconds until it is on screen, bytes, longest task."""
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, timeout=180_000)
    page.wait_for_selector("[data-lineage-state=ready]", state="attached", timeout=180_000)
    drawn = page.evaluate("performance.now()")
    page.wait_for_timeout(300)
    longest, cards = page.evaluate("[window.longest, window.lineageReady]")
    return {"drawn_ms": drawn, "longest_task_ms": longest, "kilobytes": sum(sizes) / 1000, "cards": cards}


def pan_rate(page: Page) -> float:
    """Frames a second while the ground is dragged."""
    box = page.locator(".graph-cy").bounding_box()
    if box is None:
        return 0.0
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.evaluate(f"window.rate = ({COUNT_FRAMES})()")
    for step in range(60):
        page.mouse.move(box["x"] + box["width"] / 2 + 4 * (step % 30), box["y"] + 60 + 2 * (step % 20))
    rate: float = page.evaluate("window.rate")
    page.mouse.up()
    return rate


def measured(browser: Browser, server: LiveServer, state: Any, address: str, repeats: int) -> dict[str, float]:
    rounds = []
    for _ in range(repeats):
        context = browser.new_context(
            base_url=server.url, viewport={"width": 1440, "height": 900}, storage_state=state, bypass_csp=True
        )
        page = context.new_page()
        page.add_init_script(WATCH_TASKS)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        figures = opened(page, session, address)
        figures["pan_fps"] = pan_rate(page)
        rounds.append(figures)
        context.close()
    return {name: round(median(one[name] for one in rounds), 1) for name in rounds[0]}


def signed_in(browser: Browser, server: LiveServer) -> Any:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill(server.username)
    page.get_by_label("Password").fill(server.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")
    state = context.storage_state()
    context.close()
    return state


def run(sizes: list[int], repeats: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "site").mkdir()
        with start_server(folder / "site") as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            state = signed_in(browser, server)
            for size in sizes:
                address = load(server, size, folder)
                views = {"clustered": ""} | ({"expanded": "?expand=1"} if size <= MOST_EXPANDED else {})
                for view, query in views.items():
                    figures = measured(browser, server, state, address + query, repeats)
                    found[f"{size} {view}"] = figures
                    print(f"{size:>6} {view:<10} " + "  ".join(f"{key} {value:,}" for key, value in figures.items()))
            browser.close()
    return found


def missed(found: dict[str, Any]) -> list[str]:
    """The targets that the clustered views miss."""
    clustered = {name: figures for name, figures in found.items() if name.endswith("clustered")}
    slow = [
        f"{name}: a task of {one['longest_task_ms']} ms"
        for name, one in clustered.items()
        if one["longest_task_ms"] > LONGEST_TASK
    ]
    return slow + [
        f"{name}: pans at {one['pan_fps']} fps" for name, one in clustered.items() if one["pan_fps"] < SLOWEST_PAN
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how graphs are drawn in Chromium.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("build/bench/drawing.json"))
    parser.add_argument("--report-only", action="store_true", help="do not fail when a target is missed")
    options = parser.parse_args()
    found = run(options.sizes, options.repeats)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=2) + "\n")
    if misses := missed(found):
        print("Missed:", *misses, sep="\n  ")
        raise SystemExit(0 if options.report_only else 1)


if __name__ == "__main__":
    main()
