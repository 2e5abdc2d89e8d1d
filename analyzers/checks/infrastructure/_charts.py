"""The Helm charts that the rules of this folder judge, with what their repository says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from analyzers.ecosystems.kubernetes.ecosystem import chart
from analyzers.model.facts import Answer, ImageTags, Known, Package, Question, Release
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Scalar, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.subject import SubjectKey
from analyzers.versions.helm import SCHEME


@dataclass(frozen=True)
class Chart:
    """One place that asks for a chart, and what is known of it."""

    entry: Dependency
    question: Question
    answer: Answer
    evidence: Evidence

    @property
    def key(self) -> SubjectKey:
        """The subject: all places that ask for a chart are one."""
        return SubjectKey(self.entry.ecosystem, self.entry.name)

    @cached_property
    def releases(self) -> list[Release]:
        """What existed on the day of judgement, lowest first; releases without a date exist on the day of asking."""
        keyed = [
            (key, release)
            for release in _listed(self.answer)
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

    @cached_property
    def release(self) -> Release | None:
        """The release in use, None where the repository does not list it."""
        wanted = SCHEME.key(self.in_use or "")
        return next((one for one in self.releases if SCHEME.key(one.version) == wanted), None)

    def newer(self) -> tuple[Release | None, str]:
        """Return the newest release above the one in use that may be taken, and why a still newer one may not."""
        current, held = self.in_use or "", ""
        for one in reversed(self._candidates(current)):
            reason = self._held_back(one)
            if not reason:
                return one, held
            held = held or f"{one.version} is held back: {reason}"
        return None, held

    def _candidates(self, current: str) -> list[Release]:
        above = [one for one in self.releases if SCHEME.step(current, one.version) and one.deprecated is None]
        stable = [one for one in above if SCHEME.is_stable(one.version)]
        # Who is on a prerelease gets the next one, while nothing stable is newer.
        return stable if stable or SCHEME.is_stable(current) else above

    def _held_back(self, release: Release) -> str:
        age = self.evidence.config.dependencies.minimum_release_age_days
        if release.published and self.evidence.as_of - release.published < timedelta(days=age):
            return f"it is younger than minimum-release-age-days ({age})"
        cluster, needs = self.evidence.config.kubernetes.version, release.runtime
        if cluster and needs and SCHEME.is_constraint(needs) and not SCHEME.satisfies(cluster, needs):
            return f"it needs Kubernetes {needs[:100]}, and [kubernetes] version is {cluster}"
        return ""

    def majors(self, old: str, new: str) -> int:
        """Return how many major lines were released on the way from ``old`` to ``new``."""
        stable = (one.version for one in self.releases if SCHEME.is_stable(one.version))
        return len({_major(version) for version in stable if _major(old) < _major(version) <= _major(new)})


def _listed(answer: Answer) -> Iterable[Release]:
    if not isinstance(answer, Known):
        return ()
    if isinstance(answer.value, ImageTags):
        # A tag cannot hold the plus sign of a version, so that Helm writes an underscore. ``1.2`` is no release.
        versions = (tag.replace("_", "+") for tag in answer.value.tags)
        return [Release(version) for version in versions if SCHEME.pinned(version)]
    return answer.value.releases if isinstance(answer.value, Package) else ()


def _major(version: str) -> int:
    return int(version.removeprefix("v").partition(".")[0].partition("-")[0].partition("+")[0])


def charts(evidence: Evidence) -> Iterator[Chart]:
    """Yield every place that asks for a chart and can be judged, in the inventory's order."""
    for entry in evidence.inventory.dependencies:
        question = chart(entry) if entry.direct else None
        if question:
            yield Chart(entry, question, evidence.facts.get(question), evidence)


def skipped(found: Chart, reason: SkipReason, detail: str, *, look_up: bool) -> Skipped:
    """Return the note that a chart could not be looked up, or not be judged."""
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
    found: Chart,
    *,
    title: str,
    message: str,
    latest: str | None = None,
    minutes: int | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return a finding at the place that asks for the chart."""
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
        identity=f"{entry.index}|{entry.name}|{entry.kind}",
        fix=fix or Fix(),
        details=details or {},
    )
