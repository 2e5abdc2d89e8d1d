"""What every report format promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest

from analyzers.model.discovery import modules
from bot.assemble import build
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report
from tests.support.moved import changed_report
from tests.support.reports import (
    SCANNED_AT,
    empty_report,
    perfect_report,
    sample_report,
    sample_result,
    unjudged_report,
)

FORMATS = list(modules("bot.report", states="RENDERER"))
REPORTS = [sample_report, changed_report, empty_report, perfect_report, unjudged_report]

every_format = pytest.mark.parametrize("module", FORMATS, ids=lambda module: module.__name__)


def test_every_format_of_the_contract_is_there() -> None:
    names = {module.RENDERER.name for module in FORMATS}
    assert {"terminal", "json", "markdown", "html", "sarif", "github", "cyclonedx", "badge", "shields"} <= names


@every_format
def test_a_format_is_named_as_its_file(module: ModuleType) -> None:
    renderer: Renderer = module.RENDERER
    assert module.__name__ == f"bot.report.{renderer.name}"
    assert renderer.title
    assert renderer.suffix.startswith(".")


@every_format
@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("details", [False, True])
def test_the_same_report_gives_the_same_bytes(module: ModuleType, make: Callable[[], Report], details: bool) -> None:
    options = Options(details=details)
    first, second = module.RENDERER.render(make(), options), module.RENDERER.render(make(), options)
    assert first.encode() == second.encode()
    assert first.endswith("\n")


@every_format
def test_an_organisation_of_findings_does_not_break_it(module: ModuleType) -> None:
    result = sample_result()
    many = tuple(replace(entry, path=f"{n}/{entry.path}") for n in range(10) for entry in result.findings)
    assert module.RENDERER.render(build(replace(result, findings=many), scanned_at=SCANNED_AT), Options())


@every_format
def test_a_report_without_a_commit_can_be_drawn(module: ModuleType) -> None:
    report = sample_report()
    folder = replace(report.repository, commit=None, branch=None, dirty=False, name="\x1b[31m<b>\udc80")
    assert module.RENDERER.render(replace(report, repository=folder), Options()).encode()
