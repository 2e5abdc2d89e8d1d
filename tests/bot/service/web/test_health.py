from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.service.web.model import Web
from tests.support.service.web import Clock, client_of


def test_a_process_that_answers_is_alive_whatever_else_is_broken(web: Web, tmp_path: Path) -> None:
    with client_of(_without_database(web, tmp_path)) as client:
        assert client.get("/healthz").json() == {"alive": True}


def test_a_service_is_ready_with_database_and_worker_also_for_its_setup(web: Web, new: Web) -> None:
    for one, is_registered in ((web, True), (new, False)):
        with client_of(one) as client:
            answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"database": True, "worker": True, "registered": is_registered}


def test_without_its_database_or_its_lease_it_is_not_ready(web: Web, tmp_path: Path) -> None:
    for broken, what in (
        (_without_database(web, tmp_path), "database"),
        (replace(web, is_worker_healthy=lambda: False), "worker"),
    ):
        with client_of(broken) as client:
            answer = client.get("/readyz")
        assert answer.status_code == 503
        assert [name for name, works in answer.json().items() if not works] == [what]


def test_probes_are_answered_more_often_than_anybody_needs_and_no_more(web: Web, clock: Clock) -> None:
    with client_of(web) as client:
        assert [client.get("/readyz").status_code for _turn in range(61)] == [200] * 60 + [429]
        assert client.get("/healthz").status_code == 200
        clock.go(seconds=1)
        assert [client.get("/readyz").status_code for _turn in range(6)] == [200] * 5 + [429]


def _without_database(web: Web, folder: Path) -> Web:
    engine = sa.create_engine(f"sqlite:///{folder}/no/such/folder/x.sqlite3")
    return replace(web, services=replace(web.services, engine=engine))
