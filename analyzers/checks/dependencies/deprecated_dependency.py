"""A package, or the version of it in use, that its publisher calls deprecated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.checks.dependencies._candidates import nearest, policy
from analyzers.checks.dependencies._rows import Row, finding, is_dated, not_dated, rows, worst
from analyzers.checks.dependencies._runtimes import Support
from analyzers.model.exposure import DEVELOPMENT, is_development
from analyzers.model.finding import Evidence, Finding, Rule, Severity, Subject
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="deprecated-dependency",
    group="dependencies",
    title="A dependency is deprecated",
    what=(
        "Reports a package that its publisher has marked as deprecated in the registry, a deprecated version in use "
        "of a package that goes on, and packages further down that npm noted as deprecated in the lockfile. "
        "A version or an indirect package costs what a small update costs; a package you require yourself has to be "
        "replaced."
    ),
    why=(
        "The publisher says so in public: this will not be mended any more, and often names what to use instead. "
        "What was announced today breaks without further notice later."
    ),
    remediation=(
        "Follow the note: it usually names the successor. For a deprecated version move to a supported one; for an "
        "indirect package update what brings it in (npm ls NAME and similar commands show it)."
    ),
    minutes=240,
    severity=Severity.MEDIUM,
    example='"request": "^2.88.2"',
    better='"undici": "^7.16.0"',
    sources=("npm", "pypi"),
)

# A version of a living package, or one that something else brings in: an update, not a replacement.
_UPDATE_MINUTES: Final = 20


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield what registries call deprecated (on a past date only a note), and what lockfiles do."""
    yield from _in_lockfiles(evidence)
    judged = rows(evidence)
    if not is_dated(evidence):
        yield from not_dated(RULE, judged, "a package has been deprecated")
        return
    support = Support(evidence.inventory)
    yield from worst(found for row in judged if (found := _judge(evidence, support, row)))


def _judge(evidence: Evidence, support: Support, row: Row) -> Finding | None:
    offered = row.catalogue
    if offered is None:
        return None
    if offered.package.status == "deprecated":
        return _whole_package(row, offered.package.status_reason)
    release = offered.find(row.installed)
    if release is None or release.deprecated is None:
        return None
    chosen = nearest(policy(evidence, row, support.lowest(row)), offered, release.version)
    return _version(row, release.version, release.deprecated, chosen.version if chosen else None)


def _whole_package(row: Row, note: str) -> Finding:
    name = row.dependency.name
    return finding(
        RULE,
        row,
        title=f"{name} is deprecated",
        message=f"{name} is deprecated.{_said(note)} Replace it.",
        details={"note": _one_line(note) or None},
    )


def _version(row: Row, version: str, note: str, latest: str | None) -> Finding:
    name = row.dependency.name
    remedy = f"Move to {latest}." if latest else "No newer release fits this project: replace it."
    return finding(
        RULE,
        row,
        title=f"{name} {version} is deprecated",
        message=f"{name} {version} is deprecated, the package is not.{_said(note)} {remedy}",
        latest=latest,
        minutes=_UPDATE_MINUTES if latest else RULE.minutes,
        severity=Severity.LOW if latest else RULE.severity,
        details={"note": _one_line(note) or None},
    )


def _in_lockfiles(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each indirect package and lockfile; its dates are those of the file itself."""
    installed: dict[tuple[Place, str], Dependency] = {
        (row.place, row.name): row for row in evidence.inventory.dependencies if not row.direct
    }
    seen: set[tuple[str, str]] = set()
    for noted in evidence.inventory.observations:
        row = installed.get((noted.place, noted.name))
        if noted.kind != "npm-lock-deprecation" or row is None or row.skip_reason:
            continue
        if (noted.place.path, noted.name) not in seen:
            seen.add((noted.place.path, noted.name))
            yield _indirect(noted, row)


def _indirect(noted: Observation, row: Dependency) -> Finding:
    version = row.locked_version or ""
    return RULE.finding(
        noted.place,
        severity=Severity.LOW,
        title=f"{noted.name} {version} is deprecated",
        message=(
            f"{noted.name} {version} is deprecated, and something you require brings it in.{_said(noted.text)} "
            f"Update what requires it (npm ls {noted.name} shows that)."
        ),
        subject=Subject(ecosystem="npm", name=noted.name, current=version or None, purl=row.purl or None),
        key=SubjectKey("npm", noted.name),
        minutes=_UPDATE_MINUTES,
        exposure=DEVELOPMENT if is_development(row) else 1.0,
        identity=f"npm:{noted.name}|indirect",
        details={"note": _one_line(noted.text) or None, "direct": False},
    )


def _said(note: str) -> str:
    shown = _one_line(note)
    return f" Its publisher says: {shown.rstrip('.')}." if shown else ""


def _one_line(note: str) -> str:
    return " ".join(note.split())[:300]
