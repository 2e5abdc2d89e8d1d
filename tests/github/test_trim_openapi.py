"""The description that is kept is cut from the published one: what operations need, and no prose."""

from __future__ import annotations

import pytest

from tests.support.github.trim_openapi import trim

PUBLISHED = {
    "paths": {
        "/things/{id}": {
            "get": {
                "summary": "Get a thing",
                "parameters": [{"$ref": "#/components/parameters/id"}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}}},
                    "404": {"$ref": "#/components/responses/not_found"},
                    "304": {"description": "Not modified"},
                },
            },
            "delete": {"responses": {"204": {"description": "Gone"}}},
        }
    },
    "x-webhooks": {
        "thing-made": {
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/thing"}}},
                }
            }
        },
    },
    "components": {
        "parameters": {
            "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "example": 1}}
        },
        "responses": {
            "not_found": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}}}
        },
        "schemas": {
            "thing": {
                "title": "Thing",
                "type": "object",
                "properties": {
                    # Names of fields, though they read as prose.
                    "title": {"type": "string", "description": "Its title"},
                    "description": {"type": "string", "nullable": True},
                    "owner": {"$ref": "#/components/schemas/owner"},
                },
                "x-github": True,
            },
            "owner": {"type": "object"},
            "error": {"type": "object"},
            "unused": {"type": "object"},
        },
    },
}


def test_what_an_operation_needs_is_kept_and_no_more() -> None:
    kept = trim(PUBLISHED, [("GET", "/things/{id}")], [])
    assert kept["paths"] == {
        "/things/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"$ref": "#/components/schemas/thing"},
                    "404": {"$ref": "#/components/schemas/error"},
                    "304": None,
                },
            }
        }
    }
    assert set(kept["components"]["schemas"]) == {"thing", "owner", "error"}
    assert kept["components"]["schemas"]["thing"]["properties"] == {
        "title": {"type": "string"},
        "description": {"type": "string", "nullable": True},
        "owner": {"$ref": "#/components/schemas/owner"},
    }


def test_an_operation_that_is_not_published_is_an_error() -> None:
    with pytest.raises(KeyError, match="put"):
        trim(PUBLISHED, [("PUT", "/things/{id}")], [])
    with pytest.raises(KeyError, match="thing-moved"):
        trim(PUBLISHED, [], ["thing-moved"])


def test_the_payload_of_a_webhook_is_kept_with_what_it_refers_to() -> None:
    kept = trim(PUBLISHED, [], ["thing-made"])
    assert kept["webhooks"] == {"thing-made": {"$ref": "#/components/schemas/thing"}}
    assert set(kept["components"]["schemas"]) == {"thing", "owner"}
