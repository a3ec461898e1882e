"""Signing in and out, and the page that makes API keys."""

from django.conf import settings
from django.contrib.auth import login, logout
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
    """Sign a person in and go on to `next`, if that is an address of this site."""
    target = _next_address(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request, data=request.POST or None)
    if form.is_valid():
        login(request, form.get_user())
        return redirect(target)
    status = 422 if request.method == "POST" else 200
    return render(request, "registry/sign_in.html", {"form": form, "next": target}, status=status)


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
