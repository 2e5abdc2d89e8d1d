"""Trims GitHub's published OpenAPI description to the operations and webhooks that the stand-in knows.

``python -m tests.support.github.trim_openapi PACKAGE_FOLDER DATE`` reads the unpacked npm package ``@octokit/openapi``,
taken on that date, and writes ``openapi.json`` and its licence to ``tests/fixtures/github``. Descriptions, examples and
GitHub's own extensions are left out: what is kept are the parameters, the bodies and the answers, as published (OpenAPI
3.0, ``nullable`` and all).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

Json = dict[str, Any]
TARGET = Path(__file__).parents[2] / "fixtures" / "github" / "openapi.json"
_SOURCE = "generated/api.github.com.json"
_PROSE = {"description", "example", "examples", "title", "summary", "externalDocs", "tags", "headers", "links"}
_NAMED = {"properties", "patternProperties"}


def trim(description: Json, operations: list[tuple[str, str]], webhooks: list[str]) -> Json:
    """Return the part of ``description`` that ``operations`` (method, path template) and ``webhooks`` need.

    Webhooks are named as there: ``push``, ``issues-edited``. KeyError: no such one.
    """
    paths: Json = {}
    for method, template in sorted(operations):
        paths.setdefault(template, {})[method.lower()] = _operation(
            description, description["paths"][template][method.lower()]
        )
    published = description["x-webhooks"] if webhooks else {}
    payloads = {name: _body(published[name]["post"]["requestBody"]) for name in sorted(webhooks)}
    schemas: Json = {}
    waiting = _references(paths) | _references(payloads)
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            schemas[name] = _schema(description["components"]["schemas"][name])
            waiting |= _references(schemas[name])
    return {"paths": paths, "webhooks": payloads, "components": {"schemas": schemas}}


def _operation(description: Json, operation: Json) -> Json:
    kept: Json = {
        "parameters": [_parameter(_resolved(description, parameter)) for parameter in operation.get("parameters", ())],
        "responses": {
            status: _body(_resolved(description, answer)) for status, answer in operation["responses"].items()
        },
    }
    if "requestBody" in operation:
        body = _resolved(description, operation["requestBody"])
        kept["requestBody"] = {"required": body.get("required", False), "schema": _body(body)}
    return kept


def _parameter(parameter: Json) -> Json:
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "schema": _schema(parameter["schema"]),
    }


def _body(answer: Json) -> Json | None:
    """Return the schema of a JSON body, None where the body is empty or something else."""
    for kind, content in answer.get("content", {}).items():
        if kind in {"application/json", "application/scim+json"} and "schema" in content:
            return _schema(content["schema"])
    return None


def _resolved(description: Json, value: Json) -> Json:
    while "$ref" in value:
        found: Any = description
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def _schema(schema: Json) -> Json:
    kept: Json = {}
    for key, value in schema.items():
        if key in _NAMED:
            kept[key] = {name: _schema(each) for name, each in value.items()}
        elif key not in _PROSE and not key.startswith("x-"):
            kept[key] = _inner(value)
    return kept


def _inner(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(value, dict):
        return _schema(cast("Json", value))
    if isinstance(value, list):
        return [_inner(each) for each in value]
    return value


def _references(value: Any) -> set[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        found = value.get("$ref")
        here = {found.rpartition("/")[2]} if isinstance(found, str) else set()
        return here.union(*(_references(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(each) for each in value))
    return set()


def main(package: Path, taken: str) -> None:
    """Write the trimmed description, with where it comes from."""
    from tests.support.github.happenings import WEBHOOKS
    from tests.support.github.routing import ROUTES, load

    load()
    about = json.loads((package / "package.json").read_text())
    whole = json.loads((package / _SOURCE).read_text())
    trimmed = trim(whole, [(route.method, route.template) for route in ROUTES if route.described], list(WEBHOOKS))
    source = {
        "package": f"{about['name']} {about['version']} (npm)",
        "file": _SOURCE,
        "licence": about["license"],
        "taken": taken,
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps({"source": source, **trimmed}, sort_keys=True, separators=(",", ":")) + "\n")
    TARGET.with_name("LICENSE").write_bytes((package / "LICENSE").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
