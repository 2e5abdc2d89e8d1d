"""What a run tells of its round: what is alike once, and never that there is nothing to do where something is left."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from bot.commands import _round
from bot.commands._voice import Voice
from bot.upgrade.model import LeftOut, LeftOutReason, Plan
from bot.upgrade.rounds import Round

MISSING = "poetry.lock: poetry is not here"


def _left_out(names: Sequence[str], detail: str, reason: LeftOutReason = "no-lock") -> tuple[LeftOut, ...]:
    return tuple(LeftOut(name=name, target="2.0", reason=reason, detail=detail) for name in names)


def _told(*left_out: LeftOut, dry_run: bool = False) -> list[str]:
    stream = StringIO()
    _round.tell(Round(plan=Plan(open=()), left_out=left_out), Voice(stream, 300), dry_run=dry_run)
    return stream.getvalue().splitlines()


def test_a_reason_that_many_have_is_told_once() -> None:
    names = [f"package-{number:02}" for number in range(12)]
    shown = ", ".join(f"{name} 2.0" for name in names[:8])
    assert _told(*_left_out(names, MISSING)) == [
        "  nothing was changed",
        "  left out: 12 updates",
        f"    its lockfile cannot be made: {shown} and 4 more: {MISSING}",
    ]


def test_reasons_of_their_own_are_told_one_by_one() -> None:
    closed = [*_left_out(["ant"], "#1 was closed", "closed"), *_left_out(["bee"], "#2 was closed", "closed")]
    assert _told(*closed)[2:] == [
        "    closed by a person: ant 2.0: #1 was closed",
        "    closed by a person: bee 2.0: #2 was closed",
    ]


def test_only_where_nothing_is_left_there_is_nothing_to_do() -> None:
    assert _told() == _told(dry_run=True) == ["  nothing to do"]
    assert _told(*_left_out(["ant"], MISSING), dry_run=True)[0] == "  nothing would be changed"
