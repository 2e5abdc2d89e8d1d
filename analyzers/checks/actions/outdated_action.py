"""A newer version of the action exists."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.actions import _calls, _versions
from analyzers.ecosystems.github_actions.uses import FORGE, refs_question
from analyzers.lifecycles import actions
from analyzers.model.facts import Known
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.versions import action_ref

RULE = Rule(
    id="outdated-action",
    group="actions",
    title="A newer version of the action exists",
    what=(
        "Compares the called version with the tags of the action's repository: a major such as v4 with newer majors, "
        "a whole version such as v4.2.0 with every newer one, a commit by its tag or by the version beside it."
    ),
    why=(
        "Old majors get no fixes, declare runtimes that GitHub retires, and call services that GitHub switches off. "
        "The further behind, the more breaking changes come at once."
    ),
    remediation="Read the release notes of the majors in between, then move to the newest version.",
    minutes=20,
    severity=Severity.MEDIUM,
    example="- uses: actions/checkout@v2",
    better="- uses: actions/checkout@v7",
    sources=("git-refs",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each call with a newer version, and what could not be asked of ``git-refs``."""
    yield from _calls.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    versions = _versions.Versions(evidence)
    for call in _calls.calls(evidence):
        why = _calls.doubt(evidence, evidence.facts.get(refs_question(call.action)))
        if why:
            yield _calls.skipped(call, "git-refs", why)
        if why and why.forbids:
            continue
        newer = versions.newer(call)
        if newer and _needs_github(call, versions):
            detail = f"{call.shown}: newer versions need a service that only GitHub has"
            yield _calls.skipped(call, "git-refs", _calls.Doubt("held-back", detail))
        elif newer:
            yield _finding(evidence, call, newer)
        elif versions.ref(call) is None or (_versions.counts_other_things(call) and action_ref.parse(call.action.ref)):
            yield _calls.skipped(call, "git-refs", _no_version(call))


def _needs_github(call: _calls.Call, versions: _versions.Versions) -> bool:
    """Whether a workflow of Forgejo or Gitea calls what GitHub itself switched off: there it is what works."""
    version = versions.ref(call) if call.dependency.kind == FORGE else None
    return bool(version and actions.failing(call.action.name, version))


def _finding(evidence: Evidence, call: _calls.Call, newer: _versions.Newer) -> Finding:
    answer = evidence.facts.get(refs_question(call.action))
    known = f" (known since {answer.known_since})" if isinstance(answer, Known) and answer.bundled else ""
    pinned = f", pinned to the commit {newer.fix.to}" if call.is_pinned and newer.fix.to else ""
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.full_name} {call.current} is behind {newer.tag}",
        message=(
            f"{call.shown} is {_distance(newer)} behind: the newest is {newer.tag}{known}. "
            f"Move to {call.action.full_name}@{newer.tag}{pinned}."
        ),
        latest=newer.tag,
        severity=Severity.MEDIUM if newer.step == "major" else Severity.LOW,
        fix=newer.fix,
        details={"step": newer.step, "majors_behind": newer.majors},
    )


def _distance(newer: _versions.Newer) -> str:
    return f"{newer.majors} major versions" if newer.majors > 1 else f"a {newer.step} version"


def _no_version(call: _calls.Call) -> _calls.Doubt:
    if _versions.counts_other_things(call):
        return _calls.Doubt("unsupported-version", f"{call.shown}: the ref chooses what is installed, not a version")
    return _calls.Doubt("unsupported-version", f"{call.shown}: no tag is at this commit and no comment names a version")
