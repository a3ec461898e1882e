"""Writing a whole graph of runs and versions at once, for trials, comparisons and tests of size."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from registry import policies
from registry.core import clock, names
from registry.core.errors import InvalidInput
from registry.core.viewer import Viewer
from registry.models import Action, Artifact, ArtifactCollection, Edge, Project, Run, RunGroup
from registry.services import audit
from registry.services.aliases import LATEST, set_alias
from registry.services.collections import ensure_collection, lock_collection
from registry.services.edges import MAX_EDGES_OF_RUN

MOST_NODES: Final = 200_000
MOST_EDGES: Final = 1_000_000
BATCH: Final = 1000
VERSION: Final = re.compile(r":v\d+$")


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One node of the file; `type` is an artifact type or a job type."""

    id: str
    kind: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph that has been checked: ids are unique, edges go between a run and an artifact."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[tuple[str, str], ...]


def parse_graph(document: object) -> Graph:
    """Read `{"nodes": [{id, kind, name, type}], "edges": [{source, target}]}`.

    Raises `InvalidInput`, naming the place, for whatever is not that.
    """
    if not isinstance(document, dict):
        raise InvalidInput('The graph must be an object with "nodes" and "edges".')
    nodes = [_node(number, row) for number, row in enumerate(_rows(document, "nodes", MOST_NODES))]
    kinds = {node.id: node.kind for node in nodes}
    if len(kinds) < len(nodes):
        twice = next(key for key, count in Counter(node.id for node in nodes).items() if count > 1)
        raise InvalidInput(f"nodes: the id {twice!r} is there twice.")
    edges = [_edge(number, row, kinds) for number, row in enumerate(_rows(document, "edges", MOST_EDGES))]
    of_run = Counter(
        (end, end == source) for source, target in edges for end in (source, target) if kinds[end] == "run"
    )
    if crowded := next((end for (end, _), count in of_run.items() if count > MAX_EDGES_OF_RUN), None):
        raise InvalidInput(f"edges: the run {crowded!r} has more than {MAX_EDGES_OF_RUN:,} inputs or outputs.")
    return Graph(tuple(nodes), tuple(dict.fromkeys(edges)))


def _rows(document: Mapping[str, object], name: str, most: int) -> Sequence[object]:
    rows = document.get(name)
    if not isinstance(rows, list):
        raise InvalidInput(f'"{name}" must be a list.')
    if len(rows) > most:
        raise InvalidInput(f'"{name}" may hold {most:,} at most, not {len(rows):,}.')
    return rows


def _text(where: str, row: object, name: str, default: str | None = None) -> str:
    value = row.get(name, default) if isinstance(row, dict) else None
    if not isinstance(value, str) or not (value or default == ""):
        raise InvalidInput(f"{where}: {name!r} must be text.")
    return value


def _node(number: int, row: object) -> GraphNode:
    where = f"nodes[{number}]"
    kind = _text(where, row, "kind")
    if kind not in {"run", "artifact"}:
        raise InvalidInput(f"{where}: the kind must be run or artifact, not {kind[:40]!r}.")
    node_id = _text(where, row, "id")
    type_name = _text(where, row, "type", "" if kind == "run" else None)
    try:
        if kind == "artifact":
            name = names.clean_collection(VERSION.sub("", _text(where, row, "name")))
            return GraphNode(node_id, kind, name, names.clean_type(type_name))
        name = names.clean_label("A run name", _text(where, row, "name"))
        return GraphNode(node_id, kind, name, names.clean_label("A job type", type_name) if type_name else "")
    except InvalidInput as error:
        raise InvalidInput(f"{where}: {error.message}") from None


def _edge(number: int, row: object, kinds: Mapping[str, str]) -> tuple[str, str]:
    where = f"edges[{number}]"
    source, target = _text(where, row, "source"), _text(where, row, "target")
    for end in (source, target):
        if end not in kinds:
            raise InvalidInput(f"{where}: there is no node {end[:80]!r}.")
    if kinds[source] == kinds[target]:
        raise InvalidInput(f"{where}: an edge goes between a run and an artifact, not between two of a kind.")
    return source, target


