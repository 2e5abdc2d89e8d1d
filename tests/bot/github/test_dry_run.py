"""A dry run says what would be done, does nothing, and can be asked about what it would have done."""

from __future__ import annotations

import pytest

from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.errors import AlreadyThereError, NotThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Annotation, CheckText
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, Opener

NAME = "acme/shop"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "one\n", "old.txt": "x"})


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def dry(client: Client, said: list[str], clock: FakeClock) -> DryRun:
    return DryRun(client, said.append, now=clock.moment)


def test_each_write_is_a_sentence_and_none_is_done(
    github: GitHubStandIn, hosted: HostedRepository, dry: DryRun, said: list[str]
) -> None:
    host: Host = dry
    sha = host.commit(hosted.head, {"app.py": b"two\n", "old.txt": None}, "Update x\n\nWhy")
    host.create_branch("debtscan/x", sha)
    made = host.create_pull(branch="debtscan/x", base="main", title="Update x", body="Why\n\n\x1b[31mred", draft=False)
    host.label(made.number, ["debtscan"])
    host.assign(made.number, ["ada"])
    host.request_reviews(made.number, ["ada"], ["ops"])
    host.comment(made.number, "Hello")
    host.enable_auto_merge(made, "squash")
    host.update_pull(made.number, title="Update y", draft=True)
    host.merge(made.number, sha=sha, method="merge")
    host.delete_branch("debtscan/x")
    assert said == [
        "would commit 'Update x': write app.py, delete old.txt",
        "would create the branch debtscan/x",
        "would open the pull request 'Update x' from debtscan/x into main:\n    Why\n\n     [31mred",
        "would label the pull request 'Update x': debtscan",
        "would assign the pull request 'Update x' to ada",
        "would ask ada, the team ops to review the pull request 'Update x'",
        "would comment on the pull request 'Update x':\n    Hello",
        "would let GitHub merge the pull request 'Update x' (squash) once all required checks passed",
        "would change the pull request 'Update x': set the title 'Update y'; make it a draft",
        "would merge the pull request 'Update y' (merge)",
        "would delete the branch debtscan/x",
    ]
    assert dry.writes == len(said)
    assert not github.writes
    assert set(hosted.branches) == {"main"}


def test_a_branch_of_its_own_would_begin_with_no_file(dry: DryRun) -> None:
    first = dry.commit(None, {"new.txt": b"1"}, "Begin", root=True)
    second = dry.commit(first, {"more.txt": b"2"}, "Begin anew", root=True)
    dry.create_branch("apart", second)
    assert dry.file("new.txt", "apart") == b"1"
    assert dry.file("app.py", "apart") is None
    assert [commit.parents for commit in dry.commits_between("main", "apart")] == [()]


def test_what_would_be_there_is_there(hosted: HostedRepository, dry: DryRun) -> None:
    first = dry.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    second = dry.commit(first, {"new.txt": b"new\n", "old.txt": None}, "Three")
    dry.create_branch("debtscan/x", second)
    assert dry.branches("debtscan/") == {"debtscan/x": second}
    assert dry.file("app.py", "debtscan/x") == b"two\n"
    assert dry.file("old.txt", second) is None
    assert dry.file("old.txt", first) == b"x"
    assert [commit.message for commit in dry.commits_between("main", "debtscan/x")][-2:] == ["Two", "Three"]
    assert dry.checks(second).state == "none"
    made = dry.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    assert (made.head, made.author.login, made.number) == (second, "octobot", -1)
    third = dry.commit(second, {"app.py": b"3\n"}, "Four")
    dry.move_branch("debtscan/x", third, expected=second)
    (found,) = dry.pulls("debtscan/")
    assert found.head == third
    dry.update_pull(found.number, open=False)
    dry.comment(found.number, "Bye")
    assert dry.pulls("debtscan/")[0].state == "closed"
    assert [comment.body for comment in dry.comments(found.number)] == ["Bye"]


