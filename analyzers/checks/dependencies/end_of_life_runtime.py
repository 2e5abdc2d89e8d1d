"""A Python or Node.js that the project runs on, or promises to support, after its end of life."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from analyzers.checks.dependencies._cycles import Lines, admitted, has_ended, is_floating, recommended
from analyzers.checks.dependencies._rows import worlds
from analyzers.checks.dependencies._runtimes import RUNTIMES, Runtime
from analyzers.model.exposure import past_end
from analyzers.model.facts import Cycle, Known, Lifecycle, Question, Unknown
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Severity, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="end-of-life-runtime",
    group="dependencies",
    title="The Python or Node.js of the project has ended",
    what=(
        "Judges the Python or Node.js that .python-version, .nvmrc, .node-version, Volta and engines name, and the "
        "range that requires-python or engines admits, against the published ends of support. A version in use that "
        "has ended, and a range in which every line has ended, weigh fully; a range that merely still admits an "
        "ended line is a promise of support and weighs little. An end within ending-days is announced."
    ),
    why=(
        "After its last supported day a runtime gets no security fixes any more, and packages drop it one after the "
        "other: the newest releases of what you use will not install. Supporting an ended line keeps your own code "
        "from using what came after it."
    ),
    remediation=(
        "Move the version in use to a line that lives long enough, run the tests on it, and raise the lower bound of "
        "the range once nobody needs the ended line."
    ),
    minutes=120,
    severity=Severity.HIGH,
    example='.nvmrc: 16\nrequires-python = ">=3.8"',
    better='.nvmrc: 24\nrequires-python = ">=3.11"',
    sources=("lifecycle",),
)

_LOWER: Final = re.compile(r"(>=[ \t]*)[0-9]+(?:\.[0-9]+){0,2}")
_PLAIN: Final = re.compile(r"(v?)([0-9]+(?:\.[0-9]+){0,2})")
# Half the weight of what runs: nothing has to run on the lowest line that a range admits.
_SUPPORT_ONLY: Final = 0.5
# Files in which people write the version that they run, not a range that they support.
_VERSION_FILES: Final = frozenset({"python-version", "nvmrc", "node-version", "volta"})


@dataclass(frozen=True, slots=True)
class _Stated:
    """A version or range of a runtime, as a file states it. `first` is False below the first line of its file."""

    entry: Dependency
    runtime: Runtime
    lifecycle: Lifecycle
    value: str
    first: bool

    @property
    def key(self) -> SubjectKey:
        return SubjectKey("generic", self.runtime.name)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each ended (or soon ending) runtime, and a note for what could not be judged."""
    noted: set[SubjectKey] = set()
    files: set[tuple[str, str]] = set()
    for entry in evidence.inventory.dependencies:
        runtime = RUNTIMES.get(entry.name) if entry.ecosystem == "generic" else None
        if runtime is None or entry.skip_reason or not entry.value or is_floating(entry.value):
            continue
        first = (entry.place.path, entry.kind) not in files
        files.add((entry.place.path, entry.kind))
        answer = evidence.facts.get(Question("lifecycle", runtime.product))
        key = SubjectKey("generic", runtime.name)
        if key not in noted:
            noted.add(key)
            yield from _source(entry, key, answer)
        if isinstance(answer, Known) and isinstance(answer.value, Lifecycle):
            yield from _judge(evidence, _Stated(entry, runtime, answer.value, entry.value, first))


def _source(entry: Dependency, key: SubjectKey, answer: Known | Unknown) -> Iterator[Skipped]:
    """Yield a note where the answer is none, or comes from the bundled table."""
    if isinstance(answer, Unknown):
        detail = f"{entry.name}: {answer.detail or answer.reason}"
        yield Skipped(
            what="look-up",
            path=entry.place.path,
            source="lifecycle",
            reason=answer.reason,
            detail=detail,
            subject=key,
        )
    elif answer.bundled and isinstance(answer.value, Lifecycle):
        yield Skipped(
            what="look-up",
            path=entry.place.path,
            source="endoflife",
            reason="bundled-table",
            detail=f"{entry.name} is judged by the bundled table of {answer.value.table_date.isoformat()}",
            subject=key,
        )


def _judge(evidence: Evidence, stated: _Stated) -> Iterator[Finding | Skipped]:
    world = worlds().get(stated.runtime.ecosystem)
    lines = admitted(world.scheme, stated.value, stated.lifecycle, evidence.as_of) if world else None
    if lines is None:
        yield _unknown(stated, "unsupported-version", "is no version and no range that can be read")
    elif not lines.admitted:
        yield _unknown(stated, "unknown-cycle", f"names no line of {stated.runtime.title} that the table knows")
    else:
        yield from _judge_lines(evidence, stated, lines)


