"""The places that ask for a chart or a provider, with what its repository or registry says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from analyzers.model.facts import Answer, Known, Package, Release
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Scalar, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.subject import SubjectKey


def releases_of(answer: Answer) -> Iterable[Release]:
    """Return the releases that a registry lists; none where it did not say."""
    package = answer.value if isinstance(answer, Known) else None
    return package.releases if isinstance(package, Package) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What sets charts and providers apart.

    `noun` and `registry` are words for people; `refresh` is what brings a lock up to date. `question` says what to ask
    about a dependency, `listed` reads the answer, `unfit` says why a release cannot be taken ("" where it can).
    `subject` is one name for all places that ask for the same thing; `identity` is what a finding's fingerprint holds.
    """

    noun: str
    registry: str
    refresh: str
    scheme: Scheme
    question: Callable[[Dependency], Question | None]
    subject: Callable[[str], str]
    identity: Callable[[Dependency], str]
    listed: Callable[[Answer], Iterable[Release]] = releases_of
    unfit: Callable[[Evidence, Release], str] = lambda _evidence, _release: ""


@dataclass(frozen=True)
class Row:
    """One place that asks for a chart or a provider, and what is known of it."""

    kind: Kind
    dependency: Dependency
    question: Question
    answer: Answer
    evidence: Evidence

    @property
    def key(self) -> SubjectKey:
        """The subject: all places that ask for the same are one."""
        return SubjectKey(self.dependency.ecosystem, self.kind.subject(self.dependency.name))

    @cached_property
    def releases(self) -> list[Release]:
        """What existed on the day of judgement, lowest first; releases without a date exist on the day of asking."""
        keyed = [
            (key, release)
            for release in self.kind.listed(self.answer)
            if (key := self.kind.scheme.key(release.version)) is not None and self._existed(release)
        ]
        return [release for _, release in sorted(keyed, key=lambda pair: pair[0])]

    def _existed(self, release: Release) -> bool:
        if release.published:
            return release.published <= self.evidence.as_of
        return self.evidence.as_of >= self.evidence.facts.looked_up

    @cached_property
    def stable(self) -> list[Release]:
        """Those of the releases that are no prereleases."""
        return [release for release in self.releases if self.kind.scheme.is_stable(release.version)]

    @cached_property
    def in_use(self) -> str | None:
        """The exact version in use, else the newest that the constraint admits; None where neither is known."""
        exact, wanted = self.dependency.locked_version or self.dependency.version, self.dependency.value
        if exact or not wanted:
            return exact
        admitted = (one for one in reversed(self.releases) if self.kind.scheme.satisfies(one.version, wanted))
        return next((one.version for one in admitted), None)

    def newer(self) -> tuple[Release | None, str]:
        """Return the newest release above the one in use that may be taken, and why a still newer one may not."""
        held = ""
        for release in reversed(self._candidates(self.in_use or "")):
            reason = self._too_young(release) or self.kind.unfit(self.evidence, release)
            if not reason:
                return release, held
            held = held or f"{release.version} is held back: {reason}"
        return None, held

    def _candidates(self, current: str) -> list[Release]:
        scheme = self.kind.scheme
        above = [one for one in self.releases if scheme.step(current, one.version) and one.deprecated is None]
        stable = [one for one in above if scheme.is_stable(one.version)]
        # Who is on a prerelease gets the next one, while nothing stable is newer.
        return stable if stable or scheme.is_stable(current) else above

    def _too_young(self, release: Release) -> str:
        age = self.evidence.config.dependencies.minimum_release_age_days
        if release.published and self.evidence.as_of - release.published < timedelta(days=age):
            return f"it is younger than minimum-release-age-days ({age})"
        return ""

    def majors(self, old: str, new: str) -> int:
        """Return how many major lines were released on the way from ``old`` to ``new``."""
        lines = {major(release.version) for release in self.stable}
        return sum(major(old) < line <= major(new) for line in lines)


def major(version: str) -> int:
    """Return the first number of a version."""
    return int(version.removeprefix("v").partition(".")[0].partition("-")[0].partition("+")[0])


def rows(evidence: Evidence, kind: Kind) -> Iterator[Row]:
    """Yield every place of a kind that can be judged, in the inventory's order."""
    for dependency in evidence.inventory.dependencies:
        question = kind.question(dependency) if dependency.direct else None
        if question:
            yield Row(kind, dependency, question, evidence.facts.get(question), evidence)


def skipped(row: Row, reason: SkipReason, detail: str, *, look_up: bool) -> Skipped:
    """Return the note that something could not be looked up, or not be judged."""
    return Skipped(
        what="look-up" if look_up else "dependency",
        path=row.dependency.place.path,
        source=row.question.source,
        reason=reason,
        detail=f"{row.dependency.name}: {detail}",
        subject=row.key if look_up else None,
    )


def finding(
    rule: Rule,
    row: Row,
    *,
    title: str,
    message: str,
    latest: str | None = None,
    minutes: int | None = None,
    severity: Severity | None = None,
    fix: Fix | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return a finding at the place; what is not given is the rule's own."""
    entry = row.dependency
    return rule.finding(
        entry.place,
        title=title,
        message=message,
        subject=Subject(
            ecosystem=entry.ecosystem,
            name=entry.name,
            current=row.in_use or entry.value,
            latest=latest,
            purl=entry.purl or None,
        ),
        key=row.key,
        identity=row.kind.identity(entry),
        severity=severity,
        minutes=minutes,
        fix=fix,
        details=details,
    )
