"""P1, P5, P7, A3: every root field of GraphQL and every other machine's address against everybody."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from graphql import GraphQLObjectType

from registry.api.graphql.schema import SCHEMA
from registry.core.global_ids import encode_id
from registry.core.viewer import Viewer
from registry.models import ApiKey, AuditEvent, ManifestEntry, User
from registry.services import accounts
from registry.storage.signatures import Grant, Purpose, sign
from tests.architecture.access_table import ACTORS, FIELDS, READ, REFUSED
from tests.architecture.conftest import MARK, WORDS, World
from tests.architecture.machine_writes import WHERE, writes_of_registries, writes_of_runs, writes_of_teams

PEOPLE = [actor for actor in ACTORS if actor not in ("anonymous", "key")]
RUNS = "runs(first: 5) { totalCount edges { node { name } } } runCount"
PROJECT = f"{{ name description {RUNS} artifactCollections {{ totalCount }} }}"
ARTIFACT = (
    "{ description state createdBy { ... on Run { displayName } } usedBy { totalCount edges { node { name } } } }"
)


def _reads(world: World) -> dict[str, str]:
    artifact, collection = world.artifact.pk, world.artifact.collection_id
    version, sequence = encode_id("Artifact", artifact), encode_id("ArtifactCollection", collection)
    named = f'name: "{WORDS["project"]}", entityName: "ml"'
    return {
        "viewer": "{ username }",
        "serverInfo": "{ features { name } }",
        "entity": f'(name: "ml") {{ name project(name: "{WORDS["project"]}") {{ name }} }}',
        "organization": '(name: "acme") { name }',
        "project": f"({named}) {PROJECT}",
        "model": f"({named}) {PROJECT}",
        "models": '(entityName: "ml") { edges { node { name description } } }',
        "artifact": f'(id: "{version}") {ARTIFACT}',
        "artifactCollection": f'(id: "{sequence}") {{ name project {{ name }} }}',
        "clientIDMapping": f'(clientID: "{MARK}-client") {{ serverID }}',
        "users": '(query: "mia") { edges { node { username } } }',
    }


def _writes(world: World) -> dict[str, dict[str, Any]]:
    version, draft = (encode_id("Artifact", row.pk) for row in (world.artifact, world.draft))
    sequence = encode_id("ArtifactCollection", world.artifact.collection_id)
    portfolio = encode_id("ArtifactCollection", world.portfolio.pk)
    registry = {"entityName": "acme", "projectName": "wandb-registry-Holt"}
    alias = {"artifactCollectionName": "net", "alias": "best", **WHERE}
    tags = {"artifactCollectionName": "net", "tags": [{"tagName": "new"}], **WHERE}
    manifest = {"artifactID": draft, "name": "wandb_manifest.json", "digest": "", "runName": "", "type": "FULL"}
    md5 = base64.b64encode(b"0" * 16).decode()
    return {
        "upsertBucket": {
            "entityName": "ml",
            "modelName": WORDS["project"],
            "name": WORDS["uid"],
            "displayName": "x",
        },
        "upsertModel": {"entityName": "ml", "name": WORDS["project"], "description": "changed"},
        "createRunFiles": {**WHERE, "runName": WORDS["uid"], "files": ["a.txt"]},
        "createArtifact": {
            **WHERE,
            "artifactTypeName": "model",
            "artifactCollectionName": "net",
            "digest": "1" * 32,
            "digestAlgorithm": "MANIFEST_MD5",
        },
        "createArtifactFiles": {"artifactFiles": [{"artifactID": draft, "name": "b.txt", "md5": md5}]},
        "createArtifactManifest": {**WHERE, **manifest},
        "updateArtifactManifest": {"artifactManifestID": encode_id("ArtifactManifest", world.manifest.pk)},
        "commitArtifact": {"artifactID": draft},
        "useArtifact": {**WHERE, "artifactID": version, "runName": "otter2"},
        "linkArtifact": {**registry, "artifactID": version, "artifactPortfolioName": "marten", "aliases": []},
        "unlinkArtifact": {"artifactID": version, "artifactPortfolioID": portfolio},
        "updateArtifact": {"artifactID": version, "description": "changed"},
        "deleteArtifact": {"artifactID": version, "deleteAliases": True},
        "addAliases": {"artifactID": version, "aliases": [alias]},
        "deleteAliases": {"artifactID": version, "aliases": [{**alias, "alias": "kept"}]},
        "updateArtifactSequence": {"artifactSequenceID": sequence, "description": "changed"},
        "updateArtifactPortfolio": {"artifactPortfolioID": portfolio, "description": "changed"},
        "createArtifactCollectionTagAssignments": tags,
        "deleteArtifactCollectionTagAssignments": tags,
        "deleteArtifactSequence": {"artifactSequenceID": sequence},
        "deleteArtifactPortfolio": {"artifactPortfolioID": portfolio},
        **writes_of_runs(world),
        **writes_of_registries(world),
        **writes_of_teams(world),
    }


def _post(world: World, actor: str, document: str, **variables: Any) -> Any:
    headers = {} if actor == "anonymous" else {"Authorization": f"Bearer {world.keys[actor]}"}
    body = {"query": document, "variables": variables}
    client = Client(raise_request_exception=False, headers=headers)
    return client.post("/graphql", json.dumps(body), content_type="application/json")


def _mutation(name: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation M($input: {kind}!) {{ {name}(input: $input) {{ __typename }} }}"


def test_p7_every_root_field_stands_in_the_table() -> None:
    fields = {
        f"{kind.name}.{name}"
        for kind in (SCHEMA.query_type, SCHEMA.mutation_type)
        if isinstance(kind, GraphQLObjectType)
        for name in kind.fields
    }
    assert fields - set(FIELDS) == set(), "declare who may use these in access_table.py"
    assert set(FIELDS) - fields == set(), "these are gone: take them out of access_table.py"


def test_every_field_is_asked(world: World) -> None:
    asked = {f"Query.{name}" for name in _reads(world)} | {f"Mutation.{name}" for name in _writes(world)}
    assert asked == set(FIELDS)


def test_p1_a_read_shows_only_what_may_be_seen(world: World) -> None:
    wrong: dict[str, Any] = {}
    for name, rest in _reads(world).items():
        refused = REFUSED[FIELDS[f"Query.{name}"]]
        for actor in PEOPLE:
            response = _post(world, actor, f"query Q {{ {name}{rest} }}")
            told = response.content.decode()
            is_shown = response.status_code == 200 and response.json()["data"][name] not in (None, {"edges": []})
            if response.status_code != 200 or is_shown == (actor in refused):
                wrong[f"{actor} {name}"] = told
            elif actor in REFUSED[READ] and MARK in told:
                wrong[f"{actor} {name}"] = f"tells {told}"
    assert wrong == {}


def test_p1_a_version_seen_through_a_registry_tells_nothing_of_its_runs(world: World) -> None:
    """ACC-2 for the SDK: no producer, no consumer, not even their number."""
    read = f"query Q {{ artifact{_reads(world)['artifact']} }}"
    shown = _post(world, "stranger", read).json()["data"]["artifact"]
    assert shown == {
        "description": None,
        "state": "COMMITTED",
        "createdBy": None,
        "usedBy": {"totalCount": 0, "edges": []},
    }
    assert _post(world, "outsider", read).json() == {"data": {"artifact": None}}
    assert _post(world, "viewer", read).json()["data"]["artifact"]["createdBy"] == {"displayName": f"{MARK} run"}


def test_p4_a_write_of_who_may_not_is_refused_and_changes_nothing(world: World) -> None:
    wrong: dict[str, Any] = {}
    for name, words in _writes(world).items():
        refused = REFUSED[FIELDS[f"Mutation.{name}"]]
        for actor in PEOPLE:
            before = AuditEvent.objects.count()
            with transaction.atomic():
                response = _post(world, actor, _mutation(name), input=words)
                told = AuditEvent.objects.count() - before
                transaction.set_rollback(True)
            if actor in refused and (response.status_code not in (401, 403, 404) or told):
                wrong[f"{actor} {name}"] = (response.status_code, response.content, told)
            # a draft without its files cannot be committed, by nobody
            if actor not in refused and response.status_code != (200 if name != "commitArtifact" else 400):
                wrong[f"{actor} {name}"] = (response.status_code, response.content)
    assert wrong == {}


def _tries(world: World) -> dict[str, Callable[[dict[str, str]], Any]]:
    """Every machine's address, as somebody without the right headers would try it."""
    digest = ManifestEntry.objects.get(artifact=world.artifact).digest
    md5 = base64.b64decode(digest).hex()
    birth = encode_id("Artifact", world.artifact.pk)
    tail = f"default/ml/{WORDS['project']}/net/{birth}/{birth}/{md5}/weights.txt"
    stream = f"/files/ml/{WORDS['project']}/{WORDS['uid']}/file_stream"
    kind = "application/json"
    return {
        "graphql": lambda h: Client(headers=h).post("/graphql", '{"query":"query{viewer{id}}"}', content_type=kind),
        "graphql/": lambda h: Client(headers=h).post("/graphql/", '{"query":"query{viewer{id}}"}', content_type=kind),
        "file_stream": lambda h: Client(headers=h).post(stream, "{}", content_type=kind),
        "artifacts_v2": lambda h: Client(headers=h).get(f"/artifactsV2/{tail}"),
    }


