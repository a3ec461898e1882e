"""Icons and the import map: the marks that static files leave in a page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from registry.lineage.picture import LineageNode

register = template.Library()

# a pill's padding and its gap, in characters
_PILL_WIDTH = 3


@register.simple_tag
@cache  # a long page has thousands of the same few
def icon(name: str, classes: str = "") -> SafeString:
    """Return a decorative icon of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f"i {classes}".strip(),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def node_tile(node: LineageNode) -> SafeString:
    """Return the small square that shows what a node of the lineage is, by its icon and by its colour."""
    return _tile(node.kind, node.member_kind)


@cache
def _tile(kind: str, member_kind: str) -> SafeString:
    if kind == "locked":
        return format_html('<span class="tile tile-sm muted">{}</span>', icon("lock"))
    is_run = "run" in {kind, member_kind}
    plain = "run" if is_run else "artifact"
    return format_html(
        '<span class="tile tile-sm {}">{}</span>',
        "tile-run" if is_run else "tile-art",
        icon("stack" if kind == "cluster" else plain),
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """The aliases that are shown, and the number of the others."""

    shown: Sequence[Any]
    rest: int


@register.simple_tag
def fit(aliases: Sequence[Any] | None, room: int | str = "", most: int | str = "") -> Fitted:
    """Return the aliases that fit into `room` characters and are at most `most`, the first one always.

    A template that gives neither shows all. Every alias is anything with a `name`.
    """
    aliases = aliases or ()
    limit = most if isinstance(most, int) else len(aliases)
    width = shown = 0
    for alias in aliases[:limit]:
        width += len(alias.name) + _PILL_WIDTH
        if shown and isinstance(room, int) and width > room:
            break
        shown += 1
    return Fitted(aliases[:shown], len(aliases) - shown)


@register.simple_tag
def import_map() -> SafeString:
    """Return the JSON that lets ES modules import each other by unhashed, relative addresses.

    A relative import resolves to the unhashed address; the map sends that on to the hashed file.
    """
    # only the manifest of collected files knows hashed names; while debugging, addresses are what they seem
    served: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    entries = {
        settings.STATIC_URL + name: settings.STATIC_URL + hashed
        for name, hashed in sorted(served.items())
        if name.startswith(("js/", "vendor/")) and name.endswith((".js", ".mjs"))
    }
    text = json.dumps({"imports": entries}, indent=None, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308 - JSON of our own file names, "<" escaped
