"""How sizes, durations, digests, aliases and prose are written."""

import json
import re
from datetime import UTC, datetime

import pytest

from registry.queries.versions import AliasMark
from registry.templatetags import marks
from registry.templatetags.amounts import duration, short_digest, size, when
from registry.templatetags.prose import markdown, python_text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1_420_000_000, "1.42 GB"),
        (97_800_000, "97.8 MB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (10**18, "1 EB"),
        (None, "not recorded"),
    ],
)
def test_sizes(size_bytes: int | None, text: str) -> None:
    assert size(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (4680, "1 h 18 min"),
        (86400, "1 d"),
        (30 * 86400, "30 d"),
        (90000, "1 d 1 h"),
        (None, "not recorded"),
    ],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_moments_carry_the_exact_one() -> None:
    assert 'datetime="2026-03-14T09:42:00+00:00"' in when(datetime(2026, 3, 14, 9, 42, tzinfo=UTC))
    assert ">14 Mar 2026, 09:42<" in when(datetime(2026, 3, 14, 9, 42, tzinfo=UTC))
    assert "not recorded" in when(None)


def test_digests() -> None:
    assert short_digest("9b41d7aaaaaaaaaaaaaaaaaaaaaa2ac0") == "9b41d7…2ac0"
    assert short_digest("etag") == "etag"


def test_as_many_aliases_as_fit_the_first_always() -> None:
    held = [AliasMark("production"), AliasMark("best"), AliasMark("latest")]
    assert [len(marks.fit(held, room).shown) for room in (1, 20, 29, 30)] == [1, 2, 3, 3]
    assert marks.fit(held, 1).rest == 2
    assert marks.fit(held).rest == 0
    assert marks.fit(held, most=2).rest == 1
    assert marks.fit([], 10).rest == 0


def test_the_import_map_is_json_that_cannot_end_its_script() -> None:
    assert set(json.loads(marks.import_map())) == {"imports"}
    assert "<" not in marks.import_map()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![p](https://e.example/p.png)",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        '[a](https://e.example "x\\" onclick=alert(1)")',
        "<a href='https://e.example' onclick='alert(1)'>a</a>",
    ],
)
def test_markdown_holds_nothing_that_runs_or_loads(text: str) -> None:
    html = markdown(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not any(re.match(r"<(script|img|iframe|style)", tag) for tag in tags)
    assert not any(re.search(r'href="(?!https?:|mailto:)', tag) for tag in tags)
    assert not any(re.search(r"\son\w+=", re.sub(r'"[^"]*"', '""', tag)) for tag in tags)


def test_markdown_headings_stand_below_the_page_and_links_follow_nobody() -> None:
    html = markdown("# One\n\n###### Six\n\n[a](https://e.example)\n\n| a |\n| - |\n| 1 |")
    assert "<h3>One</h3>" in html
    assert "<h6>Six</h6>" in html
    assert 'rel="nofollow noopener noreferrer"' in html
    assert "<td>1</td>" in html


def test_long_prose_stays_as_it_was_written() -> None:
    assert markdown("*x* " * 6000).startswith('<pre class="code">*x*')


def test_a_python_string_reads_back() -> None:
    for text in ('a"b', "back\\slash", "new\nline", "動"):
        assert eval(python_text(text)) == text
