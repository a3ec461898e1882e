"""The members of one cluster: paged, searched, sorted and counted, right at 50,000 of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import Q, QuerySet

from registry.core.cursors import CursorValue, decode_cursor, encode_cursor
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
from registry.models import Artifact, Run
from registry.queries.edge_source import walk_lineage
from registry.queries.lineage_cards import DELETED, Cards, get_cards
from registry.queries.lineage_matching import candidates, in_state, matched_by, matches
from registry.queries.member_facets import Narrowing, member_facets

MOST_MATCHED = 1000
MOST_LISTED = 200
LONGEST_SEARCH = 200
SORTS = ("newest", "name", "state")
RUN_STATES = ("running", "failed", "crashed", "killed", "finished", DELETED)

Members: TypeAlias = "QuerySet[Run] | QuerySet[Artifact]"


@dataclass(frozen=True, slots=True)
class _Page:
    """Ids of one page, where the next one starts, and how many match in all."""

    ids: list[int]
    next: tuple[CursorValue, ...] | None
    matched: int
    is_lower_bound: bool


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to sort: the columns that order the rows, and their types in a cursor.

    A column with a minus goes down. The last one is unique.
    """

    columns: tuple[str, ...]

    def rows(self, members: Members, after: Sequence[CursorValue] | None, limit: int) -> list[tuple[CursorValue, ...]]:
        """The key and then the columns of up to `limit` members that come after a place."""
        if after:
            members = members.filter(self._beyond(after))
        fields = [column.removeprefix("-") for column in self.columns]
        return list(members.order_by(*self.columns).values_list("pk", *fields)[:limit])

    def _beyond(self, after: Sequence[CursorValue]) -> Q:
        condition, equal = Q(), Q()
        for column, value in zip(self.columns, after, strict=True):
            name = column.removeprefix("-")
            comparison = "lt" if column.startswith("-") else "gt"
            condition |= equal & Q(**{f"{name}__{comparison}": value})
            equal &= Q(**{name: value})
        # an index can start from this, which is implied
        first = self.columns[0].removeprefix("-")
        bound = "lte" if self.columns[0].startswith("-") else "gte"
        return Q(**{f"{first}__{bound}": after[0]}) & condition


NEWEST = _Order(("-pk",))
BY_NAME = {
    Kind.RUN: _Order(("name", "-pk")),
    Kind.ARTIFACT: _Order(("collection__name", "collection_id", "-version")),
}


def list_cluster_members(
    *,
    viewer: Viewer,
    base: NodeRef,
    view: ViewState,
    cluster: str,
    search: str = "",
    after: str | None = None,
    limit: int = 50,
    sort: str = "newest",
    state: str = "",
    type_name: str = "",
    name: str = "",
) -> MemberPage:
    """Return a page of the members of a cluster of `view`: those extracted first, then the others as sorted.

    `search` is looked for as in `matches`; `state`, `type_name` and `name` narrow the list to one value of a facet.
    The facets come with the first page. Raises `NotFound` when the view has no such cluster, `InvalidInput` for a
    cursor of another listing or an unknown sort.
    """
    term = clean_text("search", search.strip(), LONGEST_SEARCH)
    narrowing = Narrowing(*(clean_text("facet", value, LONGEST_SEARCH) for value in (state, type_name, name)))
    if limit < 1 or sort not in SORTS:
        raise InvalidInput(f"Expected a limit of at least 1 and one of {', '.join(SORTS)} as sort.")
    found = walk_lineage(viewer=viewer, base=base, view=view)
    known = found.clusters.get(cluster)
    if known is None:
        raise NotFound("This view has no such cluster any more.")
    kind = known.where.kind
    listing = " ".join(("members", cluster, sort, *narrowing.texts, term))
    place = decode_cursor(listing, after, _cursor_length(sort, kind)) if after else None
    extracted = [ref for ref in known.members if ref.key in view.extracted]
    rows = candidates(known, found)
    matching = rows.filter(matches(viewer, kind, term)) if term else rows
    matching = matching.filter(narrowing.condition(kind)) if narrowing else matching
    page = _page(known, matching, extracted, place, min(limit, MOST_LISTED), sort=sort, is_all=matching is rows)
    first = [] if place is not None else _matching_first(matching, extracted)
    refs = [*first, *(NodeRef(kind, number) for number in page.ids)]
    cards = get_cards(viewer=viewer, drawn=refs, clustered=())
    facets, looked_at = ((), 0) if place is not None else member_facets(known, rows, narrowing)
    return MemberPage(
        cluster=cluster,
        label=cluster_label(known, known.at_least, is_lower_bound=not known.is_exact),
        members=tuple(_member(ref, cards, found, view, term) for ref in refs),
        matched=page.matched,
        matched_is_lower_bound=page.is_lower_bound,
        count=known.at_least,
        count_is_lower_bound=not known.is_exact,
        next_cursor=encode_cursor(listing, *page.next) if page.next else None,
        sort=sort,
        facets=facets,
        facets_looked_at=looked_at,
    )


def _cursor_length(sort: str, kind: Kind) -> int:
    return {"newest": 1, "name": len(BY_NAME[kind].columns), "state": 2}[sort]


def _page(
    known: Cluster,
    matching: Members,
    extracted: Sequence[NodeRef],
    after: Sequence[CursorValue] | None,
    limit: int,
    *,
    sort: str,
    is_all: bool,
) -> _Page:
    apart = {ref.id for ref in extracted}
    wanted = limit + 1 + len(apart)
    matched, is_lower_bound = known.at_least, not known.is_exact
    if not is_all:
        ids = list(matching.order_by("-pk").values_list("pk", flat=True)[: MOST_MATCHED + 1])
        matched, is_lower_bound = min(len(ids), MOST_MATCHED), len(ids) > MOST_MATCHED
        if not is_lower_bound:
            # all are found, so nothing is looked for again
            matching = matching.model._default_manager.filter(pk__in=ids)
    try:
        if sort == "state":
            rows = _by_state(known.where.kind, matching, after, wanted)
        else:
            order = NEWEST if sort == "newest" else BY_NAME[known.where.kind]
            rows = order.rows(matching, after, wanted)
    except (TypeError, ValueError):
        raise InvalidInput("bad cursor") from None
    rows = [row for row in rows if row[0] not in apart]
    ids = [row[0] for row in rows[:limit] if isinstance(row[0], int)]
    return _Page(ids, rows[limit - 1][1:] if len(rows) > limit else None, matched, is_lower_bound)


def _by_state(
    kind: Kind, matching: Members, after: Sequence[CursorValue] | None, wanted: int
) -> list[tuple[CursorValue, ...]]:
    """Rows state by state, each state newest first: those that need attention before those that are done."""
    conditions = (
        [in_state(state) for state in RUN_STATES]
        if kind is Kind.RUN
        else [Q(state=Artifact.State.COMMITTED), Q(state=Artifact.State.DELETED)]
    )
    reached, below = after or (0, None)
    if not isinstance(reached, int) or not 0 <= reached < len(conditions):
        raise InvalidInput("bad cursor")
    rows: list[tuple[CursorValue, ...]] = []
    for number in range(reached, len(conditions)):
        members = matching.filter(conditions[number])
        place = [below] if number == reached and below is not None else None
        rows += [(row[0], number, row[1]) for row in NEWEST.rows(members, place, wanted - len(rows))]
        if len(rows) >= wanted:
            break
    return rows


def _matching_first(matching: Members, extracted: Sequence[NodeRef]) -> list[NodeRef]:
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
        matched=matched_by(term.lower(), facts.name, facts.address.run_uid, facts.state, [a.name for a in aliases]),
    )
