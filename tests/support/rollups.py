"""Members of a roll-up: as few or as many as a test wants, with things that some of them share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from analyzers.model.finding import Finding
from bot.rollup import RollUp, Unscanned, roll_up
from bot.rollup_member import Member, Since, Upgrades, member_of
from bot.ruleset import grade
from bot.scorecard import Charged, Report
from tests.support.flaws import flaw
from tests.support.reports import AS_OF, HOSTILE_NAMES, SCANNED_AT, finding, sample_report

SAMPLE = sample_report()
LEFT_OUT = (
    Unscanned(name="acme/attic", state="skipped", why="it is archived, so it can only be read"),
    Unscanned(name="acme/copy", state="skipped", why="it is a fork: its upgrades come from where it was forked"),
    Unscanned(name="acme/gone", state="failed", why="GitHub says 403: the token may not read it"),
)


def charged(found: Finding, points: int = 60) -> Charged:
    """Return a finding with its price."""
    return Charged(finding=found, points=points, score_lost=1.0, fingerprint=f"{found.rule}-{found.identity}")


def report_of(*findings: Charged, score: float = 70.0, **changes: Any) -> Report:  # noqa: ANN401
    """Return a report with these findings and this score."""
    card = replace(SAMPLE.scorecard, score=score, low=max(0.0, score - 6), grade=grade(score))
    return replace(SAMPLE, findings=findings, ignored=(), skipped=(), scorecard=card, **changes)


def member(name: str, score: float = 70.0, *findings: Charged, **changes: Any) -> Member:  # noqa: ANN401
    """Return a repository of an organisation."""
    made = member_of(report_of(*findings, score=score), name=f"acme/{name}", url=f"https://github.com/acme/{name}")
    return replace(made, **changes)


def organisation(count: int = 50) -> RollUp:
    """Return an organisation in which everything that can be shown is there, hostile names among it."""
    return roll_up(_members(count), LEFT_OUT, owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF)


def _members(count: int) -> Iterator[Member]:
    for number in range(count):
        score = round(100 - (number * 37 % 97) - number / 7, 1) if number % 9 else 93.4
        made = member(_name(number), max(3.0, score), *_findings(number))
        before = score + (number * 13 % 17) - 8
        since = Since(day=AS_OF - timedelta(28 + number % 5), score=before, grade=grade(before))
        yield replace(
            made,
            points=number * 173 % 2900,
            minutes=number * 131 % 2300,
            libyears=round(number * 1.7, 1),
            unknown=number % 4 if number % 3 else 0,
            since=since if number % 6 and 0 <= before <= 100 else None,
            upgrades=Upgrades(open=number % 4, waiting=number % 7, ignored=number % 2, stuck=number % 3 // 2),
            unjudged="Nothing could be judged, so there is no grade." if number % 23 == 22 else "",
            failed=("The permission Issues is missing: no dashboard.",) if number % 17 == 3 else (),
        )


def _name(number: int) -> str:
    words = ("shop", "billing", "web-frontend", "search", "a-service-with-a-rather-long-name-for-the-mobile-apps")
    hostile = HOSTILE_NAMES[number % len(HOSTILE_NAMES)] if number % 11 == 10 else ""
    return hostile or f"{words[number % len(words)]}-{number:02d}"


def _findings(number: int) -> Iterator[Charged]:
    if number % 2:
        yield _of("outdated-dependency", "requests", f"2.{number % 5}.0", "2.32.5", 40)
    if number % 3:
        yield _of("outdated-action", "actions/checkout", f"v{number % 3 + 1}", "v6", 30, ecosystem="githubactions")
    if number % 4 == 1:
        unsafe = _of("vulnerable-dependency", "jinja2", "2.11", "3.1.6", 240)
        yield replace(unsafe, finding=replace(unsafe.finding, flaws=(flaw("CVE-2024-1"),)))
    if number % 5 < 3:
        day, cycle = ("2024-10-07", "3.8") if number % 5 else ("2027-04-30", "3.10")
        details = {"end_of_life": day, "product": "python", "cycle": cycle}
        yield _of("end-of-life-base-image", "python", cycle, "3.14", 480, ecosystem="docker", details=details)
    if number % 11 == 10:
        yield _of("outdated-dependency", "<img src=x>|`@all`", "1\u202e", "2", 20)


def _of(rule: str, name: str, current: str, latest: str, points: int, **more: Any) -> Charged:  # noqa: ANN401
    return charged(finding(rule, "dependencies", name, current=current, latest=latest, **more), points)
