"""What GitHub answers an App: whole objects, or an error; nothing longer or stranger than GitHub makes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.github import app_reading
from bot.github.app_objects import InstallationInfo, RepositoryInfo

REPOSITORY: dict[str, Any] = {
    "id": 7,
    "full_name": "acme/shop",
    "private": True,
    "default_branch": "main",
    "archived": True,
    "disabled": True,
    "fork": True,
    "mirror_url": "https://example.com/x.git",
    "size": 0,
    "topics": ["a", "b"],
}
INSTALLATION: dict[str, Any] = {
    "id": 3,
    "account": {"login": "acme", "id": 4},
    "target_type": "Organization",
    "permissions": {"contents": "write"},
    "events": ["push"],
    "suspended_at": "2026-01-05T12:00:00Z",
    "repository_selection": "selected",
}


def test_a_repository_is_read_whole() -> None:
    assert app_reading.repository(REPOSITORY) == RepositoryInfo(
        id=7,
        name="acme/shop",
        private=True,
        default_branch="main",
        archived=True,
        disabled=True,
        fork=True,
        mirror=True,
        empty_hint=True,
        topics=("a", "b"),
    )
    few = {name: REPOSITORY[name] for name in ("id", "full_name", "private", "default_branch")}
    assert app_reading.repository(few) == RepositoryInfo(id=7, name="acme/shop", private=True, default_branch="main")


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": "acme/.."},
        {"full_name": "acme/a/b"},
        {"full_name": "acme/<b>"},
        {"full_name": None},
        {"default_branch": "a" * 256},
        {"default_branch": "a\nb"},
        {"default_branch": None},
        {"id": "7"},
        {"id": True},
        {"topics": "abc"},
        {"topics": [1]},
    ],
)
def test_what_no_repository_is_like_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        app_reading.repository({**REPOSITORY, **changed})


def test_topics_are_bounded() -> None:
    found = app_reading.topics(["x" * 99, "a\nb"] + ["y"] * 99)
    assert len(found) == 20
    assert (len(found[0]), found[1]) == (50, "a b")


def test_an_installation_is_read_whole() -> None:
    assert app_reading.installation(INSTALLATION) == InstallationInfo(
        id=3,
        account="acme",
        account_id=4,
        account_kind="Organization",
        permissions={"contents": "write"},
        events=("push",),
        suspended=datetime(2026, 1, 5, 12, tzinfo=UTC),
        all_repositories=False,
    )


def test_an_enterprise_has_a_slug_for_a_login() -> None:
    whole = {**INSTALLATION, "account": {"slug": "acme-inc", "id": 4}, "target_type": "Enterprise"}
    found = app_reading.installation(whole)
    assert (found.account, found.account_kind) == ("acme-inc", "Enterprise")


def test_a_delivery_may_concern_no_repository() -> None:
    found = app_reading.delivery(
        {
            "id": 1,
            "guid": "g",
            "event": "installation",
            "action": None,
            "delivered_at": "2026-01-05T12:00:00.123Z",
            "redelivery": False,
            "status_code": 0,
            "installation_id": 5,
            "repository_id": None,
        }
    )
    assert (found.action, found.installation, found.repository, found.is_delivered) == ("", 5, None, False)
    assert found.delivered_at == datetime(2026, 1, 5, 12, 0, 0, 123000, tzinfo=UTC)
