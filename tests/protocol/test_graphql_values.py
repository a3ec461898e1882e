"""Values in GraphQL requests, errors of resolvers, patience with other SDKs: rows G9 to G15, G20."""

import json

import pytest
from django.db import OperationalError

from registry.api.graphql.resolvers import people
from registry.models import AuditEvent, Project
from tests.protocol.conftest import BY_ID, BY_NAME, CREATE, UPSERT, Sdk, manifest_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first", [-1, 0, 10**9, 2**31 - 1], ids=lambda first: f"G9-{first}")
def test_g9_a_page_size_is_clamped(sdk: Sdk, first: int) -> None:
    sdk.log("data", {"a": b"a"})
    query = 'query($n:Int){project(name:"zoo",entityName:"ml"){artifactCollections(first:$n){edges{node{name}}}}}'
    edges = sdk.ask(query, n=first)["project"]["artifactCollections"]["edges"]
    assert [edge["node"]["name"] for edge in edges] == ["data"]


@pytest.mark.parametrize("first", ["2147483648", "9223372036854775808", "1e400", '"5"', "1.5"], ids=lambda f: f"G9-{f}")
def test_g9_a_page_size_that_is_none_is_400(sdk: Sdk, first: str) -> None:
    query = 'query($n:Int){models(entityName:"ml",first:$n){edges{node{name}}}}'
    assert sdk.post(f'{{"query": {json.dumps(query)}, "variables": {{"n": {first}}}}}').status_code == 400


@pytest.mark.parametrize("cursor", ["garbage", "é", "AAAA", "WyJ4Il0="], ids=lambda cursor: f"G10-{cursor}")
def test_g10_a_bad_cursor_is_400(sdk: Sdk, cursor: str) -> None:
    query = 'query($c:String){models(entityName:"ml",after:$c){edges{node{name}}}}'
    assert sdk.refusal(query, c=cursor) == (400, "bad cursor")


def test_g10_a_cursor_of_another_list_is_400(sdk: Sdk) -> None:
    sdk.log("data", {"a": b"a"})
    models = sdk.ask('query{models(entityName:"ml"){edges{cursor}}}')["models"]["edges"][0]["cursor"]
    query = 'query($c:String){project(name:"zoo",entityName:"ml"){artifactCollections(after:$c){edges{node{id}}}}}'
    assert sdk.refusal(query, c=models) == (400, "bad cursor")


@pytest.mark.parametrize(
    "number",
    [
        "",
        "garbage",
        "UnVuOjE=",
        "QXJ0aWZhY3Q6OTk5OTk5",
        "QXJ0aWZhY3Q6OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
        "QXJ0aWZhY3Q6LTE=",
        "é",
    ],
    ids=["G11-empty", "G11-garbage", "G11-a-run", "G11-missing", "G11-over-64-bits", "G11-negative", "G11-unicode"],
)
def test_g11_an_id_that_names_nothing_is_null(sdk: Sdk, number: str) -> None:
    assert sdk.ask(BY_ID, id=number) == {"artifact": None}


def test_g11_what_others_have_looks_like_nothing(sdk: Sdk, charlies_sdk: Sdk) -> None:
    artifact = sdk.log("data", {"a": b"a"})
    assert charlies_sdk.ask(BY_ID, id=artifact) == {"artifact": None}
    assert charlies_sdk.ask(BY_NAME, entity="ml", project="zoo", name="data:v0") == {"project": None}
    assert charlies_sdk.ask(BY_NAME, entity="ml", project="none", name="data:v0") == {"project": None}


@pytest.mark.parametrize(
    ("metadata", "status"),
    [
        ("{", 400),
        ("[1]", 400),
        ('"text"', 400),
        ('{"a": "\\u0000"}', 400),
        ('{"a": "\\ud800"}', 400),
        ('{"\\u0000": 1}', 400),
        ('{"a": 1' + "0" * 400 + "}", 400),
        ('{"a":' * 1000 + "1" + "}" * 1000, 400),
        ('{"a":' * 100_000, 400),
        ('{"a": "' + "x" * 5_000_000 + '"}', 413),
        ('{"a": 1e400}', 400),
    ],
    ids=[
        "G12-invalid",
        "G12-list",
        "G12-text",
        "G12-nul",
        "G12-surrogate",
        "G12-nul-key",
        "G12-10^400",
        "G12-depth",
        "G12-depth-unclosed",
        "G12-5-MB",
        "G12-infinite",
    ],
)
def test_g12_metadata_that_cannot_be_stored_is_refused(sdk: Sdk, metadata: str, status: int) -> None:
    before = AuditEvent.objects.count()
    given = sdk.create_input("data", manifest_of({}), metadata=metadata)
    assert sdk.refusal(CREATE, input=given)[0] == status
    assert sdk.member("data:latest") is None
    assert AuditEvent.objects.count() == before


def test_g12_not_a_number_becomes_text(sdk: Sdk) -> None:
    artifact = sdk.log("data", {}, metadata='{"nan": NaN, "inf": [Infinity, -Infinity]}')
    found = sdk.ask(BY_ID, id=artifact)["artifact"]
    assert json.loads(found["metadata"]) == {"nan": "NaN", "inf": ["Infinity", "-Infinity"]}


def test_g13_introspection_is_for_who_has_a_key(sdk: Sdk) -> None:
    query = 'query{__type(name:"Mutation"){fields{name args{name}}}}'
    names = [field["name"] for field in sdk.ask(query)["__type"]["fields"]]
    assert "createArtifact" in names
    assert sdk.post({"query": query}, Authorization="").status_code == 401


