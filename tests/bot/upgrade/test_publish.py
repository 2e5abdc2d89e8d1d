"""Publishing: safe to repeat, and to be ended anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.github.client import Client
from bot.upgrade import marker
from bot.upgrade.body import body
from bot.upgrade.existing import existing
from bot.upgrade.model import LockProblem, Written
from bot.upgrade.offboard import offboard
from bot.upgrade.publish import Dress, Offer, Outcome, Publisher
from bot.upgrade.tidy import Tidier
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hosts import LOGIN, opened
from tests.support.upgrades import background, move, upgrade, written

NAME = "acme/shop"
PREFIX = "debtscan/"
FILES = {"requirements.txt": "requests==2.31.0\nflask==2.0\n", "README.md": "Shop\n"}
DRESS = Dress(labels=("dependencies",), assignees=("ada",), reviewers=("ada",))


class _EndedError(BaseException):
    """A run that is killed: nothing after it happens."""


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={"ada": "write", LOGIN: "write"})


def _written(text: str = "requests==2.32.4\nflask==2.0\n", target: str = "2.32.4") -> Written:
    made = upgrade(move("requests", target=target))
    files = {"requirements.txt": text.encode()}
    return written(made, files=files, commits=((f"Bump requests to {target}", files),))


def _two() -> Written:
    first = {"requirements.txt": b"requests==2.32.4\nflask==2.0\n"}
    second = {"requirements.txt": b"requests==2.32.4\nflask==3.1\n"}
    made = upgrade(move("requests", target="2.32.4"), move("flask", target="3.1"))
    return written(made, files=second, commits=(("Bump requests", first), ("Bump flask", second)))


def _publish(client: Client, made: Written | None = None, dress: Dress = DRESS) -> Outcome:
    made = made or _written()
    repo = client.repository()
    assert repo.head
    publisher = Publisher(client, repo, repo.head, client.pulls(PREFIX), client.branches(PREFIX))
    return publisher.publish(Offer(written=made, body=body(made, background()), dress=dress))


def test_a_branch_with_one_commit_a_move_and_a_pull_request_with_all_that_belongs_to_it(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        outcome = _publish(client, _two())
    (pull,) = repository.pulls
    assert outcome.pull is not None
    assert outcome.pull.number == pull.number
    assert repository.file("requirements.txt", pull.branch) == b"requests==2.32.4\nflask==3.1\n"
    assert repository.file("README.md", pull.branch) == b"Shop\n"
    with opened(github, NAME) as client:
        commits = client.commits_between(repository.head, pull.head)
        (seen,) = client.pulls(PREFIX)
    assert [commit.message.splitlines()[0] for commit in commits] == ["Bump requests", "Bump flask"]
    assert seen.labels == ("dependencies",)
    assert seen.assignees == ("ada",)
    assert seen.reviewers == ("ada",)
    said = marker.parse(seen.body)
    assert said is not None
    assert said.state == {}


def test_a_second_run_writes_nothing(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    before = len(github.writes)
    with opened(github, NAME) as client:
        outcome = _publish(client)
    assert outcome.done == ()
    assert github.writes[before:] == []
    assert len(repository.pulls) == 1


def test_a_second_run_writes_nothing_although_the_default_branch_went_on(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.commit({"README.md": "Shop, new\n"})
    before = len(github.writes)
    with opened(github, NAME) as client:
        _publish(client)
    assert github.writes[before:] == []


def test_a_new_release_updates_branch_and_text_in_place(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    with opened(github, NAME) as client:
        outcome = _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
    (pull,) = repository.pulls
    assert repository.file("requirements.txt", pull.branch) == b"requests==2.32.5\nflask==2.0\n"
    assert any(done.startswith("updated") for done in outcome.done)
    said = marker.parse(pull.body or "")
    assert said is not None
    assert said.targets == {"pypi:requests": "2.32.5"}


def test_commits_of_people_are_never_overwritten(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    branch = repository.pulls[0].branch
    theirs = repository.commit({"fix.py": "x = 1\n"}, branch=branch)
    before = len(github.writes)
    with opened(github, NAME) as client:
        outcome = _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
    assert outcome.kept
    assert repository.branches[branch] == theirs
    assert github.writes[before:] == []


def test_a_conflict_is_solved_by_remaking(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.commit({"requirements.txt": "requests==2.31.1\nflask==2.1\n"})
    with opened(github, NAME) as client:
        _publish(client, _written("requests==2.32.4\nflask==2.1\n"))
    with opened(github, NAME) as client:
        (pull,) = client.pulls(PREFIX)
        assert [commit.parents for commit in client.commits_between(repository.head, pull.head)] == [(repository.head,)]
    repository.merge(pull.number)
    assert repository.file("requirements.txt") == b"requests==2.32.4\nflask==2.1\n"


def test_a_lock_that_cannot_be_made_is_a_draft_and_becomes_ready_with_it(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    broken = replace(_written(), problems=(LockProblem(lock="uv.lock", tool="uv", detail="no uv here"),))
    with opened(github, NAME) as client:
        _publish(client, broken)
    assert repository.pulls[0].draft
    with opened(github, NAME) as client:
        _publish(client)
    assert not repository.pulls[0].draft


def test_a_draft_that_people_made_stays_one(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
        repository.pulls[0].draft = True
    with opened(github, NAME) as client:
        _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
    assert repository.pulls[0].draft


def test_labels_and_reviewers_that_people_took_away_stay_away(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.settings.issues[repository.pulls[0].number].labels.clear()
    with opened(github, NAME) as client:
        _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
        (pull,) = client.pulls(PREFIX)
    assert pull.labels == ()


def _writes_of(run: Callable[[GitHubStandIn], None], github: GitHubStandIn) -> int:
    before = len(github.writes)
    run(github)
    return len(github.writes) - before


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("nth", range(1, 13))
def test_a_run_that_is_killed_at_any_write_leaves_one_branch_and_one_pull_request_to_the_next(
    github: GitHubStandIn, repository: HostedRepository, nth: int, after: bool
) -> None:
    def end() -> None:
        raise _EndedError

    seen = {"writes": 0}

    class Ending(Client):
        """Ends at the nth write, as a process that is killed would."""

    with opened(github, NAME) as client:
        host = _ending(client, nth, after=after, seen=seen, end=end)
        try:
            _publish(host, _two())
            ended = False
        except _EndedError:
            ended = True
    with opened(github, NAME) as client:
        _publish(client, _two())
    (pull,) = repository.pulls
    assert list(repository.branches) == sorted([pull.branch, "main"])
    assert repository.file("requirements.txt", pull.branch) == b"requests==2.32.4\nflask==3.1\n"
    with opened(github, NAME) as client:
        (found,) = client.pulls(PREFIX)
        assert found.labels == ("dependencies",)
        assert found.reviewers == ("ada",)
        assert [entry.message.splitlines()[0] for entry in client.commits_between(repository.head, found.head)] == [
            "Bump requests",
            "Bump flask",
        ]
    before = len(github.writes)
    with opened(github, NAME) as client:
        _publish(client, _two())
    assert github.writes[before:] == []
    assert ended or nth > seen["writes"]


_WRITES = (
    *("commit", "create_branch", "move_branch", "create_pull", "update_pull"),
    *("label", "assign", "request_reviews"),
)


def _ending(client: Client, nth: int, *, after: bool, seen: dict[str, int], end: Callable[[], None]) -> Client:
    for name in _WRITES:
        real = getattr(client, name)

        def call(*given: object, _real: Callable[..., object] = real, **named: object) -> object:
            seen["writes"] += 1
            if seen["writes"] == nth and not after:
                end()
            answer = _real(*given, **named)
            if seen["writes"] == nth:
                end()
            return answer

        setattr(client, name, call)
    return client


def test_what_a_person_closed_is_told_from_what_debtscan_closed(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.close(1)
    with opened(github, NAME) as client:
        (found,) = existing(client.pulls(PREFIX), client.login())
        assert found.closed_by_person
        assert found.targets == {"pypi:requests": "2.32.4"}
        assert (
            Tidier(client, repository.head, client.login()).sweep(client.branches(PREFIX), (), client.pulls(PREFIX))
            == ()
        )
    repository.reopen(1)
    with opened(github, NAME) as client:
        (pull,) = client.pulls(PREFIX)
        Tidier(client, repository.head, client.login()).close(pull, "Nothing needs it any more.")
        (found,) = existing(client.pulls(PREFIX), client.login())
    assert found.state == "closed"
    assert not found.closed_by_person
    assert list(repository.branches) == ["main"]


def test_a_merged_upgrade_loses_its_branch(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.merge(1)
    with opened(github, NAME) as client:
        done = Tidier(client, repository.head, client.login()).sweep(client.branches(PREFIX), (), client.pulls(PREFIX))
    assert len(done) == 1
    assert list(repository.branches) == ["main"]


def _sweep(github: GitHubStandIn, repository: HostedRepository, prefix: str = PREFIX) -> tuple[str, ...]:
    with opened(github, NAME) as client:
        tidier = Tidier(client, repository.head, client.login())
        return tidier.sweep(client.branches(prefix), (), client.pulls(prefix))


@pytest.mark.parametrize(
    ("branch", "prefix"), [("debtscan/idea", "debtscan/"), ("release-1.0", "release-"), ("main-2", "main-")]
)
@pytest.mark.parametrize("behind", [False, True])
def test_a_branch_that_only_its_name_makes_debtscans_is_never_deleted(
    github: GitHubStandIn, repository: HostedRepository, branch: str, prefix: str, behind: bool
) -> None:
    repository.point(branch, repository.head)
    if behind:
        repository.commit({"README.md": "Shop, new\n"})
    assert _sweep(github, repository, prefix) == ()
    with opened(github, NAME) as client:
        assert offboard(client, repository.head, prefix, "debtscan-history").done == ()
    assert branch in repository.branches


def test_a_copy_of_its_branch_under_another_name_is_somebody_elses(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    (pull,) = repository.pulls
    repository.point("debtscan/mine", pull.head)
    repository.point("debtscan/merged", pull.head)
    assert _sweep(github, repository) == ()
    repository.merge(1)
    assert _sweep(github, repository) == (f"deleted {pull.branch}",)
    assert list(repository.branches) == ["debtscan/merged", "debtscan/mine", "main"]


def test_a_branch_that_was_used_again_after_merging_stays(github: GitHubStandIn, repository: HostedRepository) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    (pull,) = repository.pulls
    repository.merge(1)
    repository.commit({"README.md": "Shop, new\n"})
    repository.point(pull.branch, repository.head)
    assert _sweep(github, repository) == ()


def test_a_pull_request_that_somebody_else_opened_is_not_closed_nor_overwritten(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    repository.close(1)
    branch = repository.pulls[0].branch
    with opened(github, NAME, token=github.token(login="ada")) as theirs:
        theirs.create_pull(branch=branch, base="main", title="Mine", body=repository.pulls[0].body or "", draft=False)
    before = len(github.writes)
    with opened(github, NAME) as client:
        outcome = _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
        pull = next(pull for pull in client.pulls(PREFIX) if pull.number == 2)
        assert Tidier(client, repository.head, client.login()).close(pull, "Nothing needs it any more.") == ()
    assert outcome.kept == "ada opened #2 from this branch"
    assert github.writes[before:] == []


def test_a_branch_of_the_wanted_name_that_nothing_proves_to_be_debtscans_is_left(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    repository.point(_written().upgrade.branch, repository.head)
    before = len(github.writes)
    with opened(github, NAME) as client:
        outcome = _publish(client)
    assert "nothing proves" in outcome.kept
    assert github.writes[before:] == []


def test_a_branch_set_back_to_an_older_state_of_debtscans_is_made_anew_and_that_is_said(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client)
    (pull,) = repository.pulls
    first = pull.head
    with opened(github, NAME) as client:
        assert _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5")).note == ""
    repository.point(pull.branch, first)
    with opened(github, NAME) as client:
        outcome = _publish(client, _written("requests==2.32.5\nflask==2.0\n", "2.32.5"))
    assert outcome.note.startswith("its branch was set back")
    assert repository.file("requirements.txt", pull.branch) == b"requests==2.32.5\nflask==2.0\n"


def test_commits_that_somebody_took_off_stay_off_and_it_is_said(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    with opened(github, NAME) as client:
        _publish(client, _two())
        (pull,) = repository.pulls
        first = client.commits_between(repository.head, pull.head)[0]
    repository.point(pull.branch, first.sha)
    before = len(github.writes)
    with opened(github, NAME) as client:
        outcome = _publish(client, _two())
    assert outcome.kept == "somebody took commits off the branch, and they stay off"
    assert github.writes[before:] == []


@pytest.mark.parametrize("name", ["short-1a2b3c4d", "gh-12", "@a/b"])
def test_what_messages_write_in_pieces_proves_a_branch_all_the_same(
    github: GitHubStandIn, repository: HostedRepository, name: str
) -> None:
    made = upgrade(move(name, target="2.0"))
    with opened(github, NAME) as client:
        _publish(client, replace(_written(), upgrade=made))
    assert _sweep(github, repository) == ()
    repository.close(1, login=LOGIN)
    assert _sweep(github, repository) == (f"deleted {made.branch}",)
