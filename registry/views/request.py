"""The request as views see it, with what the middleware puts on it."""

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from registry.core.viewer import ActorKind, Origin, Viewer


class Request(HttpRequest):
    """`viewer` is the signed-in person, or the anonymous viewer."""

    viewer: Viewer
    htmx: HtmxDetails
    request_id: str


def wants_fragment(request: Request) -> bool:
    """Tell whether htmx asks for a part of the page; going back in history asks for the whole one."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def client_address(request: HttpRequest) -> str:
    """Return the client's address as the last trusted proxy saw it; what the client says itself counts nothing."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    seen = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    return str(seen)[:45]


def origin_of(request: HttpRequest) -> Origin:
    """Return where a browser's request came from, for the audit log."""
    return Origin(
        kind=ActorKind.SESSION,
        request_id=getattr(request, "request_id", ""),
        ip=client_address(request),
        user_agent=request.headers.get("User-Agent", "")[:255],
    )


def arrival(request: HttpRequest) -> Viewer:
    """Return a visitor who is nobody yet, with where the request came from."""
    return Viewer(origin=origin_of(request))