def test_g14_an_unknown_operation_is_400_in_the_words_that_sdks_know(sdk: Sdk) -> None:
    status, message = sdk.refusal("mutation{launchRockets(input:{}){ok}}")
    assert status == 400
    assert message.startswith("Cannot query field 'launchRockets' on type 'Mutation'. This server does not serve it.")
    assert "newer SDK" in message
    assert "Sweeps are not part of it" in sdk.refusal("mutation{upsertSweep(input:{}){ok}}")[1]
    assert sdk.refusal("query{rockets{id}}")[1].startswith("Cannot query field 'rockets' on type 'Query'.")


def test_g15_a_bug_is_masked_and_final(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("SELECT secret FROM table")

    monkeypatch.setattr(people.sdk_projects, "find_user", broken)
    status, message = sdk.refusal("query{serverInfo{features{name}} viewer{id}}")
    assert status == 422
    assert message.startswith("internal error, id=")
    assert "secret" not in message
    assert message.removeprefix("internal error, id=") in caplog.text
    assert "SELECT secret" in caplog.text


def test_a_database_that_is_away_is_503_with_retry_after(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(people.sdk_projects, "find_named_entity", away)
    answer = sdk.answer('query{entity(name:"ml"){id}}')
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert b"locked" not in answer.content


@pytest.mark.parametrize("field", ["name", "project", "entity", "jobType", "displayName", "groupName", "state"])
def test_g20_a_megabyte_in_any_text_is_refused(sdk: Sdk, field: str) -> None:
    given = {"name": "r1", "project": "zoo", "entity": "ml"} | {field: "x" * (1 << 20)}
    before = Project.objects.count()
    assert sdk.refusal(UPSERT, **given)[0] in {400, 404, 413}
    assert Project.objects.count() == before


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"], ids=["NUL", "surrogate"])
@pytest.mark.parametrize("field", ["name", "project", "entity", "jobType", "displayName", "groupName", "state", "host"])
def test_text_that_no_database_takes_is_refused(sdk: Sdk, field: str, text: str) -> None:
    given = {"name": "r1", "project": "zoo", "entity": "ml"} | {field: text}
    assert sdk.refusal(UPSERT, **given)[0] == 400


def test_text_that_no_database_takes_is_refused_in_the_query_itself(sdk: Sdk) -> None:
    assert sdk.refusal('query{project(name:"a\\u0000"){id}}')[0] == 400


# --- patience -----------------------------------------------------------------------------------------------------


def test_an_unknown_nested_field_is_null(sdk: Sdk) -> None:
    data = sdk.ask("query{viewer{username moonPhase phase:moon(at:1){of{day}} teams{edges{node{name limits{x}}}}}}")
    assert data["viewer"]["username"] == "alice"
    assert data["viewer"]["moonPhase"] is None
    assert data["viewer"]["phase"] is None
    assert data["viewer"]["teams"]["edges"][0]["node"] == {"name": "alice", "limits": None}


def test_unknown_arguments_and_input_fields_are_left_out(sdk: Sdk) -> None:
    query = """mutation($input: CreateArtifactInput!, $x: UnknownThing) {
      createArtifact(input: $input, future: $x) { artifact { state } } }"""
    given = sdk.create_input("data", manifest_of({}), future={"deep": [1]}, tags=[{"tagName": "a", "colour": "red"}])
    assert sdk.ask(query, input=given, x=1)["createArtifact"]["artifact"]["state"] == "PENDING"
    inline = 'mutation{upsertBucket(input:{name:"r",modelName:"zoo",entityName:"ml",future:{a:1}}){inserted}}'
    assert sdk.ask(inline)["upsertBucket"]["inserted"] is True


def test_fragments_on_types_that_are_called_differently_here(sdk: Sdk) -> None:
    data = sdk.ask(
        "query{viewer{...F ... on Account{username}} } fragment F on Person{name ...G} fragment G on User{id}"
    )
    assert data["viewer"]["username"] == "alice"
    assert data["viewer"]["name"] == "Alice Adams"
    assert data["viewer"]["id"]


def test_an_empty_operation_name_means_none(sdk: Sdk) -> None:
    assert sdk.post({"query": "query A{viewer{id}}", "operationName": ""}).status_code == 200
    assert sdk.post({"query": "query A{viewer{id}}", "operationName": "A"}).status_code == 200
    assert sdk.post({"query": "{viewer{id}}", "operationName": None}).status_code == 200


def test_a_required_entity_that_is_null_is_the_default_one(sdk: Sdk) -> None:
    query = "query($entityName:String!){entity(name:$entityName){name}}"
    assert sdk.ask(query, entityName=None) == {"entity": {"name": "alice"}}
    assert sdk.ask(query) == {"entity": {"name": "alice"}}
    assert sdk.refusal("query($id:ID!){artifact(id:$id){id}}", id=None)[0] == 400


def test_a_trailing_slash_does_not_redirect(sdk: Sdk) -> None:
    answer = sdk.client.post(
        "/graphql/",
        {"query": "{viewer{username}}"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {sdk.key}"},
    )
    assert answer.status_code == 200


def test_the_log_names_the_operation_and_no_secret(sdk: Sdk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="registry.api"):
        sdk.log("data", {"a": b"a"})
    assert "POST /graphql CreateArtifact 200" in caplog.text
    assert "PUT /storage/uf/wandb_artifacts/0cc175b9c0f1b6a831c399e269772661 - 200" in caplog.text
    assert sdk.key not in caplog.text
    assert "token=" not in caplog.text
