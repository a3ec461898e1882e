"""The bounded walk: from the base outwards, level by level, on both sides at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from registry.core.errors import NotFound
from registry.lineage.clusters import Cluster, Hop, make_cluster
from registry.lineage.filters import is_left_out
from registry.lineage.graph import CLUSTER_KEY, Kind, NodeRef, Side, Way
from registry.lineage.grouping import EXACT_LEVEL, Item, LevelName, group_level
from registry.lineage.places import Place, Tally, Walk
from registry.lineage.reach import CARRIED, Reach, even_limit, member_limit, reach
from registry.lineage.source import EdgeSource
from registry.lineage.view import MOST_HOPS, ViewState

MOST_VISIBLE: Final = 2000


def walk(source: EdgeSource, base: NodeRef, view: ViewState) -> Walk:
    """Walk as far as `view` asks from its focus, mostly the `base`, to at most 2,000 drawn nodes and 64 hops.

    A node's level is its signed shortest distance; of two equal ones upstream wins. Both sides keep their own
    visited set, so that a cycle is walked on both but placed once. Cost: a constant number of queries for each
    level, whose rows do not depend on the degree of its nodes. Raises `NotFound` when `source` does not know the node
    to start from.
    """
    walker = _Walker(source, base, view)
    walker.walk_sides()
    if view.extended:
        walker.walk_extended()
    walker.read_links()
    return walker.walk


class _Walker:
    """The state of one walk; `seen` holds what each side has visited, `drawn` about how many nodes will show."""

    def __init__(self, source: EdgeSource, base: NodeRef, view: ViewState) -> None:
        self.source = source
        self.view = view
        start = NodeRef.parse(view.focus) if view.focus else base
        self.walk = Walk(start, base)
        group = source.groups_of([start]).get(start)
        if group is None:
            raise NotFound(f"There is no {start.kind} {start.id}, or you may not see it.")
        self.walk.places[start] = Place(start, group, source.facts(start.kind, {group})[group], 0, Side.BASE)
        self.seen = {way: {start} for way in Way}
        self.partial: set[Way] = set()
        self.drawn = 1
        keys = (*view.extracted, *view.hidden)
        self.pinned = [NodeRef.parse(key) for key in keys if not CLUSTER_KEY.fullmatch(key)]
        self.pinned += [base] if base != start else []
        self.recorded: list[tuple[Way, int, list[NodeRef]]] = []

    def walk_sides(self) -> None:
        """Take hops upstream and downstream in turn, so that the shorter distance is always found first."""
        frontiers = {way: [self.walk.base] for way in Way}
        limits = {Way.UP: self.view.up, Way.DOWN: self.view.down}
        for hop in range(1, MOST_HOPS + 1):
            ways = [way for way, limit in limits.items() if frontiers[way] and (limit is None or hop <= limit)]
            if self.drawn < MOST_VISIBLE:
                self.source.read_ahead({way: frontiers[way] for way in ways})
            for way in ways:
                frontiers[way] = self.hop(frontiers[way], way * hop, way)
                self.recorded.append((way, hop, frontiers[way]))
        for way, frontier in frontiers.items():
            self._count_beyond(way, frontier)
            if limits[way] is None and self.walk.beyond[way]:
                self.walk.is_cut = True

    def walk_extended(self) -> None:
        """Take one hop against the arrows from each level: other inputs of downstream runs, other outputs of
        upstream runs, other producers. Last, so that it never takes a direct relative's place.
        """
        levels: dict[int, list[tuple[Way, list[NodeRef]]]] = defaultdict(list)
        for way, hop, frontier in self.recorded:
            if frontier and (frontier[0].kind is Kind.RUN or way is Way.DOWN):
                levels[way * (hop - 1)].append((way.opposite, frontier))
        for level, hops in levels.items():
            if self._has_room():
                seen = self.seen[Way.UP] | self.seen[Way.DOWN]
                found, *others = [self._reach(frontier, way, seen) for way, frontier in hops]
                for other in others:
                    found.merge(other)
                self._arrive(found, LevelName(Side.EXTENDED, level, hops[0][1][0].kind.other), seen)

    def read_links(self) -> None:
        """Read every edge between the nodes that were placed."""
        placed = sorted(self.walk.places)
        runs = [ref.id for ref in placed if ref.kind is Kind.RUN]
        artifacts = [ref.id for ref in placed if ref.kind is Kind.ARTIFACT]
        self.walk.links = self.source.between(runs, artifacts) if runs and artifacts else ()

    def hop(self, frontier: list[NodeRef], level: int, way: Way) -> list[NodeRef]:
        """Place what one hop reaches and return the next frontier; at the drawing budget, the frontier stays."""
        if not frontier or not self._has_room():
            return frontier
        seen = self.seen[way]
        found = self._reach(frontier, way, seen)
        return self._arrive(found, LevelName(way.side, level, frontier[0].kind.other), seen)

    def _has_room(self) -> bool:
        if self.drawn < MOST_VISIBLE:
            return True
        self.walk.is_cut = True
        return False

    def _reach(self, frontier: list[NodeRef], way: Way, seen: set[NodeRef]) -> Reach:
        found = reach(self.source, frontier, way, seen, self.pinned)
        self._read_past_the_placed(found, frontier[0], seen)
        self.walk.locked |= {(ref, way) for ref in found.locked}
        self.walk.is_cut = self.walk.is_cut or found.is_cut
        return found

    def _read_past_the_placed(self, found: Reach, origin: NodeRef, seen: set[NodeRef]) -> None:
        """Read the newest members again without those that stand elsewhere: on a cycle, they could be all of them."""
        placed = {ref for ref in found.found if ref in self.walk.places}
        if found.cut and placed:
            pairs = [pair for pair in found.pairs if pair.node_group in found.cut]
            excluded = sorted(ref.id for ref in seen | placed if ref.kind is origin.kind.other)
            found.add(origin, self.source.members(origin.kind, pairs, found.way, excluded, member_limit(found.pairs)))

    def _arrive(self, found: Reach, where: LevelName, seen: set[NodeRef]) -> list[NodeRef]:
        """Give a level its clusters and places, reading more members of the clusters that are to be expanded."""
        earlier = [
            cluster
            for cluster in self.walk.clusters.values()
            if cluster.where.kind is where.kind and not cluster.is_whole
        ]
        self._give_back(found, earlier)
        overlaps = self._overlaps(found, where.kind) if found.cut else {}
        clusters = self._cluster(found, where, earlier, overlaps)
        wanted = [cluster for cluster in clusters if self._is_expanded(cluster) and not cluster.is_whole]
        if wanted:
            pairs = [pair for pair in found.pairs if any(pair.group in cluster.groups for cluster in wanted)]
            excluded = sorted(ref.id for ref in seen if ref.kind is where.kind)
            origin, limit = NodeRef(where.kind.other, pairs[0].node), even_limit(pairs, MOST_VISIBLE - self.drawn)
            found.add(origin, self.source.members(origin.kind, pairs, found.way, excluded, limit))
            self._give_back(found, earlier)
            clusters = self._cluster(found, where, earlier, overlaps)
            for cluster in clusters:
                if self._is_expanded(cluster) and not cluster.is_whole:
                    self._count_rest(cluster, has_earlier_clusters=bool(earlier))
        if found.cut and not earlier:
            self._raise_floors(found, where.kind, overlaps)
        return self._settle(found, where, clusters)

    def _count_rest(self, cluster: Cluster, *, has_earlier_clusters: bool) -> None:
        """Tell exactly, by one probe, from which sources of an expanded cluster members are still missing."""
        kind = cluster.where.kind
        sources = [ref.id for ref in cluster.sources]
        members = [ref.id for ref in cluster.members]
        touching = Counter(node for _, node in self.source.touching(kind, members, sources, cluster.way.opposite))
        missing = [size - touching[ref.id] for ref, size in cluster.sources.items()]
        cluster.count_rest(missing, has_earlier_clusters=has_earlier_clusters)

    def _raise_floors(self, found: Reach, kind: Kind, overlaps: Mapping[tuple[int, int], int]) -> None:
        """Count, by type, how many nodes there are at least: those that stand and those that this hop reaches."""
        by_node: Counter[tuple[Tally, int]] = Counter()
        for pair in found.pairs:
            size = pair.size - overlaps.get(pair.node_group, 0)
            by_node[Tally.of(kind, found.facts[pair.group]), pair.node] += size
        reached = Counter(Tally.of(kind, found.facts[found.groups[ref]]) for ref in found.found)
        for (tally, _), size in by_node.items():
            reached[tally] = max(size, reached[tally])
        standing = Counter(
            Tally.of(kind, place.facts)
            for ref, place in self.walk.places.items()
            if ref.kind is kind and ref not in found.found
        )
        for tally, size in reached.items():
            self.walk.floors[tally] = max(self.walk.floors[tally], standing[tally] + size)

    def _give_back(self, found: Reach, earlier: Sequence[Cluster]) -> None:
        """Recognise, by one probe for each way, nodes that belong to an earlier cluster but were not known to."""
        for cluster_way in Way:
            unknown = [ref for ref in found.found if ref not in self.walk.places]
            candidates = {ref.id: ref for ref in unknown if any(found.groups[ref] in c.groups for c in earlier)}
            clusters = [cluster for cluster in earlier if cluster.way is cluster_way]
            sources = sorted({ref.id for cluster in clusters for ref in cluster.sources})
            if not candidates or not sources:
                continue
            kind = clusters[0].where.kind
            pairs = self.source.touching(kind, sorted(candidates), sources, cluster_way.opposite)
            for node, neighbour in sorted(pairs):
                self._join(candidates[node], NodeRef(kind.other, neighbour), clusters, found)
        for ref in [ref for ref in found.found if ref in self.seen[found.way]]:
            del found.found[ref]

    def _join(self, ref: NodeRef, neighbour: NodeRef, clusters: Sequence[Cluster], found: Reach) -> None:
        group = found.groups[ref]
        for cluster in clusters:
            if neighbour in cluster.sources and group in cluster.groups and ref not in self.walk.places:
                where = cluster.where
                self.walk.places[ref] = Place(
                    ref, group, found.facts[group], where.level, where.side, (neighbour,), cluster.key
                )
                cluster.members.append(ref)
                cluster.at_least = max(cluster.at_least, len(cluster.members))
                self.seen[cluster.way].add(ref)

    def _cluster(
        self,
        found: Reach,
        where: LevelName,
        earlier: Sequence[Cluster],
        overlaps: Mapping[tuple[int, int], int],
    ) -> list[Cluster]:
        items = [
            Item(ref, facts, frozenset(self.walk.places[origin].home_key for origin in origins))
            for ref, origins in found.found.items()
            if ref not in self.walk.places
            and not is_left_out(self.view, ref.kind, facts := found.facts[found.groups[ref]])
        ]
        kept = [pair for pair in found.pairs if not is_left_out(self.view, where.kind, found.facts[pair.group])]
        cut = found.cut & {pair.node_group for pair in kept}
        groups = group_level(where, items, is_small=not cut and len(items) <= EXACT_LEVEL)
        hop = Hop(
            where=where,
            way=found.way,
            pairs=kept,
            facts=found.facts,
            cut=cut,
            overlaps=overlaps,
            is_partial=found.way in self.partial,
            has_earlier_clusters=bool(earlier),
        )
        return [make_cluster(group, groups, hop) for group in groups]

    def _overlaps(self, found: Reach, kind: Kind) -> dict[tuple[int, int], int]:
        """How many neighbours of each (node, group) stand on earlier levels of either side."""
        standing = [ref.id for ref in sorted(self.walk.places) if ref.kind is kind]
        nodes = sorted({pair.node for pair in found.pairs})
        counts: dict[tuple[int, int], int] = defaultdict(int)
        if standing:
            for standing_id, node in self.source.touching(kind, standing, nodes, found.way.opposite):
                counts[node, self.walk.places[NodeRef(kind, standing_id)].group] += 1
        return counts

    def _settle(self, found: Reach, where: LevelName, clusters: Sequence[Cluster]) -> list[NodeRef]:
        """Give every found node its place and choose who goes on: all of a small level, the newest of a large."""
        homes = {ref: cluster.key for cluster in clusters for ref in cluster.members}
        self.walk.clusters.update((cluster.key, cluster) for cluster in clusters)
        onward: set[NodeRef] = set()
        left_out: list[NodeRef] = []
        for ref in sorted(found.found, key=lambda ref: -ref.id):
            if ref in self.walk.places:
                onward.add(ref)
                continue
            place = self._place(ref, found, where, homes.get(ref, ""))
            if place.is_left_out:
                left_out.append(ref)
            elif not place.home:
                onward.add(ref)
                self.drawn += 1
        is_small = not found.cut and len(found.found) <= EXACT_LEVEL
        onward.update(left_out if is_small else left_out[:CARRIED])
        for cluster in clusters:
            is_drawn = self._is_expanded(cluster)
            self.drawn += len(cluster.members) if is_drawn else 1
            wanted = cluster.members if is_small or is_drawn else self._newest(cluster)
            onward.update(wanted)
            self.walk.extra.update(() if is_small else wanted[CARRIED:])
        if found.cut or len(onward) < len(found.found):
            self.partial.add(found.way)
            self.walk.is_partial = True
        self.seen[found.way].update(found.found)
        return sorted(onward)

    def _place(self, ref: NodeRef, found: Reach, where: LevelName, home: str) -> Place:
        group = found.groups[ref]
        facts, origins = found.facts[group], tuple(found.found[ref])
        place = Place(ref, group, facts, where.level, where.side, origins, home)
        place.is_left_out = ref != self.walk.marked and is_left_out(self.view, ref.kind, facts)
        self.walk.places[ref] = place
        return place

    def _newest(self, cluster: Cluster) -> list[NodeRef]:
        others = cluster.members[CARRIED:]
        return cluster.members[:CARRIED] + [ref for ref in self.pinned if ref in others]

    def _is_expanded(self, cluster: Cluster) -> bool:
        return self.view.expand or cluster.key in self.view.expanded

    def _count_beyond(self, way: Way, frontier: Sequence[NodeRef]) -> None:
        """Count the edges that lead on from where a side stopped."""
        if not frontier:
            return
        kind = frontier[0].kind
        counts = self.source.counts(kind, [ref.id for ref in frontier], way)
        facts = self.source.facts(kind.other, {pair.group for pair in counts})
        beyond = self.walk.beyond[way]
        for pair in counts:
            group = facts[pair.group]
            if group.is_visible and not is_left_out(self.view, kind.other, group):
                ref = NodeRef(kind, pair.node)
                beyond[ref] = beyond.get(ref, 0) + pair.size
