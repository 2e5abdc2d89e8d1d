"""What a start of the service asks first: whether GitHub takes the App's key, where its webhooks go, and the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from github.GithubException import GithubException

from bot.github import app_reading
from bot.github.app_objects import AppInfo
from bot.github.auth import App
from bot.github.errors import ForbiddenError
from bot.github.reading import text
from bot.github.requester import ClientRequester
from bot.github.session import Session, Settings
from bot.github.translate import translated

_UNAUTHORISED: Final = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What GitHub answered. `app` is None where it does not take the key; then `hook_url` is "".

    `time` is GitHub's own, None where its answer has none; a clock that is a minute off makes every key a wrong one.
    """

    app: AppInfo | None
    hook_url: str
    time: datetime | None


def preflight(app: App, settings: Settings) -> Preflight:
    """Ask GitHub as the App. Raises HostError where it does not answer, or refuses for other reasons than the key."""
    with Session(app, settings) as session:
        requester = session.installations.requester
        try:
            with translated("ask what the GitHub App is"):
                headers, found = requester.requestJsonAndCheck("GET", "/app")
                info = app_reading.app(found)
        except ForbiddenError as error:
            refusal = error.__cause__
            if not isinstance(refusal, GithubException) or refusal.status != _UNAUTHORISED:
                raise
            return Preflight(app=None, hook_url="", time=_time(refusal.headers or {}))
        return Preflight(app=info, hook_url=_hook_url(requester), time=_time(headers))


def _hook_url(requester: ClientRequester) -> str:
    with translated("ask where the GitHub App's webhooks go"):
        _headers, found = requester.requestJsonAndCheck("GET", "/app/hook/config")
        return text(found.get("url") or "")


def _time(headers: dict[str, Any]) -> datetime | None:
    try:
        return parsedate_to_datetime(str(headers.get("date", ""))).astimezone(UTC)
    except ValueError:
        return None
