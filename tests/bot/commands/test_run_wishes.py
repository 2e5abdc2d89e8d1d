"""``debtscan run`` and what people ask of it, on the stand-in: each command and box is obeyed once, by who may ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.posts import boxes
from bot.posts.boxes import Wish
from tests.support.checked import Opening, run
from tests.support.github import HostedRepository
from tests.support.github.threads import Comment
from tests.support.killed import is_killed_after_write
from tests.support.packages import PythonIndex
from tests.support.shop import LOGIN, NAME

SETTINGS = """\
[upgrades]
group-kinds = []
open-limit = 2
[posts]
dashboard = true
check-run = false
[history]
enabled = false
"""
NAMES = ("ant", "bee", "cat", "dog")
ANT, DASHBOARD = 1, 3


@pytest.fixture
def repository(opening: Opening, capsys: pytest.CaptureFixture[str]) -> HostedRepository:
    """Return the shop after a first run: ant is #1, bee is #2, cat and dog wait, and #3 is the dashboard."""
    made = opening(SETTINGS, names=NAMES)
    assert "opened the dashboard #3" in run(capsys)
    return made


def _comments(repository: HostedRepository, number: int) -> list[Comment]:
    return list(repository.settings.issues[number].comments)


def _reactions(repository: HostedRepository, comment: Comment) -> list[str]:
    found = next(one for issue in repository.settings.issues.values() for one in issue.comments if one.id == comment.id)
    return [f"{one.author.login} {one.content}" for one in found.reactions]


def _replies(repository: HostedRepository, number: int) -> list[str]:
    return [one.body for one in _comments(repository, number) if one.author.login == LOGIN]


def _state(repository: HostedRepository, name: str) -> Sequence[str]:
    return [pull.state for pull in repository.pulls if pull.branch == f"debtscan/pypi-{name}-1"]


