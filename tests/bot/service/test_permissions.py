"""What the App asks for: complete, with reasons, and the same in the manifest, the documentation and the check."""

from __future__ import annotations

import pytest

from bot.github import permissions as of_repositories
from bot.service.metrics import EVENTS as COUNTED
from bot.service.permissions import (
    EVENTS,
    PERMISSIONS,
    Permission,
    default_events,
    default_permissions,
    events_table,
    lacking,
    manifest,
    permissions_table,
    unheard,
)


def test_the_app_asks_for_all_that_the_bot_can_use_and_for_nothing_else() -> None:
    assert {one.name for one in PERMISSIONS} == set(of_repositories._PERMISSIONS)


@pytest.mark.parametrize("one", PERMISSIONS, ids=lambda one: one.name)
def test_each_permission_has_a_reason_and_says_what_is_lost_without_it(one: Permission) -> None:
    row = next(line for line in permissions_table().splitlines() if line.startswith(f"| {one.shown}"))
    assert row.count("|") == 5
    assert all(cell.strip() for cell in row.split("|")[1:-1])


def test_a_check_run_needs_writing_and_says_so() -> None:
    assert next(one for one in PERMISSIONS if one.name == "checks").withholds.startswith("no check run is written")


def test_what_is_lacking_is_found_by_its_level() -> None:
    assert lacking(default_permissions()) == ()
    granted = dict(default_permissions()) | {"contents": "read", "administration": "write"}
    del granted["members"]
    assert [one.name for one in lacking(granted)] == ["contents", "members"]
    assert [one.name for one in lacking({"metadata": "read"})] == [one.name for one in PERMISSIONS[1:]]


def test_events_that_github_sends_anyway_are_not_asked_for_and_not_missed() -> None:
    assert "installation" not in default_events()
    assert unheard(default_events()) == ()
    assert [one.name for one in unheard(set(default_events()) - {"push"})] == ["push"]


def test_every_event_that_is_asked_for_is_counted_by_name() -> None:
    assert {one.name for one in EVENTS} <= COUNTED


def test_each_event_stands_in_the_table_with_its_reason() -> None:
    rows = events_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [one.name for one in EVENTS]
    assert all(cell.strip() for row in rows for cell in row.split("|")[1:-1])


def test_the_manifest_leads_github_back_to_the_service() -> None:
    made = manifest("debtscan-octo", "https://debtscan.example.org")
    assert made["hook_attributes"] == {"url": "https://debtscan.example.org/webhooks/github", "active": True}
    assert made["redirect_url"] == "https://debtscan.example.org/setup/registered"
    assert made["callback_urls"] == ["https://debtscan.example.org/-/signed-in"]
    assert made["public"] is False
    assert made["default_permissions"] == default_permissions()
    assert made["default_events"] == list(default_events())
