"""A version in use that a security advisory is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from analyzers.advisories.asked import about_package, about_version, is_covered
from analyzers.advisories.flaws import flaws, is_free, lowest_free
from analyzers.checks.dependencies._candidates import unfit
from analyzers.checks.dependencies._resolved import indirect
from analyzers.checks.dependencies._rows import Row, finding, is_dated, rows, unknown, worst
from analyzers.checks.dependencies._runtimes import Lowest, Support
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, Flaw
from analyzers.model.facts import Known, Unknown
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.upstream.catalogue import Catalogue

RULE = Rule(
    id="vulnerable-dependency",
    group="dependencies",
    title="A version in use has a known vulnerability",
    what=(
        "Reports every resolved version, direct or brought in by something else, that an advisory of OSV.dev is about "
        "(GitHub's, PyPA's, Go's and other databases; several names of one flaw count once). Withdrawn advisories "
        "do not count from the day of their withdrawal on, and one published later does not exist yet. A range that "
        "nothing locks is judged by the newest release that it admits. The version to move to is the lowest release "
        "above that is free of all advisories and runs on the project's runtime."
    ),
    why=(
        "The flaw is public, and so is the way to use it: scanners look for known holes first. Whether your code "
        "reaches it takes longer to find out than the update takes, and the answer changes with the next commit."
    ),
    remediation=(
        "Move to the version named. Where the declared range admits it, refreshing the lockfile is enough. For a "
        "package that something else brings in, refresh the lockfile or update what requires it (npm audit fix, "
        "uv lock --upgrade-package NAME). Where no version is free, replace the package or keep the input that "
        "reaches the flaw out, and write that down with an ignore."
    ),
    minutes=60,
    severity=Severity.HIGH,
    example="requests==2.30.0",
    better="requests==2.32.4",
    sources=("osv", "osv-advisories"),
)

# What something else brings in is mended by refreshing a lock.
_INDIRECT_MINUTES: Final = 20
_MOST_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class _Case:
    """One version in use with its flaws, the worst first. `known` is None where only the names of records are known."""

    row: Row
    version: str
    found: tuple[Flaw, ...]
    known: Advisories | None


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each package and file, and a note for each version that could not be judged."""
    support = Support(evidence.inventory)
    found: list[Finding] = []
    unknown = set()
    for row in chain(rows(evidence), indirect(evidence)):
        outcome = _judge(evidence, row)
        if isinstance(outcome, _Case):
            found.append(_report(evidence, support, outcome))
        elif outcome and row.key not in unknown:
            unknown.add(row.key)
            yield outcome
    yield from worst(found)


def _judge(evidence: Evidence, row: Row) -> _Case | Skipped | None:
    version = row.installed
    if version is None or not is_covered(row.world.name):
        return None
    answer = evidence.facts.get(about_version(row.world.name, row.key.name, version))
    if isinstance(answer, Unknown):
        # A range without a lock resolves to another version on a past day, which nobody asked about.
        return None if row.in_use is None and not is_dated(evidence) else unknown(row, "osv", answer)
    if not isinstance(answer.value, AdvisoryIds) or not answer.value.ids:
        return None
    ids = answer.value.ids
    documents = evidence.facts.get(about_package(row.world.name, row.key.name))
    if isinstance(documents, Known) and isinstance(documents.value, Advisories):
        return _known(evidence, row, version, documents.value, ids)
    if not is_dated(evidence):
        return unknown(row, "osv", documents if isinstance(documents, Unknown) else Unknown("not-found"))
    bare = Advisories(row.key.name, tuple(Advisory(id=name) for name in ids))
    return _Case(row, version, flaws(bare, version, row.world.scheme.key, evidence.as_of, named=ids), None)


def _known(evidence: Evidence, row: Row, version: str, documents: Advisories, ids: tuple[str, ...]) -> _Case | None:
    found = flaws(documents, version, row.world.scheme.key, evidence.as_of, named=ids)
    return _Case(row, version, found, documents) if found else None


def _report(evidence: Evidence, support: Support, case: _Case) -> Finding:
    row, entry = case.row, case.row.dependency
    fixed = _fixed(evidence, case, support.lowest(row))
    base = finding(
        RULE,
        row,
        title=_title(case),
        message=f"{_state(case)}: {_listed(case.found)}. {_remedy(case, fixed)}",
        latest=fixed,
        fix=_fix(case, fixed),
        minutes=RULE.minutes if entry.direct else _INDIRECT_MINUTES,
        severity=_severity(case.found[0]),
        details={
            "advisories": ", ".join(flaw.id for flaw in case.found),
            "aliases": ", ".join(name for flaw in case.found for name in flaw.aliases) or None,
            "score": max((flaw.score for flaw in case.found if flaw.score is not None), default=None),
            "version": case.version,
            "fixed": fixed,
            "direct": entry.direct,
        },
    )
    # Another index than the public one may serve another package under this name.
    confidence = Confidence.MEDIUM if entry.index else Confidence.HIGH
    identity = base.identity if entry.direct else f"{row.key.ecosystem}:{row.key.name}|indirect"
    subject = replace(base.subject, current=case.version)
    return replace(base, flaws=case.found, confidence=confidence, identity=identity, subject=subject)


