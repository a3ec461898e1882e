"""Fills the connected database and times lineage on it. Imported once Django is set up."""

import gc
import gzip
import json
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from benchmarks.graph import generate
from benchmarks.others import Adjacency, recursive_query
from benchmarks.tables import write
from registry.core.viewer import Role, Viewer
from registry.lineage.drawing import draw
from registry.lineage.elements import cytoscape_payload
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.view import ViewState
from registry.models import Entity
from registry.queries.edge_source import walk_lineage
from registry.queries.lineage import get_lineage, list_cluster_members
from registry.queries.lineage_cards import get_cards

HOPS = (1, 4, 16)
MEMBER_HOPS = 4
RECURSIVE_HOPS = (1, 4)


def fill(*, hub: int, families: int) -> dict[str, Any]:
    """Fill the connected database; return its size and which versions to measure from."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
    started = time.perf_counter()
    graph = generate(families=families, hub=hub)
    write(graph)
    return {
        "size": [len(graph.artifacts), len(graph.runs), len(graph.edges)],
        "load_seconds": round(time.perf_counter() - started, 1),
        "hub": graph.hubs[0],
        "chain": graph.chain_start,
        "wide": graph.wide_output,
    }


def measure(filled: dict[str, Any], *, repeats: int) -> dict[str, Any]:
    """Time the walks on what `fill` made; milliseconds, medians."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
    gc.freeze()
    hub = filled["hub"]
    found = filled | _hub_times(hub, repeats) | _search_times(hub, repeats)
    found["ordinary"] = _ordinary_times(filled["size"][0])
    found["alike"] = _ordinary_times(filled["alike"])
    found["chain"] = median(_times(lambda: data_part(filled["chain"], None), repeats))
    found["wide"] = median(_times(lambda: data_part(filled["wide"], None), repeats))
    # last, for it fills the memory
    return found | _other_times(hub, repeats)


def data_part(artifact: int, down: int | None, up: int | None = None, viewer: Viewer | None = None) -> Any:
    """What `get_lineage` does but the layout: walk, draw, read what stands on the cards."""
    viewer, view = viewer or Viewer.system(), ViewState(down=down, up=up)
    found = walk_lineage(viewer=viewer, base=NodeRef(Kind.ARTIFACT, artifact), view=view)
    drawing = draw(found, view)
    return get_cards(viewer=viewer, drawn=drawing.single, clustered=drawing.grouped)


def all_rows_walk(artifact: int, down: int) -> int:
    """The plain way: every edge of every level downstream with the group it leads to, names not even read.

    Return how many nodes there are.
    """
    is_postgresql = connection.vendor == "postgresql"
    seen: dict[str, set[int]] = {"artifact": {artifact}, "run": set()}
    frontier, kind = {artifact}, "artifact"
    for _ in range(down):
        other, direction = ("run", 0) if kind == "artifact" else ("artifact", 1)
        where = "= ANY(%s::bigint[])" if is_postgresql else "IN (SELECT value FROM json_each(%s))"
        group = "run_group_id" if kind == "artifact" else "collection_id"
        sql = f"SELECT {kind}_id, {group}, {other}_id FROM registry_edge WHERE {kind}_id {where} AND direction = %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(frontier) if is_postgresql else json.dumps(list(frontier)), direction])
            reached = {row[2] for row in cursor.fetchall()}
        frontier, kind = reached - seen[other], other
        seen[other] |= frontier
        if not frontier:
            break
    return sum(map(len, seen.values()))


def _times(call: Callable[[], object], repeats: int) -> list[float]:
    call()
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        found.append((time.perf_counter() - started) * 1000)
    return found


def _hub_times(hub: int, repeats: int) -> dict[str, Any]:
    member = Viewer(user_id=1, username="member", entity_roles={Entity.objects.get(name="bench").pk: Role.MEMBER})
    for_a_member: list[float] = []
    builder: dict[int, list[float]] = {hops: [] for hops in HOPS}
    plain: dict[int, list[float]] = {hops: [] for hops in HOPS}
    nodes = {hops: all_rows_walk(hub, hops) for hops in HOPS}
    for _ in range(repeats):
        for hops in HOPS:
            builder[hops] += _times(lambda hops=hops: data_part(hub, hops), 1)
            started = time.perf_counter()
            all_rows_walk(hub, hops)
            plain[hops].append((time.perf_counter() - started) * 1000)
        for_a_member += _times(lambda: data_part(hub, MEMBER_HOPS, viewer=member), 1)
    base = NodeRef(Kind.ARTIFACT, hub)
    lineage = get_lineage(viewer=Viewer.system(), base=base, view=ViewState())
    packed = gzip.compress(json.dumps(cytoscape_payload(lineage)).encode())
    whole = _times(lambda: get_lineage(viewer=Viewer.system(), base=base, view=ViewState()), repeats)
    cold = _times(
        lambda: (caches["layouts"].clear(), get_lineage(viewer=Viewer.system(), base=base, view=ViewState())), repeats
    )
    return {
        "nodes": nodes,
        "builder": {hops: median(times) for hops, times in builder.items()},
        "for_a_member": median(for_a_member),
        "plain": {hops: median(times) for hops, times in plain.items()},
        "payload_kb": len(packed) / 1024,
        "page": median(whole),
        "cold_page": median(cold),
    }


def _other_times(hub: int, repeats: int) -> dict[str, Any]:
    """A recursive query, once, for it is slow, and arrays in memory, whose making is told apart."""
    started = time.perf_counter()
    adjacency = Adjacency()
    made = (time.perf_counter() - started) * 1000
    recursive = {hops: _times(lambda hops=hops: recursive_query(hub, hops), 1)[0] for hops in RECURSIVE_HOPS}
    memory = {hops: median(_times(lambda hops=hops: adjacency.reach(hub, hops), repeats)) for hops in HOPS}
    assert recursive_query(hub, 1) == adjacency.reach(hub, 1) == all_rows_walk(hub, 1)
    return {"recursive": recursive, "memory": memory, "memory_made": made}


def _search_times(hub: int, repeats: int) -> dict[str, Any]:
    base = NodeRef(Kind.ARTIFACT, hub)
    lineage = get_lineage(viewer=Viewer.system(), base=base, view=ViewState(down=1, up=0))
    cluster = max(lineage.nodes, key=lambda node: node.count)

    def page(**asked: str) -> object:
        return list_cluster_members(
            viewer=Viewer.system(), base=base, view=ViewState(down=1, up=0), cluster=cluster.key, **asked
        )

    asked = {
        "first page": {},
        "by name": {"sort": "name"},
        "by state": {"sort": "state"},
        "only failed ones": {"state": "failed"},
        "search, many": {"search": "train"},
        "search, few": {"search": "-7777"},
        "search, none": {"search": "no such run"},
        "search, by name": {"search": "train", "sort": "name"},
    }
    return {
        "members": cluster.count,
        "search": {name: median(_times(lambda words=words: page(**words), repeats)) for name, words in asked.items()},
    }


def _ordinary_times(artifacts: int) -> dict[str, float]:
    """Eight hops each way from 200 versions spread over the first ones, each for the second time."""
    found = [
        _times(lambda number=number: data_part(number, 8, 8), 1)[0]
        for number in range(1, artifacts, max(1, artifacts // 200))
    ]
    return {"p50": median(found), "p95": quantiles(found, n=20)[-1]}
