"""The outline of a lineage: the drawn nodes by level, with the words and addresses that the template shows."""

from collections import defaultdict
from dataclasses import dataclass

from registry.core import names
from registry.lineage.picture import Lineage, LineageEdge, LineageNode, NodeAddress
from registry.queries.places import Place
from registry.templatetags.addresses import run_url, version_url

NAMED_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Relation:
    """One named neighbour in an entry's sentence."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A drawn node: its keys of edges, its own page, and what is said about it."""

    node: LineageNode
    url: str
    inputs: str
    outputs: str
    bridged_inputs: str
    bridged_outputs: str
    verb: str
    relations: tuple[Relation, ...]
    more_relations: int
    spoken: str


@dataclass(frozen=True, slots=True)
class Level:
    """A heading and its entries, from the top of the drawing to its foot."""

    level: int
    label: str
    text: str
    entries: tuple[Entry, ...]


def outline_of(lineage: Lineage) -> tuple[Level, ...]:
    """Return the levels from the farthest upstream to the farthest downstream, with every drawn node once."""
    into: dict[str, list[LineageEdge]] = defaultdict(list)
    out_of: dict[str, list[LineageEdge]] = defaultdict(list)
    for edge in lineage.edges:
        into[edge.target].append(edge)
        out_of[edge.source].append(edge)
    named = {node.key: node.name if not node.is_locked else "no access" for node in lineage.nodes}
    by_level: dict[int, list[LineageNode]] = defaultdict(list)
    for node in sorted(lineage.nodes, key=lambda node: (node.level, node.y, node.x, node.key)):
        by_level[node.level].append(node)
    headers = {header.level: header for header in lineage.levels}
    levels = []
    for level, nodes in sorted(by_level.items()):
        header = headers.get(level)
        entries = tuple(_entry(node, into[node.key], out_of[node.key], named) for node in nodes)
        levels.append(Level(level, header.label if header else str(level), header.text if header else "", entries))
    return tuple(levels)


def page_url(address: NodeAddress | None) -> str:
    """Return the address of a node's own page, "" when it has none."""
    if address is None:
        return ""
    place = Place(0, address.entity, address.project)
    if address.run_uid:
        return run_url(place, address.run_uid)
    if address.version is None or names.is_registry_project(address.project):
        return ""
    return version_url(place, address.type, address.collection, f"v{address.version}")


def _entry(node: LineageNode, into: list[LineageEdge], out_of: list[LineageEdge], named: dict[str, str]) -> Entry:
    inputs = [edge.source for edge in into if not edge.via_hidden]
    outputs = [edge.target for edge in out_of if not edge.via_hidden]
    verb, told = _sentence(
        "run" if _is_run(node) else "artifact",
        inputs,
        outputs,
        [edge.target for edge in out_of] or [edge.source for edge in into],
    )
    return Entry(
        node=node,
        url=page_url(node.address),
        inputs=" ".join(inputs),
        outputs=" ".join(outputs),
        bridged_inputs=" ".join(edge.source for edge in into if edge.via_hidden),
        bridged_outputs=" ".join(edge.target for edge in out_of if edge.via_hidden),
        verb=verb,
        relations=tuple(Relation(key, named.get(key, "")) for key in told[:NAMED_NEIGHBOURS]),
        more_relations=max(0, len(told) - NAMED_NEIGHBOURS),
        spoken=_spoken(node, into, out_of),
    )


def _sentence(kind: str, inputs: list[str], outputs: list[str], bridged: list[str]) -> tuple[str, list[str]]:
    """Return what is said of the neighbours, outputs before inputs, those beyond hidden nodes last."""
    if outputs:
        return ("logged" if kind == "run" else "used by"), outputs
    if inputs:
        return ("used" if kind == "run" else "logged by"), inputs
    return ("connected through hidden nodes with" if bridged else "no inputs or outputs"), bridged


def _is_run(node: LineageNode) -> bool:
    return node.kind == "run" or node.member_kind == "run"


def _spoken(node: LineageNode, into: list[LineageEdge], out_of: list[LineageEdge]) -> str:
    """Say a node and its badges for a screen reader: "run train-r10, train, finished, stale, 2 inputs, 1 output"."""
    if node.is_locked:
        return "Not open to you"
    parts = [f"cluster of {node.name}" if node.is_cluster else f"{node.kind} {node.name}", node.type, node.state]
    marks = (("base", node.is_base), ("focus", node.is_focus), ("stale", node.stale), ("extracted", node.is_extracted))
    parts += [word for word, is_so in marks if is_so]
    parts += [alias.name for alias in node.aliases]
    parts += [f"in the registry as {place}" for place in node.memberships]
    ways = ("input", "output") if _is_run(node) else ("producer", "consumer")
    parts += [_counted(word, edges, node) for word, edges in zip(ways, (into, out_of), strict=True)]
    beyond = (("up", node.frontier_up), ("down", node.frontier_down))
    parts += [f"{count} further {way}" for way, count in beyond if count]
    parts += [f"{row.row} {row.text}" for row in node.rows]
    return ", ".join(part for part in parts if part)


def _counted(word: str, edges: list[LineageEdge], node: LineageNode) -> str:
    """Say how many there are: of a run or an artifact all that stand behind its arrows, of a cluster the arrows."""
    count = sum(1 if node.is_cluster else edge.count for edge in edges if not edge.via_hidden)
    return f"{count} {word}{'' if count == 1 else 's'}"