@pytest.mark.parametrize("way", ["none", "wrong", "revoked", "disabled", "session"])
def test_a3_without_a_good_key_every_machine_s_address_answers_401(world: World, way: str) -> None:
    headers = {"Authorization": f"Bearer {world.keys['admin']}"}
    if way == "revoked":
        for key in ApiKey.objects.filter(user=world.people["admin"]).select_related("user"):
            accounts.revoke_api_key(viewer=Viewer.system(), key=key)
    elif way == "disabled":
        User.objects.filter(pk=world.people["admin"].pk).update(is_active=False)
    elif way == "wrong":
        headers = {"Authorization": "Bearer " + "x" * 48}
    elif way == "session":
        headers = {"Cookie": f"sessionid={world.browser('admin').cookies['sessionid'].value}"}
    else:
        headers = {}
    assert {name: attempt(headers).status_code for name, attempt in _tries(world).items()} == dict.fromkeys(
        _tries(world), 401
    )


def test_p1_the_other_addresses_know_only_members(world: World) -> None:
    expected = {"outsider": (404, 404), "stranger": (404, 404), "viewer": (200, 403), "member": (200, 200)}
    for actor, statuses in expected.items():
        headers = {"Authorization": f"Bearer {world.keys[actor]}"}
        with transaction.atomic():
            tries = _tries(world)
            got = tries["artifacts_v2"](headers), tries["file_stream"](headers)
            transaction.set_rollback(True)
        for response in got:
            for close in response._resource_closers:
                close()
        assert tuple(response.status_code for response in got) == statuses, actor


