"""Changes to the views of the lineage graph that people keep.

A private view is its owner's own arrangement and no audit matter; what is shared with a project is audited.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from django.db import transaction

from registry import policies
from registry.core import clock
from registry.core.errors import Forbidden, InvalidInput, NotFound, Unauthenticated
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.lineage.graph import CLUSTER_KEY, LOCKED_KEY, NODE_KEY, NodeRef
from registry.lineage.view import ViewState
from registry.models import Action, Project, SavedView
from registry.services import audit

LONGEST_ADDRESS: Final = 1_500
LONGEST_QUERY: Final = 64_000
LONGEST_NAME: Final = 128
MOST_POSITIONS: Final = 500
FARTHEST: Final = 1_000_000
MOST_OWN: Final = 200


@transaction.atomic
def save_view(
    *,
    viewer: Viewer,
    project_id: int,
    base: str,
    name: str,
    query: str,
    positions: Mapping[str, Any] | None = None,
    is_shared: bool = False,
) -> SavedView:
    """Keep a view of the lineage of `base` under a name; the viewer's own of that name is replaced.

    Whoever sees the project may keep a private one; sharing takes the right to write. Raises `NotFound` for a project
    that the viewer may not see, `InvalidInput` for a query, a name or positions that make no sense.
    """
    project = _project(viewer, project_id)
    if is_shared:
        policies.require_write(viewer, project)
    fields = {
        "kind": SavedView.Kind.SHARED if is_shared else SavedView.Kind.PRIVATE,
        "query": clean_query(query),
        "positions": clean_positions(positions or {}),
        "updated_at": clock.now(),
    }
    base, name = NodeRef.parse(base).key, _clean_name(name)
    own = SavedView.objects.filter(owner_id=viewer.user_id, project=project)
    before = own.filter(base=base, name=name).first()
    if before is None and own.count() >= MOST_OWN:
        raise InvalidInput(f"You keep {MOST_OWN} views in this project already; delete one first.")
    view, _ = SavedView.objects.update_or_create(
        project=project, base=base, owner_id=viewer.user_id, name=name, defaults=fields
    )
    if is_shared or (before is not None and before.kind == SavedView.Kind.SHARED):
        _record(viewer, Action.VIEW_SAVED, project, view)
    return view


@transaction.atomic
def change_view(
    *,
    viewer: Viewer,
    view_id: int,
    name: str | None = None,
    is_shared: bool | None = None,
    query: str | None = None,
    positions: Mapping[str, Any] | None = None,
) -> SavedView:
    """Change what is given of the viewer's own view. Raises `Forbidden` for another's, `NotFound` for none."""
    view = _own_view(viewer, view_id)
    was_shared = view.kind == SavedView.Kind.SHARED
    if name is not None:
        view.name = _clean_name(name)
        if SavedView.objects.filter(
            project=view.project, base=view.base, owner_id=view.owner_id, name=view.name
        ).exclude(pk=view.pk):
            raise InvalidInput(f"You have a view {view.name!r} of this node already.")
    if query is not None:
        view.query = clean_query(query)
    if positions is not None:
        view.positions = clean_positions(positions)
    if is_shared is not None:
        view.kind = SavedView.Kind.SHARED if is_shared else SavedView.Kind.PRIVATE
    view.updated_at = clock.now()
    project = _project(viewer, view.project_id)
    if view.kind == SavedView.Kind.SHARED:
        policies.require_write(viewer, project)
    view.save(update_fields=["name", "query", "positions", "kind", "updated_at"])
    if was_shared or view.kind == SavedView.Kind.SHARED:
        _record(viewer, Action.VIEW_SAVED, project, view)
    return view


@transaction.atomic
def delete_view(*, viewer: Viewer, view_id: int) -> None:
    """Delete the viewer's own view, or, as an admin of the project, one that is shared."""
    view = _view(viewer, view_id)
    project = _project(viewer, view.project_id)
    if view.owner_id != viewer.user_id:
        policies.require_admin(viewer, project)
    if view.kind == SavedView.Kind.SHARED:
        _record(viewer, Action.VIEW_DELETED, project, view)
    view.delete()


@transaction.atomic
def keep_long_view(*, viewer: Viewer, query: str) -> str:
    """Keep a query that is too long for an address; return its token, the same one for the same view."""
    policies.require_signed_in(viewer)
    query = clean_query(query)
    token = hashlib.sha256(query.encode()).hexdigest()[:24]
    SavedView.objects.get_or_create(kind=SavedView.Kind.LINK, token=token, defaults={"query": query})
    return token


def clean_query(query: str) -> str:
    """Return the canonical form of a view's query; raise `InvalidInput` when it is none."""
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(f"The view is longer than {LONGEST_QUERY:,} characters.")
    try:
        fields = parse_qs(query.removeprefix("?"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise InvalidInput("The view is not the query of an address.") from None
    return ViewState.parse(fields).to_query()


def clean_positions(positions: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return positions of nodes as [x, y], rounded; raise `InvalidInput` when they are not that."""
    if len(positions) > MOST_POSITIONS:
        raise InvalidInput(f"A view keeps up to {MOST_POSITIONS} moved cards, not {len(positions):,}.")
    cleaned = {}
    for key, place in positions.items():
        if not any(pattern.fullmatch(key) for pattern in (NODE_KEY, CLUSTER_KEY, LOCKED_KEY)):
            raise InvalidInput(f"{key[:60]!r} is not the key of a node.")
        cleaned[key] = [_coordinate(key, number) for number in (place if isinstance(place, list | tuple) else [])]
        if len(cleaned[key]) != 2:
            raise InvalidInput(f"The position of {key} is not [x, y].")
    return cleaned


def _coordinate(key: str, number: object) -> float:
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if not is_number or not math.isfinite(number) or abs(number) > FARTHEST:  # type: ignore[arg-type]
        raise InvalidInput(f"The position of {key} is not [x, y].")
    return round(float(number), 1)  # type: ignore[arg-type]


def _clean_name(name: str) -> str:
    name = " ".join(clean_text("The name", name, LONGEST_NAME).split())
    if not name:
        raise InvalidInput("Give the view a name.")
    return name


def _project(viewer: Viewer, project_id: int | None) -> Project:
    if viewer.user_id is None:
        raise Unauthenticated("Sign in first.")
    project = Project.objects.select_related("entity").visible_to(viewer).filter(pk=project_id or 0).first()
    if project is None:
        raise NotFound("There is no such project, or you may not see it.")
    return project


def _view(viewer: Viewer, view_id: int) -> SavedView:
    policies.require_signed_in(viewer)
    view = SavedView.objects.visible_to(viewer).select_for_update(of=("self",)).filter(pk=view_id).first()
    if view is None:
        raise NotFound("There is no such view, or you may not see it.")
    return view


def _own_view(viewer: Viewer, view_id: int) -> SavedView:
    view = _view(viewer, view_id)
    if view.owner_id != viewer.user_id:
        raise Forbidden("Only its owner may change this view.")
    return view


def _record(viewer: Viewer, action: Action, project: Project, view: SavedView) -> None:
    audit.record(
        viewer=viewer,
        action=action,
        on=view,
        label=view.name,
        project=project,
        after={"base": view.base, "query": view.query[:2000], "is_shared": view.kind == SavedView.Kind.SHARED},
    )
