"""What the next plan is told of the pull requests that are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.github.objects import Actor, Pull, PullState
from bot.upgrade.existing import existing
from bot.upgrade.marker import Ignored, Marker, draw, parse
from bot.upgrade.plan import plan
from tests.support.plans import NOW, move, settings

BOT, PERSON = Actor(login="debtscan[bot]", is_bot=True), Actor(login="octocat")
_DIGEST = "0" * 20


def _pull(
    number: int, state: PullState, *, closed_by: Actor | None = None, security: bool = False, **targets: str
) -> Pull:
    marker = Marker(
        id="pypi-minor",
        targets={f"pypi:{name}": target for name, target in targets.items()},
        digest=_DIGEST,
        security=security,
    )
    created = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number)
    return Pull(
        number=number,
        node_id=str(number),
        title="",
        body=draw(marker),
        state=state,
        draft=False,
        branch="debtscan/pypi-minor",
        head="",
        base="main",
        author=BOT,
        created=created,
        updated=created,
        closed_by=closed_by,
    )


@pytest.mark.parametrize(
    ("state", "closed_by", "by_person"),
    [
        ("open", None, False),
        ("closed", PERSON, True),
        ("closed", BOT, False),
        ("closed", None, True),
        ("merged", PERSON, False),
    ],
)
def test_who_closed_it_is_told(state: PullState, closed_by: Actor | None, *, by_person: bool) -> None:
    (found,) = existing([_pull(1, state, closed_by=closed_by, security=True, a="1.1")], BOT.login)
    assert (found.state, found.closed_by_person, found.security) == (state, by_person, True)
    assert found.targets == {"pypi:a": "1.1"}


def test_what_a_person_closed_stays_left_out_when_the_branch_is_used_again() -> None:
    pulls = [_pull(9, "open", b="1.1"), _pull(3, "closed", closed_by=PERSON, a="1.1")]
    found = existing(pulls, BOT.login)
    assert [one.number for one in found] == [3, 9]
    made = plan([move("a 1.0 1.1 minor"), move("b 1.0 1.1 minor")], (), settings(), found, NOW)
    assert [one.id for one in made.open] == ["pypi-minor"]
    assert [(one.name, one.reason) for one in made.left_out] == [("a", "closed")]
    assert made.obsolete == ()


def _told(pull: Pull, said: Ignored) -> Pull:
    marker = parse(pull.body)
    assert marker
    return replace(pull, body=draw(replace(marker, state=marker.with_ignored(said))))


def test_what_debtscan_closed_because_somebody_said_so_is_an_ignore_until_that_day() -> None:
    said = Ignored(by="ada", until=date(2027, 1, 31), why="we wait -->")
    closed = _told(_pull(3, "closed", closed_by=BOT, a="1.1"), said)
    (found,) = existing([closed], BOT.login)
    assert (found.closed_by_person, found.asked_by, found.until, found.why) == (True, said.by, said.until, said.why)
    (found,) = existing([replace(closed, state="open")], BOT.login)
    assert (found.closed_by_person, found.asked_by, found.until) == (False, "", None)


def test_a_day_that_somebody_spoiled_is_none_and_taking_it_back_leaves_the_rest() -> None:
    marker = Marker(id="x", digest=_DIGEST, state={"draft": "yes", "ignored-by": "ada", "until": "soon"})
    assert marker.ignored == Ignored(by="ada")
    assert marker.with_ignored(None) == {"draft": "yes"}
    assert marker.with_ignored(Ignored(by="bob", why="no")) == {"draft": "yes", "ignored-by": "bob", "why": "no"}
