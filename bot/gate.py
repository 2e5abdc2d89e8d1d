"""Whether a scan passes: a pure judgement on a Report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.config import Gate
from analyzers.errors import UsageError
from bot.ruleset import GRADES
from bot.scorecard import Report

GRADE_FLOORS: dict[str, float] = {"F": 0.0, **{str(letter): float(floor) for floor, letter in GRADES}}
_RANKS = {"low": 0, "medium": 1, "high": 2, "critical": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`failed` and `incomplete` each say why, in sentences; both may be empty."""

    failed: tuple[str, ...]
    incomplete: tuple[str, ...]

    @property
    def code(self) -> int:
        """The exit code: a failed gate outweighs an incomplete scan."""
        if self.failed:
            return 1
        return 4 if self.incomplete else 0


def floor_of(text: str) -> float:
    """Return the score that ``--fail-under`` asks for: a grade's floor or a number from 0 to 100."""
    grade = text.strip().upper()
    if grade in GRADE_FLOORS:
        return GRADE_FLOORS[grade]
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004 - the score's own bounds
        raise UsageError(f"--fail-under {text}: give a grade (A to F) or a number from 0 to 100")
    return number


def check(gate: Gate, *, compares: bool) -> None:
    """Tell a gate that cannot be judged before the work begins. ``compares``: whether there is a baseline or base.

    Raises UsageError.
    """
    if gate.fail_under is not None:
        floor_of(gate.fail_under)
    if gate.fail_on == "new" and not compares:
        raise UsageError("--fail-on new needs --baseline FILE or --base REV to compare with")


def judge(report: Report, gate: Gate, *, strict: bool = False) -> Verdict:
    """Judge ``report`` by a gate that `check` let pass. One on ``low`` needs every fact, so that is incomplete else."""
    failed: list[str] = []
    incomplete: list[str] = []
    has_gate = gate.fail_under is not None or gate.fail_on is not None
    if gate.fail_under is not None:
        floor = floor_of(gate.fail_under)
        card = report.scorecard
        value, name = (card.score, "score") if gate.gate_on == "score" else (card.low, "lower bound of the score")
        if value < floor:
            failed.append(f"the {name} is {value:.1f}, under {gate.fail_under}")
    if gate.fail_on == "new":
        fresh = [charged for charged in report.findings if charged.new]
        if fresh:
            failed.append(f"{len(fresh)} new finding{'s' if len(fresh) > 1 else ''}")
    elif gate.fail_on is not None:
        bad = [charged for charged in report.findings if _RANKS[charged.finding.severity] >= _RANKS[gate.fail_on]]
        if bad:
            failed.append(f"{len(bad)} finding{'s' if len(bad) > 1 else ''} of severity {gate.fail_on} or worse")
    if has_gate and gate.gate_on != "score":
        incomplete.extend(_lacking(report, gate))
    # What an organisation overrules was read and understood: that it does not count is no gap in the scan.
    skipped = sum(entry.reason != "overruled" for entry in report.skipped) if strict else 0
    if skipped:
        incomplete.append(f"--strict: {skipped} thing{'s were' if skipped > 1 else ' was'} skipped")
    return Verdict(tuple(failed), tuple(incomplete))


def _lacking(report: Report, gate: Gate) -> Iterator[str]:
    """Say what a gate on ``low`` lacks: the lower bound charges the unknown, a count of findings cannot."""
    remedy = "so the gate lacks facts that it needs; use --gate-on score to judge without them"
    if report.offline:
        yield f"offline, {remedy}"
    elif gate.fail_on is not None:
        unanswered = {entry.subject for entry in report.skipped if entry.what == "look-up" and entry.subject}
        if unanswered:
            yield f"{len(unanswered)} subject{'s' if len(unanswered) > 1 else ''} could not be looked up, {remedy}"
