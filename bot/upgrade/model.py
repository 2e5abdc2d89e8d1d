"""What the planner decides, and what it decides from. Frozen values; nothing here asks anybody or writes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from analyzers.model.edit import Edit
from analyzers.model.finding import Finding
from analyzers.model.scheme import Step
from analyzers.model.subject import SubjectKey

Kind = Literal["security", "pin", "digest", "patch", "minor", "major", "replace"]
"""What a move is, by its risk: `pin` and `digest` change no version; `replace` changes the thing itself."""

WaitReason = Literal[
    "limit-open",
    "limit-week",
    "schedule",
    "too-young",
    "major-waits",
    "not-enabled",
    "needs-approval",
    "limit-group",
    "costs-points",
    "withheld",
]
"""Why an upgrade is planned and not opened today. Each stands beside a sentence, and some beside a date.

`limit-group`: its group is full. `costs-points`: merging it would add debt and mend nothing that presses. `withheld`
is for want of a permission.
"""

LeftOutReason = Literal[
    "ignored",
    "denied",
    "not-allowed",
    "closed",
    "merged",
    "later",
    "no-edit",
    "refused",
    "no-lock",
    "breaks-checks",
]
"""Why a finding with a ready fix becomes no upgrade now.

`later`: another step of the same thing goes first. `no-edit`: no new text is known. The others are found out when it
is written and checked: the edit or the lock tool `refused` it, there is `no-lock` with it at all, it `breaks-checks`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One package, image, action, provider or chart that goes from `current` to `target`.

    `name` is as people write it. `edit` writes the new texts; None where only lockfiles change. `locks` are the
    lockfiles and compiled files that have to be remade with it, `files` all that it touches, both sorted.
    `published` and `current_published` are the days of the two releases, where known. `repository` is where its source
    lies (``github.com/owner/name``), None where nobody says. `findings` are what it mends, `advisories` their ids.

    `line` is the release line of the target (``2``, ``0.28``; ``3.13`` of an image): what a branch may be named after.
    `family` names what has to move together, "" for what moves alone, and `family_reason` says why. `indirect` is what
    something else brings in. `points` are what it mends, as far as that can be told beforehand, and `owed` all that is
    found about its subject, both before the limit of a subject (see bot/score.py);
    `ends` is the nearest end of life that it leaves behind, `heat` the changes in the scan's window to the files that
    use it. `note` says what of it has to wait (``2.4.1 is 1 day old``).
    """

    key: SubjectKey
    name: str
    current: str | None
    target: str
    kind: Kind
    step: Step | None
    edit: Edit | None
    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    published: date | None = None
    current_published: date | None = None
    repository: str | None = None
    advisories: tuple[str, ...] = ()
    development: bool = False
    line: str = ""
    family: str = ""
    family_reason: str = ""
    indirect: bool = False
    points: int = 0
    owed: int = 0
    ends: date | None = None
    heat: int = 0
    note: str = ""

    @property
    def security(self) -> bool:
        """Whether a known vulnerability goes with it."""
        return bool(self.advisories)

    @property
    def mark(self) -> str:
        """What it is called in the marker of a body: names alone are not unique (``npm:redis``, ``docker:redis``)."""
        return f"{self.key.ecosystem}:{self.key.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Why one upgrade goes before another. `points` are those of the findings that it mends.

    `days_left` are the days to the nearest end of life among them (negative: past), None without one. `heat` is the
    number of changes in the scan's window to the files that use what moves. `risk` is what the step may cost, in
    points.
    """

    points: int
    advisories: int
    days_left: int | None
    heat: int
    risk: int
    total: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """A pull request to be: moves that go together.

    `id` is stable while the group exists (``pypi-requests-2``, ``npm-minor``): the branch follows from it, and neither
    holds a patch version. `reasons` say why these moves are one.
    """

    id: str
    branch: str
    title: str
    moves: tuple[Move, ...]
    kind: Kind
    worth: Worth
    reasons: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """All files that it touches, sorted."""
        return tuple(sorted({path for move in self.moves for path in move.files}))

    @property
    def targets(self) -> dict[str, str]:
        """What the marker in the body says: each move's mark and target; several of one mark (tags) with commas."""
        return targets_of(self.moves)

    @property
    def security(self) -> bool:
        """Whether it mends a known vulnerability; such an upgrade has no limits and no schedule."""
        return any(move.security for move in self.moves)


def targets_of(moves: Iterable[Move]) -> dict[str, str]:
    """Return the targets of moves by their marks, sorted; several of one mark (tags of an image) with commas."""
    found: dict[str, set[str]] = {}
    for move in moves:
        found.setdefault(move.mark, set()).add(move.target)
    return {mark: ", ".join(sorted(found[mark])) for mark in sorted(found)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An upgrade that is not opened today, and until when at the earliest; None where no date can be told."""

    upgrade: Upgrade
    reason: WaitReason
    detail: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Findings that become no upgrade. `until` is the last day of an ignore.

    `number` is that of the pull request that a person closed, or that was merged; 0 without one.
    """

    name: str
    target: str | None
    reason: LeftOutReason
    detail: str
    findings: tuple[Finding, ...] = ()
    until: date | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """An upgrade's pull request as it is on the host. `opened` is when; `state` of a merged one is ``merged``.

    `closed_by_person` says that somebody closed it unmerged, or had debtscan do so: an ignore, until it is reopened.
    Where debtscan did, `asked_by` is who said so, `until` the last day on which it counts (None: for good) and `why`
    the reason that was given, "" without one.
    `targets` maps each move's mark to its target, from the marker in the body (see `targets_of`); `security` is from
    there as well. `closed` is when it was closed or merged.
    """

    id: str
    branch: str
    number: int
    state: Literal["open", "closed", "merged"]
    opened: datetime
    targets: dict[str, str] = field(default_factory=dict)
    closed_by_person: bool = False
    security: bool = False
    closed: datetime | None = None
    asked_by: str = ""
    until: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be there: `open` in order of worth (those that are open already among them), what waits, what is left
    out, and the existing pull requests that nothing needs any more.
    """

    open: tuple[Upgrade, ...]
    waiting: tuple[Waiting, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    obsolete: tuple[Existing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMove:
    """A package that a lock tool moved beside the wanted ones, and why (``required by django 5.2``; "" unknown)."""

    lock: str
    name: str
    before: str | None
    after: str | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockProblem:
    """A lockfile that could not be remade: the upgrade is a draft, and its body says this.

    One that `passes` may be made another time, of the same: nobody answered its tool.
    """

    lock: str
    tool: str
    detail: str
    passes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An upgrade as files. `files` maps a path to its new bytes, for each commit in turn and at the end.

    `commits` has one entry a move (or one for all where a lock cannot be remade step by step): title, and the files
    that it changes with their bytes after it. `refused` are moves whose edit was refused, with the reason. `tools`
    are the lock tools that ran, with their versions (``uv 0.9.2``). What `passes` would perhaps hold more of the moves
    another time, with nothing changed.
    """

    upgrade: Upgrade
    files: dict[str, bytes]
    commits: tuple[tuple[str, dict[str, bytes]], ...]
    others: tuple[OtherMove, ...] = ()
    problems: tuple[LockProblem, ...] = ()
    refused: tuple[LeftOut, ...] = ()
    tools: tuple[str, ...] = ()
    passes: bool = False

    @property
    def draft(self) -> bool:
        """Whether it cannot be merged as it is."""
        return bool(self.problems)
