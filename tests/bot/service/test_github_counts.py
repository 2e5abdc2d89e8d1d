from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from bot.github.heard import Heard
from bot.service import metrics
from bot.service.github_counts import count, made_of, outcome_of
from bot.service.rates import Rates

REPOSITORY = "https://api.github.com/repos/acme/shop"


def _heard(method: str = "GET", url: str = REPOSITORY, status: int = 200, **limit: str) -> Heard:
    headers = {f"x-ratelimit-{name}": value for name, value in limit.items()}
    return Heard(method=method, url=url, party="github:7", status=status, is_write=method != "GET", headers=headers)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        (f"{REPOSITORY}/pulls", "pull-request"),
        (f"{REPOSITORY}/git/refs", "branch"),
        (f"{REPOSITORY}/check-runs", "check-run"),
        (f"{REPOSITORY}/issues", "issue"),
        (f"{REPOSITORY}/issues/12/comments", "comment"),
        (f"{REPOSITORY}/code-scanning/sarifs", "code-scanning"),
        ("https://github.example.org/api/v3/repos/acme/shop/pulls", "pull-request"),
        (f"{REPOSITORY}/git/blobs", ""),
        (f"{REPOSITORY}/pulls/3/requested_reviewers", ""),
        ("https://api.github.com/graphql", ""),
    ],
)
def test_what_was_made_is_told_by_where_it_was_sent(url: str, what: str) -> None:
    assert made_of(_heard("POST", url, 201)) == what
    assert made_of(_heard("PATCH", url, 200)) == ""
    assert made_of(_heard("POST", url, 422)) == ""


@pytest.mark.parametrize(
    ("heard", "outcome"),
    [
        (_heard(), "ok"),
        (_heard(status=304), "ok"),
        (_heard(status=404), "refused"),
        (_heard(status=403), "refused"),
        (_heard(status=403, remaining="0"), "limited"),
        (_heard(status=429), "limited"),
        (_heard(status=502), "failed"),
        (_heard(status=0), "failed"),
    ],
)
def test_an_answer_is_of_one_of_four_kinds(heard: Heard, outcome: str) -> None:
    assert outcome_of(heard) == outcome


def _value(name: str, registry: CollectorRegistry = metrics.REGISTRY, **labels: str) -> float:
    return registry.get_sample_value(name, labels) or 0.0


def test_answers_and_limits_are_counted() -> None:
    rates = Rates(lambda: 0.0)
    before = _value("debtscan_github_requests_total", kind="write", outcome="ok")
    made = _value("debtscan_github_writes_total", what="pull-request")

    count(_heard("POST", f"{REPOSITORY}/pulls", 201, limit="5000", remaining="4321", reset="100"), rates)

    assert _value("debtscan_github_requests_total", kind="write", outcome="ok") == before + 1
    assert _value("debtscan_github_writes_total", what="pull-request") == made + 1
    assert [sample.value for family in rates.collect() for sample in family.samples] == [4321, 0.8642]


@pytest.mark.parametrize("resource", ["actions_runner_registration", "x" * 5000])
def test_a_limit_of_another_name_gets_no_series_of_its_own(resource: str) -> None:
    rates = Rates(lambda: 0.0)

    count(_heard(resource=resource, limit="10", remaining="5", reset="100"), rates)

    assert {sample.labels["resource"] for family in rates.collect() for sample in family.samples} == {"other"}


def test_an_answer_without_a_limit_says_nothing_of_one() -> None:
    rates = Rates(lambda: 0.0)
    count(_heard(limit="many", remaining="5"), rates)
    count(Heard(method="GET", url=REPOSITORY, party="app", status=200, is_write=False, headers={}), rates)

    assert [sample for family in rates.collect() for sample in family.samples] == []
