"""The one comment of a pull request: there while there is something to say, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github.client import Client
from bot.posts.comment import body, settle
from tests.support.changes import SETTING, blinding_change, large_change, mending_change, sample_change, silent_change
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import Opener
from tests.support.github_page import rendered
from tests.support.harmless import assert_harmless


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n"})
    made.pull_from_fork("eve", "topic", {"a.txt": "2\n"})
    return made


@pytest.fixture
def client(github: GitHubStandIn, repository: HostedRepository) -> Iterator[Client]:
    opener = Opener(github)
    yield opener(repository.name)
    opener.close()


def _comments(repository: HostedRepository) -> list[str]:
    return [one.body for one in repository.pull(1).comments]


def test_it_is_written_once_changed_in_place_and_goes_with_what_it_told(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    first, second = body(sample_change(), SETTING), body(mending_change(), SETTING)
    assert settle(client, 1, first) == "commented on #1"
    assert settle(client, 1, first) == ""
    assert len(github.writes) == 1
    assert settle(client, 1, second) == "changed the comment on #1"
    assert _comments(repository) == [second]
    assert "nothing is left" in settle(client, 1, body(silent_change(), SETTING))
    assert _comments(repository) == []
    assert settle(client, 1, "") == ""
    assert len(github.writes) == 3


def test_another_day_alone_is_no_news(github: GitHubStandIn, client: Client) -> None:
    settle(client, 1, body(sample_change(), SETTING))
    assert settle(client, 1, body(sample_change(days=1), SETTING)) == ""
    assert len(github.writes) == 1


def test_the_second_of_two_that_raced_is_deleted(repository: HostedRepository, client: Client) -> None:
    text = body(sample_change(), SETTING)
    client.comment(1, text)
    client.comment(1, text)
    assert "twice" in settle(client, 1, text)
    assert _comments(repository) == [text]


def test_what_others_wrote_stays_even_with_the_same_mark(repository: HostedRepository, client: Client) -> None:
    text = body(sample_change(), SETTING)
    repository.comment(1, text, login="eve")
    settle(client, 1, text)
    settle(client, 1, "")
    assert _comments(repository) == [text]


def test_one_that_cannot_be_found_again_is_not_written(repository: HostedRepository, client: Client) -> None:
    for number in range(1000):
        repository.comment(1, f"{number}")
    assert "did not comment" in settle(client, 1, body(sample_change(), SETTING))
    assert len(_comments(repository)) == 1000


def test_it_says_where_the_score_goes_and_why() -> None:
    text = body(sample_change(), SETTING)
    assert "**D 50.7 → D 45.2 &#40;−5.5&#41;.** 20 new findings, 6 mended, 1 better, 2 set aside." in text
    shown = rendered(text)
    assert "<td>high: Python 3.8 ended on 2024-10-07<br" in shown.replace("&#45;", "-")
    assert (
        'href="https://github.com/example/shop/blob/0123456789abcdef0123456789abcdef01234567/web/package.json#L9"'
        in shown
    )


def test_it_stays_within_what_github_takes_and_counts_what_it_leaves_out() -> None:
    text = body(large_change(3000), SETTING)
    assert len(text.encode()) <= 65_536
    assert "and 2,975 more" in text
    assert len(body(large_change(3000), SETTING, most=3000).encode()) <= 3000


def test_hostile_names_stay_text() -> None:
    text, mark, _end = body(sample_change(), SETTING).partition("<!-- debtscan-change: ")
    assert mark
    assert_harmless(text)
    assert_harmless(body(mending_change(), SETTING).partition("<!-- debtscan-change: ")[0])


def test_what_could_not_be_judged_is_told_by_its_cause_and_not_as_mended() -> None:
    text = body(blinding_change(), SETTING).partition("<!-- debtscan-change: ")[0]
    assert "| 10 | it is not what its name promises" in text
    assert "of what can no longer be judged" in text
    assert "#### Mended" not in text
    assert_harmless(text)
