"""Signing in and out, the page that makes API keys, and a person's own account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.forms.accounts import ApiKeyForm, ChangePasswordForm, NameForm, SignInForm
from registry.queries.people import get_own_account, get_own_key, get_own_user
from registry.services import accounts, people
from registry.views.access import public, signed_in
from registry.views.request import Request

WRONG = "This user name and password do not belong together. Both distinguish upper and lower case."
TOO_MANY = "Too many failed attempts. Wait five minutes; API keys and open sessions keep working."


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Sign a person in, with a second factor where one is set, and go on to `next`, if that is of this site."""
    target = _next_address(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        response = _try(request, form, target)
        if response is not None:
            return response
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": target, "identity_provider": _identity_provider()}
    return render(request, "registry/sign_in.html", context, status=status)


def _identity_provider() -> str:
    """Return what people call the identity provider, empty when there is none."""
    return settings.OIDC_NAME if settings.OIDC_ISSUER else ""


def _try(request: Request, form: SignInForm, target: str) -> HttpResponse | None:
    """Return where to go, or None after putting into the form why not: unknown and known names read alike."""
    credentials = {name: form.cleaned_data[name] for name in ("username", "password")}
    try:
        user = get_adapter().authenticate(request, **credentials)
    except ValidationError:
        form.add_error(None, TOO_MANY)
        return None
    if user is None:
        form.add_error(None, WRONG)
        return None
    response: HttpResponse = perform_password_login(request, credentials, Login(user=user, redirect_url=target))
    return response


def _next_address(request: Request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: Request) -> HttpResponse:
    """Explain API keys; on POST make one and show it, this once."""
    form = ApiKeyForm(request.POST or None)
    context = {"form": form, "public_url": settings.PUBLIC_URL}
    if request.method != "POST":
        return render(request, "registry/authorize.html", context)
    if not form.is_valid():
        return render(request, "registry/authorize.html", context, status=422)
    _, text = accounts.create_api_key(
        viewer=request.viewer,
        user=get_own_user(viewer=request.viewer),
        name=form.cleaned_data["name"],
        expires_at=form.cleaned_data["expires"],
    )
    return render(request, "registry/authorize.html", {**context, "key": text}, status=201)


@signed_in
@require_safe
def profile(request: Request) -> HttpResponse:
    return _profile(request)


def _profile(request: Request, status: int = 200, **forms: Form) -> HttpResponse:
    own = get_own_account(viewer=request.viewer)
    context = {
        "own": own,
        "name_form": NameForm({"name": own.user.name}),
        "password_form": ChangePasswordForm(),
        "has_second_factor": is_mfa_enabled(own.user),
        "identity_provider": _identity_provider(),
        "has_identity": own.has_identity,
        "section": "account",
        **forms,
    }
    return render(request, "registry/profile.html", context, status=status)


@signed_in
@require_POST
def profile_name(request: Request) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _profile(request, 422, name_form=form)
    people.change_person(
        viewer=request.viewer, user=get_own_user(viewer=request.viewer), name=form.cleaned_data["name"]
    )
    messages.success(request, "Your name was saved.")
    return redirect("profile")


@signed_in
@sensitive_post_parameters("current", "password", "again")
@require_POST
def profile_password(request: Request) -> HttpResponse:
    """Change the password: this session goes on, every other one ends."""
    user = get_own_user(viewer=request.viewer)
    form = ChangePasswordForm(request.POST, person=user)
    if form.is_valid() and not _is_own_password(user, form.cleaned_data["current"]):
        form.add_error("current", "This is not your present password, or there were too many attempts.")
    if not form.is_valid():
        return _profile(request, 422, password_form=form)
    people.set_password(viewer=request.viewer, user=user, password=form.cleaned_data["password"])
    update_session_auth_hash(request, user)
    messages.success(request, "Your password was changed. Your other sessions have ended.")
    return redirect("profile")


@signed_in
@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """End the sessions in every other browser."""
    user = get_own_user(viewer=request.viewer)
    ended = people.end_other_sessions(viewer=request.viewer, user=user, kept=request.session.session_key or "")
    messages.success(request, f"{ended} other session{'' if ended == 1 else 's'} of yours ended.")
    return redirect("profile")


def _is_own_password(user: Any, password: str) -> bool:
    """Tell whether the password is the user's; guesses count as failed sign-ins."""
    try:
        return bool(get_adapter().reauthenticate(user, password))
    except ValidationError:
        return False


@signed_in
@require_POST
def key_revoke(request: Request, *, pk: int) -> HttpResponse:
    key = get_own_key(viewer=request.viewer, pk=pk)
    accounts.revoke_api_key(viewer=request.viewer, key=key)
    messages.success(request, f"The key {key} was revoked.")
    return redirect("profile")
