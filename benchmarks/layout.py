"""Measures the layout beside dagre and Graphviz: crossings, length of the arrows, time, and what moves on a step.

    python -m benchmarks.layout [--report-only] [--seeds 6]

The graphs are pipelines in the manner of `frontend.md`'s: artifact → run → artifact, hubs among them, from seeds that
nobody tuned for. Crossings are counted for all in the same way, on straight lines between the cards' sides. dagre comes
from npm and Graphviz from the system; what is missing is left out with a word. Leaves with 1 when our drawing has more
crossings than dagre's in the sum, unless `--report-only` is given.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from random import Random
from statistics import median

from registry.lineage.layout import Box, lay_out
from registry.lineage.layout.boxes import CARD_HEIGHT, CARD_WIDTH

SIZES = (60, 100, 150, 500)
FIRST_SEED = 90_001
PACKAGE = "@dagrejs/dagre@1.1.4"

Places = Mapping[str, tuple[float, float]]
Edges = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Graph:
    """Cards by key with their level, and the arrows."""

    levels: dict[str, int]
    edges: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    places: Places
    milliseconds: float


def make_graph(size: int, seed: int) -> Graph:
    """A pipeline of 6 to 13 stages; a run has 1 to 4 inputs, one in ten from a hub, and 1 to 3 outputs."""
    chance = Random(seed)
    stages = chance.randint(6, 13)
    levels = {f"a{number}": 0 for number in range(max(2, size // (stages * 3)))}
    hubs, edges, runs = list(levels)[:2], [], 0
    while len(levels) < size:
        stage = min(stages - 1, runs * stages * 2 // size)
        run = f"r{runs}"
        runs += 1
        earlier = [key for key in levels if key[0] == "a" and levels[key] <= 2 * stage][-12:]
        inputs = set(chance.sample(earlier, min(len(earlier), chance.randint(1, 4))))
        if chance.random() < 0.1:
            inputs.add(chance.choice(hubs))
        levels[run] = max(levels[key] for key in inputs) + 1
        edges += [(key, run) for key in sorted(inputs)]
        for _ in range(chance.randint(1, 3)):
            output = f"a{len(levels)}x"
            levels[output] = levels[run] + 1
            edges.append((run, output))
    return Graph(levels, edges)


def crossings(places: Places, edges: Edges) -> int:
    """Pairs of arrows that cross, drawn as straight lines from the right side of a card to the left of the next."""
    half = CARD_WIDTH / 2
    lines = [(places[a][0] + half, places[a][1], places[b][0] - half, places[b][1]) for a, b in edges]
    count = 0
    for number, (ax, ay, bx, by) in enumerate(lines):
        for cx, cy, dx, dy in lines[:number]:
            one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            two = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
            three = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
            four = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
            count += one * two < 0 and three * four < 0
    return count


def mean_length(places: Places, edges: Edges) -> float:
    half = CARD_WIDTH / 2
    lengths = [hypot(places[b][0] - places[a][0] - 2 * half, places[b][1] - places[a][1]) for a, b in edges]
    return sum(lengths) / max(1, len(edges))


def draw_ours(graphs: Sequence[Graph]) -> list[Drawn]:
    drawn = []
    for graph in graphs:
        boxes = [Box(key, level) for key, level in graph.levels.items()]
        started = time.perf_counter()
        layout = lay_out(boxes, graph.edges, next(iter(graph.levels)))
        drawn.append(Drawn(layout.positions, (time.perf_counter() - started) * 1000))
    return drawn


def draw_dagre(graphs: Sequence[Graph]) -> list[Drawn] | None:
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    with tempfile.TemporaryDirectory(prefix="lineage-dagre-") as directory:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=directory, capture_output=True, text=True, check=False
        )
        if packed.returncode:
            return None
        subprocess.run(["tar", "xzf", packed.stdout.split()[-1]], cwd=directory, check=True)
        # its one dependency stands inside the bundle that the package brings along
        bundle = Path(directory) / "package" / "dist" / "dagre.cjs.js"
        script = Path(__file__).with_name("dagre.mjs")
        asked = [
            {"nodes": [[key, CARD_WIDTH, CARD_HEIGHT] for key in graph.levels], "edges": graph.edges}
            for graph in graphs
        ]
        target = bundle if bundle.exists() else Path(directory) / "package" / "dist" / "dagre.min.js"
        answer = subprocess.run(
            ["node", script, target], input=json.dumps(asked), capture_output=True, text=True, check=False
        )
    if answer.returncode:
        print(answer.stderr[-500:], file=sys.stderr)
        return None
    return [Drawn(one["places"], one["milliseconds"]) for one in json.loads(answer.stdout)]


def draw_graphviz(graphs: Sequence[Graph]) -> list[Drawn] | None:
    if not shutil.which("dot"):
        return None
    drawn = []
    for graph in graphs:
        lines = ["digraph {", "rankdir=LR; nodesep=0.36; ranksep=0.8;", "node [shape=box, fixedsize=true"]
        lines[-1] += f", width={CARD_WIDTH / 72}, height={CARD_HEIGHT / 72}];"
        lines += [f'"{key}";' for key in graph.levels] + [f'"{a}" -> "{b}";' for a, b in graph.edges] + ["}"]
        started = time.perf_counter()
        answer = subprocess.run(["dot", "-Tplain"], input="\n".join(lines), capture_output=True, text=True, check=True)
        taken = (time.perf_counter() - started) * 1000
        words = [line.split() for line in answer.stdout.splitlines()]
        places = {row[1].strip('"'): (float(row[2]) * 72, float(row[3]) * 72) for row in words if row[0] == "node"}
        drawn.append(Drawn(places, taken))
    return drawn


def movement(graphs: Sequence[Graph]) -> float:
    """How far, at the median, the cards that stay move when one card opens into six, with the earlier places known."""
    moved = []
    for graph in graphs:
        base = next(iter(graph.levels))
        before = lay_out([Box(key, level) for key, level in graph.levels.items()], graph.edges, base).positions
        opened = next(key for key in graph.levels if key[0] == "r")
        levels, edges = dict(graph.levels), list(graph.edges)
        for number in range(6):
            levels[f"{opened}-{number}"] = levels[opened]
            edges += [(a, f"{opened}-{number}") for a, b in graph.edges if b == opened]
        after = lay_out([Box(key, level) for key, level in levels.items()], edges, base, before).positions
        moved.append(median(abs(after[key][1] - before[key][1]) for key in before))
    return median(moved)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report-only", action="store_true")
    parser.add_argument("--seeds", type=int, default=6)
    options = parser.parse_args()
    engines: dict[str, Callable[[Sequence[Graph]], list[Drawn] | None]] = {
        "ours": draw_ours,
        "dagre": draw_dagre,
        "graphviz": draw_graphviz,
    }
    total: dict[str, int] = {}
    for size in SIZES:
        graphs = [make_graph(size, FIRST_SEED + number) for number in range(options.seeds)]
        print(f"\n{size} cards, {round(median(len(graph.edges) for graph in graphs))} arrows")
        for name, engine in engines.items():
            drawn = engine(graphs)
            if drawn is None:
                print(f"  {name:<10} is not installed")
                continue
            crossed = [crossings(one.places, graph.edges) for one, graph in zip(drawn, graphs, strict=True)]
            length = median(mean_length(one.places, graph.edges) for one, graph in zip(drawn, graphs, strict=True))
            total[name] = total.get(name, 0) + sum(crossed)
            print(
                f"  {name:<10}{median(crossed):>8g} crossings{length:>8.0f} px mean arrow"
                f"{median(one.milliseconds for one in drawn):>9.0f} ms"
            )
        print(f"  a card opens into six: the others move {movement(graphs):.0f} px")
    is_missed = "dagre" in total and total["ours"] > total["dagre"]
    if is_missed:
        print(f"missed: {total['ours']} crossings, dagre has {total['dagre']}")
    return 1 if is_missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
