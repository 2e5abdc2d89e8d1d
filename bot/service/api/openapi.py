"""The interface's description, printed from the table of endpoints: OpenAPI 3.1. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from analyzers.typed import schema_components
from bot import VERSION
from bot.service.api.endpoints import ENDPOINTS
from bot.service.api.model import BASE, Endpoint, Parameters
from bot.service.api.parts import ProblemPart

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCES: Final = "#/components/schemas/{name}"
_NAMES: Final[Mapping[str, str]] = {
    "org": "the organisation's or the person's name on GitHub, in any case",
    "repo": "the repository's name on GitHub, in any case",
}
_PROBLEMS: Final[Mapping[str, str]] = {
    "400": "A parameter is none, or not as it has to be",
    "401": "Nobody signed in, and no token was given",
    "404": "It is unknown, or not for you to see",
    "429": "Too many requests: wait as `Retry-After` says",
    "503": "GitHub, or what was stored, does not answer as it should",
}


def document(url: str) -> dict[str, Any]:
    """Return the description of the interface of the service at ``url``."""
    shapes: list[type[object]] = [*(one.answer for one in ENDPOINTS), ProblemPart]
    _schemas, components = schema_components(shapes, _REFERENCES)
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": _DIALECT,
        "info": {
            "title": "debtscan",
            "version": VERSION,
            "description": "What debtscan knows of the repositories that you see on GitHub. It is only read from.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": f"{url}{BASE}"}],
        "security": [{"session": []}, {"token": []}],
        "paths": {one.path: {"get": _operation(one)} for one in ENDPOINTS},
        "components": {
            "schemas": components,
            "responses": {f"problem{status}": _problem(said) for status, said in _PROBLEMS.items()},
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-debtscan" if url.startswith("https:") else "debtscan",
                    "description": "of a browser that signed in",
                },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "a person's token for this GitHub App; it is asked at GitHub, and stored nowhere",
                },
            },
        },
    }


def printed() -> str:
    """Return the description as docs/schemas/openapi-1.json holds it, of a service at no place in particular."""
    content = msgspec.json.encode(document("https://debtscan.example.org"), order="sorted")
    return msgspec.json.format(content, indent=2).decode() + "\n"


def table() -> str:
    """Return the endpoints as a table in Markdown."""
    rows = (
        f"| `GET {BASE}{one.path}` | {one.summary}{' (JSON or CSV)' if one.rows else ''} | {_asked_for(one)} |"
        for one in ENDPOINTS
    )
    return "\n".join(("| path | gives | parameters |", "|---|---|---|", *rows, ""))


def _asked_for(one: Endpoint) -> str:
    return ", ".join(f"`{parameter['name']}`" for parameter in _query_parameters(one.parameters)) or "none"


def _operation(one: Endpoint) -> dict[str, Any]:
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one.path), *_query_parameters(one.parameters)],
        "responses": {
            "200": {
                "description": one.summary,
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "for `If-None-Match`"}},
                "content": dict(_contents(one)),
            },
            "304": {"description": "You have it already: `If-None-Match` named its tag"},
            **{status: {"$ref": f"#/components/responses/problem{status}"} for status in _PROBLEMS},
        },
    }


def _contents(one: Endpoint) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "application/json", {"schema": {"$ref": _REFERENCES.format(name=one.answer.__name__)}}
    if one.rows:
        yield "text/csv", {"schema": {"type": "string"}}


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": _NAMES[name],
            "schema": {"type": "string"},
        }


def _query_parameters(kind: type[Parameters]) -> Iterator[dict[str, Any]]:
    (_reference,), shapes = schema_components([kind], _REFERENCES)
    for name, schema in shapes[kind.__name__].get("properties", {}).items():
        described = {**_plain(schema, shapes)}
        said = described.pop("description", None)
        yield {"name": name, "in": "query", **({"description": said} if said else {}), "schema": described}


def _plain(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without null, which no query string can say, and with what it refers to in it."""
    found = dict(schema)
    if found.get("default", "") is None:
        del found["default"]
    if "anyOf" in found:
        (rest,) = (one for one in found.pop("anyOf") if one != {"type": "null"})
        found |= rest
    if isinstance(found.get("type"), list):
        found["type"] = next(one for one in found["type"] if one != "null")
    if "$ref" in found:
        found |= shapes[found.pop("$ref").rpartition("/")[2]]
        found.pop("title", None)
    if "enum" in found:
        found["enum"] = [one for one in found["enum"] if one is not None]
    return found


def _problem(said: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCES.format(name=ProblemPart.__name__)}
    return {"description": said, "content": {"application/problem+json": {"schema": schema}}}
