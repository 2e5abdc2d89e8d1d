from __future__ import annotations

import pytest

from bot.github.client import Client
from bot.github.errors import NotThereError
from bot.github.objects import Actor, Reaction
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n"})
    made.pull_from_fork("eve", "topic", {"a.txt": "2\n"})
    return made


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


def _bodies(hosted: HostedRepository) -> list[str]:
    return [comment.body for comment in hosted.pull(1).comments]


def test_a_comment_is_added_changed_and_deleted(hosted: HostedRepository, client: Client) -> None:
    client.comment(1, "one")
    (there,) = client.comments(1)
    client.edit_comment(there.id, "two")
    assert _bodies(hosted) == ["two"]
    client.delete_comment(there.id)
    assert _bodies(hosted) == []


@pytest.mark.usefixtures("hosted")
def test_one_that_is_gone_cannot_be_changed_and_need_not_be_deleted(client: Client) -> None:
    client.delete_comment(4711)
    with pytest.raises(NotThereError):
        client.edit_comment(4711, "two")


def test_a_deletion_whose_answer_is_lost_is_done(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    client.comment(1, "one")
    (there,) = client.comments(1)
    github.fault("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", drop=True, after=True)
    client.delete_comment(there.id)
    assert _bodies(hosted) == []


def test_a_pull_request_says_whether_it_comes_from_a_fork(hosted: HostedRepository, client: Client) -> None:
    hosted.commit({"a.txt": "3\n"}, branch="ours")
    made = client.create_pull(branch="ours", base="main", title="Ours", body="", draft=False)
    assert client.pull(1).fork
    assert not client.pull(made.number).fork
    with pytest.raises(NotThereError):
        client.pull(99)


def test_reactions_are_given_once_and_read_back(hosted: HostedRepository, client: Client) -> None:
    there = hosted.comment(1, "@debtscan help")
    (seen,) = client.comments(1)
    assert (seen.id, seen.author.login, seen.reactions) == (there.id, "ada", 0)
    client.react(there.id, "+1")
    client.react(there.id, "+1")
    client.react(there.id, "eyes")
    own = Actor(login=client.login())
    assert client.reactions(there.id) == (Reaction(author=own, kind="+1"), Reaction(author=own, kind="eyes"))
    (seen,) = client.comments(1)
    assert seen.reactions == 2
    assert [one.content for one in hosted.pull(1).comments[0].reactions] == ["+1", "eyes"]


@pytest.mark.usefixtures("hosted")
def test_nothing_reacts_to_a_comment_that_is_gone(client: Client) -> None:
    with pytest.raises(NotThereError):
        client.react(4711, "+1")
    with pytest.raises(NotThereError):
        client.reactions(4711)


@pytest.mark.parametrize(("count", "first"), [(0, 0), (3, 0), (100, 0), (101, 0), (250, 100), (1300, 1100)])
def test_of_many_comments_the_newest_are_read_in_three_requests(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, count: int, first: int
) -> None:
    for number in range(count):
        hosted.comment(1, str(number))
    client.login()
    before = len(github.requests)
    assert [one.body for one in client.newest_comments(1)] == [str(number) for number in range(first, count)]
    assert len(github.requests) - before <= 3


@pytest.mark.parametrize(
    ("login", "expected"),
    [("acme", "admin"), ("ada", "admin"), ("bob", "write"), ("max", "write"), ("tri", "read"), ("eve", "read")],
)
def test_what_a_login_may_do_is_asked(github: GitHubStandIn, opener: Opener, login: str, expected: str) -> None:
    roles = {"ada": "admin", "bob": "write", "max": "maintain", "tri": "triage"}
    github.repository("acme/store", {"a.txt": "1\n"}, collaborators=roles)
    for known in (*roles, "eve"):
        github.world.account(known)
    client = opener("acme/store")
    assert client.permission(login) == expected
    assert client.permission("nobody") == "none"
