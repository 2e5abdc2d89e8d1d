"""What the client does on GitHub, seen from GitHub's side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from analyzers.errors import UsageError
from bot.github.client import Client
from bot.github.errors import AlreadyThereError, ForbiddenError, HostError, NotThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Actor
from bot.github.pulls import Pulls
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, Opener, installed_app

NAME = "acme/shop"
FILES = {"app.py": "import requests\n", "docs/a/b.txt": "deep\n", "requirements.txt": "requests==2.0\n"}


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES)


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


def test_it_is_a_host(client: Client) -> None:
    host: Host = client
    assert host.login() == "octobot"


def test_a_repository_is_told_as_it_is(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    found = client.repository()
    assert (found.name, found.default_branch, found.head) == (NAME, "main", hosted.head)
    assert {found.private, found.archived, found.disabled, found.fork, found.mirror, found.empty} == {False}
    hosted.settings.archived = hosted.settings.private = True
    assert client.repository().archived
    assert client.repository().private
    github.repository("acme/nothing")
    empty = opener("acme/nothing").repository()
    assert empty.empty
    assert empty.head is None


def test_a_commit_changes_what_is_named_and_nothing_else(hosted: HostedRepository, client: Client) -> None:
    binary = bytes(range(256))
    wanted = {
        "app.py": b"import httpx\n",
        "docs/a/b.txt": None,
        "logo.png": binary,
        "new/deep/file": "grün\r\n".encode(),
    }
    sha = client.commit(hosted.head, wanted, "Move on\n\nBecause.")
    client.create_branch("debtscan/x", sha)
    assert hosted.files("debtscan/x") == {
        "app.py": b"import httpx\n",
        "logo.png": binary,
        "new/deep/file": "grün\r\n".encode(),
        "requirements.txt": b"requests==2.0\n",
    }
    assert hosted.files("main") == {path: text.encode() for path, text in FILES.items()}


def test_only_binary_files_are_sent_apart(github: GitHubStandIn, hosted: HostedRepository, client: Client) -> None:
    client.commit(hosted.head, {"app.py": b"x\n", "a.bin": b"\0\xff"}, "Change")
    assert [exchange.template.rpartition("/git")[2] for exchange in github.writes] == ["/blobs", "/trees", "/commits"]


def test_files_that_are_as_they_should_be_are_left_out(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    sha = client.commit(hosted.head, {"app.py": FILES["app.py"].encode(), "gone.txt": None}, "Nothing")
    assert [exchange.template.rpartition("/git")[2] for exchange in github.writes] == ["/commits"]
    client.create_branch("same", sha)
    assert hosted.files("same") == hosted.files("main")


def test_commits_follow_each_other(hosted: HostedRepository, client: Client) -> None:
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    second = client.commit(first, {"requirements.txt": b"2\n"}, "Two")
    client.create_branch("debtscan/two", second)
    assert [commit.message for commit in client.commits_between("main", "debtscan/two")] == ["One", "Two"]
    assert hosted.file("app.py", "debtscan/two") == b"1\n"


def test_a_branch_may_begin_with_no_file_and_no_parent(hosted: HostedRepository, client: Client) -> None:
    first = client.commit(None, {"a/b.txt": b"1\n", "c.txt": b"2\n"}, "Begin", root=True)
    client.create_branch("apart", first)
    assert hosted.files("apart") == {"a/b.txt": b"1\n", "c.txt": b"2\n"}
    second = client.commit(first, {"a/b.txt": b"3\n", "c.txt": None}, "Begin anew", root=True)
    client.move_branch("apart", second, expected=first)
    assert hosted.files("apart") == {"a/b.txt": b"3\n"}
    assert [commit.parents for commit in hosted.settings.git.log("apart")] == [()]


def test_a_link_is_not_overwritten(github: GitHubStandIn, hosted: HostedRepository, client: Client) -> None:
    with pytest.raises(HostError, match=r"a link, a folder or a submodule"):
        client.commit(hosted.head, {"docs": b"x"}, "Change")
    assert not github.writes


def test_an_apps_commits_are_signed(opener: Opener, github: GitHubStandIn, hosted: HostedRepository) -> None:
    client = opener(NAME, installed_app(github, "acme"))
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"x\n"}, "Change"))
    (commit,) = client.commits_between("main", "debtscan/x")
    assert commit.verified
    assert client.login() == "debtscan[bot]"
    assert commit.author_login == "debtscan[bot]"


def test_files_are_read_at_a_ref(hosted: HostedRepository, client: Client) -> None:
    old = hosted.head
    hosted.commit({"app.py": "new\n", "large.txt": "x" * 1_500_000})
    assert client.file("app.py", old) == b"import requests\n"
    assert client.file("app.py", "main") == b"new\n"
    assert client.file("large.txt", "main") == b"x" * 1_500_000
    assert client.file("nothing", "main") is None
    assert client.file("docs", "main") is None
    assert client.file("../../../user", "main") is None


def test_branches_are_created_moved_and_deleted(hosted: HostedRepository, client: Client) -> None:
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    client.create_branch("debtscan/pypi/x", first)
    with pytest.raises(AlreadyThereError):
        client.create_branch("debtscan/pypi/x", first)
    assert client.branches("debtscan/") == {"debtscan/pypi/x": first}
    other = client.commit(hosted.head, {"app.py": b"2\n"}, "Other")
    client.move_branch("debtscan/pypi/x", other, expected=first)
    assert hosted.branches["debtscan/pypi/x"] == other
    client.move_branch("debtscan/pypi/x", other, expected=first)
    client.delete_branch("debtscan/pypi/x")
    client.delete_branch("debtscan/pypi/x")
    assert client.branches("debtscan/") == {}


def test_what_somebody_pushed_is_not_overwritten(hosted: HostedRepository, client: Client) -> None:
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    client.create_branch("debtscan/x", first)
    pushed = hosted.commit({"app.py": "mine\n"}, branch="debtscan/x")
    other = client.commit(hosted.head, {"app.py": b"2\n"}, "Other")
    with pytest.raises(StaleError, match="by somebody else"):
        client.move_branch("debtscan/x", other, expected=first)
    assert hosted.branches["debtscan/x"] == pushed
    hosted.delete_branch("debtscan/x")
    with pytest.raises(NotThereError):
        client.move_branch("debtscan/x", other, expected=first)


def test_a_pull_request_lives(hosted: HostedRepository, client: Client) -> None:
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    made = client.create_pull(branch="debtscan/x", base="main", title="Update x", body="Why", draft=True)
    assert (made.branch, made.base, made.title, made.body, made.draft) == (
        "debtscan/x",
        "main",
        "Update x",
        "Why",
        True,
    )
    assert (made.state, made.author) == ("open", Actor(login="octobot"))
    with pytest.raises(AlreadyThereError):
        client.create_pull(branch="debtscan/x", base="main", title="Update x", body="Why", draft=True)
    client.update_pull(made.number, title="Update x and y", body="Because", draft=False)
    client.label(made.number, ["debtscan", "dependencies"])
    (found,) = client.pulls("debtscan/")
    assert (found.title, found.body, found.draft) == ("Update x and y", "Because", False)
    assert found.labels == ("debtscan", "dependencies")
    client.update_pull(made.number, open=False)
    (found,) = client.pulls("debtscan/")
    assert (found.state, found.closed_by) == ("closed", Actor(login="octobot"))
    client.update_pull(made.number, open=True)
    assert client.pulls("debtscan/")[0].state == "open"
    assert client.pulls("other/") == ()


def test_listing_pulls_asks_no_more_than_it_needs(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    for number in range(3):
        client.create_branch(f"debtscan/{number}", client.commit(hosted.head, {"app.py": b"%d\n" % number}, "One"))
        client.create_pull(branch=f"debtscan/{number}", base="main", title="t", body="b", draft=False)
    github.requests.clear()
    assert len(client.pulls("debtscan/")) == 3
    assert [exchange.name for exchange in github.requests] == ["GET /repos/{owner}/{repo}/pulls"] * 2


def test_comments_are_read_and_written(hosted: HostedRepository, client: Client) -> None:
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    client.comment(made.number, "First")
    client.comment(made.number, "Second")
    assert [(comment.author.login, comment.body) for comment in client.comments(made.number)] == [
        ("octobot", "First"),
        ("octobot", "Second"),
    ]


def test_whom_github_does_not_take_is_told(hosted: HostedRepository, client: Client) -> None:
    hosted.settings.collaborators["ada"] = "write"
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    assert client.assign(made.number, ["ada", "nobody"]) == ("nobody",)
    assert client.request_reviews(made.number, ["nobody", "ada"], []) == ("nobody",)
    (found,) = client.pulls("debtscan/")
    assert (found.assignees, found.reviewers) == (("ada",), ("ada",))
    assert client.assign(made.number, []) == client.request_reviews(made.number, [], []) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda client: client.create_branch("x", "0" * 40), "does not exist"),
        (
            lambda client: client.create_pull(branch="none", base="main", title="t", body="", draft=False),
            "none",
        ),
        (
            lambda client: client.create_pull(branch="main", base="main", title="t", body="", draft=False),
            "main",
        ),
        (lambda client: client.update_pull(77, title="t"), "not there"),
        (lambda client: client.comment(77, "t"), "not there"),
    ],
)
def test_what_github_refuses_is_a_sentence(client: Client, change: Callable[[Client], object], said: str) -> None:
    with pytest.raises(HostError, match=said) as raised:
        change(client)
    assert str(raised.value).startswith("could not ")


def test_a_workflow_without_the_permission_for_it_is_named(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository
) -> None:
    client = opener(NAME, github.token(without=["workflows"]))
    with pytest.raises(ForbiddenError, match=r"could not change \.github/workflows/ci\.yml: .*'workflows'") as raised:
        client.commit(hosted.head, {".github/workflows/ci.yml": b"on: push\n"}, "Change")
    assert raised.value.permission == "workflows"
    assert client.commit(hosted.head, {"app.py": b"x\n"}, "Change")


@pytest.mark.parametrize(
    ("without", "change"),
    [
        ("contents", lambda client: client.commit(client.branches("main")["main"], {"app.py": b"x\n"}, "Change")),
        ("contents", lambda client: client.create_branch("x", client.branches("main")["main"])),
        ("pull_requests", lambda client: client.update_pull(1, title="t")),
    ],
)
def test_a_missing_permission_is_named(
    opener: Opener,
    github: GitHubStandIn,
    hosted: HostedRepository,
    without: str,
    change: Callable[[Client], object],
) -> None:
    client = opener(hosted.name, github.token(without=[without]))
    with pytest.raises(ForbiddenError, match=f"give the permission '{without}'") as raised:
        change(client)
    assert raised.value.permission == without


def test_a_repository_that_is_not_there(opener: Opener) -> None:
    with pytest.raises(NotThereError, match="hidden from these credentials"):
        opener("acme/none").repository()


@pytest.mark.parametrize(
    "name", ["acme", "acme/..", "acme/.", "acme/a/b", "../acme", "acme/a b", "", "acme/a?b", "-a/b"]
)
def test_what_is_no_name_is_not_asked(opener: Opener, github: GitHubStandIn, name: str) -> None:
    with pytest.raises(UsageError, match="write it like OWNER/REPO"):
        opener(name)
    assert not github.requests


def test_a_revoked_token(opener: Opener, hosted: HostedRepository) -> None:
    client = opener(hosted.name, "ghp_revoked")
    with pytest.raises(ForbiddenError, match="expired or revoked"):
        client.repository()


def test_checks_are_summed_up(hosted: HostedRepository, client: Client) -> None:
    head = hosted.head
    assert client.checks(head).state == "none"
    hosted.check(head, "unit", "success")
    assert client.checks(head).state == "success"
    hosted.check(head, "lint", None)
    assert (client.checks(head).state, client.checks(head).pending) == ("pending", ("lint",))
    hosted.check(head, "build", "failure")
    assert (client.checks(head).state, client.checks(head).failed) == ("failure", ("build",))
    hosted.check(head, "build", "success")
    hosted.check(head, "lint", "neutral")
    assert client.checks(head).state == "success"


def test_writes_are_a_second_apart(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository, clock: FakeClock
) -> None:
    client = opener(NAME)
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    assert len(github.writes) == 3
    assert clock.slept == [1.0, 1.0]
    assert client.rate().writes == 3


def test_a_server_without_the_swap_of_branches_is_asked_in_steps(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    github.world.unknown_mutations.add("updateRefs")
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    client.create_branch("debtscan/x", first)
    following = client.commit(first, {"app.py": b"2\n"}, "Two")
    client.move_branch("debtscan/x", following, expected=first)
    assert hosted.branches["debtscan/x"] == following
    instead = client.commit(hosted.head, {"app.py": b"3\n"}, "Three")
    client.move_branch("debtscan/x", instead, expected=following)
    assert hosted.branches["debtscan/x"] == instead
    pushed = hosted.commit({"app.py": "mine\n"}, branch="debtscan/x")
    with pytest.raises(StaleError):
        client.move_branch("debtscan/x", first, expected=instead)
    assert hosted.branches["debtscan/x"] == pushed


def test_the_older_way_lets_github_refuse_what_was_pushed_meanwhile(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    github.world.unknown_mutations.add("updateRefs")
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    client.create_branch("debtscan/x", first)
    following = client.commit(first, {"app.py": b"2\n"}, "Two")
    pushed: list[str] = []
    github.fault(
        "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
        call=lambda: pushed.append(hosted.commit({"mine.txt": "mine\n"}, branch="debtscan/x")),
    )
    with pytest.raises(StaleError):
        client.move_branch("debtscan/x", following, expected=first)
    assert [hosted.branches["debtscan/x"]] == pushed


def test_what_a_branch_requires_is_told(hosted: HostedRepository, client: Client) -> None:
    assert client.required_checks("main") == ()
    hosted.protect(contexts=("unit", "lint"))
    assert client.required_checks("main") == ("lint", "unit")


def test_a_merge_is_of_the_very_commit(hosted: HostedRepository, client: Client) -> None:
    sha = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    client.create_branch("debtscan/x", sha)
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    with pytest.raises(StaleError):
        client.merge(made.number, sha="0" * 40, method="merge")
    client.merge(made.number, sha=sha, method="squash")
    assert hosted.file("app.py") == b"1\n"
    (found,) = client.pulls("debtscan/")
    assert (found.state, found.closed_by) == ("merged", None)


def test_automatic_merges_need_the_repositorys_leave(hosted: HostedRepository, client: Client) -> None:
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    hosted.settings.allow_auto_merge = False
    with pytest.raises(HostError, match="not allowed for this repository"):
        client.enable_auto_merge(made, "squash")
    hosted.settings.allow_auto_merge = True
    hosted.protect(contexts=("unit",))
    client.enable_auto_merge(made, "squash")
    assert client.pulls("debtscan/")[0].auto_merge
    hosted.check(made.head, "unit", "success")
    assert client.pulls("debtscan/")[0].state == "merged"


def test_a_renamed_repository_is_followed_with_its_parameters(hosted: HostedRepository, client: Client) -> None:
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"1\n"}, "One"))
    made = client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)
    client.update_pull(made.number, open=False)
    hosted.rename("acme/store")
    assert [pull.state for pull in client.pulls("debtscan/")] == ["closed"]
    assert client.repository().name == "acme/store"


def test_what_a_person_closed_long_ago_is_found_among_what_debtscan_opened(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    numbers = []
    for branch in ("debtscan/old", "debtscan/merged", "debtscan/new"):
        sha = client.commit(hosted.head, {f"{branch}.txt": b"x\n"}, "One")
        client.create_branch(branch, sha)
        numbers.append(client.create_pull(branch=branch, base="main", title="t", body="b", draft=False).number)
    hosted.close(numbers[0])
    hosted.merge(numbers[1])
    github.world.now += timedelta(days=1)
    hosted.close(numbers[2])
    pulls = Pulls(client._requester, "/repos/acme/shop", "acme", most_closed=1)
    found = {pull.branch: (pull.state, pull.closed_by) for pull in pulls.matching("debtscan/", client.login)}
    assert found == {
        "debtscan/old": ("closed", Actor(login="ada")),
        "debtscan/new": ("closed", Actor(login="ada")),
    }