@transaction.atomic
def load_graph(*, viewer: Viewer, project: Project, graph: Graph) -> dict[str, int]:
    """Write the graph into the project and return how many rows of each kind are new.

    Loading it again adds nothing: a run is known by the id of its node, a version by its name and that id. Versions
    have no files and are numbered in the order of the graph; the newest of each name becomes `latest`. Rows are
    written in bulk; what the audit log says of versions and aliases is what it says when the SDK saves them.
    """
    policies.require_write(viewer, project)
    runs = _load_runs(viewer, project, [node for node in graph.nodes if node.kind == "run"])
    found, new_versions = _load_versions(viewer, project, [node for node in graph.nodes if node.kind == "artifact"])
    kinds = {node.id: node.kind for node in graph.nodes}
    edges = []
    for source, target in graph.edges:
        is_used = kinds[source] == "artifact"
        run, artifact = (runs[0][target], found[source]) if is_used else (runs[0][source], found[target])
        edges.append(
            Edge(
                run=run,
                artifact=artifact,
                direction=Edge.Direction.USED if is_used else Edge.Direction.LOGGED,
                run_group_id=run.group_id,
                collection_id=artifact.collection_id,
            )
        )
    before = Edge.objects.filter(run__project=project).count()
    Edge.objects.bulk_create(edges, batch_size=BATCH, ignore_conflicts=True)
    return {
        "runs": runs[1],
        "versions": new_versions,
        "edges": Edge.objects.filter(run__project=project).count() - before,
    }


def _load_runs(viewer: Viewer, project: Project, nodes: Sequence[GraphNode]) -> tuple[dict[str, Run], int]:
    groups = {
        job_type: RunGroup.objects.get_or_create(project=project, job_type=job_type)[0]
        for job_type in sorted({node.type for node in nodes})
    }
    uids = {node.id: _uid(node.id) for node in nodes}
    known = {run.uid: run for run in _in_batches(Run.objects.filter(project=project), "uid__in", uids.values())}
    now = clock.now()
    new = [
        Run(
            uid=uids[node.id],
            project=project,
            group=groups[node.type],
            name=node.name,
            state=Run.State.FINISHED,
            created_at=now,
            heartbeat_at=now,
            finished_at=now,
            created_by_id=viewer.user_id,
        )
        for node in nodes
        if uids[node.id] not in known
    ]
    Run.objects.bulk_create(new, batch_size=BATCH)
    known |= {run.uid: run for run in new}
    return {node_id: known[uid] for node_id, uid in uids.items()}, len(new)


def _load_versions(viewer: Viewer, project: Project, nodes: Sequence[GraphNode]) -> tuple[dict[str, Artifact], int]:
    by_name: dict[tuple[str, str], list[GraphNode]] = {}
    for node in nodes:
        by_name.setdefault((node.name, node.type), []).append(node)
    found: dict[str, Artifact] = {}
    added = 0
    for (name, type_name), same in sorted(by_name.items()):
        collection = lock_collection(
            ensure_collection(
                viewer=viewer,
                project=project,
                name=name,
                type_name=type_name,
                kind=ArtifactCollection.Kind.SEQUENCE,
            )
        )
        versions, new = _add_versions(viewer, collection, same)
        found |= versions
        added += new
    return found, added


def _add_versions(
    viewer: Viewer, collection: ArtifactCollection, nodes: Sequence[GraphNode]
) -> tuple[dict[str, Artifact], int]:
    digests = {node.id: hashlib.md5(f"node {node.id}".encode(), usedforsecurity=False).hexdigest() for node in nodes}
    committed = Artifact.objects.committed().filter(collection=collection)
    known = {artifact.digest: artifact for artifact in _in_batches(committed, "digest__in", digests.values())}
    now = clock.now()
    new: list[Artifact] = []
    for node in nodes:
        if digests[node.id] not in known:
            version = collection.next_version + len(new)
            new.append(
                Artifact(
                    collection=collection,
                    version=version,
                    digest=digests[node.id],
                    state=Artifact.State.COMMITTED,
                    created_at=now,
                    committed_at=now,
                    created_by_id=viewer.user_id,
                )
            )
    Artifact.objects.bulk_create(new, batch_size=BATCH)
    if new:
        collection.next_version += len(new)
        collection.save(update_fields=["next_version"])
        for artifact in new:
            audit.record(
                viewer=viewer,
                action=Action.VERSION_ADDED,
                on=artifact,
                label=f"{collection.name}:v{artifact.version}",
                collection=collection,
                artifact=artifact,
                version=artifact.version,
            )
        set_alias(viewer=viewer, collection=collection, artifact=new[-1], name=LATEST)
    known |= {artifact.digest: artifact for artifact in new}
    return {node.id: known[digests[node.id]] for node in nodes}, len(new)


def _in_batches(rows: Any, condition: str, values: Collection[str]) -> list[Any]:
    listed = list(values)
    return [
        row
        for start in range(0, len(listed), BATCH)
        for row in rows.filter(**{condition: listed[start : start + BATCH]})
    ]


def _uid(node_id: str) -> str:
    """The node's id where it can be a run's, else a digest of it."""
    try:
        return names.clean_run_uid(node_id)
    except InvalidInput:
        return hashlib.sha256(node_id.encode()).hexdigest()[:16]
