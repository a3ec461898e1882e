"""Which projects a viewer may see, decided where many rows name few projects."""

from collections.abc import Collection

from registry import policies
from registry.core.viewer import Viewer
from registry.models import Entity, Project
from registry.queries.card_sql import PROJECTS, in_dialect
from registry.queries.raw import array, read


class OpenProjects:
    """The rule of `visible_project`, applied to each project once."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._known: dict[int, bool] = {}

    def allows(self, project: int, visibility: str, entity: int, kind: str, organization: int | None) -> bool:
        """Whether the viewer may see a project, given what its row says (`RIGHTS` of the SQL)."""
        if project not in self._known:
            owner = Entity(pk=entity, kind=kind, organization_id=organization)
            row = Project(pk=project, visibility=visibility, entity=owner)
            self._known[project] = policies.can_view_project(self._viewer, row)
        return self._known[project]

    def among(self, projects: Collection[int]) -> dict[int, bool]:
        """Whether the viewer may see each of these projects. One query, when one of them is not known yet."""
        missing = {project for project in projects if project not in self._known}
        if self._viewer.is_all_seeing:
            self._known |= dict.fromkeys(missing, True)
        elif missing:
            for rights in read(in_dialect(PROJECTS), array(missing)):
                self.allows(*rights)
        return self._known
