"""Which runs and versions are members of a cluster, and which of any a search finds."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Collate, Upper
from django.db.models.lookups import Contains

from registry.core import clock
from registry.core.viewer import Viewer
from registry.lineage.clusters import Cluster
from registry.lineage.graph import LARGEST_ID, Kind
from registry.lineage.places import Walk
from registry.lineage.source import GroupCount
from registry.models import Alias, Artifact, ArtifactTag, Edge, Run
from registry.models.projects import visible_project
from registry.models.runs import SILENCE
from registry.queries.edge_source import DatabaseEdgeSource
from registry.queries.lineage_cards import DELETED

VERSION = re.compile(r"v?(\d{1,9})")
MOST_PAIRS = 500
NAME_AND_VERSION = re.compile(r"(.+):v(\d{1,9})")


def newest_members(*, viewer: Viewer, known: Cluster, found: Walk, below: int | None, limit: int) -> list[int] | None:
    """The newest members of a cluster below an id, read from the edges' index alone: its size is of no matter.

    None where that index does not tell, because members of an earlier cluster may be among them, or there are very
    many sources: `candidates` knows them always.
    """
    kind = known.where.kind
    if known.is_whole:
        ids = sorted((ref.id for ref in known.members), reverse=True)
        return [number for number in ids if below is None or number < below][:limit]
    pairs = [GroupCount(source.id, group, 0) for source in known.sources for group in sorted(known.groups)]
    if len(pairs) > MOST_PAIRS or _earlier(known, found):
        return None
    read = DatabaseEdgeSource(viewer=viewer).members(
        kind.other, pairs, known.way, _elsewhere(known, found), limit, below=LARGEST_ID if below is None else below
    )
    return sorted({member.id for member in read}, reverse=True)[:limit]


def _earlier(known: Cluster, found: Walk) -> list[Cluster]:
    """The clusters before this one that were not read to the end and may hold some of its neighbours."""
    clusters = list(found.clusters.values())
    before = clusters[: clusters.index(known)]
    return [cluster for cluster in before if cluster.where.kind is known.where.kind and not cluster.is_whole]


def _elsewhere(known: Cluster, found: Walk) -> list[int]:
    """The ids of what stands somewhere else in the graph."""
    standing = {ref.id for ref in found.places if ref.kind is known.where.kind}
    return sorted(standing - {ref.id for ref in known.members})


def candidates(known: Cluster, found: Walk) -> "QuerySet[Run] | QuerySet[Artifact]":
    """All members of the cluster; of one that is not known whole, by what its members touch."""
    is_run = known.where.kind is Kind.RUN
    everything = Run.objects.all() if is_run else Artifact.objects.recorded()
    if known.is_whole:
        return everything.filter(pk__in=[ref.id for ref in known.members])
    elsewhere = _elsewhere(known, found)
    rows = everything.filter(_is_among(_edges(known).values("run_id" if is_run else "artifact_id")))
    for earlier in _earlier(known, found):
        mine = {"run_id": OuterRef("pk")} if is_run else {"artifact_id": OuterRef("pk")}
        rows = rows.exclude(Exists(_edges(earlier).filter(**mine)))
    return rows.exclude(pk__in=elsewhere) if elsewhere else rows


class _AnyOf(Func):
    """`pk = ANY(ARRAY(SELECT …))`, which PostgreSQL answers from the key's index, in its order.

    For `IN` it chooses among ways that all cost the more the larger the groups of the members are.
    """

    arg_joiner = " = ANY(ARRAY"
    template = "%(expressions)s)"
    output_field = BooleanField()


def _is_among(keys: "QuerySet[Edge, dict[str, Any]]") -> Q:
    return Q(_AnyOf(F("pk"), Subquery(keys)) if connection.vendor == "postgresql" else Q(pk__in=keys))


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
        return _holds("name", term) | _holds("uid", term) | _tagged(term) | in_state(term.lower())
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


def _holds(column: str, term: str) -> Q:
    """The condition that a text of the row itself has the term in it, in any case.

    PostgreSQL is told to compare ASCII as such: by the rules of a language it takes twice as long for 50,000 rows.
    """
    if connection.vendor == "postgresql" and term.isascii():
        return Q(Contains(Upper(Collate(column, "C")), term.upper()))
    return Q(**{f"{column}__icontains": term})


def _tagged(term: str) -> Q:
    """The condition on the column of a run's tags, which holds JSON text."""
    if connection.vendor == "sqlite":
        # kept in ASCII
        return Q(tags__icontains=json.dumps(term)[1:-1])
    # most have none, and writing out JSON costs more than to compare it
    return ~Q(tags=[]) & Q(tags__icontains=json.dumps(term, ensure_ascii=False)[1:-1])


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
