"""Which release to move to: the newest that a careful person would take, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from analyzers.checks.dependencies._rows import Row
from analyzers.checks.dependencies._runtimes import Lowest, installs_on
from analyzers.model.facts import Release
from analyzers.model.finding import Evidence
from analyzers.upstream.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a candidate has to be, beside stable and not withdrawn."""

    as_of: date
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
    return Policy(
        as_of=evidence.as_of,
        minimum_age=timedelta(days=settings.minimum_release_age_days),
        prereleases=any(row.world.normalise(name) == row.key.name for name in settings.prereleases),
        lowest=lowest,
    )


def choose(wanted: Policy, offered: Catalogue, above: str | None, like: str | None = None) -> Choice:
    """Choose among the releases newer than ``above`` (all, where it is None).

    ``like`` names a version that the chosen one has to be comparable with, where there is none above which to look.

    A prerelease is chosen for someone who is on one, while nothing stable is newer, and where the settings ask.
    """
    held, why = None, ""
    for release in _candidates(wanted, offered, above, like or above):
        reason = _held_back(wanted, offered, release)
        if reason is None:
            return Choice(release, held, why)
        if held is None:
            held, why = release, reason
    return Choice(None, held, why)


def nearest(wanted: Policy, offered: Catalogue, above: str) -> Release | None:
    """Return the newest acceptable release of the smallest step: what replaces a withdrawn one with least work."""
    found: dict[str | None, Release] = {}
    for release in _candidates(wanted, offered, above, above):
        if _held_back(wanted, offered, release) is None:
            found.setdefault(offered.scheme.step(above, release.version), release)
    return next((found[step] for step in ("patch", "minor", "major") if step in found), None)


def _candidates(wanted: Policy, offered: Catalogue, above: str | None, like: str | None) -> Iterable[Release]:
    if wanted.prereleases:
        return _newer(offered, above, like)
    stable = (release for release in _newer(offered, above, like) if offered.is_stable(release))
    if above is None or offered.scheme.is_stable(above):
        return stable
    return list(stable) or _newer(offered, above, like)


def _newer(offered: Catalogue, above: str | None, like: str | None) -> Iterator[Release]:
    """Yield what may be proposed at all, newest first: nothing withdrawn, nothing the registry does not recommend."""
    floor = None if above is None else offered.key(above)
    family = None if like is None else offered.scheme.family(like)
    recommended = offered.recommended
    if recommended is not None and floor is not None and floor > recommended:
        # The project is past what is recommended already.
        recommended = None
    for release in reversed(offered.visible):
        key = offered.key(release.version)
        if family is not None and offered.scheme.family(release.version) != family:
            continue
        if floor is not None and key <= floor:
            return
        too_new = recommended is not None and key > recommended
        withdrawn = release.yanked is not None or release.deprecated is not None
        if not too_new and not withdrawn and _local(release.version) in ("", _local(above or "")):
            yield release


def _local(version: str) -> str:
    """Return the local label: ``+cu118`` is never proposed to a user of ``+cpu``."""
    return version.partition("+")[2]


def unfit(offered: Catalogue, release: Release, lowest: Lowest | None) -> str | None:
    """Return why a release does not run on the lowest runtime that the project supports, None where it does."""
    needs, scheme = release.runtime, offered.scheme
    if lowest and needs and scheme.is_constraint(needs) and not scheme.satisfies(lowest.version, needs):
        return f"it needs {lowest.title} {needs[:100]}, and the project supports {lowest.shown}"
    if lowest and release.pythons and not installs_on(release.pythons, lowest.version):
        tags = ", ".join(release.pythons)[:100]
        return f"it has wheels for {tags} only and no source, and the project supports {lowest.title} {lowest.shown}"
    return None


def _held_back(wanted: Policy, offered: Catalogue, release: Release) -> str | None:
    """Return why a release has to wait, None where nothing holds it back."""
    reason = unfit(offered, release, wanted.lowest)
    if reason:
        return reason
    if wanted.minimum_age and release.published is None:
        return f"nobody says how old it is, and minimum-release-age-days is {wanted.minimum_age.days}"
    if release.published and wanted.as_of - release.published < wanted.minimum_age:
        days = (wanted.as_of - release.published).days
        return f"it is {days} days old, and minimum-release-age-days is {wanted.minimum_age.days}"
    return None
