"""Whether a scan passes: a pure judgement on a Report."""

from __future__ import annotations

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


def judge(report: Report, gate: Gate, *, strict: bool = False) -> Verdict:
    """Judge ``report``. A gate on ``low`` needs what an offline scan did not ask, so that is incomplete."""
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
        if any(charged.new is None for charged in report.findings):
            raise UsageError("--fail-on new needs --baseline FILE or --base REV to compare with")
        if fresh:
            failed.append(f"{len(fresh)} new finding{'s' if len(fresh) > 1 else ''}")
    elif gate.fail_on is not None:
        bad = [charged for charged in report.findings if _RANKS[charged.finding.severity] >= _RANKS[gate.fail_on]]
        if bad:
            failed.append(f"{len(bad)} finding{'s' if len(bad) > 1 else ''} of severity {gate.fail_on} or worse")
    if has_gate and report.offline and gate.gate_on != "score":
        incomplete.append("offline, so the gate lacks facts that it needs; use --gate-on score to judge without them")
    if strict and report.skipped:
        incomplete.append(
            f"--strict: {len(report.skipped)} thing{'s were' if len(report.skipped) > 1 else ' was'} skipped"
        )
    return Verdict(tuple(failed), tuple(incomplete))
