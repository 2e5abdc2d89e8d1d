"""Which release to move to: the newest that a careful person would take, and what is held back and why."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analyzers.checks.dependencies._rows import Row
from analyzers.checks.dependencies._runtimes import Lowest
from analyzers.model.facts import Package, Release
from analyzers.model.finding import Evidence
from analyzers.model.scheme import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a candidate has to be. `undated` admits releases without a date (they exist on the day of asking)."""

    scheme: Scheme
    as_of: date
    undated: bool
    minimum_age: timedelta
    prereleases: bool
    lowest: Lowest | None


@dataclass(frozen=True, slots=True)
class Choice:
    """`release` is the newest acceptable one, `held` the newest one above it that is not, with the `reason`."""

    release: Release | None = None
    held: Release | None = None
    reason: str = ""


def policy(evidence: Evidence, row: Row, lowest: Lowest | None) -> Policy:
    """Return the policy for one requirement."""
    settings = evidence.config.dependencies
    wanted = {row.world.normalise(name) for name in settings.prereleases}
    return Policy(
        scheme=row.world.scheme,
        as_of=evidence.as_of,
        undated=evidence.as_of >= evidence.facts.looked_up,
        minimum_age=timedelta(days=settings.minimum_release_age_days),
        prereleases=row.key.name in wanted,
        lowest=lowest,
    )


def visible(wanted: Policy, package: Package) -> list[Release]:
    """Return the releases that existed on that day and have a version, lowest first."""
    found = [
        release
        for release in package.releases
        if (release.published <= wanted.as_of if release.published else wanted.undated)
        and wanted.scheme.key(release.version) is not None
    ]
    return sorted(found, key=lambda release: _key(wanted.scheme, release.version))


def choose(wanted: Policy, package: Package, above: str | None) -> Choice:
    """Choose among the releases newer than ``above`` (all, where it is None).

    A prerelease is chosen for someone who is on one, while nothing stable is newer, and where the settings ask.
    """
    newer = [release for release in _offered(wanted, package, above) if _is_newer(wanted.scheme, release, above)]
    stable = [release for release in newer if wanted.scheme.is_stable(release.version)]
    if wanted.prereleases or (not stable and above is not None and not wanted.scheme.is_stable(above)):
        return _first_acceptable(wanted, newer)
    return _first_acceptable(wanted, stable)


def highest_within(wanted: Policy, package: Package, constraint: str) -> Release | None:
    """Return what an installer would take for the constraint: the highest stable release, else any."""
    fitting = [
        release
        for release in visible(wanted, package)
        if release.yanked is None and wanted.scheme.satisfies(release.version, constraint)
    ]
    stable = [release for release in fitting if wanted.scheme.is_stable(release.version)]
    return max(stable or fitting, key=lambda release: _key(wanted.scheme, release.version), default=None)


def majors(wanted: Policy, package: Package, old: str, new: str) -> int:
    """Return over how many major lines the way from ``old`` to ``new`` leads, counting those that were released."""
    scheme = wanted.scheme
    between = [
        release.version
        for release in visible(wanted, package)
        if scheme.is_stable(release.version) and _key(scheme, old) < _key(scheme, release.version) <= _key(scheme, new)
    ]
    return sum(scheme.step(before, after) == "major" for before, after in itertools.pairwise([old, *between]))


def _offered(wanted: Policy, package: Package, above: str | None) -> Iterator[Release]:
    """Yield what may be proposed at all, newest first: nothing withdrawn, nothing the registry does not recommend."""
    scheme = wanted.scheme
    recommended = scheme.key(package.newest) if package.newest else None
    if recommended is None or (above is not None and _key(scheme, above) > recommended):
        # Nothing is recommended, or the project is past it already.
        recommended = None
    for release in reversed(visible(wanted, package)):
        if release.yanked is not None or release.deprecated is not None:
            continue
        if recommended is not None and _key(scheme, release.version) > recommended:
            continue
        if _local(release.version) in ("", _local(above or "")):
            yield release


def _local(version: str) -> str:
    """Return the local label: ``+cu118`` is never proposed to a user of ``+cpu``."""
    return version.partition("+")[2]


def _is_newer(scheme: Scheme, release: Release, above: str | None) -> bool:
    return above is None or _key(scheme, release.version) > _key(scheme, above)


def _first_acceptable(wanted: Policy, newest_first: Iterable[Release]) -> Choice:
    held, why = None, ""
    for release in newest_first:
        reason = _held_back(wanted, release)
        if reason is None:
            return Choice(release, held, why)
        if held is None:
            held, why = release, reason
    return Choice(None, held, why)


def _held_back(wanted: Policy, release: Release) -> str | None:
    """Return why a release has to wait, None where nothing holds it back."""
    lowest, needs = wanted.lowest, release.runtime
    if lowest and needs and wanted.scheme.is_constraint(needs) and not wanted.scheme.satisfies(lowest.version, needs):
        return f"it needs {lowest.title} {needs[:100]}, and the project supports {lowest.shown}"
    if release.published and wanted.as_of - release.published < wanted.minimum_age:
        days = (wanted.as_of - release.published).days
        return f"it is {days} days old, and minimum-release-age-days is {wanted.minimum_age.days}"
    return None


def _key(scheme: Scheme, version: str) -> Any:  # noqa: ANN401 - the scheme's keys are opaque
    return scheme.key(version)
