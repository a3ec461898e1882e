"""Which runs and versions are members of a cluster, and which of any a search finds."""

import json
import re
from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.clusters import Cluster
from registry.lineage.graph import Kind
from registry.lineage.places import Walk
from registry.models import Alias, Artifact, ArtifactTag, Edge, Run
from registry.models.projects import visible_project
from registry.models.runs import SILENCE
from registry.queries.lineage_cards import DELETED

VERSION = re.compile(r"v?(\d{1,9})")
NAME_AND_VERSION = re.compile(r"(.+):v(\d{1,9})")


def candidates(known: Cluster, found: Walk) -> "QuerySet[Run] | QuerySet[Artifact]":
    """All members of the cluster; of one that is not known whole, by what its members touch."""
    is_run = known.where.kind is Kind.RUN
    everything = Run.objects.all() if is_run else Artifact.objects.recorded()
    if known.is_whole:
        return everything.filter(pk__in=[ref.id for ref in known.members])
    elsewhere = [ref.id for ref, place in found.places.items() if ref.kind is known.where.kind]
    elsewhere = sorted(set(elsewhere) - {ref.id for ref in known.members})
    # the group says nothing new about a member, but lets the search start from the groups' index
    group = {"group__in": known.groups} if is_run else {"collection__in": known.groups}
    rows = everything.filter(pk__in=_edges(known).values("run_id" if is_run else "artifact_id"), **group)
    for earlier in found.clusters.values():
        if earlier is known:
            break
        if earlier.where.kind is known.where.kind and not earlier.is_whole:
            mine = {"run_id": OuterRef("pk")} if is_run else {"artifact_id": OuterRef("pk")}
            rows = rows.exclude(Exists(_edges(earlier).filter(**mine)))
    return rows.exclude(pk__in=elsewhere) if elsewhere else rows


def _edges(known: Cluster) -> "QuerySet[Edge]":
    sources = [ref.id for ref in known.sources]
    edges = Edge.objects.filter(direction=known.way.direction_from(known.where.kind.other).value)
    if known.where.kind is Kind.RUN:
        return edges.filter(artifact_id__in=sources, run_group_id__in=known.groups)
    return edges.filter(run_id__in=sources, collection_id__in=known.groups)


def matches(viewer: Viewer, kind: Kind, term: str) -> Q:
    """The condition that a run or a version has `term` in its name, version, alias, tag, run id or state.

    Case and accents as the database has them; `%` and `_` are themselves.
    """
    if kind is Kind.RUN:
        # the column holds JSON text, which SQLite keeps in ASCII
        written = json.dumps(term, ensure_ascii=connection.vendor == "sqlite")[1:-1]
        texts = Q(name__icontains=term) | Q(uid__icontains=term) | Q(tags__icontains=written)
        return texts | in_state(term.lower())
    aliases = Alias.objects.filter(
        visible_project(viewer, "collection__project__"), artifact=OuterRef("pk"), name__icontains=term
    )
    tags = ArtifactTag.objects.filter(artifact=OuterRef("pk"), name__icontains=term)
    found = Q(collection__name__icontains=term) | Q(state=term.lower()) | Q(Exists(aliases)) | Q(Exists(tags))
    if match := VERSION.fullmatch(term):
        found |= Q(version=int(match[1]))
    if match := NAME_AND_VERSION.fullmatch(term):
        found |= Q(collection__name__iendswith=match[1], version=int(match[2]))
    return found


def in_state(state: str) -> Q:
    """Runs that are shown in that state; a running one that has gone silent is shown as crashed."""
    if state == DELETED:
        return Q(deleted_at__isnull=False)
    stored = Q(state=state, deleted_at=None)
    silent = Q(state=Run.State.RUNNING, deleted_at=None, heartbeat_at__lt=clock.now() - SILENCE)
    if state == Run.State.CRASHED:
        return stored | silent
    return stored & ~silent if state == Run.State.RUNNING else stored


def matched_by(term: str, name: str, uid: str, state: str, aliases: Sequence[str]) -> str:
    """What a search found a node by; a tag is what is left."""
    if not term:
        return ""
    texts = {"name": name, "run id": uid, "state": state}
    for what, text in texts.items():
        if term in text.lower():
            return what
    return "alias" if any(term in alias.lower() for alias in aliases) else "tag"
