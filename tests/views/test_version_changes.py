"""Changing a version by hand (REG-4): aliases, tags, description, deletion; each form tells what it will do."""

import re
from html import unescape

import pytest
from django.test import Client

from registry.core.viewer import Viewer
from registry.models import Alias, Artifact, ArtifactTag, AuditEvent, CollectionMembership, Project
from registry.services.aliases import protect_alias, set_alias
from tests.factories import make_run, make_version, used
from tests.views.conftest import Get, assert_valid, fresh

ADDRESS = "/ml/zoo/artifacts/model/net"


@pytest.fixture
def second(net: Artifact, zoo: Project) -> Artifact:
    return fresh(make_version(zoo, "net", type_name="model"))


def held(artifact: Artifact) -> set[str]:
    return set(Alias.objects.filter(artifact=artifact, collection=artifact.collection).values_list("name", flat=True))


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page.split("<main")[1])).split())


def test_an_alias_is_added_and_the_page_says_so(alice_browser: Client, get: Get, net: Artifact) -> None:
    assert f'action="{ADDRESS}/v0/aliases/add"' in get(f"{ADDRESS}/v0")
    get(f"{ADDRESS}/v0/aliases/add")
    response = alice_browser.post(f"{ADDRESS}/v0/aliases/add", {"name": "best"}, follow=True)
    assert response.redirect_chain == [(f"{ADDRESS}/v0", 302)]
    assert "v0 is best now." in text_of(response.content.decode())
    assert "best" in held(net)
    # the sentence is said once
    assert "is best now." not in text_of(get(f"{ADDRESS}/v0"))


def test_a_move_is_told_before_it_happens(
    alice_browser: Client, get: Get, as_alice: Viewer, net: Artifact, second: Artifact
) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="production")
    told = "production moves from v0 to v1."
    assert told in text_of(get(f"{ADDRESS}/v1/aliases/add?name=production"))
    response = alice_browser.post(f"{ADDRESS}/v1/aliases/add", {"name": "production"})
    assert response.status_code == 422
    assert_valid(response)
    assert told in text_of(response.content.decode())
    assert "production" in held(net)
    response = alice_browser.post(f"{ADDRESS}/v1/aliases/add", {"name": "production", "moves_from": "v0"})
    assert response.url == f"{ADDRESS}/v1"
    assert "production" in held(second)
    event = AuditEvent.objects.get(action="alias.moved", alias="production")
    assert (event.before["version"], event.version) == (0, 1)


def test_a_move_that_changed_meanwhile_is_told_again(
    alice_browser: Client, as_alice: Viewer, net: Artifact, second: Artifact, zoo: Project
) -> None:
    make_version(zoo, "net", type_name="model")
    set_alias(viewer=as_alice, collection=net.collection, artifact=second, name="production")
    response = alice_browser.post(f"{ADDRESS}/v2/aliases/add", {"name": "production", "moves_from": "v0"})
    assert response.status_code == 422
    assert "moves from v1 to v2" in text_of(response.content.decode())


def test_a_move_is_told_however_the_name_is_composed(
    alice_browser: Client, as_alice: Viewer, net: Artifact, second: Artifact
) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="pr\u00e9")
    assert alice_browser.post(f"{ADDRESS}/v1/aliases/add", {"name": "pre\u0301"}).status_code == 422
    assert "pr\u00e9" in held(net)


@pytest.mark.parametrize("name", ["", "v3", "latest", "a/b", "a:b", "x" * 129, "\u202eevil"])
def test_a_bad_alias_comes_back_with_the_reason(alice_browser: Client, net: Artifact, name: str) -> None:
    events = AuditEvent.objects.count()
    response = alice_browser.post(f"{ADDRESS}/v0/aliases/add", {"name": name})
    assert response.status_code == 422
    assert_valid(response)
    assert "c-danger" in response.content.decode()
    assert AuditEvent.objects.count() == events


def test_a_name_of_markup_stays_a_name(alice_browser: Client, get: Get, net: Artifact) -> None:
    name = "<script>alert(1)<b>"
    response = alice_browser.post(f"{ADDRESS}/v0/aliases/add", {"name": name}, follow=True)
    assert_valid(response)
    assert "<script>alert" not in response.content.decode()
    assert "<bdi>&lt;script&gt;alert(1)&lt;b&gt;</bdi> now." in response.content.decode()
    assert name in held(net)


