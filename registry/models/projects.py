"""Projects. A registry is the project `wandb-registry-<name>` of an organisation's entity."""

from django.conf import settings
from django.db import models

from registry.core import clock, names
from registry.core.viewer import Role, Viewer
from registry.models.accounts import Entity, role_choices


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, viewer: Viewer) -> "ProjectQuerySet":
        return self.filter(visible_project(viewer))

    def registries(self) -> "ProjectQuerySet":
        return self.filter(name_key__startswith=names.REGISTRY_PREFIX, entity__kind=Entity.Kind.ORGANISATION)


def visible_project(viewer: Viewer, prefix: str = "") -> models.Q:
    """Return the one rule for what may be seen, as a condition on a project reached by `prefix` ("run__project__").

    Seen are projects of the viewer's own entities, projects open to one of the viewer's organisations, and projects
    that name the viewer as a member.
    """
    if viewer.is_all_seeing:
        return models.Q()
    return (
        models.Q(**{f"{prefix}entity_id__in": sorted(viewer.entity_ids)})
        | models.Q(
            models.Q(**{f"{prefix}entity__organization_id__in": sorted(viewer.organization_ids)})
            | models.Q(**{f"{prefix}entity_id__in": sorted(viewer.organization_ids)}),
            **{f"{prefix}visibility": Project.Visibility.ORGANISATION},
        )
        | models.Q(**{f"{prefix}id__in": sorted(viewer.project_ids)})
    )


class Project(models.Model):
    """A name space for runs and artifact collections. Its visibility is the only one: nothing inside has its own."""

    class Visibility(models.TextChoices):
        PRIVATE = "private"
        ORGANISATION = "organisation"

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="projects")
    name = models.CharField(max_length=128)
    name_key = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=16, choices=Visibility, default=Visibility.PRIVATE)
    accepted_types = models.JSONField(
        null=True, blank=True, help_text="For a registry: the artifact types it accepts; empty means all."
    )
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "name_key"], name="project_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_registry(self) -> bool:
        return names.is_registry_project(self.name)

    @property
    def title(self) -> str:
        """The name that people read: a registry without its prefix."""
        return names.registry_name(self.name) if self.is_registry else self.name


class ProjectMember(models.Model):
    """A user's or a team's role in one project, beyond what the owning entity gives."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=role_choices, default=Role.MEMBER.value)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="project_member_user_unique"),
            models.UniqueConstraint(fields=["project", "team"], name="project_member_team_unique"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, team__isnull=True)
                | models.Q(user__isnull=True, team__isnull=False),
                name="project_member_is_user_or_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id or self.team_id} in {self.project_id}: {self.role}"
