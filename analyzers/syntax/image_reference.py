"""``registry/name:tag@digest``: references to container images, wherever they are written."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from packageurl import PackageURL

from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax.credentials import holds_secret, masked
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.substitution import expand
from analyzers.syntax.text import SourceText

DOCKER_HUB = "docker.io"
# Hosts under which Docker Hub is reached as well.
_DOCKER_HUB_ALIASES = frozenset({"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_MAX_NAME = 255
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")
_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,128}")
_VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)*(?:(?:a|b|rc|alpha|beta)[0-9]+)?)(?=[-_+]|$)")
_EXPRESSION = re.compile(r"\$\{\{[^{}]*\}\}")
# What marks a template: a shell or make variable, Jinja and Helm, ERB and ASP, Maven and CMake.
_TEMPLATE = re.compile(r"\$|\{\{|\{%|<%|%%|@[A-Za-z_]+@")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """One reference, cut up. `name` is as written; `tag` and `digest` are None where they are not."""

    name: str
    tag: str | None = None
    digest: str | None = None

    @property
    def canonical(self) -> str:
        """The full name of the repository: ``docker.io/library/node`` for ``node``."""
        return canonical_name(self.name)

    @property
    def tag_span(self) -> tuple[int, int]:
        """Where the tag stands in the reference; an empty span behind the name without one."""
        start = len(self.name) + (self.tag is not None)
        return start, start + len(self.tag or "")

    @property
    def digest_span(self) -> tuple[int, int]:
        """Where the digest stands in the reference; an empty span at its end without one."""
        start = self.tag_span[1] + (self.digest is not None)
        return start, start + len(self.digest or "")


def parse(text: str) -> ImageReference | None:
    """Cut ``text`` into name, tag and digest; None for what is no valid reference. Linear, never raises."""
    rest, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return None
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        name, tag = rest, ""
    elif not _TAG.fullmatch(tag):
        return None
    return ImageReference(name, tag or None, digest or None) if _is_name(name) else None


def _is_name(name: str) -> bool:
    if len(name) > _MAX_NAME:
        return False
    first, slash, rest = name.partition("/")
    if slash and _is_host(first):
        return bool(_HOST.fullmatch(first)) and all(_COMPONENT.fullmatch(part) for part in rest.split("/"))
    return all(_COMPONENT.fullmatch(part) for part in name.split("/"))


def _is_host(component: str) -> bool:
    """Whether the first component of a name is a registry and not a namespace of Docker Hub."""
    return "." in component or ":" in component or component == "localhost" or component != component.lower()


def canonical_name(name: str) -> str:
    """Return the name with registry and ``library/`` filled in (``docker.io/library/node``)."""
    registry, repository = split_name(name)
    return f"{registry}/{repository}"


def split_name(name: str) -> tuple[str, str]:
    """Return the registry's host and the repository in it, defaults filled in."""
    first, slash, rest = name.partition("/")
    registry, repository = (first.lower(), rest) if slash and _is_host(first) else (DOCKER_HUB, name)
    if registry in _DOCKER_HUB_ALIASES:
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in repository:
        repository = f"library/{repository}"
    return registry, repository


def image_dependency(source: SourceText, written: Spliced, *, kind: str, platform: str | None = None) -> Dependency:
    """Return the dependency that ``written`` (a reference, variables replaced, gaps marked) stands for.

    Its place is the tag, or the digest alone, or the spot where a tag could be put. Where the tag is made of several
    places, it is the one that carries the version. Never raises: what cannot be read gets a skip reason.
    """
    reference = parse(_masked(written))
    if reference is None:
        return _unread(source, written, kind, platform)
    text = written.text
    start, end = reference.tag_span
    tag = text[start:end] if reference.tag else None
    digest_start, digest_end = reference.digest_span
    digest = text[digest_start:digest_end] if reference.digest else None
    name = text[: len(reference.name)]
    only_digest = bool(digest) and not tag
    value, value_at = _changeable(written.part(digest_start, digest_end) if only_digest else written.part(start, end))
    if not value:
        value_at = written.part(0, len(name)).end()
    return Dependency(
        ecosystem="docker",
        name=name,
        place=source.place(value_at, value_at + len(value)),
        kind=kind,
        purl=image_purl(name, tag or digest),
        value=value or None,
        version=_version(tag),
        digest=digest,
        digest_place=_digest_place(source, written.part(digest_start, digest_end)) if digest and tag else None,
        skip_reason="unpinned-expression" if written.gaps else None,
        platform=platform,
    )


