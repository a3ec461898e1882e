"""Fragments of pages that are rendered once for equal values."""

import hashlib
import pickle
from typing import Any

from django import template
from django.core.cache import caches
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# a page has few of them, and a process keeps hundreds
MOST_CHARACTERS = 100_000
KEPT_SECONDS = 600


@register.simple_tag
def kept(template_name: str, **values: Any) -> SafeString:
    """Render a template that depends on `values` alone; equal values are rendered once in a process.

    The values themselves, every field of them, are the key, so nothing shows late; request, viewer and tokens are out
    of the template's reach. For what takes longer to render than to compare.
    """
    cache = caches["fragments"]
    key = hashlib.sha256(pickle.dumps((template_name, values))).hexdigest()
    text: str | None = cache.get(key)
    if text is None:
        text = get_template(template_name).render(values)
        if len(text) <= MOST_CHARACTERS:
            cache.set(key, text, KEPT_SECONDS)
    return mark_safe(text)  # noqa: S308 - a rendered template
