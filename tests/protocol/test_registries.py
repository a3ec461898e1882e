"""Registries through the SDK's own documents: making, changing, searching, roles, renaming, deleting."""

import json
from typing import Any

import pytest

from registry.core.global_ids import encode_id
from registry.core.viewer import Viewer
from registry.models import AuditEvent, Entity, Project, ProjectMember, User
from registry.services import accounts
from tests.protocol.conftest import LINK, Sdk, new_sdk
from tests.protocol.sdk_operations import operations

pytestmark = pytest.mark.django_db


def _ask(sdk: Sdk, operation: str, **variables: Any) -> Any:
    return sdk.ask(operations()[operation][0], **variables)


def _upsert(sdk: Sdk, name: str = "nets", **fields: Any) -> Any:
    given = {"entityName": "acme", "name": f"wandb-registry-{name}", "access": "PRIVATE", **fields}
    given.setdefault("allowAllArtifactTypesInRegistry", True)
    return _ask(sdk, "UpsertRegistry", input=given)["upsertModel"]


@pytest.fixture
def linked(sdk: Sdk) -> Sdk:
    """Two versions linked in `nets`, one of them in `sets` too."""
    _upsert(sdk, "nets", description="trained")
    _upsert(sdk, "sets")
    for name, registry in (("one", "nets"), ("two", "nets"), ("one", "sets")):
        artifact = sdk.log(name, {"a": name.encode()})
        target = {"entityName": "acme", "projectName": f"wandb-registry-{registry}", "artifactPortfolioName": name}
        sdk.ask(LINK, input={"artifactID": artifact, **target, "aliases": [{"alias": f"{name}-best"}]})
    return sdk


def test_a_registry_is_made_with_what_was_asked_and_its_maker_as_admin(sdk: Sdk, alice: User) -> None:
    made = _upsert(sdk, description="d", allowAllArtifactTypesInRegistry=False, artifactTypes=[{"name": "model"}])
    assert made["inserted"] is True
    registry = made["project"]
    assert (registry["access"], registry["description"], registry["allowAllArtifactTypes"]) == ("PRIVATE", "d", False)
    assert [edge["node"]["name"] for edge in registry["artifactTypes"]["edges"]] == ["model"]
    assert list(ProjectMember.objects.values_list("user__username", "role")) == [("alice", "admin")]
    actions = AuditEvent.objects.filter(project_id=Project.objects.get(name="wandb-registry-nets").pk)
    assert sorted(actions.values_list("action", flat=True)) == ["member.added", "project.changed", "project.created"]


def test_a_restricted_registry_is_for_its_members_only(sdk: Sdk, charlies_sdk: Sdk) -> None:
    assert _upsert(sdk, access="RESTRICTED")["project"]["access"] == "RESTRICTED"
    found = _ask(charlies_sdk, "FetchRegistry", entity="acme", name="wandb-registry-nets")
    assert found["entity"]["project"] is None
    shown = _ask(charlies_sdk, "FetchRegistries", organization="acme")["organization"]["orgEntity"]["projects"]
    assert "wandb-registry-nets" not in [edge["node"]["name"] for edge in shown["edges"]]


def test_changing_a_registry_adds_types_and_is_for_its_admins(sdk: Sdk, bobs_sdk: Sdk) -> None:
    _upsert(sdk, allowAllArtifactTypesInRegistry=False, artifactTypes=[{"name": "model"}])
    changed = _upsert(
        sdk, description="new", allowAllArtifactTypesInRegistry=False, artifactTypes=[{"name": "dataset"}]
    )
    assert changed["inserted"] is False
    types = [edge["node"]["name"] for edge in changed["project"]["artifactTypes"]["edges"]]
    assert (changed["project"]["description"], types) == ("new", ["dataset", "model"])
    given = {"entityName": "acme", "name": "wandb-registry-nets", "description": "bob's"}
    assert bobs_sdk.refusal(operations()["UpsertRegistry"][0], input=given)[0] == 403
    assert sdk.refusal(operations()["UpsertRegistry"][0], input={**given, "access": "WORLD"})[0] == 400


