"""The Terraform providers that the rules of this folder judge, with what their registry says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM, provider
from analyzers.model.facts import Answer, Known, Package, Question, Release
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Scalar, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.subject import SubjectKey
from analyzers.versions.terraform import PROVIDERS as SCHEME


@dataclass(frozen=True)
class Provider:
    """One place that requires a provider, and what is known of it."""

    entry: Dependency
    question: Question
    answer: Answer
    evidence: Evidence

    @property
    def key(self) -> SubjectKey:
        """The subject: all places that require a provider are one."""
        return SubjectKey(ECOSYSTEM.name, ECOSYSTEM.normalise(self.entry.name))

    @cached_property
    def releases(self) -> list[Release]:
        """What existed on the day of judgement, lowest first; releases without a date exist on the day of asking."""
        package = self.answer.value if isinstance(self.answer, Known) else None
        listed = package.releases if isinstance(package, Package) else ()
        keyed = [
            (key, release)
            for release in listed
            if (key := SCHEME.key(release.version)) is not None and self._existed(release)
        ]
        return [release for _, release in sorted(keyed, key=lambda pair: pair[0])]

    def _existed(self, release: Release) -> bool:
        if release.published:
            return release.published <= self.evidence.as_of
        return self.evidence.as_of >= self.evidence.facts.looked_up

    @cached_property
    def in_use(self) -> str | None:
        """The exact version in use, else the newest that the constraint admits; None where neither is known."""
        exact = self.entry.locked_version or self.entry.version
        if exact or not self.entry.value:
            return exact
        admitted = (one for one in reversed(self.releases) if SCHEME.satisfies(one.version, self.entry.value))
        return next((one.version for one in admitted), None)

    def newer(self) -> tuple[Release | None, Release | None]:
        """Return the newest release above the one in use that may be taken, and a newer one that is too young."""
        current = self.in_use or ""
        above = [one for one in self.releases if SCHEME.step(current, one.version)]
        stable = [one for one in above if SCHEME.is_stable(one.version)]
        if not stable and not SCHEME.is_stable(current):
            # Who is on a prerelease gets the next one, while nothing stable is newer.
            stable = above
        settled = [one for one in stable if not self._is_young(one)]
        newest = settled[-1] if settled else None
        return newest, stable[-1] if stable and stable[-1] is not newest else None

    def _is_young(self, release: Release) -> bool:
        least = timedelta(days=self.evidence.config.dependencies.minimum_release_age_days)
        return release.published is not None and self.evidence.as_of - release.published < least

    def majors(self, old: str, new: str) -> int:
        """Return how many major lines were released on the way from ``old`` to ``new``."""
        later = [
            one.version for one in self.releases if SCHEME.is_stable(one.version) and SCHEME.step(old, one.version)
        ]
        return len({line for line in map(major, later) if major(old) < line <= major(new)})


def major(version: str) -> int:
    """Return the first number of a version."""
    return int(version.removeprefix("v").partition(".")[0].partition("-")[0])


def providers(evidence: Evidence) -> Iterator[Provider]:
    """Yield every place that requires a provider and can be judged, in the inventory's order."""
    for entry in evidence.inventory.dependencies:
        question = provider(entry)
        if question:
            yield Provider(entry, question, evidence.facts.get(question), evidence)


def skipped(found: Provider, reason: SkipReason, detail: str, *, look_up: bool) -> Skipped:
    """Return the note that a provider could not be looked up, or not be judged."""
    return Skipped(
        what="look-up" if look_up else "dependency",
        path=found.entry.place.path,
        source=found.question.source,
        reason=reason,
        detail=f"{found.entry.name}: {detail}",
        subject=found.key if look_up else None,
    )


def finding(
    rule: Rule,
    found: Provider,
    *,
    title: str,
    message: str,
    latest: str | None = None,
    minutes: int | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return a finding at the place that requires the provider."""
    entry = found.entry
    return Finding(
        rule=rule.id,
        group=rule.group,
        severity=severity or rule.severity,
        confidence=Confidence.HIGH,
        title=title,
        message=message,
        path=entry.place.path,
        line=entry.place.line,
        end_line=entry.place.line,
        column=entry.place.column,
        subject=Subject(
            ecosystem=entry.ecosystem,
            name=entry.name,
            current=found.in_use or entry.value,
            latest=latest,
            purl=entry.purl or None,
        ),
        key=found.key,
        minutes=rule.minutes if minutes is None else minutes,
        exposure=1.0,
        identity=f"{found.key.name}|{entry.kind}",
        fix=fix or Fix(),
        details=details or {},
    )
