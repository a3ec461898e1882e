"""Users made by their mail address alone, as the SDK's `Api().create_user` does."""

import re

from django.db import transaction

from registry.core.errors import Conflict, Forbidden, InvalidInput
from registry.core.names import MAX_USERNAME
from registry.core.text import clean_text
from registry.core.viewer import Viewer
from registry.models import Entity, User
from registry.services import accounts, people

_MAX_MAIL = 128
_MAIL = re.compile(r"(?P<local>[^@\s]+)@[^@\s]+\.[^@\s]+")


@transaction.atomic
def create_user_by_mail(*, viewer: Viewer, mail: str, is_admin: bool = False) -> User:
    """Return a new user of the home organisation, named by what stands before the `@`, without a password.

    Asked again for the same address, and for no more rights, it returns that user. Raises `Conflict` when the name is
    another's: nobody is taken for somebody else because they are called alike.
    """
    if not viewer.is_all_seeing:
        raise Forbidden("Only administrators of this installation may make users. Invite people instead.")
    found = _MAIL.fullmatch(clean_text("The mail address", mail, _MAX_MAIL))
    if found is None:
        raise InvalidInput(f"{mail[:60]!r} is not a mail address.")
    username = re.sub(r"[^A-Za-z0-9_-]+", "-", found["local"]).strip("-")[:MAX_USERNAME]
    # two requests at once are one after the other
    Entity.objects.select_for_update().get(pk=accounts.ensure_default_organization().pk)
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        if existing.email.casefold() != mail.casefold() or (is_admin and not existing.is_superuser):
            raise Conflict(f"There is a user {username!r} already. Make this one with `manage.py create_user NAME`.")
        return existing
    user, _ = accounts.create_user(viewer=viewer, username=username, is_admin=is_admin)
    people.change_person(viewer=viewer, user=user, email=mail)
    return user
