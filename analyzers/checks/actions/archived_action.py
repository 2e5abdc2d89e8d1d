"""The action's repository is archived: nobody will mend it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.actions import _calls
from analyzers.ecosystems.github_actions.uses import repository_question
from analyzers.lifecycles import actions
from analyzers.model.facts import HostedRepository, Known
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="archived-action",
    group="actions",
    title="The action is archived",
    what="Asks GitHub whether the repository of each called action is archived, that is, read-only.",
    why=(
        "An archived action gets no fixes: neither for the runtimes that GitHub retires nor for vulnerabilities, "
        "and it still runs with the job's token."
    ),
    remediation="Replace it by the successor that its README names, by another action, or by a run step.",
    minutes=60,
    severity=Severity.MEDIUM,
    example="- uses: actions/create-release@v1",
    better="- uses: softprops/action-gh-release@v3",
    sources=("github-repository",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each call of an archived action, and what could not be asked of ``github-repository``."""
    yield from _calls.once(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Finding | Skipped]:
    for call in _calls.calls(evidence):
        answer = evidence.facts.get(repository_question(call.action))
        why = _calls.doubt(evidence, answer)
        if why:
            yield _calls.skipped(call, "github-repository", why)
        if isinstance(answer, Known) and not (why and why.forbids):
            value = answer.value
            if isinstance(value, HostedRepository) and value.archived:
                yield _finding(call, answer)


def _finding(call: _calls.Call, answer: Known) -> Finding:
    successor = actions.successor(call.action.name)
    known = f", as a list of {answer.known_since} says" if answer.bundled else ""
    remedy = f"Use {successor} instead" if successor else "Replace it by a maintained action or by a run step"
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.name} is archived",
        message=f"The repository of {call.shown} is archived{known}: it gets no more fixes. {remedy}.",
        latest=None,
        details={"successor": successor},
    )
