from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.service.api import openapi
from bot.service.api.endpoints import ENDPOINTS
from bot.service.api.model import BASE
from bot.service.web import api

DOCUMENT = json.loads(openapi.printed())


def test_it_is_openapi_3_1() -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    paths = [str(getattr(route, "path", "")) for route in api.ROUTES]
    served = {re.sub(r":\w+\}", "}", path.removeprefix(BASE)) for path in paths if not path.endswith(".json")}
    assert served == set(DOCUMENT["paths"]) == {one.path for one in ENDPOINTS}


def test_operations_have_names_of_their_own_and_say_what_they_do() -> None:
    operations = [path["get"] for path in DOCUMENT["paths"].values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["summary"] for one in operations)


def test_every_parameter_can_be_asked_for() -> None:
    for path in DOCUMENT["paths"].values():
        for parameter in path["get"]["parameters"]:
            schema = parameter["schema"]
            assert {"type", "enum"} & set(schema), parameter
            assert "null" not in json.dumps(schema)


def test_it_says_how_one_signs_in_here() -> None:
    assert DOCUMENT["components"]["securitySchemes"]["session"]["name"] == "__Host-debtscan"
    plain = openapi.document("http://127.0.0.1:8080")
    assert plain["components"]["securitySchemes"]["session"]["name"] == "debtscan"
    assert plain["servers"] == [{"url": "http://127.0.0.1:8080/api/v1"}]


def test_it_is_printed_into_the_docs() -> None:
    printed = Path(__file__).parents[4] / "docs" / "schemas" / "openapi-1.json"
    assert json.loads(printed.read_text(encoding="utf-8"))["paths"].keys() == DOCUMENT["paths"].keys()
