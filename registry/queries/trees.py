"""The tree of the sidebar: type, collection, version. A branch shows a window, whatever there is beside it."""

import hashlib
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership
from registry.queries.places import Place
from registry.queries.raw import read
from registry.queries.tree_sql import TYPES, WINDOW, WINDOW_OF_TYPE
from registry.queries.versions import VersionWindow, version_window

TYPES_SHOWN = 20
COLLECTIONS_SHOWN = 20
VERSIONS_SHOWN = 15
MATCHES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class TreeCollection:
    """A collection in the tree; with versions when it is open."""

    name: str
    type_name: str
    version_count: int
    is_open: bool = False
    versions: VersionWindow = field(default_factory=VersionWindow)

    @property
    def key(self) -> str:
        """A short name for the DOM, the same on every page."""
        return _key(self.type_name, self.name)


@dataclass(frozen=True, slots=True)
class TreeType:
    """An artifact type in the tree; with collections when it is open, not always all of them."""

    name: str
    collection_count: int
    is_open: bool = False
    collections: tuple[TreeCollection, ...] = ()

    @property
    def is_cut(self) -> bool:
        return self.is_open and self.collection_count > len(self.collections)

    @property
    def key(self) -> str:
        return _key(self.name)


@dataclass(frozen=True, slots=True)
class Tree:
    """What the sidebar shows. `number` is the version that the page is about, None for other pages."""

    place: Place
    types: tuple[TreeType, ...]
    has_more: bool = False
    q: str = ""
    collection: str = ""
    number: int | None = None


def _key(*words: str) -> str:
    return hashlib.blake2s("/".join(words).encode(), digest_size=6).hexdigest()


def open_tree(
    place: Place,
    *,
    type_name: str = "",
    collection: ArtifactCollection | None = None,
    number: int | None = None,
    before: int | None = None,
    q: str = "",
) -> Tree:
    """Return the tree of a project that the viewer may see, open at the type and at the collection.

    At most four queries. `before` pages the versions of the open collection. With `q` the tree holds the matching
    collections only.
    """
    if q:
        return _matching(place, q)
    if collection is not None:
        type_name = collection.type_name
    types = _types(place, type_name)
    opened = _window(place, type_name, collection, number, before) if type_name else ()
    return Tree(
        place=place,
        types=tuple(
            TreeType(name, count, is_open=True, collections=opened) if name == type_name else TreeType(name, count)
            for name, count in types[:TYPES_SHOWN]
        ),
        has_more=len(types) > TYPES_SHOWN,
        collection=collection.name if collection else "",
        number=number,
    )


def with_version_count(collections: QuerySet[ArtifactCollection]) -> QuerySet[ArtifactCollection]:
    """Add `version_count`: the recorded versions of a sequence, the links of a portfolio."""
    logged = Artifact.objects.recorded().filter(collection=OuterRef("pk")).order_by().values("collection")
    linked = CollectionMembership.objects.filter(collection=OuterRef("pk")).order_by().values("collection")
    return collections.annotate(
        version_count=Coalesce(
            Case(
                When(
                    kind=ArtifactCollection.Kind.PORTFOLIO,
                    then=Subquery(linked.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
                ),
                default=Subquery(logged.annotate(n=Count("pk")).values("n"), output_field=IntegerField()),
            ),
            Value(0),
        )
    )


def _collections(place: Place) -> QuerySet[ArtifactCollection]:
    return ArtifactCollection.objects.present().filter(project_id=place.project_id)


def _types(place: Place, open_type: str) -> list[tuple[str, int]]:
    """Return one type more than is shown, in order of their names, the open one always among them."""
    found = [(name, count) for name, count in read(TYPES, place.project_id, open_type, TYPES_SHOWN + 1)]
    return sorted(found[:TYPES_SHOWN]) + found[TYPES_SHOWN:]


def open_list(
    place: Place, *, collection: ArtifactCollection | None = None, number: int | None = None, q: str = ""
) -> Tree:
    """Return the collections of a registry as one flat branch, a window about the open one."""
    if q:
        return _matching(place, q)
    found = _window(place, "", collection, number)
    return Tree(
        place=place,
        types=(TreeType("", len(found), is_open=True, collections=found),),
        has_more=len(found) >= COLLECTIONS_SHOWN,
        collection=collection.name if collection else "",
        number=number,
    )


def _window(
    place: Place,
    type_name: str,
    collection: ArtifactCollection | None,
    number: int | None = None,
    before: int | None = None,
) -> tuple[TreeCollection, ...]:
    """The collections of a type, or of all, about the open one, which may be anywhere among thousands."""
    listed = (place.project_id, type_name) if type_name else (place.project_id,)
    side = (*listed, collection.name if collection else "", COLLECTIONS_SHOWN)
    found = read(WINDOW_OF_TYPE if type_name else WINDOW, *side, *side)
    opened = collection.pk if collection else None
    place_of_open = next((index for index, row in enumerate(found) if row[0] == opened), 0)
    start = max(0, min(place_of_open - COLLECTIONS_SHOWN // 2, len(found) - COLLECTIONS_SHOWN))
    branches = []
    for key, name, its_type, total in found[start : start + COLLECTIONS_SHOWN]:
        window = VersionWindow(total=total)
        if collection is not None and key == opened:
            window = version_window(collection, total=total, limit=VERSIONS_SHOWN, around=number, before=before)
        branches.append(TreeCollection(name, its_type, total, is_open=key == opened, versions=window))
    return tuple(branches)


def _matching(place: Place, q: str) -> Tree:
    alias = Alias.objects.filter(collection=OuterRef("pk"), name__icontains=q)
    listed = (
        with_version_count(_collections(place))
        .filter(Q(name__icontains=q) | Q(type_name__icontains=q) | Exists(alias))
        .order_by("type_name", "name", "pk")
    )
    found = list(listed[: MATCHES_SHOWN + 1])
    by_type: dict[str, list[TreeCollection]] = {}
    for row in found[:MATCHES_SHOWN]:
        counted = row.version_count  # type: ignore[attr-defined]
        by_type.setdefault(row.type_name, []).append(TreeCollection(row.name, row.type_name, counted))
    return Tree(
        place=place,
        types=tuple(TreeType(name, len(rows), is_open=True, collections=tuple(rows)) for name, rows in by_type.items()),
        has_more=len(found) > MATCHES_SHOWN,
        q=q,
    )


def open_branch(tree: Tree) -> TreeType:
    """Return the branch that is open; an empty one when none is."""
    return next((branch for branch in tree.types if branch.is_open), TreeType("", 0))
