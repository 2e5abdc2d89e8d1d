"""What was not read, not asked or not judged, and why. Carried to every report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyzers.model.subject import SubjectKey

SkipReason = Literal[
    # reading
    "unreadable",
    "too-large",
    "too-deep",
    "invalid-syntax",
    "unsupported-syntax",
    "not-measured",
    "not-rendered",
    "binary",
    "wrong-encoding",
    "outside-repository",
    "missing-file",
    "submodule",
    "git-lfs-pointer",
    "limit-reached",
    "overruled",
    "vendored",
    "generated",
    "test-data",
    "ignored",
    # history
    "no-history",
    "shallow-history",
    # asking: the reasons of `analyzers.model.facts.UnknownReason`
    "not-found",
    "refused",
    "rate-limited",
    "time-out",
    "unreachable",
    "server-error",
    "offline",
    "malformed-answer",
    "bundled-table",
    "not-dated",
    # judging: why a dependency that was read cannot be judged
    "unpinned-expression",
    "local-path",
    "direct-url",
    "version-control",
    "no-registry",
    "unsupported-version",
    "unsupported-source",
    "set-elsewhere",
    "held-back",
    "unknown-label",
    "unknown-cycle",
    "stale-table",
    # our own fault, said aloud
    "reader-failed",
    "rule-failed",
    # somebody else's
    "plugin-failed",
]

What = Literal["file", "repository", "history", "dependency", "look-up", "table", "rule", "plugin"]


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Skipped:
    """One thing that debtscan saw and could not handle.

    `what` is the kind of thing; `path` where it stands (empty when it stands nowhere); `source` what was asked
    or which reader gave up (``pypi``, ``requirements``, ``git``); `detail` one sentence for people.
    `subject` is set where the score has to treat that subject as unknown.
    """

    what: What
    path: str = ""
    source: str = ""
    reason: SkipReason
    detail: str = ""
    subject: SubjectKey | None = None
