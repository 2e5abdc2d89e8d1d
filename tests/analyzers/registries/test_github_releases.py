"""Releases of GitHub. The answers are made from its documentation, not recorded:
https://docs.github.com/en/rest/releases/releases#list-releases
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Package, Release
from analyzers.model.question import Question
from analyzers.registries.github_releases import MAX_PAGES, SOURCE
from tests.support.exchanges import answer_of

ASKED = Question("github-releases", "octocat/Hello-World")


def release(tag: str, day: str | None = "2013-02-27", **fields: bool) -> dict[str, object]:
    """Return one release with the documented fields that matter, and some of those that do not."""
    return {
        "url": "https://api.github.com/repos/octocat/Hello-World/releases/1",
        "id": 1,
        "tag_name": tag,
        "target_commitish": "master",
        "name": tag,
        "draft": False,
        "prerelease": False,
        "created_at": "2013-02-27T19:35:32Z",
        "published_at": f"{day}T19:35:32Z" if day else None,
        "assets": [],
        **fields,
    }


def page(*releases: dict[str, object]) -> Response:
    return Response(200, {}, json.dumps(releases).encode())


def test_days_and_prereleases_are_told_and_drafts_left_out() -> None:
    answer = answer_of(
        SOURCE,
        ASKED,
        page(
            release("v2.0.0-rc", "2013-03-01", prerelease=True),
            release("v1.1.0", None, draft=True),
            release("v1.0.0"),
            release("odd", "someday"),
        ),
    )
    assert answer == Known(
        Package(
            "octocat/Hello-World",
            (
                Release("v2.0.0-rc", date(2013, 3, 1), prerelease=True),
                Release("v1.0.0", date(2013, 2, 27)),
                Release("odd"),
            ),
        )
    )


def test_a_full_page_is_followed_by_the_next_and_not_for_ever() -> None:
    full = page(*(release(f"v1.0.{number}") for number in range(100)))
    asked: list[Request] = []
    answer = answer_of(SOURCE, ASKED, full, page(release("v0.1")), asked=asked)
    assert isinstance(answer, Known)
    assert [request.url.rpartition("?")[2] for request in asked] == ["per_page=100&page=1", "per_page=100&page=2"]
    assert asked[0].url.startswith("https://api.github.com/repos/octocat/Hello-World/releases?")
    assert asked[0].credentials == "api.github.com"
    assert isinstance(answer_of(SOURCE, ASKED, *[full] * MAX_PAGES), Known)


def test_a_repository_without_releases_is_known_to_have_none() -> None:
    assert answer_of(SOURCE, ASKED, page()) == Known(Package("octocat/Hello-World", ()))


def refused(status: int, body: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_of(SOURCE, ASKED, Response(status, named, body.encode()))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refused(403, x_ratelimit_remaining="0"), "rate-limited"),
        (refused(403), "refused"),
        (refused(404), "not-found"),
        (refused(200, "{}"), "malformed-answer"),
        (refused(200, '[{"tag_name": 1}]'), "malformed-answer"),
        (answer_of(SOURCE, Question("github-releases", "a/b/c")), "not-found"),
        (answer_of(SOURCE, Question("github-releases", "../x")), "not-found"),
    ],
)
def test_why_there_is_no_answer_is_said(answer: Answer, reason: str) -> None:
    assert getattr(answer, "reason", "") == reason


def test_an_organisation_s_own_address_is_asked() -> None:
    asked: list[Request] = []
    answer_of(SOURCE, ASKED, page(), addresses={"github-releases": "https://git.example.org/api/v3/"}, asked=asked)
    assert asked[0].url.startswith("https://git.example.org/api/v3/repos/octocat/")
