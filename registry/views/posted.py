"""What a view of a small form does with it: clean words, or the error that says what is wrong."""

from typing import Any

from django import forms

from registry.core.errors import InvalidInput
from registry.views.request import Request


def posted(form_class: type[forms.Form], request: Request) -> dict[str, Any]:
    """Return the cleaned words of a posted form. Raises `InvalidInput` naming the first field that is wrong.

    For forms of one or two choices, which a browser fills in rightly by itself.
    """
    form = form_class(request.POST)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise InvalidInput(f"{field}: {errors[0]}")
    return form.cleaned_data
