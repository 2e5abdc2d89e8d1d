"""A requirement whose version in use is behind the newest release that fits the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from analyzers.checks.dependencies._candidates import Choice, Policy, choose, policy
from analyzers.checks.dependencies._rows import Row, finding, rows, unknown, worst
from analyzers.checks.dependencies._runtimes import Support
from analyzers.model.distance import Distance
from analyzers.model.facts import Release, Unknown
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Scalar, Severity
from analyzers.model.limits import BOUNDS
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.upstream.catalogue import Catalogue

RULE = Rule(
    id="outdated-dependency",
    group="dependencies",
    title="A newer release of a dependency is out",
    what=(
        "Compares the version in use (from the lockfile, else the version that the requirement pins, else what its "
        "range admits) with the newest release that fits the project: stable, neither yanked nor deprecated, old "
        "enough for minimum-release-age-days, and running on the lowest Python or Node.js that the project supports. "
        "A range that is locked at the newest release is not outdated; a range whose lock lags behind is. "
        "A range without a lock is outdated only when it keeps the newest release out."
    ),
    why=(
        "Fixes arrive in new releases only, and most projects mend security holes in their newest line alone. "
        "The longer the way, the more breaking changes come at once: three small steps a year are cheaper than one "
        "leap over three major lines in the week in which it has to be done."
    ),
    remediation=(
        "Patch and minor steps: update, run the tests, merge. Major steps: read the release notes first, and take "
        "one major line at a time where several lie between. Where the declared range already admits the release, "
        "refreshing the lockfile is enough."
    ),
    minutes=20,
    severity=Severity.LOW,
    example="requests==2.25.1",
    better="requests==2.32.5",
    sources=("pypi", "npm", "git-refs", "github-releases"),
)

_DAYS_A_YEAR: Final = 365.25
# What floats with the registry's newest release by itself.
_FLOATING: Final = frozenset({"latest"})


@dataclass(frozen=True, slots=True)
class _Lag:
    """How far ``row`` is behind. `current` is the version in use, or the newest that its range admits."""

    row: Row
    current: str
    release: Release
    distance: Distance
    libyears: float | None
    in_range: bool
    choice: Choice

    @property
    def is_locked(self) -> bool:
        """Whether the lockfile chose what is in use; a tag may be spelt otherwise there (``1.5`` for ``v1.5``)."""
        locked = self.row.dependency.locked_version
        if locked is None or locked == self.current:
            return locked is not None
        key = self.row.world.scheme.key(locked)
        return key is not None and key == self.row.world.scheme.key(self.current)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each package and file, and a note for whatever could not be looked up or judged."""
    support, judged = Support(evidence.inventory), rows(evidence)
    yield from _unknown(judged)
    found: list[Finding] = []
    for row in judged:
        outcome = _judge(evidence, support, row)
        if isinstance(outcome, Skipped):
            yield outcome
        elif outcome:
            found.append(_report(outcome))
    yield from worst(found)


def _unknown(judged: Iterable[Row]) -> Iterator[Skipped]:
    """Yield what was not found out, once a package: the other rules of this folder leave that to this one."""
    seen = set()
    for row in judged:
        if isinstance(row.answer, Unknown) and (row.key, row.question) not in seen:
            seen.add((row.key, row.question))
            yield unknown(row, row.question.source, row.answer)


def _judge(evidence: Evidence, support: Support, row: Row) -> _Lag | Skipped | None:
    offered = row.catalogue
    if offered is None:
        return None
    wanted = policy(evidence, row, support.lowest(row))
    if not offered.visible:
        return _unjudged(row, "not-found", "the registry lists no release of it on that day", look_up=True)
    is_bound = row.dependency.dependency_group in BOUNDS
    in_use = row.dependency.version if is_bound else row.in_use
    if in_use is not None:
        if offered.scheme.key(in_use) is None:
            return _unjudged(row, "unsupported-version", f"{in_use[:100]} is no version that can be compared")
        if not offered.counts_like(in_use):
            return _unjudged(row, "unsupported-version", f"no release is named like {in_use[:100]}")
        return _behind(wanted, row, offered, in_use)
    return _range(wanted, row, offered)


def _range(wanted: Policy, row: Row, offered: Catalogue) -> _Lag | Skipped | None:
    """Judge a range without a lock: it is outdated when it keeps the newest release out."""
    constraint = row.dependency.value
    if constraint is None or constraint.strip() in _FLOATING:
        return None
    if not offered.scheme.is_constraint(constraint):
        return _unjudged(row, "unsupported-version", f"{constraint[:100]!r} is no range, and nothing is locked")
    within = offered.highest_within(constraint)
    if within is None:
        return _unjudged(row, "unsupported-version", f"no release is within {constraint[:100]!r}")
    return _behind(wanted, row, offered, within.version)


