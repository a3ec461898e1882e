"""Using and linking versions, and the names of everything: rows G16, G17, N1 to N4."""

import json

import pytest

from registry.models import Action, Artifact, AuditEvent, Edge
from tests.protocol.conftest import BY_ID, CREATE, LINK, USE, Sdk, artifact_pk, manifest_of

pytestmark = pytest.mark.django_db


def _use(sdk: Sdk, artifact: str, **fields: str) -> None:
    given = {"entityName": "ml", "projectName": "zoo", "runName": "r1", "artifactID": artifact} | fields
    sdk.ask(USE, **given)


def test_a_use_keeps_the_aliases_of_that_moment_and_every_path(sdk: Sdk) -> None:
    sdk.start_run("r1")
    artifact = sdk.log("data", {"a": b"0"})
    _use(sdk, artifact)
    sdk.log("data", {"a": b"1"})
    _use(sdk, artifact, artifactEntityName="ml", artifactProjectName="zoo")
    _use(sdk, artifact, artifactEntityName="acme", artifactProjectName="wandb-registry-Model")
    _use(sdk, artifact, artifactEntityName="acme", artifactProjectName="wandb-registry-Model")
    edge = Edge.objects.get(direction=Edge.Direction.USED)
    assert edge.aliases == ["latest"]
    paths = edge.paths.order_by("pk").values_list("entity_name", "project_name")
    assert list(paths) == [("ml", "zoo"), ("acme", "wandb-registry-Model")]


def test_using_needs_a_run_and_a_version(sdk: Sdk, charlies_sdk: Sdk) -> None:
    sdk.start_run("r1")
    artifact = sdk.log("data", {"a": b"0"})
    given = {"entityName": "ml", "projectName": "zoo", "runName": "r1", "artifactID": artifact}
    assert sdk.refusal(USE, **given | {"runName": "none"}) == (404, "run 'none' not found in ml/zoo")
    assert sdk.refusal(USE, **given | {"projectName": "none"}) == (404, "project 'none' not found under entity 'ml'")
    assert sdk.refusal(USE, **given | {"artifactID": "QXJ0aWZhY3Q6OTk5OTk5"})[0] == 404
    charlies_sdk.start_run("mine", project="own")
    hidden = given | {"entityName": "charlie", "projectName": "own", "runName": "mine"}
    assert charlies_sdk.refusal(USE, **hidden)[0] == 404
    draft = sdk.create("draft", manifest_of({}))["id"]
    assert sdk.refusal(USE, **given | {"artifactID": draft})[0] == 404
    assert Edge.objects.filter(direction=Edge.Direction.USED).count() == 0


# --- linking ------------------------------------------------------------------------------------------------------


def _link(sdk: Sdk, artifact: str, **fields: object) -> dict[str, object]:
    given = {"artifactID": artifact, "artifactPortfolioName": "best", "entityName": "acme"}
    given |= {"projectName": "wandb-registry-Dataset"} | fields
    found: dict[str, object] = sdk.ask(LINK, input=given)["linkArtifact"]
    return found


def test_f10_a_link_is_made_once(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    first = _link(sdk, artifact, aliases=[{"artifactCollectionName": "best", "alias": "prod"}])
    again = _link(sdk, artifact, projectName="wandb-registry-DATASET")
    assert first["versionIndex"] == again["versionIndex"] == 0
    member = again["artifactMembership"]
    assert isinstance(member, dict)
    assert member["artifactCollection"] == {"__typename": "ArtifactPortfolio", "name": "best"}
    assert [alias["alias"] for alias in member["aliases"]] == ["latest", "prod"]
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED, object_id=artifact_pk(artifact)).count() == 2


def test_a_link_by_client_id(sdk: Sdk) -> None:
    sdk.log("data", {"a": b"a"}, clientID="c1")
    given = {"clientID": "c1", "artifactPortfolioName": "p", "entityName": "ml", "projectName": "zoo"}
    assert sdk.ask(LINK, input=given)["linkArtifact"]["versionIndex"] == 0


