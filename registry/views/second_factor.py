"""The pages of the second factor: allauth's views at our addresses, and what the audit log must know of them."""

from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.views import reauthenticate as ask_password
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpResponse, HttpResponseBase

from registry.services.people import note_second_factor
from registry.views.access import View, public, signed_in
from registry.views.request import Request


class _Activate(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_second_factor(viewer=self.request.viewer, is_added=True)
        return response


class _Deactivate(DeactivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_second_factor(viewer=self.request.viewer, is_added=False)
        return response


def _proving(view: View) -> View:
    """Lead on to the page that asked for proof, as a GET: allauth would repeat a POST without our middleware."""

    def proving(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.session.pop(STATE_SESSION_KEY, None)
        return view(request, *args, **kwargs)

    return proving


second_factor = signed_in(base.index)
activate = signed_in(_Activate.as_view())
deactivate = signed_in(_Deactivate.as_view())
codes = signed_in(recovery_codes.view_recovery_codes)
codes_create = signed_in(recovery_codes.generate_recovery_codes)
prove = signed_in(_proving(base.reauthenticate))
prove_by_password = signed_in(_proving(ask_password))


@public
def ask(request: Request) -> HttpResponseBase:
    """Ask who has given the right password for the code; allauth sends everybody else to the sign-in page."""
    response: HttpResponseBase = base.authenticate(request)
    return response