def _quiet(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    """Run twice more: nothing is written."""
    run(capsys)
    before = len(opening.github.writes)
    run(capsys)
    assert opening.github.writes[before:] == []


def _requirements(**versions: str) -> bytes:
    return "".join(f"{name}=={versions.get(name, '1.0.0')}\n" for name in NAMES).encode()


def _body(repository: HostedRepository) -> str:
    return repository.settings.issues[DASHBOARD].body or ""


def _tick(repository: HostedRepository, wish: Wish) -> None:
    text = _body(repository)
    assert boxes.box(wish) in text
    repository.edit_issue(DASHBOARD, body=text.replace(boxes.box(wish), boxes.box(wish, ticked=True)))


def test_a_waiting_upgrade_is_opened_by_a_comment_once(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = repository.comment(DASHBOARD, "@debtscan open dog")
    assert "obeyed a comment of ada on #3" in run(capsys)
    assert _state(repository, "dog") == ["open"]
    assert _reactions(repository, said) == [f"{LOGIN} +1"]
    assert _replies(repository, DASHBOARD) == []
    _quiet(opening, capsys)
    assert _state(repository, "cat") == []


def test_a_waiting_upgrade_is_opened_by_its_box_once(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    _tick(repository, Wish("open", "pypi-cat-1"))
    run(capsys)
    assert _state(repository, "cat") == ["open"]
    assert boxes.wishes(_body(repository)) == frozenset()
    _quiet(opening, capsys)


def test_all_is_asked_anew_and_made_anew_once(
    opening: Opening, repository: HostedRepository, index: PythonIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"README.md": "Shop, new\n"})
    run(capsys)
    index.add("ant", "1.2.0")
    run(capsys)
    # What the registry said a moment ago is taken for true.
    assert repository.file("requirements.txt", repository.pull(ANT).branch) == _requirements(ant="1.1.0")
    _tick(repository, Wish("refresh"))
    run(capsys)
    assert repository.file("requirements.txt", repository.pull(ANT).branch) == _requirements(ant="1.2.0")
    heads = [repository.pull(number).head for number in (1, 2)]
    assert [repository.file("README.md", head) for head in heads] == [b"Shop, new\n"] * 2
    assert boxes.wishes(_body(repository)) == frozenset()
    _quiet(opening, capsys)
    assert [repository.pull(number).head for number in (1, 2)] == heads


@pytest.mark.parametrize("by_box", [False, True])
def test_a_branch_is_made_anew_on_the_default_branch(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str], *, by_box: bool
) -> None:
    repository.commit({"README.md": "Shop, new\n"})
    run(capsys)
    before = repository.pull(ANT).head
    if by_box:
        _tick(repository, Wish("rebase", "pypi-ant-1"))
    else:
        repository.comment(ANT, "@debtscan rebase")
    run(capsys)
    head = repository.pull(ANT).head
    assert head != before
    assert repository.file("README.md", head) == b"Shop, new\n"
    _quiet(opening, capsys)
    assert repository.pull(ANT).head == head


def test_what_people_did_is_left_by_a_rebase_and_thrown_away_by_recreate_alone(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    branch = repository.pull(ANT).branch
    theirs = repository.commit({"mine.txt": "1\n"}, branch=branch)
    said = repository.comment(ANT, "@debtscan rebase")
    run(capsys)
    assert repository.branches[branch] == theirs
    assert _reactions(repository, said) == [f"{LOGIN} confused"]
    (reply,) = _replies(repository, ANT)
    assert "@debtscan recreate" in reply
    repository.comment(ANT, "@debtscan recreate")
    run(capsys)
    assert repository.file("mine.txt", branch) is None
    assert theirs in _replies(repository, ANT)[1]
    _quiet(opening, capsys)
    assert len(_replies(repository, ANT)) == 2


def test_a_person_without_write_access_is_not_obeyed_and_gets_no_reply(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    opening.github.world.account("eve")
    repository.settings.collaborators["tri"] = "triage"
    said = [repository.comment(ANT, "@debtscan close\n@debtscan what", login=login) for login in ("eve", "tri")]
    asked = len([one for one in opening.github.requests if "/permission" in str(one)])
    told = run(capsys)
    assert "did not obey a comment on #1" in told
    assert _state(repository, "ant") == ["open"]
    assert [_reactions(repository, one) for one in said] == [[f"{LOGIN} -1"]] * 2
    assert _replies(repository, ANT) == []
    assert len([one for one in opening.github.requests if "/permission" in str(one)]) == asked + 2
    _quiet(opening, capsys)


def test_bots_and_debtscan_itself_are_not_heard(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    app = opening.github.app(permissions={"issues": "write"}, on=["acme"])
    repository.comment(ANT, "@debtscan close", login=f"{app.slug}[bot]")
    repository.comment(ANT, "@debtscan close\n\n<!-- debtscan:answer=1 -->", login=LOGIN)
    _quiet(opening, capsys)
    assert _state(repository, "ant") == ["open"]
    assert [_reactions(repository, one) for one in _comments(repository, ANT)] == [[], []]


@pytest.mark.parametrize("command", ["close", "ignore", "ignore ant because we leave it"])
def test_closed_by_a_comment_it_is_ignored_for_good_until_a_person_opens_it(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    said = repository.comment(ANT, f"@debtscan {command}")
    assert "closed #1 for ada" in run(capsys)
    assert _state(repository, "ant") == ["closed"]
    assert _reactions(repository, said) == [f"{LOGIN} +1"]
    assert "box=unignore/pypi-ant-1" in _body(repository)
    assert "· ada&#58; " in _body(repository)
    _quiet(opening, capsys)
    assert _state(repository, "ant") == ["closed"]
    repository.reopen(ANT)
    run(capsys)
    _quiet(opening, capsys)
    assert _state(repository, "ant") == ["open"]
    assert "ignored-by" not in (repository.pull(ANT).body or "")


def test_an_ignore_ends_after_its_day(
    opening: Opening,
    repository: HostedRepository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    repository.comment(ANT, f"@debtscan ignore until {day} because we wait")
    repository.comment(DASHBOARD, f"@debtscan ignore b* until {day}")

    def at(days: int) -> None:
        moment = datetime.combine(day + timedelta(days=days), time(12), UTC)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / f"cache-{days}"))
        opening.github.world.now = moment

    run(capsys)
    at(0)
    run(capsys)
    assert _state(repository, "ant") == ["closed"]
    assert _state(repository, "bee") == ["closed"]
    assert f"Update ant from 1.0.0 to 1.1.0 · ada&#58; we wait · until {day}\n" in _body(repository)
    assert f"box=allow/b%2A --> b&#42; · ada&#58; said so in a comment · until {day}\n" in _body(repository)
    at(1)
    run(capsys)
    assert "box=allow/" not in _body(repository)
    assert "box=unignore/" not in _body(repository)
    # In their place two others were opened meanwhile.
    assert "box=open/pypi-ant-1" in _body(repository)
    repository.comment(DASHBOARD, "@debtscan open ant\n@debtscan open bee")
    run(capsys)
    assert _state(repository, "ant") == ["closed", "open"]
    assert _state(repository, "bee") == ["closed", "open"]


def test_a_day_that_has_passed_is_no_answer(repository: HostedRepository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.comment(ANT, "@debtscan ignore until 2020-01-01")
    run(capsys)
    assert _state(repository, "ant") == ["open"]
    assert "2020-01-01 has passed" in _replies(repository, ANT)[0]


def test_the_dashboard_keeps_an_ignore_and_gives_it_back(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = repository.comment(DASHBOARD, "@debtscan ignore cat because of dogs")
    run(capsys)
    assert _reactions(repository, said) == [f"{LOGIN} +1"]
    assert "box=allow/cat --> cat · ada&#58; of dogs\n" in _body(repository)
    assert "box=open/pypi-cat-1" not in _body(repository)
    _quiet(opening, capsys)
    _tick(repository, Wish("allow", "cat"))
    run(capsys)
    assert "box=open/pypi-cat-1" in _body(repository)
    repository.comment(DASHBOARD, "@debtscan ignore cat")
    repository.comment(DASHBOARD, "@debtscan unignore cat\n@debtscan unignore dog")
    run(capsys)
    assert "box=open/pypi-cat-1" in _body(repository)
    (reply,) = _replies(repository, DASHBOARD)
    assert "Nobody ignores <code>dog</code>" in reply
    _quiet(opening, capsys)


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("by_box", [False, True])
def test_what_a_person_closed_is_opened_again_or_proposed_anew(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str], *, by_box: bool, gone: bool
) -> None:
    repository.close(ANT)
    if gone:
        repository.delete_branch(repository.pull(ANT).branch)
    run(capsys)
    assert _state(repository, "ant") == ["closed"]
    if by_box:
        _tick(repository, Wish("unignore", "pypi-ant-1"))
    else:
        repository.comment(DASHBOARD, "@debtscan unignore ant\n@debtscan open ant")
    run(capsys)
    _quiet(opening, capsys)
    if gone and by_box:
        # The limits count for it as for any other.
        assert "box=open/pypi-ant-1" in _body(repository)
        assert _state(repository, "ant") == ["closed"]
    else:
        assert _state(repository, "ant") == (["closed", "open"] if gone else ["open"])


def test_what_is_not_understood_gets_one_reply_in_all(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = repository.comment(DASHBOARD, "@debtscan dance <b>@eve</b> #1\n@debtscan close\n@debtscan sing")
    run(capsys)
    _quiet(opening, capsys)
    (reply,) = _replies(repository, DASHBOARD)
    assert "I did not understand" in reply
    assert "That is for a pull request of debtscan" in reply
    assert "`@debtscan rebase`" in reply
    assert "<b>" not in reply
    assert not re.search(r"@eve\b", reply)
    assert f"<!-- debtscan:answer={said.id} -->" in reply
    assert _reactions(repository, said) == [f"{LOGIN} confused"]


def test_a_rule_and_an_upgrade_are_explained(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.comment(DASHBOARD, "@debtscan explain outdated-dependency")
    repository.comment(DASHBOARD, "@debtscan explain cat\n@debtscan explain ant")
    repository.comment(DASHBOARD, "@debtscan explain <img/src=x>@eve")
    run(capsys)
    page, upgrades, unknown = _replies(repository, DASHBOARD)
    assert "### outdated-dependency" in page
    assert "waits&#58;" in upgrades or "waits: 2 are open" in upgrades
    assert "in #1" in upgrades
    assert "<img" not in unknown
    assert "@eve" not in unknown
    assert all(len(one) < 20_100 for one in (page, upgrades, unknown))
    _quiet(opening, capsys)


@pytest.mark.parametrize("command", ["open cat", "recreate", "ignore because of dogs", "explain ant", "dance"])
def test_killed_at_each_of_its_writes_it_is_done_once(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    repository.commit({"mine.txt": "1\n"}, branch=repository.pull(ANT).branch)
    said = repository.comment(ANT, f"@debtscan {command}")
    killed = 0
    while is_killed_after_write(opening.github, killed + 1, "run", NAME, "--quiet", "--jobs", "1")[0]:
        killed += 1
    assert killed >= 1
    _quiet(opening, capsys)
    assert _reactions(repository, said) == [f"{LOGIN} {'confused' if command == 'dance' else '+1'}"]
    assert len(_replies(repository, ANT)) == (command in {"recreate", "explain ant", "dance"})
    assert _state(repository, "cat") == (["open"] if command.startswith(("open", "ignore")) else [])
    assert _state(repository, "ant") == (["closed"] if command.startswith("ignore") else ["open"])


def test_a_person_has_the_last_word_where_a_run_was_killed_after_closing(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    said = repository.comment(ANT, "@debtscan close")
    assert is_killed_after_write(opening.github, 1, "run", NAME, "--quiet", "--jobs", "1")[0]
    assert (_state(repository, "ant"), _reactions(repository, said)) == (["closed"], [])
    repository.reopen(ANT)
    run(capsys)
    assert (_state(repository, "ant"), _reactions(repository, said)) == (["open"], [f"{LOGIN} +1"])
    _quiet(opening, capsys)


def test_a_dry_run_says_what_it_would_do(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.comment(DASHBOARD, "@debtscan open cat\n@debtscan ignore dog\n@debtscan help")
    repository.comment(ANT, "@debtscan close")
    before = len(opening.github.writes)
    told = run(capsys, "--dry-run")
    assert "would open the pull request 'Update cat" in told
    assert "would change the pull request #1: " in told
    assert "close it" in told
    assert "would comment on the issue #3" in told
    assert "with 👍" in told
    assert opening.github.writes[before:] == []
