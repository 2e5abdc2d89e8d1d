from __future__ import annotations

import re

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from bot import VERSION
from bot.service import metrics
from bot.service.rates import Rates

_FOREIGN = ("python_", "process_")


def _families(text: bytes) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text.decode())}


class _Added(Collector):
    def collect(self) -> list[Metric]:
        return [GaugeMetricFamily("debtscan_added", "Told when somebody asks.", value=3)]


def test_prometheus_reads_all_that_is_told_and_what_is_added_for_one_answer() -> None:
    metrics.failed("web", ValueError("secret words"))

    families = _families(metrics.exposition([_Added()]))

    assert families["debtscan_added"].samples[0].value == 3
    assert "debtscan_added" not in _families(metrics.exposition())
    errors = families["debtscan_errors"].samples
    assert {"part": "web", "kind": "ValueError"} in [sample.labels for sample in errors]
    assert b"secret words" not in metrics.exposition()
    assert families["debtscan_build_info"].samples[0].labels == {"version": VERSION}


def test_names_follow_prometheus_s_conventions() -> None:
    metrics.DELIVERIES.labels(event="push", outcome="enqueued").inc()

    for family in metrics.REGISTRY.collect():
        if family.name.startswith(_FOREIGN):
            continue
        assert re.fullmatch(r"debtscan_[a-z_]+", family.name)
        assert family.documentation.endswith((".", ")"))
        assert not family.name.endswith(("_total", "_milliseconds", "_ms", "_count", "_sum", "_bucket"))
        assert "repository" not in {label for sample in family.samples for label in sample.labels}


def test_an_event_that_anybody_may_have_named_gets_no_series_of_its_own() -> None:
    assert metrics.event_label("push") == "push"
    assert metrics.event_label("x" * 5000) == "other"


def test_of_github_s_limits_the_least_that_is_left_is_told() -> None:
    clock = [1000.0]
    rates = Rates(lambda: clock[0])
    rates.saw(1, "core", remaining=4000, limit=5000, resets_at=2000)
    rates.saw(2, "core", remaining=3000, limit=15_000, resets_at=3000)
    rates.saw(2, "graphql", remaining=5000, limit=5000, resets_at=3000)

    assert _read(rates) == {
        ("debtscan_github_rate_remaining", "core"): 3000,
        ("debtscan_github_rate_remaining_ratio", "core"): 0.2,
        ("debtscan_github_rate_remaining", "graphql"): 5000,
        ("debtscan_github_rate_remaining_ratio", "graphql"): 1,
    }

    clock[0] = 3000.0
    assert _read(rates)["debtscan_github_rate_remaining_ratio", "core"] == 1


def test_limits_of_installations_long_unheard_of_are_forgotten() -> None:
    rates = Rates(lambda: 0.0)
    for installation in range(5000):
        rates.saw(installation, "core", remaining=installation, limit=5000, resets_at=1)

    assert _read(rates)["debtscan_github_rate_remaining", "core"] == 3000


def _read(rates: Rates) -> dict[tuple[str, str], float]:
    return {
        (sample.name, sample.labels["resource"]): sample.value
        for family in rates.collect()
        for sample in family.samples
    }
