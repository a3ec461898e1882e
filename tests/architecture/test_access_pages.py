"""P1, P7, W2: every address against everybody, from the declared table; an address without a line in it fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from registry.models import AuditEvent
from tests.architecture.access_table import (
    ACTORS,
    ANY_METHOD,
    MACHINES,
    NOT_SERVED,
    POSTS,
    QUERIES,
    ROUTES,
    SPECIAL,
    Rule,
)
from tests.architecture.conftest import MARK, WORDS, World

MEMBERS = {"viewer", "member", "admin"}


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _walk(pattern.url_patterns, route)


ALL = [(route, pattern) for route, pattern in _walk(get_resolver().url_patterns) if not route.startswith("admin/")]
BY_NAME = {pattern.name or route: route for route, pattern in ALL}
PAGES = {name: route for name, route in BY_NAME.items() if name not in MACHINES | NOT_SERVED}


def _address(name: str, world: World) -> str:
    words = {**WORDS, "pk": str(world.numbers.get(name, 1))}
    if name == "team_create" or name.startswith("organization_"):
        words["entity"] = "acme"
    if name.startswith("registry_"):
        words |= {"collection": "lynx"}
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: words[found[1]], BY_NAME[name])
    return address + QUERIES.get(name.removeprefix("artifact_").removeprefix("registry_"), "").format(world.artifact.pk)


def _verdict(response: HttpResponse) -> str:
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in?next="):
        return "sign in"
    return str(response.status_code) if response.status_code in (401, 403, 404, 405, 500) else "ok"


def _body(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # not response.close(): it would close the test's own connection
        close()
    return body.decode()


def test_p7_every_address_stands_in_the_table() -> None:
    declared = set(ROUTES) | set(SPECIAL) | MACHINES | NOT_SERVED
    assert set(BY_NAME) - declared == set(), "declare who may open these in access_table.py"
    assert declared - set(BY_NAME) == set(), "these are gone: take them out of access_table.py"
    assert set(POSTS) - set(BY_NAME) == set()


def test_p7_every_view_of_a_page_says_whom_it_is_for() -> None:
    assert [name for route, pattern in ALL if (name := pattern.name or route) in PAGES and not _says(pattern)] == []


def _says(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, "access", None) in {"public", "signed in"}


def test_p1_w2_a_get_answers_as_declared_tells_nothing_and_changes_nothing(world: World) -> None:
    wrong: dict[str, str] = {}
    events = AuditEvent.objects.count()
    for actor in ACTORS:
        browser = world.browser(actor)
        for name, rule in ROUTES.items():
            response = browser.get(_address(name, world), HTTP_ACCEPT="text/html")
            got, body = _verdict(response), _body(response)
            if got != rule.by_actor[actor]:
                wrong[f"{actor} GET {name}"] = f"{got} ({response.status_code}), declared {rule.by_actor[actor]}"
            elif actor not in MEMBERS and MARK in _without_the_question(body, name):
                wrong[f"{actor} GET {name}"] = "tells what only members may know"
    assert wrong == {}
    assert AuditEvent.objects.count() == events


def _without_the_question(body: str, name: str) -> str:
    """Take out of an answer the address that was asked for: an error page may repeat it."""
    words = [word for word in WORDS.values() if MARK in word]
    if ROUTES[name] is Rule.ORGANISATION or ROUTES[name] is Rule.SIGNED_IN:
        return body
    for word in words:
        body = body.replace(word, "")
    return body


ADMIN = [route for route, _ in _walk(get_resolver().url_patterns) if route.startswith("admin/") and "(?P" not in route]


def test_p7_the_admin_site_is_for_administrators_only(world: World) -> None:
    own = {"admin/login/", "admin/logout/", "admin/jsi18n/"}
    wrong: dict[str, str] = {}
    for actor in ACTORS:
        browser = world.browser(actor)
        for route in sorted(set(ADMIN) - own):
            address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", "1", route)
            for method in (browser.get, browser.post):
                response = method(address)
                if response.status_code != 302 or not response.url.startswith("/admin/login/"):
                    wrong[f"{actor} {method.__name__} {route}"] = str(response.status_code)
        entry = "/sign-in?next=" if actor in ("anonymous", "key") else None
        response = browser.get("/admin/login/?next=/admin/")
        if (response.url[: len(entry)] != entry) if entry else response.status_code != 403:
            wrong[f"{actor} login"] = str(response.status_code)
    assert len(ADMIN) > 100
    assert wrong == {}


def test_p1_a_search_finds_and_counts_nothing_for_strangers(world: World) -> None:
    leaks = []
    for actor in ("outsider", "stranger"):
        browser = world.browser(actor)
        for address in (f"/?q={MARK}", f"/search?q={MARK}", f"/registry/Holt?q={MARK}", f"/registry?q={MARK}"):
            for headers in ({}, {"HX-Request": "true"}):
                told = browser.get(address, headers=headers).content.decode().replace(f'value="{MARK}"', "")
                told = re.sub(rf"[?&]q={MARK}", "", told)
                if re.search(rf"{MARK}\w", told):
                    leaks.append((actor, address))
    assert leaks == []
    assert f"{MARK}project" in world.browser("viewer").get(f"/?q={MARK}").content.decode()


def test_p4_a_post_answers_as_declared_and_a_refused_one_changes_nothing(world: World) -> None:
    wrong: dict[str, str] = {}
    for actor in ACTORS:
        for name in sorted(set(ROUTES) | set(POSTS)):
            rule, words = POSTS.get(name, (None, {}))
            expected = _post_expected(rule, actor, name)
            events = AuditEvent.objects.count()
            with transaction.atomic():
                response = world.browser(actor).post(_address(name, world), words)
                got, told = _verdict(response), AuditEvent.objects.count() - events
                transaction.set_rollback(True)
            if got not in expected.split(" or "):
                wrong[f"{actor} POST {name}"] = f"{got} ({response.status_code}), declared {expected}"
            elif told and (got != "ok" or name in ANY_METHOD):
                wrong[f"{actor} POST {name}"] = "was refused and left an audit event"
    assert wrong == {}


def _post_expected(rule: Rule | None, actor: str, name: str) -> str:
    if rule is not None:
        return rule.by_actor[actor]
    if name in ANY_METHOD:
        return f"{ROUTES[name].by_actor[actor]} or 405"
    if ROUTES[name] is Rule.PUBLIC:
        return "405"
    return "sign in" if actor in ("anonymous", "key") else "405 or 404"


def test_p3_what_is_below_another_project_is_not_found(world: World) -> None:
    """A run, a collection and a version by an address in a project that is not theirs."""
    browser = world.browser("admin")
    for tail in ("runs/otterrun", "artifacts/model/net/v0", "collections/model/net"):
        assert browser.get(f"/ml/otterproject/{tail}").status_code == 200, tail
        assert browser.get(f"/acme/wandb-registry-Holt/{tail}").status_code == 404, tail
        assert browser.get("/registry/Holt/net/v0").status_code == 404


@pytest.mark.parametrize("actor", ["outsider", "stranger"])
def test_p1_a_private_project_answers_like_none(world: World, actor: str) -> None:
    """Status, headers and page are those of a name that nobody ever used."""
    browser: Client = world.browser(actor)
    for tail in ("", "/runs", "/runs/otterrun", "/artifacts/model/net/v0/lineage", "/settings"):
        real = browser.get(f"/ml/otterproject{tail}")
        none = browser.get(f"/ml/otherproject{tail}")
        assert real.status_code == none.status_code == 404
        assert "ETag" not in real.headers
        assert _plain(real, "otterproject") == _plain(none, "otherproject"), tail


def _plain(response: HttpResponse, name: str) -> str:
    body = response.content.decode().replace(name, "NAME")
    return re.sub(r"request [0-9a-f]+|nonce=\"[^\"]+\"|value=\"[A-Za-z0-9]{64}\"|content=\"[A-Za-z0-9]{64}\"", "", body)
