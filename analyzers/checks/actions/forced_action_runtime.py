"""The action declares a runtime that GitHub replaces by a newer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analyzers.checks.actions import _calls, _versions
from analyzers.ecosystems.github_actions.questions import MAX_DEPTH, called_by
from analyzers.ecosystems.github_actions.reader import RUNTIME
from analyzers.ecosystems.github_actions.uses import definition_question
from analyzers.lifecycles import actions
from analyzers.model.exposure import ANNOUNCED
from analyzers.model.facts import ActionDefinition, Answer, Known
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Severity, Subject
from analyzers.model.inventory import Observation
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="forced-action-runtime",
    group="actions",
    title="The action is forced onto a newer Node.js",
    what=(
        "Reads runs.using of action.yml at the exact ref that is called, follows composite actions to what they call, "
        "and reports node12, node16 and node20 from the day on which GitHub announced to replace them. "
        "The repository's own actions are judged too."
    ),
    why=(
        "Runners start such an action on a newer Node.js than the one it was made and tested for. It usually works, "
        "warns on every run, and sometimes fails in odd ways; nobody maintains that version any more."
    ),
    remediation="Move to a version of the action that declares the current runtime.",
    minutes=20,
    severity=Severity.MEDIUM,
    example="- uses: actions/checkout@v2  # declares node12",
    better="- uses: actions/checkout@v7  # declares node24",
    sources=("action",),
)


class _Forced(NamedTuple):
    """What happens to a declared runtime: `onto` the newest runtime it is forced, `since` that day."""

    using: str
    onto: str
    since: date
    is_announced: bool

    @property
    def phrase(self) -> str:
        """Half a sentence."""
        onto = self.onto.replace("node", "Node ")
        return (
            f"will be forced onto {onto} on {self.since}"
            if self.is_announced
            else f"is forced onto {onto} since {self.since}"
        )


@dataclass(frozen=True, slots=True)
class _Verdict:
    forced: _Forced
    definition: ActionDefinition
    is_composite: bool


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each call and each own action, and what could not be asked of ``action``."""
    yield from _calls.once(_called(evidence))
    for seen in evidence.inventory.observations:
        forced = _forced(seen.name, evidence.as_of) if seen.kind == RUNTIME else None
        if forced:
            yield _own(seen, forced)


def _called(evidence: Evidence) -> Iterator[Finding | Skipped]:
    versions = _versions.Versions(evidence)
    followed: dict[Question, tuple[Answer, ...]] = {}
    for call in _calls.on_github(evidence):
        if call.action.is_workflow:
            continue
        question = definition_question(call.action)
        if question not in followed:
            followed[question] = _followed(evidence, question)
        answers = followed[question]
        if not isinstance(answers[0], Known):
            answers = (_from_table(call, versions) or answers[0],)
        verdict = _verdict(evidence, call, answers)
        if verdict:
            yield _finding(evidence, call, verdict, versions.newer(call))
        for answer in answers:
            why = _why(evidence, call, answer, is_judged=verdict is not None)
            if why:
                yield _calls.skipped(call, "action", why)


def _followed(evidence: Evidence, question: Question) -> tuple[Answer, ...]:
    """Return what is known of an action and, if it is a composite one, of what it calls in turn."""
    asked = {question: evidence.facts.get(question)}
    latest: tuple[Question, ...] = (question,)
    for _ in range(MAX_DEPTH):
        nested = dict.fromkeys(inner for outer in latest for inner in called_by(outer, evidence.facts))
        latest = tuple(inner for inner in nested if inner not in asked)
        asked.update((inner, evidence.facts.get(inner)) for inner in latest)
    return tuple(asked.values())


def _from_table(call: _calls.Call, versions: _versions.Versions) -> Known | None:
    """Return what the table knows of a commit, by the version that its tag or the comment beside it names."""
    version = versions.ref(call) if call.is_pinned else None
    return actions.definition(call.action.full_name, version) if version else None