def test_g17_a_link_without_rights_or_of_another_type_is_refused(sdk: Sdk, charlies_sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    before = AuditEvent.objects.count()
    refused = {
        "a registry of other types": {"projectName": "wandb-registry-Model"},
        "a registry under a person": {"entityName": "alice"},
        "an unknown entity": {"entityName": "nobody"},
        "no name": {"artifactPortfolioName": ""},
        "a sequence": {"entityName": "ml", "projectName": "zoo", "artifactPortfolioName": "data"},
    }
    base = {"artifactID": artifact, "artifactPortfolioName": "p", "entityName": "acme"}
    base["projectName"] = "wandb-registry-Dataset"
    statuses = {what: sdk.refusal(LINK, input=base | change)[0] for what, change in refused.items()}
    assert statuses == dict(zip(refused, [409, 400, 404, 400, 409], strict=True))
    assert charlies_sdk.refusal(LINK, input=base)[0] == 404
    assert AuditEvent.objects.count() == before


def test_a_link_is_the_grant(sdk: Sdk, charlies_sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    assert charlies_sdk.ask(BY_ID, id=artifact) == {"artifact": None}
    _link(sdk, artifact)
    found = charlies_sdk.ask(BY_ID, id=artifact)["artifact"]
    assert found["artifactSequence"] == {"name": "data", "project": None}
    assert found["aliases"] == [{"alias": "latest"}]  # the registry's; the source's are closed


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alias", "status"),
    [
        ("prod", 200),
        ("v3", 200),
        ("v0", 200),
        ("emoji 🎉 and space", 200),
        ("", 400),
        ("   ", 400),
        ("x" * 128, 200),
        ("x" * 129, 400),
        ("a/b", 400),
        ("a:b", 400),
        ("a\nb", 400),
        ("a\u202eb", 400),
        (".", 400),
    ],
    ids=lambda value: f"G16-{value!r}"[:24] if isinstance(value, str) else None,
)
def test_g16_aliases(sdk: Sdk, alias: str, status: int) -> None:
    given = sdk.create_input("data", manifest_of({}), aliases=[{"artifactCollectionName": "data", "alias": alias}])
    assert sdk.answer(CREATE, input=given).status_code == status
    if alias.startswith("v"):
        assert Artifact.objects.get().pending_aliases == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("<script>alert(1)<b>", 200),
        ('"><img onerror=x>', 200),
        ("{{7*7}}", 200),
        ("{% include 'x' %}", 200),
        ("javascript:alert(1)", 200),
        ("with spaces", 200),
        ("ünïcödé 日本", 200),
        ("x" * 128, 200),
        ("नमस्ते\u200d", 200),
        ("x" * 129, 400),
        ("a/b", 400),
        ("..", 400),
        (".", 400),
        ("", 400),
        ("a\u202eb", 400),
        ("a\u2066b", 400),
        ("a\x07b", 400),
        ("a" + "\u0301" * 300, 400),
    ],
    ids=lambda value: f"N1-N3-{value!r}"[:32] if isinstance(value, str) else None,
)
def test_n1_n3_names_of_artifacts(sdk: Sdk, name: str, status: int) -> None:
    given = sdk.create_input(name, manifest_of({}))
    answer = sdk.answer(CREATE, input=given)
    assert answer.status_code == status, answer.content
    if status == 200:
        draft = answer.json()["data"]["createArtifact"]["artifact"]["id"]
        sdk.upload_manifest(draft, manifest_of({}))
        sdk.commit(draft)
        member = sdk.member(f"{name}:latest")
        assert member["artifactCollection"]["name"] == name
        assert sdk.member(name)["versionIndex"] == 0 or ":" in name


def test_n4_one_name_in_two_normal_forms_is_one(sdk: Sdk) -> None:
    sdk.log("caf\u00e9", {"a": b"a"})
    assert sdk.member("cafe\u0301:latest")["versionIndex"] == 0
    assert sdk.create("cafe\u0301", manifest_of({"a": b"a"}))["state"] == "COMMITTED"


def test_n2_metadata_is_kept_literally(sdk: Sdk) -> None:
    metadata = {"a": "</script><!--\u2028", "b": "{{7*7}}"}
    artifact = sdk.log("data", {}, metadata=json.dumps(metadata))
    assert json.loads(sdk.ask(BY_ID, id=artifact)["artifact"]["metadata"]) == metadata
