"""Limits, failures that pass, and answers that are lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.http.cache import Cache, summary
from bot.github.client import Client, open_repository
from bot.github.errors import AlreadyThereError, LostAnswerError, RateLimitedError, UnreachableError
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, Opener, installed_app

NAME = "acme/shop"
REFS, PULLS = "POST /repos/{owner}/{repo}/git/refs", "POST /repos/{owner}/{repo}/pulls"
COMMENTS = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "one\n"})


@pytest.fixture
def client(opener: Opener, hosted: HostedRepository) -> Client:
    return opener(hosted.name)


def test_what_did_not_change_costs_nothing(client: Client) -> None:
    for _time in range(3):
        assert list(client.branches("")) == ["main"]
    rate = client.rate()
    assert (rate.asked, rate.unchanged, rate.writes) == (3, 2, 0)
    assert rate.limit - rate.remaining == 1


def test_what_did_change_is_seen(hosted: HostedRepository, client: Client) -> None:
    assert client.branches("") == {"main": hosted.head}
    hosted.commit({"app.py": "two\n"})
    assert client.branches("") == {"main": hosted.head}
    assert client.rate().unchanged == 0


def test_a_second_run_asks_whether_what_is_on_disk_still_holds(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository, tmp_path: Path
) -> None:
    token = github.token()
    for unchanged in (0, 1):
        cache = Cache(tmp_path / "cache")
        client = open_repository(opener.session(token, cache=cache), hosted.name)
        assert client.file("app.py", hosted.head) == b"one\n"
        assert client.rate().unchanged == unchanged
        cache.close()
    cache = Cache(tmp_path / "cache")
    other = open_repository(opener.session(cache=cache), hosted.name)
    assert other.file("app.py", hosted.head) == b"one\n"
    assert other.rate().unchanged == 0
    cache.close()
    assert token.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())


def test_answers_got_with_a_token_that_ends_are_not_kept_on_disk(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository, tmp_path: Path
) -> None:
    cache = Cache(tmp_path / "cache")
    client = open_repository(opener.session(installed_app(github, "acme"), cache=cache), hosted.name)
    for _time in range(2):
        assert client.file("app.py", hosted.head) == b"one\n"
    assert client.rate().unchanged == 1
    cache.close()
    assert summary(tmp_path / "cache").entries == 0


def test_a_used_up_limit_stops_the_run_and_names_the_time(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository, clock: FakeClock
) -> None:
    client = opener(hosted.name, github.token(limit=2))
    client.repository()
    asked = len(github.requests)
    with pytest.raises(
        RateLimitedError, match=r"limit of 2 an hour is used up until \d{4}-\d\d-\d\d \d\d:\d\d UTC"
    ) as raised:
        client.pulls("x")
    assert raised.value.until is not None
    assert timedelta(0) < raised.value.until - clock.moment() <= timedelta(hours=1)
    assert len(github.requests) == asked
    clock.seconds += 3700
    assert client.pulls("x") == ()
    assert clock.slept == []


def test_a_limit_that_others_used_up_is_told_by_the_answer(
    opener: Opener, github: GitHubStandIn, hosted: HostedRepository
) -> None:
    with pytest.raises(RateLimitedError, match="is used up until"):
        opener(hosted.name, github.token(limit=0)).repository()


@pytest.mark.parametrize(
    ("fault", "slept"),
    [
        ({"retry_after": 7, "status": 403, "times": 1}, [7.0]),
        ({"retry_after": 7, "status": 429, "times": 2}, [7.0, 7.0]),
        ({"retry_after": None, "status": 403, "times": 2}, [60.0, 120.0]),
    ],
)
def test_too_much_at_once_is_waited_for(
    github: GitHubStandIn,
    client: Client,
    clock: FakeClock,
    fault: dict[str, int],
    slept: list[float],
) -> None:
    github.fault("GET", secondary=True, **fault)  # type: ignore[arg-type]
    assert list(client.branches("")) == ["main"]
    assert clock.slept == slept


@pytest.mark.parametrize(("retry_after", "slept"), [(3600, []), (None, [60.0, 120.0, 240.0]), (9, [9.0] * 4)])
def test_waiting_has_an_end(
    github: GitHubStandIn, client: Client, clock: FakeClock, retry_after: int | None, slept: list[float]
) -> None:
    github.fault("", secondary=True, retry_after=retry_after, times=0)
    with pytest.raises(RateLimitedError, match=r"run again after \d{4}-\d\d-\d\d \d\d:\d\d UTC") as raised:
        client.branches("")
    assert raised.value.until is not None
    assert raised.value.until > datetime.fromtimestamp(clock.seconds - 1, tz=UTC)
    assert clock.slept == slept


def test_a_write_that_was_too_much_is_done_later_and_once(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, clock: FakeClock
) -> None:
    github.fault(REFS, secondary=True, retry_after=30)
    client.create_branch("debtscan/x", hosted.head)
    assert [exchange.template for exchange in github.writes] == ["/repos/{owner}/{repo}/git/refs"]
    assert clock.slept == [30.0]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 502}, {"status": 503}, {"status": 504}, {"drop": True}])
def test_reading_is_repeated_while_the_failure_may_pass(
    github: GitHubStandIn, client: Client, clock: FakeClock, fault: dict[str, int]
) -> None:
    github.fault("GET", times=2, **fault)  # type: ignore[arg-type]
    assert list(client.branches("")) == ["main"]
    assert clock.slept == [1.0, 2.0]


def test_a_server_that_stays_broken_is_given_up(github: GitHubStandIn, client: Client, clock: FakeClock) -> None:
    github.fault("GET", status=502, times=0)
    with pytest.raises(UnreachableError, match=r"status 502 \(5 times asked\); try again later"):
        client.branches("")
    assert clock.slept == [1.0, 2.0, 4.0, 8.0]


def _pull(client: Client) -> object:
    return client.create_pull(branch="debtscan/x", base="main", title="t", body="b", draft=False)


_ONCE: list[tuple[str, Callable[[Client, str], object]]] = [
    (REFS, lambda client, sha: client.create_branch("debtscan/x", sha)),
    (PULLS, lambda client, _sha: _pull(client)),
    (COMMENTS, lambda client, _sha: client.comment(1, "Hello")),
]


@pytest.mark.parametrize(("where", "write"), _ONCE)
@pytest.mark.parametrize(
    "fault",
    [{"status": 502}, {"status": 502, "after": True}, {"drop": True}, {"drop": True, "after": True}],
)
def test_a_write_whose_answer_is_lost_is_done_once(
    github: GitHubStandIn,
    hosted: HostedRepository,
    client: Client,
    where: str,
    write: Callable[[Client, str], object],
    fault: dict[str, int],
) -> None:
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    for path, earlier in _ONCE:
        if path == where:
            break
        earlier(client, sha)
    github.fault(where, **fault)  # type: ignore[arg-type]
    write(client, sha)
    assert sum(exchange.name == where and exchange.is_write for exchange in github.writes) == 1
    assert hosted.branches["debtscan/x"] == sha


@pytest.mark.parametrize(("where", "write"), _ONCE)
def test_a_write_whose_answers_are_all_lost_says_so(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, where: str, write: Callable[[Client, str], object]
) -> None:
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    for path, earlier in _ONCE:
        if path == where:
            break
        earlier(client, sha)
    github.fault(where, drop=True, times=0)
    with pytest.raises(LostAnswerError, match="run debtscan again"):
        write(client, sha)


def test_a_branch_that_somebody_made_meanwhile_is_theirs(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    github.fault(REFS, drop=True, call=lambda: hosted.point("debtscan/x", hosted.head))
    with pytest.raises(AlreadyThereError):
        client.create_branch("debtscan/x", sha)
    assert hosted.branches["debtscan/x"] == hosted.head


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_a_move_whose_answer_is_lost_is_no_conflict(
    github: GitHubStandIn, hosted: HostedRepository, client: Client, old: bool, after: bool
) -> None:
    first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
    second = client.commit(hosted.head, {"app.py": b"2\n"}, "Two")
    client.create_branch("debtscan/x", first)
    if old:
        github.world.unknown_mutations.add("updateRefs")
    github.fault("PATCH" if old else "POST /graphql", drop=True, after=after)
    client.move_branch("debtscan/x", second, expected=first)
    assert hosted.branches["debtscan/x"] == second


def test_a_merge_whose_answer_is_lost_is_looked_up(
    github: GitHubStandIn, hosted: HostedRepository, client: Client
) -> None:
    sha = client.commit(hosted.head, {"app.py": b"two\n"}, "Two")
    client.create_branch("debtscan/x", sha)
    _pull(client)
    github.fault("PUT", drop=True, after=True)
    client.merge(1, sha=sha, method="merge")
    assert hosted.pulls[0].merged
    github.fault("PUT", drop=True)
    with pytest.raises(LostAnswerError):
        client.merge(1, sha="0" * 40, method="merge")


def test_other_writes_are_simply_repeated(github: GitHubStandIn, hosted: HostedRepository, client: Client) -> None:
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"two\n"}, "Two"))
    _pull(client)
    for method in ("PATCH", "POST", "DELETE"):
        github.fault(method, drop=True, after=True)
    client.update_pull(1, title="new", draft=True)
    client.label(1, ["debtscan"])
    (found,) = client.pulls("debtscan/")
    assert (found.title, found.draft, found.labels) == ("new", True, ("debtscan",))
    client.delete_branch("debtscan/x")
    assert "debtscan/x" not in hosted.branches
