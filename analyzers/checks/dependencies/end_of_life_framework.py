"""A framework line in use after its end of support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from analyzers.checks.dependencies._cycles import has_ended, recommended
from analyzers.checks.dependencies._rows import Row, finding, rows, worst
from analyzers.lifecycles.frameworks import Framework, frameworks, line_of, question
from analyzers.model.exposure import past_end
from analyzers.model.facts import Answer, Cycle, Known, Lifecycle, Unknown
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped, SkipReason

RULE = Rule(
    id="end-of-life-framework",
    group="dependencies",
    title="The line of a framework has ended",
    what=(
        "Judges the version in use of frameworks whose makers publish how long each line is supported (Django, "
        "Wagtail, Angular, Vue, Next.js, Nuxt, Electron, React Native, Bootstrap and others) against endoflife.date. "
        "A range that nothing locks is judged by the newest release that it admits. An end within ending-days is "
        "announced. Libraries of which only the newest release is maintained are left to outdated-dependency."
    ),
    why=(
        "After its last supported day a line gets no security fixes, while every hole found in the living lines is "
        "published with its fix and can be tried on yours. Extensions drop an ended line one after the other."
    ),
    remediation=(
        "Move to a line that lives long enough, one line at a time where the makers advise it, with their upgrade "
        "notes at hand. Where that takes months, plan it before the end and not after."
    ),
    minutes=120,
    severity=Severity.HIGH,
    example="django==4.1.13",
    better="django==5.2.8",
    sources=("lifecycle",),
)


@dataclass(frozen=True, slots=True)
class _Used:
    """A framework in use at a version, and the cycles of its line, newest first."""

    row: Row
    framework: Framework
    lifecycle: Lifecycle
    version: str
    line: tuple[Cycle, ...]

    @property
    def name(self) -> str:
        """The line as people call it: ``Django 4.1``, ``Vue 2``."""
        numbers = self.version.lstrip("v").split(".")[: self.framework.parts]
        return f"{self.framework.title} {'.'.join(numbers)}"

    @property
    def end(self) -> date | None:
        """The last supported day of the whole line, None where one of its cycles has none."""
        ends = [cycle.end for cycle in self.line if cycle.end]
        return max(ends) if len(ends) == len(self.line) else None


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each ended (or soon ending) line, and a note for what could not be judged."""
    found: list[Finding] = []
    noted = set()
    for row in rows(evidence):
        framework = frameworks().get((row.key.ecosystem, row.key.name))
        version = row.installed if framework else None
        if framework is None or version is None:
            continue
        answer = evidence.facts.get(question(framework))
        if row.key not in noted:
            noted.add(row.key)
            yield from _source(row, framework, answer)
        if not isinstance(answer, Known) or not isinstance(answer.value, Lifecycle):
            continue
        line = line_of(framework, answer.value, version)
        if line:
            found.extend(_judge(evidence, _Used(row, framework, answer.value, version, line)))
        else:
            detail = f"{row.dependency.name}: {version[:100]} is of no line of {framework.title} that the table knows"
            yield _note(row, "lifecycle", "unknown-cycle", detail)
    yield from worst(found)


def _source(row: Row, framework: Framework, answer: Answer) -> Iterator[Skipped]:
    """Yield a note where the answer is none, or comes from the bundled table."""
    if isinstance(answer, Unknown):
        detail = f"{framework.title}: {answer.detail or answer.reason}"
        yield _note(row, "lifecycle", answer.reason, detail)
    elif answer.bundled and isinstance(answer.value, Lifecycle):
        day = answer.value.table_date.isoformat()
        yield _note(row, "endoflife", "bundled-table", f"{framework.title} is judged by the bundled table of {day}")


def _note(row: Row, source: str, reason: SkipReason, detail: str) -> Skipped:
    return Skipped(
        what="dependency" if reason == "unknown-cycle" else "look-up",
        path=row.dependency.place.path,
        source=source,
        reason=reason,
        detail=detail,
        subject=row.key,
    )


def _judge(evidence: Evidence, used: _Used) -> Iterator[Finding]:
    as_of, end = evidence.as_of, used.end
    if all(has_ended(cycle, used.lifecycle, as_of) for cycle in used.line):
        yield _ended(used, as_of)
    elif end and end >= as_of and (end - as_of).days <= evidence.config.dependencies.ending_days:
        yield _ending(used, end, as_of)


def _ended(used: _Used, as_of: date) -> Finding:
    end = used.end
    on = f" on {end.isoformat()}" if end else " long ago"
    days = f" ({(as_of - end).days} days ago)" if end else ""
    weight = past_end(end, as_of) if end else 1.0
    message = f"{_state(used)}, and {used.name} ended{on}{days}. {_remedy(used, as_of)}"
    return _finding(used, as_of, f"{used.name} ended{on}", message, Severity.HIGH, weight)


def _ending(used: _Used, end: date, as_of: date) -> Finding:
    title = f"{used.name} ends on {end.isoformat()}"
    message = (
        f"{_state(used)}, and {used.name} ends on {end.isoformat()}, in {(end - as_of).days} days. "
        f"{_remedy(used, as_of)}"
    )
    return _finding(used, as_of, title, message, Severity.MEDIUM, past_end(end, as_of))


def _finding(used: _Used, as_of: date, title: str, message: str, severity: Severity, weight: float) -> Finding:
    target, end = recommended(used.lifecycle, as_of), used.end
    found = finding(
        RULE,
        used.row,
        title=title,
        message=message,
        latest=(target.latest or target.name) if target else None,
        severity=severity,
        details={"cycle": used.line[0].name, "end_of_life": end.isoformat() if end else None},
    )
    return replace(found, exposure=used.row.exposure * weight)


def _state(used: _Used) -> str:
    entry, version = used.row.dependency, used.version
    if entry.locked_version == version:
        return f"{entry.name} is locked at {version}"
    if entry.version == version:
        return f"{entry.name} is pinned at {version}"
    return f"{entry.name} is limited to {entry.value}, whose newest release is {version}"


def _remedy(used: _Used, as_of: date) -> str:
    target = recommended(used.lifecycle, as_of)
    if target is None:
        return f"No line of {used.framework.title} is supported any more: replace it."
    lives = f", supported until {target.end.isoformat()}" if target.end else ""
    return f"Move to {used.framework.title} {target.name}{lives}."
