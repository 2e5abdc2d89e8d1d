"""Where an annotated version is released, by the words that Renovate's users write."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from analyzers.lifecycles import tool_row, tools
from analyzers.model.inventory import Dependency
from analyzers.syntax import git_url
from analyzers.syntax.image_reference import image_purl
from analyzers.syntax.purl import package_url
from analyzers.versions import git_tag, helm, terraform

_HOSTS: Final = {
    "github-releases": "https://github.com",
    "github-tags": "https://github.com",
    "github-release-attachments": "https://github.com",
    "gitlab-releases": "https://gitlab.com",
    "gitlab-tags": "https://gitlab.com",
    "bitbucket-tags": "https://bitbucket.org",
    "gitea-releases": "https://gitea.com",
    "gitea-tags": "https://gitea.com",
    "forgejo-releases": "https://code.forgejo.org",
    "forgejo-tags": "https://code.forgejo.org",
}
_URLS: Final = frozenset({"git-tags", "git-refs"})
_RUNTIMES: Final = {
    "node": "node",
    "node-version": "node",
    "python-version": "python",
    "golang-version": "go",
    "java-version": "java",
    "ruby-version": "ruby",
    "dotnet-version": "dotnet",
    "dotnet-sdk": "dotnet",
    "gradle-version": "gradle",
}
# Packages whose registries are not asked are listed under their purl types.
_LISTED: Final = {
    "crate": "cargo",
    "go": "golang",
    "rubygems": "gem",
    "nuget": "nuget",
    "packagist": "composer",
    "maven": "maven",
    "hex": "hex",
    "dart": "pub",
    "conda": "conda",
    "deb": "deb",
    "cpan": "cpan",
}
_SCHEMES: Final = {"helm": helm.SCHEME, "terraform": terraform.SCHEME}
# The expressions that are understood without running any: literal text around the one group.
_EXTRACT: Final = re.compile(
    r"\^?(?P<before>(?:[A-Za-z0-9_/@-]|\\[./_@+-]|(?<=v)\?)*)\(\?P?<version>[^()]{1,80}\)(?:[$]|\.\*[$]?)?"
)
# An image's tag with its digest.
_DIGEST: Final = re.compile(r"(?P<tag>[\w.-]{1,128})@(?P<digest>sha256:[0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What a comment says: the `name` to show, the `package` to look up, where, and how tags give versions."""

    datasource: str
    name: str
    package: str
    registry: str = ""
    extract: str = ""


def annotated_row(said: Annotation, written: tool_row.Written) -> Dependency:
    """Return the row of an annotated version; what no registry here has is listed with the reason."""
    if "$" in written.text or "{{" in written.text:
        return tool_row.unknown(said.name, written, "unpinned-expression")
    if said.datasource in _HOSTS or said.datasource in _URLS:
        return _repository(said, written)
    if said.datasource in _RUNTIMES:
        return tool_row.row(_RUNTIMES[said.datasource], written)
    if said.datasource == "docker":
        return _image(said, written)
    return _package(said, written)


def _repository(said: Annotation, written: tool_row.Written) -> Dependency:
    host = (said.registry or _HOSTS.get(said.datasource, "")).rstrip("/").removesuffix("/api/v3")
    address = said.package if said.datasource in _URLS else f"{host}/{said.package}"
    found = git_url.parse(address)
    prefix = _prefix(said.extract) if said.extract else tools.prefix_of(found.path if found else "")
    if found is None or not found.is_web:
        return tool_row.unknown(git_url.shown(said.name), written)
    name = git_url.shown(said.name)
    if git_tag.is_commit(written.text):
        row = tool_row.listed(found.type, name, written, found.purl(written.text))
        return replace(row, digest=written.text.lower(), skip_reason=None)
    if prefix is None:
        return replace(tool_row.listed(found.type, name, written, found.purl()), skip_reason="unsupported-syntax")
    row = tool_row.released(found.type, name, written, found.purl(), prefix=prefix)
    # The purl of a host without a type of its own names the rev inside of the address.
    return replace(row, purl=found.purl(written.text if row.version else None))


def _prefix(extract: str) -> str | None:
    """Return what tags hold before the version (``""`` for a mere ``v``); None for an expression that says more."""
    found = _EXTRACT.fullmatch(extract)
    if found is None:
        return None
    before = re.sub(r"\\(.)", r"\1", found["before"]).replace("v?", "v")
    return "" if before in ("v", "V") else before


def _image(said: Annotation, written: tool_row.Written) -> Dependency:
    pinned = _DIGEST.fullmatch(written.text)
    tag = pinned["tag"] if pinned else written.text
    at = written.start + len(tag) + 1
    row = tool_row.listed("docker", said.package, replace(written, text=tag), image_purl(said.package, tag))
    version = re.match(r"v?([0-9]+(?:\.[0-9]+)*)(?=[-_+]|$)", tag)
    row = replace(row, skip_reason=None, version=version[1] if version else None)
    if not pinned:
        return row
    return replace(row, digest=pinned["digest"], digest_place=written.source.place(at, at + len(pinned["digest"])))


def _package(said: Annotation, written: tool_row.Written) -> Dependency:
    source, name = said.datasource, said.package
    namespace, _, bare = name.rpartition("/")
    if said.extract:
        return tool_row.unknown(said.name, written, "unsupported-syntax")
    if source in ("pypi", "npm"):
        row = tool_row.released(source, name, written, package_url(source, bare, None, namespace or None))
        return replace(row, index=git_url.shown(said.registry) or None)
    if source in {"helm", "terraform-module"}:
        return _of_registry(said, written)
    type_ = _LISTED.get(source)
    if type_ is None:
        return tool_row.unknown(said.name, written)
    return tool_row.listed(type_, name, written, package_url(type_, bare, None, namespace or None))


def _of_registry(said: Annotation, written: tool_row.Written) -> Dependency:
    """Return the row of a chart, or of a module of Terraform: its own registry may be named beside it."""
    type_ = "helm" if said.datasource == "helm" else "terraform"
    scheme, index = _SCHEMES[type_], git_url.shown(said.registry) or None
    version = scheme.pinned(written.text)
    namespace, _, bare = said.package.rpartition("/")
    qualifiers = {"repository_url": index} if index else None
    row = tool_row.listed(
        type_, said.package, written, package_url(type_, bare, version, namespace or None, qualifiers)
    )
    readable = scheme.is_constraint(written.text) and (index or type_ == "terraform")
    return replace(row, version=version, index=index, skip_reason=None if readable else "unsupported-version")
