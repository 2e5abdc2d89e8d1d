from __future__ import annotations

import re
from collections import Counter

from bot import baseline
from bot.report import github
from bot.report.renderer import Options
from tests.support.reports import HOSTILE_NAMES, empty_report, sample_report, unjudged_report

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)")


def test_every_line_is_one_well_formed_command() -> None:
    for report in (sample_report(), empty_report(), unjudged_report()):
        for line in github.render(report, Options()).splitlines():
            assert COMMAND.fullmatch(line), line
            assert line.isprintable()


def test_no_more_than_ten_of_a_level_and_the_dearest_first() -> None:
    text = github.render(sample_report(), Options())
    levels = Counter(match.group(1) for match in map(COMMAND.fullmatch, text.splitlines()) if match)
    assert levels == {"error": 10, "warning": 10, "notice": 10}
    assert text.startswith("::error file=services/api/module_000.py,line=20,endLine=20,title=Checkout.step_0")
    assert text.splitlines()[-1] == "::notice title=debtscan::Grade D, 44.1 of 100, 60 findings."


def test_new_findings_come_first() -> None:
    report = sample_report()
    cheapest = next(entry for entry in reversed(report.findings) if entry.finding.severity == "medium")
    known = baseline.of(report) - {cheapest.fingerprint}
    warnings = [
        line for line in github.render(sample_report(baseline=known), Options()).splitlines() if "::warning" in line
    ]
    assert f"line={cheapest.finding.line}," in warnings[0]


def test_a_hostile_name_cannot_begin_a_command_of_its_own() -> None:
    report = sample_report()
    hostile = [charged for charged in report.findings if charged.finding.path in HOSTILE_NAMES]
    text = "\n".join(github._command("warning", charged) for charged in hostile)
    assert len(text.splitlines()) == len(HOSTILE_NAMES)
    assert "file=line\\nbreak %3A%3Aerror%3A%3Ax.py," in text
    assert "file=%250A%2525 100%25.py," in text


def test_without_judgement_there_is_no_grade() -> None:
    assert "Grade" not in github.render(unjudged_report(), Options())
    assert "Nothing could be judged" in github.render(unjudged_report(), Options())


def test_the_summary_holds_what_annotations_have_no_room_for() -> None:
    summary = github.summary(sample_report())
    assert summary.startswith("## Technical debt: grade D, 44.1 of 100\n")
    assert summary.count("complexity-hotspot") == 8
    assert len(summary.encode()) < 1024 * 1024
