"""What the further rows of the cards in a lineage picture say. A query for each kind, none when no row is asked for."""

from collections.abc import Collection, Iterable

from django.db.models import Case, Value, When
from django.utils import timezone

from registry.core import clock
from registry.core.amounts import duration_text, moment_text, size_text
from registry.core.viewer import Viewer
from registry.lineage.graph import Kind, NodeRef
from registry.lineage.rows import CardRow, Row, rows_of, written
from registry.models import Artifact, Run, User
from registry.models.projects import visible_project

STILL_RUNNING = "still running"


def get_rows(
    *, viewer: Viewer, drawn: Collection[NodeRef], rows: tuple[Row, ...]
) -> dict[NodeRef, tuple[CardRow, ...]]:
    """Return the rows that were asked for of each node, each with its text.

    The nodes have been found by a walk for this viewer; only who logged a version is told by what may be seen.
    """
    found: dict[NodeRef, tuple[CardRow, ...]] = {}
    for kind, texts_of in ((Kind.RUN, _runs), (Kind.ARTIFACT, _artifacts)):
        refs = [ref for ref in drawn if ref.kind is kind]
        shown = rows_of(kind, rows)
        if refs and shown:
            texts = texts_of(viewer, [ref.id for ref in refs])
            found |= {
                NodeRef(kind, number): tuple(CardRow(row, written(said[row])) for row in shown)
                for number, said in texts
            }
    return found


def _runs(_: Viewer, runs: Collection[int]) -> Iterable[tuple[int, dict[Row, str]]]:
    fields = ("state", "created_at", "heartbeat_at", "finished_at", "deleted_at", "notes")
    now = clock.now()
    for run in (
        Run.objects.filter(pk__in=runs)
        .select_related("created_by")
        .only(*fields, "created_by__name", "created_by__username")
    ):
        # a going run's duration would be another one at every look
        end = run.ended_at
        yield (
            run.pk,
            {
                Row.STATE: "deleted" if run.deleted_at else run.shown_state(now),
                Row.CREATED: moment_text(timezone.localtime(run.created_at)),
                Row.DURATION: duration_text((end - run.created_at).total_seconds()) if end else STILL_RUNNING,
                Row.AUTHOR: _name(run.created_by),
                Row.DESCRIPTION: run.notes,
            },
        )


def _artifacts(viewer: Viewer, artifacts: Collection[int]) -> Iterable[tuple[int, dict[Row, str]]]:
    """Who logged a version that the viewer sees only through a registry is not told, as its project is not."""
    is_open: Value | Case = Value(value=True)
    if not viewer.is_all_seeing:
        is_open = Case(When(visible_project(viewer, "collection__project__"), then=True), default=False)
    found = Artifact.objects.filter(pk__in=artifacts).select_related("created_by").annotate(is_open=is_open)
    for artifact in found.only(
        "created_at", "size_bytes", "file_count", "description", "created_by__name", "created_by__username"
    ):
        count = artifact.file_count
        yield (
            artifact.pk,
            {
                Row.CREATED: moment_text(timezone.localtime(artifact.created_at)),
                Row.AUTHOR: _name(artifact.created_by) if artifact.is_open else "",  # type: ignore[attr-defined]
                Row.SIZE: f"{size_text(artifact.size_bytes)} · {count:,} file{'' if count == 1 else 's'}",
                Row.DESCRIPTION: artifact.description,
            },
        )


def _name(author: User | None) -> str:
    return author.get_full_name() if author else ""
