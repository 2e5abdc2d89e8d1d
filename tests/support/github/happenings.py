"""What happens at GitHub, told to whoever listens: each function is one event of its webhooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tests.support.github import render_apps, render_hooks
from tests.support.github.grants import App, Installation
from tests.support.github.messages import Json
from tests.support.github.threads import Account, Comment, Issue, Pull
from tests.support.github.world import CheckRun, Happening, Repository, World

ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "check_run": ("completed", "created", "requested_action", "rerequested"),
    "check_suite": ("requested", "rerequested"),
    "github_app_authorization": ("revoked",),
    "installation": ("created", "deleted", "new_permissions_accepted", "suspend", "unsuspend"),
    "installation_repositories": ("added", "removed"),
    "issue_comment": ("created", "deleted", "edited"),
    "issues": ("closed", "edited", "opened", "reopened"),
    "ping": ("",),
    "pull_request": ("closed", "edited", "opened", "reopened", "synchronize"),
    "push": ("",),
    "repository": (
        "archived",
        "created",
        "deleted",
        "edited",
        "privatized",
        "publicized",
        "renamed",
        "transferred",
        "unarchived",
    ),
}
"""Event → its actions, of all that is told."""


def described_as(event: str, action: str) -> str:
    """Return the name of a webhook in GitHub's description."""
    return "-".join(part.replace("_", "-") for part in (event, action) if part)


WEBHOOKS: Final = tuple(described_as(event, action) for event, actions in ACTIONS.items() for action in actions)


def pushed(world: World, repository: Repository, ref: str, moved: tuple[str, str], sender: Account) -> None:
    """Tell that a ref was ``moved`` from one commit to another."""
    if world.listener is None or moved[0] == moved[1]:
        return
    fields = render_hooks.push(world, repository, ref, moved, sender)
    _tell(world, "push", "", fields, sender, repository)


def pull_changed(
    world: World, repository: Repository, pull: Pull, action: str, sender: Account, more: Json | None = None
) -> None:
    """Tell what happened to a pull request."""
    if world.listener is not None:
        fields = {"number": pull.number, "pull_request": render_hooks.pull(world, repository, pull), **(more or {})}
        _tell(world, "pull_request", action, fields, sender, repository)


def issue_changed(
    world: World, repository: Repository, issue: Issue, action: str, sender: Account, more: Json | None = None
) -> None:
    """Tell what happened to an issue, or to a pull request."""
    if isinstance(issue, Pull):
        pull_changed(world, repository, issue, action, sender, more)
    elif world.listener is not None:
        fields = {"issue": render_hooks.issue(world, repository, issue), **(more or {})}
        _tell(world, "issues", action, fields, sender, repository)


def edited(before: Mapping[str, str | None], issue: Issue) -> Json:
    """Return what changed of the title and the body of an issue."""
    now = {"title": issue.title, "body": issue.body}
    return {"changes": {name: {"from": text or ""} for name, text in before.items() if text != now[name]}}


def commented(
    world: World, repository: Repository, issue: Issue, comment: Comment, action: str, sender: Account, *, old: str = ""
) -> None:
    """Tell of a comment; ``old`` is what it said before it was edited."""
    if world.listener is not None:
        fields = {
            "issue": render_hooks.issue(world, repository, issue),
            "comment": render_hooks.comment(world, repository, issue, comment),
            **({"changes": {"body": {"from": old}}} if action == "edited" else {}),
        }
        _tell(world, "issue_comment", action, fields, sender, repository)


def checked(
    world: World, repository: Repository, run: CheckRun, action: str, sender: Account, identifier: str = ""
) -> None:
    """Tell of a check run. That somebody wants something of it is told to its own App alone."""
    if world.listener is not None:
        wanted = {"requested_action": {"identifier": identifier}} if action == "requested_action" else {}
        own = run.app if action in {"rerequested", "requested_action"} else None
        fields = {"check_run": render_hooks.check_run(world, repository, run), **wanted}
        _tell(world, "check_run", action, fields, sender, repository, app=own)


def suite_wanted(world: World, repository: Repository, sha: str, app: App, action: str, sender: Account) -> None:
    """Tell an App that it is to check a commit."""
    if world.listener is not None:
        fields = {"check_suite": render_hooks.check_suite(world, repository, sha, app.id)}
        _tell(world, "check_suite", action, fields, sender, repository, app=app)


def repository_changed(
    world: World, repository: Repository, action: str, sender: Account, changes: Json | None = None
) -> None:
    """Tell what happened to a repository itself."""
    if world.listener is not None:
        fields = {} if changes is None else {"changes": changes}
        _tell(world, "repository", action, fields, sender, repository)


def installation_changed(world: World, installation: Installation, action: str, sender: Account) -> None:
    """Tell an App what happened to an installation."""
    if world.listener is None:
        return
    fields: Json = {"installation": render_apps.installation(world, installation)}
    if action in {"created", "deleted", "new_permissions_accepted"}:
        fields["repositories"] = [render_hooks.short_repository(each) for each in world.covered(installation)]
    if action == "created":
        fields["requester"] = None
    _tell(world, "installation", action, fields, sender, installation=installation)


def selection_changed(
    world: World, installation: Installation, action: str, repositories: Iterable[Repository], sender: Account
) -> None:
    """Tell an App that repositories were ``added`` to an installation, or ``removed``."""
    if world.listener is None:
        return
    changed = [render_hooks.short_repository(each) for each in repositories]
    fields = {
        "installation": render_apps.installation(world, installation),
        "repository_selection": "all" if installation.repositories is None else "selected",
        "repositories_added": changed if action == "added" else [],
        "repositories_removed": changed if action == "removed" else [],
        "requester": None,
    }
    _tell(world, "installation_repositories", action, fields, sender, installation=installation)


def consent_revoked(world: World, app: App, sender: Account) -> None:
    """Tell an App that somebody wants to be signed in no more."""
    _tell(world, "github_app_authorization", "revoked", {}, sender, app=app)


def pinged(world: World, app: App) -> None:
    """Tell an App that its hook was set up."""
    _tell(world, "ping", "", render_hooks.ping(world, app), app.owner, app=app)


def _tell(
    world: World,
    event: str,
    action: str,
    fields: Json,
    sender: Account,
    repository: Repository | None = None,
    *,
    installation: Installation | None = None,
    app: App | None = None,
) -> None:
    if world.listener is not None:
        world.listener(
            Happening(
                event=event,
                action=action,
                sender=sender,
                fields=fields,
                repository=repository,
                installation=installation,
                app=app,
            )
        )