def test_an_alias_is_removed_after_a_warning(alice_browser: Client, get: Get, as_alice: Viewer, net: Artifact) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="best")
    assert f'href="{ADDRESS}/v0/aliases/remove?name=best"' in get(f"{ADDRESS}/v0")
    assert "v0 loses best, and nothing has it then." in text_of(get(f"{ADDRESS}/v0/aliases/remove?name=best"))
    assert "best" in held(net)
    assert alice_browser.post(f"{ADDRESS}/v0/aliases/remove", {"name": "best"}).status_code == 302
    assert "best" not in held(net)


def test_latest_cannot_be_removed(alice_browser: Client, get: Get, net: Artifact) -> None:
    assert "remove?name=latest" not in get(f"{ADDRESS}/v0")
    response = alice_browser.post(f"{ADDRESS}/v0/aliases/remove", {"name": "latest"})
    assert response.status_code == 422
    assert "moves by itself" in response.content.decode()


def test_a_protected_alias_is_for_admins(
    alice_browser: Client, bob_browser: Client, as_alice: Viewer, net: Artifact, second: Artifact, zoo: Project
) -> None:
    set_alias(viewer=as_alice, collection=net.collection, artifact=net, name="production")
    protect_alias(viewer=as_alice, project=zoo, name="production")
    assert "remove?name=production" not in bob_browser.get(f"{ADDRESS}/v0").content.decode()
    for form, words in (("add", {"name": "production", "moves_from": "v0"}), ("remove", {"name": "production"})):
        version = "v1" if form == "add" else "v0"
        refused = bob_browser.post(f"{ADDRESS}/{version}/aliases/{form}", words)
        assert refused.status_code == 403
        assert "Only admins" in refused.content.decode()
    assert "production" in held(net)
    page = alice_browser.get(f"{ADDRESS}/v1/aliases/add?name=production").content.decode()
    assert "production is protected" in text_of(page)
    alice_browser.post(f"{ADDRESS}/v1/aliases/add", {"name": "production", "moves_from": "v0"})
    assert "production" in held(second)


def test_an_alias_in_a_registry_is_the_registry_s(
    alice_browser: Client, linked: CollectionMembership, registry: Project
) -> None:
    address = "/acme/wandb-registry-Model/artifacts/model/Zoo%20classifier/v0"
    assert (
        f'action="{address}/aliases/add"' in alice_browser.get("/registry/Model/Zoo%20classifier/v0").content.decode()
    )
    response = alice_browser.post(f"{address}/aliases/add", {"name": "staging"})
    assert response.url == "/registry/Model/Zoo%20classifier/v0"
    assert Alias.objects.get(name="staging").collection_id == linked.collection_id


def test_tags_come_and_go(alice_browser: Client, get: Get, net: Artifact) -> None:
    alice_browser.post(f"{ADDRESS}/v0/tags", {"add": "eu-ok"})
    assert "eu-ok" in get(f"{ADDRESS}/v0/tags")
    assert "Remove the tag eu-ok" in text_of(get(f"{ADDRESS}/v0"))
    alice_browser.post(f"{ADDRESS}/v0/tags", {"remove": "eu-ok"})
    assert not ArtifactTag.objects.filter(artifact=net).exists()
    assert list(AuditEvent.objects.filter(action__startswith="tag").values_list("action", flat=True)) == [
        "tag.added",
        "tag.removed",
    ]


@pytest.mark.parametrize("words", [{}, {"add": ""}, {"add": "<b>"}, {"add": "a" * 129}])
def test_a_bad_tag_comes_back_with_the_reason(alice_browser: Client, net: Artifact, words: dict[str, str]) -> None:
    response = alice_browser.post(f"{ADDRESS}/v0/tags", {"csrf": "x", **words})
    assert response.status_code == 422
    assert_valid(response)
    assert "c-danger" in response.content.decode()


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_description_is_edited(alice_browser: Client, get: Get, net: Artifact) -> None:
    seen = _seen(get(f"{ADDRESS}/v0/description"))
    words = {"description": "# Good\r\n\r\nat night", "seen": seen}
    assert alice_browser.post(f"{ADDRESS}/v0/description", words).status_code == 302
    assert fresh(net).description == "# Good\n\nat night"
    assert "<h3>Good</h3>" in get(f"{ADDRESS}/v0")
    assert "# Good\n\nat night</textarea>" in get(f"{ADDRESS}/v0/description")


