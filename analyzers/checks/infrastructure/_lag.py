"""What the rules about charts and providers behind the newest release share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.checks.infrastructure._rows import Kind, Row, finding, rows, skipped
from analyzers.model.distance import Distance
from analyzers.model.facts import Release, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule
from analyzers.model.skipped import Skipped


@dataclass(frozen=True, slots=True)
class _Lag:
    """How far `row` is behind. `held` says why something newer than `release` has to wait."""

    row: Row
    current: str
    release: Release
    distance: Distance
    held: str

    @property
    def is_only_locked(self) -> bool:
        """Whether the lock alone keeps the newest release out."""
        entry = self.row.dependency
        return bool(entry.locked_version) and self.row.kind.scheme.satisfies(
            self.release.version, entry.value or ">= 0"
        )


def outdated(rule: Rule, kind: Kind, evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each place that is behind, and a note for what could not be looked up or judged."""
    noted = set()
    for row in rows(evidence, kind):
        outcome = _judge(row)
        if isinstance(outcome, _Lag):
            yield _report(rule, outcome)
        elif outcome and (outcome.subject or outcome.path, outcome.detail) not in noted:
            noted.add((outcome.subject or outcome.path, outcome.detail))
            yield outcome


def _judge(row: Row) -> _Lag | Skipped | None:
    scheme, answer = row.kind.scheme, row.answer
    if isinstance(answer, Unknown):
        return skipped(row, answer.reason, answer.detail or answer.reason, look_up=True)
    if not row.releases:
        detail = f"the {row.kind.registry} lists no release of it on that day"
        return skipped(row, "not-found", detail, look_up=True)
    current = row.in_use
    if current is None or scheme.key(current) is None:
        return _unjudged(row)
    release, held = row.newer()
    if release is None:
        return skipped(row, "held-back", held, look_up=False) if held else None
    step = scheme.step(current, release.version)
    if step is None:
        return None
    majors = max(1, row.majors(current, release.version)) if step == "major" else 0
    return _Lag(row, current, release, Distance(step, majors), held)


def _unjudged(row: Row) -> Skipped | None:
    """Return why no version in use is known; where no version is asked for, the newest is always taken."""
    value = row.dependency.value
    if value is None:
        return None
    what = "admits no release" if row.kind.scheme.is_constraint(value) else "is no constraint"
    return skipped(row, "unsupported-version", f"{value[:100]!r} {what}", look_up=False)


def _report(rule: Rule, lag: _Lag) -> Finding:
    entry, newest, fix = lag.row.dependency, lag.release.version.removeprefix("v"), _fix(lag)
    released = lag.release.published.isoformat() if lag.release.published else None
    since = f" since {released}" if released else ""
    held = f" {lag.held}." if lag.held else ""
    return finding(
        rule,
        lag.row,
        title=f"{entry.name} {lag.current} is {lag.distance} behind {newest}",
        message=f"{_state(lag)}; {newest} is out{since}.{held} {_remedy(lag, fix)}",
        latest=newest,
        minutes=lag.distance.minutes,
        severity=lag.distance.severity,
        fix=fix,
        details={
            "declared": entry.value,
            "locked": entry.locked_version,
            "latest": newest,
            "step": lag.distance.step,
            "majors": lag.distance.majors,
            "released": released,
            "held_back": lag.held or None,
        },
    )


def _state(lag: _Lag) -> str:
    entry = lag.row.dependency
    named = f"The {lag.row.kind.noun} {entry.name}"
    if entry.locked_version:
        declared = f" (declared as {entry.value})" if entry.value else ""
        return f"{named} is locked at {lag.current}{declared}"
    if entry.version:
        return f"{named} is pinned at {lag.current}"
    return f"{named} is limited to {entry.value}, whose newest release is {lag.current}"


def _remedy(lag: _Lag, fix: Fix) -> str:
    if lag.is_only_locked:
        return lag.row.kind.refresh
    return f"Change it to {fix.to}." if fix.to else f"Move to {lag.release.version} by hand."


def _fix(lag: _Lag) -> Fix:
    entry, newest, safe = lag.row.dependency, lag.release.version, lag.distance.is_safe(lag.current)
    if lag.is_only_locked:
        return Fix(available=True, to=newest, safe=safe)
    to = lag.row.kind.scheme.rewrite(entry.value, newest) if entry.value else None
    return Fix(available=to is not None, to=to, safe=safe and to is not None)
