"""What GitHub says when it is asked what an installation is and may see, and what others write meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from bot.github.app_client import AppClient
from bot.github.app_objects import RepositoryInfo
from bot.github.auth import App
from bot.service.arriving import arrive
from bot.service.changes import Change, InstallationTold, RepositoriesLeft, RepositoriesListed, RepositoryTold
from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.metrics import REGISTRY
from bot.service.webhooks.kept import Named
from bot.service.webhooks.kept import RepositoryTold as Said
from bot.service.workflows.all import workflows
from bot.service.workflows.chores import Chore, enqueue
from tests.support.service.estate import Estate

README = {"README.md": "Nothing\n"}


@contextmanager
def _another_app(acme: Estate) -> Iterator[None]:
    """Let the service act as another App for a while."""
    other, right = acme.github.app("other"), acme.parts
    with AppClient(App(str(other.id), other.private_key), acme.web.github) as client:
        acme.parts = replace(right, apps=lambda: client)
        yield
    acme.parts = right


@dataclass(frozen=True, slots=True)
class _Overtaken:
    """GitHub's list, which is older than what follows it."""

    client: AppClient
    then: Callable[[], object]

    def __getattr__(self, name: str) -> object:
        return getattr(self.client, name)

    def repositories(self, installation: int) -> tuple[RepositoryInfo, ...]:
        found = self.client.repositories(installation)
        self.then()
        return found


def _list_overtaken_by(acme: Estate, *changes: Change) -> None:
    """List while webhooks change something after GitHub was asked, and before that is written."""
    acme.go(minutes=1)

    def then() -> None:
        with writing(acme.services.engine) as connection:
            arrive(connection, changes, acme.clock.moment())

    overtaken = cast("AppClient", _Overtaken(acme.parts.apps(), then))
    parts = replace(acme.parts, apps=lambda: overtaken)
    workflows(parts)["list"]({"installation": acme.installation()["id"]})


def _list(acme: Estate, cause: str) -> None:
    enqueue(acme.line, "list", Chore(installation=acme.installation()["id"]), cause)
    acme.go()


def _errors(kind: str) -> float:
    return REGISTRY.get_sample_value("debtscan_errors_total", {"part": "reconcile", "kind": kind}) or 0


def test_with_another_apps_key_nothing_is_taken_for_gone_and_it_is_told(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    before = _errors("AnotherApp")
    with _another_app(acme):
        acme.start("reconcile")
        assert _errors("AnotherApp") == before + 1
        _list(acme, "asked")
        assert _errors("AnotherApp") == before + 2
    assert acme.installation()["gone_at"] is None
    assert acme.row("shop")["gone_at"] is None


def test_what_was_taken_for_gone_is_back_once_github_names_it(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.set(INSTALLATIONS, gone_at=acme.clock.moment())
    acme.set(REPOSITORIES, gone_at=acme.clock.moment())
    acme.go(hours=1)
    acme.start("reconcile")
    assert acme.installation()["gone_at"] is None
    assert acme.row("shop")["gone_at"] is None
    acme.go(hours=25)
    acme.start("forget")
    assert acme.count(REPOSITORIES) == 1


def test_one_list_brings_an_installation_back_as_well(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.set(INSTALLATIONS, gone_at=acme.clock.moment())
    acme.set(REPOSITORIES, gone_at=acme.clock.moment())
    acme.go(hours=1)
    _list(acme, "asked")
    assert (acme.installation()["gone_at"], acme.row("shop")["gone_at"]) == (None, None)


def test_what_is_suspended_is_back_with_what_went_with_it_and_nothing_else(acme: Estate) -> None:
    acme.add("shop", README)
    acme.add("site", README)
    installed = acme.install()
    installed.suspend()
    acme.go()
    now = acme.clock.moment()
    earlier = now - timedelta(hours=1)
    acme.set(INSTALLATIONS, gone_at=now)
    acme.set(REPOSITORIES, REPOSITORIES.c.key == "acme/shop", gone_at=now)
    acme.set(REPOSITORIES, REPOSITORIES.c.key == "acme/site", gone_at=earlier)
    acme.go(hours=1)
    acme.start("reconcile")
    assert acme.installation()["gone_at"] is None
    assert acme.row("shop")["gone_at"] is None
    assert acme.row("site")["gone_at"] == earlier


def test_what_a_webhook_tells_while_github_is_asked_counts_more(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    row = acme.row("shop")
    said = Said(
        name="acme/Store",
        private=True,
        default_branch="trunk",
        topics=("debtscan",),
        skip="archived",
        told_at=acme.clock.moment() + timedelta(minutes=1),
    )
    _list_overtaken_by(acme, RepositoryTold(id=row["id"], installation=row["installation_id"], told=said))
    row = acme.row("store")
    assert (row["name"], row["private"], row["default_branch"]) == ("acme/Store", True, "trunk")
    assert (row["topics"], row["skip"]) == ('["debtscan"]', "archived")
    # What is told before GitHub is asked does not.
    _list(acme, "asked")
    row = acme.row("shop")
    assert (row["private"], row["default_branch"], row["topics"], row["skip"]) == (False, "main", "[]", "")


def test_what_comes_while_github_is_asked_is_not_taken_for_gone(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    new = RepositoriesListed(
        installation=acme.installation()["id"], repositories=(Named(id=4711, name="acme/site", private=False),)
    )
    _list_overtaken_by(acme, new)
    assert acme.row("site")["gone_at"] is None
    acme.go(minutes=1)
    _list(acme, "asked")
    assert acme.row("site")["gone_at"] is not None


def test_what_leaves_while_github_is_asked_stays_away(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    row = acme.row("shop")
    _list_overtaken_by(acme, RepositoriesLeft(installation=row["installation_id"], repositories=(row["id"],)))
    assert acme.row("shop")["gone_at"] is not None
    acme.go(minutes=1)
    _list(acme, "asked")
    assert acme.row("shop")["gone_at"] is None


def test_what_moves_elsewhere_while_github_is_asked_stays_there(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    row = acme.row("shop")
    there = row["installation_id"] + 1
    moved = RepositoriesListed(installation=there, repositories=(Named(id=row["id"], name="acme/shop", private=False),))
    _list_overtaken_by(acme, moved)
    assert acme.row("shop")["installation_id"] == there


def test_a_suspension_that_comes_while_github_is_asked_stays(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    row = acme.installation()
    suspended = InstallationTold(
        id=row["id"],
        account=row["account"],
        account_id=row["account_id"],
        account_kind=row["account_kind"],
        permissions={},
        events=(),
        is_suspended=True,
        told_at=acme.clock.moment() + timedelta(minutes=1),
    )
    _list_overtaken_by(acme, suspended)
    assert acme.installation()["suspended_at"] is not None
    _list(acme, "asked")
    assert acme.installation()["suspended_at"] is None


def test_what_came_before_a_suspension_is_scanned_after_it(acme: Estate) -> None:
    acme.add("shop", README)
    installed = acme.github.install(acme.app, "acme")
    acme.go()
    installed.suspend()
    acme.go(seconds=10)
    assert acme.row("shop")["scanned_at"] is None
    installed.unsuspend()
    acme.go()
    acme.go(seconds=10)
    assert acme.row("shop")["scanned_at"] is not None