def test_nobody_overwrites_what_they_have_not_seen(
    alice_browser: Client, bob_browser: Client, get: Get, net: Artifact
) -> None:
    """W10: alice and bob open the form; the second to save is told what the first has written."""
    seen = _seen(get(f"{ADDRESS}/v0/description"))
    bob_browser.post(f"{ADDRESS}/v0/description", {"description": "one\nbob's", "seen": seen})
    response = alice_browser.post(f"{ADDRESS}/v0/description", {"description": "one\nalice's", "seen": seen})
    assert response.status_code == 409
    assert_valid(response)
    page = unescape(response.content.decode())
    assert "Somebody has changed the description" in page
    assert "-bob's\n+alice's" in page
    assert "alice's</textarea>" in page
    assert fresh(net).description == "one\nbob's"
    again = alice_browser.post(
        f"{ADDRESS}/v0/description", {"description": "one\nboth", "seen": _seen(response.content.decode())}
    )
    assert again.status_code == 302
    assert fresh(net).description == "one\nboth"


def test_a_description_that_is_too_long_comes_back(alice_browser: Client, get: Get, net: Artifact) -> None:
    words = {"description": "x" * 20_001, "seen": _seen(get(f"{ADDRESS}/v0/description"))}
    assert alice_browser.post(f"{ADDRESS}/v0/description", words).status_code == 422


def test_a_version_is_deleted_once_its_name_is_typed(
    alice_browser: Client, get: Get, net: Artifact, linked: CollectionMembership, zoo: Project
) -> None:
    used(make_run(zoo), net)
    told = text_of(get(f"{ADDRESS}/v0/delete"))
    assert "It loses latest, production." in told
    assert "It leaves Model/Zoo classifier:v0." in told
    assert "1 run used it." in told
    for typed in ("", "net", "NET:v0"):
        assert alice_browser.post(f"{ADDRESS}/v0/delete", {"typed": typed, "x": "1"}).status_code == 422
    assert not fresh(net).is_deleted
    response = alice_browser.post(f"{ADDRESS}/v0/delete", {"typed": "net:v0"}, follow=True)
    assert "net:v0 is deleted." in text_of(response.content.decode())
    assert fresh(net).is_deleted
    assert "/aliases/add" not in get(f"{ADDRESS}/v0")
    get(f"{ADDRESS}/v0/aliases/add", status=400)


@pytest.mark.parametrize("form", ["aliases/add", "aliases/remove", "tags", "description", "link", "unlink", "delete"])
def test_who_may_only_look_finds_no_form_and_is_refused(
    alice_browser: Client, charlie_browser: Client, net: Artifact, form: str
) -> None:
    assert charlie_browser.get(f"{ADDRESS}/v0/{form}").status_code == 404
    assert charlie_browser.post(f"{ADDRESS}/v0/{form}", {"name": "x"}).status_code == 404
    assert alice_browser.get(f"{ADDRESS}/v9/{form}").status_code == 404
    assert alice_browser.get(f"{ADDRESS}/latest/{form}").status_code == 404


def test_what_is_the_source_s_is_changed_by_who_may_write_there(
    charlie_browser: Client, linked: CollectionMembership
) -> None:
    """charlie may write to the organisation's registry and not to the project that the version comes from."""
    page = charlie_browser.get("/registry/Model/Zoo%20classifier/v0").content.decode()
    assert "/aliases/add" in page
    assert "/description" not in page
    address = "/acme/wandb-registry-Model/artifacts/model/Zoo%20classifier/v0"
    for form in ("tags", "description", "delete"):
        refused = charlie_browser.post(f"{address}/{form}", {"typed": "net:v0", "add": "x", "description": "x"})
        assert refused.status_code == 403
        assert "ml/zoo" not in refused.content.decode()


def test_a_form_of_another_site_changes_nothing(alice_browser: Client, net: Artifact) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = alice_browser.cookies
    assert strict.post(f"{ADDRESS}/v0/aliases/add", {"name": "best"}).status_code == 403
    assert "best" not in held(net)
