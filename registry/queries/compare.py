"""Two versions of a collection beside each other (PAG-4): files, metadata, and what their lineage has apart."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, TextField, When

from registry.core import names
from registry.core.cursors import decode_cursor, encode_cursor
from registry.core.errors import NotFound
from registry.core.json_diff import JsonDiff, diff_json
from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, ArtifactCollection, CollectionMembership, ManifestEntry
from registry.queries.artifact_pages import Moved, artifact_numbered, collection_named
from registry.queries.lineage_diff import LineageDiff, lineage_diff
from registry.queries.places import Place, ProjectFrame, get_project, get_registry
from registry.queries.versions import AliasMark, aliases_of

FILES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions, by its number in the collection."""

    number: int
    artifact: Artifact
    aliases: tuple[AliasMark, ...]

    @property
    def label(self) -> str:
        return f"v{self.number}"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path that differs. A side that does not have it has no size."""

    path: str
    change: str
    left_bytes: int | None
    right_bytes: int | None

    @property
    def difference_bytes(self) -> int:
        return (self.right_bytes or 0) - (self.left_bytes or 0)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One page of the paths that differ, in order, and the counts of all."""

    changes: tuple[FileChange, ...]
    after: str
    added: int
    removed: int
    changed: int
    same: int
    same_bytes: int

    @property
    def change_count(self) -> int:
        return self.added + self.removed + self.changed


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page shows. Without `right` the collection has no other version."""

    project: ProjectFrame
    collection: str
    type_name: str
    left: Side
    right: Side | None
    files: FileDiff | None = None
    metadata: JsonDiff | None = None
    lineage: LineageDiff | None = None

    @property
    def place(self) -> Place:
        return self.project.place


@dataclass(frozen=True, slots=True)
class ComparedAt:
    """The address, by numbers, of a comparison that was asked for by an alias, by an old name or by one side only."""

    collection: str
    version: str
    other: str


def get_comparison(
    *, viewer: Viewer, place: dict[str, str], collection: str, version: str, other: str = "", after: str = ""
) -> Comparison | ComparedAt:
    """Return the comparison of a version with another of its collection, by default with the one before it.

    `place` holds the words of the address: `entity, project, type_name` or `registry`. `version` and `other` may be
    aliases. Raises `NotFound`.
    """
    if "registry" in place:
        frame = get_registry(viewer=viewer, name=place["registry"])
    else:
        frame = get_project(viewer=viewer, entity=place["entity"], project=place["project"])
    found = collection_named(frame, collection, place.get("type_name", ""))
    if isinstance(found, Moved):
        return ComparedAt(found.collection, version, other)
    number = _number(found, version)
    other_number = _number(found, other) if other else _neighbour(found, number)
    if not names.is_version(version) or (other and not names.is_version(other)):
        return ComparedAt(found.name, f"v{number}", f"v{other_number}" if other else "")
    left = artifact_numbered(found, number)
    if not other and other_number is not None and other_number < number:
        # the older one stands left, as time goes
        return ComparedAt(found.name, f"v{other_number}", f"v{number}")
    if other_number is None:
        marks = aliases_of(found, [left.pk])
        return Comparison(frame, found.name, found.type_name, Side(number, left, marks.get(left.pk, ())), None)
    right = artifact_numbered(found, other_number)
    marks = aliases_of(found, [left.pk, right.pk])
    return Comparison(
        project=frame,
        collection=found.name,
        type_name=found.type_name,
        left=Side(number, left, marks.get(left.pk, ())),
        right=Side(other_number, right, marks.get(right.pk, ())),
        files=_file_diff(left.pk, right.pk, after),
        metadata=diff_json(left.metadata or {}, right.metadata or {}),
        lineage=lineage_diff(viewer, left.pk, right.pk),
    )


def _numbers(collection: ArtifactCollection) -> QuerySet[Artifact] | QuerySet[CollectionMembership]:
    if collection.is_portfolio:
        return CollectionMembership.objects.filter(collection=collection)
    return Artifact.objects.recorded().filter(collection=collection)


def _number(collection: ArtifactCollection, version: str) -> int:
    if names.is_version(version) and len(version) <= 10:
        return int(version[1:])
    held = Alias.objects.filter(collection=collection, name=version).values_list("artifact_id", flat=True).first()
    key = "artifact_id" if collection.is_portfolio else "pk"
    number = _numbers(collection).filter(**{key: held}).values_list("version", flat=True).first() if held else None
    if number is None:
        raise NotFound(f"{collection.name!r} has no version and no alias {version!r}.")
    return int(number)


def _neighbour(collection: ArtifactCollection, number: int) -> int | None:
    """Return the version before the number, the one after it when there is none, None for an only version."""
    rows = _numbers(collection).exclude(version=number)
    nearest = rows.annotate(is_later=Case(When(version__gt=number, then=1), default=0))
    closest = Case(When(version__gt=number, then=F("version")), default=-F("version"))
    found = nearest.order_by("is_later", closest).values_list("version", flat=True).first()
    return None if found is None else int(found)


def _file_diff(left: int, right: int, after: str) -> FileDiff:
    paths = _paths(left, right)
    differs = Q(left_digest=None) | Q(right_digest=None) | ~Q(left_digest=F("right_digest"))
    counts = paths.aggregate(
        added=Count("path", filter=Q(left_digest=None)),
        removed=Count("path", filter=Q(right_digest=None)),
        same=Count("path", filter=Q(left_digest=F("right_digest"))),
        same_bytes=Sum("left_bytes", filter=Q(left_digest=F("right_digest"))),
        total=Count("path"),
    )
    rows = paths.filter(differs).order_by("path")
    if after:
        rows = rows.filter(path__gt=str(decode_cursor("changed files", after)[0]))
    found = list(rows[: FILES_SHOWN + 1])
    changes = tuple(
        FileChange(row["path"], _change(row["left_digest"], row["right_digest"]), row["left_bytes"], row["right_bytes"])
        for row in found[:FILES_SHOWN]
    )
    return FileDiff(
        changes=changes,
        after=encode_cursor("changed files", changes[-1].path) if len(found) > FILES_SHOWN else "",
        added=counts["added"],
        removed=counts["removed"],
        changed=counts["total"] - counts["added"] - counts["removed"] - counts["same"],
        same=counts["same"],
        same_bytes=counts["same_bytes"] or 0,
    )


def _paths(left: int, right: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - values() with annotations
    def of(side: int, column: str, kind: "TextField[Any, Any] | BigIntegerField[Any, Any]") -> Max:
        return Max(Case(When(artifact_id=side, then=F(column)), output_field=kind))

    return (
        ManifestEntry.objects.filter(artifact_id__in=[left, right])
        .order_by()
        .values("path")
        .annotate(
            left_digest=of(left, "digest", TextField()),
            right_digest=of(right, "digest", TextField()),
            left_bytes=of(left, "size_bytes", BigIntegerField()),
            right_bytes=of(right, "size_bytes", BigIntegerField()),
        )
    )


def _change(left_digest: str | None, right_digest: str | None) -> str:
    if left_digest is None:
        return "added"
    return "removed" if right_digest is None else "changed"
