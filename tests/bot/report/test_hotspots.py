"""What every format of the report of hotspots promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest

from analyzers.model.discovery import modules
from bot.hotspots import HotspotReport
from bot.report.renderer import HotspotRenderer, Options
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots

FORMATS = list(modules("bot.report", states="HOTSPOTS"))
REPORTS = [sample_hotspots, empty_hotspots, quiet_hotspots]

every_format = pytest.mark.parametrize("module", FORMATS, ids=lambda module: module.__name__)


def test_every_format_of_the_contract_is_there() -> None:
    assert {"terminal", "json", "markdown"} <= {module.HOTSPOTS.name for module in FORMATS}


@every_format
def test_a_format_is_named_as_its_file(module: ModuleType) -> None:
    renderer: HotspotRenderer = module.HOTSPOTS
    assert module.__name__ == f"bot.report.hotspots_{renderer.name}"
    assert renderer.title
    assert renderer.suffix.startswith(".")


@every_format
@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("files", [False, True])
def test_the_same_report_gives_the_same_bytes(
    module: ModuleType, make: Callable[[], HotspotReport], files: bool
) -> None:
    options = Options(files_first=files)
    first, second = module.HOTSPOTS.render(make(), options), module.HOTSPOTS.render(make(), options)
    assert first.encode() == second.encode()
    assert first.endswith("\n")


@every_format
def test_a_report_without_a_commit_can_be_drawn(module: ModuleType) -> None:
    report = sample_hotspots()
    folder = replace(report.repository, commit=None, branch=None, dirty=False, name="\x1b[31m<b>\udc80")
    assert module.HOTSPOTS.render(replace(report, repository=folder), Options()).encode()
