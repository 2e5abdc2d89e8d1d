"""What the rules about called actions share: the calls, whether an answer may be used, and how a finding is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analyzers.ecosystems.github_actions.uses import FORGE, Action, action_of
from analyzers.model.facts import Answer, Known
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Scalar, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.versions import action_ref

_SHOWN_COMMIT = 12


class Call(NamedTuple):
    """One place that calls an action or a reusable workflow."""

    dependency: Dependency
    action: Action

    @property
    def is_pinned(self) -> bool:
        """Whether the call names a whole commit."""
        return action_ref.is_commit(self.action.ref)

    @property
    def current(self) -> str:
        """The version as people say it: the ref, or for a commit the version beside it."""
        if not self.is_pinned:
            return self.action.ref
        return self.dependency.version or self.action.ref[:_SHOWN_COMMIT]

    @property
    def shown(self) -> str:
        """The whole call, as it is written but for the length of a commit."""
        ref = self.action.ref[:_SHOWN_COMMIT] if self.is_pinned else self.action.ref
        version = f" ({self.dependency.version})" if self.is_pinned and self.dependency.version else ""
        return f"{self.action.full_name}@{ref}{version}"


class Doubt(NamedTuple):
    """Why an answer is none, or not a live one."""

    reason: SkipReason
    detail: str

    @property
    def forbids(self) -> bool:
        """Whether the answer must not be used; a table may be, if that is said."""
        return self.reason != "bundled-table"


def calls(evidence: Evidence) -> Iterator[Call]:
    """Yield every call that can be judged, in the order of the inventory."""
    for dependency in evidence.inventory.dependencies:
        action = action_of(dependency)
        if action:
            yield Call(dependency, action)


def on_github(evidence: Evidence) -> Iterator[Call]:
    """Yield those that GitHub's own service runs: none of the workflows of Forgejo and Gitea."""
    return (call for call in calls(evidence) if call.dependency.kind != FORGE)


def doubt(evidence: Evidence, answer: Answer) -> Doubt | None:
    """Return what speaks against an answer on the day of judgement; None for a live one."""
    if not isinstance(answer, Known):
        return Doubt(answer.reason, answer.detail)
    since = answer.known_since or evidence.facts.looked_up
    if evidence.as_of < since:
        return Doubt("not-dated", f"known since {since}, judged as of {evidence.as_of}")
    return from_table(answer) if answer.bundled else None


def from_table(answer: Known) -> Doubt:
    """Return the note that a table stood in for the live source."""
    return Doubt("bundled-table", f"judged by the bundled table of {answer.known_since}")


def skipped(call: Call, source: str, why: Doubt) -> Skipped:
    """Return the note that a call could not be judged, or not by a live source."""
    return Skipped(
        what="look-up",
        path=call.dependency.place.path,
        source=source,
        reason=why.reason,
        detail=why.detail,
        subject=call.action.key,
    )


def once(found: Iterable[Finding | Skipped]) -> Iterator[Finding | Skipped]:
    """Pass findings on, and of each subject and source only the first note."""
    seen = set()
    for item in found:
        if isinstance(item, Skipped):
            if (item.subject, item.source) in seen:
                continue
            seen.add((item.subject, item.source))
        yield item


def finding(
    rule: Rule,
    call: Call,
    *,
    title: str,
    message: str,
    latest: str | None = None,
    exposure: float = 1.0,
    severity: Severity | None = None,
    confidence: Confidence = Confidence.HIGH,
    fix: Fix | None = None,
    place: Place | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return the finding of a rule at a call (or at another ``place`` of it)."""
    where = place or call.dependency.place
    return rule.finding(
        where,
        severity=severity,
        confidence=confidence,
        title=title,
        message=message,
        subject=Subject(
            ecosystem=call.dependency.ecosystem,
            name=call.action.name,
            current=call.current,
            latest=latest,
            purl=call.dependency.purl,
        ),
        key=call.action.key,
        exposure=exposure,
        identity=f"{call.action.full_name.lower()}@{call.action.ref}",
        fix=fix,
        details=details,
    )
