"""The shape of ``debtscan.toml``: a frozen Config. `analyzers.settings` finds and reads the file."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec

Days = Annotated[int, msgspec.Meta(ge=0, le=3650, description="days")]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=500, description="a gitignore pattern")]
Severities = Literal["low", "medium", "high", "critical", "new"]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="kebab"):
    """Base of every table: unknown keys are errors."""


class Scan(Section, frozen=True):
    """``[scan]``: which files count. Patterns are gitignore patterns, relative to the repository.

    Manifests among test data (``tests/fixtures/``, ``testdata/``) are listed and not judged, unless included.
    """

    exclude: tuple[Pattern, ...] = ()
    vendored: tuple[Pattern, ...] = ()
    generated: tuple[Pattern, ...] = ()
    include_test_data: bool = False
    max_files: Count = 100_000
    max_file_bytes: Count = 20 * 1024 * 1024


class Dependencies(Section, frozen=True):
    """``[dependencies]``: `prereleases` lists packages for which one may be proposed."""

    prereleases: tuple[str, ...] = ()
    minimum_release_age_days: Days = 0
    ending_days: Days = 90


class Docker(Section, frozen=True):
    """``[docker]``: which end counts for Debian and Ubuntu, and how early to announce an end."""

    support: Literal["regular", "lts"] = "regular"
    ending_days: Days = 90
    require_digest: bool = False


class Actions(Section, frozen=True):
    """``[actions]``: owners whose actions need no hash; `enterprise_server` where workflows run on one."""

    trusted_owners: tuple[str, ...] = ("actions", "github")
    enterprise_server: bool = False
    ending_days: Days = 270


class Kubernetes(Section, frozen=True):
    """``[kubernetes]``: the release that manifests are for. Without one, the oldest that is supported counts."""

    version: Annotated[str, msgspec.Meta(pattern=r"^v?[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?$")] | None = None


FIX_PATTERN = r"(?i)\b(?:fix(?:es|ed|ing)?|(?:bug|hot)[- ]?fix(?:es|ed)?|bugs?|regressions?)\b"
ISSUE_PATTERN = (
    r"(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? +"
    r"(?:(?:[\w.-]+/[\w.-]+)?#[0-9]|GH-[0-9]|https?://[\w.:-]+/[\w.-]+/[\w.-]+/issues/[0-9])"
)
"""GitHub's closing words: ``fixes #12``, ``closes owner/repo#12``, ``resolves GH-12``."""
Expression = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, description="a regular expression (RE2)")]
_Few = msgspec.Meta(max_length=50)


class Hotspots(Section, frozen=True):
    """``[hotspots]``: the window and the filters.

    `bots` extends the bundled list of author patterns; a commit is a bot's as well where one of `bot_trailers` matches
    a trailer of its message (``Change-Made-By: *``). One of `fix_patterns` in the subject, or of `issue_patterns`
    anywhere in the message, makes a commit a fix.
    """

    window_months: Annotated[int, msgspec.Meta(ge=1, le=120, description="calendar months")] = 12
    minimum_complexity: Count = 10
    minimum_revisions: Count = 3
    bulk_files: Count = 30
    bots: tuple[str, ...] = ()
    bot_trailers: Annotated[tuple[str, ...], _Few] = ()
    fix_patterns: Annotated[tuple[Expression, ...], _Few] = (FIX_PATTERN,)
    issue_patterns: Annotated[tuple[Expression, ...], _Few] = (ISSUE_PATTERN,)
    include_merges: bool = False
    include_bots: bool = False
    include_bulk: bool = False
    include_formatting: bool = False
    include_generated: bool = False
    include_tests: bool = False


class Ignore(Section, frozen=True):
    """``[[ignore]]``: a finding that people accept. `rule`, `path` (pattern) and `name` all have to match."""

    rule: str
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    path: Pattern | None = None
    name: str | None = None
    until: date | None = None


class Reader(Section, frozen=True):
    """``[[reader]]``: an expression (RE2) with named groups that finds dependencies in `files`.

    `name` and `ecosystem` stand for groups of those names; `versioning` names the scheme that reads the version.
    """

    files: Annotated[tuple[Pattern, ...], msgspec.Meta(min_length=1, max_length=100)]
    match: Expression
    ecosystem: str | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=256)] | None = None
    versioning: str | None = None


