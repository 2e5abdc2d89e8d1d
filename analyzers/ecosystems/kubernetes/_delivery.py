"""What Argo CD and Flux deploy: charts, repositories at a ref, images in values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes._charts import OCI, chart_row, unasked
from analyzers.ecosystems.kubernetes._documents import Document, is_empty, nameless
from analyzers.ecosystems.kubernetes._git import git_row
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.ecosystems.kubernetes.kustomize import images
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

ARGO: Final = "argo-cd"
FLUX: Final = "flux"
SOURCE: Final = "flux-source"
SOURCE_REF: Final = "flux-source-ref"
_ARGO_KINDS: Final = frozenset({"Application", "ApplicationSet"})
_FLUX: Final = "https://github.com/fluxcd/flux2"
_INSTALLED: Final = ("gotk-components.yaml", "gotk-components.yml")
_FLUX_VERSION: Final = re.compile(r"^# Flux Version: (v[^\s]+)", re.MULTILINE)
_HEAD: Final = 2000
_NAMESPACE: Final = ("metadata", "namespace")
_Found: TypeAlias = Dependency | Observation | Skipped


def delivered(source: SourceText, document: Document) -> Iterator[_Found]:
    """Yield what an object of Argo CD or Flux names; nothing for any other."""
    if document.group == "argoproj.io" and document.kind.value in _ARGO_KINDS:
        yield from _argo(source, document.root)
    elif document.group.endswith(".toolkit.fluxcd.io"):
        yield from _flux(source, document)


def _argo(source: SourceText, root: Node) -> Iterator[_Found]:
    """Walk to every source: in `source`, `sources`, and the template of an ApplicationSet."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend(node.items)
        elif isinstance(node, Mapping):
            address = node.scalar("repoURL")
            if address and address.value:
                yield from _argo_source(source, node, address)
            else:
                waiting.extend(value for _, value in node.items)


def _argo_source(source: SourceText, node: Mapping, address: Scalar) -> Iterator[_Found]:
    chart, revision = node.scalar("chart"), node.scalar("targetRevision")
    if chart and chart.value:
        # Argo CD takes an address without a scheme for a registry of containers.
        repository = address.value if "://" in address.value else OCI + address.value
        yield chart_row(source, name=chart, version=revision, repository=repository, kind=ARGO, group="")
    elif address.value.startswith(OCI):
        yield _oci_row(source, address, revision, ARGO)
    else:
        yield _git(source, address, revision, ARGO)
    yield from image_rows(source, node.mapping("helm", "valuesObject"), kind=ARGO)
    for override in node.scalars("kustomize", "images"):
        yield from _override(source, override)


def _override(source: SourceText, override: Scalar) -> Iterator[Dependency]:
    """Yield the image that ``name=new:tag`` or ``name:tag`` sets; nothing where it sets no version."""
    at = override.value.find("=") + 1
    image = replace(override, value=override.value[at:], start=override.start + at)
    row = image_in_scalar(source, image, kind=ARGO)
    if row.version or row.value or row.digest or row.skip_reason:
        yield row


def _git(source: SourceText, address: Scalar, ref: Scalar | None, kind: str) -> Dependency:
    found = git_url.parse(address.value)
    if found is None:
        return _unread(source, address, kind)
    literal = ref and ref.value and source.is_verbatim(ref)
    span = (ref.start, ref.end) if ref and literal else None
    return git_row(source, found, address.value, address, span, kind)


def _unread(source: SourceText, address: Scalar, kind: str, reason: SkipReason = "unsupported-syntax") -> Dependency:
    is_expression = "{{" in address.value or "$" in address.value
    return Dependency(
        ecosystem="generic",
        name=git_url.shown(address.value),
        place=source.place_of(address),
        kind=kind,
        purl="",
        skip_reason="unpinned-expression" if is_expression else reason,
    )


def _flux(source: SourceText, document: Document) -> Iterator[_Found]:
    kind, root = document.kind.value, document.root
    if kind == "HelmRepository":
        yield from _helm_repository(source, root)
    elif kind == "HelmRelease":
        yield from _helm_release(source, root)
        yield from image_rows(source, root.mapping("spec", "values"), kind=FLUX)
    elif kind == "OCIRepository":
        yield from _oci_repository(source, root)
    elif kind == "GitRepository":
        yield from _git_repository(source, root.mapping("spec"))
    elif kind == "Kustomization":
        yield from images(source, root.get("spec", "images"), kind=FLUX)
        yield from nameless(source, root, ("spec", "images"), "name", FLUX)


