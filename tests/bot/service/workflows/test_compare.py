"""Pull requests of people: what each adds and mends is told once for each head."""

from __future__ import annotations

from bot.github.objects import OWN_CHECK
from tests.support.github import HostedRepository
from tests.support.service.estate import Estate

OLD = {"Dockerfile": "FROM python:3.8-slim-buster\n"}


def _posting(acme: Estate) -> HostedRepository:
    settings = "[upgrades]\nenabled = false\n[posts]\ndashboard = false\n"
    shop = acme.add("shop", {"README.md": "Shop\n", "debtscan.toml": settings}, topics=("debtscan",))
    acme.install()
    assert acme.row("shop")["phase"] == "posting"
    return shop


def _checked(shop: HostedRepository, sha: str) -> list[str | None]:
    return [run.conclusion for run in shop.settings.check_runs if run.sha == sha and run.name == OWN_CHECK]


def test_a_pull_request_is_told_once_for_each_head(acme: Estate) -> None:
    shop = _posting(acme)
    first = shop.commit(OLD, branch="old")
    pull = shop.open_pull("old")
    acme.go()
    assert len(_checked(shop, first)) == 1
    shop.close(pull.number)
    shop.reopen(pull.number)
    acme.go()
    assert len([item for item in acme.line.done if item.name == "compare"]) == 1
    second = shop.commit({"README.md": "More\n"}, branch="old")
    acme.go()
    assert len(_checked(shop, second)) == 1
    assert len([item for item in acme.line.done if item.name == "compare"]) == 2


def test_a_pull_request_from_a_fork_is_told_as_well(acme: Estate) -> None:
    shop = _posting(acme)
    pull = shop.pull_from_fork("eve", "main", OLD)
    acme.go()
    assert len(_checked(shop, pull.head)) == 1


def test_who_asks_again_is_told_again(acme: Estate) -> None:
    shop = _posting(acme)
    head = shop.commit(OLD, branch="old")
    shop.open_pull("old")
    acme.go()
    (run,) = [run for run in shop.settings.check_runs if run.sha == head and run.name == OWN_CHECK]
    shop.rerequest(run)
    acme.go()
    last = [item for item in acme.line.done if item.name == "compare"][-1]
    assert last.priority == 1
    assert last.id.count(":") == 4


def test_where_debtscan_does_not_post_nothing_is_told(acme: Estate) -> None:
    shop = acme.add("shop", {"README.md": "Shop\n"})
    acme.install()
    shop.commit(OLD, branch="old")
    shop.open_pull("old")
    acme.go()
    assert acme.github.writes == []


def test_an_outage_puts_it_off(acme: Estate) -> None:
    shop = _posting(acme)
    head = shop.commit(OLD, branch="old")
    shop.open_pull("old")
    acme.github.fault("GET /repos/{owner}/{repo}/pulls/{pull_number}", status=503, times=5)
    acme.go()
    assert _checked(shop, head) == []
    acme.go(minutes=5)
    assert len(_checked(shop, head)) == 1
