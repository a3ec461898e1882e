"""The members of one cluster: paged, searched, right at 50,000 of them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.core import clock
from registry.core.cursors import decode_cursor, encode_cursor
from registry.core.errors import InvalidInput, NotFound
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.lineage.clusters import Cluster
from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.labels import cluster_label
from registry.lineage.picture import ClusterMember, MemberPage
from registry.lineage.places import Walk
from registry.lineage.view import ViewState
from registry.models import Alias, Artifact, ArtifactTag, Edge, Run
from registry.models.projects import visible_project
from registry.models.runs import SILENCE
from registry.queries.edge_source import walk_lineage
from registry.queries.lineage_cards import DELETED, Cards, get_cards

MOST_MATCHED = 1000
MOST_LISTED = 200
LONGEST_SEARCH = 200
VERSION = re.compile(r"v?(\d{1,9})")
NAME_AND_VERSION = re.compile(r"(.+):v(\d{1,9})")


@dataclass(frozen=True, slots=True)
class _Page:
    """Ids of one page, newest first, and how many match in all."""

    ids: list[int]
    has_more: bool
    matched: int
    is_lower_bound: bool


def list_cluster_members(
    *,
    viewer: Viewer,
    base: NodeRef,
    view: ViewState,
    cluster: str,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
) -> MemberPage:
    """Return a page of the members of a cluster of `view`: those extracted first, then the newest.

    `search` is looked for in name, version, alias, tag, run id and state; case and accents as the database has
    them, `%` and `_` are themselves. Raises `NotFound` when the view has no such cluster, `InvalidInput` for a
    cursor of another listing.
    """
    term = clean_text("search", search.strip(), LONGEST_SEARCH)
    if limit < 1:
        raise InvalidInput("limit: expected at least 1")
    listing = f"members {cluster} {term}"
    below = decode_cursor(listing, after)[0] if after else None
    if below is not None and not isinstance(below, int):
        raise InvalidInput("bad cursor")
    found = walk_lineage(viewer=viewer, base=base, view=view)
    known = found.clusters.get(cluster)
    if known is None:
        raise NotFound("This view has no such cluster any more.")
    extracted = [ref for ref in known.members if ref.key in view.extracted]
    rows = _candidates(known, found)
    matching = rows.filter(_matches(viewer, known.where.kind, term)) if term else rows
    page = _page(known, matching, extracted, below, min(limit, MOST_LISTED), is_searched=bool(term))
    first = [] if below is not None else _matching_first(matching, extracted)
    refs = [*first, *(NodeRef(known.where.kind, number) for number in page.ids)]
    cards = get_cards(viewer=viewer, drawn=refs, clustered=())
    return MemberPage(
        cluster=cluster,
        label=cluster_label(known, known.at_least, is_lower_bound=not known.is_exact),
        members=tuple(_member(ref, cards, found, view, term) for ref in refs),
        matched=page.matched,
        matched_is_lower_bound=page.is_lower_bound,
        count=known.at_least,
        count_is_lower_bound=not known.is_exact,
        next_cursor=encode_cursor(listing, page.ids[-1]) if page.has_more else None,
    )


def _candidates(known: Cluster, found: Walk) -> "QuerySet[Run] | QuerySet[Artifact]":
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


def _matches(viewer: Viewer, kind: Kind, term: str) -> Q:
    if kind is Kind.RUN:
        # the column holds JSON text, which SQLite keeps in ASCII
        written = json.dumps(term, ensure_ascii=connection.vendor == "sqlite")[1:-1]
        texts = Q(name__icontains=term) | Q(uid__icontains=term) | Q(tags__icontains=written)
        return texts | _in_state(term.lower())
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


def _in_state(state: str) -> Q:
    """Runs that are shown in that state; a running one that has gone silent is shown as crashed."""
    if state == DELETED:
        return Q(deleted_at__isnull=False)
    stored = Q(state=state, deleted_at=None)
    silent = Q(state=Run.State.RUNNING, deleted_at=None, heartbeat_at__lt=clock.now() - SILENCE)
    if state == Run.State.CRASHED:
        return stored | silent
    return stored & ~silent if state == Run.State.RUNNING else stored


def _page(
    known: Cluster,
    matching: "QuerySet[Run] | QuerySet[Artifact]",
    extracted: Sequence[NodeRef],
    below: int | None,
    limit: int,
    *,
    is_searched: bool,
) -> _Page:
    ids = matching.order_by("-pk").values_list("pk", flat=True)
    apart = {ref.id for ref in extracted}
    wanted = limit + 1 + len(apart)
    if not is_searched:
        page = list(ids.filter(pk__lt=below)[:wanted] if below else ids[:wanted])
        matched, is_lower_bound = known.at_least, not known.is_exact
    else:
        page = list(ids[: MOST_MATCHED + 1])
        matched, is_lower_bound = min(len(page), MOST_MATCHED), len(page) > MOST_MATCHED
        if below is not None:
            page = list(ids.filter(pk__lt=below)[:wanted]) if is_lower_bound else [pk for pk in page if pk < below]
    page = [pk for pk in page if pk not in apart]
    return _Page(page[:limit], len(page) > limit, matched, is_lower_bound)


def _matching_first(matching: "QuerySet[Run] | QuerySet[Artifact]", extracted: Sequence[NodeRef]) -> list[NodeRef]:
    if not extracted:
        return []
    found = set(matching.filter(pk__in=[ref.id for ref in extracted]).values_list("pk", flat=True))
    return [ref for ref in extracted if ref.id in found]


def _member(ref: NodeRef, cards: Cards, found: Walk, view: ViewState, term: str) -> ClusterMember:
    facts = cards.facts[ref]
    aliases = cards.aliases.get(ref.id, ()) if ref.kind is Kind.ARTIFACT else ()
    place = found.places.get(ref)
    type_name = place.facts.type if place else facts.address.type
    return ClusterMember(
        key=ref.key,
        kind=ref.kind,
        name=facts.name,
        type=type_name or (NO_JOB_TYPE if ref.kind is Kind.RUN else ""),
        state=facts.state,
        created_at=facts.created_at,
        aliases=aliases,
        is_extracted=ref.key in view.extracted,
        matched=_matched_by(term.lower(), facts.name, facts.address.run_uid, facts.state, [a.name for a in aliases]),
    )


def _matched_by(term: str, name: str, uid: str, state: str, aliases: Sequence[str]) -> str:
    """What the search found a member by; a tag is what is left."""
    if not term:
        return ""
    texts = {"name": name, "run id": uid, "state": state}
    for what, text in texts.items():
        if term in text.lower():
            return what
    return "alias" if any(term in alias.lower() for alias in aliases) else "tag"
