"""People, the entities that own projects, and API keys."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models

from registry.core import clock
from registry.core.viewer import Role


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, role.value.capitalize()) for role in Role]


class User(AbstractUser):
    """A person who signs in. The entity of the same name owns the person's own projects."""

    username = models.CharField(
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_-]+$", "Use letters, digits, '_' and '-'.")],
        help_text="Up to 64 letters, digits, '_' and '-'. It is part of addresses.",
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("full name", max_length=128, blank=True)
    default_entity = models.ForeignKey(
        "Entity",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where the SDK puts runs that name no entity; the own entity when empty.",
    )

    objects: ClassVar[UserManager["User"]] = UserManager()  # type: ignore[assignment]

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def initials(self) -> str:
        words = self.get_full_name().replace("_", " ").replace("-", " ").split()
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Entity(models.Model):
    """An owner of projects: a user, a team or an organisation. One name space for all three."""

    class Kind(models.TextChoices):
        USER = "user"
        TEAM = "team"
        ORGANISATION = "organisation"

    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=128)
    name_key = models.CharField(
        max_length=255, help_text="The name, NFC and casefolded: names differ by more than case."
    )
    organization = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="home_of",
        limit_choices_to={"kind": Kind.ORGANISATION},
        help_text="The home organisation of a user or a team.",
    )
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="entity")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "entities"
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="entity_name_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="user", user__isnull=False)
                | (~models.Q(kind="user") & models.Q(user__isnull=True)),
                name="entity_user_only_for_users",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="organisation") | models.Q(organization__isnull=True),
                name="entity_organisation_has_no_home",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def home_organization_id(self) -> int | None:
        """The organisation that the entity belongs to; an organisation belongs to itself."""
        return self.pk if self.kind == self.Kind.ORGANISATION else self.organization_id


class EntityMember(models.Model):
    """A user's role in a team or an organisation."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=role_choices, default=Role.MEMBER.value)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "user"], name="entity_member_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.entity_id}: {self.role}"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: datetime) -> "ApiKeyQuerySet":
        """Narrow to keys that are neither revoked nor expired, of users who may sign in."""
        return self.filter(revoked_at=None, user__is_active=True).exclude(expires_at__lte=now)


class ApiKey(models.Model):
    """A key for machines. Only its SHA-256 is stored; the text is shown once, when it is made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    public_id = models.CharField(max_length=16, help_text="The first characters, shown in lists and in the audit log.")
    key_hash = models.CharField(max_length=64, help_text="Hex SHA-256 of the whole key.")
    name = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        constraints = [models.UniqueConstraint(fields=["key_hash"], name="api_key_hash_unique")]

    def __str__(self) -> str:
        return f"{self.public_id}…"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        """Narrow to invitations that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A link by which one person joins an organisation or a team, once. Only the SHA-256 of its secret is stored."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=role_choices)
    note = models.CharField(max_length=128, blank=True, help_text="For whom it is meant, for the list of invitations.")
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="invitation_token_unique")]

    def __str__(self) -> str:
        return f"{self.role} of {self.entity_id}"
