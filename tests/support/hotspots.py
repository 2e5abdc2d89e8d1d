"""A report of hotspots for tests of its renderers: hostile names, growth, couplings, owners, targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analyzers.config import Config
from analyzers.model.facts import Facts
from analyzers.model.finding import Group
from analyzers.model.history import ComplexityTrend, Coupling, FolderKnowledge, Ownership
from analyzers.model.inventory import Churn, Function, FunctionChurn, History, Inventory, SourceFile
from analyzers.model.language import Branch
from analyzers.model.skipped import Skipped
from analyzers.model.target import Target
from analyzers.scan import judge
from bot.assemble import build
from bot.hotspots import HotspotReport, hotspot_report
from tests.support.reports import AS_OF, HOSTILE_NAMES, REPOSITORY, SCANNED_AT

BASE, WORKER, SHELL = "shop/app/base.py", "shop/worker/loops.py", "bin/release.sh"
ONLY: tuple[Group, ...] = ("hotspots",)
PEOPLE = ("Ada Lovelace", "Grace Hopper", "<b>Bobby</b> | [x](http://evil.example) \x1b[31m@octocat #1")
_GROWING = (None, None, 21, 21, 24, 24, 26, 31, 31, 34, 38, 41)


def sample_hotspots(*, top: int = 20) -> HotspotReport:
    """Return a report with everything that can be shown."""
    result = judge(sample_inventory(), Facts(AS_OF), Config(), as_of=AS_OF, only=ONLY)
    report = build(result, scanned_at=SCANNED_AT)
    return hotspot_report(report, top=top, targets=_targets())


def empty_hotspots() -> HotspotReport:
    """Return the report of a folder without code and without history."""
    result = judge(
        Inventory(repository=replace(REPOSITORY, commit=None, branch=None, dirty=False)),
        Facts(AS_OF),
        Config(),
        as_of=AS_OF,
    )
    return hotspot_report(build(result, scanned_at=SCANNED_AT))


def quiet_hotspots() -> HotspotReport:
    """Return the report of code that is simple: its history is known, and nothing is a hotspot."""
    inventory = sample_inventory()
    calm = tuple(replace(function, complexity=3) for function in inventory.functions)
    result = judge(replace(inventory, functions=calm, skipped=()), Facts(AS_OF), Config(), as_of=AS_OF)
    return hotspot_report(build(result, scanned_at=SCANNED_AT))


def sample_inventory() -> Inventory:
    """Return what code and history say of a made-up shop."""
    return Inventory(
        repository=REPOSITORY,
        functions=_functions(),
        history=_history(),
        trends=(
            ComplexityTrend(path=BASE, name="App.send", line=120, months=_GROWING),
            ComplexityTrend(path=WORKER, name="run", line=30, months=(28,) * 12),
        ),
        sources=tuple(
            SourceFile(path=path, language="shell" if path == SHELL else "python", lines=lines)
            for path, lines in sorted(
                [(BASE, 900), (WORKER, 400), (SHELL, 260), *((path, 90) for path in HOSTILE_NAMES)]
            )
        ),
        skipped=(
            Skipped(
                what="file",
                path="old/print.py",
                source="python",
                reason="invalid-syntax",
                detail="line 3: Missing parentheses in call to 'print'",
            ),
            Skipped(
                what="file",
                path="broken|`x`\x1b.py",
                source="python",
                reason="invalid-syntax",
                detail="line 1: \x1b]0;x\x07 unexpected",
            ),
        ),
    )


def _functions() -> tuple[Function, ...]:
    rows = [(BASE, "App.send", 120, 41, 6, 9), (WORKER, "run", 30, 28, 4, 2), (BASE, "App.send", 400, 12, 2, 1)]
    rows += [(path, f"{path[:24]}.f", 10 + index, 14 + index, 3, 1) for index, path in enumerate(HOSTILE_NAMES)]
    return tuple(
        Function(
            path=path,
            name=name,
            language="python",
            line=line,
            end_line=line + 3 * complexity,
            complexity=complexity,
            lines=2 * complexity,
            nesting=nesting,
            parameters=parameters,
        )
        for path, name, line, complexity, nesting, parameters in sorted(rows)
    )


def _history() -> History:
    months = (0, 1, 0, 2, 1, 3, 2, 2, 4, 3, 5, 7)
    changed = {BASE: 46, WORKER: 31, SHELL: 9, **dict.fromkeys(HOSTILE_NAMES, 6)}
    churn = tuple(
        Churn(
            path=path,
            revisions=revisions,
            authors=min(9, revisions // 3),
            last_changed=date(2026, 11, 1),
            recent=3,
            fixes=revisions // 5,
            recent_fixes=1,
            months=months,
        )
        for path, revisions in sorted(changed.items())
    )
    return History(
        since=date(2025, 11, 23),
        until=AS_OF,
        commits=812,
        left_out=(("bot", 120), ("bulk", 4), ("formatting", 1), ("merge", 210)),
        churn=churn,
        functions=(
            FunctionChurn(
                path=BASE,
                name="App.send",
                line=120,
                revisions=30,
                authors=7,
                last_changed=date(2026, 11, 20),
                recent=7,
                fixes=9,
                recent_fixes=3,
                months=months,
            ),
        ),
        couplings=(
            Coupling(one=BASE, other=WORKER, together=14, one_revisions=46, other_revisions=31),
            Coupling(one=BASE, other=HOSTILE_NAMES[0], together=5, one_revisions=46, other_revisions=6),
        ),
        more_couplings=1_200,
        ownership=(
            Ownership(
                path=BASE,
                main_author=PEOPLE[0],
                main_share=0.62,
                authors=23,
                gone=15,
                revisions=400,
                present_author=PEOPLE[0],
                present_share=0.62,
            ),
            Ownership(path=HOSTILE_NAMES[1], main_author=PEOPLE[2], main_share=1.0, authors=1, gone=1, revisions=8),
            Ownership(
                path=WORKER,
                main_author=PEOPLE[1],
                main_share=0.4,
                authors=5,
                gone=2,
                revisions=90,
                present_author="Linus",
                present_share=0.3,
            ),
        ),
        folders=(
            FolderKnowledge(path="", files=13, authors=40, gone=22, bus_factor=3),
            FolderKnowledge(path="shop/app", files=1, authors=23, gone=15, bus_factor=1),
        ),
    )


def _targets() -> tuple[Target, ...]:
    branches = (
        Branch(line=131, end_line=160, kind="for", complexity=14, nesting=0),
        Branch(line=170, end_line=182, kind="if", complexity=6, nesting=0),
    )
    return (
        Target(
            path=BASE,
            name="App.send",
            line=120,
            end_line=243,
            complexity=41,
            branches=branches,
            tests=("tests/test_base.py", "tests/test_|`x`.py"),
            tests_seen=7,
        ),
        Target(path=WORKER, name="run", line=30, end_line=114, complexity=28, reason="no part of it holds enough"),
    )
