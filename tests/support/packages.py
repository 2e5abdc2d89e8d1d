"""Registries of packages on loopback: a Python index (wheels made here) and an npm registry (tarballs made here)."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.support.http_server import Reply, Script, serve

_SIMPLE = "application/vnd.pypi.simple.v1+json"
_LONG_AGO = (2020, 1, 1, 0, 0, 0)


def wheel(name: str, version: str, requires: Sequence[str] = ()) -> tuple[str, bytes, bytes]:
    """Return file name, bytes and METADATA of a wheel with nothing but what it requires."""
    plain = name.replace("-", "_")
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {entry}\n" for entry in requires)
    folder = f"{plain}-{version}.dist-info"
    files = {
        f"{plain}.py": f"VERSION = {version!r}\n",
        f"{folder}/METADATA": metadata,
        f"{folder}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{folder}/RECORD": "",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), text)
    return f"{plain}-{version}-py3-none-any.whl", stream.getvalue(), metadata.encode()


def tarball(files: Mapping[str, str]) -> bytes:
    """Return a ``.tar.gz`` of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return stream.getvalue()


@dataclass(slots=True)
class PythonIndex:
    """A simple index (PEP 691, as JSON or as HTML) at `url`, `delay` seconds away. `script` holds what was asked."""

    script: Script
    html: bool = False
    delay: float = 0.0
    files: dict[str, list[tuple[str, bytes, bytes | None]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def url(self) -> str:
        return f"{self.script.url}/simple"

    def add(self, name: str, *versions: str, requires: Sequence[str] = ()) -> PythonIndex:
        """Publish wheels of these versions, which all require the same."""
        self.files[name] += [wheel(name, version, requires) for version in versions]
        return self._published(name)

    def add_source(self, name: str, version: str, setup: str) -> PythonIndex:
        """Publish a source distribution with this ``setup.py``, which nothing but running it can read."""
        folder = f"{name}-{version}"
        content = tarball(
            {
                f"{folder}/setup.py": setup,
                f"{folder}/PKG-INFO": f"Metadata-Version: 1.0\nName: {name}\nVersion: {version}\n",
            }
        )
        self.files[name].append((f"{folder}.tar.gz", content, None))
        return self._published(name)

    def _published(self, name: str) -> PythonIndex:
        for filename, content, metadata in self.files[name]:
            self.script.on(f"/files/{filename}", Reply(body=content))
            if metadata is not None:
                self.script.on(f"/files/{filename}.metadata", Reply(body=metadata))
        reply = self._html(name) if self.html else self._json(name)
        self.script.on(f"/simple/{name}/", reply)
        return self

    def _json(self, name: str) -> Reply:
        files = [
            {
                "filename": filename,
                "url": f"{self.script.url}/files/{filename}",
                "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
                "size": len(content),
                "upload-time": "2026-01-01T00:00:00Z",
                **({"core-metadata": {"sha256": hashlib.sha256(metadata).hexdigest()}} if metadata else {}),
            }
            for filename, content, metadata in self.files[name]
        ]
        body = {"meta": {"api-version": "1.1"}, "name": name, "files": files, "versions": []}
        return Reply(headers={"Content-Type": _SIMPLE}, body=json.dumps(body).encode(), delay=self.delay)

    def _html(self, name: str) -> Reply:
        links = "".join(
            f'<a href="{self.script.url}/files/{quote(filename)}#sha256={hashlib.sha256(content).hexdigest()}">'
            f"{filename}</a><br>"
            for filename, content, _ in self.files[name]
        )
        page = f"<!DOCTYPE html><html><body>{links}</body></html>"
        return Reply(headers={"Content-Type": "text/html"}, body=page.encode())


@dataclass(slots=True)
class NpmRegistry:
    """An npm registry at `url`. `script` holds what was asked."""

    script: Script
    packages: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.script.url}/"

    def add(self, name: str, *versions: str, **fields: object) -> NpmRegistry:
        """Publish these versions with the same further fields of ``package.json`` (``dependencies={"a": "^1"}``)."""
        document = self.packages.setdefault(name, {"name": name, "versions": {}, "time": {}})
        for version in versions:
            manifest = {"name": name, "version": version, **fields}
            content = tarball({"package/package.json": json.dumps(manifest)})
            path = f"/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
            self.script.on(path, Reply(body=content))
            dist = {
                "tarball": self.script.url + path,
                "shasum": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
                "integrity": f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}",
            }
            document["versions"][version] = {**manifest, "dist": dist}
            document["time"][version] = "2026-01-01T00:00:00.000Z"
        document["dist-tags"] = {"latest": list(document["versions"])[-1]}
        reply = Reply(headers={"Content-Type": "application/json"}, body=json.dumps(document).encode())
        for path in (f"/{name}", f"/{name.replace('/', '%2f')}", f"/{name.replace('/', '%2F')}"):
            self.script.on(path, reply)
        return self


@contextmanager
def python_index(*, html: bool = False, delay: float = 0.0) -> Iterator[PythonIndex]:
    """Run a Python index."""
    with serve() as script:
        yield PythonIndex(script, html, delay)


@contextmanager
def npm_registry() -> Iterator[NpmRegistry]:
    """Run an npm registry."""
    with serve() as script:
        yield NpmRegistry(script)
