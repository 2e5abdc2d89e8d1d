"""What the team's gate says of a scorecard: apart from what a check run says beside it, since each scan asks this."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from analyzers.config import Gate
from bot import gate as gates
from bot.github.objects import Conclusion
from bot.scorecard import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the team's gate says, in sentences: nothing where there is no gate, and `conclusion` is neutral then."""

    conclusion: Conclusion
    sentences: tuple[str, ...] = ()


def judged(report: Report, gate: Gate, *, compares: bool) -> Judged:
    """Judge by the configured gate. ``compares``: whether there is another commit, so that something can be new.

    What a gate lacks facts for does not pass, as a scan with exit code 4 does not.
    """
    if gate.fail_on == "new" and not compares:
        rest = judged(report, msgspec.structs.replace(gate, fail_on=None), compares=False)
        return Judged(
            conclusion=rest.conclusion, sentences=(*rest.sentences, "What is new is judged on pull requests.")
        )
    if gate.fail_under is None and gate.fail_on is None:
        return Judged(conclusion="neutral")
    verdict = gates.judge(report, gate)
    if verdict.failed:
        return Judged(conclusion="failure", sentences=tuple(f"Gate: {one}." for one in verdict.failed))
    if verdict.incomplete:
        return Judged(conclusion="action_required", sentences=tuple(f"Gate: {one}." for one in verdict.incomplete))
    return Judged(conclusion="success", sentences=("The gate of this repository's configuration is passed.",))
