"""What each webhook means."""

from __future__ import annotations

import pytest

from bot.service.arrivals import arrival_of
from bot.service.changes import (
    AccountNamed,
    Arrival,
    Change,
    CompareWanted,
    ConfigurationWanted,
    InstallationTold,
    ListingWanted,
    PersonRevoked,
    Pushed,
    RepositoriesLeft,
    RepositoriesListed,
    RepositoryTold,
    ScanWanted,
    Want,
)
from bot.service.model import Reason, Urgency
from bot.service.webhooks.kept import Named
from tests.support.service import payloads
from tests.support.service.payloads import (
    INSTALLATION,
    REPOSITORY,
    SHA,
    Payload,
    chosen,
    comment,
    delivery,
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
from tests.support.service.ticked import TICKED, UNTICKED

ASKED: list[Want] = [ConfigurationWanted(installation=INSTALLATION), ListingWanted(installation=INSTALLATION)]
SHOP = Named(id=REPOSITORY, name="acme/shop", private=False)
NOTHING: list[tuple[str, Payload]] = [
    ("ping", {"zen": "Keep it logically awesome.", "hook_id": 1}),
    ("star", of_repository("created")),
    ("push", push("mend")),
    ("push", push(ref="refs/tags/main")),
    ("push", push(after="0" * 40, deleted=True)),
    ("pull_request", pull("labeled")),
    ("pull_request", pull("closed")),
    ("pull_request", pull("closed", "debtscan/pypi-requests-2", sender=person("debtscan[bot]", "Bot"))),
    ("issues", issue(body=UNTICKED)),
    ("issues", issue("closed", body=TICKED)),
    ("issue_comment", comment("Looks good.")),
    ("issue_comment", comment("@debtscan rebase", "deleted")),
    ("check_run", payloads.check_run("completed")),
    ("check_suite", payloads.check_suite("requested")),
]


@pytest.mark.parametrize(("event", "payload"), NOTHING)
def test_what_concerns_nobody_is_acknowledged(event: str, payload: Payload) -> None:
    found = arrival_of(delivery(event, payload))
    assert not found
    assert found == Arrival()


def _scan(
    reason: Reason, urgency: Urgency = "change", *, settles: bool = False, topics: tuple[str, ...] = ()
) -> ScanWanted:
    return ScanWanted(repository=REPOSITORY, reason=reason, urgency=urgency, settles=settles, topics=topics)


def _compare(number: int = 7, *, again: bool = False) -> CompareWanted:
    return CompareWanted(repository=REPOSITORY, number=number, head=SHA, again=again)


WANTED: list[tuple[str, Payload, list[Want]]] = [
    ("installation", installed(), ASKED),
    ("installation", installed("unsuspend"), ASKED),
    ("installation", installed("new_permissions_accepted"), ASKED),
    ("installation", installed("deleted"), []),
    ("installation", installed("suspend", installation=installation(suspended_at="2026-11-01T09:00:00Z")), []),
    ("installation_repositories", chosen(added=[listed()]), ASKED),
    ("installation_repositories", chosen(removed=[listed()]), ASKED),
    ("repository", of_repository("created"), [_scan("installed")]),
    ("repository", of_repository("created", repository(fork=True)), []),
    ("repository", of_repository("transferred"), [_scan("installed")]),
    ("repository", of_repository("renamed"), [_scan("renamed")]),
    ("repository", of_repository("unarchived"), [_scan("installed")]),
    ("repository", of_repository("archived", repository(archived=True)), []),
    ("repository", of_repository("edited", changes={"topics": {"from": []}}), [_scan("renamed", topics=("shop",))]),
    ("repository", of_repository("edited", changes={"topics": {"from": ["shop", "web"]}}), [_scan("renamed")]),
    ("repository", of_repository("edited", changes={"default_branch": {"from": "old"}}), [_scan("renamed")]),
    ("repository", of_repository("edited", changes={"description": {"from": ""}}), []),
    ("repository", of_repository("privatized"), []),
    ("repository", of_repository("deleted"), []),
    ("push", push(), [_scan("push", settles=True)]),
    (
        "push",
        push(repository=repository("acme/.github")),
        [_scan("push", settles=True), ConfigurationWanted(installation=INSTALLATION)],
    ),
    ("pull_request", pull("opened"), [_compare()]),
    ("pull_request", pull("synchronize"), [_compare()]),
    ("pull_request", pull("reopened"), [_compare()]),
    ("pull_request", pull("closed", "debtscan/pypi-requests-2"), [_scan("asked")]),
    ("pull_request", pull("closed", "debtscan/onboarding"), [_scan("asked", "person")]),
    ("issues", issue(body=TICKED), [_scan("box", "person")]),
    ("issue_comment", comment("@debtscan rebase"), [_scan("comment", "person")]),
    ("issue_comment", comment("@debtscan rebase", "edited"), [_scan("comment", "person")]),
    ("issue_comment", comment("@debtscan rebase", association="NONE"), [_scan("comment", "change")]),
    ("check_run", payloads.check_run(), [_scan("re-request", "person")]),
    ("check_run", payloads.check_run(branch="mend", pulls=(7,)), [_compare(again=True)]),
    ("check_suite", payloads.check_suite(pulls=(7,)), [_scan("re-request", "person"), _compare(again=True)]),
    # A branch of a fork, or one without a pull request: nobody says which.
    ("check_suite", payloads.check_suite(branch="mend"), [_scan("re-request", "person")]),
]


@pytest.mark.parametrize(("event", "payload", "wants"), WANTED)
def test_what_is_wanted_follows_from_the_event(event: str, payload: Payload, wants: list[Want]) -> None:
    assert [*arrival_of(delivery(event, payload)).wants] == wants


CHANGED: list[tuple[str, Payload, list[Change]]] = [
    (
        "installation_repositories",
        chosen(removed=[listed()]),
        [RepositoriesLeft(installation=INSTALLATION, repositories=(REPOSITORY,))],
    ),
    ("installation", installed(), [RepositoriesListed(installation=INSTALLATION, repositories=(SHOP,))]),
    (
        "installation_target",
        {"action": "renamed", "account": payloads.account("acme-corp"), "installation": {"id": INSTALLATION}},
        [AccountNamed(installation=INSTALLATION, account="acme-corp")],
    ),
    (
        "repository",
        of_repository("deleted"),
        [RepositoriesLeft(installation=INSTALLATION, repositories=(REPOSITORY,))],
    ),
    ("push", push(), [Pushed(repository=REPOSITORY, installation=INSTALLATION, branch="main", head=SHA)]),
    ("github_app_authorization", {"action": "revoked", "sender": person()}, [PersonRevoked(user_id=21_031_067)]),
]


@pytest.mark.parametrize(("event", "payload", "changes"), CHANGED)
def test_what_changes_follows_from_the_event(event: str, payload: Payload, changes: list[Change]) -> None:
    found = arrival_of(delivery(event, payload)).changes
    assert [one for one in found if not isinstance(one, InstallationTold)] == changes


def test_an_uninstalled_installation_lists_nothing_any_more() -> None:
    (told,) = arrival_of(delivery("installation", installed("deleted"))).changes
    assert isinstance(told, InstallationTold)
    assert told.is_gone


@pytest.mark.parametrize(("action", "arrives"), [("created", True), ("transferred", True), ("edited", False)])
def test_a_repository_arrives_where_it_was_made_or_went(action: str, arrives: bool) -> None:
    (told,) = arrival_of(delivery("repository", of_repository(action))).changes
    assert isinstance(told, RepositoryTold)
    assert told.arrives is arrives
    assert told.named == SHOP


@pytest.mark.parametrize("event", ["repository", "push"])
def test_what_tells_no_installation_changes_nothing(event: str) -> None:
    payload = push() if event == "push" else of_repository("renamed")
    del payload["installation"]
    assert not arrival_of(delivery(event, payload))
