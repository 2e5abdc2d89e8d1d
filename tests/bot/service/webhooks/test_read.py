"""What is kept of a payload, and that nothing hostile gets further than a refusal."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.service.webhooks.read import MOST, RefusedError, read
from tests.support.service import payloads
from tests.support.service.payloads import (
    INSTALLATION,
    NOW,
    OTHER_SHA,
    REPOSITORY,
    SHA,
    Payload,
    chosen,
    comment,
    delivery,
    encoded,
    headers,
    installation,
    installed,
    issue,
    listed,
    of_repository,
    person,
    pull,
    push,
    repository,
)
from tests.support.service.ticked import MARKER, TICKED, UNTICKED

HUGE = "[" * 100_000

ACCOUNT = {"account": "acme", "account_id": 38_302_899, "account_kind": "Organization"}
FACTS = {
    **ACCOUNT,
    "permissions": {"contents": "write", "metadata": "read"},
    "events": ["push", "pull_request"],
    "told_at": "2026-11-01T09:00:00Z",
}
SHOP = {"id": REPOSITORY, "name": "acme/shop", "private": False}
WHOLE_SHOP = {
    "name": "acme/shop",
    "private": False,
    "default_branch": "main",
    "topics": ["shop"],
    "told_at": "2026-11-01T10:00:00Z",
}
MEND = {"number": 7, "head": SHA, "branch": "mend", "base": "main"}
FORK = {"ref": "mend", "sha": SHA, "repo": repository("ada/shop", 5)}

KEPT: list[tuple[str, Payload, Mapping[str, Any]]] = [
    ("ping", {"zen": "Design for failure.", "hook_id": 1, "hook": {"type": "App"}}, {}),
    ("star", of_repository("created"), {}),
    ("installation", installed(), {**FACTS, "added": [SHOP]}),
    (
        "installation",
        installed("suspend", installation=installation(suspended_at="2026-11-01T09:00:00Z"), repositories=[]),
        {**FACTS, "is_suspended": True},
    ),
    ("installation_repositories", chosen(removed=[listed()]), {**FACTS, "removed": [REPOSITORY]}),
    (
        "installation_target",
        {"action": "renamed", "account": payloads.account("acme-corp"), "installation": {"id": INSTALLATION}},
        {"account": "acme-corp", "account_id": 38_302_899},
    ),
    (
        "repository",
        of_repository("renamed", changes={"repository": {"name": {"from": "store"}}}),
        WHOLE_SHOP,
    ),
    (
        "repository",
        of_repository("edited", repository(topics=["b", "a", "c"]), changes={"topics": {"from": ["a"]}}),
        {**WHOLE_SHOP, "topics": ["b", "a", "c"], "added": ["b", "c"], "is_changed": True},
    ),
    (
        "repository",
        of_repository("edited", changes={"default_branch": {"from": "master"}, "description": {"from": None}}),
        {**WHOLE_SHOP, "is_changed": True},
    ),
    ("repository", of_repository("archived", repository(archived=True)), {**WHOLE_SHOP, "skip": "archived"}),
    ("repository", of_repository("edited", repository(mirror_url="git://x")), {**WHOLE_SHOP, "skip": "mirror"}),
    ("push", push(), {"name": "acme/shop", "branch": "main", "is_default": True, "head": SHA}),
    ("push", push("mend/it"), {"name": "acme/shop", "branch": "mend/it", "head": SHA}),
    ("push", push(after="0" * 40, deleted=True), {"name": "acme/shop", "branch": "main", "is_default": True}),
    ("push", push(ref="refs/tags/main"), {"name": "acme/shop", "branch": "", "head": SHA}),
    ("pull_request", pull(), {**MEND, "by_person": True}),
    ("pull_request", pull(sender=person("debtscan[bot]", "Bot")), MEND),
    ("issues", issue(body=TICKED), {"number": 3, "is_asked": True, "is_member": True}),
    ("issues", issue(body=UNTICKED), {"number": 3}),
    ("issues", issue(body=TICKED, sender=person("debtscan[bot]", "Bot")), {"number": 3}),
    ("issues", issue(body=TICKED.replace(MARKER, "")), {"number": 3}),
    ("issue_comment", comment("@debtscan rebase"), {"number": 3, "is_asked": True, "is_member": True}),
    ("issue_comment", comment("@debtscan rebase", association="NONE"), {"number": 3, "is_asked": True}),
    ("issue_comment", comment("> @debtscan rebase"), {"number": 3, "is_member": True}),
    ("issue_comment", comment("@debtscan help", sender=person("x[bot]", "Bot")), {"number": 3, "is_member": True}),
    ("check_run", payloads.check_run(), {"head": SHA, "branch": "main", "is_default": True}),
    ("check_run", payloads.check_run(branch=None), {"head": SHA}),
    (
        "check_suite",
        payloads.check_suite(branch="mend", pulls=(9, 7, 9)),
        {"head": SHA, "branch": "mend", "pulls": [7, 9]},
    ),
    ("github_app_authorization", {"action": "revoked", "sender": person()}, {"user_id": 21_031_067}),
]


@pytest.mark.parametrize(("event", "payload", "body"), KEPT)
def test_what_is_needed_is_kept(event: str, payload: Payload, body: Mapping[str, Any]) -> None:
    found = delivery(event, payload)
    assert json.loads(msgspec.json.encode(found.body)) == body
    assert (found.event, found.action, found.received_at) == (event, payload.get("action", ""), NOW)
    assert found.installation == (payload["installation"]["id"] if "installation" in payload else None)
    assert found.repository == (payload["repository"]["id"] if "repository" in payload else None)


def test_a_fork_is_told_from_a_branch_of_the_repository_also_once_it_is_gone() -> None:
    payload = pull()
    for repo in (FORK["repo"], None):
        payload["pull_request"]["head"]["repo"] = repo
        assert delivery("pull_request", payload).body["is_fork"] is True


def test_debtscan_hears_its_apps_name_as_well() -> None:
    body = encoded(comment("@acme-debts explain requests"))
    assert not read(headers("issue_comment"), body, NOW).body.get("is_asked")
    assert read(headers("issue_comment"), body, NOW, ["acme-debts[bot]"]).body["is_asked"] is True


def test_a_delivery_survives_the_way_through_the_database() -> None:
    for event, payload, _body in KEPT:
        found = delivery(event, payload)
        stored = json.dumps(msgspec.to_builtins(found))
        again = msgspec.convert(json.loads(stored), type(found))
        assert json.loads(msgspec.json.encode(again)) == json.loads(msgspec.json.encode(found))


@pytest.mark.parametrize(
    ("event", "guid"),
    [
        ("", "1"),
        ("push", ""),
        ("Push", "1"),
        ("push\n", "1"),
        ("p" * 51, "1"),
        ("push", "1" * 101),
        ("push", "../1"),
        ("push", "1'--"),
    ],
)
def test_headers_are_those_of_github(event: str, guid: str) -> None:
    with pytest.raises(RefusedError, match="headers"):
        read(headers(event, guid=guid), encoded(push()), NOW)


HOSTILE: list[tuple[str, bytes]] = [
    ("push", b""),
    ("push", b"null"),
    ("push", b"[]"),
    ("push", b"{"),
    ("push", b"\xff\xfe{}"),
    ("push", b"payload=%7B%7D"),
    ("push", HUGE.encode()),
    ("push", b'{"unknown": ' + HUGE.encode() + b"]" * 100_000 + b"}"),
    ("push", encoded(push()).replace(b'"main"', b'"\\ud800"')),
    ("push", encoded(push(after="HEAD"))),
    ("push", encoded(push(after=SHA + "; rm -rf /"))),
    ("push", encoded(push(ref="refs/heads/a\x00b"))),
    ("push", encoded(push(ref="refs/heads/" + "x" * 5000))),
    ("push", encoded(push(repository=repository("acme/..")))),
    ("push", encoded(push(repository=repository("../../etc")))),
    ("push", encoded(push(repository=repository("acme/shop?x=1")))),
    ("push", encoded(push(repository=repository("acme/shop\n")))),
    ("push", encoded(push(repository=repository(default_branch="x" * 256)))),
    ("push", encoded(push(repository=repository(number=0)))),
    ("push", encoded(push(repository=repository(number=2**63)))),
    ("push", encoded(push(installation={"id": "1"}))),
    ("push", encoded(push(action="x" * 51))),
    ("repository", encoded(of_repository("edited", repository(topics=["x" * 51])))),
    ("repository", encoded(of_repository("edited", repository(topics=["x"] * 101)))),
    ("installation", encoded(installed(installation=installation(account={"login": "<b>", "id": 1})))),
    ("installation", encoded(installed(repositories=[{"id": 1}]))),
    ("issue_comment", encoded(comment("x" * 500_001))),
    ("pull_request", encoded(pull(pull_request={"number": 1}))),
]


@pytest.mark.parametrize(("event", "body"), HOSTILE)
def test_what_github_would_not_write_is_refused_without_a_word_of_it(event: str, body: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        read(headers(event), body, NOW)
    assert "rm -rf" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("body", [body for _event, body in HOSTILE])
def test_of_other_events_nothing_is_refused(body: bytes) -> None:
    found = read(headers("star"), body, NOW)
    assert found.body == {}
    assert len(found.action) <= 50


def test_what_is_larger_than_github_sends_is_refused() -> None:
    with pytest.raises(RefusedError, match="25 MiB"):
        read(headers("push"), b" " * (MOST + 1), NOW)


@pytest.mark.parametrize("moment", [2**40, "soon", "", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-23:59", None])
def test_a_time_that_is_none_is_as_if_it_was_not_told(moment: object) -> None:
    payload = of_repository("edited", repository(updated_at=moment))
    assert "told_at" not in delivery("repository", payload).body


@pytest.mark.parametrize("moment", [-1, 2**62, 1.5, True, "x" * 41])
def test_what_github_never_tells_as_a_time_is_refused(moment: object) -> None:
    with pytest.raises(RefusedError, match="updated_at"):
        delivery("repository", of_repository("edited", repository(updated_at=moment)))


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KEPT), st.data())
def test_a_payload_with_any_part_exchanged_is_read_or_refused(
    one: tuple[str, Payload, Mapping[str, Any]], data: st.DataObject
) -> None:
    event, payload, _body = one
    mutated = _mutated(payload, data)
    with contextlib.suppress(RefusedError):
        found = read(headers(event), json.dumps(mutated).encode(), NOW)
        assert len(json.dumps(msgspec.to_builtins(found))) < 20_000


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([event for event, _payload, _body in KEPT]), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(event: str, body: bytes) -> None:
    with contextlib.suppress(RefusedError):
        read(headers(event), body, NOW)


def _mutated(value: Any, data: st.DataObject) -> Any:  # noqa: ANN401 - JSON
    """Return a value of JSON in which one part, at any depth, is another."""
    if not isinstance(value, dict) or not value or data.draw(st.integers(0, 3)) == 0:
        return data.draw(_JSON)
    key = data.draw(st.sampled_from(sorted(value)))
    return {**value, key: _mutated(value[key], data)}


def test_two_repositories_of_one_name_are_two() -> None:
    found = delivery("installation_repositories", chosen(added=[listed(), listed(number=5)]))
    assert [one["id"] for one in found.body["added"]] == [REPOSITORY, 5]


def test_a_push_says_where_the_branch_is_now_and_not_where_it_was() -> None:
    assert delivery("push", push(after=OTHER_SHA, before=SHA)).body["head"] == OTHER_SHA
