"""What posts say, made by hand: a shop as it is on an ordinary Monday, a hostile one, a huge one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from analyzers.model.finding import Severity
from analyzers.model.skipped import Skipped, SkipReason
from bot.change import Change
from bot.change_items import Item, Part
from bot.ends import ends_of
from bot.posts.model import EndLine, Told, UpgradeLine, Urls
from bot.posts.told import end_lines
from bot.scorecard import BestFix, Report
from bot.store.model import Entry
from tests.support.reports import AS_OF, sample_report

WEB = "https://github.com/example/shop"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def told(report: Report | None = None, **changes: Any) -> Told:  # noqa: ANN401 - members of the value
    """Return what is told of the sample report, with nothing beside it."""
    shown = replace(report or sample_report(), change=changes.pop("change", None))
    made = Told(
        repo="example/shop",
        commit=COMMIT,
        branch="main",
        as_of=AS_OF,
        report=shown,
        ends=end_lines(ends_of(shown)),
        urls=Urls(repository=WEB),
    )
    return replace(made, **changes)


def line(name: str = "requests", **changes: Any) -> UpgradeLine:  # noqa: ANN401 - members of the value
    """Return an upgrade that waits; one that is open or was closed has a number."""
    made = UpgradeLine(id=f"pypi-{name}-2", title=f"Update {name} from 1.4 to 2.1", state="waiting")
    number = changes.get("number", 0)
    return replace(made, url=f"{WEB}/pull/{number}" if number else "", **changes)


def entry(**changes: Any) -> Entry:  # noqa: ANN401 - members of the value
    """Return an earlier scan."""
    made = Entry(
        id="0123456789abcdef",
        commit="f" * 40,
        branch="main",
        as_of=date(2026, 11, 15),
        ruleset="1",
        version="0.1.0",
        score=60.0,
        low=50.0,
        high=62.0,
        grade="C",
        points=1600,
        unknown=0,
        size=1.0,
        effort_minutes=1200,
        libyears=3.0,
        groups=(),
        findings={Severity.MEDIUM: 4},
        facts="",
        config="",
    )
    return replace(made, **changes)


def item(part: Part, title: str, score: float) -> Item:
    """Return one cause of a change."""
    return Item(part=part, how="went" if score > 0 else "came", title=title, points=round(-60 * score), score=score)


def change(own: float, world: float, rules: float, *items: Item, **changes: Any) -> Change:  # noqa: ANN401 - members of the value
    """Return a change from 60 of so much."""
    made = Change(
        since=entry(),
        score_before=60.0,
        score_after=round(60.0 + own + world + rules, 4),
        grade_before="C",
        grade_after="C",
        points_before=1600,
        points_after=1500,
        own=own,
        world=world,
        rules=rules,
        items=items,
    )
    return replace(made, **changes)


def monday() -> Told:
    """Return an ordinary week's: a bit of everything."""
    items = (
        item("own", "requests 2.19.0 is behind 2.32.5", 2.5),
        item("own", "Checkout.step_3 is complex and changes often", -0.4),
        item("world", "PostgreSQL 14 ended on 2026-11-12", -1.25),
    )
    limit = "3 pull requests were opened in the last seven days"
    return told(
        change=change(2.1, -1.25, 0.0, *items),
        entries=(entry(),),
        upgrades=(
            line("requests", state="open", number=12, security=True),
            line("flask", state="open", number=14),
            line("celery", state="open", number=15, touched=True, why="somebody else's commits are on the branch"),
            line("poetry", state="open", number=16, draft=True, why="poetry.lock could not be made anew"),
            *(line(f"package-{index}", why=limit, until=date(2026, 11, 25)) for index in range(7)),
            line("django", why="majors wait for a tick"),
            line("actions/checkout", why="the permission Workflows is missing", manual=True),
            line("numpy", state="stuck", why="breaks the checks: test (3.11), test (3.12)"),
            line("six", state="ignored", by="debtscan.toml", why="goes with Python 2", until=date(2027, 1, 31)),
            line("attrs", state="ignored", number=9, by="ada", why="closed the pull request"),
        ),
        notes=("The permission Workflows is missing: updates of files in .github/workflows are left out.",),
    )


def hostile(text: str) -> Told:
    """Return one in which every name, reason and path is ``text``."""
    report = sample_report()
    finding = replace(report.findings[0].finding, title=text, path=text or "x", message=text)
    skipped = Skipped(what="file", path=text, source=text, reason="unreadable", detail=text)
    best = BestFix(title=text, fingerprints=(), points=10, minutes=5, score_won=0.04, score_after=50.0, grade_after="D")
    shown = replace(
        report,
        findings=(replace(report.findings[0], finding=finding),),
        skipped=(skipped,),
        scorecard=replace(report.scorecard, best=(best,)),
    )
    states: Iterable[dict[str, Any]] = (
        {"state": "open", "number": 3},
        {"state": "waiting"},
        {"state": "stuck"},
        {"state": "ignored", "number": 4},
        {"state": "ignored"},
    )
    lines = tuple(line(id=text, title=text, why=text, by=text, until=date(2027, 1, 1), **state) for state in states)
    return told(
        shown,
        branch=text,
        change=change(1.0, 0.0, 0.0, item("own", text, 1.0), unsplit=""),
        upgrades=lines,
        ends=(EndLine(day=date(2027, 1, 1), what=text, where=text, more=2),),
        notes=(text,),
    )


def huge(count: int, text: str = "package") -> Told:
    """Return one with ``count`` of everything, all of it called ``text``."""
    states = ("open", "waiting", "stuck", "ignored")
    lines = tuple(
        line(
            f"{text}-{index}",
            id=f"pypi-{index}-2",
            state=states[(index - 1) % 4],
            number=index if index % 4 in {0, 1} else 0,
            why=text,
        )
        for index in range(1, count + 1)
    )
    day = date(2027, 1, 1)
    reasons: tuple[SkipReason, ...] = ("unreadable", "too-large", "binary", "vendored", "time-out", "offline")
    skipped = tuple(
        Skipped(what="file", path=f"{text}-{index}", reason=reasons[index % len(reasons)], detail=text)
        for index in range(count)
    )
    report = sample_report()
    shown = replace(report, findings=report.findings * (count // 50 + 1), skipped=skipped)
    return told(
        shown,
        upgrades=lines,
        ends=tuple(EndLine(day=day, what=f"{text} {index}", where=text) for index in range(count)),
        change=change(1.0, 0.0, 0.0, *(item("own", f"{text} {index}", 1.0) for index in range(count))),
        notes=(text,) * count,
    )
