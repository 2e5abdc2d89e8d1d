"""An ignore that covers no finding. It needs the other rules' findings, so the scan calls it last."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from analyzers.checks.ignores import _place
from analyzers.model.finding import Confidence, Finding, Rule, Severity
from analyzers.model.inventory import Ignore

RULE = Rule(
    id="unused-ignore",
    group="dependencies",
    title="An ignore covers nothing",
    what="Reports an ignore that no finding of the named rule matches, or that names no rule.",
    why=(
        "An ignore that outlives its finding hides the next one at that place, and readers take it for a decision "
        "that still stands."
    ),
    remediation="Remove it, or correct the rule's id (see debtscan rules) or its line, path or name.",
    minutes=5,
    severity=Severity.LOW,
    example="FROM node:24-alpine\n# debtscan: ignore[end-of-life-base-image] moving soon until=2027-01-31",
    better="FROM node:24-alpine",
)


def judge_unused(unused: Collection[Ignore], known_rules: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each ignore in ``unused``; ``known_rules`` tells a typing error from a mended finding."""
    for ignore in unused:
        unknown = [rule for rule in ignore.rules if rule not in known_rules]
        if unknown or not ignore.rules:
            near = difflib.get_close_matches(unknown[0], sorted(known_rules), n=1) if unknown else []
            named = f"there is no rule {unknown[0]}" if unknown else "it names no rule"
            advice = f"Did you mean {near[0]}?" if near else "See debtscan rules."
            message = f"The ignore has no effect: {named}. {advice}"
        else:
            message = f"No finding of {', '.join(ignore.rules)} stands here any more. Remove the ignore."
        yield _place.finding(
            RULE,
            ignore,
            title=f"Ignore of {', '.join(ignore.rules) or 'nothing'} covers no finding",
            message=message,
            confidence=Confidence.HIGH,
        )
