"""Logging, using and linking versions: what each request means, also when it comes twice or out of order."""

import json

import pytest

from registry.core.global_ids import decode_id
from registry.models import Action, Artifact, AuditEvent, ClientId, Edge, ManifestEntry
from tests.protocol.conftest import BY_ID, COMMIT, CREATE, LINK, USE, Sdk, base64_md5, digest_of, manifest_of

pytestmark = pytest.mark.django_db
CLIENT_ID = "query($clientID: ID!) { clientIDMapping(clientID: $clientID) { serverID } }"


def _pk(number: str) -> int:
    pk = decode_id("Artifact", number)
    assert pk is not None
    return pk


def _prepared(sdk: Sdk, name: str, files: dict[str, bytes], **fields: object) -> str:
    """Return a draft whose files and manifest are uploaded."""
    manifest = manifest_of(files)
    draft = str(sdk.create(name, manifest, **fields)["id"])
    sdk.upload(draft, files)
    sdk.upload_manifest(draft, manifest)
    return draft


def _commit(sdk: Sdk, draft: str) -> str:
    return str(sdk.ask(COMMIT, artifactID=draft)["commitArtifact"]["artifact"]["id"])


def test_a_draft_is_invisible_everywhere(sdk: Sdk) -> None:
    sdk.start_run("r1")
    draft = _prepared(sdk, "data", {"a": b"a"}, runName="r1")
    assert sdk.member("data") is None
    assert sdk.member("data:latest") is None
    assert sdk.member("data:v0") is None
    assert sdk.ask(BY_ID, id=draft) == {"artifact": None}
    assert Edge.objects.count() == 0
    assert ManifestEntry.objects.count() == 0
    _commit(sdk, draft)
    assert sdk.member("data")["versionIndex"] == 0
    assert Edge.objects.get().direction == Edge.Direction.LOGGED


