"""A version or range of a runtime, as a file states it, and what is said of it when its line ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from analyzers.checks.dependencies._cycles import recommended
from analyzers.checks.dependencies._runtimes import Runtime
from analyzers.model.exposure import DEVELOPMENT, past_end
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.model.finding import Confidence, Finding, Fix, Rule, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

_LOWER: Final = re.compile(r"(>=[ \t]*)[0-9]+(?:\.[0-9]+){0,2}")
_PLAIN: Final = re.compile(r"(v?)([0-9]+(?:\.[0-9]+){0,2})((?:\.[xX*]){0,2})")
# Half the weight of what runs: nothing has to run on the lowest line that a range admits.
_SUPPORT_ONLY: Final = 0.5
# Files in which people write the version that they run, not a range that they support.
_VERSION_FILES: Final = frozenset(
    {
        *("python-version", "nvmrc", "node-version", "volta", "tool-versions", "mise"),
        *("ruby-version", "java-version", "go-version", "php-version", "perl-version", "elixir-version"),
        "exenv-version",
        "mise-lock",
    }
)
# What only builds and checks the project. A range there takes the newest that is out, and promises nothing.
SETUPS: Final = frozenset({"workflow-with", "action-with"})
_CHECKS: Final = SETUPS | {"pre-commit-language", "terraform-required-version"}
MATRIX: Final = "matrix"
NEWEST_TAKEN: Final = frozenset({"tool-versions", "mise", "mise-lock"}) | _CHECKS
# Their build numbers say more than the line, so only a bare line is rewritten.
_BARE_ONLY: Final = frozenset({"java", "dotnet"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A version or range of a runtime, as a file states it. `first` is False below the first line of its file."""

    entry: Dependency
    runtime: Runtime
    lifecycle: Lifecycle
    value: str
    first: bool
    rule: Rule

    @property
    def key(self) -> SubjectKey:
        return SubjectKey("generic", self.runtime.name)

    @property
    def shown(self) -> str:
        """What stands there, with the version that a lockfile made of it."""
        locked = self.entry.locked_version
        return f"{self.entry.value} (locked at {locked})" if locked and self.entry.value else self.value

    @property
    def written(self) -> str:
        """What an edit would change: a lockfile's version stands elsewhere."""
        return (self.entry.value or "") if self.entry.locked_version else self.value


def runs_on_it(stated: Stated) -> bool:
    """Whether this is what the project runs on, and not one of several that it also tests on."""
    if stated.entry.dependency_group == MATRIX:
        return False
    return stated.first or stated.entry.kind not in _VERSION_FILES


def _weight(stated: Stated, exposure: float) -> float:
    return exposure * DEVELOPMENT if stated.entry.kind in _CHECKS else exposure


def ended(stated: Stated, cycle: Cycle, as_of: date) -> Finding:
    line = f"{stated.runtime.title} {cycle.name}"
    days = f" ({(as_of - cycle.end).days} days ago)" if cycle.end else ""
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"{line} ended{_on(cycle)}",
        message=f"{_place(stated)} names {stated.shown}, and {line} ended{_on(cycle)}{days}. {_remedy(stated, as_of)}",
        severity=Severity.MEDIUM if stated.entry.kind in _CHECKS else Severity.HIGH,
        exposure=_weight(stated, past_end(cycle.end, as_of) if cycle.end else 1.0),
    )


def ending(stated: Stated, cycle: Cycle, end: date, as_of: date) -> Finding:
    line, days = f"{stated.runtime.title} {cycle.name}", (end - as_of).days
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"{line} ends on {end.isoformat()}",
        message=(
            f"{_place(stated)} names {stated.shown}, and {line} ends on {end.isoformat()}, in {days} days. "
            f"{_remedy(stated, as_of)}"
        ),
        severity=Severity.LOW if stated.entry.kind in _CHECKS else Severity.MEDIUM,
        exposure=_weight(stated, past_end(end, as_of)),
    )


