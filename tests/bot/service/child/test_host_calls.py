"""The protocol's methods as messages: each can be called across, as the protocol states it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest

from bot.github.errors import HostError
from bot.github.host import Host
from bot.github.objects import (
    Actor,
    Annotation,
    CheckRun,
    CheckText,
    Commit,
    Issue,
    Missing,
    Pull,
    Rate,
    Repo,
)
from bot.service.child.host_calls import methods
from bot.service.child.wire import JunkError

DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
ADA = Actor(login="ada")
PULL = Pull(
    number=7,
    node_id="P_7",
    title="Grün \u202e",
    body="text\n",
    state="open",
    draft=False,
    branch="debtscan/x",
    head="1" * 40,
    base="main",
    author=ADA,
    created=DAY,
    updated=DAY,
    labels=("a", "b"),
    mergeable=None,
)
COMMIT = Commit(
    sha="1" * 40, parents=("2" * 40,), tree="3" * 40, message="m", author_name="Ada", author_email="a@example.org"
)
ISSUE = Issue(number=1, title="t", body="b", state="closed", author=ADA, closed_by=ADA)
RUN = CheckRun(id=1, name="debtscan", external_id="debtscan:x", author="debtscan[bot]")
TEXT = CheckText(
    external_id="debtscan:x",
    conclusion="neutral",
    title="t",
    summary="s",
    annotations=(Annotation(path="a.py", line=1, end_line=2, level="warning", title="t", message="m"),),
)


class _Recording:
    """Records one call, and returns what it is told to."""

    def __init__(self, result: object) -> None:
        self.calls: list[tuple[str, dict[str, object]]] = []
        self.result = result

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method of any name
        def call(**named: object) -> object:
            self.calls.append((name, named))
            return self.result

        return call


def test_every_method_of_the_protocol_can_be_called_and_no_other() -> None:
    assert methods().keys() == {name for name in vars(Host) if not name.startswith("_")}
    assert len(methods()) > 30
    for method in methods().values():
        msgspec.msgpack.Decoder(method.arguments)
        msgspec.msgpack.Decoder(method.result)


@pytest.mark.parametrize(
    ("name", "given", "named", "result"),
    [
        ("repository", (), {}, Repo(name="acme/shop", default_branch="main", head=None, permissions={"push": True})),
        (
            "missing",
            (("issues", "checks"),),
            {},
            (Missing(permission="Issues", withholds="the dashboard", remedy="grant it"),),
        ),
        ("branches", ("debtscan/",), {}, {"debtscan/x": "1" * 40}),
        ("file", ("a/b.txt", "main"), {}, b"\x00\xff"),
        ("file", ("a/b.txt", "main"), {}, None),
        ("commits_between", ("main", "x"), {}, (COMMIT,)),
        ("commit", ("1" * 40, {"a": b"\xff", "b": None}, "message"), {"seal": "Sealed"}, "4" * 40),
        ("create_branch", ("x", "1" * 40), {}, None),
        ("move_branch", ("x", "1" * 40), {"expected": "2" * 40}, None),
        ("pulls", ("debtscan/",), {}, (PULL,)),
        ("create_pull", (), {"branch": "x", "base": "main", "title": "t", "body": "b", "draft": True}, PULL),
        ("update_pull", (7,), {"open": False, "body": "x"}, None),
        ("label", (7, ["a", "b"]), {}, None),
        ("assign", (7, ("ada",)), {}, ("ada",)),
        ("create_check_run", ("1" * 40, "debtscan", TEXT), {}, RUN),
        ("update_check_run", (RUN, TEXT), {}, None),
        ("required_checks", ("main",), {}, None),
        ("required_checks", ("main",), {}, ("ci",)),
        ("merge", (7,), {"sha": "1" * 40, "method": "squash"}, None),
        ("enable_auto_merge", (PULL, "merge"), {}, None),
        ("issues", ("ada",), {}, (ISSUE,)),
        ("create_issue", (), {"title": "t", "body": "b", "labels": ()}, ISSUE),
        ("rate", (), {}, Rate(limit=5000, remaining=4999, resets=DAY, asked=1, unchanged=0, writes=0)),
    ],
)
def test_what_is_given_and_what_is_returned_crosses_as_it_is(
    name: str, given: tuple[object, ...], named: dict[str, object], result: object
) -> None:
    method, host = methods()[name], _Recording(result)
    returned = method.call(cast("Host", host), msgspec.Raw(bytes(method.encode(*given, **named))))
    assert method.decode(returned) == result
    (called, arguments) = host.calls[0]
    assert called == name
    expected = method.signature.bind(None, *given, **named)
    expected.apply_defaults()
    plain = {key: value for key, value in expected.arguments.items() if key != "self"}
    assert {key: _plain(value) for key, value in arguments.items()} == {key: _plain(one) for key, one in plain.items()}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("pull", {}),
        ("pull", {"number": "7"}),
        ("pull", {"number": 7, "url": "x"}),
        ("merge", {"number": 7, "sha": "1", "method": "force"}),
        ("react", {"comment": 1, "kind": "heart"}),
        ("commit", {"parent": None, "files": {"a": "text"}, "message": "m"}),
    ],
)
def test_arguments_that_a_method_does_not_take_are_refused_before_it_is_called(
    name: str, arguments: dict[str, object]
) -> None:
    host = _Recording(None)
    with pytest.raises(JunkError, match=f"arguments of {name}"):
        methods()[name].call(cast("Host", host), msgspec.Raw(msgspec.msgpack.encode(arguments)))
    assert host.calls == []


def test_a_name_that_is_no_text_is_an_error_of_that_call() -> None:
    with pytest.raises(HostError, match="no UTF-8"):
        methods()["file"].encode("caf\udcff", "main")