def test_a_commit_fills_in_everything(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a", "b/c": b"bcd"}, metadata='{"k": 1}', description="text")
    found = sdk.ask(BY_ID, id=artifact)["artifact"]
    assert found == {
        "id": artifact,
        "versionIndex": 0,
        "state": "COMMITTED",
        "size": 4,
        "fileCount": 2,
        "digest": digest_of(manifest_of({"a": b"a", "b/c": b"bcd"})),
        "metadata": '{"k": 1}',
        "aliases": [{"alias": "latest"}],
        "artifactSequence": {"name": "data", "project": {"name": "zoo"}},
    }
    actions = list(
        AuditEvent.objects.filter(collection_id__isnull=False).order_by("pk").values_list("action", "version")
    )
    assert actions == [
        (Action.COLLECTION_CREATED, None),
        (Action.VERSION_ADDED, 0),
        (Action.ALIAS_ADDED, 0),
    ]


def test_f10_a_repeated_commit_changes_nothing(sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    before = AuditEvent.objects.count()
    assert _commit(sdk, artifact) == artifact
    assert sdk.member("data:latest")["versionIndex"] == 0
    assert AuditEvent.objects.count() == before


def test_the_same_content_is_the_same_version(sdk: Sdk) -> None:
    sdk.start_run("r1")
    sdk.start_run("r2")
    first = sdk.log("data", {"a": b"a"}, runName="r1")
    second = sdk.log("data", {"a": b"b"}, runName="r1")
    again = sdk.create("data", manifest_of({"a": b"a"}), runName="r2", clientID="c" * 128)
    assert again == {"id": first, "state": "COMMITTED", "artifactSequence": {"latestArtifact": {"id": second}}}
    assert sdk.member("data:latest")["versionIndex"] == 0
    assert sdk.ask(CLIENT_ID, clientID="c" * 128) == {"clientIDMapping": {"serverID": first}}
    producers = Edge.objects.filter(artifact_id=_pk(first)).order_by("pk").values_list("run__uid", flat=True)
    assert list(producers) == ["r1", "r2"]


def test_f10_the_same_client_id_is_the_same_artifact(sdk: Sdk) -> None:
    first = sdk.create("data", manifest_of({"a": b"a"}), clientID="c1")
    again = sdk.create("data", manifest_of({"a": b"a"}), clientID="c1")
    assert first["id"] == again["id"]
    assert Artifact.objects.count() == 1
    assert sdk.ask(CLIENT_ID, clientID="c1")["clientIDMapping"]["serverID"] == first["id"]
    status, _ = sdk.refusal(CREATE, input=sdk.create_input("other", manifest_of({}), clientID="c1"))
    assert status == 409
    assert ClientId.objects.count() == 1


def test_f13_two_drafts_with_one_content_become_one_version(sdk: Sdk) -> None:
    sdk.start_run("r1")
    sdk.start_run("r2")
    one = _prepared(sdk, "data", {"a": b"a"}, runName="r1", clientID="one")
    two = _prepared(
        sdk,
        "data",
        {"a": b"a"},
        runName="r2",
        clientID="two",
        aliases=[{"artifactCollectionName": "data", "alias": "second"}],
    )
    assert one != two
    winner = _commit(sdk, one)
    assert _commit(sdk, two) == winner
    assert sdk.ask(BY_ID, id=two)["artifact"]["id"] == winner
    assert sdk.ask(CLIENT_ID, clientID="two")["clientIDMapping"]["serverID"] == winner
    assert sorted(alias["alias"] for alias in sdk.member("data:second")["aliases"]) == ["latest", "second"]
    assert sorted(Edge.objects.values_list("run__uid", "artifact_id")) == [("r1", _pk(winner)), ("r2", _pk(winner))]
    # and whatever names the draft afterwards reaches the winner
    sdk.ask(USE, entityName="ml", projectName="zoo", runName="r1", artifactID=two)
    assert Edge.objects.get(direction=Edge.Direction.USED).artifact_id == _pk(winner)
    assert sdk.refusal(COMMIT, artifactID="QXJ0aWZhY3Q6OTk5OTk5")[0] == 404


def test_numbers_are_never_used_twice(sdk: Sdk) -> None:
    delete = "mutation($id: ID!) { deleteArtifact(input: {artifactID: $id, deleteAliases: true}) { artifact { id } } }"
    sdk.log("data", {"a": b"0"})
    second = sdk.log("data", {"a": b"1"})
    sdk.ask(delete, id=second)
    assert sdk.member("data:v1") is None
    assert sdk.member("data:latest")["versionIndex"] == 0
    sdk.log("data", {"a": b"1"})
    assert sdk.member("data:latest")["versionIndex"] == 2


def test_a_type_is_for_ever(sdk: Sdk) -> None:
    sdk.log("data", {"a": b"a"})
    given = sdk.create_input("data", manifest_of({}), artifactTypeName="model")
    assert sdk.refusal(CREATE, input=given) == (
        409,
        "The collection 'data' holds artifacts of type 'dataset'; it cannot take one of type 'model'.",
    )


def test_an_incremental_manifest_is_laid_over_its_base(sdk: Sdk) -> None:
    base = sdk.log("data", {"a": b"a", "b": b"b"})
    change = {"b": b"B", "c": b"c"}
    draft = sdk.create("data", manifest_of(change))["id"]
    sdk.upload(draft, change)
    assert sdk.upload_manifest(draft, manifest_of(change), "INCREMENTAL", base).status_code == 200
    committed = _commit(sdk, draft)
    entries = ManifestEntry.objects.filter(artifact_id=_pk(committed)).order_by("path").values_list("path", "digest")
    assert list(entries) == [("a", base64_md5(b"a")), ("b", base64_md5(b"B")), ("c", base64_md5(b"c"))]
    whole = manifest_of({"a": b"a", "b": b"B", "c": b"c"})
    assert sdk.ask(BY_ID, id=committed)["artifact"]["digest"] == digest_of(whole)


def test_u23_a_base_that_is_foreign_or_unknown_is_refused(sdk: Sdk) -> None:
    other = sdk.log("other", {"x": b"x"})
    draft = sdk.create("data", manifest_of({"a": b"a"}))["id"]
    update = """mutation($artifactID: ID!, $base: ID) { createArtifactManifest(input: {artifactID: $artifactID,
      baseArtifactID: $base, name: "m", digest: "", type: INCREMENTAL}) { artifactManifest { id } } }"""
    assert sdk.refusal(update, artifactID=draft, base=other)[0] == 409
    assert sdk.refusal(update, artifactID=draft, base="QXJ0aWZhY3Q6OTk5OTk5")[0] == 404


def test_participants_of_a_distributed_save_share_one_draft(sdk: Sdk) -> None:
    sdk.start_run("r1")
    sdk.start_run("r2")
    parts = [{"1": b"1"}, {"2": b"2"}]
    drafts = []
    for number, files in enumerate(parts, 1):
        draft = sdk.create("data", manifest_of(files), distributedID="d", runName=f"r{number}")["id"]
        sdk.upload(draft, files)
        sdk.upload_manifest(draft, manifest_of(files), "PATCH")
        drafts.append(draft)
    assert drafts[0] == drafts[1]
    committed = _commit(sdk, drafts[0])
    assert sdk.ask(BY_ID, id=committed)["artifact"]["fileCount"] == 2
    assert sorted(Edge.objects.values_list("run__uid", flat=True)) == ["r1", "r2"]


def test_a_full_manifest_is_announced_twice_and_is_one(sdk: Sdk) -> None:
    draft = sdk.create("data", manifest_of({}))["id"]
    assert sdk.announce_manifest(draft)["id"] == sdk.announce_manifest(draft, base64_md5(b"x"))["id"]


def test_files_come_back_in_the_order_asked(sdk: Sdk) -> None:
    draft = sdk.create("data", manifest_of({}))["id"]
    files = {f"f{number}": str(number).encode() for number in (5, 3, 9, 1)}
    nodes = sdk.announce_files(draft, files)
    assert [node["uploadHeaders"][0] for node in nodes] == [f"Content-MD5:{base64_md5(c)}" for c in files.values()]
    assert all(node["uploadMultipartUrls"] is None for node in nodes)


@pytest.mark.parametrize(
    ("field", "value"),
    [("storageRegion", "mars"), ("digestAlgorithm", "MANIFEST_XXH128"), ("digest", "xyz"), ("runName", "no-run")],
)
def test_what_cannot_be_served_is_refused_by_name(sdk: Sdk, field: str, value: str) -> None:
    status, message = sdk.refusal(CREATE, input=sdk.create_input("data", manifest_of({}), **{field: value}))
    assert status in {400, 404}
    assert value in message or field == "digestAlgorithm"


# --- using --------------------------------------------------------------------------------------------------------


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
    assert AuditEvent.objects.filter(action=Action.VERSION_ADDED, object_id=_pk(artifact)).count() == 2


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
        _commit(sdk, draft)
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