def _fetch(world: World, person: str, purpose: Purpose, row: int) -> int:
    token = sign(purpose, Grant(user_id=world.people[person].pk, row_id=row))
    response = Client().get(f"/storage/{purpose.value}/x?token={token}")
    if response.streaming:
        b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return int(response.status_code)


def test_p5_a_signed_address_dies_with_the_right_of_its_owner(world: World) -> None:
    file = ManifestEntry.objects.get(artifact=world.artifact).pk
    asked = [(Purpose.DOWNLOAD_FILE, file), (Purpose.DOWNLOAD_MANIFEST, world.artifact.pk)]
    for purpose, row in asked:
        assert _fetch(world, "member", purpose, row) == 200
        # linked to the registry, so the whole organisation may load it, and nobody else
        assert _fetch(world, "stranger", purpose, row) == 200
        assert _fetch(world, "outsider", purpose, row) == 404
    member = world.people["member"]
    accounts.remove_member(viewer=Viewer.system(), entity=world.team.organization, user=member)
    for purpose, row in asked:
        assert _fetch(world, "member", purpose, row) == 404
    User.objects.filter(pk=world.people["admin"].pk).update(is_active=False)
    for purpose, row in asked:
        assert _fetch(world, "admin", purpose, row) == 401


def test_p5_a_removed_member_s_key_and_session_are_dead_at_once(world: World) -> None:
    browser, query = world.browser("member"), f"query Q {{ project{_reads(world)['project']} }}"
    assert browser.get(f"/ml/{WORDS['project']}").status_code == 200
    assert MARK in _post(world, "member", query).content.decode()
    accounts.remove_member(viewer=Viewer.system(), entity=world.team, user=world.people["member"])
    assert browser.get(f"/ml/{WORDS['project']}").status_code == 404
    assert _post(world, "member", query).json() == {"data": {"project": None}}
    User.objects.filter(pk=world.people["member"].pk).update(is_active=False)
    assert browser.get("/").status_code == 302
    assert _post(world, "member", query).status_code == 401
