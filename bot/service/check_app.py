"""The part of the check that GitHub answers: the App's keys, what it may, what it hears, and what time it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.github.app_client import AppClient
from bot.github.app_objects import AppInfo, InstallationInfo
from bot.github.app_preflight import Preflight, preflight
from bot.github.auth import App
from bot.github.errors import HostError
from bot.github.session import Settings as GitHub
from bot.service.checked import Checked, doubtful, failed, ok
from bot.service.permissions import hook_url, lacking, unheard
from bot.service.secrets import Secrets

# A key's signature says when it was made. GitHub takes none from the future, and none older than some minutes.
_LATE: Final = timedelta(seconds=60)
_SOON_LATE: Final = timedelta(seconds=15)
_MOST_NAMED: Final = 5


def about_app(secrets: Secrets, github: GitHub, url: str, now: datetime) -> Iterator[Checked]:
    """Yield what GitHub says of the App; ``url`` is where the service is reached."""
    try:
        found = preflight(secrets.app, github)
    except HostError as error:
        yield failed("GitHub", str(error))
        return
    yield from _about_clock(found.time, now)
    if found.app is None:
        yield failed(
            "key",
            f"{github.address.web} does not take the private key of the App {secrets.app.id}",
            "see that app-id and private-key.pem belong together; or make a new key in the App's settings",
        )
        return
    yield ok("key", f"the App {found.app.slug} of {found.app.owner}, at {github.address.web}")
    yield from _about_next_key(secrets.next_app, github)
    yield from _about_names(found.app, secrets)
    yield from _about_permissions(found.app)
    yield from _about_events(found.app)
    yield _about_hook(found, hook_url(url))
    yield from _about_installations(secrets.app, github)


def _about_clock(theirs: datetime | None, ours: datetime) -> Iterator[Checked]:
    if theirs is None:
        yield doubtful("clock", "GitHub's answer has no date to compare the clock with", "compare it yourself")
        return
    apart = abs(theirs - ours)
    told = f"{apart.total_seconds():.0f} s apart from GitHub's"
    if apart > _LATE:
        yield failed("clock", told, "set it by a time server: GitHub takes no key that was used at another time")
    elif apart > _SOON_LATE:
        yield doubtful("clock", told, "set it by a time server; from a minute on, GitHub takes no key")
    else:
        yield ok("clock", told)


def _about_next_key(app: App | None, github: GitHub) -> Iterator[Checked]:
    if app is None:
        return
    try:
        is_taken = preflight(app, github).app is not None
    except HostError as error:
        yield failed("next key", str(error))
        return
    if is_taken:
        yield ok("next key", "GitHub takes it: rename private-key.next.pem to private-key.pem")
    else:
        yield doubtful("next key", "GitHub does not take private-key.next.pem", "download the new key again")


def _about_names(app: AppInfo, secrets: Secrets) -> Iterator[Checked]:
    if app.client_id and app.client_id != secrets.client_id:
        told = f"client-id is {secrets.client_id}, and the App's is {app.client_id}"
        yield failed("client id", told, "copy it from the App's settings, together with a client secret")


def _about_permissions(app: AppInfo) -> Iterator[Checked]:
    missing = lacking(app.permissions)
    for one in missing:
        state = doubtful if one.is_optional else failed
        yield state(
            "permissions",
            f"{one.shown} ({one.level}) is missing: {one.withholds}",
            f"set {one.shown}: {'Read-only' if one.level == 'read' else 'Read and write'} in the App's settings",
        )
    if not missing:
        yield ok("permissions", "all that it asks for")


def _about_events(app: AppInfo) -> Iterator[Checked]:
    missing = unheard(app.events)
    for one in missing:
        yield doubtful(
            "events",
            f"the App is not subscribed to {one.name}: {one.withholds}",
            f"subscribe it to {one.name.replace('_', ' ')} in the App's settings",
        )
    if not missing:
        yield ok("events", "all that it listens to")


def _about_hook(found: Preflight, wanted: str) -> Checked:
    if found.hook_url == wanted:
        return ok("hook", f"GitHub delivers to {wanted}")
    told = f"GitHub delivers to {found.hook_url}" if found.hook_url else "the App has no webhook"
    return failed("hook", told, f"set the webhook's URL in the App's settings to {wanted}, or url in the configuration")


def _about_installations(app: App, github: GitHub) -> Iterator[Checked]:
    try:
        with AppClient(app, github) as client:
            found = client.installations()
    except HostError as error:
        yield failed("installed", str(error))
        return
    if not found:
        yield doubtful("installed", "nowhere", "install the App from its page on GitHub")
        return
    yield ok("installed", f"on {_named(found)}")
    behind = [one for one in found if not one.suspended and _is_behind(one)]
    if behind:
        told = f"not all permissions are accepted on {_named(behind)}"
        yield doubtful("installed", told, "their owners find the request in the installation's settings")


def _is_behind(installation: InstallationInfo) -> bool:
    return any(not one.is_optional for one in lacking(installation.permissions))


def _named(found: Sequence[InstallationInfo]) -> str:
    names = [one.account for one in found[:_MOST_NAMED]]
    more = len(found) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
