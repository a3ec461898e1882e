"""What allauth, which has no types, asks the application: how failures are counted, how secrets are kept."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from registry.views.request import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody registers by themselves; failures are counted per account and per address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        # allauth's own has the Host header in it: another spelling of the host would be another five tries
        return str(credentials.get("username", "")).casefold()

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ARG002 - allauth's
        return redirect("sign_in")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages tell their own state."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are stored encrypted, so that a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"lineage.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