def test_it_refuses_what_github_would_refuse(hosted: HostedRepository, client: Client, dry: DryRun) -> None:
    client.create_branch("debtscan/there", hosted.head)
    sha = dry.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    with pytest.raises(AlreadyThereError):
        dry.create_branch("debtscan/there", sha)
    with pytest.raises(StaleError):
        dry.move_branch("debtscan/there", sha, expected="0" * 40)
    with pytest.raises(NotThereError):
        dry.move_branch("debtscan/none", sha, expected=sha)
    with pytest.raises(NotThereError):
        dry.create_pull(branch="debtscan/none", base="main", title="t", body="", draft=False)
    dry.create_branch("debtscan/x", sha)
    dry.create_pull(branch="debtscan/x", base="main", title="t", body="", draft=False)
    with pytest.raises(AlreadyThereError):
        dry.create_pull(branch="debtscan/x", base="main", title="t", body="", draft=False)


def test_what_is_there_is_seen_as_it_would_be(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, dry: DryRun, said: list[str]
) -> None:
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    client.create_branch("debtscan/x", sha)
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    writes = len(github.writes)
    assert dry.pulls("debtscan/")[0].number == made.number
    dry.update_pull(made.number)
    dry.update_pull(made.number, body="new")
    dry.delete_branch("debtscan/x")
    dry.delete_branch("debtscan/x")
    assert said == ["would change the pull request #1: set the text:\n    new", "would delete the branch debtscan/x"]
    (found,) = dry.pulls("debtscan/")
    assert (found.body, found.state) == ("new", "closed")
    assert len(github.writes) == writes
    assert hosted.branches["debtscan/x"] == sha


def test_comments_and_check_runs_are_said_and_read_back(
    github: GitHubStandIn, hosted: HostedRepository, dry: DryRun, said: list[str]
) -> None:
    hosted.pull_from_fork("eve", "topic", {"app.py": "two\n"})
    there = hosted.comment(1, "Hello")
    dry.edit_comment(there.id, "Bye")
    dry.comment(1, "Mine")
    assert [one.body for one in dry.comments(1)] == ["Bye", "Mine"]
    dry.delete_comment(dry.comments(1)[0].id)
    assert [one.body for one in dry.comments(1)] == ["Mine"]
    with pytest.raises(NotThereError):
        dry.edit_comment(there.id, "Again")
    noted = Annotation(
        path="app.py\n::error::x", line=3, end_line=3, level="notice", title="Old", message="Very\x1b[31m"
    )
    made = dry.create_check_run(
        hosted.head, "debt", CheckText(external_id="1", conclusion=None, title="B", summary="S", annotations=(noted,))
    )
    assert dry.check_runs(hosted.head, "debt") == (made,)
    dry.update_check_run(made, CheckText(external_id="2", conclusion="neutral", title="C", summary=""))
    assert [run.external_id for run in dry.check_runs(hosted.head, "debt")] == ["2"]
    dry.upload_sarif(hosted.head, "refs/heads/main", "{}")
    assert dry.analyses("refs/heads/main", "debtscan") == ()
    line = "notice at 'app.py\\n::error::x':3: Old: Very [31m"
    assert said == [
        f"would change the comment {there.id}:\n    Bye",
        "would comment on the pull request #1:\n    Mine",
        f"would delete the comment {there.id}",
        f"would write the check run 'debt' of {hosted.head[:10]}, not done yet: B\n    S\n    {line}",
        "would change the check run 'debt', neutral: C",
        f"would upload 2 characters of SARIF for {hosted.head[:10]} on refs/heads/main to code scanning",
    ]
    assert dry.pull(1).fork
    assert not github.writes


def test_reactions_are_said_once_and_read_back(
    github: GitHubStandIn, hosted: HostedRepository, dry: DryRun, said: list[str]
) -> None:
    hosted.pull_from_fork("eve", "topic", {"app.py": "two\n"})
    there = hosted.comment(1, "@debtscan help")
    dry.react(there.id, "eyes")
    dry.react(there.id, "eyes")
    assert [one.kind for one in dry.reactions(there.id)] == ["eyes"]
    dry.comment(1, "Mine")
    assert [one.body for one in dry.newest_comments(1)] == ["@debtscan help", "Mine"]
    assert dry.permission("nobody") == "none"
    assert said[0] == f"would react to the comment {there.id} with \N{EYES}"
    assert len(said) == 2
    assert not github.writes
