"""What every view of a changing form does alike: try the change, say what was wrong, say what was done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.html import format_html

from registry.core.errors import Conflict, InvalidInput, TooLarge
from registry.views.request import Request


def is_changed(form: forms.Form, change: Callable[[], object], field: str | None = None) -> bool:
    """Make the change of a valid form; on a refusal put its sentence at the field and return False.

    What the viewer may not do or see goes on as an error: it gets a page of its own.
    """
    if not form.is_valid():
        return False
    try:
        change()
    except (Conflict, InvalidInput, TooLarge) as error:
        form.add_error(field, error.message)
        return False
    return True


def done(request: Request, address: str, sentence: str, *names: str) -> HttpResponseRedirect:
    """Go on to the page that shows the change, with a sentence about it; each `{}` takes one of the names."""
    isolated = [format_html("<bdi>{}</bdi>", name) for name in names]
    messages.success(request, format_html(sentence, *isolated) if isolated else sentence)
    return redirect(address)


def form_page(request: Request, template: str, context: dict[str, Any], status: int | None = None) -> HttpResponse:
    """Render a form: 200 when it is opened, 422 when it comes back."""
    if "change" in context:
        context.setdefault("project", context["change"].project)
    return render(request, template, context, status=status or (422 if request.method == "POST" else 200))
