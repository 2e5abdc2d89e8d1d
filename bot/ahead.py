"""What ends within the year ahead: the same scan, judged as if every end were announced that early. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from analyzers.scan import ScanResult, judge
from bot.assemble import build
from bot.ends import End, ends_of
from bot.scorecard import Report

DAYS_AHEAD: Final = 365


def ends_ahead(result: ScanResult, report: Report) -> tuple[End, ...]:
    """Return what has ended, and what ends within a year, by its day.

    Findings and points are those of the configuration, which announces ends later (`ending-days`): nothing counts that
    it does not let count.
    """
    config = result.config
    early = msgspec.structs.replace(
        config,
        dependencies=msgspec.structs.replace(
            config.dependencies, ending_days=_at_least(config.dependencies.ending_days)
        ),
        docker=msgspec.structs.replace(config.docker, ending_days=_at_least(config.docker.ending_days)),
        actions=msgspec.structs.replace(config.actions, ending_days=_at_least(config.actions.ending_days)),
    )
    judged = judge(result.inventory, result.facts, early, as_of=result.as_of, offline=result.offline)
    ahead = ends_of(build(replace(judged, config=config), scanned_at=report.scanned_at))
    # What has ended is taken from the report itself, as it counts there.
    return (
        *(end for end in ends_of(report) if end.days < 0),
        *(end for end in ahead if end.days >= 0),
    )


def _at_least(days: int) -> int:
    return max(days, DAYS_AHEAD)
