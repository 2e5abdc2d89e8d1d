"""What the files and git say. Frozen, and picklable across a process border; needs no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from analyzers.model.history import ComplexityTrend, Coupling, FolderKnowledge, FunctionVersions, Ownership
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason


@dataclass(frozen=True, slots=True)
class Repository:
    """What was scanned: `commit` is None for a plain folder or before the first commit, `branch` when detached."""

    name: str
    commit: str | None = None
    branch: str | None = None
    dirty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A requirement joined with its resolved version: one row of ``inventory[]`` in the report.

    The meaning of each field is fixed by docs/contract.md. `value` is the text at `place` (None when there is
    nothing written to change); `version` is exact, without a leading ``v``, or None for a range. `comment` is the
    version comment beside a digest (``# v4.2.0``), `digest_place` the digest where `place` is the tag before it.
    `index` is an address that the file itself names for this dependency, never expanded. `marker` limits where it
    applies (PEP 508, npm ``os``/``cpu``, else the condition in its file's words), and `platform` is a
    container platform such as ``linux/arm64``.
    `integrity` is where hashes stand that hold for this version alone (``--hash=…``), from the first to the last.
    """

    ecosystem: str
    name: str
    place: Place
    kind: str
    purl: str
    value: str | None = None
    version: str | None = None
    locked_version: str | None = None
    digest: str | None = None
    direct: bool = True
    dependency_group: str | None = None
    skip_reason: SkipReason | None = None
    comment: Place | None = None
    digest_place: Place | None = None
    index: str | None = None
    marker: str | None = None
    platform: str | None = None
    integrity: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A file in which people write what they depend on.

    `runtime` is the runtime constraint that its dependencies must fit (``>=3.9`` of ``requires-python``, the
    ``node`` entry of ``engines``), as written. `lockfile` is the path of the lockfile that resolves it.
    `application` is True for something deployed, False for something published, None when that cannot be told.
    """

    path: str
    ecosystem: str
    format: str
    runtime: str | None = None
    lockfile: str | None = None
    application: bool | None = None


RELEASE_AGE = "minimum-release-age"
"""The kind of an observation: its text is the number of days that a release must be old for a package manager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that is no dependency and that a rule may judge: a workflow command, a deprecated instruction.

    `kind` is the closed word a rule looks for (``workflow-command``, ``npm-lock-deprecation``), `name` the thing
    seen (``set-output``), `text` what stands there.
    """

    kind: str
    name: str
    place: Place
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of one file: cyclomatic `complexity`, `line`–`end_line` (1-based, inclusive), `lines` of code.

    `name` is qualified (``Class.method``); code outside any function is not a function. `language` is the
    language's lower-case name. `nesting` and `parameters` are counts.
    """

    path: str
    name: str
    language: str
    line: int
    end_line: int
    complexity: int
    lines: int
    nesting: int = 0
    parameters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """How often one file changed inside the window, after the filters.

    `revisions` counts commits, `authors` distinct people after ``.mailmap``; `recent` those of the last 30 days,
    `fixes` those whose subject says fix, `recent_fixes` those of both. `months` holds the commits of each month of
    the window, oldest first.
    """

    path: str
    revisions: int
    authors: int
    last_changed: date
    recent: int = 0
    fixes: int = 0
    recent_fixes: int = 0
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionChurn:
    """The same for one function, followed through edits above it, renames and moves of its unchanged text.

    `line` tells functions of one name apart. `last_changed` is None for one that nobody touched in the window.
    """

    path: str
    name: str
    line: int
    revisions: int
    authors: int
    last_changed: date | None = None
    recent: int = 0
    fixes: int = 0
    recent_fixes: int = 0
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Churn of the window ``since``–``until`` (dates of commits, both included).

    `commits` were counted; `left_out` says how many commits each filter removed (``merge``, ``bot``, ``bulk``,
    ``rename``, …). `complete` is False for a shallow clone. `churn` is sorted by path. `functions` holds those complex
    functions of changed files that could be followed one by one, sorted by path and line. `couplings` are sorted by
    support (most first) and are the strongest, `more_couplings` says how many there are beside them; `ownership` and
    `folders`, which hold code alone, are sorted by path.
    """

    since: date
    until: date
    commits: int
    left_out: tuple[tuple[str, int], ...]
    churn: tuple[Churn, ...]
    functions: tuple[FunctionChurn, ...] = ()
    versions: tuple[FunctionVersions, ...] = ()
    couplings: tuple[Coupling, ...] = ()
    more_couplings: int = 0
    ownership: tuple[Ownership, ...] = ()
    folders: tuple[FolderKnowledge, ...] = ()
    complete: bool = True


Scope: TypeAlias = Literal["own", "shared", "inherited"]
"""Whose an ignore is: the repository's, or its organisation's, seen from where it stands or from elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """A finding that people accept, as written: a comment in a file, or an ``[[ignore]]`` of the configuration.

    `applies_to` is the line of `place.path` that a comment covers, None for the configuration's, which match by
    `pattern` (gitignore) and `name` where they state them. `until` is the last day; without one it is 90 days after
    the commit that wrote it (`dated` is False then). `scope` tells the repository's own ones from those of its
    organisation, ``shared`` where this is the repository that holds them, and ``inherited`` everywhere else: that such
    a one covers nothing here says nothing.
    """

    place: Place
    rules: tuple[str, ...]
    reason: str
    until: date
    dated: bool = True
    applies_to: int | None = None
    pattern: str | None = None
    name: str | None = None
    scope: Scope = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """Size of one file of code: `lines` of code, neither blank nor comment only."""

    path: str
    language: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything read from one snapshot. Every tuple is in a stable order.

    `imports` maps ``(ecosystem, normalised package name)`` to the number of files that import it, where that can
    be told; `importers` maps it to their paths, sorted. `owners` maps a path pattern to its owners, in the order of
    CODEOWNERS (the last match wins).
    """

    repository: Repository
    dependencies: tuple[Dependency, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    observations: tuple[Observation, ...] = ()
    functions: tuple[Function, ...] = ()
    history: History | None = None
    trends: tuple[ComplexityTrend, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    imports: Mapping[tuple[str, str], int] = field(default_factory=dict)
    importers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    skipped: tuple[Skipped, ...] = ()
