"""GitHub's limits and outages: what they stop is put off, told, and done afterwards, and nothing spins meanwhile."""

from __future__ import annotations

from datetime import timedelta

from bot.service.database.tables import REPOSITORIES, SCANS
from tests.support.github.messages import Response
from tests.support.service.estate import Estate

SETTLE = 60
REPO = "GET /repos/{owner}/{repo}"


def _used_up(acme: Estate, minutes: int) -> Response:
    resets = acme.clock.seconds + minutes * 60
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "5000", "x-ratelimit-reset": f"{resets:.0f}"}
    return Response(status=403, body={"message": "API rate limit exceeded"}, headers=headers)


def test_at_the_limit_a_scan_waits_until_it_is_over_and_asks_nothing_meanwhile(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    acme.github.fault(REPO, response=_used_up(acme, 50))
    began = acme.clock.moment()
    shop.commit({"README.md": "More\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    scan = acme.scans("shop")[-1]
    assert scan["outcome"] == "postponed"
    assert "limit" in scan["error"]
    assert timedelta(minutes=49) < scan["until"] - began < timedelta(minutes=54)
    assert acme.row("shop")["scanning"] == ""
    asked = len(acme.github.requests)
    for _turn in range(4):
        acme.go(minutes=10)
    assert len(acme.github.requests) == asked
    acme.go(minutes=14)
    last = acme.scans("shop")[-1]
    assert (last["outcome"], last["attempt"], last["commit"]) == ("done", 1, shop.head)
    assert last["id"] == f"{scan['id']}~1"
    assert acme.row("shop")["error"] == ""


def test_an_outage_is_waited_for_longer_and_longer_and_the_rest_of_the_service_goes_on(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    outage = acme.github.fault(REPO, status=503, times=0)
    shop.commit({"README.md": "More\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    for _minute in range(20):
        acme.go(minutes=1)
    tried = [scan for scan in acme.scans("shop") if scan["outcome"] == "postponed"]
    assert 2 <= len(tried) <= 5
    acme.github._faults.remove(outage)
    acme.go(minutes=40)
    assert acme.scans("shop")[-1]["outcome"] == "done"
    assert acme.row("shop")["scanned_commit"] == shop.head


def test_after_a_day_it_is_told_as_failed_and_the_repository_is_free(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    acme.github.fault(REPO, status=503, times=0)
    shop.commit({"README.md": "More\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    for _turn in range(30):
        acme.go(hours=1)
    assert acme.scans("shop")[-1]["outcome"] == "failed"
    assert acme.row("shop")["error"]
    assert acme.row("shop")["scanning"] == ""
    assert acme.line.named("admit") == ()
    assert len(acme.scans("shop")) < 60


def test_what_is_asked_while_it_is_put_off_is_done_with_it(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    acme.github.fault(REPO, response=_used_up(acme, 30))

    def push() -> None:
        acme.set(REPOSITORIES, again="person")

    acme.github.fault(REPO, call=push)
    shop.commit({"README.md": "More\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    assert acme.row("shop")["again"] == ""
    acme.go(minutes=33)
    last = acme.scans("shop")[-1]
    assert (last["outcome"], last["urgency"]) == ("done", "person")


def test_the_limit_in_the_middle_of_writing_leads_to_the_rest_and_nothing_twice(acme: Estate) -> None:
    files = {"debtscan.toml": "[upgrades]\n", "Dockerfile": "FROM python:3.8-slim-buster\n"}
    workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v2\n"
    shop = acme.add("shop", {**files, ".github/workflows/ci.yml": workflow}, topics=("debtscan",))
    acme.github.fault("POST /repos/{owner}/{repo}/issues", response=_used_up(acme, 30))
    acme.install()
    assert len(shop.pulls) == 1
    assert acme.scans("shop")[-1]["outcome"] == "postponed"
    assert acme.row("shop")["acted_digest"] == ""
    acme.go(minutes=33)
    assert (len(shop.pulls), len(shop.issues)) == (1, 1)
    assert acme.scans("shop")[-1]["outcome"] in {"done", "unchanged"}
    assert acme.row("shop")["acted_digest"] != ""
    assert acme.count(SCANS) == 2
