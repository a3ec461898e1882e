"""Logging versions: what each request means, also when it comes twice or out of order."""

import pytest

from registry.models import Action, Artifact, AuditEvent, ClientId, Edge, EntityMember, ManifestEntry, User
from tests.protocol.conftest import BY_ID, COMMIT, CREATE, USE, Sdk, artifact_pk, base64_md5, digest_of, manifest_of

pytestmark = pytest.mark.django_db
CLIENT_ID = "query($clientID: ID!) { clientIDMapping(clientID: $clientID) { serverID } }"


def _prepared(sdk: Sdk, name: str, files: dict[str, bytes], **fields: object) -> str:
    """Return a draft whose files and manifest are uploaded."""
    manifest = manifest_of(files)
    draft = str(sdk.create(name, manifest, **fields)["id"])
    sdk.upload(draft, files)
    sdk.upload_manifest(draft, manifest)
    return draft


def test_a_draft_has_no_name_no_edges_and_no_entries(sdk: Sdk) -> None:
    sdk.start_run("r1")
    draft = _prepared(sdk, "data", {"a": b"a"}, runName="r1")
    assert sdk.member("data") is None
    assert sdk.member("data:latest") is None
    assert sdk.member("data:v0") is None
    assert Edge.objects.count() == 0
    assert ManifestEntry.objects.count() == 0
    sdk.commit(draft)
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
    assert sdk.commit(artifact) == artifact
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
    producers = Edge.objects.filter(artifact_id=artifact_pk(first)).order_by("pk").values_list("run__uid", flat=True)
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
    winner = sdk.commit(one)
    assert sdk.commit(two) == winner
    assert sdk.ask(BY_ID, id=two)["artifact"]["id"] == winner
    assert sdk.ask(CLIENT_ID, clientID="two")["clientIDMapping"]["serverID"] == winner
    assert sorted(alias["alias"] for alias in sdk.member("data:second")["aliases"]) == ["latest", "second"]
    assert sorted(Edge.objects.values_list("run__uid", "artifact_id")) == [
        ("r1", artifact_pk(winner)),
        ("r2", artifact_pk(winner)),
    ]
    # and whatever names the draft afterwards reaches the winner
    again = sdk.create("data", manifest_of({"a": b"a"}), clientID="two", runName="r2")
    assert (again["id"], again["state"]) == (winner, "COMMITTED")
    sdk.ask(USE, entityName="ml", projectName="zoo", runName="r1", artifactID=two)
    assert Edge.objects.get(direction=Edge.Direction.USED).artifact_id == artifact_pk(winner)
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


def test_reg_3_the_newest_version_is_latest_whether_asked_or_not(sdk: Sdk) -> None:
    sdk.log("data", {"a": b"0"}, aliases=[])
    sdk.log("data", {"a": b"1"}, aliases=[{"artifactCollectionName": "data", "alias": "best"}])
    assert [alias["alias"] for alias in sdk.member("data:v1")["aliases"]] == ["best", "latest"]


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
    committed = sdk.commit(draft)
    entries = (
        ManifestEntry.objects.filter(artifact_id=artifact_pk(committed)).order_by("path").values_list("path", "digest")
    )
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
    committed = sdk.commit(drafts[0])
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


def test_a_draft_is_shown_by_its_id_to_who_may_save_it(sdk: Sdk, bobs_sdk: Sdk, charlies_sdk: Sdk) -> None:
    """`upsert_artifact(...).wait()` asks for it; its name, its number and everybody else know nothing of it."""
    draft = sdk.create("data", manifest_of({"a": b"a"}), distributedID="d")["id"]
    for one in (sdk, bobs_sdk):
        found = one.ask(BY_ID, id=draft)["artifact"]
        assert (found["state"], found["versionIndex"], found["fileCount"]) == ("PENDING", None, 0)
    assert charlies_sdk.ask(BY_ID, id=draft) == {"artifact": None}
    assert sdk.member("data:latest") is None
    viewer = User.objects.get(username="bob")
    EntityMember.objects.filter(user=viewer, entity__name="ml").update(role="viewer")
    assert bobs_sdk.ask(BY_ID, id=draft) == {"artifact": None}
