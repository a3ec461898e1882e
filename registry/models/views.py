"""Arrangements of the lineage graph that people keep."""

from django.conf import settings
from django.db import models

from registry.core import clock
from registry.core.viewer import Viewer
from registry.models.projects import Project, visible_project


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer) -> "SavedViewQuerySet":
        """Narrow to the viewer's own and the shared ones, of projects that may be seen; never to links."""
        mine = models.Q(kind=SavedView.Kind.PRIVATE, owner_id=viewer.user_id or 0)
        shared = models.Q(kind=SavedView.Kind.SHARED)
        return self.filter(visible_project(viewer, "project__"), mine | shared)


class SavedView(models.Model):
    """A view of one node's lineage: a query of the page and the positions of the cards that were dragged.

    A private one is its owner's, a shared one is for all who see the project. A link is no one's: it only keeps a
    query that is too long for an address, found by a token that is made of the query.
    """

    class Kind(models.TextChoices):
        PRIVATE = "private"
        SHARED = "shared"
        LINK = "link"

    kind = models.CharField(max_length=8, choices=Kind)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    base = models.CharField(max_length=32, blank=True, help_text="The node of the page, such as artifact-7.")
    name = models.CharField(max_length=128, blank=True)
    query = models.TextField(blank=True)
    positions = models.JSONField(default=dict, blank=True, help_text="[x, y] of dragged cards, by node.")
    token = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "base", "owner", "name"],
                condition=~models.Q(kind="link"),
                name="saved_view_name_unique",
            ),
            models.UniqueConstraint(fields=["token"], condition=models.Q(kind="link"), name="saved_view_token_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="link", project=None, owner=None)
                | models.Q(kind__in=["private", "shared"], project__isnull=False, owner__isnull=False),
                name="saved_view_has_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.token
