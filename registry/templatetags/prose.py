"""Text that people wrote, made safe to show: Markdown and JSON."""

import json
from typing import Any

import nh3
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

MOST_BYTES = 20_000
# no images: one from elsewhere would tell a stranger who reads the page
_TAGS = {"a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s"}
_TAGS |= {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@register.filter
def markdown(text: str) -> SafeString:
    """Render Markdown without HTML of its own; over 20 kB it stays as it was written.

    Headings begin at the third level: the page's own stand above them.
    """
    if len(text.encode()) > MOST_BYTES:
        return format_html('<pre class="code">{}</pre>', text)
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    rendered = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by an allow-list


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def python_text(text: str) -> str:
    """Write a string literal that Python reads back as the same text."""
    return json.dumps(text, ensure_ascii=False)
