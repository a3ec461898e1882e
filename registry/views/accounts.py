"""Signing in and out, and the page that makes API keys."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registry.forms.accounts import ApiKeyForm, SignInForm
from registry.queries.accounts import get_user
from registry.services import accounts
from registry.views.access import public, signed_in
from registry.views.request import Request


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
    return render(request, "registry/sign_in.html", {"form": form, "next": target}, status=status)


def _try(request: Request, form: SignInForm, target: str) -> HttpResponse | None:
    """Return where to go, or None after putting into the form why not: unknown and known names read alike."""
    credentials = {name: form.cleaned_data[name] for name in ("username", "password")}
    try:
        user = get_adapter().authenticate(request, **credentials)
    except ValidationError:
        form.add_error(None, "Too many failed attempts. Wait five minutes; API keys and open sessions keep working.")
        return None
    if user is None:
        form.add_error(
            None, "This user name and password do not belong together. Both distinguish upper and lower case."
        )
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
    user = get_user(viewer=request.viewer, username=request.viewer.username)
    _, text = accounts.create_api_key(viewer=request.viewer, user=user, name=form.cleaned_data["name"])
    return render(request, "registry/authorize.html", {**context, "key": text}, status=201)
