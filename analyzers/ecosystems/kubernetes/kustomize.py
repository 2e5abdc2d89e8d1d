"""Kustomizations: images that they set, charts that they inflate, and what they build on from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._charts import chart_row
from analyzers.ecosystems.kubernetes._documents import is_empty, mappings, nameless, roots_or_note
from analyzers.ecosystems.kubernetes._embedded import embedded
from analyzers.ecosystems.kubernetes._git import git_row
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax import git_url
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

REPLACED: Final = "kustomize-image"
_FOLDERS: Final = ("resources", "bases", "components", "crds", "generators", "transformers")
_REF: Final = re.compile(r"[?&](?:ref|version)=([^&#\s]*)")
# ``github.com/owner/name//path``, with or without a scheme, and the forms of git itself.
_BARE: Final = re.compile(
    r"(?:git::)?(?:(?:https?|ssh|git)://)?(?:[^@/\s]*@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)[/:](\S+)"
)
_HOSTED: Final = frozenset({"github.com", "gitlab.com", "bitbucket.org"})
_DOWNLOAD: Final = re.compile(
    r"https://(?:github\.com/([^/\s]+/[^/\s]+)/(?:releases/download|raw|archive)|raw\.githubusercontent\.com/([^/\s]+/[^/\s]+))"
    r"/(?:refs/tags/)?([^/\s?]+)(?:/|$)"
)
# Lists of charts → where each entry names the chart, its version and its repository.
_CHARTS: Final = (
    ("helmCharts", ("name", "version", "repo")),
    ("helmChartInflationGenerator", ("chartName", "chartVersion", "chartRepo")),
)
_Found: TypeAlias = Dependency | Observation | Skipped


def read(source: SourceText) -> Reading:
    """Return what a kustomization sets, inflates and builds on. Raises UnreadableError."""
    roots = roots_or_note(source, _files.KUSTOMIZE)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    tables = [root for root in roots if isinstance(root, Mapping)]
    found = tuple(dict.fromkeys(item for root in tables for item in _all(source, root)))
    return Reading(
        dependencies=tuple(item for item in found if isinstance(item, Dependency)),
        observations=tuple(item for item in found if isinstance(item, Observation)),
        manifest=Manifest(path=source.path, ecosystem="kubernetes", format=_files.KUSTOMIZE, application=True),
        skipped=(
            *(entry for root in tables for entry in _nameless(source, root)),
            *(item for item in found if isinstance(item, Skipped)),
        ),
        members=tuple(text.value for root in tables for text in _built_on(root) if "://" not in text.value),
    )


def _all(source: SourceText, root: Mapping) -> Iterator[_Found]:
    yield from images(source, root.get("images"), kind=_files.KUSTOMIZE)
    for scalar in _built_on(root):
        row = _remote(source, scalar)
        if row:
            yield row
    yield from _charts(source, root)
    yield from embedded(source, root, kind=_files.KUSTOMIZE)


def _nameless(source: SourceText, root: Mapping) -> Iterator[Skipped]:
    for key, word in (("images", "name"), *((key, words[0]) for key, words in _CHARTS)):
        yield from nameless(source, root, (key,), word, _files.KUSTOMIZE)


def images(source: SourceText, listed: Node | None, *, kind: str) -> Iterator[_Found]:
    """Yield the images that a list of ``name``, ``newName``, ``newTag`` and ``digest`` sets, and what they replace."""
    for entry in mappings(listed):
        name = entry.scalar("name")
        if name and not is_empty(name):
            yield from _image(source, name, entry, kind)


def _image(source: SourceText, name: Scalar, entry: Mapping, kind: str) -> Iterator[_Found]:
    new, tag, digest = entry.scalar("newName"), entry.scalar("newTag"), entry.scalar("digest")
    kept = name if new is None or is_empty(new) else new
    parts = [Spliced.at(kept.value, kept.start)]
    if tag and not is_empty(tag):
        parts += [Spliced.at(":", tag.start), Spliced.at(tag.value, tag.start)]
    if digest and not is_empty(digest):
        parts += [Spliced.at("@", digest.start), Spliced.at(digest.value, digest.start)]
    yield Observation(kind=REPLACED, name=name.value, place=source.place_of(name), text=kept.value)
    if len(parts) > 1:
        yield image_dependency(source, Spliced.join(parts), kind=kind)


def _built_on(root: Mapping) -> Iterator[Scalar]:
    for key in _FOLDERS:
        yield from (scalar for scalar in root.scalars(key) if scalar.value and "\n" not in scalar.value)


def _remote(source: SourceText, scalar: Scalar) -> Dependency | None:
    """Return the row of what lies elsewhere; None for a path in the repository."""
    text = scalar.value
    download = _DOWNLOAD.match(text)
    if download:
        found = git_url.parse(f"https://github.com/{download[1] or download[2]}")
        span = download.span(3)
    else:
        bare = _BARE.match(text)
        ref = _REF.search(text)
        if not bare or not ("://" in text or bare[1] in _HOSTED or "git@" in text):
            return None
        found, span = _repository(text, bare), ref.span(1) if ref else (0, 0)
    if found is None or source.text[scalar.start : scalar.end] != text:
        return _address(source, scalar)
    place = (scalar.start + span[0], scalar.start + span[1]) if span[0] < span[1] else None
    return git_row(source, found, f"https://{found.host}/{found.path}", scalar, place, _files.KUSTOMIZE)


def _repository(text: str, bare: re.Match[str]) -> git_url.GitUrl | None:
    """Return the repository of an address that goes on with a path inside of it; None for a plain file's."""
    host, path = bare[1].lower(), bare[2].partition("?")[0]
    scheme = "ssh" if text.startswith("ssh:") or "@" in text.partition("/")[0] else "https"
    if "//" in path:
        path = path.partition("//")[0]
    elif ".git/" in path or path.endswith(".git"):
        path = path.partition(".git")[0]
    elif host in _HOSTED:
        path = "/".join(path.split("/")[:2])
    elif "?" not in text:
        return None
    return git_url.parse(f"{scheme}://{host}/{path}")


def _address(source: SourceText, scalar: Scalar) -> Dependency:
    return Dependency(
        ecosystem="generic",
        name=git_url.shown(scalar.value),
        place=source.place_of(scalar),
        kind=_files.KUSTOMIZE,
        purl="",
        skip_reason="direct-url",
    )


def _charts(source: SourceText, root: Mapping) -> Iterator[Dependency]:
    for key, words in _CHARTS:
        for entry in mappings(root.get(key)):
            yield from _chart(source, entry, words)


def _chart(source: SourceText, entry: Mapping, words: tuple[str, str, str]) -> Iterator[Dependency]:
    name, version, repository = (entry.scalar(word) for word in words)
    if name and not is_empty(name):
        address = repository.value if repository else None
        yield chart_row(
            source, name=name, version=version, repository=address, kind=_files.KUSTOMIZE, group="helmCharts"
        )
    yield from image_rows(source, entry.mapping("valuesInline"), kind=_files.KUSTOMIZE)
