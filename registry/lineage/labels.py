"""The words on clusters and over levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from registry.lineage.clusters import Cluster
from registry.lineage.graph import Kind
from registry.lineage.grouping import Step
from registry.lineage.picture import LevelHeader, LineageNode
from registry.lineage.view import Orientation


def cluster_label(cluster: Cluster, count: int, *, is_lower_bound: bool) -> str:
    """What a cluster is called: "12 versions of zoo", "30 train runs", "≥ 20 model artifacts"."""
    amount = how_many(count, is_lower_bound=is_lower_bound)
    if cluster.where.kind is Kind.RUN:
        return f"{amount} {cluster.type} runs" if cluster.type else f"{amount} runs"
    if cluster.step in {Step.CONNECTIONS, Step.NAME}:
        return f"{amount} versions of {cluster.name}"
    return f"{amount} {cluster.type} artifacts" if cluster.type else f"{amount} artifacts"


def how_many(count: int, *, is_lower_bound: bool) -> str:
    """A number for people, with a sign before a lower bound."""
    return f"≥ {count:,}" if is_lower_bound else f"{count:,}"


def level_label(level: int, middle: str = "Base") -> str:
    """Say how far a level is from the one in the middle, as in "2 up"."""
    return middle if level == 0 else f"{abs(level)} {'up' if level < 0 else 'down'}"


def level_headers(
    nodes: Collection[LineageNode], orientation: Orientation = Orientation.RIGHT, middle: str = "Base"
) -> tuple[LevelHeader, ...]:
    """A heading for each level, over the column where most of it stands and no nearer level's heading does.

    `middle` is the heading of level 0.
    """
    by_level: dict[int, list[LineageNode]] = {}
    for node in nodes:
        by_level.setdefault(node.level, []).append(node)
    taken: set[float] = set()
    headers = []
    for level in sorted(by_level, key=lambda level: (abs(level), level)):
        columns = Counter(node.x if orientation is Orientation.RIGHT else node.y for node in by_level[level])
        ranked = sorted(columns, key=lambda x: (-columns[x], abs(x), x))
        x = next((x for x in ranked if x not in taken), ranked[0])
        taken.add(x)
        headers.append(LevelHeader(level, level_label(level, middle), _level_text(by_level[level]), x))
    return tuple(sorted(headers, key=lambda header: header.level))


def _level_text(nodes: Iterable[LineageNode]) -> str:
    open_nodes = [node for node in nodes if not node.is_locked]
    if not open_nodes:
        return "restricted"
    count = sum(node.count for node in open_nodes)
    kinds = {node.member_kind or node.kind for node in open_nodes}
    # a base that no walk reaches stands beside the focus, of whatever kind that is
    kind = kinds.pop() if len(kinds) == 1 else "node"
    text = how_many(count, is_lower_bound=any(node.count_is_lower_bound for node in open_nodes))
    return f"{text} {kind}" if text == "1" else f"{text} {kind}s"
