"""Absolute, signed addresses for uploads and downloads. The token in them is the capability."""

from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from registry.storage.signatures import Grant, Purpose, sign


def base_url(request: HttpRequest) -> str:
    """Return the address under which the client reaches this server: it may differ from the public one."""
    host = request.get_host()
    if host == urlsplit(settings.PUBLIC_URL).netloc:
        return str(settings.PUBLIC_URL)
    return f"{request.scheme}://{host}"


def signed_address(base: str, purpose: Purpose, grant: Grant, tail: str) -> str:
    """Return the address whose path ends in `tail`; only for the eyes of the program that asked."""
    path = reverse("storage", kwargs={"purpose": purpose.value, "tail": "x"})[:-1] + quote(tail, safe="/")
    return f"{base}{path}?{urlencode({'token': sign(purpose, grant)})}"
