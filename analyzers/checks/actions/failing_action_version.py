"""The service behind this version of the action is switched off: every call fails."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.actions import _calls, _versions
from analyzers.lifecycles import actions
from analyzers.model.exposure import ANNOUNCED
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="failing-action-version",
    group="actions",
    title="This version of the action fails",
    what=(
        "Reports versions of actions whose service GitHub switched off: the artifact actions before v4, and cache "
        "before v3.4.0 or v4.2.0. Not on GitHub Enterprise Server (actions.enterprise-server)."
    ),
    why="The job fails on every run, however sound the code is; on a branch that rarely runs, nobody sees it in time.",
    remediation="Move to the newest version; artifacts of v4 are immutable, so names may have to become unique.",
    minutes=30,
    severity=Severity.HIGH,
    example="- uses: actions/upload-artifact@v3",
    better="- uses: actions/upload-artifact@v7",
    sources=("git-refs",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each call of such a version; what is not known of commits, `outdated-action` says."""
    if evidence.config.actions.enterprise_server:
        return
    versions = _versions.Versions(evidence)
    for call in _calls.on_github(evidence):
        version = versions.ref(call)
        row = actions.failing(call.action.name, version) if version else None
        if row and (row.announced or row.since) <= evidence.as_of:
            yield _finding(evidence, call, row, versions.newer(call))


def _finding(evidence: Evidence, call: _calls.Call, row: actions.Failing, newer: _versions.Newer | None) -> Finding:
    to = newer.tag if newer else "a newer version"
    days = (evidence.as_of - row.since).days
    when = f"refuses it since {row.since} ({days} days ago)" if days >= 0 else f"will refuse it from {row.since} on"
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.name} {call.current} {'fails since' if days >= 0 else 'will fail from'} {row.since}",
        message=f"{call.shown}: GitHub {when}, so the job fails on every run. Move to {to}.",
        latest=newer.tag if newer else None,
        exposure=1.0 if days >= 0 else ANNOUNCED,
        fix=newer.fix if newer else None,
        details={"since": row.since.isoformat()},
    )
