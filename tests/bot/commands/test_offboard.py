"""``debtscan offboard`` on the stand-in: nothing of debtscan stays, and everything of people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.onboarding.body import body as onboarding_body
from bot.onboarding.settle import Onboarding
from bot.store.branch import BranchStore
from bot.upgrade.body import body
from bot.upgrade.existing import ONBOARDING
from bot.upgrade.publish import Offer, Publisher
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import hurry
from tests.support.hosts import LOGIN, opened
from tests.support.onboarding import outlook
from tests.support.upgrades import background, move, upgrade, written

NAME = "acme/shop"
DAY = date(2026, 11, 23)
PREFIX = "debtscan/"


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        monkeypatch.setenv("DEBTSCAN_GITHUB_URL", standin.url)
        monkeypatch.setenv("GITHUB_TOKEN", standin.token(login=LOGIN))
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", f"{tmp_path}/cache")
        hurry(monkeypatch)
        yield standin


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    files = {"requirements.txt": "requests==2.31.0\nflask==2.0\n"}
    made = github.repository(NAME, files, collaborators={"ada": "write", LOGIN: "write"})
    for name in ("requests", "flask", "django"):
        _publish(github, name)
    return made


def _publish(github: GitHubStandIn, name: str, prefix: str = PREFIX) -> None:
    files = {"requirements.txt": f"{name}==9\n".encode()}
    made = upgrade(move(name, target="9"), id=f"pypi-{name}-9", branch=f"{prefix}pypi-{name}-9", title=f"Update {name}")
    with opened(github, NAME) as client:
        repo = client.repository()
        assert repo.head
        publisher = Publisher(client, repo, repo.head, client.pulls(prefix), client.branches(prefix))
        what = written(made, files=files, commits=((f"Bump {name}", files),))
        publisher.publish(Offer(written=what, body=body(what, background())))


def _states(repository: HostedRepository) -> list[str]:
    return [pull.state for pull in repository.pulls]


def test_pull_requests_are_closed_with_a_word_and_branches_deleted(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["offboard", NAME]) == 0
    assert _states(repository) == ["closed"] * 3
    assert list(repository.branches) == ["main"]
    assert all("taken off" in repository.settings.issues[number].comments[0].body for number in (1, 2, 3))
    assert "closed #1" in capsys.readouterr().out


def test_the_branch_of_the_history_goes_and_one_of_somebody_elses_stays(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(github, NAME) as client:
        BranchStore(client, "debtscan-history").append(entry_of(DAY), facts_of(DAY))
    assert main(["offboard", NAME]) == 0
    assert "debtscan-history" not in repository.branches
    assert "deleted debtscan-history, the history" in capsys.readouterr().out
    repository.commit({"notes.txt": "mine"}, branch="debtscan-history")
    assert main(["offboard", NAME]) == 0
    assert "debtscan-history" in repository.branches
    assert "left: the branch debtscan-history (it holds no history of debtscan's)" in capsys.readouterr().out


def test_a_second_time_there_is_nothing_to_do(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["offboard", NAME])
    before = len(github.writes)
    capsys.readouterr()
    assert main(["offboard", NAME]) == 0
    assert github.writes[before:] == []
    assert "nothing of debtscan is there" in capsys.readouterr().out
    assert _states(repository) == ["closed"] * 3


def test_what_has_peoples_commits_or_is_theirs_is_named_and_left(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = repository.pulls[1].branch
    repository.commit({"app.py": "print()\n"}, branch=mine)
    repository.commit({"app.py": "print()\n"}, branch=f"{PREFIX}ours")
    assert main(["offboard", NAME]) == 0
    assert _states(repository) == ["closed", "open", "closed"]
    assert sorted(repository.branches) == sorted([mine, f"{PREFIX}ours", "main"])
    told = " ".join(capsys.readouterr().out.split())
    assert "left: #2: Update flask (it has commits that are not debtscan's)" in told
    assert f"left: the branch {PREFIX}ours" in told
    assert repository.settings.issues[2].comments == []


def test_a_dry_run_tells_and_writes_nothing(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(github.writes)
    assert main(["offboard", NAME, "--dry-run"]) == 0
    assert github.writes[before:] == []
    told = capsys.readouterr().out
    assert told.startswith(f"{NAME} (dry run: nothing is written)\n")
    assert "would change the pull request #1: close it" in told
    assert f"would delete the branch {repository.pulls[0].branch}" in told


def test_the_configuration_of_the_default_branch_says_which_branches(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    repository.commit({"debtscan.toml": '[upgrades]\nbranch-prefix = "bot/"\n'})
    _publish(github, "celery", "bot/")
    assert main(["offboard", NAME]) == 0
    assert _states(repository) == ["open", "open", "open", "closed"]


def test_the_branch_of_what_a_person_closed_goes_as_well(repository: HostedRepository) -> None:
    repository.close(1)
    assert main(["offboard", NAME]) == 0
    assert list(repository.branches) == ["main"]
    assert repository.settings.issues[1].comments == []


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("nth", range(1, 10))
def test_ended_at_any_write_the_next_run_does_the_rest_and_says_no_word_twice(
    github: GitHubStandIn, repository: HostedRepository, nth: int, after: bool
) -> None:
    github.fault("write", nth=nth, after=after, times=0, status=401)
    main(["offboard", NAME])
    github._faults.clear()
    assert main(["offboard", NAME]) == 0
    assert _states(repository) == ["closed"] * 3
    assert list(repository.branches) == ["main"]
    assert [len(repository.settings.issues[number].comments) for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize("flag", ["archived", "disabled"])
def test_what_can_only_be_read_is_skipped_with_the_reason(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str], flag: str
) -> None:
    before = len(github.writes)
    setattr(repository.settings, flag, True)
    assert main(["offboard", NAME]) == 0
    assert "skipped" in capsys.readouterr().out
    assert github.writes[before:] == []


def test_the_question_whether_debtscan_may_work_there_goes_whatever_its_branches_are_called(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(github, NAME) as client:
        Onboarding(client, client.repository()).invite(b"# offered\n", onboarding_body(outlook()))
    asked = next(pull for pull in repository.pulls if pull.branch == ONBOARDING)
    repository.commit({"debtscan.toml": "[upgrades]\nbranch-prefix = 'other/'\n"})
    assert main(["offboard", NAME, "--dry-run"]) == 0
    assert asked.state == "open"
    assert main(["offboard", NAME]) == 0
    assert (asked.state, ONBOARDING in repository.branches) == ("closed", False)
    assert f"closed #{asked.number}: Set up debtscan" in capsys.readouterr().out
