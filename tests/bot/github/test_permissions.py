from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.github import permissions
from bot.github.permissions import Granted, Kind, Level

WANTED = ("contents", "pull_requests", "workflows", "issues", "checks", "statuses")


def of_scopes(scopes: str, *, private: bool = False) -> dict[str, Level]:
    return permissions.of_scopes(scopes.split(","), private=private)


@pytest.mark.parametrize(
    ("kind", "levels", "expected"),
    [
        ("app", dict.fromkeys(WANTED, "write"), []),
        (
            "app",
            {"contents": "write", "pull_requests": "read"},
            ["Pull requests", "Workflows", "Issues", "Checks", "Commit statuses"],
        ),
        ("app", {**dict.fromkeys(WANTED, "write"), "checks": "read"}, []),
        ("classic", of_scopes("repo, workflow"), []),
        ("classic", of_scopes("repo"), ["Workflows"]),
        ("classic", of_scopes("public_repo,workflow"), []),
        ("classic", of_scopes("workflow"), ["Contents", "Pull requests", "Issues"]),
        (
            "classic",
            of_scopes("public_repo", private=True),
            ["Contents", "Pull requests", "Workflows", "Issues", "Checks", "Commit statuses"],
        ),
        ("fine-grained", permissions.by_trying(WANTED, lambda _name: True, is_workflow=False), []),
        ("fine-grained", permissions.by_trying(WANTED, lambda name: name != "issues", is_workflow=False), ["Issues"]),
        (
            "workflow",
            permissions.by_trying(WANTED, lambda _name: True, is_workflow=True),
            ["Workflows", "An identity other than the workflow's"],
        ),
    ],
)
def test_what_is_missing_is_named_as_the_settings_name_it(
    kind: Kind, levels: Mapping[str, Level], expected: list[str]
) -> None:
    found = permissions.missing(WANTED, Granted(kind=kind, levels=levels))
    assert [entry.permission for entry in found] == expected
    assert all(entry.withholds and entry.remedy for entry in found)


def test_a_name_may_hold_its_level() -> None:
    granted = Granted(kind="app", levels={"checks": "read", "contents": "read"})
    assert permissions.missing(["checks", "contents:read"], granted) == ()
    assert [entry.permission for entry in permissions.missing(["checks:write", "contents"], granted)] == [
        "Checks",
        "Contents",
    ]


def test_who_may_not_push_needs_a_role_and_no_permission() -> None:
    granted = Granted(kind="classic", levels=of_scopes("repo"), may_push=False)
    (found,) = permissions.missing(["contents"], granted)
    assert "role Write" in found.remedy


@pytest.mark.parametrize(
    ("kind", "wanted", "said"),
    [
        ("app", "workflows", "set Workflows: Read and write in the App's settings"),
        ("classic", "workflows", "add the scope 'workflow' to the token: https://ghe.example.com/settings/tokens"),
        ("fine-grained", "checks", "set Checks: Read-only in the token's settings: https://ghe.example.com/settings/"),
        ("workflow", "pull_requests", "write 'pull-requests: write' under 'permissions:'"),
        ("workflow", "workflows", "can never have it"),
    ],
)
def test_the_remedy_fits_the_credentials(kind: Kind, wanted: str, said: str) -> None:
    granted = Granted(kind=kind, levels={}, web="https://ghe.example.com")
    assert said in permissions.missing([wanted], granted)[0].remedy


def test_the_workflows_own_token_starts_no_checks_and_two_ways_out_are_told() -> None:
    granted = Granted(kind="workflow", levels={"pull_requests": "write"})
    (found,) = permissions.missing(["pull_requests"], granted)
    assert "start no checks" in found.withholds
    assert "GitHub App" in found.remedy
    assert "close and reopen" in found.remedy


@pytest.mark.parametrize(("kind", "count"), [("app", 0), ("workflow", 0), ("classic", 1), ("fine-grained", 1)])
def test_only_apps_write_check_runs(kind: Kind, count: int) -> None:
    found = permissions.missing(["checks:write"], Granted(kind=kind, levels={"checks": "write"}))
    assert len(found) == count
    assert all("GitHub App" in entry.remedy and "check run" in entry.withholds for entry in found)


def test_a_workflow_is_told_the_line_to_write_for_check_runs() -> None:
    (found,) = permissions.missing(["checks:write"], Granted(kind="workflow", levels={"checks": "none"}))
    assert "'checks: write'" in found.remedy


@pytest.mark.parametrize(("scopes", "expected"), [("repo", 0), ("security_events", 0), ("workflow", 1)])
def test_code_scanning_has_a_scope_of_its_own(scopes: str, expected: int) -> None:
    granted = Granted(kind="classic", levels=of_scopes(scopes, private=True))
    assert len(permissions.missing(["security_events"], granted)) == expected
