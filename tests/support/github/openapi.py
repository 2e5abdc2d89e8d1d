"""Holds every request and every answer to GitHub's published OpenAPI description.

Strict on what is sent: a query parameter or a field of the body that the description does not name is a violation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import jsonschema_rs

from tests.support.github.messages import Json, Request, Response

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "github" / "openapi.json"
# What GitHub may answer to anything, with its usual error as the body.
_ALWAYS = {400, 401, 403, 404, 422, 429, 500, 502, 503}
_UNDECLARED = {304, 301, 307}
_ERROR: Json = {
    "type": "object",
    "required": ["message", "documentation_url"],
    "properties": {"message": {"type": "string"}, "documentation_url": {"type": "string"}},
}
_SHOWN = 400
# The description asks for labels in an object, or as objects; GitHub takes bare names too, and its clients send them.
_BARE_LABELS = "/repos/{owner}/{repo}/issues/{issue_number}/labels"
_NAMES: Json = {"type": "array", "items": {"type": "string"}}


def published() -> Json:
    """Return the trimmed description, put right in the two places where GitHub itself does otherwise."""
    content = cast("Json", json.loads(PUBLISHED.read_text()))
    for operation in content["paths"].get(_BARE_LABELS, {}).values():
        if "requestBody" in operation:
            operation["requestBody"]["schema"] = {"anyOf": [operation["requestBody"]["schema"], _NAMES]}
    # Here alone an installation's account has to be a user and an enterprise at once.
    listed = content["paths"]["/app/installations"]["get"]["responses"]
    listed["200"] = {"type": "array", "items": {"$ref": "#/components/schemas/installation"}}
    return content


@cache
def description() -> Description:
    """Return the description, the same one for all: making its validators takes longer than using them."""
    return Description()


@dataclass
class Description:
    """The description, and validators made from it when they are needed."""

    content: Json = field(default_factory=published)
    _made: dict[str, jsonschema_rs.Validator] = field(default_factory=dict)

    @cached_property
    def _components(self) -> Json:
        return cast("Json", with_nulls(self.content["components"]))

    def operation(self, method: str, template: str) -> Json | None:
        """Return an operation, None where it is not described."""
        return cast("Json | None", self.content["paths"].get(template, {}).get(method.lower()))

    def request_flaws(self, method: str, template: str, values: dict[str, str], request: Request) -> list[str]:
        """Return what is wrong with a request; nothing where all is well."""
        operation = self.operation(method, template)
        if operation is None:
            return [f"{method} {template} is not described"]
        name = f"{method} {template}"
        flaws = []
        known = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
        for key, text in request.query.items():
            if key not in known:
                flaws.append(f"{name}: unknown query parameter {key!r}")
            else:
                flaws += self._flaws(f"{name} ?{key}", known[key]["schema"], _read(text, known[key]["schema"]))
        flaws += [
            f"{name}: query parameter {key!r} is missing"
            for key, each in known.items()
            if each["required"] and key not in request.query
        ]
        for each in operation["parameters"]:
            if each["in"] == "path" and each["name"] in values:
                text = unquote(values[each["name"]])
                flaws += self._flaws(f"{name} {{{each['name']}}}", each["schema"], _read(text, each["schema"]))
        return flaws + self._body_flaws(name, operation.get("requestBody"), request.body)

    def response_flaws(self, method: str, template: str, response: Response) -> list[str]:
        """Return what is wrong with an answer."""
        operation = self.operation(method, template)
        if operation is None:
            return [f"{method} {template} is not described"]
        name = f"{method} {template} → {response.status}"
        status = str(response.status)
        if status not in operation["responses"]:
            if response.status in _ALWAYS:
                return self._flaws(name, _ERROR, response.body)
            return [] if response.status in _UNDECLARED else [f"{name}: such an answer is not described"]
        schema = operation["responses"][status]
        if schema is None:
            empty = response.body is None or response.status in _ALWAYS
            return [] if empty else [f"{name}: has a body, and none is described"]
        if response.status >= HTTPStatus.BAD_REQUEST:
            # The kinds of errors are not told apart so strictly that only one could fit, nor are all fields named.
            return self._flaws(name, {"anyOf": schema["oneOf"]} if "oneOf" in schema else schema, response.body)
        flaws = self._flaws(name, schema, response.body)
        return flaws + [f"{name}: unknown field {path!r}" for path in self._strangers([schema], response.body)]

    def payload_flaws(self, webhook: str, payload: Json) -> list[str]:
        """Return what is wrong with the payload of a webhook (``issues-edited``)."""
        schema = self.content["webhooks"].get(webhook)
        if schema is None:
            return [f"the webhook {webhook} is not described"]
        flaws = self._flaws(f"webhook {webhook}", schema, payload)
        return flaws + [f"webhook {webhook}: unknown field {path!r}" for path in self._strangers([schema], payload)]

    def _body_flaws(self, name: str, described: Json | None, body: bytes) -> list[str]:
        if described is None or described["schema"] is None:
            # PyGithub sends an empty object where there is nothing to say.
            return [] if body in {b"", b"{}", b"null"} else [f"{name}: has a body, and none is described"]
        if not body:
            return [f"{name}: the body is missing"] if described["required"] else []
        try:
            value = json.loads(body)
        except ValueError:
            return [f"{name}: the body is no JSON"]
        flaws = self._flaws(f"{name} body", described["schema"], value)
        return flaws + [f"{name}: unknown field {path!r}" for path in self._strangers([described["schema"]], value)]

    def _strangers(self, schemas: list[Json], value: object, path: str = "") -> list[str]:
        """Return the places of fields that none of ``schemas`` names; where they name none, all may be there."""
        every = self._alternatives(schemas)
        if isinstance(value, list):
            items = [each["items"] for each in every if "items" in each]
            return sorted({found for each in value for found in self._strangers(items, each, path)})
        known: dict[str, list[Json]] = {}
        for each in every:
            for name, schema in each.get("properties", {}).items():
                known.setdefault(name, []).append(schema)
        if not isinstance(value, dict) or not known or any(each.get("additionalProperties") for each in every):
            return []
        found = [f"{path}/{name}".lstrip("/") for name in value if name not in known]
        for name, schema in known.items():
            if name in value:
                found += self._strangers(schema, value[name], f"{path}/{name}")
        return found

    def _alternatives(self, schemas: list[Json]) -> list[Json]:
        """Return ``schemas`` with all that they refer to, choose from and join."""
        found: list[Json] = []
        for schema in schemas:
            while "$ref" in schema:
                schema = self.content["components"]["schemas"][schema["$ref"].rpartition("/")[2]]  # noqa: PLW2901
            inner = [each for word in ("oneOf", "anyOf", "allOf") for each in schema.get(word, ())]
            found += [schema, *self._alternatives(inner)]
        return found

    def _flaws(self, name: str, schema: Json, value: Any) -> list[str]:  # noqa: ANN401 - any JSON
        key = json.dumps(schema, sort_keys=True)
        if key not in self._made:
            whole = {"allOf": [with_nulls(schema)], "components": self._components}
            self._made[key] = jsonschema_rs.validator_for(
                {"$schema": "http://json-schema.org/draft-07/schema#", **whole}, formats={"email": _is_address}
            )
        if isinstance(value, bytes):
            return []
        return [
            f"{name}: at /{'/'.join(map(str, error.instance_path))}: {error.message}"[:_SHOWN]
            for error in self._made[key].iter_errors(value)
        ]


def with_nulls(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema of OpenAPI 3.0 in the words of JSON Schema: ``nullable`` becomes a choice with null."""
    if isinstance(schema, list):
        return [with_nulls(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: with_nulls(value) for key, value in schema.items() if key not in {"nullable", "discriminator"}}
    return {"anyOf": [{"type": "null"}, kept]} if schema.get("nullable") is True else kept


def _is_address(text: str) -> bool:
    """Whether GitHub would take it for one: an App's holds brackets (``1+debtscan[bot]@…``), unlike the standard's."""
    return "@" in text


def _read(text: str, schema: Json) -> Any:  # noqa: ANN401 - any JSON
    """Return a parameter's text as what its schema says it is."""
    if schema.get("type") == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if schema.get("type") == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text