def _verdict(evidence: Evidence, call: _calls.Call, answers: tuple[Answer, ...]) -> _Verdict | None:
    """Return the oldest runtime that is forced. What a composite action called in the past is not known."""
    is_composite = len(answers) > 1
    why = _calls.doubt(evidence, answers[0])
    if is_composite and not call.is_pinned and why and why.forbids:
        return None
    definitions = (answer.value for answer in answers if isinstance(answer, Known))
    found = [
        _Verdict(forced, definition, is_composite)
        for definition in definitions
        if isinstance(definition, ActionDefinition) and (forced := _forced(definition.using, evidence.as_of))
    ]
    return min(found, key=lambda verdict: actions.runtimes()[verdict.forced.using].forced_on, default=None)


def _forced(using: str, as_of: date) -> _Forced | None:
    """Return what runners do with a runtime on a day: the last of the steps that lie behind, or the one announced."""
    row = actions.runtimes().get(using)
    if row is None or as_of < row.announced:
        return None
    while (further := actions.runtimes().get(row.forced_to)) and further.forced_on <= as_of:
        row = further
    return _Forced(using, row.forced_to, row.forced_on, as_of < row.forced_on)


def _why(evidence: Evidence, call: _calls.Call, answer: Answer, *, is_judged: bool) -> _calls.Doubt | None:
    """Return what speaks against an answer, or against the way in which it was used."""
    why = _calls.doubt(evidence, answer)
    if not isinstance(answer, Known) or not isinstance(answer.value, ActionDefinition):
        return why
    using = answer.value.using
    if using.startswith("node") and using not in actions.runtimes() and using > actions.current_runtime():
        return _calls.Doubt(
            "stale-table", f"{answer.value.name} declares {using}, which the bundled table does not know"
        )
    if why and why.reason == "not-dated" and (is_judged or call.is_pinned):
        # Runtimes only move forward, so what is forced by now was forced on any day since; and a commit stays.
        return _calls.from_table(answer) if answer.bundled else None
    return why


def _finding(evidence: Evidence, call: _calls.Call, verdict: _Verdict, newer: _versions.Newer | None) -> Finding:
    forced, definition = verdict.forced, verdict.definition
    older = " or older" if definition.or_older and forced.using != min(actions.runtimes()) else ""
    declares = f"declares {forced.using}{older}"
    if verdict.is_composite and definition.name != definition_question(call.action).name:
        declares = f"is composite and calls {definition.name}, which {declares}"
    remedy = f"Move to {call.action.full_name}@{newer.tag}" if newer else "Move to a version that declares"
    target = "" if newer else f" {actions.current_runtime()}, or to another action"
    return _calls.finding(
        RULE,
        call,
        title=f"{call.action.full_name} {call.current} ({forced.using}{older}) {forced.phrase}",
        message=f"{call.shown} {declares}: it {forced.phrase}{_ago(forced, evidence.as_of)}. {remedy}{target}.",
        latest=newer.tag if newer else None,
        exposure=ANNOUNCED if forced.is_announced else 1.0,
        confidence=Confidence.MEDIUM if definition.or_older else Confidence.HIGH,
        fix=newer.fix if newer else None,
        details={"using": forced.using, "forced_onto": forced.onto, "forced_on": forced.since.isoformat()},
    )


def _ago(forced: _Forced, as_of: date) -> str:
    days = (as_of - forced.since).days
    return "" if forced.is_announced else f" ({days} days ago)"


def _own(seen: Observation, forced: _Forced) -> Finding:
    return RULE.finding(
        seen.place,
        severity=RULE.severity,
        title=f"{seen.place.path} declares {forced.using}, which {forced.phrase}",
        message=(
            f"This action declares {forced.using}: it {forced.phrase}. "
            f"Test it on {forced.onto} and declare using: {forced.onto}."
        ),
        subject=Subject(ecosystem="githubactions", name=seen.place.path, current=forced.using, latest=forced.onto),
        key=SubjectKey("file", seen.place.path),
        exposure=ANNOUNCED if forced.is_announced else 1.0,
        identity=forced.using,
        fix=Fix(available=True, to=forced.onto, safe=False),
        details={"using": forced.using, "forced_onto": forced.onto, "forced_on": forced.since.isoformat()},
    )
