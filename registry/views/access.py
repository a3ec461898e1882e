"""Who may open an address at all. Every view of a page carries exactly one of these; queries decide the rest."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.vary import vary_on_headers

from registry.core.errors import NotFound, Unauthenticated
from registry.views.request import Request

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Mark a view that anyone may open, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Send people who are not signed in to the sign-in page. The answer varies with htmx's header."""

    @wraps(view)
    def checked(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.viewer.is_authenticated:
            raise Unauthenticated("Sign in to see this page.")
        if any("\x00" in str(word) for word in kwargs.values()):
            # PostgreSQL cannot even be asked for it
            raise NotFound("There is nothing here, or you may not see it.")
        return view(request, *args, **kwargs)

    varied: View = vary_on_headers("HX-Request")(checked)
    varied.access = "signed in"  # type: ignore[attr-defined]
    return varied
