"""Images in Dockerfiles: bases, sources of ``COPY`` and ``RUN --mount``, and the frontend of ``# syntax=``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzers.ecosystems.docker import _commands
from analyzers.errors import TooLargeError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import dockerfile, git_url
from analyzers.syntax.dockerfile import Dockerfile, Instruction
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.substitution import expand
from analyzers.syntax.text import SourceText
from analyzers.versions import git_tag

# Dockerfile.<this> is what some program makes a Dockerfile of.
_TEMPLATES = frozenset(
    {"j2", "jinja", "jinja2", "erb", "ejs", "tmpl", "tpl", "tmp", "template", "templ", "in", "m4", "mustache"}
)
# Honest files are far smaller, here-documents included.
MAX_LENGTH = 256 * 1024
# The first npm that knows --omit came with Node.js 15.
_FIRST_OMIT = 15
# What ``ADD`` takes for a git repository, the ref behind it, and a folder of it behind that.
_REPOSITORY = re.compile(r"((?:https?://|ssh://|git://|git@)[^\s#?]+\.git)(?:#(?:refs/tags/)?([^\s:]*)(?::\S*)?)?")
_MOST_SOURCES = 100
# Longer lists of build arguments than this have no honest use; later ones count as unknown.
_MAX_ARGUMENTS = 1000


@dataclass(slots=True)
class _Build:
    """What is known at one point of the file: build arguments before the first stage, and the stages so far."""

    source: SourceText
    escape: str
    values: dict[str, Spliced] = field(default_factory=dict)
    stages: int = 0
    # Name of each stage → whether its npm is too old for --omit; and whether that of the current one is.
    names: dict[str, bool] = field(default_factory=dict)
    old_npm: bool = False

    def expand(self, word: Spliced) -> Spliced:
        return expand(word, self.values, escape=self.escape)

    def is_stage(self, name: str) -> bool:
        # A number is never taken for an image, whether or not there are as many stages.
        return name.lower() in self.names or name.isdecimal()

    def may_be_stage(self, written: Spliced) -> bool:
        """Whether a name with an expression in it (``binaries-$TARGETOS``) is that of a stage for some value of it."""
        if not written.gaps:
            return False
        head, tail = written.text[: written.gaps[0][0]].lower(), written.text[written.gaps[-1][1] :].lower()
        return bool(head or tail) and any(name.startswith(head) and name.endswith(tail) for name in self.names)


def read(source: SourceText) -> Reading:
    """Return every image that the file names; what BuildKit would refuse is named in `skipped`.

    Raises TooLargeError, and nothing else.
    """
    if len(source.text) > MAX_LENGTH:
        raise TooLargeError(f"is longer than {MAX_LENGTH} characters")
    parsed = dockerfile.parse(source)
    build = _Build(source, parsed.escape)
    dependencies = list(_frontend(source, parsed))
    observations: list[Observation] = []
    for instruction in parsed.instructions:
        dependencies.extend(_images(instruction, build))
        observations.extend(_commands.observed(instruction, source, old_npm=build.old_npm))
    return Reading(
        dependencies=tuple(dependencies),
        manifest=Manifest(path=source.path, ecosystem="docker", format="dockerfile", application=True),
        observations=tuple(observations),
        skipped=tuple(_refused(source, parsed)),
    )


def _refused(source: SourceText, parsed: Dockerfile) -> Iterator[Skipped]:
    """Yield why BuildKit would refuse the file, and what a template leaves open."""
    if parsed.problem is None:
        return
    is_template = source.path.rpartition(".")[2].lower() in _TEMPLATES
    why = "; it is a template, read as far as its lines are instructions" if is_template else ""
    yield Skipped(
        what="file",
        path=source.path,
        source="dockerfile",
        reason="unsupported-syntax" if is_template else "invalid-syntax",
        detail=f"line {parsed.problem.line}: {parsed.problem.detail}{why}",
    )


def _frontend(source: SourceText, parsed: Dockerfile) -> Iterator[Dependency]:
    directive = parsed.directives.get("syntax")
    if directive:
        yield image_dependency(source, Spliced.at(directive.value, directive.start), kind="dockerfile-syntax")


def _images(instruction: Instruction, build: _Build) -> Iterator[Dependency]:
    inner = dockerfile.triggered(instruction) or instruction
    if inner.keyword == "ARG" and not build.stages:
        _declare(inner, build)
    elif inner.keyword == "FROM":
        yield from _base(inner, build)
    elif inner.keyword == "ADD":
        yield from _added(inner, build)
    elif inner.keyword == "COPY":
        for name, value in dockerfile.flags(inner, escape=build.escape):
            if name == "from":
                yield from _other(value, "dockerfile-copy", inner, build)
    elif inner.keyword == "RUN":
        for name, value in dockerfile.flags(inner, escape=build.escape):
            if name == "mount":
                yield from _mounted(value, inner, build)


def _added(instruction: Instruction, build: _Build) -> Iterator[Dependency]:
    """Yield the git repositories that ``ADD`` fetches: ``https://host/path.git#ref``, ``git@host:path.git#ref``."""
    for word in dockerfile.words(instruction.arguments, escape=build.escape, limit=_MOST_SOURCES):
        found = _REPOSITORY.fullmatch(word.text)
        repository = git_url.parse(found[1]) if found else None
        # Written with quotes or escapes inside, or over two lines, it stands nowhere as it reads.
        stands = word.text in word.written.text and len(list(word.written.runs())) == 1
        if not found or not repository or not stands:
            continue
        start = word.written.origin(word.written.text.index(word.text))
        ref = found[2]
        span = (start + found.start(2), start + found.end(2)) if ref else (start, start + found.end(1))
        has_variable = "$" in word.text
        yield Dependency(
            ecosystem=repository.type,
            name=git_url.shown(found[1]),
            place=build.source.place(*span),
            kind="dockerfile-add",
            purl=repository.purl(ref),
            value=ref or None,
            version=git_tag.SCHEME.pinned(ref) if ref else None,
            digest=ref.lower() if ref and git_tag.is_commit(ref) else None,
            skip_reason="unpinned-expression" if has_variable else _unasked(repository),
        )


