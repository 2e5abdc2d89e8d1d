from __future__ import annotations

from datetime import date

import msgspec
import pytest

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Cycle, Known, Lifecycle, Unknown
from analyzers.model.question import Question
from analyzers.registries import lifecycle
from tests.support.exchanges import answer_of

DOCUMENT = {
    "schema_version": "1.2.0",
    "generated_at": "2026-11-20T06:00:00+00:00",
    "last_modified": "2026-10-01T00:00:00+00:00",
    "result": {
        "name": "ubuntu",
        "aliases": [],
        "label": "Ubuntu",
        "releases": [
            {
                "name": "9.04",
                "codename": "Jaunty Jackalope",
                "label": "9.04",
                "releaseDate": "2009-04-23",
                "isLts": False,
                "ltsFrom": None,
                "isEol": True,
                "eolFrom": None,
                "isMaintained": False,
                "latest": None,
            },
            {
                "name": "24.04",
                "codename": "Noble Numbat",
                "releaseDate": "2024-04-25",
                "isLts": True,
                "isEol": False,
                "eolFrom": "2029-05-31",
                "isEoes": False,
                "eoesFrom": "2036-05-31",
                "latest": {"name": "24.04.4", "date": "2026-02-01", "link": None},
                "custom": None,
            },
            {"name": "27.10", "codename": None, "releaseDate": "2027-10-01", "ltsFrom": "2028-01-01", "isEol": False},
        ],
    },
}


def test_a_product_is_read_newest_cycle_first() -> None:
    asked: list[Request] = []
    body = msgspec.json.encode(DOCUMENT)
    answer = answer_of(lifecycle.SOURCE, Question("lifecycle", "ubuntu"), Response(200, {}, body), asked=asked)
    assert asked[0].url == "https://endoflife.date/api/v1/products/ubuntu/"
    cycles = (
        Cycle("27.10", date(2027, 10, 1), None, lts=True, lts_from=date(2028, 1, 1)),
        Cycle("24.04", date(2024, 4, 25), date(2029, 5, 31), date(2036, 5, 31), "noble", "24.04.4", lts=True),
        Cycle("9.04", date(2009, 4, 23), None, codename="jaunty", ended=True),
    )
    assert answer == Known(Lifecycle("ubuntu", cycles, "endoflife.date", date(2026, 11, 20)))


def test_a_document_without_its_own_date_is_as_old_as_its_last_change() -> None:
    body = msgspec.json.encode({key: value for key, value in DOCUMENT.items() if key != "generated_at"})
    answer = answer_of(lifecycle.SOURCE, Question("lifecycle", "ubuntu"), Response(200, {}, body))
    assert isinstance(answer, Known)
    assert isinstance(answer.value, Lifecycle)
    assert answer.value.table_date == date(2026, 10, 1)


def test_an_address_of_the_settings_is_asked_instead() -> None:
    asked: list[Request] = []
    question = Question("lifecycle", "a/../b")
    addresses = {"lifecycle": "http://localhost:1/v1/"}
    answer_of(lifecycle.SOURCE, question, Response(404, {}, b""), addresses=addresses, asked=asked)
    assert asked[0].url == "http://localhost:1/v1/products/a%2F..%2Fb/"


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(404, {}, b""), "not-found"),
        (Response(200, {}, b"<html>"), "malformed-answer"),
        (Response(200, {}, b'{"result": {"name": "a", "releases": []}}'), "malformed-answer"),
        (Response(200, {}, b'{"result": {"name": "a", "releases": [{"name": 1}]}}'), "malformed-answer"),
    ],
)
def test_no_answer_has_its_reason(response: Response, reason: str) -> None:
    answer = answer_of(lifecycle.SOURCE, Question("lifecycle", "x"), response)
    assert isinstance(answer, Unknown)
    assert answer.reason == reason
