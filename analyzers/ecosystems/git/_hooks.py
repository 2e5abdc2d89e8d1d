"""One hook of pre-commit: what it installs beside its repository, the runtime that it names, the image that it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.git import _known_hooks
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax.credentials import holds_secret, masked
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.purl import package_url
from analyzers.syntax.requirement import parse_requirement
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText
from analyzers.versions import npm, pep440

PACKAGE: Final = "pre-commit-dependency"
LANGUAGE: Final = "pre-commit-language"
IMAGE: Final = "pre-commit-image"
_LONGEST: Final = 512
_PYTHON: Final = frozenset({"python", "python_venv"})
# pre-commit's name of a language → the runtime's.
_RUNTIMES: Final[Table[str, str]] = {
    "python": "python",
    "python_venv": "python",
    "node": "node",
    "golang": "go",
    "ruby": "ruby",
    "rust": "rust",
    "dart": "dart",
    "lua": "lua",
    "perl": "perl",
    "r": "r",
    "swift": "swift",
    "dotnet": "dotnet",
}
# ``python3.11``, ``3.11``, ``18.17.0``; a word or a bare ``python3`` takes what is installed.
_VERSION: Final = re.compile(r"(?:python|ruby-|go|node-?|v)?(?P<version>[0-9]+(?:\.[0-9]+)*)")
_ANY_PYTHON: Final = re.compile(r"(?:python)?[23]")
_PYTHON_ONLY: Final = re.compile(r"[A-Za-z0-9._-]+(?:\[[^\]]*\]|[ \t]*(?:===?|~=|!=|<=|>=|<|>))")
_NODE_ONLY: Final = re.compile(r"@[^/@\s]+/[^/@\s]+(?:@.*)?")
_NPM: Final = re.compile(r"(?P<name>(?:@[A-Za-z0-9_.~-]+/)?[A-Za-z0-9_.~-]+)(?:@(?P<range>.*))?")
_ELSEWHERE: Final = re.compile(r"(?:git|hg|svn|bzr)(?:\+|:)|[a-z+]+://|github:")
# Options of ``docker run`` that no word of their own follows: what is on or off, and what holds its value.
_FLAG: Final = re.compile(
    r"--?[^\s=]+=.*|-[ditPq]+|-[^-].+"
    r"|--(?:detach|disable-content-trust|help|init|interactive|no-healthcheck|oom-kill-disable|privileged|publish-all"
    r"|quiet|read-only|rm|sig-proxy|tty|use-api-socket)"
)
_TOKEN: Final = re.compile(r"""[^\s"']+""")


def hook(source: SourceText, repository: str, entry: Mapping) -> Iterator[Dependency]:
    """Yield the rows of one hook of a repository (``local`` for one that stands in the file)."""
    written = entry.scalar("language")
    language = written.value if written else _known_hooks.language_of(repository)
    version = entry.scalar("language_version")
    if version and language:
        yield from language_version(source, language, version)
    if language == "docker_image" and (command := entry.scalar("entry")):
        yield from _image(source, command)
    packages = entry.get("additional_dependencies")
    for item in packages.items if isinstance(packages, Sequence) else ():
        if isinstance(item, Scalar) and item.value:
            yield _package(source, language, item)


def language_version(source: SourceText, language: str, written: Scalar) -> Iterator[Dependency]:
    """Yield the runtime that a ``language_version`` names; nothing for ``system`` and ``default``."""
    found, name = _VERSION.fullmatch(written.value), _RUNTIMES.get(language, language)
    if written.value in ("", "system", "default"):
        return
    if found is None or not source.is_verbatim(written):
        yield _runtime(source, written, name, (0, len(written.value)), "unsupported-version")
    else:
        any_version = name == "python" and _ANY_PYTHON.fullmatch(written.value)
        yield _runtime(source, written, name, found.span("version"), "unsupported-version" if any_version else None)


def _runtime(
    source: SourceText, written: Scalar, name: str, span: tuple[int, int], reason: SkipReason | None
) -> Dependency:
    value = written.value[slice(*span)] if source.is_verbatim(written) else None
    return Dependency(
        ecosystem="generic",
        name=name,
        place=source.place(written.start + span[0], written.start + span[1]) if value else source.place_of(written),
        kind=LANGUAGE,
        purl=package_url("generic", name, None if reason else value),
        value=value,
        version=value if value and value.count(".") > 1 and not reason else None,
        skip_reason=reason,
    )


def _image(source: SourceText, command: Scalar) -> Iterator[Dependency]:
    """Yield the image of ``language: docker_image``: the first word of the entry that is no option or its value."""
    skip = False
    for token in _TOKEN.finditer(command.value, 0, _LONGEST):
        if skip or token[0].startswith("-"):
            skip = not skip and not _FLAG.fullmatch(token[0])
            continue
        if token.end() == _LONGEST < len(command.value):
            yield replace(_listed(source, command, "too-large"), kind=IMAGE)
        elif source.is_verbatim(command):
            yield image_dependency(source, Spliced.at(token[0], command.start + token.start()), kind=IMAGE)
        return


def _package(source: SourceText, language: str, item: Scalar) -> Dependency:
    reason = _unread(item.value) if source.is_verbatim(item) else "unsupported-syntax"
    if reason is None and (language in _PYTHON or (not language and _PYTHON_ONLY.match(item.value))):
        return _python(source, item)
    if reason is None and (language == "node" or (not language and _NODE_ONLY.fullmatch(item.value))):
        return _node(source, item)
    # Of a hook whose language stands in its own repository, which is not read, or one without a registry here.
    return _listed(source, item, reason or "unsupported-source")


def _unread(text: str) -> SkipReason | None:
    if len(text) > _LONGEST:
        return "too-large"
    if text.startswith((".", "/", "file:", "-")):
        return "local-path"
    if _ELSEWHERE.match(text):
        return "version-control" if "git" in text else "direct-url"
    return None


def _python(source: SourceText, item: Scalar) -> Dependency:
    found = parse_requirement(item.value)
    if found is None or found.url is not None:
        return _listed(source, item, "unsupported-syntax" if found is None else "direct-url")
    version = pep440.SCHEME.pinned(found.specifier) if found.specifier else None
    readable = not found.specifier or pep440.SCHEME.is_constraint(found.specifier)
    return Dependency(
        ecosystem="pypi",
        name=found.name,
        place=source.place(item.start + found.start, item.start + found.end),
        kind=PACKAGE,
        purl=package_url("pypi", found.name, version),
        value=found.specifier or None,
        version=version,
        skip_reason=None if readable else "unsupported-version",
        marker=found.marker,
    )


def _node(source: SourceText, item: Scalar) -> Dependency:
    found = _NPM.fullmatch(item.value)
    if found is None:
        return _listed(source, item, "unsupported-syntax")
    constraint = found["range"] or ""
    start, end = found.span("range") if constraint else (found.end(),) * 2
    version = npm.SCHEME.pinned(constraint)
    scope, _, bare = found["name"].rpartition("/")
    return Dependency(
        ecosystem="npm",
        name=found["name"],
        place=source.place(item.start + start, item.start + end),
        kind=PACKAGE,
        purl=package_url("npm", bare, version, scope or None),
        value=constraint or None,
        version=version,
    )


def _listed(source: SourceText, item: Scalar, reason: SkipReason) -> Dependency:
    literal = source.is_verbatim(item)
    return Dependency(
        ecosystem="generic",
        name=masked(item.value)[:_LONGEST],
        place=source.place_of(item),
        kind=PACKAGE,
        purl="",
        value=item.value if literal and not holds_secret(item.value) else None,
        skip_reason=reason,
    )