def _behind(wanted: Policy, row: Row, offered: Catalogue, current: str) -> _Lag | Skipped | None:
    """Return how far ``current`` is behind; a Skipped where all that is newer is held back."""
    choice = choose(wanted, offered, current)
    if choice.release is None:
        if choice.held is None:
            return None
        return _unjudged(row, "held-back", f"{choice.held.version} is held back: {choice.reason}")
    newest = choice.release.version
    step = offered.scheme.step(current, newest)
    if step is None:
        return None
    return _Lag(
        row=row,
        current=current,
        release=choice.release,
        distance=Distance(step, max(1, offered.majors(current, newest)) if step == "major" else 0),
        libyears=_libyears(offered.find(current), choice.release),
        in_range=_admits(row.dependency.value or "", newest, offered),
        choice=choice,
    )


def _admits(declared: str, newest: str, offered: Catalogue) -> bool:
    return declared.strip() in _FLOATING or offered.scheme.satisfies(newest, declared)


def _libyears(old: Release | None, new: Release) -> float | None:
    """Return the years between two releases, never less than 0; None where a date is not known."""
    if old is None or old.published is None or new.published is None:
        return None
    return round(max(0, (new.published - old.published).days) / _DAYS_A_YEAR, 2)


def _unjudged(row: Row, reason: SkipReason, detail: str, *, look_up: bool = False) -> Skipped:
    return Skipped(
        what="look-up" if look_up else "dependency",
        path=row.dependency.place.path,
        source=row.question.source,
        reason=reason,
        detail=f"{row.dependency.name}: {detail}",
        subject=row.key if look_up else None,
    )


def _report(lag: _Lag) -> Finding:
    name, newest = lag.row.dependency.name, lag.release.version
    return finding(
        RULE,
        lag.row,
        title=f"{name} {lag.current} is {lag.distance} behind {newest}",
        message=" ".join((f"{_state(lag)}; {_newest(lag)}.", *_held(lag), _remedy(lag))),
        latest=newest,
        fix=_fix(lag),
        minutes=lag.distance.minutes,
        severity=lag.distance.severity,
        details=_details(lag),
    )


def _state(lag: _Lag) -> str:
    entry = lag.row.dependency
    if lag.current in (entry.version, entry.value):
        return f"{entry.name} is pinned at {lag.current}"
    if entry.digest and entry.digest == entry.value:
        return f"{entry.name} is pinned at {lag.current} (commit {entry.digest[:7]})"
    if lag.is_locked:
        declared = f" (declared as {entry.value})" if entry.value else ""
        return f"{entry.name} is locked at {lag.current}{declared}"
    return f"{entry.name} is limited to {entry.value}, whose newest release is {lag.current}"


def _newest(lag: _Lag) -> str:
    released = lag.release.published
    since = f" since {released.isoformat()}" if released else ""
    years = f", {lag.libyears:.1f} years of releases later" if lag.libyears and lag.libyears >= 0.05 else ""  # noqa: PLR2004 - shown as 0.1
    return f"{lag.release.version} is out{since}{years}"


def _held(lag: _Lag) -> Iterator[str]:
    if lag.choice.held:
        yield f"{lag.choice.held.version} is held back: {lag.choice.reason}."


def _remedy(lag: _Lag) -> str:
    compiled = lag.row.compiled
    if compiled:
        change = "" if lag.in_range else "Raise the requirement, then compile"
        return f"{change or 'Compile'} {compiled.path} anew (it pins the old one in line {compiled.line})."
    if lag.in_range and lag.is_locked:
        return "The declared range admits it: refresh the lockfile."
    to = _fix(lag).to
    return f"Change it to {to}." if to else f"Move to {lag.release.version} by hand."


def _fix(lag: _Lag) -> Fix:
    newest = lag.release.version
    safe = lag.distance.is_safe(lag.current)
    if lag.in_range and lag.is_locked:
        return Fix(available=True, to=newest, safe=safe)
    to = lag.row.rewritten(newest)
    return Fix(available=to is not None, to=to, safe=safe and to is not None)


def _details(lag: _Lag) -> dict[str, Scalar]:
    entry, released, held = lag.row.dependency, lag.release.published, lag.choice.held
    return {
        "declared": entry.value,
        "locked": entry.locked_version,
        "latest": lag.release.version,
        "step": lag.distance.step,
        "majors": lag.distance.majors,
        "libyears": lag.libyears,
        "released": released.isoformat() if released else None,
        "held_back": f"{held.version}: {lag.choice.reason}" if held else None,
    }