class Gate(Section, frozen=True):
    """``[gate]``: when a scan fails. The command line's flags win over it."""

    fail_under: str | None = None
    fail_on: Severities | None = None
    gate_on: Literal["low", "score"] = "low"


UpgradeKind = Literal["pin", "digest", "patch", "minor", "major", "replace"]
# A name as git takes it, of plain characters: no part begins with a dot, and none ends in one or in ".lock".
BRANCH = re.compile(
    r"^(?!.*(?:\.\.|\./|\.lock(?:/|$)|\.$))[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$"
)
Limit = Annotated[int, msgspec.Meta(ge=0, le=1000, description="pull requests")]
NamePattern = Annotated[
    str, msgspec.Meta(min_length=1, max_length=256, description="a name; * stands for any characters, also none")
]
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_SPAN = f"{_DAY}(?:-{_DAY})?"
_DAYS = f"(?:daily|weekdays|weekends|(?:weekly|monthly)(?: on {_DAY})?|{_SPAN}(?:,{_SPAN})*)"
_TIMES = "(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
WINDOW = re.compile(f"^(?:{_DAYS}(?: {_TIMES})?|{_TIMES})$")
Window = Annotated[
    str,
    # Checked by `analyzers.settings`, which says in words what is wrong.
    msgspec.Meta(
        max_length=100,
        description="days, times or both: 'mon-fri 06:00-18:00', 'weekends', 'weekly on monday 06:00-12:00'",
        extra_json_schema={"pattern": WINDOW.pattern},
    ),
]


class UpgradeIgnore(Section, frozen=True):
    """``[[upgrades.ignore]]``: what is not upgraded, why, and up to which day (included; without one, for good).

    `name` is a pattern; `ecosystem` and `kinds` limit it to one ecosystem and to steps of some kinds.
    """

    name: NamePattern
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    ecosystem: str | None = None
    kinds: tuple[UpgradeKind, ...] = ()
    until: date | None = None


