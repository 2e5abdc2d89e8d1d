"""What GitHub answers a GitHub App, as frozen objects. Raises KeyError, TypeError, ValueError on other forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.github.app_objects import AccountKind, AppInfo, DeliveryInfo, InstallationInfo, RepositoryInfo
from bot.github.reading import moment, text
from bot.github.session import NAME
from bot.github.translate import cleaned

Json = Mapping[str, Any]

_KINDS: Final[Mapping[str, AccountKind]] = {"Organization": "Organization", "Enterprise": "Enterprise"}
_LONGEST_BRANCH = 255
_LONGEST_TOPIC, _MOST_TOPICS = 50, 20


def app(found: Json) -> AppInfo:
    """Return the App. A server that is older than client ids has none: ``""``."""
    return AppInfo(
        slug=line(found["slug"]),
        id=number(found["id"]),
        client_id=line(found.get("client_id") or ""),
        owner=_login(found["owner"]),
        permissions=_permissions(found),
        events=_events(found),
        html_url=line(found["html_url"]),
    )


def installation(found: Json) -> InstallationInfo:
    """Return an installation."""
    account, suspended = found["account"], found.get("suspended_at")
    return InstallationInfo(
        id=number(found["id"]),
        account=_login(account),
        account_id=number(account["id"]),
        account_kind=_KINDS.get(text(found["target_type"]), "User"),
        permissions=_permissions(found),
        events=_events(found),
        suspended=datetime.fromisoformat(text(suspended)) if suspended else None,
        all_repositories=found["repository_selection"] == "all",
    )


def repository(found: Json) -> RepositoryInfo:
    """Return a repository of a list, or of a webhook."""
    name, branch = text(found["full_name"]), text(found["default_branch"])
    if not NAME.fullmatch(name) or len(branch) > _LONGEST_BRANCH or not branch.isprintable():
        raise ValueError("no name of a repository or of a branch")
    return RepositoryInfo(
        id=number(found["id"]),
        name=name,
        private=bool(found["private"]),
        default_branch=branch,
        archived=bool(found.get("archived")),
        disabled=bool(found.get("disabled")),
        fork=bool(found.get("fork")),
        mirror=bool(found.get("mirror_url")),
        empty_hint=found.get("size") == 0,
        topics=topics(found.get("topics") or ()),
    )


def topics(found: object) -> tuple[str, ...]:
    """Return the topics of a repository, no more and no longer than GitHub allows."""
    if not isinstance(found, (list, tuple)):
        raise TypeError("topics that are no list")
    return tuple(cleaned(text(topic))[:_LONGEST_TOPIC] for topic in found[:_MOST_TOPICS])


def delivery(found: Json) -> DeliveryInfo:
    """Return an entry of the list of deliveries."""
    return DeliveryInfo(
        id=number(found["id"]),
        guid=line(found["guid"]),
        event=line(found["event"]),
        action=line(found["action"] or ""),
        delivered_at=moment(datetime.fromisoformat(text(found["delivered_at"]))),
        redelivery=bool(found["redelivery"]),
        status_code=number(found["status_code"]),
        installation=_number_or_none(found.get("installation_id")),
        repository=_number_or_none(found.get("repository_id")),
    )


def number(value: object) -> int:
    """Return a member that must be a whole number. Raises TypeError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"a {type(value).__name__} where a number was promised")
    return value


def line(value: object) -> str:
    """Return a member that must be a text, as one bounded line. Raises TypeError."""
    return cleaned(text(value))


def _number_or_none(value: object) -> int | None:
    return None if value is None else number(value)


def _login(account: Json) -> str:
    """Return whose it is: an enterprise has a slug and no login."""
    return line(account["login"] if "login" in account else account["slug"])


def _permissions(found: Json) -> dict[str, str]:
    return {line(name): line(level) for name, level in found["permissions"].items()}


def _events(found: Json) -> tuple[str, ...]:
    return tuple(line(event) for event in found["events"])
