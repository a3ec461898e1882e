"""Changes that people make to their own account, and administrators to anybody's."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from registry import policies
from registry.core import clock
from registry.core.errors import Conflict, Forbidden, NotFound
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.models import Action, User
from registry.services import audit


@transaction.atomic
def change_person(*, viewer: Viewer, user: User, name: str | None = None, email: str | None = None) -> bool:
    """Set the full name, the mail address or both; False when nothing differs."""
    _require_self_or_system(viewer, user)
    given = {"name": name, "email": email}
    wanted = {key: clean_text(key, text).strip()[:128] for key, text in given.items() if text is not None}
    before = {key: getattr(user, key) for key in wanted if getattr(user, key) != wanted[key]}
    if not before:
        return False
    after = {key: wanted[key] for key in before}
    for key, text in after.items():
        setattr(user, key, text)
    user.save(update_fields=list(after))
    _record(viewer, Action.USER_CHANGED, user, before, after)
    return True


@transaction.atomic
def set_password(*, viewer: Viewer, user: User, password: str) -> None:
    """Set a password that was found good; every session of the user ends, API keys stay."""
    _require_self_or_system(viewer, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record(viewer, Action.PASSWORD_CHANGED, user)


@transaction.atomic
def change_rights(
    *, viewer: Viewer, user: User, is_active: bool | None = None, is_superuser: bool | None = None
) -> bool:
    """Switch an account off or on, make an administrator of the installation or take that back.

    False when nothing differs. Raises `Conflict` when no active administrator would be left.
    """
    if not viewer.is_all_seeing:
        raise Forbidden("Only administrators of this installation may do this.")
    locked = {row.pk: row for row in User.objects.select_for_update().filter(is_superuser=True, is_active=True)}
    wanted = {"is_active": is_active, "is_superuser": is_superuser, "is_staff": is_superuser}
    before = {name: getattr(user, name) for name in wanted}
    after = {name: before[name] if value is None else value for name, value in wanted.items()}
    if before == after:
        return False
    if user.pk in locked and len(locked) == 1 and not (after["is_active"] and after["is_superuser"]):
        raise Conflict(f"{user.username} is the last administrator of this installation.")
    for name, value in after.items():
        setattr(user, name, value)
    user.save(update_fields=list(after))
    changed = [name for name in after if after[name] != before[name]]
    _record(viewer, Action.USER_CHANGED, user, {name: before[name] for name in changed}, {n: after[n] for n in changed})
    return True


@transaction.atomic
def create_password_link(*, viewer: Viewer, user: User) -> tuple[str, str]:
    """Return the two words of the address under which the user may set a password, once, within a day.

    The link dies when the password is set or the user signs in. Raises `Conflict` for an account that is off.
    """
    if not viewer.is_all_seeing:
        raise Forbidden("Only administrators of this installation may do this.")
    if not user.is_active:
        raise Conflict(f"The account of {user.username} is switched off.")
    _record(viewer, Action.PASSWORD_LINK_CREATED, user)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


@transaction.atomic
def set_password_by_link(*, viewer: Viewer, user_id: int, token: str, password: str) -> User:
    """Set the password that the holder of a link has chosen. Raises `NotFound` for a link that is used up or forged."""
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        raise NotFound("This link is not valid, or was used before. Ask for a new one.")
    holder = Viewer(user_id=user.pk, username=user.username, origin=viewer.origin)
    set_password(viewer=holder, user=user, password=password)
    return user


@transaction.atomic
def end_other_sessions(*, viewer: Viewer, user: User, kept: str) -> int:
    """End every session of the user but the one with that key; return how many. Reads every open session."""
    _require_self_or_system(viewer, user)
    open_sessions = Session.objects.filter(expire_date__gt=clock.now()).exclude(session_key=kept)
    own = [one.pk for one in open_sessions.iterator() if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    ended, _ = Session.objects.filter(pk__in=own).delete()
    if ended:
        _record(viewer, Action.USER_CHANGED, user, after={"sessions_ended": ended})
    return ended


@transaction.atomic
def note_second_factor(*, viewer: Viewer, is_added: bool) -> None:
    """Tell the audit log that the viewer's second factor was added or removed."""
    policies.require_signed_in(viewer)
    user = User.objects.get(pk=viewer.user_id or 0)
    _record(viewer, Action.SECOND_FACTOR_ADDED if is_added else Action.SECOND_FACTOR_REMOVED, user)


@transaction.atomic
def remove_second_factor(*, viewer: Viewer, user: User) -> bool:
    """Let the user sign in with the password alone, after losing the second factor; False when there was none."""
    if not viewer.is_all_seeing:
        raise Forbidden("Only administrators of this installation may do this.")
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        _record(viewer, Action.SECOND_FACTOR_REMOVED, user)
    return bool(removed)


@transaction.atomic
def note_identity(*, viewer: Viewer) -> None:
    """Tell the audit log that the viewer's account was connected to an identity of the identity provider."""
    policies.require_signed_in(viewer)
    user = User.objects.get(pk=viewer.user_id or 0)
    _record(viewer, Action.USER_CHANGED, user, after={"identity": "connected"})


def _require_self_or_system(viewer: Viewer, user: User) -> None:
    policies.require_signed_in(viewer)
    if not viewer.is_all_seeing and viewer.user_id != user.pk:
        raise Forbidden("You may change your own account only.")


def _record(
    viewer: Viewer,
    action: Action,
    user: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    entity = getattr(user, "entity", None)
    audit.record(
        viewer=viewer,
        action=action,
        on=user,
        label=user.username,
        organization_id=entity.home_organization_id if entity else None,
        before=before,
        after=after,
    )
