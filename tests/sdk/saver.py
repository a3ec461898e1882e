"""Saves versions over HTTP the way the SDK does, but without patience: it stops at the first thing that fails."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.protocol.conftest import COMMIT, CREATE, FILES, MANIFEST, base64_md5, basic, digest_of, manifest_of
from tests.server import LiveServer


@dataclass
class Saver:
    """One client of a live site, in the project `saves` of its user."""

    site: LiveServer

    def _request(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json", "Authorization": basic(self.site.api_key)}
        status, answer = self._request("POST", "/graphql", body, headers)
        if status != 200:
            raise ConnectionError(f"{status} {answer!r}")
        return json.loads(answer)["data"]

    def put(self, address: str, content: bytes) -> None:
        parts = urlsplit(address)
        status, answer = self._request(
            "PUT", f"{parts.path}?{parts.query}", content, {"Content-MD5": base64_md5(content)}
        )
        if status != 200:
            raise ConnectionError(f"{status} {answer!r}")

    def draft(self, name: str, files: dict[str, bytes]) -> str:
        given = {
            "entityName": self.site.username,
            "projectName": "saves",
            "artifactTypeName": "dataset",
            "artifactCollectionName": name,
            "digest": digest_of(manifest_of(files)),
            "aliases": [{"artifactCollectionName": name, "alias": "latest"}],
        }
        return str(self.ask(CREATE, input=given)["createArtifact"]["artifact"]["id"])

    def upload_address(self, name: str, content: bytes) -> str:
        """Return a signed address for one file of a new draft."""
        return self._addresses(self.draft(name, {"file": content}), {"file": content})["file"]

    def _addresses(self, draft: str, files: dict[str, bytes]) -> dict[str, str]:
        specs = [{"artifactID": draft, "name": path, "md5": base64_md5(content)} for path, content in files.items()]
        edges = self.ask(FILES, input={"artifactFiles": specs, "storageLayout": "V2"})["createArtifactFiles"]["files"]
        addresses = [edge["node"]["uploadUrl"] for edge in edges["edges"]]
        return {path: address for path, address in zip(files, addresses, strict=True) if address}

    def save(self, name: str, files: dict[str, bytes]) -> str:
        """Save a version and return its id once the server has acknowledged the commit."""
        draft = self.draft(name, files)
        for path, address in self._addresses(draft, files).items():
            self.put(address, files[path])
        manifest = json.dumps(manifest_of(files)).encode()
        announced = self.ask(
            MANIFEST,
            artifactID=draft,
            name="wandb_manifest.json",
            digest=base64_md5(manifest),
            entityName=self.site.username,
            projectName="saves",
            runName="",
            manifestType="FULL",
            includeUpload=True,
        )
        self.put(announced["createArtifactManifest"]["artifactManifest"]["file"]["uploadUrl"], manifest)
        return str(self.ask(COMMIT, artifactID=draft)["commitArtifact"]["artifact"]["id"])
