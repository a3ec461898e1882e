"""Speaks the SDK's protocol over Django's test client: the same documents, headers and order of requests."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from registry.core.digests import artifact_digest
from registry.core.global_ids import decode_id
from registry.core.viewer import Viewer
from registry.models import Entity, Project, User
from registry.services import accounts

CREATE = """mutation CreateArtifact($input: CreateArtifactInput!) { createArtifact(input: $input) {
  ...CreatedArtifact } }
fragment CreatedArtifact on CreateArtifactPayload { artifact { id state artifactSequence { latestArtifact {
      id } } } }"""
MANIFEST = """mutation CreateArtifactManifest($artifactID: ID!, $baseArtifactID: ID, $name: String!, $digest: String!,
    $entityName: String!, $projectName: String!, $runName: String!, $manifestType: ArtifactManifestType!,
    $includeUpload: Boolean!) {
  createArtifactManifest(input: {artifactID: $artifactID, baseArtifactID: $baseArtifactID, name: $name,
      digest: $digest, entityName: $entityName, projectName: $projectName, runName: $runName, type: $manifestType}) {
    artifactManifest { id file { id uploadUrl @include(if: $includeUpload)
      uploadHeaders @include(if: $includeUpload) } } } }"""
FILES = """mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) { createArtifactFiles(input: $input) {
  files { edges { node { storagePath uploadUrl uploadHeaders uploadMultipartUrls { uploadID } artifact {
      id } } } } } }"""
COMMIT = """mutation CommitArtifact($artifactID: ID!) {
  commitArtifact(input: {artifactID: $artifactID}) { artifact { id digest } } }"""
USE = """mutation UseArtifact($entityName: String!, $projectName: String!, $runName: String!, $artifactID: ID!,
    $artifactEntityName: String, $artifactProjectName: String) {
  useArtifact(input: {entityName: $entityName, projectName: $projectName, runName: $runName, artifactID: $artifactID,
      artifactEntityName: $artifactEntityName, artifactProjectName: $artifactProjectName}) { artifact {
      id digest } } }"""
UPSERT = """mutation UpsertBucket($name: String, $project: String, $entity: String, $jobType: String, $host: String,
    $config: JSONString, $displayName: String, $tags: [String!], $state: String, $groupName: String) {
  upsertBucket(input: {name: $name, modelName: $project, entityName: $entity, jobType: $jobType, host: $host,
      config: $config, displayName: $displayName, tags: $tags, state: $state, groupName: $groupName}) {
    bucket { id name displayName project { name entity { name } } historyLineCount } inserted } }"""
LINK = """mutation LinkArtifact($input: LinkArtifactInput!) { linkArtifact(input: $input) { versionIndex
  artifactMembership { id versionIndex aliases { alias } artifactCollection { __typename name } artifact { id } } } }"""
BY_NAME = """query ArtifactMembershipByName($entity: String!, $project: String!, $name: String!) {
  project(name: $project, entityName: $entity) { artifactCollectionMembership(name: $name) {
    versionIndex aliases { alias } artifactCollection { __typename name }
    artifact { id versionIndex state digest metadata } } } }"""
BY_ID = """query ArtifactByID($id: ID!) { artifact(id: $id) { id versionIndex state size fileCount digest metadata
  aliases { alias } artifactSequence { name project { name } } } }"""
FILE_URLS = """query GetArtifactMembershipFileUrls($entity: String!, $project: String!, $collection: String!,
    $alias: String!, $cursor: String, $perPage: Int) {
  project(name: $project, entityName: $entity) { artifactCollection(name: $collection) { __typename
    artifactMembership(aliasName: $alias) { files(after: $cursor, first: $perPage) {
      pageInfo { endCursor hasNextPage } edges { node { __typename name directUrl md5 } } } } } } }"""


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"api:{key}".encode()).decode()


def base64_md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def manifest_of(files: Mapping[str, bytes], references: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the manifest that the SDK would write for these files."""
    contents: dict[str, Any] = {
        path: {
            "digest": base64_md5(content),
            "size": len(content),
            "local_path": "/home/me/secret",
            "skip_cache": False,
        }
        for path, content in files.items()
    }
    contents |= {path: {"digest": uri, "ref": uri, "size": 0} for path, uri in (references or {}).items()}
    policy = {"storagePolicy": "wandb-storage-policy-v1", "storagePolicyConfig": {"storageLayout": "V2"}}
    return {"version": 1, **policy, "contents": contents}


def digest_of(manifest: Mapping[str, Any]) -> str:
    return artifact_digest((path, entry["digest"]) for path, entry in manifest["contents"].items())


def artifact_pk(number: str) -> int:
    """Return the database's number of an artifact's id."""
    pk = decode_id("Artifact", number)
    assert pk is not None
    return pk