def source_name(kind: str, name: str, namespace: str) -> str:
    """Return how a source is called in the observations that join it with its users."""
    return f"{kind}/{namespace}/{name}"


def _helm_repository(source: SourceText, root: Mapping) -> Iterator[Observation]:
    name, url, namespace = (root.scalar(*keys) for keys in (("metadata", "name"), ("spec", "url"), _NAMESPACE))
    if name and url and url.value:
        called = source_name("HelmRepository", name.value, namespace.value if namespace else "")
        yield Observation(kind=SOURCE, name=called, place=source.place_of(url), text=url.value)


def _helm_release(source: SourceText, root: Mapping) -> Iterator[_Found]:
    spec = root.mapping("spec", "chart", "spec")
    chart, version = spec.scalar("chart"), spec.scalar("version")
    if chart is None or not chart.value:
        name = root.scalar("metadata", "name")
        if name and version:
            # A patch: the chart is named by the release that it is laid over.
            row = chart_row(source, name=name, version=version, repository=None, kind=FLUX, group="")
            yield replace(row, skip_reason="set-elsewhere")
        return
    reference, own = spec.mapping("sourceRef"), root.scalar(*_NAMESPACE)
    kind, name, namespace = (reference.scalar(word) for word in ("kind", "name", "namespace"))
    row = chart_row(source, name=chart, version=version, repository=None, kind=FLUX, group="")
    if kind is None or kind.value != "HelmRepository" or name is None:
        # A chart in a git repository or bucket has no releases of its own.
        yield row
        return
    place = namespace or own
    called = source_name(kind.value, name.value, place.value if place else "")
    if row.skip_reason != "local-path":
        yield row
        return
    yield replace(row, skip_reason="set-elsewhere")
    yield Observation(kind=SOURCE_REF, name=called, place=row.place, text=row.name)


def _oci_repository(source: SourceText, root: Mapping) -> Iterator[Dependency]:
    """Yield the row of a chart, or of manifests, in a registry of containers: both have versions for tags."""
    spec = root.mapping("spec")
    url, name = spec.scalar("url"), root.scalar("metadata", "name")
    tag, semver, digest = (spec.scalar("ref", word) for word in ("tag", "semver", "digest"))
    version = semver if tag is None or is_empty(tag) else tag
    if url and not is_empty(url):
        row = _oci_row(source, url, version, FLUX)
        yield replace(row, digest=digest.value) if digest and digest.value else row
    elif name and version:
        # A patch: the address is that of the source that it is laid over.
        row = chart_row(source, name=name, version=version, repository=None, kind=FLUX, group="")
        yield replace(row, skip_reason="set-elsewhere")


def _oci_row(source: SourceText, url: Scalar, version: Scalar | None, kind: str) -> Dependency:
    """Return the row of what an address in a registry of containers names at a version."""
    trimmed = url.value.rstrip("/")
    parent, _, last = trimmed.rpartition("/")
    if not parent.startswith(OCI):
        return _unread(source, url, kind, "unsupported-source")
    name = Scalar(last, url.start, url.end)
    if source.is_verbatim(url):
        end = url.end - (len(url.value) - len(trimmed))
        name = Scalar(last, end - len(last), end)
    return chart_row(source, name=name, version=version, repository=parent, kind=kind, group="")


def _git_repository(source: SourceText, spec: Mapping) -> Iterator[Dependency]:
    url = spec.scalar("url")
    if url and url.value:
        refs = (spec.scalar("ref", word) for word in ("commit", "semver", "tag"))
        ref = next((found for found in refs if found and not is_empty(found)), None)
        row = _git(source, url, ref, FLUX)
        is_range = ref is not None and ref is spec.scalar("ref", "semver")
        # A range follows the tags by itself.
        yield replace(row, skip_reason=row.skip_reason or "version-control") if is_range else row


def flux_itself(source: SourceText) -> Iterator[Dependency]:
    """Yield the row of Flux as its installer writes it above the manifests (``# Flux Version: v2.1.0``)."""
    written = _FLUX_VERSION.search(source.text, 0, _HEAD) if source.path.endswith(_INSTALLED) else None
    found = git_url.parse(_FLUX) if written else None
    if written and found:
        spot = Scalar(written[1], *written.span(1))
        yield git_row(source, found, _FLUX, spot, written.span(1), FLUX)


def resolved(row: Dependency, address: str) -> Dependency:
    """Return the row of a HelmRelease with the address of the repository that its source names."""
    shown = git_url.shown(address)
    purl = package_url(row.ecosystem, row.name, row.version, None, {"repository_url": shown})
    return replace(row, index=shown, purl=purl, skip_reason=unasked(address))