class UpgradeGroup(Section, frozen=True):
    """``[[upgrades.group]]``: what shares one pull request. The first group that matches takes it.

    `match` and `exclude` are patterns of names; `ecosystems` and `kinds` limit it (all ecosystems; patch and minor).
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    match: Annotated[tuple[NamePattern, ...], msgspec.Meta(min_length=1, max_length=200)]
    exclude: Annotated[tuple[NamePattern, ...], msgspec.Meta(max_length=200)] = ()
    ecosystems: tuple[str, ...] = ()
    kinds: tuple[UpgradeKind, ...] = ("patch", "minor")


class UpgradeAutomerge(Section, frozen=True):
    """``[[upgrades.automerge]]``: what is merged without a person, once all its checks passed. The first match counts.

    Every update of a pull request has to match: its name one of the patterns `match`, its step one of `kinds`, and one
    of `ecosystems` (all, where none is named). `method` is how it is merged.
    """

    match: Annotated[tuple[NamePattern, ...], msgspec.Meta(min_length=1, max_length=200)] = ("*",)
    kinds: tuple[UpgradeKind, ...] = ("pin", "digest", "patch")
    ecosystems: tuple[str, ...] = ()
    method: Literal["merge", "squash", "rebase"] = "merge"


Label = Annotated[str, msgspec.Meta(min_length=1, max_length=50, description="a label")]
Login = Annotated[
    str, msgspec.Meta(pattern=r"^(team:)?[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", description="a login, or team:NAME")
]


class Upgrades(Section, frozen=True):
    """``[upgrades]``: which pull requests are opened, and when. What mends a known vulnerability has no limits.

    Without `enabled`, `debtscan run` opens, changes and closes none: those that are open stay as they are.

    `open_limit` pull requests are open at once, `weekly_limit` are new in any seven days, `major_limit` of the open
    ones are majors. A release younger than `minimum_release_age_days` waits. `schedule` says when new ones are opened,
    in `time_zone`; always, where it is empty. `group_kinds` share one pull request an ecosystem, `group_limit` packages
    and images at once; `families` keeps together what is released together. `majors`: a package several majors behind
    takes them one by one, or goes to the newest; or no major is opened. `range_strategy`: see docs/upgrades.md. With
    `allow`, nothing else is upgraded; what `deny` names never is. The kinds in `approval_kinds` wait until `approved`
    names them. A new pull request gets `labels`, `assignees` and `reviewers` (``team:NAME`` for a team), and with
    `code_owners` the owners of the files that it changes.
    """

    enabled: bool = True
    open_limit: Limit = 5
    weekly_limit: Limit = 3
    major_limit: Limit = 2
    minimum_release_age_days: Days = 3
    schedule: Annotated[tuple[Window, ...], msgspec.Meta(max_length=50)] = ()
    time_zone: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}$")] = "UTC"
    group_kinds: tuple[UpgradeKind, ...] = ("pin", "digest", "patch", "minor")
    group_limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 15
    families: bool = True
    majors: Literal["one-by-one", "newest", "never"] = "one-by-one"
    range_strategy: Literal["auto", "bump", "widen", "replace"] = "auto"
    allow: Annotated[tuple[NamePattern, ...], msgspec.Meta(max_length=500)] = ()
    deny: Annotated[tuple[NamePattern, ...], msgspec.Meta(max_length=500)] = ()
    approval_kinds: tuple[UpgradeKind, ...] = ()
    approved: Annotated[tuple[NamePattern, ...], msgspec.Meta(max_length=500)] = ()
    ignore: Annotated[tuple[UpgradeIgnore, ...], msgspec.Meta(max_length=500)] = ()
    group: Annotated[tuple[UpgradeGroup, ...], msgspec.Meta(max_length=100)] = ()
    automerge: Annotated[tuple[UpgradeAutomerge, ...], msgspec.Meta(max_length=100)] = ()
    branch_prefix: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,38}[/-]$")] = "debtscan/"
    labels: Annotated[tuple[Label, ...], msgspec.Meta(max_length=20)] = ("dependencies",)
    assignees: Annotated[tuple[Login, ...], msgspec.Meta(max_length=10)] = ()
    reviewers: Annotated[tuple[Login, ...], msgspec.Meta(max_length=15)] = ()
    code_owners: bool = True


class History(Section, frozen=True):
    """``[history]``: whether and where past scorecards are kept. The branch is debtscan's alone.

    All of the last `all_days` are kept, one a week of the last `weekly_days`, and one a month for good; what registries
    said is kept of the newest two, and of each quarter's first of the last `facts_days`. See docs/history.md.
    """

    enabled: bool = True
    # Checked by `analyzers.settings`, which says in words what is wrong.
    branch: Annotated[
        str, msgspec.Meta(max_length=100, extra_json_schema={"pattern": BRANCH.pattern}, description="a branch")
    ] = "debtscan-history"
    all_days: Days = 90
    weekly_days: Days = 365
    facts_days: Days = 365


class Posts(Section, frozen=True):
    """``[posts]``: what ``debtscan run`` tells on GitHub, beside its pull requests.

    `dashboard`: one issue with the score, what to mend first and the upgrades; a new one gets `dashboard_title` and
    `dashboard_labels`. `check_run`: the score as a check of the commit, with at most so many `annotations` of what a
    pull request adds; it passes or fails by ``[gate]`` alone. `comment`: one comment on a pull request that adds or
    mends something. `code_scanning`: all findings as alerts; off, because private repositories need a licence for it.
    """

    dashboard: bool = True
    dashboard_title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] = "Technical debt"
    dashboard_labels: Annotated[tuple[Label, ...], msgspec.Meta(max_length=20)] = ("debtscan",)
    check_run: bool = True
    annotations: Annotated[int, msgspec.Meta(ge=0, le=200, description="lines of files")] = 200
    comment: bool = True
    code_scanning: bool = False


class Config(Section, frozen=True):
    """The whole configuration. ``addresses`` (source → base address) is refused in a scanned repository's file."""

    scan: Scan = Scan()
    dependencies: Dependencies = Dependencies()
    docker: Docker = Docker()
    actions: Actions = Actions()
    kubernetes: Kubernetes = Kubernetes()
    hotspots: Hotspots = Hotspots()
    ignore: tuple[Ignore, ...] = ()
    reader: Annotated[tuple[Reader, ...], msgspec.Meta(max_length=50)] = ()
    gate: Gate = Gate()
    upgrades: Upgrades = Upgrades()
    posts: Posts = Posts()
    history: History = History()
    disabled_rules: tuple[str, ...] = ()
    addresses: dict[str, str] = {}