def test_the_same_upsert_twice_is_one_registry_and_no_more_events(sdk: Sdk) -> None:
    _upsert(sdk, description="d")
    events = AuditEvent.objects.count()
    assert _upsert(sdk, description="d")["inserted"] is False
    assert AuditEvent.objects.count() == events


def _search(sdk: Sdk, operation: str, **filters: Any) -> list[str]:
    variables = {name: json.dumps(value) for name, value in filters.items()}
    found = _ask(sdk, operation, organization="acme", **variables)["organization"]["orgEntity"]
    connection = next(value for value in found.values() if isinstance(value, dict) and "edges" in value)
    nodes = [edge["node"] for edge in connection["edges"]]
    if operation != "RegistryVersions":
        return [node["name"] for node in nodes]
    return [f"{node['artifactCollection']['name']}:v{node['versionIndex']}" for node in nodes]


def test_registries_collections_and_versions_are_found_by_filters(linked: Sdk) -> None:
    regex = {"name": {"$regex": "ets$"}}
    assert _search(linked, "FetchRegistries", filters=regex) == ["wandb-registry-nets", "wandb-registry-sets"]
    assert _search(linked, "FetchRegistries", filters={"name": "wandb-registry-NETS"}) == ["wandb-registry-nets"]
    pk = Project.objects.get(name="wandb-registry-sets").pk
    assert _search(linked, "RegistryCollections", registryFilter={"id": pk}) == ["one"]
    assert _search(linked, "RegistryCollections", collectionFilter={"name": "two"}) == ["two"]
    assert _search(linked, "RegistryVersions") == ["one:v0", "two:v0", "one:v0"]
    assert _search(linked, "RegistryVersions", artifactFilter={"alias": "two-best"}) == ["two:v0"]
    assert _search(linked, "RegistryVersions", collectionFilter={"name": "one"}, registryFilter={"id": pk}) == [
        "one:v0"
    ]
    assert linked.refusal(operations()["FetchRegistries"][0], organization="acme", filters='{"secret": 1}')[0] == 400


def test_who_is_of_another_organisation_finds_nothing(linked: Sdk) -> None:
    other = accounts.create_organization(viewer=Viewer.system(), name="umbrella")
    system = Viewer.system()
    olga = accounts.new_user(viewer=system, username="olga", password="olga-password", name="", organization=other)
    stranger = new_sdk(olga, "olga")
    assert _ask(stranger, "FetchRegistries", organization="acme") == {"organization": None}


def test_roles_are_given_changed_listed_and_taken_back(sdk: Sdk, bob: User, ml: Entity) -> None:
    registry = _upsert(sdk, access="RESTRICTED")["project"]
    where = {"project": "wandb-registry-nets", "entity": "acme"}
    person, team = encode_id("User", bob.pk), encode_id("Entity", ml.pk)

    def roles() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        users = _ask(sdk, "RegistryUserMembers", **where)["project"]["members"]
        teams = _ask(sdk, "RegistryTeamMembers", **where)["project"]["teamMembers"]
        return (
            [(one["username"], one["role"]["name"]) for one in users],
            [(one["team"]["name"], one["role"]["name"]) for one in teams],
        )

    assert roles() == ([("alice", "admin")], [])
    given = {"projectId": registry["id"], "userIds": [person], "teamIds": [team]}
    _ask(sdk, "CreateRegistryMembers", input=given)
    assert roles() == ([("alice", "admin"), ("bob", "viewer")], [("ml", "viewer")])
    _ask(
        sdk,
        "UpdateUserRegistryRole",
        input={"projectId": registry["id"], "userId": person, "userProjectRole": "member"},
    )
    _ask(
        sdk,
        "UpdateTeamRegistryRole",
        input={"projectId": registry["id"], "teamId": team, "teamProjectRole": "admin"},
    )
    assert roles() == ([("alice", "admin"), ("bob", "member")], [("ml", "admin")])
    wrong = {"projectId": registry["id"], "userId": person, "userProjectRole": "king"}
    assert sdk.refusal(operations()["UpdateUserRegistryRole"][0], input=wrong)[0] == 400
    _ask(sdk, "DeleteRegistryMembers", input=given)
    assert roles() == ([("alice", "admin")], [])


