"""An organisation from its installation on: scanned once, on a push, and every week, for as little as it takes."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.service.database.tables import REPOSITORIES, SCANS
from tests.support.github.exchange import Exchange
from tests.support.service.organisation import Organisation, organisation
from tests.support.service.running import Running

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone"),
    pytest.mark.waits,
]


@pytest.mark.parametrize(
    ("count", "pushed"),
    [pytest.param(5, 2, id="small"), pytest.param(200, 20, id="whole", marks=pytest.mark.soak)],
)
def test_an_organisation_is_scanned_then_what_changes_and_the_rest_for_a_request_each(
    tmp_path: Path, count: int, pushed: int
) -> None:
    with organisation(tmp_path, count) as acme, acme.serving() as service:
        acme.install(service)
        first = acme.until(lambda: acme.scanned() == count and acme.is_idle(), 60 + 5 * count, service)
        _only_those_that_are_pushed_to_are_scanned(acme, service, pushed)
        _unchanged_ones_cost_one_request_each(acme, service, count)
        # A new installation is silent.
        assert not acme.github.writes
        print(f"{count} repositories scanned in {first:.1f} s")  # noqa: T201 - the full form tells its figure


def _only_those_that_are_pushed_to_are_scanned(acme: Organisation, service: Running, pushed: int) -> None:
    chosen = acme.repositories[:pushed]
    heads = {one.commit({"requirements.txt": "attrs==2.0\n"}) for one in chosen}
    acme.github.hooks.settle()
    acme.until(lambda: heads <= set(acme.column(REPOSITORIES.c.scanned_commit)), 60 + 5 * pushed, service)
    acme.until(acme.is_idle, 60, service)
    scanned = acme.column(SCANS.c.repository_id, SCANS.c.reason == "push", SCANS.c.outcome == "done")
    assert sorted(scanned) == sorted(one.settings.id for one in chosen)


def _unchanged_ones_cost_one_request_each(acme: Organisation, service: Running, count: int) -> None:
    since, turns = len(acme.github.requests), 0
    acme.sweep(turns)

    def all_swept() -> bool:
        nonlocal turns
        if acme.is_idle() and acme.swept() < count:
            turns += 1
            acme.sweep_on(turns)
        return acme.swept() == count

    acme.until(all_swept, 60 + 5 * count, service)
    asked = Counter(map(_kind, acme.github.requests[since:]))
    # The service looks for missed deliveries at every quarter of an hour, which may be now.
    del asked["/app/hook/deliveries"]
    # A token for all that is asked in one go, and the branch of each; git is not asked at all.
    assert asked == {"ref": count, "token": asked["token"]}
    assert asked["token"] <= turns + 1


def _kind(exchange: Exchange) -> str:
    path = exchange.request.path
    if path.endswith("/git/ref/heads/main"):
        return "ref"
    return "token" if path.endswith("/access_tokens") else path
