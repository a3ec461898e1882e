"""The commands that make users, organisations and teams."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from registry.core.viewer import Role
from registry.models import ApiKey, Entity, EntityMember, Project, User
from registry.services.accounts import hash_key

pytestmark = pytest.mark.django_db
GIVEN_KEY = "local-" + "0123456789" * 4


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


def test_a_user_is_made_with_a_new_key_that_the_sdk_accepts() -> None:
    answer = run("create_user", "ann", "--new-key")
    assert answer["username"] == "ann"
    public, secret = answer["api_key"].split("-")
    assert len(public) == 8
    assert len(secret) == 40
    assert ApiKey.objects.get(user__username="ann").key_hash == hash_key(answer["api_key"])


def test_running_it_again_without_a_key_option_answers_null_and_changes_nothing() -> None:
    run("create_user", "ann", "--new-key", "--password", "first-password")
    assert run("create_user", "ann") == {"username": "ann", "api_key": None}
    assert ApiKey.objects.count() == 1
    assert User.objects.get(username="ann").check_password("first-password")


def test_a_given_key_is_used_and_may_be_given_again() -> None:
    assert run("create_user", "ann", "--api-key", GIVEN_KEY)["api_key"] == GIVEN_KEY
    assert run("create_user", "ann", "--api-key", GIVEN_KEY)["api_key"] == GIVEN_KEY
    assert ApiKey.objects.count() == 1


def test_another_users_key_is_refused_and_no_user_is_left_behind() -> None:
    run("create_user", "ann", "--api-key", GIVEN_KEY)
    with pytest.raises(CommandError, match="already in use"):
        run("create_user", "ben", "--api-key", GIVEN_KEY)
    assert not User.objects.filter(username="ben").exists()


@pytest.mark.parametrize("key", ["short", "x" * 39, "with spaces " + "x" * 40, "prefix-" + "x" * 39, "ü" * 40])
def test_a_key_that_the_sdk_would_refuse_is_refused(key: str) -> None:
    with pytest.raises(CommandError, match="at least 40 characters"):
        run("create_user", "ann", "--api-key", key)


@pytest.mark.parametrize("name", ["a" * 65, "with space", "slash/ed", "", "ünicode", ".."])
def test_a_name_that_does_not_fit_an_address_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="user name"):
        run("create_user", name)


def test_names_of_64_letters_digits_underscores_and_dashes_are_accepted() -> None:
    name = "Az09_-" + "x" * 58
    assert run("create_user", name)["username"] == name


def test_an_admin_may_use_the_admin_site() -> None:
    run("create_user", "root", "--admin")
    assert User.objects.get(username="root").is_staff


def test_a_user_gets_an_entity_of_the_same_name_in_the_home_organisation() -> None:
    run("create_user", "ann")
    entity = Entity.objects.select_related("organization").get(name="ann")
    assert entity.kind == Entity.Kind.USER
    assert entity.organization is not None
    assert EntityMember.objects.filter(user__username="ann", entity=entity.organization).exists()


def test_an_organisation_has_the_registries_model_and_dataset_and_its_members() -> None:
    run("create_user", "ann")
    run("create_user", "ben")
    answer = run("create_organization", "acme", "--member", "ann:admin", "--member", "ben")
    assert answer == {"organization": "acme", "members": {"ann": "admin", "ben": "member"}}
    registries = Project.objects.registries().filter(entity__name="acme")
    assert sorted(registry.title for registry in registries) == ["Dataset", "Model"]
    assert Entity.objects.get(name="ann").organization == Entity.objects.get(name="acme")
    assert run("create_organization", "acme") == answer


def test_a_team_belongs_to_an_organisation_and_its_members_join_that() -> None:
    run("create_organization", "acme")
    run("create_user", "ann")
    answer = run("create_team", "ml", "--organization", "ACME", "--member", "ann:viewer")
    assert answer == {"team": "ml", "organization": "acme", "members": {"ann": "viewer"}}
    assert EntityMember.objects.get(user__username="ann", entity__name="acme").role == Role.MEMBER
    assert run("create_team", "ml", "--organization", "acme") == answer


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create_team", "ml", "--organization", "nowhere"), "no organisation 'nowhere'"),
        (("create_team", "acme", "--organization", "acme"), "taken by the organisation 'acme'"),
        (("create_team", "ml", "--organization", "acme", "--member", "ghost"), "no user 'ghost'"),
        (("create_organization", "acme", "--member", "ann:boss"), "role 'boss' does not exist"),
        (("create_organization", "a/b"), "must not contain"),
        (("create_user", "ACME"), "already taken"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(arguments: tuple[str, ...], message: str) -> None:
    run("create_organization", "acme")
    with pytest.raises(CommandError, match=message):
        run(*arguments)
