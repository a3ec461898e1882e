"""The two pages that a link opens for who is not signed in: joining by an invitation, and setting a password."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from registry.core.errors import Conflict, InvalidInput, NotFound
from registry.forms.accounts import JoinForm, NewPasswordForm
from registry.queries.people import find_linked_user, get_open_invitation
from registry.services import invitations, people
from registry.views.access import public
from registry.views.request import Request, arrival


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, *, token: str) -> HttpResponse:
    """Show what the link invites to; accept it as who is signed in, or as a new user."""
    found = get_open_invitation(viewer=request.viewer, token_hash=invitations.hash_token(token))
    if request.viewer.is_authenticated:
        if request.method == "POST":
            entity = invitations.accept_invitation(viewer=request.viewer, token=token)
            messages.success(request, f"You are a member of {entity.name} now.")
            return redirect("member_list", entity.name)
        return render(request, "registry/invitation.html", {"invitation": found})
    form = JoinForm(request.POST or None)
    if form.is_valid():
        response = _join(request, form, token)
        if response is not None:
            return response
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/invitation.html", {"invitation": found, "form": form}, status=status)


def _join(request: Request, form: JoinForm, token: str) -> HttpResponse | None:
    words = {name: form.cleaned_data[name] for name in ("username", "name", "password")}
    try:
        user = invitations.join_by_invitation(viewer=arrival(request), token=token, **words)
    except (Conflict, InvalidInput) as error:
        form.add_error("username", error.message)
        return None
    response: HttpResponse = perform_password_login(request, {"username": user.username}, Login(user=user))
    return response


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: Request, *, word: str, token: str) -> HttpResponse:
    """Let the holder of a link set a password, once, and sign in with it."""
    user = find_linked_user(viewer=request.viewer, word=word)
    if user is None or not default_token_generator.check_token(user, token):
        raise NotFound("This link is not valid, or was used before. Ask for a new one.")
    form = NewPasswordForm(request.POST or None, person=user)
    if form.is_valid():
        people.set_password_by_link(
            viewer=arrival(request), user_id=user.pk, token=token, password=form.cleaned_data["password"]
        )
        messages.success(request, "The password was set. Sign in with it.")
        return redirect("sign_in")
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/password_reset.html", {"person": user, "form": form}, status=status)
