"""The audit log. Append-only: triggers on both databases refuse every change of a row (migration 0002)."""

from django.db import models

from registry.core import clock


class Action(models.TextChoices):
    """The closed vocabulary of the log."""

    ORGANIZATION_CREATED = "organization.created", "created the organisation"
    TEAM_CREATED = "team.created", "created the team"
    USER_CREATED = "user.created", "created the user"
    MEMBER_ADDED = "member.added", "added a member"
    MEMBER_REMOVED = "member.removed", "removed a member"
    ROLE_CHANGED = "role.changed", "changed a role"
    INVITATION_CREATED = "invitation.created", "invited a member"
    INVITATION_REVOKED = "invitation.revoked", "took back an invitation"
    INVITATION_ACCEPTED = "invitation.accepted", "accepted an invitation"
    USER_CHANGED = "user.changed", "changed a user"
    PASSWORD_CHANGED = "password.changed", "changed a password"
    PASSWORD_LINK_CREATED = "password.link_created", "made a link to set a password"
    SECOND_FACTOR_ADDED = "second_factor.added", "added a second factor"
    SECOND_FACTOR_REMOVED = "second_factor.removed", "removed a second factor"
    KEY_CREATED = "key.created", "created an API key"
    KEY_REVOKED = "key.revoked", "revoked an API key"
    PROJECT_CREATED = "project.created", "created the project"
    PROJECT_CHANGED = "project.changed", "changed the project"
    PROJECT_DELETED = "project.deleted", "deleted the project"
    RUN_REWOUND = "run.rewound", "rewound the run"
    RUN_DELETED = "run.deleted", "deleted the run"
    COLLECTION_CREATED = "collection.created", "created the collection"
    COLLECTION_CHANGED = "collection.changed", "changed the collection"
    COLLECTION_DELETED = "collection.deleted", "deleted the collection"
    VERSION_ADDED = "version.added", "added the version"
    VERSION_REMOVED = "version.removed", "removed the version"
    VERSION_CHANGED = "version.changed", "changed the version"
    VERSION_DELETED = "version.deleted", "deleted the version"
    ALIAS_ADDED = "alias.added", "added the alias"
    ALIAS_MOVED = "alias.moved", "moved the alias"
    ALIAS_REMOVED = "alias.removed", "removed the alias"
    ALIAS_PROTECTED = "alias.protected", "protected the alias"
    ALIAS_UNPROTECTED = "alias.unprotected", "unprotected the alias"
    TAG_ADDED = "tag.added", "added the tag"
    TAG_REMOVED = "tag.removed", "removed the tag"
    VIEW_SAVED = "view.saved", "saved a shared view"
    VIEW_DELETED = "view.deleted", "deleted a shared view"


def action_choices() -> list[tuple[str, str]]:
    return Action.choices


class AuditEvent(models.Model):
    """Who did what to which thing, and when.

    Objects are named by plain ids and by the labels they had: an event outlives what it speaks of.
    """

    at = models.DateTimeField(default=clock.now)
    action = models.CharField(max_length=32, choices=action_choices)
    organization_id = models.BigIntegerField(null=True)
    project_id = models.BigIntegerField(null=True)
    collection_id = models.BigIntegerField(null=True)
    artifact_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(null=True, help_text="The version's number in the collection.")
    object_type = models.CharField(max_length=32)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=512, blank=True)
    alias = models.CharField(max_length=128, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=128, blank=True)
    actor_kind = models.CharField(max_length=16)
    key_prefix = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [
            # a collection's Action History, newest first
            models.Index(fields=["collection_id", "-id"], name="audit_by_collection"),
            models.Index(fields=["organization_id", "-id"], name="audit_by_organization"),
            models.Index(fields=["project_id", "-id"], name="audit_by_project"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.object_label}"


class AuditSeal(models.Model):
    """One link of an organisation's hash chain over its events. Append-only like the events themselves."""

    event = models.OneToOneField(AuditEvent, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal")
    chain = models.BigIntegerField(help_text="The organisation's id; 0 for events of none.")
    position = models.BigIntegerField(help_text="From 1, without gaps.")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, help_text="Hex SHA-256 over the previous hash and the event as JSON.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_seal_position_unique")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.position}"


class AuditChain(models.Model):
    """How far a chain is sealed, and up to where it may be next time. Its row is the lock of the sealer."""

    chain = models.BigIntegerField(unique=True)
    sealed_event_id = models.BigIntegerField(default=0)
    horizon_event_id = models.BigIntegerField(default=0)
    horizon_transaction = models.BigIntegerField(
        default=0, help_text="On PostgreSQL: when every older transaction has ended, the horizon may be sealed."
    )

    def __str__(self) -> str:
        return f"chain {self.chain} up to {self.sealed_event_id}"
