"""The members of one cluster: paged, searched, sorted and counted, right at 50,000 of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.core.cursors import CursorValue, decode_cursor, encode_cursor
from registry.core.errors import InvalidInput, NotFound
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.lineage.clusters import Cluster
from registry.lineage.filters import NO_JOB_TYPE
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.labels import cluster_label
from registry.lineage.picture import ClusterMember, MemberFacet, MemberPage
from registry.lineage.places import Walk
from registry.lineage.view import ViewState
from registry.queries.edge_source import walk_lineage
from registry.queries.lineage_cards import Cards, get_cards
from registry.queries.lineage_matching import candidates, matched_by, matches, newest_members
from registry.queries.member_facets import MOST_COUNTED, Narrowing, is_counted_whole, member_facets
from registry.queries.member_order import SORTS, Members, Row, cursor_length, sorted_rows
from registry.queries.raw import among

MOST_MATCHED = 1000
MOST_LISTED = 200
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class _Page:
    """Ids of one page, where the next one starts, and how many match in all."""

    ids: list[int]
    next: Row | None
    matched: int
    is_lower_bound: bool


@dataclass(frozen=True, slots=True)
class _Listing:
    """The members of a cluster, and those that are asked for among them."""

    viewer: Viewer
    known: Cluster
    found: Walk
    members: Members
    matching: Members

    def newest(self, below: int | None, limit: int) -> list[int]:
        """The newest members, whatever is asked for."""
        ids = newest_members(viewer=self.viewer, known=self.known, found=self.found, below=below, limit=limit)
        if ids is None:
            rows = self.members if below is None else self.members.filter(pk__lt=below)
            ids = list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
        return ids

    def facets(self, narrowing: Narrowing, *, counts_all: bool) -> tuple[tuple[MemberFacet, ...], int]:
        """What the members can be narrowed to, and among how many of the newest that was counted; 0 when among all."""
        if counts_all or is_counted_whole(self.known):
            return member_facets(self.members, narrowing), 0
        newest = self.newest(None, MOST_COUNTED)
        rows = self.members.model._default_manager.filter(pk__in=among(newest))
        return member_facets(rows, narrowing, is_lower_bound=True), len(newest)

    def page(self, sort: str, after: Sequence[CursorValue] | None, limit: int, apart: Sequence[NodeRef]) -> _Page:
        """One page of those that are asked for, without `apart`, which stand before the first."""
        wanted = limit + 1 + len(apart)
        if self.matching is self.members:
            rows: Sequence[Row] = self._all(sort, after, wanted)
            matched, is_lower_bound = self.known.at_least, not self.known.is_exact
        else:
            rows, found = self._asked(sort, after, wanted)
            matched, is_lower_bound = min(found, MOST_MATCHED), found > MOST_MATCHED
        left_out = {ref.id for ref in apart}
        rows = [row for row in rows if row[0] not in left_out]
        ids = [row[0] for row in rows[:limit] if isinstance(row[0], int)]
        return _Page(ids, rows[limit - 1][1:] if len(rows) > limit else None, matched, is_lower_bound)

    def _all(self, sort: str, after: Sequence[CursorValue] | None, wanted: int) -> Sequence[Row]:
        if sort == "newest":
            return [(number, number) for number in self.newest(_below(after), wanted)]
        return sorted_rows(self.known.where.kind, self.members, sort, after, wanted)

    def _asked(self, sort: str, after: Sequence[CursorValue] | None, wanted: int) -> tuple[Sequence[Row], int]:
        """Those that match, and how many do, counted a little further than `MOST_MATCHED`.

        Each looks at all members once: the first page counts what it reads, a later one sorts what it has counted.
        """
        kind, more = self.known.where.kind, MOST_MATCHED + 1
        if after is None:
            rows = sorted_rows(kind, self.matching, sort, None, max(wanted, more))
            return rows, len(rows)
        ids = list(self.matching.order_by().values_list("pk", flat=True)[:more])
        everything = self.matching.model._default_manager
        matching = self.matching if len(ids) == more else everything.filter(pk__in=among(ids))
        return sorted_rows(kind, matching, sort, after, wanted), len(ids)


def _below(after: Sequence[CursorValue] | None) -> int | None:
    if after is None:
        return None
    if not isinstance(after[0], int):
        raise InvalidInput("bad cursor")
    return after[0]


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
    counts_all: bool = False,
) -> MemberPage:
    """Return a page of the members of a cluster of `view`: those extracted first, then the others as sorted.

    `search` is looked for as in `matches`; `state`, `type_name` and `name` narrow the list to one value of a facet.
    The facets come with the first page; with `counts_all` they are of all members, however many there are. Raises
    `NotFound` when the view has no such cluster, `InvalidInput` for a cursor of another listing or an unknown sort.
    """
    term = clean_text("search", search.strip(), LONGEST_SEARCH)
    narrowing = Narrowing(*(clean_text("facet", value, LONGEST_SEARCH) for value in (state, type_name, name)))
    if limit < 1 or sort not in SORTS:
        raise InvalidInput(f"Expected a limit of at least 1 and one of {', '.join(SORTS)} as sort.")
    listing = _open(viewer, walk_lineage(viewer=viewer, base=base, view=view), cluster, term, narrowing)
    known, kind = listing.known, listing.known.where.kind
    name_of_listing = " ".join(("members", cluster, sort, *narrowing.texts, term))
    place = decode_cursor(name_of_listing, after, cursor_length(sort, kind)) if after else None
    extracted = [ref for ref in known.members if ref.key in view.extracted]
    page = listing.page(sort, place, min(limit, MOST_LISTED), extracted)
    first = [] if place is not None else _matching_first(listing.matching, extracted)
    refs = [*first, *(NodeRef(kind, number) for number in page.ids)]
    cards = get_cards(viewer=viewer, drawn=refs, clustered=())
    facets, looked_at = listing.facets(narrowing, counts_all=counts_all) if place is None else ((), 0)
    return MemberPage(
        cluster=cluster,
        label=cluster_label(known, known.at_least, is_lower_bound=not known.is_exact),
        members=tuple(_member(ref, cards, listing.found, view, term) for ref in refs),
        matched=page.matched,
        matched_is_lower_bound=page.is_lower_bound,
        count=known.at_least,
        count_is_lower_bound=not known.is_exact,
        next_cursor=encode_cursor(name_of_listing, *page.next) if page.next else None,
        sort=sort,
        facets=facets,
        facets_looked_at=looked_at,
    )


def _open(viewer: Viewer, found: Walk, cluster: str, term: str, narrowing: Narrowing) -> _Listing:
    known = found.clusters.get(cluster)
    if known is None:
        raise NotFound("This view has no such cluster any more.")
    members = candidates(known, found)
    matching = members.filter(matches(viewer, known.where.kind, term)) if term else members
    matching = matching.filter(narrowing.condition(known.where.kind)) if narrowing else matching
    return _Listing(viewer, known, found, members, matching)


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
