"""What the App is given on GitHub: its permissions and events, each with its reason, and what is lost without it.

The App's manifest, the documentation, the pages and ``debtscan serve --check`` are made from these tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.github import permissions

Level = Literal["read", "write"]
_ORDER: Final[Mapping[str, int]] = {"none": 0, "read": 1, "write": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission as GitHub's interface names it. Without an optional one, an installation lacks nothing essential."""

    name: str
    level: Level
    reason: str
    is_optional: bool = False

    @property
    def shown(self) -> str:
        """Its name in GitHub's settings."""
        return permissions.described(self.name, self.level)[0]

    @property
    def withholds(self) -> str:
        """What does not happen without it."""
        return permissions.described(self.name, self.level)[1]


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook event. GitHub sends some to every App, which cannot subscribe to them."""

    name: str
    reason: str
    withholds: str
    is_always_sent: bool = False


PERMISSIONS: Final = (
    Permission("metadata", "read", "Names, branches and topics of repositories; GitHub gives it to every App"),
    Permission("contents", "write", "Files and history are read by git; upgrades are written as commits on branches"),
    Permission("pull_requests", "write", "Upgrades and the first contact are pull requests; they are kept up to date"),
    Permission("issues", "write", "The dashboard is an issue, whose boxes people tick; comments are answered"),
    Permission("checks", "write", "A check run on each pull request says what it changes about the debt"),
    Permission("statuses", "read", "Whether an upgrade's commit passed what reports by commit statuses"),
    Permission("workflows", "write", "Actions are upgraded in files below .github/workflows"),
    Permission("security_events", "write", "Findings are shown where code scanning shows its own", is_optional=True),
    Permission(
        "members", "read", "Teams that a repository's configuration names are asked for reviews", is_optional=True
    ),
)
EVENTS: Final = (
    Event("push", "A change of the default branch is scanned", "changes are found with the sweep alone"),
    Event("pull_request", "A pull request gets its check run", "pull requests get no check run"),
    Event("check_run", "“Re-run” on a check run", "a check run cannot be asked for again"),
    Event("check_suite", "“Re-run all checks”", "check runs cannot be asked for again"),
    Event("issues", "A box ticked in the dashboard", "boxes are seen with the next scan"),
    Event("issue_comment", "Commands in comments", "commands are seen with the next scan"),
    Event("repository", "Renamed, transferred, archived or deleted; topics", "it is seen with the daily comparison"),
    Event("installation_target", "An account that was renamed", "it is seen with the daily comparison"),
    Event("installation", "Installed, suspended, uninstalled", "", is_always_sent=True),
    Event("installation_repositories", "Repositories added and removed", "", is_always_sent=True),
    Event("github_app_authorization", "A person who took the sign-in back", "", is_always_sent=True),
)


def default_permissions() -> dict[str, Level]:
    """Return the permissions as a manifest asks for them."""
    return {one.name: one.level for one in PERMISSIONS}


def default_events() -> tuple[str, ...]:
    """Return the events as a manifest asks for them."""
    return tuple(one.name for one in EVENTS if not one.is_always_sent)


def lacking(granted: Mapping[str, str]) -> tuple[Permission, ...]:
    """Return the permissions that are not granted, or at too low a level. ``granted``: name → level."""
    return tuple(one for one in PERMISSIONS if _ORDER.get(granted.get(one.name, "none"), 0) < _ORDER[one.level])


def unheard(events: Iterable[str]) -> tuple[Event, ...]:
    """Return the events that an App is not subscribed to."""
    subscribed = set(events)
    return tuple(one for one in EVENTS if not one.is_always_sent and one.name not in subscribed)


def hook_url(url: str) -> str:
    """Return where GitHub delivers webhooks to; ``url`` is where the service is reached."""
    return f"{url}/webhooks/github"


def manifest(name: str, url: str) -> dict[str, Any]:
    """Return the App's manifest; ``url`` is where the service is reached.

    https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
    """
    return {
        "name": name,
        "url": url,
        "description": "Scans every repository for technical debt, and pays the mechanical part back by pull request.",
        "hook_attributes": {"url": hook_url(url), "active": True},
        "redirect_url": f"{url}/setup/registered",
        "callback_urls": [f"{url}/-/signed-in"],
        "setup_url": url,
        "setup_on_update": False,
        "request_oauth_on_install": False,
        "public": False,
        "default_permissions": default_permissions(),
        "default_events": list(default_events()),
    }


def permissions_table() -> str:
    """Return the permissions as a table of Markdown."""
    rows = ["| permission | level | why | without it |", "|---|---|---|---|"]
    for one in PERMISSIONS:
        shown = f"{one.shown} (optional)" if one.is_optional else one.shown
        rows.append(f"| {shown} | {one.level} | {one.reason} | {one.withholds} |")
    return "\n".join(rows) + "\n"


def events_table() -> str:
    """Return the events as a table of Markdown."""
    rows = ["| event | what it tells | without it |", "|---|---|---|"]
    for one in EVENTS:
        without = "GitHub sends it to every App" if one.is_always_sent else one.withholds
        rows.append(f"| `{one.name}` | {one.reason} | {without} |")
    return "\n".join(rows) + "\n"
