"""A Helm chart whose version in use is behind the newest release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analyzers.checks.infrastructure._charts import Chart, charts, finding, skipped
from analyzers.model.facts import Release, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.scheme import Step
from analyzers.model.skipped import Skipped
from analyzers.versions.helm import SCHEME

RULE = Rule(
    id="outdated-chart",
    group="infrastructure",
    title="A newer release of a Helm chart is out",
    what=(
        "Compares the chart's version in use (from Chart.lock, else the version that is pinned, else the newest that "
        "the range admits) with the newest stable release of its repository, which may be a registry of containers. "
        "A release that is too young for minimum-release-age-days, or does not run on the release of Kubernetes that "
        "[kubernetes] version names, is held back. A range without a lock is outdated only when it keeps the newest "
        "release out."
    ),
    why=(
        "A chart carries the versions of everything in it: behind on the chart means behind on every image, and on "
        "the API versions that the next release of Kubernetes still serves."
    ),
    remediation=(
        "Raise the version, run helm dependency update where there is a Chart.lock, and compare what both versions "
        "render: charts rename their values between major lines. Take one major line at a time."
    ),
    minutes=20,
    severity=Severity.LOW,
    example="- name: postgresql\n  version: 12.1.2\n  repository: https://charts.example.com",
    better="- name: postgresql\n  version: 16.4.0\n  repository: https://charts.example.com",
    sources=("helm", "oci-tags"),
)
_MINUTES: Final = {"patch": 10, "minor": 20, "major": 120}
_FURTHER_MAJOR: Final = 60
_MOST_MINUTES: Final = 480
_MANY_MAJORS: Final = 3


@dataclass(frozen=True, slots=True)
class _Lag:
    """How far a chart is behind. `majors` is 0 within a major line; `held` says why something newer has to wait."""

    chart: Chart
    current: str
    release: Release
    step: Step
    majors: int
    held: str

    @property
    def is_only_locked(self) -> bool:
        """Whether the lock alone keeps the newest release out."""
        entry = self.chart.entry
        return bool(entry.locked_version) and SCHEME.satisfies(self.release.version, entry.value or "")

    @property
    def minutes(self) -> int:
        """Minutes by the size of the step, as for packages: 120 for a major line, 60 for each further one."""
        return min(_MOST_MINUTES, _MINUTES[self.step] + _FURTHER_MAJOR * max(0, self.majors - 1))

    @property
    def severity(self) -> Severity:
        """Low within a major line, high from three major lines on."""
        if self.step != "major":
            return Severity.LOW
        return Severity.HIGH if self.majors >= _MANY_MAJORS else Severity.MEDIUM


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each chart that is behind, and a note for what could not be looked up or judged."""
    noted = set()
    for found in charts(evidence):
        outcome = _judge(found)
        if isinstance(outcome, _Lag):
            yield _report(outcome)
        elif outcome and (outcome.subject or outcome.path, outcome.detail) not in noted:
            noted.add((outcome.subject or outcome.path, outcome.detail))
            yield outcome


def _judge(found: Chart) -> _Lag | Skipped | None:
    answer = found.answer
    if isinstance(answer, Unknown):
        return skipped(found, answer.reason, answer.detail or answer.reason, look_up=True)
    if not found.releases:
        return skipped(found, "not-found", "the repository lists no release of it on that day", look_up=True)
    current = found.in_use
    if current is None or SCHEME.key(current) is None:
        return _unjudged(found)
    release, held = found.newer()
    if release is None and held:
        return skipped(found, "held-back", held, look_up=False)
    step = SCHEME.step(current, release.version) if release else None
    if release is None or step is None or _is_floating(found, release):
        return None
    majors = max(1, found.majors(current, release.version)) if step == "major" else 0
    return _Lag(found, current, release, step, majors, held)


def _is_floating(found: Chart, release: Release) -> bool:
    """Whether the newest release is what is installed anyway, for nothing pins an older one."""
    entry = found.entry
    return not (entry.locked_version or entry.version) and SCHEME.satisfies(release.version, entry.value or "")


def _unjudged(found: Chart) -> Skipped | None:
    """Return why no version in use is known; a chart without any version is always the newest."""
    value = found.entry.value
    if value is None:
        return None
    what = "admits no release" if SCHEME.is_constraint(value) else "is no constraint"
    return skipped(found, "unsupported-version", f"{value[:100]!r} {what}", look_up=False)


def _report(lag: _Lag) -> Finding:
    entry, newest, fix = lag.chart.entry, lag.release.version.removeprefix("v"), _fix(lag)
    held = f" {lag.held}." if lag.held else ""
    return finding(
        RULE,
        lag.chart,
        title=f"{entry.name} {lag.current} is {_distance(lag)} behind {newest}",
        message=f"{_state(lag)}; {newest} is out{_since(lag.release)}.{held} {_remedy(lag, fix)}",
        latest=newest,
        minutes=lag.minutes,
        severity=lag.severity,
        fix=fix,
        details={
            "declared": entry.value,
            "locked": entry.locked_version,
            "latest": newest,
            "step": lag.step,
            "majors": lag.majors,
            "released": lag.release.published.isoformat() if lag.release.published else None,
            "held_back": lag.held or None,
        },
    )


def _distance(lag: _Lag) -> str:
    if lag.step != "major":
        return f"a {lag.step} release"
    return "a major line" if lag.majors == 1 else f"{lag.majors} major lines"


def _state(lag: _Lag) -> str:
    entry = lag.chart.entry
    if entry.locked_version:
        declared = f" (declared as {entry.value})" if entry.value else ""
        return f"The chart {entry.name} is locked at {lag.current}{declared}"
    if entry.version:
        return f"The chart {entry.name} is pinned at {lag.current}"
    return f"The chart {entry.name} is limited to {entry.value}, whose newest release is {lag.current}"


def _since(release: Release) -> str:
    return f" since {release.published.isoformat()}" if release.published else ""


def _remedy(lag: _Lag, fix: Fix) -> str:
    if lag.is_only_locked:
        return "Run helm dependency update and commit the lock."
    return f"Change it to {fix.to}." if fix.to else f"Move to {lag.release.version} by hand."


def _fix(lag: _Lag) -> Fix:
    entry, newest = lag.chart.entry, lag.release.version
    # Below 1.0 a step of the second number may break, as a major step may.
    safe = lag.step == "patch" or (lag.step == "minor" and not lag.current.startswith("0."))
    if lag.is_only_locked:
        return Fix(available=True, to=newest, safe=safe)
    to = SCHEME.rewrite(entry.value, newest) if entry.value else None
    return Fix(available=to is not None, to=to, safe=safe and to is not None)
