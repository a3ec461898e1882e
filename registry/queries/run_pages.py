"""What the pages of runs show: the table of a project, and one run."""

from dataclasses import dataclass, field

from registry.core.errors import NotFound
from registry.core.viewer import Viewer
from registry.models import Run
from registry.queries.places import Place, ProjectFrame, get_project
from registry.queries.trees import Tree, get_tree


@dataclass(frozen=True, slots=True)
class RunFrame:
    """What stands around every tab of a run."""

    project: ProjectFrame
    tree: Tree
    run: Run = field(repr=False)

    @property
    def place(self) -> Place:
        return self.project.place

    @property
    def run_id(self) -> int:
        return self.run.pk

    @property
    def job_type(self) -> str:
        return self.run.group.job_type

    @property
    def duration_seconds(self) -> float | None:
        """How long the run took, or has taken up to its last sign of life."""
        end = self.run.ended_at or self.run.heartbeat_at
        return (end - self.run.created_at).total_seconds()


def get_run_frame(*, viewer: Viewer, entity: str, project: str, uid: str) -> RunFrame:
    """Return the frame of a run; a deleted one still has its page. Raises `NotFound`."""
    frame = get_project(viewer=viewer, entity=entity, project=project)
    run = (
        Run.objects.select_related("group", "created_by", "deleted_by")
        .filter(project_id=frame.place.project_id, uid=uid)
        .first()
    )
    if run is None:
        raise NotFound(f"There is no run {uid} in {entity}/{project}, or you may not see it.")
    return RunFrame(project=frame, tree=get_tree(frame.place), run=run)
