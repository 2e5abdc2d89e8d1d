from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzers.model.exchange import Response
from analyzers.model.facts import Answer, HostedRepository, Known
from analyzers.model.question import Question
from analyzers.registries.github_repository import SOURCE, look_up
from tests.support.exchanges import drive, play
from tests.support.fetching import fetcher_with
from tests.support.git_server import serve_git


def answered(status: int, body: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return play(look_up(Question("github-repository", "a/b"), {}), Response(status, named, body.encode()))[0]


def test_the_api_says_what_is_archived_and_what_moved(tmp_path: Path) -> None:
    with serve_git(tmp_path) as host, fetcher_with() as fetcher:
        for name in ("a/alive", "a/archived", "new/name"):
            host.repository(name).commit()
        host.archived.add("a/archived")
        host.moved["old/name"] = "new/name"
        found = {
            name: drive(look_up(Question("github-repository", name), host.addresses), fetcher)
            for name in ("a/alive", "a/archived", "old/name", "a/missing")
        }
    assert found["a/alive"] == Known(HostedRepository("a/alive", archived=False))
    assert found["a/archived"] == Known(HostedRepository("a/archived", archived=True))
    assert found["old/name"] == Known(HostedRepository("old/name", archived=False, moved_to="new/name"))
    assert getattr(found["a/missing"], "reason", "") == "not-found"


def test_another_spelling_is_no_move() -> None:
    assert answered(200, '{"full_name": "A/B", "archived": false}') == Known(HostedRepository("a/b", archived=False))


def test_the_last_push_and_the_open_issues_are_told() -> None:
    body = '{"full_name": "a/b", "archived": false, "pushed_at": "2021-03-04T05:06:07Z", "open_issues_count": 7}'
    expected = HostedRepository("a/b", archived=False, pushed=date(2021, 3, 4), open_issues=7)
    assert answered(200, body) == Known(expected)
    odd = '{"full_name": "a/b", "archived": false, "pushed_at": "lately"}'
    assert answered(200, odd) == Known(HostedRepository("a/b", archived=False))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"full_name": 1, "archived": true}', "\x00"])
def test_what_is_no_repository_is_malformed(body: str) -> None:
    assert getattr(answered(200, body), "reason", "") == "malformed-answer"


def test_a_used_up_limit_is_no_refusal() -> None:
    assert getattr(answered(403, x_ratelimit_remaining="0"), "reason", "") == "rate-limited"
    assert getattr(answered(403, x_ratelimit_remaining="9"), "reason", "") == "refused"
    assert getattr(answered(429), "reason", "") == "rate-limited"


@pytest.mark.parametrize("name", ["", "a", "a/b/c", "../x", "a/..", "a b/c", "a/b?x", "-a/b"])
def test_what_is_no_name_is_not_asked(name: str) -> None:
    with pytest.raises(StopIteration) as done:
        next(look_up(Question("github-repository", name), {}))
    assert done.value.value.reason == "not-found"


def test_the_source_states_what_it_answers() -> None:
    assert (SOURCE.name, SOURCE.value) == ("github-repository", HostedRepository)
