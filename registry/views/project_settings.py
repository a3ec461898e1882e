"""What the admins of a project or a registry decide: description, visibility, accepted types, members."""

from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.core.errors import InvalidInput
from registry.core.viewer import Role
from registry.forms.people import ProjectRoleForm, ProjectSettingsForm, ProjectWhoForm, role_choices
from registry.queries.accounts import get_user
from registry.queries.people import get_administered_project, get_project_members, get_team
from registry.queries.places import get_project
from registry.services import members, projects
from registry.views.access import signed_in
from registry.views.posted import posted
from registry.views.request import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: Request, *, entity: str, project: str) -> HttpResponse:
    frame = get_project(viewer=request.viewer, entity=entity, project=project)
    row = get_administered_project(viewer=request.viewer, project_id=frame.place.project_id)
    held = {
        "description": frame.description,
        "visibility": frame.visibility,
        "accepted_types": "\n".join(frame.accepted_types),
    }
    seen = sha256(repr(held).encode()).hexdigest()
    form = ProjectSettingsForm(request.POST or {**held, "seen": seen})
    context = {"project": frame, "form": form, "section": "settings", "seen": seen, "held": held}
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        if wanted.pop("seen") not in ("", seen):
            return render(request, "registry/project_settings.html", {**context, "is_stale": True}, status=409)
        try:
            projects.change_project(viewer=request.viewer, project_id=row.pk, **wanted)
        except InvalidInput as error:
            form.add_error("accepted_types", error.message)
        else:
            messages.success(request, "The settings were saved.")
            return redirect("project_settings", entity, project)
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/project_settings.html", context, status=status)


@signed_in
@require_safe
def project_members(request: Request, *, entity: str, project: str) -> HttpResponse:
    page = get_project_members(viewer=request.viewer, entity=entity, project=project)
    context = {"page": page, "project": page.project, "roles": role_choices(), "section": "settings"}
    return render(request, "registry/project_members.html", context)


@signed_in
@require_POST
def project_member_set(request: Request, *, entity: str, project: str) -> HttpResponse:
    """Give a user or a team a role in this project, or change it."""
    frame = get_project(viewer=request.viewer, entity=entity, project=project)
    row = get_administered_project(viewer=request.viewer, project_id=frame.place.project_id)
    words = posted(ProjectRoleForm, request)
    role = Role(words["role"])
    if words["kind"] == "team":
        team = get_team(viewer=request.viewer, name=words["name"])
        members.set_project_role(viewer=request.viewer, project=row, team=team, role=role)
    else:
        user = get_user(viewer=request.viewer, username=words["name"])
        members.set_project_role(viewer=request.viewer, project=row, user=user, role=role)
    messages.success(request, f"{words['name']} has the role {role} here now.")
    return redirect("project_members", entity, project)


@signed_in
@require_POST
def project_member_remove(request: Request, *, entity: str, project: str) -> HttpResponse:
    frame = get_project(viewer=request.viewer, entity=entity, project=project)
    row = get_administered_project(viewer=request.viewer, project_id=frame.place.project_id)
    words = posted(ProjectWhoForm, request)
    if words["kind"] == "team":
        team = get_team(viewer=request.viewer, name=words["name"])
        members.remove_project_member(viewer=request.viewer, project=row, team=team)
    else:
        user = get_user(viewer=request.viewer, username=words["name"])
        members.remove_project_member(viewer=request.viewer, project=row, user=user)
    messages.success(request, f"{words['name']} has no role of their own here any more.")
    return redirect("project_members", entity, project)