def test_a_registry_is_renamed_unless_the_name_is_taken(linked: Sdk) -> None:
    def names(new: str) -> dict[str, str]:
        return {"entityName": "acme", "oldProjectName": "wandb-registry-nets", "newProjectName": new}

    document = operations()["RenameRegistry"][0]
    assert linked.refusal(document, input=names("wandb-registry-SETS"))[0] == 409
    assert linked.refusal(document, input=names("nets"))[0] == 400
    linked.ask(document, input=names("wandb-registry-fleet"))
    assert _search(linked, "RegistryCollections", registryFilter={"name": "wandb-registry-fleet"}) == ["one", "two"]


def test_a_registry_is_deleted_with_its_links_and_the_versions_stay(linked: Sdk, bobs_sdk: Sdk) -> None:
    registry = encode_id("Project", Project.objects.get(name="wandb-registry-nets").pk)
    assert bobs_sdk.refusal(operations()["DeleteRegistry"][0], id=registry)[0] == 403
    assert _ask(linked, "DeleteRegistry", id=registry) == {"deleteModel": {"success": True}}
    assert _search(linked, "RegistryVersions") == ["one:v0"]
    assert linked.member("two:latest")["artifact"]["state"] == "COMMITTED"
    assert AuditEvent.objects.filter(action="project.deleted").count() == 1


def test_another_project_is_not_deleted(sdk: Sdk, zoo: Project) -> None:
    sdk.log("data", {"a": b"a"})
    assert sdk.refusal(operations()["DeleteRegistry"][0], id=encode_id("Project", zoo.pk))[0] in (400, 403)


@pytest.mark.parametrize("wanted", [{"$regex": "Net"}, {"$contains": "registry-NET"}, "wandb-registry-NETS"], ids=str)
def test_the_names_of_registries_are_found_without_regard_to_case(sdk: Sdk, wanted: Any) -> None:
    _upsert(sdk)
    found = _ask(sdk, "FetchRegistries", organization="acme", filters=json.dumps({"name": wanted}))
    edges = found["organization"]["orgEntity"]["projects"]["edges"]
    assert [edge["node"]["name"] for edge in edges] == ["wandb-registry-nets"]


def test_a_rename_and_a_deletion_come_again_after_a_lost_answer(sdk: Sdk, bobs_sdk: Sdk) -> None:
    """The second time answers as the first, with no second event; for everybody else nothing was there."""
    number = _upsert(sdk)["project"]["id"]
    names = {"entityName": "acme", "oldProjectName": "wandb-registry-nets", "newProjectName": "wandb-registry-Webs"}
    first = _ask(sdk, "RenameRegistry", input=names)
    events = AuditEvent.objects.count()
    assert _ask(sdk, "RenameRegistry", input=names) == first
    assert bobs_sdk.refusal(operations()["RenameRegistry"][0], input=names)[0] == 404
    other = {**names, "oldProjectName": "wandb-registry-never"}
    assert sdk.refusal(operations()["RenameRegistry"][0], input=other)[0] == 404
    assert AuditEvent.objects.count() == events
    # a new one of the old name is another registry
    _upsert(sdk)
    assert sdk.refusal(operations()["RenameRegistry"][0], input=names)[0] == 409
    assert _ask(sdk, "DeleteRegistry", id=number) == {"deleteModel": {"success": True}}
    events = AuditEvent.objects.count()
    assert _ask(sdk, "DeleteRegistry", id=number) == {"deleteModel": {"success": True}}
    assert bobs_sdk.refusal(operations()["DeleteRegistry"][0], id=number)[0] == 404
    assert AuditEvent.objects.count() == events
