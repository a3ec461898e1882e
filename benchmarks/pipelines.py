"""Made-up pipelines of any size."""

import random
from typing import Any

STAGES = 6


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
