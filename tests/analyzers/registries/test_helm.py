"""Repositories of charts. The answers are made from documentation: see the README beside them."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.registries import _helm_index, helm
from analyzers.registries._helm_index import NoIndexError, releases
from tests.support.exchanges import answer_of
from tests.support.pace import allowed

INDEX = (Path(__file__).parent / "fixtures" / "helm" / "index.yaml").read_bytes()
ADDRESS = "https://charts.example.com/stable"
ALPINE = (
    Release("0.2.0", date(2026, 10, 6), runtime=">= 1.27.0-0"),
    Release("0.1.0", date(2025, 10, 6), deprecated=""),
)


def ask(chart: str, body: bytes = INDEX, status: int = 200) -> Answer:
    return answer_of(helm.SOURCE, Question("helm", chart, ADDRESS), Response(status, {}, body))


def reason(answer: Answer) -> str:
    assert isinstance(answer, Unknown), answer
    return answer.reason


def test_a_chart_has_its_releases_with_days_and_notices() -> None:
    assert ask("alpine") == Known(Package("alpine", ALPINE))


@pytest.mark.parametrize(
    ("chart", "expected"),
    [
        ("dotted.name", (Release("v1.0.0+build", date(2026, 1, 1)),)),
        ("nginx", (Release("1.1.0"),)),
        ("empty", ()),
    ],
)
def test_names_and_values_may_be_quoted_and_commented(chart: str, expected: tuple[Release, ...]) -> None:
    assert ask(chart) == Known(Package(chart, expected))


@pytest.mark.parametrize("chart", ["common", "version", "dottedXname", "name", "", "x" * 300, "a\nb", "generated"])
def test_what_is_not_listed_is_not_found(chart: str) -> None:
    assert reason(ask(chart)) == "not-found"


def test_the_index_of_each_repository_is_asked_for_once() -> None:
    other = "https://user:secret@other.example.com/charts/"
    questions = [Question("helm", "alpine", ADDRESS), Question("helm", "nginx", ADDRESS), Question("helm", "a", other)]
    exchange = helm.look_up_together(questions, {"helm:other.example.com": "https://mirror.example.com/x"})
    first = next(exchange)
    second = exchange.send(Response(200, {}, INDEX))
    assert (first.url, first.credentials) == (f"{ADDRESS}/index.yaml", "charts.example.com")
    assert (second.url, second.credentials) == ("https://mirror.example.com/x/index.yaml", "mirror.example.com")
    with pytest.raises(StopIteration) as done:
        exchange.throw(FetchError("time-out", "no answer"))
    answers = done.value.value
    assert answers[questions[0]] == Known(Package("alpine", ALPINE))
    assert answers[questions[2]] == Unknown("time-out", "no answer")


def test_more_repositories_than_a_run_may_ask_are_named() -> None:
    questions = [Question("helm", "a", f"https://{n:04}.example.com") for n in range(helm.MOST_REPOSITORIES + 1)]
    exchange = helm.look_up_together(questions, {})
    next(exchange)
    for _ in range(helm.MOST_REPOSITORIES - 1):
        exchange.send(Response(404, {}, b""))
    with pytest.raises(StopIteration) as done:
        exchange.send(Response(404, {}, b""))
    assert [reason(done.value.value[question]) for question in questions[-2:]] == ["not-found", "too-large"]


def test_without_an_address_nobody_is_asked() -> None:
    asked: list[Request] = []
    assert reason(answer_of(helm.SOURCE, Question("helm", "redis"), asked=asked)) == "not-found"
    assert asked == []


@pytest.mark.parametrize(("status", "expected"), [(401, "refused"), (404, "not-found"), (429, "rate-limited")])
def test_a_refusal_is_no_answer(status: int, expected: str) -> None:
    assert reason(ask("alpine", b"", status)) == expected


def test_an_index_in_json_is_read() -> None:
    entries = {"alpine": [{"version": "0.1.0", "created": "2025-10-06T16:23:20Z", "deprecated": True}, {}], "other": []}
    body = json.dumps({"apiVersion": "v1", "entries": entries}).encode()
    assert releases(body, "alpine") == (Release("0.1.0", date(2025, 10, 6), deprecated=""),)
    assert releases(body, "none") is None


@pytest.mark.parametrize(
    "text",
    [
        "entries: {alpine: [{version: 0.1.0, created: 2025-10-06}]}\n",
        "entries: # all\n  alpine:\n    - version: 0.1.0\n      created: 2025-10-06\n",
        "entries:\n    alpine:\n        -   version: 0.1.0\n            created: '2025-10-06'\n",
        "entries:\n  alpine:\n    - {version: 0.1.0, created: 2025-10-06}\n",
        "entries:\r\n  alpine:\r\n  - version: 0.1.0\r\n    created: 2025-10-06\r\n",
        "entries:\n  alpine: [{version: 0.1.0, created: 2025-10-06}]\n",
    ],
)
def test_any_yaml_is_read(text: str) -> None:
    assert releases(text.encode(), "alpine") == (Release("0.1.0", date(2025, 10, 6)),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"[1, 2]",
        b"{",
        b'{"entries": 1}',
        b"entries",
        b"a: &a [*a]",
        b"\xff\xfe\x00",
        b"a: " + b"[" * 5000,
        b'{"entries":' + b"[" * 100_000,
        b"x: y\n" * 1_000_000,
    ],
)
def test_what_is_no_index_is_malformed(body: bytes) -> None:
    assert reason(ask("alpine", body)) == "malformed-answer"


def test_a_version_without_end_and_a_list_without_end_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    long = f"entries:\n  a:\n  - version: {'1' * 300}\n  - version: 1.0.0\n".encode()
    assert releases(long, "a") == (Release("1.0.0"),)
    monkeypatch.setattr(_helm_index, "MAX_RELEASES", 1)
    with pytest.raises(NoIndexError):
        releases(long, "a")


def test_an_index_of_twenty_megabytes_takes_no_time() -> None:
    lines = (
        "    annotations:\n      category: Database\n    description: words and words and words and more words\n" * 12
    )
    entry = "  - apiVersion: v2\n    created: '2026-01-01T00:00:00Z'\n" + lines + "    version: {}.0.0\n"
    chart = "".join(entry.format(number) for number in range(150))
    body = ("apiVersion: v1\nentries:\n" + "".join(f"  chart{n}:\n{chart}" for n in range(100))).encode()
    assert len(body) > 19_000_000
    begun = time.process_time()
    found = releases(body, "chart77")
    assert time.process_time() - begun < allowed(1.0)
    assert found is not None
    assert len(found) == 150


@given(st.binary(max_size=200), st.text(max_size=10))
def test_no_body_makes_it_raise_anything_else(body: bytes, chart: str) -> None:
    for whole in (body, b"entries:\n  " + body, b"entries:\n  a:\n  - " + body):
        try:
            found = releases(whole, chart)
        except NoIndexError:
            continue
        assert found is None or all(isinstance(one, Release) for one in found)