def _title(case: _Case) -> str:
    name, count = f"{case.row.dependency.name} {case.version}", len(case.found)
    if case.found[0].malicious:
        return f"{name} is malicious"
    return f"{name} has a known vulnerability" if count == 1 else f"{name} has {count} known vulnerabilities"


def _state(case: _Case) -> str:
    entry, version = case.row.dependency, case.version
    if not entry.direct:
        return f"{entry.name} {version}, which something you require brings in, is affected"
    if entry.locked_version == version:
        return f"{entry.name} is locked at {version}, which is affected"
    if entry.version == version:
        return f"{entry.name} is pinned at {version}, which is affected"
    return f"{entry.name} is limited to {entry.value}, and {version}, the newest release of that, is affected"


def _listed(found: tuple[Flaw, ...]) -> str:
    shown = "; ".join(_shown(flaw) for flaw in found[:_MOST_SHOWN])
    more = len(found) - _MOST_SHOWN
    return f"{shown}; and {more} more" if more > 0 else shown


def _shown(flaw: Flaw) -> str:
    names = [name for name in flaw.aliases if name.startswith("GHSA-")][:1]
    level = "malicious" if flaw.malicious else flaw.level or "severity not stated"
    score = f" {flaw.score:.1f}" if flaw.score is not None else ""
    said = f": {flaw.summary.rstrip('.… ')}" if flaw.summary else ""
    return f"{flaw.id} ({', '.join([*names, level])}{score}){said}"


def _remedy(case: _Case, fixed: str | None) -> str:
    row, entry = case.row, case.row.dependency
    if case.found[0].malicious:
        return "Remove it at once, and treat machines that installed it as taken over."
    if case.known is None:
        return "The advisory's document could not be read, so the version that mends it is not known here."
    if fixed is None:
        return "No release above it is free of known vulnerabilities: replace it."
    if not entry.direct:
        return f"{fixed} is free of them: refresh the lockfile, or update what requires it."
    if _is_admitted(case, fixed):
        how = f"compile {row.compiled.path} anew" if row.compiled else "refresh the lockfile"
        return f"{fixed} is free of them, and the declared range admits it: {how}."
    to = _fix(case, fixed).to
    return f"{fixed} is free of them: " + (f"change it to {to}." if to else "move there by hand.")


def _fixed(evidence: Evidence, case: _Case, lowest: Lowest | None) -> str | None:
    """Return the lowest version above that is free of all advisories; a release that the project can run, if known."""
    known, scheme = case.known, case.row.world.scheme
    if known is None or case.found[0].malicious:
        return None
    if case.row.catalogue:
        return _lowest_release(evidence, case, case.row.catalogue, known, lowest)
    return lowest_free(known, case.version, scheme.key, evidence.as_of)


def _lowest_release(
    evidence: Evidence, case: _Case, offered: Catalogue, known: Advisories, lowest: Lowest | None
) -> str | None:
    """Return the lowest such release. Its age does not hold it back: waiting is what the flaw is for."""
    floor, scheme = offered.key(case.version), offered.scheme
    if floor is None:
        return None
    for release in offered.visible:
        version = release.version
        if offered.key(version) <= floor or release.yanked is not None or release.deprecated is not None:
            continue
        if not scheme.is_stable(version) and scheme.is_stable(case.version):
            continue
        if unfit(offered, release, lowest) is None and is_free(known, version, scheme.key, evidence.as_of):
            return version
    return None


def _fix(case: _Case, fixed: str | None) -> Fix:
    entry, scheme = case.row.dependency, case.row.world.scheme
    if fixed is None or not entry.direct:
        return Fix()
    step = scheme.step(case.version, fixed)
    safe = step == "patch" or (step == "minor" and not case.version.startswith("0."))
    if _is_admitted(case, fixed):
        return Fix(available=True, to=fixed, safe=safe)
    to = scheme.rewrite(entry.value, fixed) if entry.value else None
    return Fix(available=to is not None, to=to, safe=safe and to is not None)


def _is_admitted(case: _Case, fixed: str) -> bool:
    """Return whether only the lock keeps the fixed version out."""
    entry = case.row.dependency
    return entry.locked_version == case.version and case.row.world.scheme.satisfies(fixed, entry.value or "")


def _severity(flaw: Flaw) -> Severity:
    if flaw.malicious:
        return Severity.CRITICAL
    return Severity(flaw.level) if flaw.level else Severity.MEDIUM
