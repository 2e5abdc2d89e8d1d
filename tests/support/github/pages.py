"""GitHub's pages for people, as plain as can be; and a visitor without a browser who presses their buttons."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from tests.support.github.messages import Response

_HTML = {"content-type": "text/html; charset=utf-8"}
_SECONDS = 30


def page(title: str, said: str, form: str = "", *, status: int = 200) -> Response:
    """Return a page with a sentence, and with a form (HTML)."""
    # Without an icon in the page, browsers ask for one.
    head = f"<!doctype html><html lang=en><link rel=icon href=data:,><title>{escape(title)}</title>"
    body = f"{head}<h1>{escape(title)}</h1><p>{escape(said)}</p>"
    return Response(status=status, body=(body + form).encode(), headers=_HTML)


def form(target: str, button: str, fields: Mapping[str, str]) -> str:
    """Return a form of hidden fields and one button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return f'<form method="post" action="{escape(target)}">{hidden}<button>{escape(button)}</button></form>'


def redirect(target: str, query: Mapping[str, str]) -> Response:
    """Send the browser back to a service."""
    joint = "&" if urlsplit(target).query else "?"
    return Response(status=302, headers={"location": f"{target}{joint}{urlencode(query)}"})


def press(url: str, posted: Mapping[str, str] | None = None, *, changed: Mapping[str, str] | None = None) -> str:
    """Open a page (by a form that was ``posted``, where given), press its button, and return where that leads.

    ``changed`` are fields that the visitor changes before. Raises AssertionError where the page has no button.
    """
    status, location, body = _ask(url, posted)
    found = _Forms()
    found.feed(body)
    assert found.action, f"no button at {urlsplit(url).path}: {status} {body[:300]}"
    status, location, body = _ask(urljoin(url, found.action), {**found.fields, **(changed or {})})
    assert location, f"the button at {urlsplit(url).path} leads nowhere: {status} {body[:300]}"
    return location


def _ask(url: str, posted: Mapping[str, str] | None) -> tuple[int, str, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        if posted is None:
            connection.request("GET", target)
        else:
            connection.request("POST", target, urlencode(posted), headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("location", ""), answer.read().decode()
    finally:
        connection.close()


class _Forms(HTMLParser):
    """Reads the form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form and its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "input":
            self.fields[given["name"]] = given["value"]
