"""The hook of an App: where it lies, and what was delivered to it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from tests.support.github import render
from tests.support.github.api_apps import app_of
from tests.support.github.deliveries import Delivery
from tests.support.github.messages import Json, Refusal, Response, not_found
from tests.support.github.routing import Call, route

_HOOK = "/app/hook"
_DELIVERIES = _HOOK + "/deliveries"
_DELIVERY = _DELIVERIES + "/{delivery_id}"
_KEPT = timedelta(days=3)
_WHOLE_PAGE, _LARGEST_PAGE = 30, 100
_TAKEN, _REFUSED = 200, 300
_WORDS = {502: "failed to connect to host", 504: "timed out"}


@route("GET", _HOOK + "/config", "jwt")
def get_config(call: Call) -> Response:
    return Response(body=_config(call))


@route("PATCH", _HOOK + "/config", "jwt")
def update_config(call: Call) -> Response:
    app, fields = app_of(call), call.fields
    app.hook_url = fields.get("url", app.hook_url)
    app.hook_secret = fields.get("secret", app.hook_secret)
    return Response(body=_config(call))


@route("GET", _DELIVERIES, "jwt")
def list_deliveries(call: Call) -> Response:
    """Answer with the newest first; the address of the next page holds the last id of this one."""
    query = call.request.query
    size = min(max(int(query.get("per_page", _WHOLE_PAGE)), 1), _LARGEST_PAGE)
    before = int(query["cursor"]) if query.get("cursor", "").isdecimal() else None
    found = [each for each in _kept(call)[::-1] if before is None or each.id < before]
    shown = [_item(each) for each in found[:size]]
    if len(found) <= size:
        return Response(body=shown)
    target = f"{call.world.api}{call.request.path}?{urlencode({**query, 'cursor': str(shown[-1]['id'])})}"
    return Response(body=shown, headers={"link": f'<{target}>; rel="next"'})


@route("GET", _DELIVERY, "jwt")
def get_delivery(call: Call) -> Response:
    found = _find(call)
    more: Json = {
        "url": found.app.hook_url,
        "request": {"headers": found.headers, "payload": found.payload},
        "response": {"headers": {}, "payload": ""},
    }
    return Response(body={**_item(found), **more})


@route("POST", _DELIVERY + "/attempts", "jwt")
def redeliver(call: Call) -> Response:
    found = _find(call)
    if call.world.redeliver is None:
        raise Refusal(422, "The hook is not active.")
    call.world.redeliver(found)
    return Response(status=202, body={})


def _config(call: Call) -> Json:
    app = app_of(call)
    shown = {"content_type": "json", "insecure_ssl": "0", "url": app.hook_url}
    return shown | ({"secret": "********"} if app.hook_secret else {})


def _kept(call: Call) -> list[Delivery]:
    """Return what is remembered of an App's deliveries, by id: GitHub forgets them after three days."""
    app, oldest = app_of(call), call.world.clock() - _KEPT
    found = [each for each in call.world.deliveries if each.app is app and each.at >= oldest]
    return sorted(found, key=lambda each: each.id)


def _find(call: Call) -> Delivery:
    wanted = call.number("delivery_id")
    found = next((each for each in _kept(call) if each.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _item(delivery: Delivery) -> Json:
    failed = _WORDS.get(delivery.status, f"Invalid HTTP Response: {delivery.status}")
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": render.moment(delivery.at),
        "redelivery": delivery.redelivery,
        "duration": delivery.duration,
        "status": "OK" if _TAKEN <= delivery.status < _REFUSED else failed,
        "status_code": delivery.status,
        "event": delivery.event,
        "action": delivery.action or None,
        "installation_id": delivery.installation,
        "repository_id": delivery.repository,
        "throttled_at": None,
    }
