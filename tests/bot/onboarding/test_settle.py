"""The onboarding pull request on the stand-in: opened once, kept true, answered by people, and safe to end anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.settings import Settings
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.errors import HostError
from bot.onboarding.body import TITLE, body, closed, parse
from bot.onboarding.model import Settled
from bot.onboarding.settle import Onboarding, last, proposed, standing
from bot.onboarding.starter import PATH, starter
from bot.upgrade.existing import ONBOARDING, is_own
from bot.upgrade.model import Plan
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import Opener, installed_app
from tests.support.hosts import LOGIN, opened
from tests.support.onboarding import outlook

NAME = "acme/shop"
FILE = starter(Settings(Config()))
TEXT = body(outlook())
NEWS = body(outlook(plan=Plan(open=())))
AGAIN = "@debtscan open onboarding"
WORD = "Not any more."


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    people = {LOGIN: "write", "ada": "write", "eve": "read"}
    return github.repository(NAME, {"app.py": "one\n"}, collaborators=people)


@pytest.fixture
def client(github: GitHubStandIn, repository: HostedRepository) -> Iterator[Client]:
    with opened(github, repository.name) as client:
        yield client


def _invite(client: Client, text: str = TEXT, file: bytes = FILE, *, again: bool = False) -> Settled:
    return Onboarding(client, client.repository()).invite(file, text, again=again)


def _withdraw(client: Client) -> Settled:
    return Onboarding(client, client.repository()).withdraw(WORD)


def _standing(client: Client) -> str:
    return standing(last(client), client.login())


def test_it_is_opened_once_and_the_next_scan_writes_nothing(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    assert _standing(client) == "silent"
    first = _invite(client)
    assert (first.standing, first.done) == ("invited", (f"made {ONBOARDING}", f"opened #1: {TITLE}"))
    (pull,) = repository.pulls
    assert (pull.branch, pull.base, pull.title, pull.body) == (ONBOARDING, "main", TITLE, TEXT)
    assert repository.file(PATH, ONBOARDING) == FILE
    assert set(repository.files(ONBOARDING)) == {"app.py", PATH}
    (commit,) = client.commits_between("main", ONBOARDING)
    assert is_own(commit, LOGIN)
    before = len(github.writes)
    again = _invite(client)
    assert (again.standing, again.done, again.left) == ("invited", (), ())
    assert len(github.writes) == before
    assert proposed(client) == FILE


def test_its_text_follows_what_would_happen_and_the_title_is_peoples(
    client: Client, repository: HostedRepository
) -> None:
    _invite(client)
    repository.edit_issue(1, title="debtscan, perhaps")
    assert _invite(client, NEWS).done == ("updated #1: debtscan, perhaps",)
    assert (repository.pull(1).title, repository.pull(1).body) == ("debtscan, perhaps", NEWS)


def test_a_file_that_is_offered_otherwise_takes_the_place_of_the_one_before(
    client: Client, repository: HostedRepository
) -> None:
    _invite(client)
    repository.commit({"app.py": "two\n"})
    assert _invite(client, file=b"# other\n").done == (f"remade {ONBOARDING}",)
    assert repository.file(PATH, ONBOARDING) == b"# other\n"
    assert repository.file("app.py", ONBOARDING) == b"two\n"


def test_commits_of_people_are_kept_and_the_text_goes_on(client: Client, repository: HostedRepository) -> None:
    _invite(client)
    edited = "[upgrades]\nenabled = false\n"
    head = repository.commit({PATH: edited}, branch=ONBOARDING)
    assert proposed(client) == edited.encode()
    assert _invite(client, NEWS, b"# other\n").standing == "invited"
    assert repository.branches[ONBOARDING] == head
    assert repository.pull(1).body == NEWS


def test_merged_is_yes_and_the_branch_goes(client: Client, repository: HostedRepository) -> None:
    _invite(client)
    repository.merge(1, method="squash")
    assert _standing(client) == "posting"
    repository.commit({PATH: None})
    found = _invite(client)
    assert (found.standing, found.done) == ("posting", (f"deleted {ONBOARDING}",))
    assert len(repository.pulls) == 1


def test_closed_is_no_for_good(github: GitHubStandIn, client: Client, repository: HostedRepository) -> None:
    _invite(client)
    repository.close(1)
    before = len(github.writes)
    for text in (TEXT, NEWS):
        assert _invite(client, text).standing == "declined"
    assert proposed(client) is None
    assert len(github.writes) == before
    assert len(repository.pulls) == 1


@pytest.mark.parametrize("how", ["comment", "topic", "reopened"])
def test_a_no_can_be_taken_back(client: Client, repository: HostedRepository, how: str) -> None:
    _invite(client)
    repository.close(1)
    _invite(client)
    if how == "comment":
        repository.comment(1, AGAIN)
    elif how == "reopened":
        repository.reopen(1)
    assert _invite(client, again=how == "topic").standing == "invited"
    states = [pull.state for pull in repository.pulls]
    assert states == (["open"] if how == "reopened" else ["closed", "open"])
    # And the same no, said again, holds again.
    repository.close(len(states))
    assert _invite(client).standing == "declined"
    assert len(repository.pulls) == len(states)


def test_who_may_not_write_asks_for_nothing(client: Client, repository: HostedRepository) -> None:
    _invite(client)
    repository.close(1)
    repository.comment(1, AGAIN, login="eve")
    assert _invite(client).standing == "declined"


def test_what_was_asked_while_it_was_open_does_not_outlive_a_no(client: Client, repository: HostedRepository) -> None:
    _invite(client)
    repository.comment(1, AGAIN)
    assert _invite(client).standing == "invited"
    repository.close(1)
    assert _invite(client).standing == "declined"


def test_other_commands_are_answered_there(client: Client, repository: HostedRepository) -> None:
    _invite(client)
    repository.comment(1, "@debtscan help")
    _invite(client)
    assert "Here only <code>@debtscan open onboarding</code> is understood" in repository.pull(1).comments[-1].body
    assert len(repository.pull(1).comments) == 2
    _invite(client)
    assert len(repository.pull(1).comments) == 2


def test_what_people_committed_before_they_declined_is_there_when_they_ask_again(
    client: Client, repository: HostedRepository
) -> None:
    _invite(client)
    head = repository.commit({PATH: "[upgrades]\n"}, branch=ONBOARDING)
    repository.close(1)
    assert _invite(client, again=True).standing == "invited"
    assert repository.branches[ONBOARDING] == head


def test_a_branch_of_that_name_that_somebody_else_made_is_left(client: Client, repository: HostedRepository) -> None:
    head = repository.commit({"mine.txt": "1\n"}, branch=ONBOARDING)
    found = _invite(client)
    assert (found.standing, found.done) == ("silent", ())
    assert found.left == (f"there is a branch {ONBOARDING} that debtscan did not make; rename or delete it",)
    assert (repository.branches[ONBOARDING], repository.pulls) == (head, [])


def test_without_the_permission_nothing_is_begun(github: GitHubStandIn, repository: HostedRepository) -> None:
    opener = Opener(github)
    app = installed_app(github, "acme", permissions={"contents": "write", "pull_requests": "read", "issues": "write"})
    found = _invite(opener(repository.name, app))
    opener.close()
    assert found.standing == "silent"
    assert found.left[0].startswith("the permission Pull requests is missing: ")
    assert list(repository.branches) == ["main"]


def test_withdrawn_it_is_closed_with_a_word_and_may_be_opened_again(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    _invite(client)
    found = _withdraw(client)
    assert (found.standing, found.done) == ("silent", (f"closed #1: {TITLE}", f"deleted {ONBOARDING}"))
    (pull,) = repository.pulls
    assert pull.state == "closed"
    assert [comment.body.partition("\n")[0] for comment in pull.comments] == [WORD]
    before = len(github.writes)
    assert _withdraw(client).done == ()
    assert len(github.writes) == before
    assert _invite(client).standing == "invited"
    assert [pull.state for pull in repository.pulls] == ["closed", "open"]


def test_withdrawing_keeps_what_people_committed_and_a_no_of_theirs(
    client: Client, repository: HostedRepository
) -> None:
    _invite(client)
    head = repository.commit({PATH: "[upgrades]\n"}, branch=ONBOARDING)
    found = _withdraw(client)
    assert found.left == (f"the branch {ONBOARDING} (it has commits that are not debtscan's)",)
    assert repository.branches[ONBOARDING] == head
    _invite(client, again=True)
    repository.close(2)
    assert _withdraw(client).standing == "declined"


def test_nothing_to_withdraw_writes_nothing(github: GitHubStandIn, client: Client) -> None:
    assert _withdraw(client) == Settled(standing="silent")
    assert not github.writes


def test_a_dry_run_only_says_it(github: GitHubStandIn, client: Client) -> None:
    told: list[str] = []
    host = DryRun(client, told.append)
    found = Onboarding(host, host.repository()).invite(FILE, TEXT)
    assert found.standing == "invited"
    assert not github.writes
    assert any("pull request" in sentence for sentence in told)


def test_another_run_in_the_same_moment_makes_no_second_one(
    github: GitHubStandIn, client: Client, repository: HostedRepository
) -> None:
    def other() -> None:
        with opened(github, NAME) as second:
            _invite(second)

    github.fault("POST /repos/{owner}/{repo}/git/refs", call=other)
    found = _invite(client)
    assert found.standing == "silent"
    assert found.left == (f"{ONBOARDING} was changed meanwhile; the next scan looks again",)
    assert _invite(client).standing == "invited"
    assert len(repository.pulls) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("nth", range(1, 14))
def test_ended_at_any_write_the_next_run_does_the_rest_and_nothing_twice(
    github: GitHubStandIn, repository: HostedRepository, nth: int, after: bool
) -> None:
    """Opened, its file and text changed, declined, asked for again, withdrawn: ended once somewhere on the way."""
    github.fault("write", nth=nth, after=after, times=0, status=401)

    def all_of_it() -> None:
        with opened(github, NAME) as client:
            _invite(client)
            _invite(client, NEWS, b"# other\n")
            repository.close(1)
            repository.comment(1, AGAIN)
            _invite(client, NEWS, b"# other\n")
            _withdraw(client)

    with pytest.raises(HostError):
        all_of_it()
    github._faults.clear()
    with opened(github, NAME) as client:
        found = _invite(client, NEWS, b"# other\n")
        assert found.standing == "invited"
        (pull,) = (pull for pull in repository.pulls if pull.state == "open")
        assert pull.body == NEWS
        assert repository.file(PATH, ONBOARDING) == b"# other\n"
        assert len(client.commits_between("main", ONBOARDING)) == 1
        before = len(github.writes)
        assert _invite(client, NEWS, b"# other\n").done == ()
        assert len(github.writes) == before
        _withdraw(client)
        assert list(repository.branches) == ["main"]
        assert all(pull.state == "closed" for pull in repository.pulls)
        assert all(sum(WORD in comment.body for comment in pull.comments) <= 1 for pull in repository.pulls)
        before = len(github.writes)
        _withdraw(client)
        assert len(github.writes) == before


def test_a_marker_says_who_closed_it() -> None:
    assert parse(closed(TEXT)) != parse(TEXT)
