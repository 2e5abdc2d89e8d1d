"""A client as plain as can be, to ask the stand-in what no sensible client would."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `body` is the JSON, or the bytes of what is none. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def message(self) -> str:
        """GitHub's message, and those of the single errors behind it."""
        errors = [each.get("message", "") for each in self.body.get("errors", ()) if isinstance(each, dict)]
        return " ".join([self.body["message"], *errors]).strip()


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one API with one token (``""``: none)."""

    api: str
    token: str = ""

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request and return its answer."""
        base = urlsplit(self.api)
        connection = http.client.HTTPConnection(base.hostname or "", base.port, timeout=_SECONDS)
        sent = {"user-agent": "tests", "accept": "application/vnd.github+json", **(headers or {})}
        if self.token:
            sent.setdefault("authorization", f"Bearer {self.token}")
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, base.path + path, content, {k: v for k, v in sent.items() if v})
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        is_json = "json" in found.get("content-type", "") and raw
        return Answer(status=response.status, headers=found, body=json.loads(raw) if is_json else raw)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a GET."""
        return self.ask("GET", path, headers=headers)
