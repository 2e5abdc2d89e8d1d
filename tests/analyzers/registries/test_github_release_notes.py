"""What releases on GitHub say. The answers are made from its documentation, not recorded:
https://docs.github.com/en/rest/releases/releases#list-releases
"""

from __future__ import annotations

import json
from datetime import date

import pytest

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, ReleaseNote, ReleaseNotes
from analyzers.model.question import Question
from analyzers.registries.github_release_notes import MAX_PAGES, MAX_TEXT, SOURCE
from tests.support.exchanges import answer_of

ASKED = Question("github-release-notes", "octocat/Hello-World")


def release(tag: str, text: str | None = "words", **fields: bool) -> dict[str, object]:
    """Return one release with the documented fields that matter, and some of those that do not."""
    return {"id": 1, "tag_name": tag, "body": text, "published_at": "2013-02-27T19:35:32Z", "assets": [], **fields}


def page(*releases: dict[str, object], status: int = 200) -> Response:
    return Response(status, {}, json.dumps(releases).encode())


def test_texts_are_told_and_drafts_left_out() -> None:
    answer = answer_of(SOURCE, ASKED, page(release("v2", None), release("v1.1", draft=True), release("v1.0")))
    day = date(2013, 2, 27)
    told = (ReleaseNote("v2", day, ""), ReleaseNote("v1.0", day, "words"))
    assert answer == Known(ReleaseNotes("octocat/Hello-World", told))


def test_pages_texts_and_tags_are_bounded() -> None:
    asked: list[Request] = []
    full = page(*[release(f"v{number}", "x" * 2 * MAX_TEXT) for number in range(50)])
    answer = answer_of(SOURCE, ASKED, *[full] * MAX_PAGES, asked=asked)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ReleaseNotes)
    assert len(asked) == MAX_PAGES
    assert {len(note.text) for note in answer.value.notes} == {MAX_TEXT}
    odd = answer_of(SOURCE, ASKED, page(release("v" * 300)))
    assert odd == Known(ReleaseNotes("octocat/Hello-World", ()))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (answer_of(SOURCE, ASKED, page(status=404)), "not-found"),
        (answer_of(SOURCE, ASKED, Response(403, {"x-ratelimit-remaining": "0"}, b"")), "rate-limited"),
        (answer_of(SOURCE, ASKED, Response(200, {}, b"{}")), "malformed-answer"),
        (answer_of(SOURCE, ASKED, Response(200, {}, b'[{"tag_name": 1}]')), "malformed-answer"),
        (answer_of(SOURCE, Question("github-release-notes", "../x")), "not-found"),
    ],
)
def test_why_there_is_no_answer_is_said(answer: Answer, reason: str) -> None:
    assert getattr(answer, "reason", "") == reason
