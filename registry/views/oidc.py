"""Signing in at an identity provider (OpenID Connect), when the settings name one."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from registry.core.errors import Forbidden, LineageError, Unavailable
from registry.services.invitations import join_by_identity
from registry.services.people import note_identity
from registry.views.access import public
from registry.views.errors import error_page
from registry.views.request import Request, arrival

PROVIDER = "oidc"


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity opens the account it was connected to. Never is one found by its mail address."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Make an account for an unknown identity where the settings say so, else refuse it."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        try:
            user = self._new_user(request, sociallogin.account.extra_data)
        except LineageError as error:
            raise ImmediateHttpResponse(error_page(request, error)) from None
        sociallogin.connect(request, user)

    def _new_user(self, request: HttpRequest, told: dict[str, Any]) -> Any:
        if not settings.OIDC_CREATES_USERS:
            raise Forbidden(
                "No account here is connected to this identity. Sign in with your password and connect it on your "
                "account's page, or ask for an invitation."
            )
        person = told.get("userinfo") or told.get("id_token") or told
        name = str(person.get("preferred_username") or person.get("email") or "").partition("@")[0]
        return join_by_identity(viewer=arrival(request), username=name, name=str(person.get("name") or ""))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:  # noqa: ARG002 - allauth's
        return sociallogin.user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:  # noqa: ARG002 - allauth's
        note_identity(viewer=request.viewer)  # type: ignore[attr-defined]
        return resolve_url("profile")

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        refused = Forbidden("The identity provider did not confirm who you are. Try again, or use your password.")
        raise ImmediateHttpResponse(error_page(request, refused))


@public
@require_POST
def oidc_start(request: Request, *, provider_id: str) -> HttpResponseBase:
    """Send the browser to the identity provider: to sign in, or, when signed in, to connect the identity."""
    if request.POST.get("process") == "connect" and not request.viewer.is_authenticated:
        raise Forbidden("Sign in first.")
    return _asking(views.login, request, provider_id)


@public
@require_safe
def oidc_return(request: Request, *, provider_id: str) -> HttpResponseBase:
    """Take the browser back from the identity provider."""
    return _asking(views.callback, request, provider_id)


def _asking(view: Any, request: Request, provider_id: str) -> HttpResponseBase:
    try:
        response: HttpResponse = view(request, provider_id=provider_id)
    except RequestException:
        raise Unavailable("The identity provider cannot be reached right now.") from None
    return response
