"""INT-6: whatever is drawn, the arrow keys lead to it. The pictures come from here, the walk is the browser's own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random

from registry.lineage.elements import cytoscape_payload
from registry.lineage.view import Orientation, ViewState
from tests.unit.lineage.memory import MemorySource, art
from tests.unit.lineage.test_pictures import picture_of
from tests.unit.lineage.test_properties import random_source

WALK = Path("static/js/lineage/walk.js").resolve()
PROGRAM = f"""
import {{ readFileSync }} from "node:fs";
import {{ step }} from "{WALK.as_uri()}";
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const missed = JSON.parse(readFileSync(0, "utf8")).map((graph) => {{
  const reached = new Set([graph.base]);
  for (const node of reached)
    for (const key of KEYS) {{
      const next = step(graph, node, key);
      if (next) reached.add(next);
    }}
  return graph.nodes.map((node) => node.id).filter((id) => !reached.has(id));
}});
process.stdout.write(JSON.stringify(missed));
"""


def random_views(chance: Random, source: MemorySource) -> ViewState:
    keys = sorted(ref.key for ref in source.names if ref != art(1))
    hidden, extracted = (tuple(chance.sample(keys, min(len(keys), chance.choice([0, 0, 1, 4])))) for _ in range(2))
    return ViewState(
        hidden=hidden,
        extracted=extracted,
        extended=chance.random() < 0.4,
        expand=chance.random() < 0.5,
        types=chance.choice([(), (), ("model",)]),
        orientation=chance.choice(list(Orientation)),
    )


def test_int_6_every_drawn_card_is_reached_by_the_arrow_keys() -> None:
    graphs = []
    for seed in range(250):
        chance = Random(seed)
        source = random_source(chance, chance.randint(1, 30), chance.randint(1, 60), chance.randint(1, 150))
        graphs.append(cytoscape_payload(picture_of(source, "a1", random_views(chance, source))))
    done = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM],
        input=json.dumps(graphs),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    missed = {seed: keys for seed, keys in enumerate(json.loads(done.stdout)) if keys}
    assert missed == {}
    assert max(len(graph["nodes"]) for graph in graphs) > 40
