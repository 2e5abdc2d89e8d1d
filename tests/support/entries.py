"""Entries of a history, with Facts that fit them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from analyzers.model.facts import Facts, Known, Package, Release
from analyzers.model.finding import Severity
from analyzers.model.question import Question
from bot.ruleset import grade
from bot.scorecard import Report
from bot.store.entries import entry_id, facts_digest
from bot.store.model import Entry, GroupEntry

CONFIG = "c" * 64


def facts_of(day: date) -> Facts:
    """Return what was known on a day: each day's are others."""
    package = Package("demo", (Release("1.0", day),))
    return Facts(looked_up=day, answers={Question("pypi", "demo"): Known(package)})


def entry_of(day: date, score: float = 75.0, *, commit: str = "a" * 40, **changes: Any) -> Entry:  # noqa: ANN401
    """Return the entry of a day, judged from `facts_of` that day."""
    digest = facts_digest(facts_of(day))
    lost = round(100 - score, 4)
    made = Entry(
        id=entry_id(commit, day.isoformat(), "1", digest, CONFIG),
        commit=commit,
        branch="main",
        as_of=day,
        ruleset="1",
        version="0.3.0",
        score=score,
        low=max(0.0, score - 5),
        high=min(100.0, score + 5),
        grade=grade(score),
        points=round(lost * 30),
        unknown=1,
        size=1.0,
        effort_minutes=round(lost * 20),
        libyears=1.5,
        groups=(
            GroupEntry(group="dependencies", score_lost=lost, findings=3, points=round(lost * 30)),
            GroupEntry(group="docker", score_lost=0.0, findings=0, points=0),
        ),
        findings={Severity.CRITICAL: 0, Severity.HIGH: 1, Severity.MEDIUM: 2, Severity.LOW: 0},
        facts=digest,
        config=CONFIG,
    )
    return replace(made, **changes)


def with_history(report: Report, weeks: int = 30) -> Report:
    """Return the report with an entry a week before it, the score going up and down by and by."""
    entries = tuple(
        entry_of(
            report.as_of - timedelta(weeks=weeks - week),
            40 + week * 0.9 + week % 5 * 1.25,
            commit=f"{week + 1:x}".ljust(40, "0"),
            ruleset="0" if week < weeks // 2 else report.ruleset,
        )
        for week in range(weeks)
    )
    return replace(report, history=entries)
