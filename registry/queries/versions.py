"""Versions of one collection, newest first, in windows: the same for sequences and for portfolios."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from registry.models import (
    Alias,
    Artifact,
    ArtifactCollection,
    CollectionMembership,
    ProtectedAlias,
)

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class AliasMark:
    """An alias as it is drawn: the system's, a protected one, or an ordinary one."""

    name: str
    is_protected: bool = False

    @property
    def is_system(self) -> bool:
        return self.name == LATEST


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list. `number` is the collection's own, also for a link."""

    number: int
    artifact_id: int
    created_at: datetime
    is_deleted: bool
    aliases: tuple[AliasMark, ...] = ()
    size_bytes: int = 0
    ttl_seconds: int = 0

    @property
    def label(self) -> str:
        return f"v{self.number}"


@dataclass(frozen=True, slots=True)
class VersionWindow:
    """Some versions in a row. `older` is what to ask for next as `before`, None at the end; likewise `newer`."""

    rows: tuple[VersionRow, ...] = ()
    older: int | None = None
    newer: int | None = None
    total: int = 0

    @property
    def hidden_count(self) -> int:
        return max(0, self.total - len(self.rows))

    def row(self, number: int) -> VersionRow | None:
        return next((row for row in self.rows if row.number == number), None)


def version_window(
    collection: ArtifactCollection, *, total: int, limit: int, around: int | None = None, before: int | None = None
) -> VersionWindow:
    """Return at most `limit` versions: those below `before`, those about `around`, or the newest. Two queries."""
    numbered = _numbered(collection)
    top = None
    if around is not None:
        top = around + limit // 2
    elif before is not None:
        top = before - 1
    if top is not None:
        # one more at the top tells whether there are newer ones
        numbered = numbered.filter(number__lte=top + 1)
    found = list(numbered.order_by("-number")[: limit + 2])
    newer = None
    if top is not None and found and found[0]["number"] == top + 1:
        newer = found.pop(0)["number"] + limit
    older = found[limit - 1]["number"] if len(found) > limit else None
    marks = aliases_of(collection, [row["artifact_pk"] for row in found[:limit]])
    rows = tuple(
        VersionRow(
            number=row["number"],
            artifact_id=row["artifact_pk"],
            created_at=row["at"],
            is_deleted=row["its_state"] == Artifact.State.DELETED,
            aliases=marks.get(row["artifact_pk"], ()),
            size_bytes=row["bytes"],
            ttl_seconds=row["ttl"],
        )
        for row in found[:limit]
    )
    return VersionWindow(rows=rows, older=older, newer=newer, total=total)


def _numbered(collection: ArtifactCollection):  # type: ignore[no-untyped-def]  # noqa: ANN202 - two kinds of values()
    columns = ("number", "artifact_pk", "at", "its_state", "bytes", "ttl")
    if collection.is_portfolio:
        return (
            CollectionMembership.objects.filter(collection=collection)
            .annotate(
                number=F("version"),
                artifact_pk=F("artifact_id"),
                at=F("created_at"),
                its_state=F("artifact__state"),
                bytes=F("artifact__size_bytes"),
                ttl=F("artifact__ttl_seconds"),
            )
            .values(*columns)
        )
    return (
        Artifact.objects.recorded()
        .filter(collection=collection)
        .annotate(
            number=F("version"),
            artifact_pk=F("pk"),
            at=F("created_at"),
            its_state=F("state"),
            bytes=F("size_bytes"),
            ttl=F("ttl_seconds"),
        )
        .values(*columns)
    )


def aliases_of(collection: ArtifactCollection, artifact_ids: list[int]) -> dict[int, tuple[AliasMark, ...]]:
    """Return the aliases that the versions hold in the collection: protected first, `latest` last."""
    protected = ProtectedAlias.objects.filter(project_id=collection.project_id, name=OuterRef("name"))
    found = (
        Alias.objects.filter(collection=collection, artifact_id__in=artifact_ids)
        .annotate(is_protected=Exists(protected))
        .order_by("name")
        .values_list("artifact_id", "name", "is_protected")
    )
    marks: dict[int, list[AliasMark]] = {}
    for artifact_id, name, is_protected in found:
        marks.setdefault(artifact_id, []).append(AliasMark(name, is_protected))
    return {
        artifact_id: tuple(sorted(held, key=lambda mark: (not mark.is_protected, mark.is_system, mark.name)))
        for artifact_id, held in marks.items()
    }
