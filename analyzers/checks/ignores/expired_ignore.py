"""An ignore whose date has passed: the finding it covered counts again."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.ignores import _place
from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity

RULE = Rule(
    id="expired-ignore",
    group="dependencies",
    title="An ignore is past its date",
    what="Reports an ignore (a comment or an [[ignore]] of the configuration) whose last day has passed.",
    why=(
        "Debt that was accepted until a date comes back on that date, or nobody ever decides again. "
        "The finding it covered counts in the score from that day on."
    ),
    remediation=(
        "Mend the finding and remove the ignore, or decide anew: write a later date with until=YYYY-MM-DD. "
        "Without a date an ignore holds for 90 days from the commit that wrote it."
    ),
    minutes=5,
    severity=Severity.LOW,
    example="FROM node:18-alpine\n# debtscan: ignore[outdated-base-image] moving in Q1 until=2026-03-31",
    better="# debtscan: ignore[outdated-base-image] moving in Q3, agreed on 2026-04-02 until=2026-09-30",
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each ignore whose last day is before `as_of`."""
    for ignore in evidence.inventory.ignores:
        # An organisation's is told where it stands; what it covered counts again everywhere.
        if ignore.until >= evidence.as_of or ignore.scope == "inherited":
            continue
        until = "a date that cannot be read" if ignore.until.year == 1 else ignore.until.isoformat()
        yield _place.finding(
            RULE,
            ignore,
            title=f"Ignore of {', '.join(ignore.rules) or 'nothing'} expired on {until}",
            message=(
                f"The ignore held until {until}, so what it covered counts again. Its reason was: "
                f"{ignore.reason or 'none given'}. Mend the finding, or decide anew with until=YYYY-MM-DD."
            ),
            confidence=Confidence.HIGH,
        )
