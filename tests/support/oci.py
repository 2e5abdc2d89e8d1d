"""A real registry on loopback, and images small enough to push by the dozen."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "docker-registry"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
# The registry ends after this many seconds even when the tests are killed.
_LIFETIME = 120
_START = 10

# user:secret, made with crypt's Blowfish at the cheapest cost.
HTPASSWD = "user:$2b$04$eqga4QGn7eFU376N9y6wMO77.Mnt.yrxApUqLl0wb8IKXPrQOOY3S\n"

needs_registry = pytest.mark.skipif(
    not (shutil.which(PROGRAM) and shutil.which("timeout")), reason=f"{PROGRAM} is not installed"
)


@dataclass(frozen=True)
class Registry:
    """A running registry: `host` with its port (``127.0.0.1:5000``), and what puts images into it.

    `authorization` is the header that it wants from who pushes.
    """

    host: str
    authorization: str = ""

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def push(
        self,
        repository: str,
        *tags: str,
        platforms: Sequence[str] = ("linux/amd64",),
        created: str = "2026-01-01T00:00:00Z",
        content: str = "",
        annotations: Mapping[str, str] | None = None,
    ) -> str:
        """Put one image there under every tag and return its digest: an index when it has several platforms."""
        manifests = [self._platform(repository, platform, created, content, annotations) for platform in platforms]
        digest = ""
        for tag in tags:
            if len(manifests) == 1:
                digest = self._put(repository, tag, manifests[0][1], _MANIFEST)
                continue
            entries = [
                {**_descriptor(_MANIFEST, body), "platform": _platform(platform)}
                for (_, body), platform in zip(manifests, platforms, strict=True)
            ]
            index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": entries}
            digest = self._put(repository, tag, json.dumps(index).encode(), _INDEX)
        return digest

    def _platform(
        self, repository: str, platform: str, created: str, content: str, annotations: Mapping[str, str] | None
    ) -> tuple[str, bytes]:
        config = {**_platform(platform), "created": created, "rootfs": {"type": "layers", "diff_ids": []}, "c": content}
        body = json.dumps(config).encode()
        self._blob(repository, body)
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": _descriptor(_CONFIG, body),
            "layers": [],
            **({"annotations": annotations} if annotations else {}),
        }
        packed = json.dumps(manifest).encode()
        return self._put(repository, _digest(packed), packed, _MANIFEST), packed

    def _blob(self, repository: str, body: bytes) -> None:
        location = self._send("POST", f"/v2/{repository}/blobs/uploads/", b"", {}).headers["location"]
        path = location.removeprefix(self.address)
        joint = "&" if "?" in path else "?"
        headers = {"content-type": "application/octet-stream"}
        self._send("PUT", f"{path}{joint}digest={_digest(body)}", body, headers)

    def _put(self, repository: str, reference: str, body: bytes, media_type: str) -> str:
        self._send("PUT", f"/v2/{repository}/manifests/{reference}", body, {"content-type": media_type})
        return _digest(body)

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            login = {"authorization": self.authorization} if self.authorization else {}
            connection.request(method, path, body, {**headers, **login})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        assert response.status < 300, (method, path, response.status, answer)
        return response


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _descriptor(media_type: str, body: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(body), "size": len(body)}


def _platform(platform: str) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running_registry(folder: Path, *, auth: str = "", authorization: str = "") -> Iterator[Registry]:
    """Start a registry that keeps everything in memory; ``folder`` takes its configuration and its log.

    ``auth`` is the part of its settings that says who may do what, ``authorization`` the header of who pushes.
    """
    host = f"127.0.0.1:{_free_port()}"
    config = folder / "registry.yml"
    config.write_text(
        f"version: 0.1\nlog: {{level: error}}\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '{host}'}}\n{auth}"
    )
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen(
            ["timeout", str(_LIFETIME), PROGRAM, "serve", str(config)], stdout=log, stderr=log, cwd=folder
        )
        try:
            _wait_until_up(host, process)
            yield Registry(host, authorization)
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_until_up(host: str, process: subprocess.Popen[bytes]) -> None:
    name, _, port = host.partition(":")
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline:
        assert process.poll() is None, "the registry ended at once"
        with contextlib.suppress(OSError), socket.create_connection((name, int(port)), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError("the registry did not start")
