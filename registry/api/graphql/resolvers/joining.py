"""Teams, who is in them, users and keys, as far as the SDK changes them."""

from typing import TYPE_CHECKING, Any

from ariadne import MutationType
from graphql import GraphQLResolveInfo

from registry.api.graphql.context import viewer_of
from registry.core.errors import InvalidInput, NotFound
from registry.core.global_ids import decode_id, encode_id
from registry.core.viewer import Role, Viewer
from registry.queries import sdk_keys, sdk_projects, sdk_registries
from registry.queries.accounts import get_user
from registry.services import accounts
from registry.services.newcomers import create_user_by_mail
from registry.services.teams import ensure_team, include_member

if TYPE_CHECKING:
    from registry.models import Entity, User

mutation = MutationType()
BINDABLES = [mutation]
_MAX_KEY_NAME = 128


@mutation.field("createTeam")
def resolve_create_team(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> "dict[str, Entity]":  # noqa: A002
    viewer, admin = viewer_of(info), input.get("teamAdminUserName")
    team = ensure_team(
        viewer=viewer,
        name=input["teamName"],
        organization=_own_organization(viewer),
        admin=get_user(viewer=viewer, username=admin) if admin else None,
    )
    return {"entity": team}


def _own_organization(viewer: Viewer) -> "Entity":
    """Return the organisation in which the viewer's registries are, the only one of who has no entity."""
    own = sdk_projects.find_named_entity(viewer=viewer, name=viewer.username)
    home = None if own is None else sdk_projects.home_organization(viewer=viewer, entity=own)
    if home is None:
        raise NotFound("You belong to no organisation that could have a team.")
    return home


@mutation.field("createInvite")
def resolve_invite(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """Nobody of the organisation needs a link to join one of its teams; everybody else does."""
    viewer = viewer_of(info)
    entity = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
    if not input.get("username"):
        raise InvalidInput(
            f"This server sends no mail. Name a user, or make an invitation link at /people/{entity.name}."
        )
    user = get_user(viewer=viewer, username=input["username"])
    role = Role.ADMIN if input.get("admin") else Role.MEMBER
    member = include_member(viewer=viewer, entity=entity, user=user, role=role)
    number = encode_id("User", user.pk)
    return {
        "invite": {
            "id": number,
            "name": user.username,
            "email": None,
            "createdAt": member.created_at,
            "toUser": user,
        }
    }


@mutation.field("deleteInvite")
def resolve_remove(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """Take a member out: the SDK knows an invitation and a membership by the id of the user."""
    viewer = viewer_of(info)
    entity = sdk_projects.get_named_entity(viewer=viewer, name=input.get("entityName"))
    user = sdk_registries.find_user_by_pk(viewer=viewer, pk=decode_id("User", input.get("id") or "") or 0)
    if user is None:
        raise NotFound("This user does not exist.")
    accounts.remove_member(viewer=viewer, entity=entity, user=user)
    return {"success": True}


@mutation.field("createUser")
def resolve_create_user(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> "dict[str, User]":  # noqa: A002
    user = create_user_by_mail(viewer=viewer_of(info), mail=input["email"], is_admin=bool(input.get("admin")))
    return {"user": user}


@mutation.field("generateApiKey")
def resolve_new_key(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """The SDK reads the key itself, this once, from `name`."""
    viewer = viewer_of(info)
    name = input.get("description") or ""
    if len(name) > _MAX_KEY_NAME:
        raise InvalidInput(f"The description of a key has at most {_MAX_KEY_NAME} characters.")
    user = get_user(viewer=viewer, username=viewer.username)
    key, text = accounts.create_api_key(viewer=viewer, user=user, name=name)
    return {"apiKey": {"id": encode_id("ApiKey", key.pk), "name": text, "description": key.name}}


@mutation.field("deleteApiKey")
def resolve_delete_key(_: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    viewer = viewer_of(info)
    key = sdk_keys.find_key(viewer=viewer, pk=decode_id("ApiKey", input["id"]) or 0)
    if key is None:
        raise NotFound("This API key does not exist.")
    accounts.revoke_api_key(viewer=viewer, key=key)
    return {"success": True}
