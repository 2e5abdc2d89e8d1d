"""The webhook as GitHub meets it."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Message

from bot.service import metrics
from bot.service.database.tables import DELIVERIES
from bot.service.web import webhooks
from bot.service.web.model import Web
from bot.service.webhooks.read import MOST
from bot.service.webhooks.signature import HEADER, signature
from tests.support.service.payloads import encoded, headers, push
from tests.support.service.web import Enqueued, client_of, secrets_of_an_app

PATH = "/webhooks/github"
SECRET = secrets_of_an_app().webhook[0]


def _counted(outcome: str, event: str = "push") -> float:
    return (
        metrics.REGISTRY.get_sample_value("debtscan_webhook_deliveries_total", {"event": event, "outcome": outcome})
        or 0.0
    )


def _signed(body: bytes, guid: str = "d-1") -> dict[str, str]:
    return {**headers("push", guid=guid), HEADER: signature(body, SECRET)}


def _rows(web: Web) -> list[str]:
    with web.services.engine.connect() as connection:
        return list(connection.execute(sa.select(DELIVERIES.c.id)).scalars())


def test_a_delivery_is_acknowledged_before_anything_is_done(web: Web, client: TestClient) -> None:
    body, before = encoded(push()), _counted("enqueued")
    answered = client.post(PATH, content=body, headers=_signed(body))
    assert (answered.status_code, answered.text) == (202, "It is done in a moment.")
    assert _rows(web) == ["d-1"]
    assert isinstance(web.work, Enqueued)
    assert web.work.items == [("deliver", "d-1")]
    assert _counted("enqueued") == before + 1


def test_a_repeated_delivery_is_acknowledged_as_well(client: TestClient) -> None:
    body = encoded(push())
    answers = [client.post(PATH, content=body, headers=_signed(body)) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].text == "This was taken before."


def test_a_forged_delivery_is_refused(web: Web, client: TestClient) -> None:
    body = encoded(push())
    answered = client.post(PATH, content=body + b" ", headers=_signed(body))
    assert answered.status_code == 401
    assert "signature" in answered.text
    assert SECRET not in answered.text
    assert _rows(web) == []


def test_what_cannot_be_read_is_told_without_its_contents(client: TestClient) -> None:
    body = b"payload=%7B%22hidden%22%7D"
    answered = client.post(PATH, content=body, headers=_signed(body))
    assert answered.status_code == 400
    assert "application/json" in answered.text
    assert "hidden" not in answered.text


def test_more_than_github_sends_is_not_read(client: TestClient) -> None:
    body = bytes(MOST + 1)
    assert client.post(PATH, content=body, headers=_signed(body)).status_code == 413
    assert webhooks._ROOM.held == 0


def test_of_what_nobody_verified_only_so_much_is_held(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "_ROOM", webhooks._Room(1000, 1000))
    answered = client.post(PATH, content=b" " * 1001, headers=_signed(b""))
    assert (answered.status_code, answered.headers["retry-after"]) == (503, "60")
    assert webhooks._ROOM.held == 0
    body = b" " * 900
    assert client.post(PATH, content=body, headers=_signed(body)).status_code == 400


def test_one_client_cannot_hold_all_of_it() -> None:
    room = webhooks._Room(1000, 300)
    room.take("192.0.2.1", 300)
    with pytest.raises(HTTPException):
        room.take("192.0.2.1", 1)
    room.take("192.0.2.2", 300)
    room.give_back("192.0.2.1", 300)
    assert (room.held, dict(room.of)) == (300, {"192.0.2.2": 300})


def test_who_sends_too_slowly_is_waited_for_no_longer_than_github_would(
    client: TestClient, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_SECONDS", 0.05)
    sent: list[Message] = []
    begun: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def stall() -> Message:
        if begun:
            return begun.pop()
        await anyio.sleep_forever()
        raise AssertionError

    async def note(message: Message) -> None:
        sent.append(message)

    before = _counted("malformed", "other")
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": [], "query_string": b""}
    anyio.run(client.app, scope, stall, note)
    assert sent[0]["status"] == 408
    assert webhooks._ROOM.held == 0
    assert (_counted("malformed", "other"), _rows(web)) == (before + 1, [])


@pytest.fixture
def unregistered(new: Web) -> Iterator[TestClient]:
    with client_of(new) as made:
        yield made


def test_before_an_app_is_registered_nothing_is_taken(unregistered: TestClient) -> None:
    assert unregistered.post(PATH, content=b"{}", headers=_signed(b"{}")).status_code == 503


def test_nobody_visits_it(client: TestClient) -> None:
    assert client.get(PATH).status_code == 405


def test_who_leaves_in_the_middle_of_a_request_spends_no_error_budget(web: Web) -> None:
    """Anybody can: it is told apart from what GitHub was refused, which wakes somebody."""
    before = {outcome: _counted(outcome, "other") for outcome in ("malformed", "failed")}

    async def leave() -> Message:
        return {"type": "http.disconnect"}

    async def unsent(_message: Message) -> None:
        return

    app = Starlette(routes=webhooks.ROUTES)
    app.state.web = web
    scope = {"type": "http", "method": "POST", "path": "/webhooks/github", "headers": [], "query_string": b""}
    with pytest.raises(ClientDisconnect):
        anyio.run(app, scope, leave, unsent)

    assert _counted("malformed", "other") == before["malformed"] + 1
    assert _counted("failed", "other") == before["failed"]