@dataclass(frozen=True)
class Download:
    """An answer that was read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def download(client: Client, path: str, **headers: str) -> Download:
    response: Any = client.get(path, headers=headers)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # not response.close(): it would close the test's own connection
        close()
    return Download(response.status_code, response.headers, content)


@dataclass
class Sdk:
    """One user's SDK."""

    key: str
    entity: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def post(self, body: Any, content_type: str = "application/json", **headers: str) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = {"Authorization": basic(self.key)} | headers
        answer: HttpResponse = self.client.post("/graphql", data, content_type=content_type, headers=sent)
        return answer

    def answer(self, query: str, **variables: Any) -> HttpResponse:
        return self.post({"query": query, "variables": variables, "operationName": ""})

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an operation that must succeed."""
        response = self.answer(query, **variables)
        assert response.status_code == 200, response.content
        return json.loads(response.content)["data"]

    def refusal(self, query: str, **variables: Any) -> tuple[int, str]:
        """Return status and message of an operation that must be refused."""
        response = self.answer(query, **variables)
        assert response.status_code >= 400, response.content
        return response.status_code, json.loads(response.content)["errors"][0]["message"]

    # --- the steps of log_artifact ---------------------------------------------------------------------------

    def start_run(self, name: str, project: str = "zoo", **fields: Any) -> Any:
        fields.setdefault("entity", self.entity)
        return self.ask(UPSERT, name=name, project=project, **fields)["upsertBucket"]

    def create_input(self, name: str, manifest: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        given = {
            "entityName": self.entity,
            "projectName": "zoo",
            "artifactTypeName": "dataset",
            "artifactCollectionName": name,
            "digest": digest_of(manifest),
            "digestAlgorithm": "MANIFEST_MD5",
            "enableDigestDeduplication": True,
            "aliases": [{"artifactCollectionName": name, "alias": "latest"}],
        }
        return given | fields

    def create(self, name: str, manifest: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        created: dict[str, Any] = self.ask(CREATE, input=self.create_input(name, manifest, **fields))
        artifact: dict[str, Any] = created["createArtifact"]["artifact"]
        return artifact

    def announce_manifest(self, artifact: str, digest: str = "", kind: str = "FULL", base: str | None = None) -> Any:
        answer = self.ask(
            MANIFEST,
            artifactID=artifact,
            baseArtifactID=base,
            name="wandb_manifest.json",
            digest=digest,
            entityName=self.entity,
            projectName="zoo",
            runName="",
            manifestType=kind,
            includeUpload=bool(digest),
        )
        return answer["createArtifactManifest"]["artifactManifest"]

    def announce_files(self, artifact: str, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
        specs = [{"artifactID": artifact, "name": path, "md5": base64_md5(content)} for path, content in files.items()]
        answer = self.ask(FILES, input={"artifactFiles": specs, "storageLayout": "V2"})
        return [edge["node"] for edge in answer["createArtifactFiles"]["files"]["edges"]]

    def put(self, address: str, content: bytes, **headers: str) -> HttpResponse:
        """Upload without a key, as the SDK does."""
        parts = urlsplit(address)
        answer: HttpResponse = Client(raise_request_exception=False).put(
            f"{parts.path}?{parts.query}", content, content_type="application/octet-stream", headers=headers
        )
        return answer

    def get(self, address: str, **headers: str) -> "Download":
        """Download without a key, as the SDK does."""
        parts = urlsplit(address)
        return download(Client(raise_request_exception=False), f"{parts.path}?{parts.query}", **headers)

    def upload_manifest(
        self, artifact: str, manifest: Any, kind: str = "FULL", base: str | None = None
    ) -> HttpResponse:
        content = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        announced = self.announce_manifest(artifact, base64_md5(content), kind, base)
        return self.put(announced["file"]["uploadUrl"], content)

    def upload(self, artifact: str, files: Mapping[str, bytes]) -> None:
        for node, content in zip(self.announce_files(artifact, files), files.values(), strict=True):
            if node["uploadUrl"]:
                assert self.put(node["uploadUrl"], content).status_code == 200

    def log(
        self,
        name: str,
        files: Mapping[str, bytes],
        references: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> str:
        """Log a version the way the SDK does and return its id."""
        manifest = manifest_of(files, references)
        created = self.create(name, manifest, **fields)
        if created["state"] == "COMMITTED":
            return str(created["id"])
        self.announce_manifest(created["id"])
        self.upload(created["id"], files)
        assert self.upload_manifest(created["id"], manifest).status_code == 200
        return self.commit(str(created["id"]))

    def commit(self, draft: str) -> str:
        """Commit a draft and return the id of the version that it became."""
        return str(self.ask(COMMIT, artifactID=draft)["commitArtifact"]["artifact"]["id"])

    def member(self, name: str, project: str = "zoo") -> Any:
        """Return what `collection:alias` names, or None."""
        found = self.ask(BY_NAME, entity=self.entity, project=project, name=name)["project"]
        return found and found["artifactCollectionMembership"]


@pytest.fixture(autouse=True)
def _own_blob_store(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def new_sdk(user: User, entity: str) -> Sdk:
    _, text = accounts.create_api_key(viewer=Viewer.system(), user=user)
    return Sdk(text, entity)


@pytest.fixture
def sdk(alice: User, zoo: Project) -> Sdk:
    """alice's SDK, working in the team `ml` and its project `zoo`."""
    return new_sdk(alice, "ml")


@pytest.fixture
def bobs_sdk(bob: User, zoo: Project) -> Sdk:
    return new_sdk(bob, "ml")


@pytest.fixture
def charlies_sdk(charlie: User, acme: Entity) -> Sdk:
    """The SDK of a stranger to the team, of the same organisation."""
    return new_sdk(charlie, "charlie")