def image_in_scalar(
    source: SourceText,
    scalar: Scalar,
    *,
    kind: str,
    platform: str | None = None,
    variables: bool = False,
    values: Mapping[str, Spliced] | None = None,
) -> Dependency:
    """Return the dependency that a YAML, JSON or TOML scalar names.

    With ``variables`` those of a compose file are replaced by their ``values``, else their defaults; ``${{ … }}`` has
    no known value.
    A scalar written with escapes or over several lines has no `value`: it cannot be edited in place.
    """
    written = Spliced.at(scalar.value, scalar.start)
    if variables:
        written = expand(written, values or {})
    else:
        gaps = tuple(found.span() for found in _EXPRESSION.finditer(scalar.value))
        written = Spliced(written.text, written.joints, gaps)
    dependency = image_dependency(source, written, kind=kind, platform=platform)
    if source.is_verbatim(scalar):
        return dependency
    place = source.place_of(scalar)
    return dataclasses.replace(dependency, value=None, place=place, digest_place=None)


@functools.lru_cache(maxsize=4096)
def reference_of(purl: str) -> ImageReference | None:
    """Return the reference that an image's purl stands for, under its full name; None for what is none.

    Of a dependency with a tag and a digest, the purl names the tag.
    """
    try:
        parts = PackageURL.from_string(purl)
    except ValueError:
        return None
    if parts.type != "docker":
        return None
    qualifiers = parts.qualifiers if isinstance(parts.qualifiers, dict) else {}
    registry = qualifiers.get("repository_url") or DOCKER_HUB
    name = "/".join(part for part in (registry, parts.namespace, parts.name) if part)
    version = parts.version or ""
    joint = "@" if ":" in version else ":"
    return parse(f"{name}{joint}{version}" if version else name)


def image_purl(name: str, version: str | None) -> str:
    """Return the purl of the image ``name`` (as written) at a tag or digest; Docker Hub needs no qualifier."""
    registry, repository = split_name(name)
    namespace, _, last = repository.rpartition("/")
    qualifiers = None if registry == DOCKER_HUB else {"repository_url": registry}
    return package_url("docker", last, version, namespace or None, qualifiers)


def _masked(written: Spliced) -> str:
    """Return the text with every gap filled by letters, so that what surrounds it can be cut up."""
    text = written.text
    for start, end in written.gaps:
        text = f"{text[:start]}{'x' * (end - start)}{text[end:]}"
    return text


def _changeable(part: Spliced) -> tuple[str, int]:
    """Return the piece of a tag or digest that carries the version, as it stands in one place, and where."""
    runs = [(text, start) for text, start in part.runs() if text]
    if not runs:
        return "", part.joints[0][1]
    text, start = next((run for run in runs if any(character.isdigit() for character in run[0])), runs[0])
    return (text.rstrip("-_."), start) if len(runs) > 1 else (text, start)


def _digest_place(source: SourceText, part: Spliced) -> Place | None:
    runs = list(part.runs())
    return source.place(runs[0][1], runs[0][1] + len(runs[0][0])) if len(runs) == 1 else None


def _version(tag: str | None) -> str | None:
    found = _VERSION.match(tag or "")
    return found.group(1) if found else None


def _unread(source: SourceText, written: Spliced, kind: str, platform: str | None) -> Dependency:
    """Return the row of what is no reference: an expression of some template, or plainly wrong."""
    text, start = next(iter(written.runs()))
    expression = bool(written.gaps) or bool(_TEMPLATE.search(written.text))
    reason: SkipReason = "unpinned-expression" if expression else "unsupported-syntax"
    return Dependency(
        ecosystem="docker",
        name=masked(written.text),
        place=source.place(start, start + len(text)),
        kind=kind,
        purl="" if holds_secret(written.text) else package_url("docker", written.text),
        skip_reason=reason,
        platform=platform,
    )