def _unasked(repository: git_url.GitUrl) -> SkipReason | None:
    # A host that is reached by SSH alone may be somebody's own: nobody said that it answers on the web.
    return None if repository.is_web or repository.type != "generic" else "version-control"


def _declare(instruction: Instruction, build: _Build) -> None:
    """Keep the defaults of one ``ARG`` before the first stage; later lines may use them."""
    for word in dockerfile.words(instruction.arguments, escape=build.escape):
        name, equals, _ = word.written.text.partition("=")
        if equals and len(build.values) < _MAX_ARGUMENTS:
            value = build.expand(word.written.part(len(name) + 1, len(word.written.text)))
            build.values[name] = value


def _base(instruction: Instruction, build: _Build) -> Iterator[Dependency]:
    """Read ``FROM [--platform=…] image [AS name]``."""
    platform = None
    for name, value in dockerfile.flags(instruction, escape=build.escape):
        expanded = build.expand(value)
        if name == "platform" and not expanded.gaps:
            platform = expanded.text or None
    words = [word for word in dockerfile.plain_words(instruction.arguments) if not word.text.startswith("--")]
    build.stages += 1
    build.old_npm = False
    if words:
        written = build.expand(words[0])
        name = written.text.lower()
        build.old_npm = build.names.get(name, False)
        if name and name not in build.names and name != "scratch" and not build.may_be_stage(written):
            found = image_dependency(build.source, written, kind="dockerfile-from", platform=platform)
            build.old_npm = _has_old_npm(found)
            yield found
    if len(words) > 2 and words[1].text.upper() == "AS":  # noqa: PLR2004 - image, AS, name
        build.names[words[2].text.lower()] = build.old_npm


def _has_old_npm(image: Dependency) -> bool:
    first = (image.version or "").partition(".")[0]
    return image.name.rpartition("/")[2] == "node" and first.isdecimal() and int(first[:6]) < _FIRST_OMIT


def _mounted(value: Spliced, instruction: Instruction, build: _Build) -> Iterator[Dependency]:
    """Read the ``from=`` of one ``--mount=type=bind,from=…``."""
    start = 0
    for option in value.text.split(","):
        key, equals, image = option.strip("\"' ").partition("=")
        if equals and key.strip().lower() == "from":
            at = start + option.index("=") + 1
            yield from _other(value.part(at, at + len(image)), "dockerfile-mount", instruction, build)
        start += len(option) + 1


def _other(written: Spliced, kind: str, instruction: Instruction, build: _Build) -> Iterator[Dependency]:
    """Return the image that ``COPY --from`` or a mount names, unless it is a stage of this file.

    What ``ONBUILD`` puts off may name a stage of a file that is not here: a bare word is not taken for an image.
    BuildKit replaces no variables here, so what holds one has no known value.
    """
    written = expand(written, {}, escape=build.escape)
    bare = not any(character in written.text for character in ":/@")
    if not written.text or build.is_stage(written.text) or written.text.lower() == "scratch":
        return
    if not (instruction.triggered and bare):
        yield image_dependency(build.source, written, kind=kind)
