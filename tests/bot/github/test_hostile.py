"""Whatever a server answers that claims to be GitHub: a value, or a sentence; never a traceback, never endless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from analyzers.errors import DebtscanError
from bot.github.auth import Token
from bot.github.client import Client, open_repository
from bot.github.objects import Actor, Pull
from bot.github.organisation import repositories
from bot.github.rate import Bounds
from bot.github.session import Session, Settings, read_settings
from tests.support.github_client import FakeClock
from tests.support.http_server import Reply, Script, serve

SHA = "0" * 40
NOW = datetime(2026, 9, 21, tzinfo=UTC)
PULL = Pull(
    number=1,
    node_id="PR_1",
    title="t",
    body="b",
    state="open",
    draft=False,
    branch="x",
    head=SHA,
    base="main",
    author=Actor(login="octobot"),
    created=NOW,
    updated=NOW,
)
METHODS: dict[str, Callable[[Client], object]] = {
    "repository": lambda client: client.repository(),
    "login": lambda client: client.login(),
    "missing": lambda client: client.missing(["contents", "pull_requests", "workflows", "checks"]),
    "branches": lambda client: client.branches("x"),
    "file": lambda client: client.file("a/b", "main"),
    "commits_between": lambda client: client.commits_between("main", "x"),
    "commit": lambda client: client.commit(SHA, {"a/b": b"\0", "c": None, "d": b"text"}, "m"),
    "create_branch": lambda client: client.create_branch("x", SHA),
    "move_branch": lambda client: client.move_branch("x", SHA, expected=SHA),
    "delete_branch": lambda client: client.delete_branch("x"),
    "pulls": lambda client: client.pulls("x"),
    "create_pull": lambda client: client.create_pull(branch="x", base="main", title="t", body="b", draft=True),
    "update_pull": lambda client: client.update_pull(1, title="t", draft=True, open=False),
    "label": lambda client: client.label(1, ["l"]),
    "assign": lambda client: client.assign(1, ["ada"]),
    "request_reviews": lambda client: client.request_reviews(1, ["ada"], ["ops"]),
    "comments": lambda client: client.comments(1),
    "comment": lambda client: client.comment(1, "b"),
    "checks": lambda client: client.checks(SHA),
    "required_checks": lambda client: client.required_checks("main"),
    "merge": lambda client: client.merge(1, sha=SHA, method="merge"),
    "enable_auto_merge": lambda client: client.enable_auto_merge(PULL, "squash"),
    "repositories": lambda client: repositories(client._access.session, "acme"),
}
ANSWERS = {
    "nothing": b"",
    "null": b"null",
    "number": b"7",
    "text": b'"x"',
    "list": b"[]",
    "list of numbers": b"[7, null]",
    "list of objects": b"[{}]",
    "object": b"{}",
    "names": b'{"data": 7, "message": 7, "errors": 7, "default_branch": "main", "tree": 7, "object": 7, "sha": 7}',
    "lists": b'{"tree": [{"path": 7}], "commits": [{"sha": []}], "statuses": [7], "check_runs": [{"id": {}}]}',
    "pull": b'[{"number": "x", "head": {"ref": 7}, "base": null, "labels": 7, "full_name": 7}]',
    "errors": b'{"data": null, "errors": [{"type": 7, "message": {"a": 1}}, 7]}',
    "page": b"<html>Sign in</html>",
    "damage": b'{"a": "\xff',
    "deep": b"[" * 100_000,
}


class _Always(dict[str, Sequence[Reply]]):
    """The same replies for every path."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self.replies = replies

    def get(self, _path: str, _default: object = None) -> Sequence[Reply]:
        return self.replies


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    with serve() as running:
        yield running


def ask(script: Script, method: str, reply: Reply) -> str:
    """Return what a method said, empty where it returned."""
    script.replies = _Always(reply)
    address = read_settings({"DEBTSCAN_GITHUB_URL": script.url}).address
    settings = Settings(address=address, clock=FakeClock().clock, bounds=Bounds(attempts=2))
    with Session(Token("ghp_secret"), settings) as session:
        try:
            METHODS[method](open_repository(session, "acme/shop"))
        except DebtscanError as error:
            return str(error)
    return ""


_REFUSALS = [(status, answer) for status in (403, 422, 500) for answer in ("object", "names", "errors", "page")]


@pytest.mark.parametrize(("status", "answer"), [*((200, answer) for answer in ANSWERS), *_REFUSALS])
def test_every_answer_is_a_value_or_a_sentence(script: Script, status: int, answer: str) -> None:
    for method in METHODS:
        said = ask(script, method, Reply(status=status, body=ANSWERS[answer]))
        assert "ghp_secret" not in said
        assert said.isprintable()
        assert len(said) < 1000
        if status == 500 or (status, answer) == (200, "page"):
            assert said, method


def test_a_list_without_end_ends(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.github.paging._MOST_PAGES", 5)
    script.seen.clear()
    link = {"link": f'<{script.url}/api/v3/repos/acme/shop/pulls?page=2>; rel="next"'}
    assert "cannot be read" in ask(script, "pulls", Reply(headers=link, body=b"[]"))
    assert len(script.seen) == 5


def test_an_answer_too_large_is_refused(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.github.transport._LARGEST", 1000)
    assert "over 1000 bytes" in ask(script, "branches", Reply(body=b"[" + b" " * 2000 + b"]"))
