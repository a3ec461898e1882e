"""Members of teams and organisations, their invitations, and new teams."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from registry.core.viewer import Role
from registry.forms.people import InviteForm, RoleForm, TeamForm, WhoForm, role_choices
from registry.queries.accounts import get_user
from registry.queries.people import get_member_entity, get_members_page
from registry.services import accounts, invitations, people, teams
from registry.views.access import signed_in
from registry.views.posted import posted
from registry.views.request import Request


@signed_in
@require_safe
def member_list(request: Request, *, entity: str) -> HttpResponse:
    return _page(request, entity)


def _page(request: Request, entity: str, status: int = 200, **shown: str) -> HttpResponse:
    page = get_members_page(viewer=request.viewer, name=entity)
    context = {"page": page, "entity_name": page.entity.name, "roles": role_choices(), "section": "members", **shown}
    return render(request, "registry/member_list.html", context, status=status)


@signed_in
@require_POST
def member_set(request: Request, *, entity: str) -> HttpResponse:
    """Add a user, or change the role of one."""
    place = get_member_entity(viewer=request.viewer, name=entity)
    words = posted(RoleForm, request)
    user = get_user(viewer=request.viewer, username=words["username"])
    teams.change_member(viewer=request.viewer, entity=place, user=user, role=Role(words["role"]))
    messages.success(request, f"{user.username} is {words['role']} of {place.name} now.")
    return redirect("member_list", place.name)


@signed_in
@require_POST
def member_remove(request: Request, *, entity: str) -> HttpResponse:
    place = get_member_entity(viewer=request.viewer, name=entity)
    user = get_user(viewer=request.viewer, username=posted(WhoForm, request)["username"])
    accounts.remove_member(viewer=request.viewer, entity=place, user=user)
    messages.success(request, f"{user.username} is no member of {place.name} any more.")
    return redirect("home" if user.pk == request.viewer.user_id else reverse("member_list", args=[place.name]))


@signed_in
@require_POST
def invitation_create(request: Request, *, entity: str) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    place = get_member_entity(viewer=request.viewer, name=entity)
    words = posted(InviteForm, request)
    _, token = invitations.invite_member(
        viewer=request.viewer, entity=place, role=Role(words["role"]), note=words["note"]
    )
    link = settings.PUBLIC_URL + reverse("invitation", args=[token])
    return _page(request, place.name, status=201, link=link)


@signed_in
@require_POST
def invitation_revoke(request: Request, *, entity: str, pk: int) -> HttpResponse:
    place = get_member_entity(viewer=request.viewer, name=entity)
    invitations.revoke_invitation(viewer=request.viewer, entity=place, invitation_id=pk)
    messages.success(request, "The invitation was taken back.")
    return redirect("member_list", place.name)


@signed_in
@require_POST
def team_create(request: Request, *, entity: str) -> HttpResponse:
    place = get_member_entity(viewer=request.viewer, name=entity)
    team = teams.start_team(viewer=request.viewer, name=posted(TeamForm, request)["name"], organization=place)
    messages.success(request, f"The team {team.name} is there, with you as its admin.")
    return redirect("member_list", team.name)


@signed_in
@require_POST
def password_link_create(request: Request, *, username: str) -> HttpResponse:
    """Make the link under which a user sets a new password, and show it, this once; for administrators."""
    user = get_user(viewer=request.viewer, username=username)
    words = people.create_password_link(viewer=request.viewer, user=user)
    link = settings.PUBLIC_URL + reverse("password_reset", args=words)
    return render(request, "registry/password_link.html", {"person": user, "link": link}, status=201)
