"""Complicated functions that people keep changing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers.checks.hotspots._growth import growth
from analyzers.model import exposure
from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity, Subject
from analyzers.model.hotspot import LEAST_MINUTES, MOST_MINUTES, minutes_of
from analyzers.model.inventory import Churn, Function, FunctionChurn, History
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

_MEDIUM_WORK = 100

RULE = Rule(
    id="complexity-hotspot",
    group="hotspots",
    title="complicated and often changed",
    what=(
        "Names functions of high cyclomatic complexity that were changed in several commits of the last months. "
        "Merges, bots, bulk commits, pure renames, tests, generated and vendored files are left out. "
        "It says how complexity grew or shrank where that is clear: it has not turned back since the end of the month "
        "that is named, and is by 3 and by a fifth more, or less, than then."
    ),
    why=(
        "Branches that nobody can hold in mind, changed again and again, are where faults come from and where every "
        "change takes longest. The same complexity in code that rests costs little."
    ),
    remediation=(
        "Write down what it does today in tests, then take whole branches out into functions with names, or replace "
        "conditions by a table. Start with the function that was changed most."
    ),
    minutes=LEAST_MINUTES,
    severity=Severity.MEDIUM,
    example="def ship(order):\n    if order.paid:\n        for item in order.items:\n            if item.stock: ...",
    better="def ship(order):\n    if order.paid:\n        send(available(order.items))",
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield one finding for each hotspot. Without history there is none, and reading has said so."""
    history = evidence.inventory.history
    if history is None:
        return
    limits = evidence.config.hotspots
    files = {churn.path: churn for churn in history.churn}
    followed = {(churn.path, churn.name, churn.line): churn for churn in history.functions}
    trends = {(trend.path, trend.name, trend.line): trend.months for trend in evidence.inventory.trends}
    for function in evidence.inventory.functions:
        if function.complexity < limits.minimum_complexity:
            continue
        churn = _churn(function, files, followed)
        if churn and churn.revisions >= limits.minimum_revisions:
            months = trends.get((function.path, function.name, function.line), ())
            yield _finding(function, churn, history, growth(months, history.until))


def _churn(
    function: Function, files: Mapping[str, Churn], followed: Mapping[tuple[str, str, int], FunctionChurn]
) -> Churn | FunctionChurn | None:
    """Return what is known of the function's own changes, else of its file's."""
    own = followed.get((function.path, function.name, function.line))
    return own or files.get(function.path)


def _finding(function: Function, churn: Churn | FunctionChurn, history: History, grown: str) -> Finding:
    minutes = minutes_of(function.complexity)
    weight = exposure.revisions(churn.revisions)
    reasons = (*_reasons(function, churn, history), *([grown] if grown else []))
    return Finding(
        rule=RULE.id,
        group=RULE.group,
        severity=_severity(minutes * weight),
        # What is known of the file alone may be about its other functions.
        confidence=Confidence.HIGH if isinstance(churn, FunctionChurn) else Confidence.MEDIUM,
        title=f"{function.name} has complexity {function.complexity} and {_count(churn.revisions, 'recent change')}",
        message=(
            f"{function.name}: {', '.join(reasons)}. "
            "Cover it with tests, then take whole branches out into functions of their own."
        ),
        path=function.path,
        line=function.line,
        end_line=function.end_line,
        subject=Subject(ecosystem="function", name=function.name),
        key=SubjectKey("function", f"{function.path}::{function.name}"),
        minutes=minutes,
        exposure=weight,
        identity=function.name,
        details={
            "complexity": function.complexity,
            "lines": function.lines,
            "nesting": function.nesting,
            "parameters": function.parameters,
            "revisions": churn.revisions,
            "authors": churn.authors,
            "recent": churn.recent,
            "fixes": churn.fixes,
            "recent_fixes": churn.recent_fixes,
            "months": ",".join(map(str, churn.months)),
            "scope": "function" if isinstance(churn, FunctionChurn) else "file",
            "reasons": "; ".join(reasons),
        },
    )


def _severity(work: float) -> Severity:
    if work >= MOST_MINUTES:
        return Severity.HIGH
    return Severity.MEDIUM if work >= _MEDIUM_WORK else Severity.LOW


def _reasons(function: Function, churn: Churn | FunctionChurn, history: History) -> Iterator[str]:
    yield f"complexity {function.complexity}"
    where = "changed" if isinstance(churn, FunctionChurn) else "in a file changed"
    at_least = "" if history.complete else "at least "
    commits = _count(churn.revisions, "commit")
    people = "1 person" if churn.authors == 1 else f"{churn.authors} people"
    yield f"{where} in {at_least}{commits} by {people} in {_count(len(churn.months), 'month')}"
    if churn.recent_fixes:
        yield f"{_count(churn.recent_fixes, 'fix', 'fixes')} in the last 30 days"
    elif churn.fixes:
        yield f"{_count(churn.fixes, 'fix', 'fixes')} among them"
    if churn.recent > churn.recent_fixes:
        yield f"{_count(churn.recent, 'commit')} in the last 30 days"


def _count(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"
