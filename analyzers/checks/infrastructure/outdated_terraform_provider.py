"""A Terraform provider whose version in use is behind the newest release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analyzers.checks.infrastructure._providers import Provider, finding, providers, skipped
from analyzers.model.facts import Release, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.scheme import Step
from analyzers.model.skipped import Skipped
from analyzers.versions.terraform import PROVIDERS as SCHEME

RULE = Rule(
    id="outdated-terraform-provider",
    group="infrastructure",
    title="A newer release of a Terraform provider is out",
    what=(
        "Compares the provider's version in use (from .terraform.lock.hcl, else the version that the constraint pins, "
        "else the newest that it admits) with the newest stable release of its registry that is old enough for "
        "minimum-release-age-days. A constraint without a lock file is outdated only when it keeps the newest out."
    ),
    why=(
        "A cloud's new services, regions and security settings arrive in new releases of its provider, and old ones "
        "stop working when the cloud retires an API. Behind by several major lines, the state has to be upgraded one "
        "line at a time."
    ),
    remediation=(
        "Raise the constraint, run terraform init -upgrade and read the plan: it should change nothing. Take one major "
        "line at a time, with its upgrade guide. Commit .terraform.lock.hcl."
    ),
    minutes=20,
    severity=Severity.LOW,
    example='aws = {\n  source  = "hashicorp/aws"\n  version = "~> 3.0"\n}',
    better='aws = {\n  source  = "hashicorp/aws"\n  version = "~> 6.0"\n}',
    sources=("terraform",),
)
_MINUTES: Final = {"patch": 10, "minor": 20, "major": 120}
_FURTHER_MAJOR: Final = 60
_MOST_MINUTES: Final = 480
_MANY_MAJORS: Final = 3


@dataclass(frozen=True, slots=True)
class _Lag:
    """How far a provider is behind. `majors` is 0 within a major line."""

    provider: Provider
    current: str
    release: Release
    step: Step
    majors: int

    @property
    def is_only_locked(self) -> bool:
        """Whether the lock file alone keeps the newest release out."""
        entry = self.provider.entry
        return bool(entry.locked_version) and SCHEME.satisfies(self.release.version, entry.value or ">= 0")

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
    """Yield a finding for each provider that is behind, and a note for what could not be looked up or judged."""
    noted = set()
    for found in providers(evidence):
        outcome = _judge(found)
        if isinstance(outcome, _Lag):
            yield _report(outcome)
        elif outcome and (outcome.subject or outcome.path, outcome.detail) not in noted:
            noted.add((outcome.subject or outcome.path, outcome.detail))
            yield outcome


def _judge(found: Provider) -> _Lag | Skipped | None:
    answer = found.answer
    if isinstance(answer, Unknown):
        return skipped(found, answer.reason, answer.detail or answer.reason, look_up=True)
    if not found.releases:
        return skipped(found, "not-found", "the registry lists no release of it on that day", look_up=True)
    current = found.in_use
    if current is None or SCHEME.key(current) is None:
        return _unjudged(found)
    release, young = found.newer()
    if release is None and young:
        return skipped(found, "held-back", f"{young.version} is younger than minimum-release-age-days", look_up=False)
    step = SCHEME.step(current, release.version) if release else None
    if release is None or step is None:
        return None
    majors = max(1, found.majors(current, release.version)) if step == "major" else 0
    return _Lag(found, current, release, step, majors)


def _unjudged(found: Provider) -> Skipped | None:
    """Return why no version in use is known; a provider without any constraint is for another rule."""
    value = found.entry.value
    if value is None:
        return None
    what = "admits no release" if SCHEME.is_constraint(value) else "is no constraint"
    return skipped(found, "unsupported-version", f"{value[:100]!r} {what}", look_up=False)


def _report(lag: _Lag) -> Finding:
    entry, newest, fix = lag.provider.entry, lag.release.version, _fix(lag)
    return finding(
        RULE,
        lag.provider,
        title=f"{entry.name} {lag.current} is {_distance(lag)} behind {newest}",
        message=f"{_state(lag)}; {newest} is out{_since(lag.release)}. {_remedy(lag, fix)}",
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
        },
    )


def _distance(lag: _Lag) -> str:
    if lag.step != "major":
        return f"a {lag.step} release"
    return "a major line" if lag.majors == 1 else f"{lag.majors} major lines"


def _state(lag: _Lag) -> str:
    entry = lag.provider.entry
    if entry.locked_version:
        declared = f" (declared as {entry.value})" if entry.value else ""
        return f"The provider {entry.name} is locked at {lag.current}{declared}"
    if entry.version:
        return f"The provider {entry.name} is pinned at {lag.current}"
    return f"The provider {entry.name} is limited to {entry.value}, whose newest release is {lag.current}"


def _since(release: Release) -> str:
    return f" since {release.published.isoformat()}" if release.published else ""


def _remedy(lag: _Lag, fix: Fix) -> str:
    if lag.is_only_locked:
        return "Run terraform init -upgrade and commit the lock file."
    return f"Change it to {fix.to}." if fix.to else f"Move to {lag.release.version} by hand."


def _fix(lag: _Lag) -> Fix:
    entry, newest = lag.provider.entry, lag.release.version
    # Below 1.0 a step of the second number may break, as a major step may.
    safe = lag.step == "patch" or (lag.step == "minor" and not lag.current.startswith("0."))
    if lag.is_only_locked:
        return Fix(available=True, to=newest, safe=safe)
    to = SCHEME.rewrite(entry.value, newest) if entry.value else None
    return Fix(available=to is not None, to=to, safe=safe and to is not None)