def promised(stated: Stated, cycle: Cycle, as_of: date) -> Finding:
    line = f"{stated.runtime.title} {cycle.name}"
    in_matrix = stated.entry.dependency_group == MATRIX
    does = "tests on" if in_matrix else "supports"
    says = "tests on" if in_matrix else "promises to support"
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"Still {does} {line}, which ended{_on(cycle)}",
        message=(
            f"{_place(stated)} states {stated.shown} and so still {says} {line}, which ended"
            f"{_on(cycle)}. Drop it once nobody needs it: {_dropped(stated)}."
        ),
        severity=Severity.LOW,
        exposure=_SUPPORT_ONLY,
        confidence=Confidence.MEDIUM,
    )


def _dropped(stated: Stated) -> str:
    if stated.entry.dependency_group == MATRIX:
        return "take it out of the matrix"
    return "take the line out" if stated.entry.kind in _VERSION_FILES else "raise the lower bound"


def _finding(
    stated: Stated,
    cycle: Cycle,
    as_of: date,
    *,
    title: str,
    message: str,
    severity: Severity,
    exposure: float,
    confidence: Confidence = Confidence.HIGH,
) -> Finding:
    entry, target = stated.entry, _target(stated, as_of)
    to = _rewritten(stated, as_of)
    return stated.rule.finding(
        entry.place,
        severity=severity,
        confidence=confidence,
        title=title,
        message=message,
        subject=Subject(
            ecosystem="generic",
            name=stated.runtime.name,
            current=stated.value,
            latest=target.name if target else None,
            purl=entry.purl or None,
        ),
        key=stated.key,
        exposure=exposure,
        identity=f"{stated.runtime.name}|{entry.kind}|{cycle.name}",
        fix=Fix(available=to is not None, to=to),
        details={"cycle": cycle.name, "end_of_life": cycle.end.isoformat() if cycle.end else None},
    )


def _target(stated: Stated, as_of: date) -> Cycle | None:
    return recommended(stated.lifecycle, as_of)


def _remedy(stated: Stated, as_of: date) -> str:
    target = _target(stated, as_of)
    lives = f", supported until {target.end.isoformat()}" if target and target.end else ""
    return f"Move to {stated.runtime.title} {target.name}{lives}." if target else "Move to a supported line."


def _rewritten(stated: Stated, as_of: date) -> str | None:
    """Return what would stand there instead: the target in the precision of a plain version, a raised lower bound."""
    if not runs_on_it(stated):
        return None
    target = _target(stated, as_of)
    plain, lower = _PLAIN.fullmatch(stated.written), _LOWER.fullmatch(stated.written)
    if target and plain:
        parts = plain[2].count(".") + 1
        if parts > 1 and stated.runtime.name in _BARE_ONLY:
            return None
        if parts <= target.name.count(".") + 1:
            return plain[1] + target.name + plain[3]
        return plain[1] + target.latest if target.latest and not plain[3] else None
    if lower:
        living = [one for one in stated.lifecycle.cycles if one.end and one.end >= as_of and _is_out(one, as_of)]
        return lower[1] + min(living, key=number).name if living else None
    return None


def _is_out(cycle: Cycle, as_of: date) -> bool:
    return cycle.released is not None and cycle.released <= as_of


def number(cycle: Cycle) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", cycle.name))


def _on(cycle: Cycle) -> str:
    return f" on {cycle.end.isoformat()}" if cycle.end else " long ago"


def _place(stated: Stated) -> str:
    path, kind = stated.entry.place.path, stated.entry.kind
    return path if kind in _VERSION_FILES else f"{path} ({kind})"


def unknown(stated: Stated, reason: str, what: str) -> Skipped:
    return Skipped(
        what="dependency",
        path=stated.entry.place.path,
        source="lifecycle",
        reason="unknown-cycle" if reason == "unknown-cycle" else "unsupported-version",
        detail=f"{stated.value[:100]!r} {what}",
        subject=stated.key if reason == "unknown-cycle" else None,
    )
