"""What posts say of a round: each upgrade once, with why it stands as it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.github.objects import Actor, Pull
from bot.posts.model import UpgradeLine
from bot.rounds.posting import upgrade_lines
from bot.upgrade.body import body
from bot.upgrade.model import LeftOut, Plan, Waiting
from bot.upgrade.publish import Outcome
from bot.upgrade.rounds import Round
from tests.support.upgrades import background, move, upgrade, written

PAGE = "https://github.com/acme/shop"
RED = upgrade(move("red", target="2"), id="pypi-red-2", branch="debtscan/pypi-red-2", title="Update red to 2")
MADE = datetime(2026, 11, 20, tzinfo=UTC)


def pull(number: int = 7, **changes: object) -> Pull:
    made = Pull(
        number=number,
        node_id="",
        title=RED.title,
        body=body(written(RED), background()),
        state="open",
        draft=False,
        branch=RED.branch,
        head="a" * 40,
        base="main",
        author=Actor(login="octobot"),
        created=MADE,
        updated=MADE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def waiting(reason: str = "limit-open") -> Waiting:
    until = datetime(2026, 11, 25, 6, tzinfo=UTC)
    return Waiting(upgrade=RED, reason=reason, detail="2 are open", until=until)  # type: ignore[arg-type]


def left_out(reason: str, name: str = "red", **changes: object) -> LeftOut:
    made = LeftOut(name=name, target="2", reason=reason, detail="so it is")  # type: ignore[arg-type]
    return replace(made, **changes)  # type: ignore[arg-type]


def told(outcome: Round) -> list[tuple[str, str, int, str]]:
    return [(line.state, line.id, line.number, line.why) for line in upgrade_lines(outcome, PAGE)]


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        (Round(plan=Plan(open=())), []),
        (
            Round(plan=Plan(open=(RED,)), outcomes=(Outcome(id=RED.id, pull=pull(), opened=True),)),
            [("open", "pypi-red-2", 7, "")],
        ),
        # What a dry run made up has no number yet.
        (Round(plan=Plan(open=(RED,)), outcomes=(Outcome(id=RED.id, pull=pull(-1)),)), [("open", "pypi-red-2", 0, "")]),
        (Round(plan=Plan(open=(RED,)), pulls=(pull(),)), [("open", "pypi-red-2", 7, "")]),
        (
            Round(plan=Plan(open=(RED,)), outcomes=(Outcome(id=RED.id, pull=None, kept="it is taken"),)),
            [("stuck", "pypi-red-2", 0, "it is taken")],
        ),
        (
            Round(plan=Plan(open=(RED,)), failed=(f"{RED.title}: GitHub refused it",)),
            [("stuck", "pypi-red-2", 0, "GitHub refused it")],
        ),
        (Round(plan=Plan(open=(RED,))), [("stuck", "pypi-red-2", 0, "the run ended before it")]),
        # Merged in this round.
        (
            Round(
                plan=Plan(open=(RED,)),
                outcomes=(Outcome(id=RED.id, pull=pull()),),
                pulls=(pull(),),
                gone=frozenset({RED.branch}),
            ),
            [],
        ),
        (
            Round(plan=Plan(open=(RED,)), left_out=(left_out("breaks-checks"),)),
            [("stuck", "pypi-red-2", 0, "so it is")],
        ),
        (Round(plan=Plan(open=(), waiting=(waiting(),))), [("waiting", "pypi-red-2", 0, "2 are open")]),
        (Round(plan=Plan(open=(), waiting=(waiting(),)), pulls=(pull(),)), [("open", "pypi-red-2", 7, "2 are open")]),
        # A group that is full: its pull request holds some of it, and the rest waits, in the first run as in the next.
        *(
            (
                Round(
                    plan=Plan(open=(RED,), waiting=(waiting("limit-group"),)),
                    outcomes=(Outcome(id=RED.id, pull=pull()),),
                    pulls=there,
                ),
                [("open", "pypi-red-2", 7, ""), ("waiting", "pypi-red-2", 0, "2 are open")],
            )
            for there in ((), (pull(),))
        ),
        (Round(plan=Plan(open=(), left_out=(left_out("later"), left_out("no-edit")))), []),
        # Several findings of one package are one line.
        (Round(plan=Plan(open=(), left_out=(left_out("ignored"),) * 3)), [("ignored", "", 0, "so it is")]),
        (Round(plan=Plan(open=(), left_out=(left_out("merged"),))), [("waiting", "", 0, "so it is")]),
        (
            Round(
                plan=Plan(open=(), left_out=(left_out("closed", number=7), left_out("closed", "blue", number=7))),
                pulls=(pull(state="closed", closed_by=Actor(login="ada")),),
            ),
            [("ignored", "pypi-red-2", 7, "closed it")],
        ),
    ],
)
def test_every_upgrade_has_one_line(outcome: Round, lines: list[tuple[str, str, int, str]]) -> None:
    assert told(outcome) == lines


def _line(outcome: Round) -> UpgradeLine:
    (line,) = upgrade_lines(outcome, PAGE)
    return line


def test_a_line_says_who_until_when_and_where() -> None:
    assert _line(Round(plan=Plan(open=(), waiting=(waiting(),)))).until == date(2026, 11, 25)
    assert _line(Round(plan=Plan(open=(), waiting=(waiting("withheld"),)))).manual
    opened = Round(plan=Plan(open=(RED,)), outcomes=(Outcome(id=RED.id, pull=pull(), kept="commits of others"),))
    assert (_line(opened).touched, _line(opened).url) == (True, f"{PAGE}/pull/7")
    there = pull(state="closed", url="https://example.org/7")
    closed = Round(plan=Plan(open=(), left_out=(left_out("closed", number=7),)), pulls=(there,))
    assert (_line(closed).by, _line(closed).url) == ("somebody", "https://example.org/7")


def test_one_that_is_open_is_called_as_its_pull_request() -> None:
    """Of a group not all may have been made, and people give names of their own."""
    outcome = Round(plan=Plan(open=(RED,)), pulls=(pull(title="Update red, at last"),))
    assert [line.title for line in upgrade_lines(outcome, PAGE)] == ["Update red, at last"]
