"""Fills an empty, migrated database with a generated lineage graph.

DATABASE_URL=… python -m benchmarks.generate --families 400 --hub 50000
"""

import argparse
import os
from importlib import import_module

import django

from benchmarks.graph import generate


def main() -> None:
    parser = argparse.ArgumentParser(description="Fill an empty, migrated database with a generated lineage graph.")
    parser.add_argument("--families", type=int, default=400, help="experiments beside the hub")
    parser.add_argument("--hub", type=int, default=50_000, help="readers of the first hub")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineage_site.settings")
    django.setup()
    graph = generate(families=options.families, hub=options.hub, seed=options.seed)
    # the tables can be imported only once Django is set up
    import_module("benchmarks.tables").write(graph)
    print(f"{len(graph.artifacts):,} artifacts, {len(graph.runs):,} runs, {len(graph.edges):,} edges")


if __name__ == "__main__":
    main()
