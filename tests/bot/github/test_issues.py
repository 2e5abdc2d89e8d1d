"""Issues through the client and on a dry run."""

from __future__ import annotations

import pytest

from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.errors import ForbiddenError, NotThereError
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener

NAME = "acme/shop"
LOGIN = "octobot"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "one\n"})


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


def test_an_issue_is_opened_changed_closed_and_found_again(client: Client, hosted: HostedRepository) -> None:
    made = client.create_issue(title="Debt", body="One", labels=["debt"])
    assert (made.number, made.state, made.author.login, made.labels) == (1, "open", LOGIN, ("debt",))
    assert made.url.endswith(f"/{NAME}/issues/1")
    client.update_issue(1, title="Debts", body="Two", open=False)
    assert client.issues(LOGIN, ["debt"]) == (client.issue(1),)
    found = client.issue(1)
    assert (found.title, found.body, found.state) == ("Debts", "Two", "closed")
    assert found.closed_by is not None
    assert found.closed_by.login == LOGIN
    client.update_issue(1)
    assert hosted.settings.issues[1].title == "Debts"


def test_pull_requests_and_issues_of_others_are_not_listed(client: Client, hosted: HostedRepository) -> None:
    client.create_branch("debtscan/x", hosted.head)
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    client.move_branch("debtscan/x", sha, expected=hosted.head)
    client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    client.create_issue(title="Mine", body="", labels=[])
    assert [issue.title for issue in client.issues(LOGIN)] == ["Mine"]
    assert client.issues("ada") == ()
    assert client.issues(LOGIN, ["debt"]) == ()


def test_where_issues_are_switched_off_the_repository_says_so_and_none_is_opened(
    client: Client, hosted: HostedRepository
) -> None:
    assert client.repository().issues
    hosted.settings.has_issues = False
    assert not client.repository().issues
    with pytest.raises(NotThereError, match="disabled"):
        client.create_issue(title="Debt", body="", labels=[])


def test_without_the_permission_the_error_names_it(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository
) -> None:
    client = opener(hosted.name, github.token(permissions={"issues": "read", "contents": "write"}))
    with pytest.raises(ForbiddenError) as caught:
        client.create_issue(title="Debt", body="", labels=[])
    assert caught.value.permission == "issues"


def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_opened_twice(
    github: GitHubStandIn, client: Client, hosted: HostedRepository
) -> None:
    github.fault("write", nth=1, after=True, drop=True)
    made = client.create_issue(title="Debt", body="One", labels=["debt"])
    assert made.number == 1
    assert list(hosted.settings.issues) == [1]


def test_a_write_that_never_arrived_is_sent_again(
    github: GitHubStandIn, client: Client, hosted: HostedRepository
) -> None:
    github.fault("write", nth=1, after=False, drop=True)
    client.create_issue(title="Debt", body="One", labels=[])
    assert list(hosted.settings.issues) == [1]


def test_a_locked_issue_says_so(client: Client, hosted: HostedRepository) -> None:
    client.create_issue(title="Debt", body="", labels=[])
    hosted.settings.issues[1].locked = True
    assert client.issue(1).locked
    with pytest.raises(ForbiddenError, match="locked"):
        client.comment(1, "Hello")


def test_on_a_dry_run_issues_are_as_they_would_be(
    github: GitHubStandIn, client: Client, hosted: HostedRepository
) -> None:
    client.create_issue(title="Old", body="x", labels=["debt"])
    before = len(github.writes)
    said: list[str] = []
    dry = DryRun(client, said.append)
    made = dry.create_issue(title="New", body="One\n\x1b[31mred", labels=["debt"])
    assert [issue.title for issue in dry.issues(LOGIN, ["debt"])] == ["New", "Old"]
    dry.update_issue(made.number, title="Newer", body="Two")
    dry.update_issue(1, open=False)
    dry.comment(1, "Bye")
    dry.comment(made.number, "Hi")
    assert (dry.issue(1).state, dry.issue(made.number).body) == ("closed", "Two")
    assert said == [
        "would open the issue 'New', labelled debt:\n    One\n     [31mred",
        "would change the issue 'New': set the title 'Newer'; set the text:\n    Two",
        "would change the issue #1: close it",
        "would comment on the issue #1:\n    Bye",
        "would comment on the issue 'Newer':\n    Hi",
    ]
    assert len(github.writes) == before
    assert list(hosted.settings.issues) == [1]
