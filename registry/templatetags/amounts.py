"""How numbers, sizes, times and digests are written."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.core.amounts import count_text, duration_text, moment_text, size_text

register = template.Library()

NOT_RECORDED = format_html('<span class="none">{}</span>', "not recorded")


@register.filter
def size(size_bytes: int | None) -> str:
    """Write 1420000000 as "1.42 GB": decimal units, three significant digits."""
    if size_bytes is None:
        return "not recorded"
    return size_text(size_bytes)


@register.filter
def size_change(difference_bytes: int) -> str:
    """Write a difference of sizes with its sign: "+18.4 kB", a true minus, "0"."""
    if not difference_bytes:
        return "0"
    sign = "+" if difference_bytes > 0 else "\N{MINUS SIGN}"
    return f"{sign}{size(abs(difference_bytes))}"


@register.filter
def count(number: int) -> str:
    return count_text(number)


@register.filter
def duration(seconds: float | None) -> str:
    """Write 4680 as "1 h 18 min", with the two largest units that count."""
    if seconds is None:
        return "not recorded"
    return duration_text(seconds)


@register.filter
def short_digest(digest: str) -> str:
    return f"{digest[:6]}…{digest[-4:]}" if len(digest) > 12 else digest


@register.filter
def when(moment: datetime | None) -> SafeString:
    """Write a moment as "14 Mar 2026, 09:42" in a `<time>` that carries the exact one."""
    if moment is None:
        return NOT_RECORDED
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        local.strftime("%Y-%m-%d %H:%M:%S %Z"),
        moment_text(local),
    )


@register.filter
def day(moment: datetime | None) -> SafeString:
    if moment is None:
        return NOT_RECORDED
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local.day} {local:%b %Y}")
