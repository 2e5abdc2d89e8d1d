"""A version in use that the registry does not have (any more)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.checks.dependencies._candidates import choose, policy
from analyzers.checks.dependencies._rows import Row, finding, is_dated, not_dated, rows, worst
from analyzers.checks.dependencies._runtimes import Support
from analyzers.model.facts import Package
from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.upstream.catalogue import Catalogue

RULE = Rule(
    id="missing-release",
    group="dependencies",
    title="A release in use does not exist in the registry",
    what=(
        "Reports a pinned or locked version that the registry does not list although it has the package: the release "
        "was deleted, the package was unpublished, or the version never existed. Requirements from another index, "
        "files that name an extra one, and local versions (1.0+cpu) are left out: theirs may be elsewhere."
    ),
    why=(
        "The next clean installation fails: a new machine, a cleared cache, the build of a hotfix. A deleted release "
        "was often deleted for a reason, malware among them; and a name that was given up can be taken by anybody."
    ),
    remediation=(
        "Find out why it is gone, then move to a release that exists and refresh the lockfile. Where the package as a "
        "whole is gone, replace it or vendor the last good copy."
    ),
    minutes=240,
    severity=Severity.HIGH,
    example='"left-pad": "1.0.99"',
    better='"left-pad": "1.3.0"',
    sources=("pypi", "npm"),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each version in use that is not there; on a past date only a note."""
    elsewhere = {seen.place.path for seen in evidence.inventory.observations if seen.kind == "extra-index"}
    judged = [row for row in rows(evidence) if row.dependency.place.path not in elsewhere]
    if not is_dated(evidence):
        yield from not_dated(RULE, judged, "a release has been missing")
        return
    support = Support(evidence.inventory)
    yield from worst(
        _report(evidence, support, row, row.catalogue)
        for row in judged
        if row.catalogue and _is_missing(row, row.catalogue.package)
    )


def _is_missing(row: Row, package: Package) -> bool:
    version = row.in_use
    if version is None or row.dependency.index or "+" in version or row.world.scheme.key(version) is None:
        return False
    if not package.releases:
        # An index that lists a package without any release may be an incomplete mirror, unless it says why.
        return bool(package.status_reason)
    # A version that no tag is written like says nothing of tags: they may hold the program's name.
    return row.release is None and bool(row.catalogue and row.catalogue.counts_like(version))


def _report(evidence: Evidence, support: Support, row: Row, offered: Catalogue) -> Finding:
    package = offered.package
    name, version = row.dependency.name, row.in_use
    chosen = choose(policy(evidence, row, support.lowest(row)), offered, None, version).release
    gone = f" ({package.status_reason[:200]})" if package.status_reason and not package.releases else ""
    remedy = f"Move to a release that exists, such as {chosen.version}." if chosen else "Replace it, or vendor it."
    found = finding(
        RULE,
        row,
        title=f"{name} {version} does not exist in the registry",
        message=(
            f"{name} {version} is {'locked' if row.dependency.locked_version else 'pinned'} here, and the registry "
            f"does not have it{gone}: the next clean installation fails. {remedy}"
        ),
        latest=chosen.version if chosen else None,
    )
    if evidence.config.addresses.get(row.question.source):
        # A mirror that the user's settings name may hold a part only.
        return replace(found, confidence=Confidence.MEDIUM)
    return found
