"""Measures the lineage data of a hub on both databases, beside the walk that reads every row.

    python -m benchmarks.lineage [--report-only] [--hub 50000] [--families 400] [--repeats 7]

Each database is fresh: an SQLite file, and a PostgreSQL server of the benchmark's own. The two walks run in turn, in
one process, on the same data; what counts is the ratio. Leaves with 1 when a ratio target is missed, unless
`--report-only` is given.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from typing import Any

import django

from tests.with_postgresql import postgresql

HOPS = (1, 4, 16)
TARGET_HOPS, TARGET_RATIO = 4, 10
SEARCH_TARGET_MS = 50
PAYLOAD_TARGET_KB = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report-only", action="store_true", help="print, and leave with 0 whatever was measured")
    parser.add_argument("--hub", type=int, default=50_000, help="readers of the hub")
    parser.add_argument("--families", type=int, default=400, help="experiments beside it")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        django.setup()
        measure = import_module("benchmarks.measure").measure
        print(json.dumps(measure(hub=options.hub, families=options.families, repeats=options.repeats)))
        return 0
    results = {name: _measure_apart(name, options) for name in ("SQLite", "PostgreSQL")}
    missed = report(results)
    return 1 if missed and not options.report_only else 0


def _measure_apart(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a process of its own, whose settings name the database."""
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="lineage-benchmark-"))
        environment = {**os.environ, "LINEAGE_DATA_DIR": directory, "LINEAGE_SQLITE_SYNCHRONOUS": "NORMAL"}
        environment |= {"DJANGO_SETTINGS_MODULE": "lineage_site.settings"}
        environment.pop("DATABASE_URL", None)
        if name == "PostgreSQL":
            environment["DATABASE_URL"] = stack.enter_context(postgresql())
        sizes = [f"--{key}={getattr(options, key)}" for key in ("hub", "families", "repeats")]
        command = [sys.executable, "-m", "benchmarks.lineage", "--here", *sizes]
        answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
        found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
        return found


def report(results: dict[str, dict[str, Any]]) -> list[str]:
    """Print the table and return the targets that were missed."""
    missed = []
    for name, found in results.items():
        artifacts, runs, edges = found["size"]
        print(f"\n{name}: {artifacts:,} artifacts, {runs:,} runs, {edges:,} edges, loaded in {found['load_seconds']} s")
        print(f"  {'downstream of the hub':<34}{'builder':>10}{'all rows':>11}{'ratio':>9}{'nodes':>11}")
        for hops in HOPS:
            builder, plain = found["builder"][str(hops)], found["plain"][str(hops)]
            nodes, ratio = found["nodes"][str(hops)], plain / builder
            print(f"  {f'{hops} hops':<34}{builder:>7.1f} ms{plain:>8.1f} ms{ratio:>8.1f}x{nodes:>11,}")
            if hops == TARGET_HOPS and ratio < TARGET_RATIO:
                missed.append(f"{name}: {ratio:.1f}x at {hops} hops, the target is {TARGET_RATIO}x")
        for hops, time_taken in found["recursive"].items():
            print(f"  {f'recursive query, {hops} hops':<34}{time_taken:>7.1f} ms")
        for hops, time_taken in found["memory"].items():
            print(f"  {f'arrays in memory, {hops} hops':<34}{time_taken:>7.1f} ms")
        print(f"  {'making those arrays':<34}{found['memory_made']:>7.1f} ms")
        members = f"{found['members']:,} members, "
        for what, time_taken in found["search"].items():
            note = "" if time_taken <= SEARCH_TARGET_MS else f"   over {SEARCH_TARGET_MS} ms"
            print(f"  {members + what:<34}{time_taken:>7.1f} ms{note}")
        print(f"  {'the whole picture of the hub':<34}{found['page']:>7.1f} ms   {found['payload_kb']:.1f} kB gzipped")
        print(f"  {'with its layout made anew':<34}{found['cold_page']:>7.1f} ms")
        ordinary = found["ordinary"]
        print(f"  {'ordinary versions, 8 hops':<34}{ordinary['p50']:>7.1f} ms   p95 {ordinary['p95']:.1f} ms")
        print(f"  {'a chain of 400 hops':<34}{found['chain']:>7.1f} ms")
        print(f"  {'one of 2,000 outputs of a run':<34}{found['wide']:>7.1f} ms")
        if found["payload_kb"] > PAYLOAD_TARGET_KB:
            missed.append(f"{name}: {found['payload_kb']:.1f} kB gzipped, the target is {PAYLOAD_TARGET_KB} kB")
    print()
    for miss in missed:
        print(f"missed: {miss}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
