from __future__ import annotations

import pytest

from bot.github.client import Client
from bot.github.errors import NotThereError
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
