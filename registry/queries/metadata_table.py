"""The metadata of several versions beside each other, key by key (PAG-3)."""

from dataclasses import dataclass

from registry.core.errors import NotFound
from registry.core.json_rows import flatten
from registry.core.viewer import Viewer
from registry.models import Artifact, ArtifactCollection, CollectionMembership

MOST_KEYS = 500
_LEAVES_READ = 5000


@dataclass(frozen=True, slots=True)
class MetadataKey:
    """A key and its value in each version; None where the version does not have it."""

    path: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """The keys in which the versions differ, in order; `same_count` others are equal in all of them."""

    labels: tuple[str, ...]
    keys: tuple[MetadataKey, ...]
    differing_count: int
    same_count: int


def get_metadata_table(*, viewer: Viewer, collection: ArtifactCollection, numbers: tuple[int, ...]) -> MetadataTable:
    """Compare versions of a collection that the viewer may see, in one query. Raises `NotFound` for one not there."""
    if collection.is_portfolio:
        links = CollectionMembership.objects.filter(collection=collection, version__in=numbers)
        found = dict(links.values_list("version", "artifact__metadata"))
    else:
        versions = Artifact.objects.recorded().filter(collection=collection, version__in=numbers)
        found = {row.version: row.metadata for row in versions if row.version is not None}
    missing = [number for number in numbers if number not in found]
    if missing:
        raise NotFound(f"{collection.name!r} has no version v{missing[0]}.")
    ordered = sorted(numbers, reverse=True)
    columns = [{row.path: row.text for row in flatten(found[number], most=_LEAVES_READ)} for number in ordered]
    rows = [
        MetadataKey(path, tuple(column.get(path) for column in columns))
        for path in sorted({path for column in columns for path in column})
    ]
    differing = [row for row in rows if len(set(row.values)) > 1]
    return MetadataTable(
        labels=tuple(f"v{number}" for number in ordered),
        keys=tuple(differing[:MOST_KEYS]),
        differing_count=len(differing),
        same_count=len(rows) - len(differing),
    )