def _judge_lines(evidence: Evidence, stated: _Stated, lines: Lines) -> Iterator[Finding]:
    as_of = evidence.as_of
    ended = [cycle for cycle in lines.admitted if has_ended(cycle, stated.lifecycle, as_of)]
    newest, lowest = lines.admitted[0], min(lines.admitted, key=_number)
    runs_on_it = stated.first or stated.entry.kind not in _VERSION_FILES
    if len(ended) == len(lines.admitted):
        last = max(ended, key=lambda cycle: (cycle.end or date.min, _number(cycle)))
        yield _ended(stated, last, as_of) if runs_on_it else _promised(stated, last, as_of)
    elif len(lines.admitted) == 1:
        if newest.end and (newest.end - as_of).days <= evidence.config.dependencies.ending_days:
            yield _ending(stated, newest, newest.end, as_of)
    elif lines.is_bounded and lowest in ended:
        yield _promised(stated, lowest, as_of)


def _ended(stated: _Stated, cycle: Cycle, as_of: date) -> Finding:
    line = f"{stated.runtime.title} {cycle.name}"
    days = f" ({(as_of - cycle.end).days} days ago)" if cycle.end else ""
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"{line} ended{_on(cycle)}",
        message=f"{_place(stated)} names {stated.value}, and {line} ended{_on(cycle)}{days}. {_remedy(stated, as_of)}",
        severity=Severity.HIGH,
        exposure=past_end(cycle.end, as_of) if cycle.end else 1.0,
    )


def _ending(stated: _Stated, cycle: Cycle, end: date, as_of: date) -> Finding:
    line, days = f"{stated.runtime.title} {cycle.name}", (end - as_of).days
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"{line} ends on {end.isoformat()}",
        message=(
            f"{_place(stated)} names {stated.value}, and {line} ends on {end.isoformat()}, in {days} days. "
            f"{_remedy(stated, as_of)}"
        ),
        severity=Severity.MEDIUM,
        exposure=past_end(end, as_of),
    )


def _promised(stated: _Stated, cycle: Cycle, as_of: date) -> Finding:
    line = f"{stated.runtime.title} {cycle.name}"
    how = "take the line out" if stated.entry.kind in _VERSION_FILES else "raise the lower bound"
    return _finding(
        stated,
        cycle,
        as_of,
        title=f"Still supports {line}, which ended{_on(cycle)}",
        message=(
            f"{_place(stated)} states {stated.value} and so still promises to support {line}, which ended"
            f"{_on(cycle)}. Drop it once nobody needs it: {how}."
        ),
        severity=Severity.LOW,
        exposure=_SUPPORT_ONLY,
        confidence=Confidence.MEDIUM,
    )


def _finding(
    stated: _Stated,
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
    return Finding(
        rule=RULE.id,
        group="dependencies",
        severity=severity,
        confidence=confidence,
        title=title,
        message=message,
        path=entry.place.path,
        line=entry.place.line,
        end_line=entry.place.line,
        column=entry.place.column,
        subject=Subject(
            ecosystem="generic",
            name=stated.runtime.name,
            current=stated.value,
            latest=target.name if target else None,
            purl=entry.purl or None,
        ),
        key=stated.key,
        minutes=RULE.minutes,
        exposure=exposure,
        identity=f"{stated.runtime.name}|{entry.kind}|{cycle.name}",
        fix=Fix(available=to is not None, to=to),
        details={"cycle": cycle.name, "end_of_life": cycle.end.isoformat() if cycle.end else None},
    )


def _target(stated: _Stated, as_of: date) -> Cycle | None:
    return recommended(stated.lifecycle, as_of)


def _remedy(stated: _Stated, as_of: date) -> str:
    target = _target(stated, as_of)
    lives = f", supported until {target.end.isoformat()}" if target and target.end else ""
    return f"Move to {stated.runtime.title} {target.name}{lives}." if target else "Move to a supported line."


def _rewritten(stated: _Stated, as_of: date) -> str | None:
    """Return what would stand there instead: the target in the precision of a plain version, a raised lower bound."""
    if not stated.first and stated.entry.kind in _VERSION_FILES:
        return None
    target = _target(stated, as_of)
    plain, lower = _PLAIN.fullmatch(stated.value), _LOWER.fullmatch(stated.value)
    if target and plain:
        parts = plain[2].count(".") + 1
        exact = target.name if parts <= target.name.count(".") + 1 else target.latest
        return plain[1] + exact if exact else None
    if lower:
        living = [one for one in stated.lifecycle.cycles if one.end and one.end >= as_of and _is_out(one, as_of)]
        return lower[1] + min(living, key=_number).name if living else None
    return None


def _is_out(cycle: Cycle, as_of: date) -> bool:
    return cycle.released is not None and cycle.released <= as_of


def _number(cycle: Cycle) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", cycle.name))


def _on(cycle: Cycle) -> str:
    return f" on {cycle.end.isoformat()}" if cycle.end else " long ago"


def _place(stated: _Stated) -> str:
    path, kind = stated.entry.place.path, stated.entry.kind
    return path if kind in _VERSION_FILES else f"{path} ({kind})"


def _unknown(stated: _Stated, reason: str, what: str) -> Skipped:
    return Skipped(
        what="dependency",
        path=stated.entry.place.path,
        source="lifecycle",
        reason="unknown-cycle" if reason == "unknown-cycle" else "unsupported-version",
        detail=f"{stated.value[:100]!r} {what}",
        subject=stated.key if reason == "unknown-cycle" else None,
    )
