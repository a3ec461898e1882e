"""The views of the lineage graph that people keep."""

from dataclasses import dataclass
from datetime import datetime

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import SavedView


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view. `positions` are [x, y] of dragged cards by node; `base` is the node whose lineage it is of."""

    id: int
    name: str
    base: str
    query: str
    is_shared: bool
    is_mine: bool
    owner: str
    positions: dict[str, list[float]]
    updated_at: datetime


def list_views(*, viewer: Viewer, project_id: int, base: str) -> list[ViewRow]:
    """Return the views of a node's lineage: the viewer's own, then those shared with the project, by name."""
    found = SavedView.objects.visible_to(viewer).filter(project_id=project_id, base=base).select_related("owner")
    rows = [_row(viewer, view) for view in found]
    return sorted(rows, key=lambda row: (not row.is_mine, row.name.casefold(), row.id))


def get_view(*, viewer: Viewer, view_id: int) -> ViewRow:
    """Return one saved view. Raises `NotFound` for one that the viewer may not see."""
    view = SavedView.objects.visible_to(viewer).select_related("owner").filter(pk=view_id).first()
    if view is None:
        raise NotFound("There is no such view, or you may not see it.")
    return _row(viewer, view)


def get_long_view(*, viewer: Viewer, token: str) -> str:
    """Return the query that was too long for an address. Raises `NotFound`.

    It names nodes by number alone; what is drawn of them is up to the rights of who opens it.
    """
    if not viewer.is_authenticated:
        raise NotFound("There is no such view.")
    query = SavedView.objects.filter(kind=SavedView.Kind.LINK, token=token[:64]).values_list("query", flat=True).first()
    if query is None:
        raise NotFound("There is no such view.")
    return query


def _row(viewer: Viewer, view: SavedView) -> ViewRow:
    return ViewRow(
        id=view.pk,
        name=view.name,
        base=view.base,
        query=view.query,
        is_shared=view.kind == SavedView.Kind.SHARED,
        is_mine=view.owner_id == viewer.user_id,
        owner=view.owner.get_full_name() if view.owner else "",
        positions=view.positions,
        updated_at=view.updated_at,
    )
